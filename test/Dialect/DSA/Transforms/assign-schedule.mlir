// RUN: dsa-opt %s -dsa-assign-schedule | FileCheck %s --check-prefixes=CHECK,CPU
// RUN: dsa-opt %s -dsa-assign-schedule=target=gpu | FileCheck %s --check-prefixes=CHECK,GPU
// RUN: not dsa-opt %s -dsa-assign-schedule=target=fpga -o /dev/null 2>&1 | FileCheck %s --check-prefix=OTHER

// OTHER: error: expected target to be 'cpu' or 'gpu', but found 'fpga'

// CHECK-LABEL: func @all(
func.func @all(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>, %i: memref<?x1x2xi32>,
               %n: memref<?x1xi32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>, %os: memref<2x?x4x8xf32>,
               %ls: memref<2x?x4xf32>, %t: memref<?x2x8xf32>, %ts: memref<?x2xf32>) {
  // CHECK: dsa.index_scores
  // CPU-SAME: schedule(#dsa.loop_schedule<block_rows = 16, block_keys = 96, chunk_keys = {{[0-9]+}}>)
  // GPU-SAME: schedule(#dsa.loop_schedule<block_rows = 1, block_keys = {{[0-9]+}}, threads = {{[0-9]+}}>)
  dsa.index_scores<relu> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>) outs(%s : memref<?x?xf32>)
  // CHECK: dsa.linear_part {{.*}} schedule(
  dsa.linear_part ins(%q : memref<?x4x8xf32>) outs(%t, %ts : memref<?x2x8xf32>, memref<?x2xf32>)
  // CHECK: dsa.topk {{.*}} schedule(
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>)
  // CHECK: dsa.sparse_attention {{.*}} schedule(
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      indices(%i : memref<?x1x2xi32>) outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  // CHECK: dsa.attention
  // CPU-SAME: schedule(#dsa.loop_schedule<block_rows = {{[0-9]+}}, block_keys = 64>)
  // GPU-SAME: schedule(
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  // CHECK: dsa.merge {{.*}} schedule(
  dsa.merge ins(%os, %ls : memref<2x?x4x8xf32>, memref<2x?x4xf32>) outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// Inside regions too, and on tensors. A selection's scorer scores all keys of its rows.
// CHECK-LABEL: func @region(
func.func @region(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %s: tensor<?x?xf32>, %i: tensor<?x1x2xi32>,
                  %n: tensor<?x1xi32>) -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  // CHECK: dsa.select schedule(
  // CHECK: dsa.index_scores<none>
  // CPU-SAME: schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 96>)
  // GPU-SAME: schedule(
  %r:2 = dsa.select outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) scores {
    %scores = dsa.index_scores<none> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
        outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %scores : tensor<?x?xf32>
  } -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// A schedule that is there stays.
// CHECK-LABEL: func @scheduled(
// CHECK:         schedule(#dsa.loop_schedule<block_rows = 7, block_keys = 48>)
func.func @scheduled(%s: memref<?x?xf32>, %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#dsa.loop_schedule<block_rows = 7, block_keys = 48>)
      outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>)
  return
}
