// Files are written all together, or not at all. (Who runs the tests may be root, who
// may write anywhere.)

// RUN: rm -rf %t && mkdir -p %t/taken.ptx %t/taken.o %t/taken.json

// RUN: not dsa-compile %s --target sm_80 -o %t/none/x.ptx 2>&1 | %one_error NOWHERE
// NOWHERE: dsa-compile: error: cannot write '{{.*}}none/x.ptx': No such file or directory

// RUN: not dsa-compile %s --target cpu -o /dev/null/x.o 2>&1 | %one_error BELOW
// BELOW: dsa-compile: error: cannot write '/dev/null/x.o': Not a directory

// RUN: ls -A %t | FileCheck %s --check-prefix=LEFT
// LEFT:      taken.json
// LEFT-NEXT: taken.o
// LEFT-NEXT: taken.ptx
// LEFT-NOT:  {{.}}

// Files replace older ones.
// RUN: mkdir %t/good && touch %t/good/x.ptx %t/good/x.json %t/good/other
// RUN: dsa-compile %s --target sm_80 -o %t/good/x.ptx --launch %t/good/x.json
// RUN: %check_record %t/good/x.json --ptx %t/good/x.ptx
// RUN: dsa-compile %s --target cpu -o %t/good/x.o
// RUN: dsa-compile %s --target cpu -o %t/good/x.ll
// RUN: ls -A %t/good | FileCheck %s --check-prefix=GOOD
// GOOD:      other
// GOOD-NEXT: x.json
// GOOD-NEXT: x.ll
// GOOD-NEXT: x.o
// GOOD-NEXT: x.ptx
// GOOD-NOT:  {{.}}

// An error leaves older ones alone.
// RUN: cp %t/good/x.ptx %t/before.ptx
// RUN: not dsa-compile %t/no-input.mlir --target sm_80 -o %t/good/x.ptx --launch %t/good/x.json 2>&1 | %one_error INPUT
// INPUT: dsa-compile: error: cannot open input file '{{.*}}no-input.mlir': No such file or directory
// RUN: cmp %t/before.ptx %t/good/x.ptx

func.func @fill(%a: tensor<?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%a : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}
