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

// What an operation finds in a buffer that was just filled needs no memory.
// CHECK-LABEL: func @filled(
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector
// CHECK:         memref.alloc
// CHECK-NOT:     linalg
// CHECK-NOT:     vector.store
// CHECK:         scf.for {{.*}} iter_args(%{{.*}} = %[[ZERO]],
// CHECK:         return
func.func @filled(%a: memref<16x5xf32>, %b: memref<5x64xf32>) -> memref<16x64xf32> {
  %zero = arith.constant 0.0 : f32
  %c = memref.alloc() : memref<16x64xf32>
  linalg.fill ins(%zero : f32) outs(%c : memref<16x64xf32>)
  %part = memref.subview %a[0, 0] [16, 5] [1, 1] : memref<16x5xf32> to memref<16x5xf32, strided<[5, 1]>>
  linalg.matmul ins(%part, %b : memref<16x5xf32, strided<[5, 1]>>, memref<5x64xf32>) outs(%c : memref<16x64xf32>)
  return %c : memref<16x64xf32>
}

// -----

// Along lanes, a sum starts from it, and the rest of the lanes goes on with that.
// CHECK-LABEL: func @filled_sums(
// CHECK-SAME:    %[[X:[a-z0-9]+]]: f32
// CHECK-NOT:     linalg
// CHECK:         vector.reduction <add>, %{{.*}}, %[[X]] fastmath<reassoc>
// CHECK:         %[[SUM:.*]] = memref.load
// CHECK-NEXT:    vector.reduction <add>, %{{.*}}, %[[SUM]] fastmath<reassoc> : vector<2xf32> into f32
// CHECK-NOT:     %[[X]]
// CHECK:         return
func.func @filled_sums(%x: f32, %a: memref<4x66xf32>) -> memref<4xf32> {
  %c = memref.alloc() : memref<4xf32>
  linalg.fill ins(%x : f32) outs(%c : memref<4xf32>)
  linalg.reduce {arith.addf} ins(%a : memref<4x66xf32>) outs(%c : memref<4xf32>) dimensions = [1]
  return %c : memref<4xf32>
}

// -----

// Not if the fill is read otherwise, or may be: through another operand, by what
// comes between, or where memory is an argument's.
// CHECK-LABEL: func @fills_that_stay(
// CHECK-DAG:     %[[ONE:.*]] = arith.constant dense<1.000000e+00> : vector<4xf32>
// CHECK:         %[[C:.*]] = memref.alloc
// CHECK:         vector.store %[[ONE]], %[[C]]
// CHECK:         vector.load %[[C]]
// CHECK:         vector.store %{{.*}}, %[[C]]
// CHECK:         vector.store %[[ONE]], %[[C]]
// CHECK:         memref.load %[[C]]
// CHECK:         vector.store %{{.*}}, %[[C]]
// CHECK:         vector.store %[[ONE]], %[[OTHER:.*]][%c0] :
// CHECK:         vector.load %[[OTHER]]
// CHECK:         return
func.func @fills_that_stay(%a: memref<4xf32>, %other: memref<4xf32>) -> (memref<4xf32>, f32) {
  %one = arith.constant 1.0 : f32
  %i = arith.constant 2 : index
  %c = memref.alloc() : memref<4xf32>
  linalg.fill ins(%one : f32) outs(%c : memref<4xf32>)
  linalg.add ins(%a, %c : memref<4xf32>, memref<4xf32>) outs(%c : memref<4xf32>)
  linalg.fill ins(%one : f32) outs(%c : memref<4xf32>)
  %x = memref.load %c[%i] : memref<4xf32>
  linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
      ins(%a : memref<4xf32>) outs(%c : memref<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %out : f32
    linalg.yield %sum : f32
  }
  linalg.fill ins(%one : f32) outs(%other : memref<4xf32>)
  linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
      ins(%a : memref<4xf32>) outs(%other : memref<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %out : f32
    linalg.yield %sum : f32
  }
  return %c, %x : memref<4xf32>, f32
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
