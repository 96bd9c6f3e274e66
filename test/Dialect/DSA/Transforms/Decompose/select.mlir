// RUN: dsa-opt %s -dsa-decompose -canonicalize -cse -split-input-file | FileCheck %s

// A few rows at a time are scored and selected from: only their scores exist at
// once. The loops over these rows are sequential.
// CHECK-LABEL: func @select(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xf32>, %{{[^:]*}}: memref<?x8xf32>, %[[LO:[^:]*]]: memref<?xi32>, %[[P:[^:]*]]: memref<?xi32>,
// CHECK-SAME:    %[[I:[^:]*]]: memref<?x1x2xi32>, %[[N:[^:]*]]: memref<?x1xi32>,
// CHECK:         %[[T:.*]] = memref.dim %[[I]], %c0
// CHECK:         %[[BLOCKS:.*]] = arith.ceildivui %[[T]], %c4
// CHECK:         scf.forall (%[[BLOCK:.*]]) in (%[[BLOCKS]]) {
// CHECK-NOT:     scf.forall
// CHECK:           %[[FIRST:.*]] = arith.muli %[[BLOCK]], %c4
// CHECK:           %[[LEFT:.*]] = arith.subi %[[T]], %[[FIRST]]
// CHECK:           %[[ROWS:.*]] = arith.minsi %[[LEFT]], %c4
// CHECK:           %[[BLOCK_SCORES:.*]] = memref.alloc(%{{.*}}) : memref<4x?xf32>
// CHECK:           %[[SCORES:.*]] = memref.subview %[[BLOCK_SCORES]][0, 0] [%[[ROWS]], %{{.*}}]
// CHECK:           %[[Q1:.*]] = memref.subview %[[Q]][%[[FIRST]], 0, 0] [%[[ROWS]], 4, 8]
// Scoring, as of dsa.index_scores on these rows.
// CHECK:           memref.subview %[[Q1]]
// CHECK:           math.fma
// CHECK:           memref.store %{{.*}}, %[[SCORES]]
// Selection, as of dsa.topk on these rows.
// CHECK-DAG:       %[[I1:.*]] = memref.subview %[[I]][%[[FIRST]], 0, 0] [%[[ROWS]], 1, 2]
// CHECK-DAG:       %[[N1:.*]] = memref.subview %[[N]][%[[FIRST]], 0] [%[[ROWS]], 1]
// CHECK-DAG:       %[[LO1:.*]] = memref.subview %[[LO]][%[[FIRST]]] [%[[ROWS]]]
// CHECK-DAG:       %[[P1:.*]] = memref.subview %[[P]][%[[FIRST]]] [%[[ROWS]]]
// CHECK:           scf.for %[[ROW:.*]] = %c0 to %[[ROWS]]
// CHECK:             memref.load %[[LO1]][%[[ROW]]]
// CHECK:             memref.load %[[P1]][%[[ROW]]]
// CHECK:             memref.load %[[SCORES]][%[[ROW]], %{{.*}}]
// CHECK:             memref.store %{{.*}}, %[[I1]][%[[ROW]], %c0, %{{.*}}]
// CHECK:             memref.store %{{.*}}, %[[N1]][%[[ROW]], %c0]
func.func @select(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %lo: memref<?xi32>, %p: memref<?xi32>,
                  %i: memref<?x1x2xi32>, %n: memref<?x1xi32>, %t: index, %keys: index) {
  dsa.select bounds(%lo, %lo : memref<?xi32>, memref<?xi32>) positions(%p : memref<?xi32>)
      window = [0, 0] first = 1 schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
      outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    %s = memref.alloc(%t, %keys) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>) outs(%s : memref<?x?xf32>)
    dsa.yield %s : memref<?x?xf32>
  }
  return
}

// -----

// The schedule of the selection says how many rows; that of the scorer inside, how
// many keys.
// CHECK-LABEL: func @schedules(
// CHECK:         scf.forall (%{{.*}}) in (2) {
// CHECK:           arith.minsi %{{.*}}, %c8
// CHECK:           memref.alloc() {{.*}} : memref<128x8xf32>
func.func @schedules(%q: memref<9x4x8xf32>, %k: memref<300x8xf32>, %i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 8, block_keys = 16>)
      outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    %s = memref.alloc() : memref<9x300xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<9x4x8xf32>, memref<300x8xf32>)
        schedule(#dsa.loop_schedule<block_rows = 8, block_keys = 128>) outs(%s : memref<9x300xf32>)
    dsa.yield %s : memref<9x300xf32>
  }
  return
}

// -----

// Two selections in one function.
// CHECK-LABEL: func @two(
// CHECK-COUNT-2: scf.forall
// CHECK-NOT:     dsa.
// CHECK:         return
func.func @two(%s: memref<?x?xf32>, %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  dsa.select outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    dsa.yield %s : memref<?x?xf32>
  }
  dsa.select outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    dsa.yield %s : memref<?x?xf32>
  }
  return
}

// -----

// Where there are no keys, nothing scores them.
// CHECK-LABEL: func @no_keys(
// CHECK-NOT:     memref.subview {{.*}}x0xf32
// CHECK:         memref.store %c-1_i32
// CHECK:         return
func.func @no_keys(%q: memref<?x4x8xf32>, %k: memref<0x8xf32>, %t: index,
                   %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
      outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    %s = memref.alloc(%t) : memref<?x0xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x8xf32>, memref<0x8xf32>) outs(%s : memref<?x0xf32>)
    dsa.yield %s : memref<?x0xf32>
  }
  return
}
