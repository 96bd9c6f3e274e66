// RUN: dsa-opt %s -dsa-linalg-to-parallel -split-input-file | FileCheck %s

// Parallel dimensions are one loop; nothing is left of the operation.
// CHECK-LABEL: func @elementwise(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?x8xf32>, %[[B:[^:]*]]: memref<?x8xf32>)
func.func @elementwise(%a: memref<?x8xf32>, %b: memref<?x8xf32>) {
  // CHECK:      %[[ROWS:.*]] = memref.dim %[[A]]
  // CHECK:      %[[COLUMNS:.*]] = arith.constant 8 : index
  // CHECK:      scf.parallel (%[[I:.*]], %[[J:.*]]) = ({{.*}}) to (%[[ROWS]], %[[COLUMNS]]) step
  // CHECK:        %[[X:.*]] = memref.load %[[A]][%[[I]], %[[J]]]
  // CHECK-NEXT:   %[[Y:.*]] = math.exp %[[X]]
  // CHECK-NEXT:   memref.store %[[Y]], %[[B]][%[[I]], %[[J]]]
  // CHECK-NEXT:   scf.reduce
  // CHECK-NEXT: }
  // CHECK-NEXT: return
  linalg.exp ins(%a : memref<?x8xf32>) outs(%b : memref<?x8xf32>)
  return
}

// -----

// A scalar operand is used as it is, wherever it comes from.
// CHECK-LABEL: func @fill(
// CHECK-SAME:    %[[X:[^:]*]]: f32, %[[A:[^:]*]]: memref<4xf32, strided<[2], offset: 1>>)
func.func @fill(%x: f32, %a: memref<4xf32, strided<[2], offset: 1>>) {
  // CHECK:      scf.parallel (%[[I:.*]]) =
  // CHECK:        memref.store %[[X]], %[[A]][%[[I]]]
  linalg.fill ins(%x : f32) outs(%a : memref<4xf32, strided<[2], offset: 1>>)
  return
}

// -----

// A reduction is a sequential loop that starts from what the destination holds.
// CHECK-LABEL: func @matmul(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?x?xf32>, %[[B:[^:]*]]: memref<?x?xf32>, %[[C:[^:]*]]: memref<?x?xf32>)
func.func @matmul(%a: memref<?x?xf32>, %b: memref<?x?xf32>, %c: memref<?x?xf32>) {
  // CHECK-DAG:  %[[M:.*]] = memref.dim %[[A]], %c0
  // CHECK-DAG:  %[[K:.*]] = memref.dim %[[A]], %c1
  // CHECK-DAG:  %[[N:.*]] = memref.dim %[[B]], %c1
  // CHECK:      scf.parallel (%[[I:.*]], %[[J:.*]]) = ({{.*}}) to (%[[M]], %[[N]]) step
  // CHECK:        %[[INIT:.*]] = memref.load %[[C]][%[[I]], %[[J]]]
  // CHECK:        %[[SUM:.*]] = scf.for %[[L:.*]] = %{{.*}} to %[[K]] step %{{.*}} iter_args(%[[PART:.*]] = %[[INIT]]) -> (f32) {
  // CHECK-DAG:      %[[X:.*]] = memref.load %[[A]][%[[I]], %[[L]]]
  // CHECK-DAG:      %[[Y:.*]] = memref.load %[[B]][%[[L]], %[[J]]]
  // CHECK:          %[[XY:.*]] = arith.mulf %[[X]], %[[Y]]
  // CHECK-NEXT:     %[[NEXT:.*]] = arith.addf %[[PART]], %[[XY]]
  // CHECK-NEXT:     scf.yield %[[NEXT]]
  // CHECK-NEXT:   }
  // CHECK-NEXT:   memref.store %[[SUM]], %[[C]][%[[I]], %[[J]]]
  linalg.matmul ins(%a, %b : memref<?x?xf32>, memref<?x?xf32>) outs(%c : memref<?x?xf32>)
  return
}

// -----

#row = affine_map<(d0, d1) -> (d0)>
#both = affine_map<(d0, d1) -> (d0, d1)>

// Several destinations, and numbers of loops in the body.
// CHECK-LABEL: func @argmax(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?x7xf32>, %[[M:[^:]*]]: memref<?xf32>, %[[P:[^:]*]]: memref<?xindex>)
func.func @argmax(%a: memref<?x7xf32>, %m: memref<?xf32>, %p: memref<?xindex>) {
  // CHECK:      scf.parallel (%[[I:.*]]) =
  // CHECK-DAG:    %[[M0:.*]] = memref.load %[[M]][%[[I]]]
  // CHECK-DAG:    %[[P0:.*]] = memref.load %[[P]][%[[I]]]
  // CHECK:        %[[BEST:.*]]:2 = scf.for %[[J:.*]] = {{.*}} iter_args(%[[MJ:.*]] = %[[M0]], %[[PJ:.*]] = %[[P0]]) -> (f32, index) {
  // CHECK:          %[[X:.*]] = memref.load %[[A]][%[[I]], %[[J]]]
  // CHECK:          %[[MORE:.*]] = arith.cmpf ogt, %[[X]], %[[MJ]]
  // CHECK:          arith.select %[[MORE]], %[[X]], %[[MJ]]
  // CHECK:          arith.select %[[MORE]], %[[J]], %[[PJ]]
  // CHECK:        memref.store %[[BEST]]#0, %[[M]][%[[I]]]
  // CHECK-NEXT:   memref.store %[[BEST]]#1, %[[P]][%[[I]]]
  linalg.generic {indexing_maps = [#both, #row, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : memref<?x7xf32>) outs(%m, %p : memref<?xf32>, memref<?xindex>) {
  ^bb0(%x: f32, %best: f32, %at: index):
    %j = linalg.index 1 : index
    %more = arith.cmpf ogt, %x, %best : f32
    %value = arith.select %more, %x, %best : f32
    %place = arith.select %more, %j, %at : index
    linalg.yield %value, %place : f32, index
  }
  return
}

// -----

// An index that is not one loop's own is computed.
// CHECK: #[[SUM:.*]] = affine_map<(d0, d1) -> (d0 + d1)>
// CHECK-LABEL: func @window(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?xf32>,
func.func @window(%a: memref<?xf32>, %b: memref<3xf32>, %c: memref<?xf32>) {
  // CHECK:      scf.parallel (%[[I:.*]]) =
  // CHECK:        scf.for %[[J:.*]] = {{.*}} iter_args
  // CHECK:          %[[AT:.*]] = affine.apply #[[SUM]](%[[I]], %[[J]])
  // CHECK:          memref.load %[[A]][%[[AT]]]
  linalg.conv_1d ins(%a, %b : memref<?xf32>, memref<3xf32>) outs(%c : memref<?xf32>)
  return
}

// -----

// Without a parallel dimension there is no parallel loop.
// CHECK-LABEL: func @whole(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?x?xf32>, %[[S:[^:]*]]: memref<f32>)
func.func @whole(%a: memref<?x?xf32>, %s: memref<f32>) {
  // CHECK-NOT:  scf.parallel
  // CHECK:      %[[INIT:.*]] = memref.load %[[S]][]
  // CHECK:      %[[SUM:.*]] = scf.for %[[I:.*]] = {{.*}} iter_args(%[[OUTER:.*]] = %[[INIT]])
  // CHECK:        scf.for %[[J:.*]] = {{.*}} iter_args(%{{.*}} = %[[OUTER]])
  // CHECK:          memref.load %[[A]][%[[I]], %[[J]]]
  // CHECK:      memref.store %[[SUM]], %[[S]][]
  linalg.reduce ins(%a : memref<?x?xf32>) outs(%s : memref<f32>) dimensions = [0, 1]
    (%x: f32, %sum: f32) {
      %next = arith.addf %x, %sum : f32
      linalg.yield %next : f32
    }
  return
}

// -----

// Tensors are left alone.
// CHECK-LABEL: func @tensors(
func.func @tensors(%x: f32, %a: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: linalg.fill
  %r = linalg.fill ins(%x : f32) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
