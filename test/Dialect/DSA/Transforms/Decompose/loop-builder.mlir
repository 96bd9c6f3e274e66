// Scratch and loops as all decompositions write them.

// RUN: dsa-opt %s -dsa-decompose -canonicalize -cse -split-input-file | FileCheck %s

// Extents that vectors run along are padded: to a power of two below 16, then to a
// multiple of 16. Scratch starts on a cache line.
// CHECK-LABEL: func @heads_1(
// CHECK-DAG:     memref.alloc() {alignment = 64 : i64} : memref<64x1xf32>
func.func @heads_1(%q: memref<?x1x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x1x8xf32>, memref<?x8xf32>) outs(%s : memref<?x?xf32>)
  return
}

// CHECK-LABEL: func @heads_5(
// CHECK-DAG:     memref.alloc() {alignment = 64 : i64} : memref<64x8xf32>
func.func @heads_5(%q: memref<?x5x7xf32>, %k: memref<?x7xf32>, %s: memref<?x?xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x5x7xf32>, memref<?x7xf32>) outs(%s : memref<?x?xf32>)
  return
}

// CHECK-LABEL: func @heads_16(
// CHECK-DAG:     memref.alloc() {alignment = 64 : i64} : memref<64x16xf32>
func.func @heads_16(%q: memref<?x16x7xf32>, %k: memref<?x7xf32>, %s: memref<?x?xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x16x7xf32>, memref<?x7xf32>) outs(%s : memref<?x?xf32>)
  return
}

// CHECK-LABEL: func @heads_17(
// CHECK-DAG:     memref.alloc() {alignment = 64 : i64} : memref<64x32xf32>
func.func @heads_17(%q: memref<?x17x7xf32>, %k: memref<?x7xf32>, %s: memref<?x?xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x17x7xf32>, memref<?x7xf32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// One parallel loop: what stands inside another is sequential.
// CHECK-LABEL: func @inside_parallel_loop(
// CHECK:         scf.forall (%[[I:.*]]) in
// CHECK-NOT:     scf.forall
// CHECK:           scf.for %{{.*}} = %c0 to %{{.*}} step %c1
// CHECK-NEXT:        scf.for %{{.*}} = %c0 to %c2 step %c1
// CHECK-NOT:     scf.forall
// CHECK:         return
func.func @inside_parallel_loop(%count: index, %s: memref<?x2x?xf32>, %i: memref<?x2x4xi32>, %n: memref<?x2xi32>) {
  scf.forall (%loop) in (%count) {
    dsa.topk ins(%s : memref<?x2x?xf32>) outs(%i, %n : memref<?x2x4xi32>, memref<?x2xi32>)
  }
  return
}

// -----

// Inside other control flow it stays parallel.
// CHECK-LABEL: func @inside_branch(
// CHECK:         scf.if
// CHECK:           scf.forall
func.func @inside_branch(%c: i1, %s: memref<?x2x?xf32>, %i: memref<?x2x4xi32>, %n: memref<?x2xi32>) {
  scf.if %c {
    dsa.topk ins(%s : memref<?x2x?xf32>) outs(%i, %n : memref<?x2x4xi32>, memref<?x2xi32>)
  }
  return
}
