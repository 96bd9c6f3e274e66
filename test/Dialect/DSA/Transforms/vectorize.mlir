// RUN: dsa-opt %s -dsa-vectorize -canonicalize -cse -split-input-file | FileCheck %s --check-prefixes=CHECK,W256
// RUN: dsa-opt %s -dsa-vectorize=vector-bits=128 -canonicalize -cse -split-input-file | FileCheck %s --check-prefixes=CHECK,W128
// RUN: dsa-opt %s -dsa-vectorize=vector-bits=512 -canonicalize -cse -split-input-file | FileCheck %s --check-prefixes=CHECK,W512

// RUN: not dsa-opt %s -dsa-vectorize=vector-bits=64 -o /dev/null 2>&1 | FileCheck %s --check-prefix=NARROW
// RUN: not dsa-opt %s -dsa-vectorize=vector-bits=384 -o /dev/null 2>&1 | FileCheck %s --check-prefix=ODD
// NARROW: error: expected vector-bits to be a power of two of at least 128, but found 64
// ODD: error: expected vector-bits to be a power of two of at least 128, but found 384

// Two registers at a time; as many rows of accumulators as fit the register file.
// CHECK-LABEL: func @matmul(
// CHECK-NOT:     linalg
// CHECK:         scf.for
// W128:            scf.for %{{.*}} = %c0 to %c64 step %c8
// W128:              %{{.*}}:8 = scf.for {{.*}} -> (vector<4xf32>,
// W256:            scf.for %{{.*}} = %c0 to %c64 step %c16
// W256:              %{{.*}}:8 = scf.for {{.*}} -> (vector<8xf32>,
// W512:            scf.for %{{.*}} = %c0 to %c64 step %c32
// W512:              %{{.*}}:16 = scf.for {{.*}} -> (vector<16xf32>,
// CHECK-NOT:     linalg
// CHECK:         return
func.func @matmul(%a: memref<16x5xf32>, %b: memref<5x64xf32>, %c: memref<16x64xf32>) {
  linalg.matmul ins(%a, %b : memref<16x5xf32>, memref<5x64xf32>) outs(%c : memref<16x64xf32>)
  return
}

// -----

// Each operation of the module, in any region.
// CHECK-LABEL: func @nested(
// CHECK:         scf.forall
// CHECK:           vector.store
// CHECK:           vector.store
// CHECK-NOT:     linalg
// CHECK:         return
func.func @nested(%n: index, %x: f32, %c: memref<8xf32>) {
  scf.forall (%i) in (%n) {
    linalg.fill ins(%x : f32) outs(%c : memref<8xf32>)
    linalg.exp ins(%c : memref<8xf32>) outs(%c : memref<8xf32>)
  }
  return
}

// -----

// Operations without a vector form are left alone, and so are tensors.
// CHECK-LABEL: func @left_alone(
// CHECK:         linalg.fill
// CHECK:         linalg.transpose
// CHECK:         linalg.exp
// CHECK-NOT:     vector.
// CHECK:         return
func.func @left_alone(%x: f32, %a: memref<?xf32>, %b: memref<4x8xf32>, %c: memref<8x4xf32>, %t: tensor<8xf32>)
    -> tensor<8xf32> {
  linalg.fill ins(%x : f32) outs(%a : memref<?xf32>)
  linalg.transpose ins(%b : memref<4x8xf32>) outs(%c : memref<8x4xf32>) permutation = [1, 0]
  %r = linalg.exp ins(%t : tensor<8xf32>) outs(%t : tensor<8xf32>) -> tensor<8xf32>
  return %r : tensor<8xf32>
}
