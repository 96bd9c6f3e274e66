// RUN: dsa-opt %s -dsa-expand-variants -split-input-file -verify-diagnostics | FileCheck %s

#a = #dsa.loop_schedule<block_rows = 1, block_keys = 64>
#b = #dsa.loop_schedule<block_rows = 2, block_keys = 64>
#c = #dsa.loop_schedule<block_rows = 4, block_keys = 64>
#few_rows = #dsa.sizes<most_rows = 63>
#many_keys = #dsa.sizes<least_keys = 65536>

// The first variant among whose sizes the operation's are; clauses stay.
// CHECK-LABEL: func @topk(
//  CHECK-SAME:   %[[S:.*]]: memref<?x?xf32>, %[[LO:.*]]: memref<?xi32>, %[[HI:.*]]: memref<?xi32>,
//   CHECK-DAG:   %[[ROWS:.*]] = memref.dim %{{.*}}, %c0
//   CHECK-DAG:   %[[C63:.*]] = arith.constant 63 : index
//       CHECK:   %[[FEW:.*]] = arith.cmpi sle, %[[ROWS]], %[[C63]] : index
//       CHECK:   scf.if %[[FEW]] {
//  CHECK-NEXT:     dsa.topk ins(%[[S]] : {{.*}}) bounds(%[[LO]], %[[HI]] : {{.*}} schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 64>)
//  CHECK-NEXT:   } else {
//   CHECK-DAG:     %[[KEYS:.*]] = memref.dim %[[S]], %c1
//   CHECK-DAG:     %[[C65536:.*]] = arith.constant 65536 : index
//       CHECK:     %[[MANY:.*]] = arith.cmpi sge, %[[KEYS]], %[[C65536]] : index
//       CHECK:     scf.if %[[MANY]] {
//  CHECK-NEXT:       dsa.topk {{.*}} schedule(#dsa.loop_schedule<block_rows = 2, block_keys = 64>)
//  CHECK-NEXT:     } else {
//  CHECK-NEXT:       dsa.topk {{.*}} schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
//  CHECK-NEXT:     }
//  CHECK-NEXT:   }
//  CHECK-NEXT:   return
func.func @topk(%s: memref<?x?xf32>, %lo: memref<?xi32>, %hi: memref<?xi32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<?x?xf32>) bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa.variants<[#dsa.variant<#few_rows, #a>, #dsa.variant<#many_keys, #b>], otherwise = #c>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// Both ends of both ranges must hold.
// CHECK-LABEL: func @range(
//       CHECK:   %[[LEAST_ROWS:.*]] = arith.cmpi sge, %[[ROWS:.*]], %c2
//       CHECK:   %[[MOST_ROWS:.*]] = arith.cmpi sle, %[[ROWS]], %c3
//       CHECK:   %[[A:.*]] = arith.andi %[[LEAST_ROWS]], %[[MOST_ROWS]] : i1
//       CHECK:   %[[LEAST_KEYS:.*]] = arith.cmpi sge, %[[KEYS:.*]], %c4
//       CHECK:   %[[B:.*]] = arith.andi %[[A]], %[[LEAST_KEYS]] : i1
//       CHECK:   %[[MOST_KEYS:.*]] = arith.cmpi sle, %[[KEYS]], %c5
//       CHECK:   %[[C:.*]] = arith.andi %[[B]], %[[MOST_KEYS]] : i1
//       CHECK:   scf.if %[[C]] {
func.func @range(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<least_rows = 2, most_rows = 3, least_keys = 4, most_keys = 5>, #a>],
                             otherwise = #c>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// With 'seq', keys are the second dimension of those operands.
// CHECK-LABEL: func @sequences(
//  CHECK-SAME:   %[[Q:[^:]*]]: memref<?x4x8xf32>, %[[K:[^:]*]]: memref<2x?x8xf32>
//   CHECK-DAG:   %[[C1:.*]] = arith.constant 1 : index
//       CHECK:   %[[KEYS:.*]] = memref.dim %[[K]], %[[C1]]
//       CHECK:   arith.cmpi sge, %[[KEYS]]
func.func @sequences(%q: memref<?x4x8xf32>, %k: memref<2x?x8xf32>, %seq: memref<?xi32>, %i: memref<?x1x2xi32>,
                     %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x4x8xf32>, memref<2x?x8xf32>)
      indices(%i : memref<?x1x2xi32>) seq(%seq : memref<?xi32>)
      schedule(#dsa.variants<[#dsa.variant<#many_keys, #a>], otherwise = #c>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// Static sizes choose at once: 16 rows are few, 100 keys not many.
// CHECK-LABEL: func @static(
//   CHECK-NOT:   scf.if
//       CHECK:   dsa.topk {{.*}} schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 64>)
//   CHECK-NOT:   scf.if
//       CHECK:   dsa.topk {{.*}} schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
//   CHECK-NOT:   dsa.topk
//       CHECK:   return
func.func @static(%s: memref<16x100xf32>, %i: memref<16x1x8xi32>, %n: memref<16x1xi32>) {
  dsa.topk ins(%s : memref<16x100xf32>)
      schedule(#dsa.variants<[#dsa.variant<#few_rows, #a>, #dsa.variant<#many_keys, #b>], otherwise = #c>)
      outs(%i, %n : memref<16x1x8xi32>, memref<16x1xi32>)
  dsa.topk ins(%s : memref<16x100xf32>)
      schedule(#dsa.variants<[#dsa.variant<#many_keys, #b>], otherwise = #c>)
      outs(%i, %n : memref<16x1x8xi32>, memref<16x1xi32>)
  return
}

// A selection's keys are those of what it scores, which itself is not chosen for.
// CHECK-LABEL: func @select(
//  CHECK-SAME:   %{{.*}}: memref<?x4x8xf32>, %[[K:.*]]: memref<?x8xf32>,
//       CHECK:   %[[KEYS:.*]] = memref.dim %[[K]], %c0
//       CHECK:   %[[MANY:.*]] = arith.cmpi sge, %[[KEYS]]
//       CHECK:   scf.if %[[MANY]] {
//  CHECK-NEXT:     dsa.select schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 64>)
//       CHECK:       dsa.index_scores<relu> {{.*}} schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
//       CHECK:   } else {
//  CHECK-NEXT:     dsa.select schedule(#dsa.loop_schedule<block_rows = 2, block_keys = 64>)
//       CHECK:       dsa.index_scores<relu> {{.*}} schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
func.func @select(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>, %t: index, %m: index) {
  dsa.select schedule(#dsa.variants<[#dsa.variant<#many_keys, #a>], otherwise = #b>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %m) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
        schedule(#dsa.variants<[#dsa.variant<#few_rows, #a>], otherwise = #c>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// Other schedules are left alone.
// CHECK-LABEL: func @one_schedule(
//   CHECK-NOT:   scf.if
//       CHECK:   dsa.topk {{.*}} schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 64>)
func.func @one_schedule(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#a) outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @tensors(%s: tensor<?x?xf32>, %i: tensor<?x1x8xi32>, %n: tensor<?x1xi32>) -> (tensor<?x1x8xi32>, tensor<?x1xi32>) {
  // expected-error @+1 {{'dsa.topk' op expected memrefs where sizes choose a schedule, but found tensors}}
  %r:2 = dsa.topk ins(%s : tensor<?x?xf32>)
      schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 63>, #dsa.loop_schedule<block_rows = 1, block_keys = 64>>],
                             otherwise = #dsa.loop_schedule<block_rows = 4, block_keys = 64>>)
      outs(%i, %n : tensor<?x1x8xi32>, tensor<?x1xi32>) -> tensor<?x1x8xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x8xi32>, tensor<?x1xi32>
}

// -----

func.func @keys_inside(%i: memref<?x1x8xi32>, %n: memref<?x1xi32>, %t: index, %m: index) {
  // expected-error @+1 {{'dsa.select' op cannot choose a schedule by its keys: expected an operand with them outside of its region}}
  dsa.select schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_keys = 63>, #dsa.loop_schedule<block_rows = 1, block_keys = 64>>],
                                    otherwise = #dsa.loop_schedule<block_rows = 4, block_keys = 64>>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %m) : memref<?x?xf32>
    dsa.yield %e : memref<?x?xf32>
  }
  return
}
