// A selection's region computes all rows; its decomposition clones it for a few.

// RUN: dsa-opt %s -dsa-decompose -canonicalize -cse -split-input-file -verify-diagnostics | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// Structured operations one after another, the last in place: what the region
// allocates is for the rows of a block, what it reads is sliced.
// CHECK-LABEL: func @several_operations(
// CHECK-SAME:    %[[X:[^:]*]]: memref<?x16xf32>, %[[Y:[^:]*]]: memref<16x9xf32>, %[[SCALE:[^:]*]]: memref<?xf32>,
// CHECK:         scf.forall (%[[BLOCK:.*]]) in
// CHECK:           %[[FIRST:.*]] = arith.muli %[[BLOCK]], %c4
// CHECK:           %[[ROWS:.*]] = arith.minsi %{{.*}}, %c4
// CHECK:           %[[BLOCK_ROWS:.*]] = memref.alloc() : memref<4x9xf32>
// CHECK:           %[[E:.*]] = memref.subview %[[BLOCK_ROWS]][0, 0] [%[[ROWS]], 9]
// CHECK:           linalg.fill {{.*}} outs(%[[E]] :
// CHECK:           %[[X1:.*]] = memref.subview %[[X]][%[[FIRST]], 0] [%[[ROWS]], 16]
// CHECK:           linalg.matmul ins(%[[X1]], %[[Y]] : {{.*}}) outs(%[[E]] :
// CHECK:           %[[SCALE1:.*]] = memref.subview %[[SCALE]][%[[FIRST]]] [%[[ROWS]]]
// CHECK:           linalg.generic {{.*}} ins(%[[SCALE1]] : {{.*}}) outs(%[[E]] :
// A row's number is that among all rows.
// CHECK:             %[[I:.*]] = linalg.index 0
// CHECK-NEXT:        affine.apply {{.*}}(%[[FIRST]])[%[[I]]]
// CHECK:           memref.load %[[E]]
func.func @several_operations(%x: memref<?x16xf32>, %y: memref<16x9xf32>, %scale: memref<?xf32>, %t: index,
                              %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
      outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t) : memref<?x9xf32>
    %zero = arith.constant 0.0 : f32
    linalg.fill ins(%zero : f32) outs(%e : memref<?x9xf32>)
    linalg.matmul ins(%x, %y : memref<?x16xf32>, memref<16x9xf32>) outs(%e : memref<?x9xf32>)
    linalg.generic {indexing_maps = [#row, #id], iterator_types = ["parallel", "parallel"]}
        ins(%scale : memref<?xf32>) outs(%e : memref<?x9xf32>) {
    ^bb0(%a: f32, %b: f32):
      %j = linalg.index 0 : index
      %j32 = arith.index_cast %j : index to i32
      %f = arith.sitofp %j32 : i32 to f32
      %c = arith.mulf %a, %b : f32
      %d = arith.addf %c, %f : f32
      linalg.yield %d : f32
    }
    dsa.yield %e : memref<?x9xf32>
  }
  return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>

// CHECK-LABEL: func @in_place_after_scores(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x2x4xf32>,
// CHECK:         scf.forall
// CHECK:           %[[ROWS:.*]] = arith.minsi %{{.*}}, %c8
// CHECK:           %[[BLOCK_ROWS:.*]] = memref.alloc(%{{.*}}) : memref<8x?xf32>
// CHECK:           %[[E:.*]] = memref.subview %[[BLOCK_ROWS]][0, 0] [%[[ROWS]], %{{.*}}]
// CHECK:           memref.subview %[[Q]][%{{.*}}, 0, 0] [%[[ROWS]], 2, 4]
// CHECK:           linalg.exp ins(%[[E]] : {{.*}}) outs(%[[E]] :
// CHECK:           memref.load %[[E]]
func.func @in_place_after_scores(%q: memref<?x2x4xf32>, %k: memref<?x4xf32>, %t: index, %keys: index,
                                 %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 8, block_keys = 16>)
      outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %keys) : memref<?x?xf32>
    dsa.index_scores<none> ins(%q, %k : memref<?x2x4xf32>, memref<?x4xf32>) outs(%e : memref<?x?xf32>)
    linalg.exp ins(%e : memref<?x?xf32>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

// What has several results, of all rows, and is computed for the scores.
// CHECK-LABEL: func @linear_part(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x2x4xf32>,
// CHECK:         scf.forall (%[[BLOCK:.*]]) in
// CHECK:           %[[FIRST:.*]] = arith.muli %[[BLOCK]], %c8
// CHECK:           %[[ROWS:.*]] = arith.minsi %{{.*}}, %c8
// CHECK:           %[[BLOCK_TERMS:.*]] = memref.alloc() : memref<8x3x4xf32>
// CHECK:           %[[TERMS:.*]] = memref.subview %[[BLOCK_TERMS]][0, 0, 0] [%[[ROWS]], 3, 4]
// CHECK:           %[[BLOCK_SCALES:.*]] = memref.alloc() : memref<8x3xf32>
// CHECK:           %[[SCALES:.*]] = memref.subview %[[BLOCK_SCALES]][0, 0] [%[[ROWS]], 3]
// CHECK:           %[[Q1:.*]] = memref.subview %[[Q]][%[[FIRST]], 0, 0] [%[[ROWS]], 2, 4]
// CHECK:           memref.subview %[[Q1]]
// CHECK:           memref.subview %[[SCALES]][%[[ROW:[^,]*]], 0] [1, 1]
// CHECK:           memref.subview %[[TERMS]][%[[ROW]], 0, 0] [1, 1, 4]
// CHECK:           memref.subview %[[TERMS]][%{{.*}}, 0, 0] [1, 3, 4]
// CHECK:           memref.subview %[[SCALES]][%{{.*}}, 0] [1, 3]
func.func @linear_part(%q: memref<?x2x4xf32>, %k: memref<?x4xf32>, %t: index, %keys: index, %i: memref<?x1x2xi32>,
                       %n: memref<?x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 8, block_keys = 16>)
      outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    %terms = memref.alloc(%t) : memref<?x3x4xf32>
    %scales = memref.alloc(%t) : memref<?x3xf32>
    dsa.linear_part ins(%q : memref<?x2x4xf32>) outs(%terms, %scales : memref<?x3x4xf32>, memref<?x3xf32>)
    %e = memref.alloc(%t, %keys) : memref<?x?xf32>
    dsa.index_scores<half_abs> ins(%q, %k : memref<?x2x4xf32>, memref<?x4xf32>)
        linear(%terms, %scales : memref<?x3x4xf32>, memref<?x3xf32>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

// Scores that exist already are sliced, however the region comes by them.
// CHECK-LABEL: func @given_scores(
// CHECK-SAME:    %[[S:[^:]*]]: memref<9x7xf32>,
// CHECK:         scf.forall (%[[BLOCK:.*]]) in
// CHECK:           %[[FIRST:.*]] = arith.muli %[[BLOCK]], %c4
// CHECK:           %[[S1:.*]] = memref.subview %[[S]][%[[FIRST]], 0]
// CHECK:           memref.load %[[S1]]
func.func @given_scores(%s: memref<9x7xf32>, %i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
      outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    dsa.yield %s : memref<9x7xf32>
  }
  return
}

// -----

memref.global @scores : memref<9x7xf32>

// CHECK-LABEL: func @global_scores(
// CHECK:         scf.forall (%[[BLOCK:.*]]) in
// CHECK:           %[[FIRST:.*]] = arith.muli %[[BLOCK]], %c4
// CHECK:           %[[S:.*]] = memref.get_global @scores
// CHECK:           %[[S1:.*]] = memref.subview %[[S]][%[[FIRST]], 0]
// CHECK:           memref.load %[[S1]]
func.func @global_scores(%i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
      outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    %s = memref.get_global @scores : memref<9x7xf32>
    dsa.yield %s : memref<9x7xf32>
  }
  return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>

// What has no rows, here something of each key, is computed whole.
// CHECK-LABEL: func @without_rows(
// CHECK:         scf.forall
// CHECK-DAG:       %[[BIAS:.*]] = memref.alloc() : memref<7xf32>
// CHECK-DAG:       linalg.exp ins(%{{.*}} : memref<7xf32>) outs(%[[BIAS]] : memref<7xf32>)
// CHECK:           linalg.generic {{.*}} ins(%[[BIAS]] : memref<7xf32>) outs(%{{.*}} : memref<?x7xf32,
func.func @without_rows(%q: memref<9x2x4xf32>, %k: memref<7x4xf32>, %keys: memref<7xf32>,
                        %i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
      outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    %e = memref.alloc() : memref<9x7xf32>
    dsa.index_scores<none> ins(%q, %k : memref<9x2x4xf32>, memref<7x4xf32>) outs(%e : memref<9x7xf32>)
    %bias = memref.alloc() : memref<7xf32>
    linalg.exp ins(%keys : memref<7xf32>) outs(%bias : memref<7xf32>)
    linalg.generic {indexing_maps = [#column, #id], iterator_types = ["parallel", "parallel"]}
        ins(%bias : memref<7xf32>) outs(%e : memref<9x7xf32>) {
    ^bb0(%a: f32, %b: f32):
      %c = arith.addf %a, %b : f32
      linalg.yield %c : f32
    }
    dsa.yield %e : memref<9x7xf32>
  }
  return
}

// -----

// Bufferisation copies what is written in place and needed again.
// CHECK-LABEL: func @copy(
// CHECK-SAME:    %[[S:[^:]*]]: memref<9x7xf32>,
// CHECK:         scf.forall
// CHECK-DAG:       %[[S1:.*]] = memref.subview %[[S]]
// CHECK-DAG:       %[[BLOCK_ROWS:.*]] = memref.alloc() : memref<4x7xf32>
// CHECK-DAG:       %[[COPY:.*]] = memref.subview %[[BLOCK_ROWS]]
// CHECK:           memref.copy %[[S1]], %[[COPY]]
// CHECK:           linalg.exp ins(%[[COPY]] : {{.*}}) outs(%[[COPY]] :
func.func @copy(%s: memref<9x7xf32>, %i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
      outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    %copy = memref.alloc() : memref<9x7xf32>
    memref.copy %s, %copy : memref<9x7xf32> to memref<9x7xf32>
    linalg.exp ins(%copy : memref<9x7xf32>) outs(%copy : memref<9x7xf32>)
    dsa.yield %copy : memref<9x7xf32>
  }
  return
}

// -----

// CHECK-LABEL: func @memory_space(
// CHECK:         memref.alloc() : memref<4x7xf32, 3>
func.func @memory_space(%s: memref<9x7xf32>, %i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  dsa.select schedule(#dsa.loop_schedule<block_rows = 4, block_keys = 64>)
      outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    %e = memref.alloc() : memref<9x7xf32, 3>
    linalg.exp ins(%s : memref<9x7xf32>) outs(%e : memref<9x7xf32, 3>)
    dsa.yield %e : memref<9x7xf32, 3>
  }
  return
}

//===----------------------------------------------------------------------===//
// What does not work row by row is reported
//===----------------------------------------------------------------------===//

// -----

func.func private @score(memref<9x7xf32>)

func.func @no_tiling_interface(%i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  dsa.select outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    %e = memref.alloc() : memref<9x7xf32>
    // expected-error @below {{'func.call' op cannot be computed row by row: it has no tiling interface}}
    func.call @score(%e) : (memref<9x7xf32>) -> ()
    dsa.yield %e : memref<9x7xf32>
  }
  return
}

// -----

#row0 = affine_map<(d0, d1) -> (0, d1)>
#id = affine_map<(d0, d1) -> (d0, d1)>

func.func @no_loop_over_rows(%s: memref<9x7xf32>, %i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  dsa.select outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    %e = memref.alloc() : memref<9x7xf32>
    // expected-error @below {{'linalg.generic' op cannot be computed row by row}}
    linalg.generic {indexing_maps = [#id, #row0], iterator_types = ["reduction", "parallel"]}
        ins(%s : memref<9x7xf32>) outs(%e : memref<9x7xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    dsa.yield %e : memref<9x7xf32>
  }
  return
}

// -----

// Rows among operations of a nested region.
func.func @nested_region(%s: memref<9x7xf32>, %i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c9 = arith.constant 9 : index
  dsa.select outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    %e = memref.alloc() : memref<9x7xf32>
    // expected-error @below {{'scf.for' op cannot be computed row by row}}
    scf.for %row = %c0 to %c9 step %c1 {
      %v = memref.load %s[%row, %c0] : memref<9x7xf32>
      memref.store %v, %e[%row, %c0] : memref<9x7xf32>
    }
    dsa.yield %e : memref<9x7xf32>
  }
  return
}

// -----

// Rows that depend on one another.
func.func @normalized_over_rows(%s: memref<9x7xf32>, %i: memref<9x1x2xi32>, %n: memref<9x1xi32>) {
  dsa.select outs(%i, %n : memref<9x1x2xi32>, memref<9x1xi32>) scores {
    %e = memref.alloc() : memref<9x7xf32>
    // expected-error @below {{'linalg.softmax' op cannot be computed row by row}}
    linalg.softmax dimension(0) ins(%s : memref<9x7xf32>) outs(%e : memref<9x7xf32>)
    dsa.yield %e : memref<9x7xf32>
  }
  return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#swap = affine_map<(d0, d1) -> (d1, d0)>

func.func @transposed(%s: memref<?x?xf32>, %t: index, %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  dsa.select outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %t) : memref<?x?xf32>
    linalg.exp ins(%s : memref<?x?xf32>) outs(%e : memref<?x?xf32>)
    %f = memref.alloc(%t, %t) : memref<?x?xf32>
    // expected-error @below {{'linalg.generic' op cannot be computed row by row}}
    linalg.generic {indexing_maps = [#swap, #id], iterator_types = ["parallel", "parallel"]}
        ins(%e : memref<?x?xf32>) outs(%f : memref<?x?xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    dsa.yield %f : memref<?x?xf32>
  }
  return
}
