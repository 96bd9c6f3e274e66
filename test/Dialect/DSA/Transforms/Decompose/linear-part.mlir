// RUN: dsa-opt %s -dsa-decompose -canonicalize -cse -split-input-file | FileCheck %s

// One thread: a row at a time.
// CHECK-LABEL: func @one_thread(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x8xf8E4M3FN>, %[[W:[^:]*]]: memref<?x4xbf16>, %[[QS:[^:]*]]: memref<?x4xf32>, %[[T:[^:]*]]: memref<?x3x8xf8E4M3FN>,
// CHECK-SAME:    %[[S:[^:]*]]: memref<?x3xf32>)
// CHECK-DAG:     %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK-DAG:     %[[NAN:.*]] = arith.constant 0x7FC00000 : f32
// CHECK-DAG:     %[[INF:.*]] = arith.constant 2139095040 : i32
// CHECK-DAG:     %[[MAGNITUDE:.*]] = arith.constant 2147483647 : i32
// CHECK:         scf.forall (%[[ROW:.*]]) in (%{{.*}}) {

// The weighted sum over heads, element by element.
// CHECK:           %[[SUMS:.*]] = memref.alloc() {{.*}} : memref<1x8xf32>
// CHECK:           linalg.fill {{.*}} outs(%[[SUMS]] :
// CHECK-DAG:       %[[W1:.*]] = memref.subview %[[W]][%[[ROW]], 0] [1, 4]
// CHECK-DAG:       %[[QS1:.*]] = memref.subview %[[QS]][%[[ROW]], 0] [1, 4]
// CHECK-DAG:       %[[Q1:.*]] = memref.subview %[[Q]][%[[ROW]], 0, 0] [1, 4, 8]
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]} ins(%[[W1]], %[[QS1]], %[[Q1]] : {{.*}}) outs(%[[SUMS]] :
// CHECK-NEXT:      ^bb0(%[[A:.*]]: bf16, %[[B:.*]]: f32, %[[C:.*]]: f8E4M3FN, %[[TOTAL:.*]]: f32):
// CHECK:             %[[A32:.*]] = arith.extf %[[A]]
// CHECK:             %[[HALVED:.*]] = arith.mulf %[[A32]], %[[HALF]]
// CHECK:             %[[FACTOR:.*]] = arith.mulf %[[HALVED]], %[[B]]
// CHECK:             %[[C32:.*]] = arith.extf %[[C]]
// CHECK:             math.fma %[[C32]], %[[FACTOR]], %[[TOTAL]]

// The largest magnitude, as bits.
// CHECK:           %[[BITS:.*]] = memref.alloc() {{.*}} : memref<1x8xi32>
// CHECK:           linalg.generic {{.*}} ins(%[[SUMS]] : {{.*}}) outs(%[[BITS]] :
// CHECK:             arith.bitcast
// CHECK:             arith.andi %{{.*}}, %[[MAGNITUDE]]
// CHECK:           %[[LARGEST:.*]] = memref.alloc() {{.*}} : memref<1xi32>
// CHECK:           linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[BITS]] : {{.*}}) outs(%[[LARGEST]] :
// CHECK:             arith.maxsi

// Scales are powers of two, four apart, by arithmetic on the exponent.
// CHECK-DAG:       %[[S0:.*]] = memref.subview %[[S]][%[[ROW]], 0] [1, 1]
// CHECK-DAG:       %[[S1:.*]] = memref.subview %[[S]][%[[ROW]], 1] [1, 1]
// CHECK-DAG:       %[[S2:.*]] = memref.subview %[[S]][%[[ROW]], 2] [1, 1]
// CHECK:           linalg.generic {{.*}} ins(%[[LARGEST]] : {{.*}}) outs(%[[S0]], %[[S1]], %[[S2]] :
// CHECK-NEXT:      ^bb0(%[[MOST:.*]]: i32, %{{.*}}):
// CHECK:             %[[UP:.*]] = arith.addi %[[MOST]], %c2097151_i32
// CHECK:             %[[ROUNDED:.*]] = arith.shrui %[[UP]], %c23_i32
// CHECK:             %[[MOVED:.*]] = arith.subi %[[ROUNDED]], %c8_i32
// CHECK:             %[[LEAST:.*]] = arith.maxsi %[[MOVED]], %c1_i32
// CHECK:             %[[CLAMPED:.*]] = arith.minsi %[[LEAST]], %c253_i32
// CHECK-DAG:         %[[NOT_ZERO:.*]] = arith.cmpi sge, %[[MOST]], %c1_i32
// CHECK-DAG:         %[[FINITE:.*]] = arith.cmpi slt, %[[MOST]], %[[INF]]
// CHECK:             %[[ORDINARY:.*]] = arith.andi %[[NOT_ZERO]], %[[FINITE]]
// CHECK:             %[[EXPONENT:.*]] = arith.select %[[ORDINARY]], %[[CLAMPED]], %c127_i32
// CHECK:             arith.subi %[[EXPONENT]], %c4_i32
// CHECK:             arith.maxsi
// CHECK:             arith.shli
// CHECK:             arith.bitcast %{{.*}} : i32 to f32
// CHECK:             arith.subi %[[EXPONENT]], %c8_i32

// Each term is rounded from what those before leave.
// CHECK-DAG:       %[[T0:.*]] = memref.subview %[[T]][%[[ROW]], 0, 0] [1, 1, 8]
// CHECK-DAG:       %[[T1:.*]] = memref.subview %[[T]][%[[ROW]], 1, 0] [1, 1, 8]
// CHECK-DAG:       %[[T2:.*]] = memref.subview %[[T]][%[[ROW]], 2, 0] [1, 1, 8]
// CHECK:           linalg.generic {{.*}} ins(%[[LARGEST]], %[[SUMS]] : {{.*}}) outs(%[[T0]], %[[T1]], %[[T2]] :
// CHECK-NEXT:      ^bb0(%{{.*}}: i32, %[[V:.*]]: f32, %{{.*}}):
// CHECK:             %[[INVERSE:.*]] = arith.select %{{.*}}, %{{.*}}, %[[NAN]] : f32
// CHECK:             %[[X0:.*]] = arith.mulf %[[V]], %[[INVERSE]]
// CHECK:             %[[TERM0:.*]] = arith.truncf %[[X0]] : f32 to f8E4M3FN
// CHECK:             %[[BACK:.*]] = arith.extf %[[TERM0]]
// CHECK:             %[[MINUS:.*]] = arith.negf %[[BACK]]
// CHECK:             %[[REST:.*]] = math.fma %[[MINUS]], %{{.*}}, %[[V]]
// CHECK:             %[[X1:.*]] = arith.mulf %[[REST]], %{{.*}}
// CHECK:             %[[TERM1:.*]] = arith.truncf %[[X1]] : f32 to f8E4M3FN
// CHECK:             %[[TERM2:.*]] = arith.truncf
// CHECK-NOT:         arith.extf
// CHECK:             linalg.yield %[[TERM0]], %[[TERM1]], %[[TERM2]]
func.func @one_thread(%q: memref<?x4x8xf8E4M3FN>, %w: memref<?x4xbf16>, %qs: memref<?x4xf32>, %t: memref<?x3x8xf8E4M3FN>,
                      %s: memref<?x3xf32>) {
  dsa.linear_part ins(%q : memref<?x4x8xf8E4M3FN>) weights(%w : memref<?x4xbf16>) q_scale(%qs : memref<?x4xf32>)
      outs(%t, %s : memref<?x3x8xf8E4M3FN>, memref<?x3xf32>)
  return
}

// -----

// Many threads: a warp for each of eight rows, four elements to a thread; of twelve
// heads six at once. Nothing but the half scales a head.
// CHECK-LABEL: func @threads(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x12x128xbf16>, %[[T:[^:]*]]: memref<?x1x128xbf16>, %[[S:[^:]*]]: memref<?x1xf32>)
// CHECK-DAG:     %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
// CHECK:         %[[BLOCKS:.*]] = arith.ceildivui %{{.*}}, %c8
// CHECK:         scf.forall (%[[BLOCK:.*]]) in (%[[BLOCKS]]) {
// CHECK:           %[[FIRST:.*]] = arith.muli %[[BLOCK]], %c8
// CHECK:           %[[ROWS:.*]] = arith.minsi %{{.*}}, %c8
// CHECK:           %[[SUMS:.*]] = memref.alloc() {{.*}} : memref<8x128xf32>
// CHECK:           memref.subview %[[Q]][%[[FIRST]], 0, 0] [%[[ROWS]], 2, 32]
// CHECK-COUNT-23:  memref.subview %[[Q]][%[[FIRST]], {{[0-9]+, [0-9]+}}] [%[[ROWS]], 2, 32]
// CHECK-NOT:       memref.subview %[[Q]]
// CHECK:           memref.subview %[[SUMS]][0, 0] [%[[ROWS]], 32]
// CHECK:           memref.subview %[[SUMS]][0, 32] [%[[ROWS]], 32]
// CHECK:           memref.subview %[[SUMS]][0, 64] [%[[ROWS]], 32]
// CHECK:           memref.subview %[[SUMS]][0, 96] [%[[ROWS]], 32]
// CHECK-NOT:         arith.mulf
// CHECK-COUNT-24:    math.fma %{{.*}}, %[[HALF]], %{{.*}}
// CHECK:           memref.alloc() {{.*}} : memref<8x32xi32>
// CHECK:           memref.alloc() {{.*}} : memref<8xi32>
// CHECK:             arith.addi %{{.*}}, %c8388607_i32
// CHECK:           memref.subview %[[T]][%[[FIRST]], 0, 0] [%[[ROWS]], 1, 32]
// CHECK-COUNT-4:     arith.truncf %{{.*}} : f32 to bf16
func.func @threads(%q: memref<?x12x128xbf16>, %t: memref<?x1x128xbf16>, %s: memref<?x1xf32>) {
  dsa.linear_part ins(%q : memref<?x12x128xbf16>)
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 256>)
      outs(%t, %s : memref<?x1x128xbf16>, memref<?x1xf32>)
  return
}

// -----

// By how much a term is finer depends on its type. An odd width has one column.
// CHECK-LABEL: func @types(
// CHECK:         memref.alloc() {{.*}} : memref<2x5xi32>
// CHECK:         arith.subi %{{.*}}, %c11_i32
// CHECK:         arith.subi %{{.*}}, %c24_i32
func.func @types(%q: memref<9x4x5xf16>, %t: memref<9x2x5xf16>, %s: memref<9x2xf32>, %q32: memref<9x4x5xf32>,
                 %t32: memref<9x2x5xf32>) {
  dsa.linear_part ins(%q : memref<9x4x5xf16>)
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 64>)
      outs(%t, %s : memref<9x2x5xf16>, memref<9x2xf32>)
  dsa.linear_part ins(%q32 : memref<9x4x5xf32>) outs(%t32, %s : memref<9x2x5xf32>, memref<9x2xf32>)
  return
}
