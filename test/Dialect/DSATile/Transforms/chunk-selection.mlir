// RUN: dsa-opt %s -dsa-tile-chunk-selection -split-input-file -verify-diagnostics | FileCheck %s

// A loop over chunks of equal size, from the sizes of the operands: as many rows as there is memory
// for, in units. Scores are those of one chunk; the last chunk ends with the last row.
// CHECK-LABEL: func @chunks(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x32xbf16>, %[[K:[^:]*]]: memref<?x32xbf16>, %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>, %[[I:[^:]*]]: memref<?x1x64xi32>, %[[C:[^:]*]]: memref<?x1xi32>)
func.func @chunks(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>,
                  %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // CHECK-DAG:  %[[KEYS:.*]] = memref.dim %[[K]], %{{.*}}
  // CHECK:      %[[ROW_BYTES:.*]] = arith.muli %c4{{.*}}, %[[KEYS]]
  // CHECK:      %[[SOME:.*]] = arith.maxui %[[ROW_BYTES]], %c1
  // CHECK:      %[[FIT:.*]] = arith.divui %c65536, %[[SOME]]
  // CHECK:      %[[CAPPED:.*]] = arith.minui %[[FIT]], %c64
  // CHECK:      %[[MOST:.*]] = arith.maxui %[[CAPPED]], %c1
  // CHECK:      %[[TOTAL:.*]] = memref.dim %[[I]], %c0
  // CHECK:      %[[UNIT:.*]] = arith.minui %c8{{.*}}, %[[MOST]]
  // CHECK:      %[[UNITS:.*]] = arith.divui %[[MOST]], %[[UNIT]]
  // CHECK:      %[[WHOLE:.*]] = arith.muli %[[UNITS]], %[[UNIT]]
  // CHECK:      %[[CHUNKS:.*]] = arith.ceildivui %[[TOTAL]], %[[WHOLE]]
  // CHECK:      %[[AT_LEAST_ONE:.*]] = arith.maxui %[[CHUNKS]], %c1
  // CHECK:      %[[EQUAL:.*]] = arith.ceildivui %[[TOTAL]], %[[AT_LEAST_ONE]]
  // CHECK:      %[[EQUAL_UNITS:.*]] = arith.ceildivui %[[EQUAL]], %[[UNIT]]
  // CHECK:      %[[ROUNDED:.*]] = arith.muli %[[EQUAL_UNITS]], %[[UNIT]]
  // CHECK:      %[[ROWS:.*]] = arith.minui %[[ROUNDED]], %[[TOTAL]]
  // CHECK:      %[[LAST:.*]] = arith.subi %[[TOTAL]], %[[ROWS]]
  // CHECK:      scf.for %[[CHUNK:.*]] = %c0{{.*}} to %[[CHUNKS]] step %c1
  // CHECK:        %[[START:.*]] = arith.muli %[[CHUNK]], %[[ROWS]]
  // CHECK:        %[[BEGIN:.*]] = arith.minui %[[START]], %[[LAST]]
  // CHECK:        %[[SCORES:.*]] = memref.alloc(%[[ROWS]], %[[KEYS]]) : memref<?x?xf32>
  // CHECK:        %[[Q_ROWS:.*]] = memref.subview %[[Q]][%[[BEGIN]], 0, 0] [%[[ROWS]], 4, 32] [1, 1, 1]
  // CHECK:        dsa.index_scores<relu> ins(%[[Q_ROWS]], %[[K]]
  // CHECK-SAME:     schedule(#dsa_tile.scores_schedule<block_rows = 2,
  // CHECK-SAME:     outs(%[[SCORES]] : memref<?x?xf32>)
  // CHECK-DAG:    %[[LO_ROWS:.*]] = memref.subview %[[LO]][%[[BEGIN]]] [%[[ROWS]]] [1]
  // CHECK-DAG:    %[[I_ROWS:.*]] = memref.subview %[[I]][%[[BEGIN]], 0, 0] [%[[ROWS]], 1, 64] [1, 1, 1]
  // CHECK:        dsa.topk ins(%[[SCORES]] : memref<?x?xf32>) bounds(%[[LO_ROWS]],
  // CHECK-SAME:     window = [3, 4] first = 2 unordered
  // CHECK-SAME:     schedule(#dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>)
  // CHECK-SAME:     outs(%[[I_ROWS]],
  // CHECK:      }
  // CHECK-NOT:  dsa.select
  dsa.select bounds(%lo, %hi : memref<?xi32>, memref<?xi32>) positions(%lo : memref<?xi32>) window = [3, 4] first = 2 unordered
      schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536, unit_rows = 8,
        topk = <block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %c0 = arith.constant 0 : index
    %t = memref.dim %q, %c0 : memref<?x4x32xbf16>
    // Moved to where the loop needs it.
    %n = memref.dim %k, %c0 : memref<?x32xbf16>
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>)
        schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 1, groups = 1, blocks = 0>)
        outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// Lists, and a selection without a schedule of its own: loops, for which another pass has one. What the
// region computes on the way is of one chunk too.
// CHECK-LABEL: func @lists(
// CHECK:         scf.for
// CHECK-DAG:       %[[ONE:.*]] = memref.alloc(%{{.*}}) : memref<?x100xf32>
// CHECK-DAG:       %[[THREE:.*]] = memref.alloc(%{{.*}}) : memref<?x3x100xf32>
// CHECK:           dsa.index_scores<none> {{.*}} outs(%[[ONE]]
// CHECK:           linalg.generic
// CHECK:           dsa.topk ins(%[[THREE]] : memref<?x3x100xf32>) block = 4 outs(
func.func @lists(%q: memref<?x4x32xbf16>, %k: memref<100x32xbf16>, %f: memref<?x3xf32>, %t: index,
                 %i: memref<?x3x8xi32>, %c: memref<?x3xi32>) {
  dsa.select block = 4 schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536>)
      outs(%i, %c : memref<?x3x8xi32>, memref<?x3xi32>) scores {
    %one = memref.alloc(%t) : memref<?x100xf32>
    %three = memref.alloc(%t) : memref<?x3x100xf32>
    dsa.index_scores<none> ins(%q, %k : memref<?x4x32xbf16>, memref<100x32xbf16>) outs(%one : memref<?x100xf32>)
    linalg.generic {indexing_maps = [affine_map<(t, g, n) -> (t, n)>, affine_map<(t, g, n) -> (t, g)>,
                                     affine_map<(t, g, n) -> (t, g, n)>],
                    iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%one, %f : memref<?x100xf32>, memref<?x3xf32>) outs(%three : memref<?x3x100xf32>) {
    ^bb0(%x: f32, %y: f32, %unused: f32):
      %z = arith.mulf %x, %y : f32
      linalg.yield %z : f32
    }
    dsa.yield %three : memref<?x3x100xf32>
  }
  return
}

// Chunks that run at the same time share the memory for scores; the loop says how many they are.
// CHECK-LABEL: func @concurrent(
func.func @concurrent(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %t: index, %n: index,
                      %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // CHECK:      arith.divui %c32768
  // CHECK:      scf.for
  // CHECK:        memref.alloc
  // CHECK:        dsa.topk
  // CHECK:      } {dsa_tile.concurrent = 3 : i64}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 98304, concurrent = 3>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// What is linear in a key is computed for more rows at a time, in a loop around the other one.
// CHECK-LABEL: func @linear_part(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x8x128xf8E4M3FN>
// CHECK:         scf.for
// CHECK:           %[[BEGIN:.*]] = arith.minui
// CHECK-DAG:       %[[Q_ROWS:.*]] = memref.subview %[[Q]][%[[BEGIN]], 0, 0]
// CHECK-DAG:       %[[TERMS:.*]] = memref.alloc(%{{.*}}) : memref<?x4x128xf8E4M3FN>
// CHECK-DAG:       %[[SCALES:.*]] = memref.alloc(%{{.*}}) : memref<?x4xf32>
// CHECK:           dsa.linear_part ins(%[[Q_ROWS]] {{.*}} outs(%[[TERMS]], %[[SCALES]]
// CHECK:           scf.for
// CHECK-DAG:         %[[Q_PART:.*]] = memref.subview %subview{{[_0-9]*}}[%{{.*}}, 0, 0] [%{{.*}}, 8, 128]
// CHECK-DAG:         %[[TERM_PART:.*]] = memref.subview %[[TERMS]]
// CHECK-DAG:         %[[SCALE_PART:.*]] = memref.subview %[[SCALES]]
// CHECK:             dsa.index_scores<half_abs> ins(%[[Q_PART]], {{.*}} linear(%[[TERM_PART]], %[[SCALE_PART]]
// CHECK:             dsa.topk
func.func @linear_part(%q: memref<?x8x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %t: index, %n: index,
                       %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %c0 = arith.constant 0 : index
    %rows = memref.dim %q, %c0 : memref<?x8x128xf8E4M3FN>
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    %terms = memref.alloc(%rows) : memref<?x4x128xf8E4M3FN>
    %scales = memref.alloc(%rows) : memref<?x4xf32>
    dsa.linear_part ins(%q : memref<?x8x128xf8E4M3FN>)
        outs(%terms, %scales : memref<?x4x128xf8E4M3FN>, memref<?x4xf32>)
    dsa.index_scores<half_abs> ins(%q, %k : memref<?x8x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
        linear(%terms, %scales : memref<?x4x128xf8E4M3FN>, memref<?x4xf32>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// No such schedule, and tensors, which are for a later time.
// CHECK-LABEL: func @keep(
// CHECK-COUNT-2: dsa.select
func.func @keep(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %t: index, %n: index,
                %i: memref<?x1x8xi32>, %c: memref<?x1xi32>, %qt: tensor<?x4x32xbf16>, %kt: tensor<?x32xbf16>,
                %it: tensor<?x1x8xi32>, %ct: tensor<?x1xi32>) -> tensor<?x1x8xi32> {
  dsa.select outs(%i, %c : memref<?x1x8xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  %r:2 = dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536>)
      outs(%it, %ct : tensor<?x1x8xi32>, tensor<?x1xi32>) scores {
    %e = tensor.empty(%t, %n) : tensor<?x?xf32>
    %s = dsa.index_scores<relu> ins(%qt, %kt : tensor<?x4x32xbf16>, tensor<?x32xbf16>)
        outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x8xi32>, tensor<?x1xi32>
  return %r#0 : tensor<?x1x8xi32>
}

// -----

// Selections that list keys while they are scored stay one operation; the scorer knows the bounds.
// CHECK-LABEL: func @lists(
// CHECK-SAME:    %[[LO:[^:]*]]: memref<?xi32>, %[[HI:[^:]*]]: memref<?xi32>, %[[I:[^:]*]]: memref<?x1x64xi32>
func.func @lists(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %t: index, %n: index, %lo: memref<?xi32>,
                 %hi: memref<?xi32>, %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // CHECK-NOT:  scf.for
  // CHECK:      dsa.select schedule({{.*}}candidates = 320>) outs(%[[I]],
  // CHECK:        dsa.index_scores<relu> ins({{.*}}) bounds(%[[LO]], %[[HI]] :
  dsa.select bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 117440512, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

// Linear parts are computed for some rows at a time; what these rows are, before they are scored.
// CHECK-LABEL: func @lists_linear(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x4x32xbf16>
func.func @lists_linear(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %t: index, %n: index,
                        %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // CHECK:      scf.for
  // CHECK:        dsa.linear_part
  // CHECK:        %[[Q_ROWS:.*]] = memref.subview %[[Q]]
  // CHECK:        dsa.select schedule(
  // CHECK-NOT:      memref.subview
  // CHECK:          dsa.index_scores<half_abs> ins(%[[Q_ROWS]],
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 117440512, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    %p = memref.alloc(%t) : memref<?x4x32xbf16>
    %s = memref.alloc(%t) : memref<?x4xf32>
    dsa.linear_part ins(%q : memref<?x4x32xbf16>) outs(%p, %s : memref<?x4x32xbf16>, memref<?x4xf32>)
    dsa.index_scores<half_abs> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>)
        linear(%p, %s : memref<?x4x32xbf16>, memref<?x4xf32>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}
