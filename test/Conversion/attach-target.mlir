// The chip, and the least PTX version that knows it.

// RUN: dsa-opt %s -dsa-attach-target | FileCheck %s --check-prefix=SM_80
// RUN: dsa-opt %s -dsa-attach-target=chip=sm_86 | FileCheck %s --check-prefix=SM_86
// RUN: dsa-opt %s -dsa-attach-target=chip=sm_89 | FileCheck %s --check-prefix=SM_89
// RUN: dsa-opt %s -dsa-attach-target=chip=sm_90 | FileCheck %s --check-prefix=SM_90
// RUN: dsa-opt %s -dsa-attach-target=chip=sm_90a | FileCheck %s --check-prefix=SM_90A
// RUN: dsa-opt %s -dsa-attach-target=chip=sm_100a | FileCheck %s --check-prefix=SM_100A
// RUN: dsa-opt %s -dsa-attach-target=chip=sm_120 | FileCheck %s --check-prefix=SM_120

// SM_80:   module attributes {dsa.target = #nvvm.target<O = 3, chip = "sm_80", features = "+ptx70">}
// SM_86:   dsa.target = #nvvm.target<O = 3, chip = "sm_86", features = "+ptx71">
// SM_89:   dsa.target = #nvvm.target<O = 3, chip = "sm_89", features = "+ptx78">
// SM_90:   dsa.target = #nvvm.target<O = 3, chip = "sm_90", features = "+ptx80">
// SM_90A:  dsa.target = #nvvm.target<O = 3, chip = "sm_90a", features = "+ptx80">
// SM_100A: dsa.target = #nvvm.target<O = 3, chip = "sm_100a", features = "+ptx86">
// SM_120:  dsa.target = #nvvm.target<O = 3, chip = "sm_120", features = "+ptx87">

// A module is compiled for the chip that was asked for last.
// RUN: dsa-opt %s -dsa-attach-target=chip=sm_89 -dsa-attach-target=chip=sm_90a | FileCheck %s --check-prefix=SM_90A

// RUN: not dsa-opt %s -dsa-attach-target=chip=sm_75 2>&1 | FileCheck %s --check-prefix=UNKNOWN --implicit-check-not=error:
// RUN: not dsa-opt %s -dsa-attach-target=chip= 2>&1 | FileCheck %s --check-prefix=EMPTY --implicit-check-not=error:
// UNKNOWN: error: expected chip to be one of sm_80, sm_86, sm_89, sm_90, sm_90a, sm_100a, sm_120, but found 'sm_75'
// EMPTY:   error: expected chip to be one of {{.*}}, but found ''

module {
}
