// Options that make no sense, alone or together.

// RUN: rm -rf %t && mkdir %t

// RUN: not dsa-compile %s --target sm_75 -o %t/x.ptx 2>&1 | %one_error CHIP
// CHIP: dsa-compile: error: expected target to be cpu or one of sm_80, sm_86, sm_89, sm_90, sm_90a, sm_100a, sm_120, but found 'sm_75'

// RUN: not dsa-compile %s --target CPU -o %t/x.o 2>&1 | %one_error CASE
// CASE: dsa-compile: error: expected target to be cpu or one of sm_80, {{.*}}, but found 'CPU'

// RUN: not dsa-compile %s --target sm_80 -o %t/x.o 2>&1 | %one_error OBJECT
// OBJECT: dsa-compile: error: expected an output that ends in .ptx or .cubin for target sm_80, but found '{{.*}}x.o'

// RUN: not dsa-compile %s --target cpu -o %t/x.ptx 2>&1 | %one_error PTX
// PTX: dsa-compile: error: expected an output that ends in .o or .ll for target cpu, but found '{{.*}}x.ptx'

// RUN: not dsa-compile %s --target sm_80 -o %t/x 2>&1 | %one_error NONE
// NONE: dsa-compile: error: expected an output that ends in .ptx or .cubin for target sm_80, but found '{{.*}}x'

// RUN: not dsa-compile %s --target sm_80 -o= 2>&1 | %one_error EMPTY
// EMPTY: dsa-compile: error: expected an output that ends in .ptx or .cubin for target sm_80, but found ''

// RUN: not dsa-compile %s --target cpu -o %t/x.o --launch %t/x.json 2>&1 | %one_error RECORD
// RECORD: dsa-compile: error: target cpu has no launch record

// RUN: not dsa-compile %s -o %t/x.ptx 2>&1 | %one_error NOTARGET
// NOTARGET: dsa-compile: for the --target option: must be specified at least once!

// RUN: not dsa-compile %s --target sm_80 2>&1 | %one_error NOOUTPUT
// NOOUTPUT: dsa-compile: for the -o option: must be specified at least once!

// RUN: not dsa-compile --target sm_80 -o %t/x.ptx 2>&1 | FileCheck %s --check-prefix=NOINPUT
// NOINPUT: dsa-compile: Not enough positional command line arguments specified!

// RUN: not dsa-compile %s %s --target sm_80 -o %t/x.ptx 2>&1 | FileCheck %s --check-prefix=INPUTS
// INPUTS: dsa-compile: Too many positional arguments specified!

// RUN: not dsa-compile %s --target sm_80 -o %t/x.ptx --no-such-option 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: dsa-compile: Unknown command line argument '--no-such-option'

// A cubin needs the toolkit's assembler.
// RUN: not %python -c "import shutil, subprocess, sys; sys.exit(subprocess.run([shutil.which(sys.argv[1]), *sys.argv[2:]], env={'PATH': ''}).returncode)" \
// RUN:   dsa-compile %s --target sm_80 -o %t/x.cubin --launch %t/x.json 2>&1 | %one_error CUBIN
// CUBIN: dsa-compile: error: cannot write a cubin: no ptxas on the PATH

// Nothing was written. The exit status is 1, and a crash's is not.
// RUN: ls -A %t | count 0
// RUN: %python -c "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode != 1)" dsa-compile %s --target sm_75 -o %t/x.ptx
// RUN: %python -c "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode != 1)" dsa-compile --no-such-option

func.func @fill(%a: tensor<?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%a : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}
