// When one of two files cannot be written, the other is not written either.

// RUN: rm -rf %t && mkdir -p %t/taken.ptx %t/taken.json

// RUN: not dsa-compile %s --target sm_80 -o %t/x.ptx --launch %t/none/x.json 2>&1 | %one_error RECORD
// RECORD: dsa-compile: error: cannot write '{{.*}}none/x.json': No such file or directory
// RUN: not ls %t/x.ptx

// RUN: not dsa-compile %s --target sm_80 -o %t/x.ptx --launch %t/taken.json 2>&1 | %one_error TAKENRECORD
// TAKENRECORD: dsa-compile: error: cannot write '{{.*}}taken.json': {{.*}}directory
// RUN: not ls %t/x.ptx

// RUN: not dsa-compile %s --target sm_80 -o %t/taken.ptx --launch %t/x.json 2>&1 | %one_error TAKEN
// TAKEN: dsa-compile: error: cannot write '{{.*}}taken.ptx': {{.*}}directory
// RUN: not ls %t/x.json

// One file cannot be both, nor the input.
// RUN: not dsa-compile %s --target sm_80 -o %t/x.ptx --launch %t/x.ptx 2>&1 | %one_error BOTH
// BOTH: dsa-compile: error: {{.*}}x.ptx{{.*}}
// RUN: not ls %t/x.ptx

// RUN: not dsa-compile %s --target sm_80 -o %t/x.ptx --launch= 2>&1 | %one_error EMPTY
// EMPTY: dsa-compile: error: {{.*}}launch{{.*}}
// RUN: not ls %t/x.ptx

func.func @fill(%a: tensor<?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%a : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}
