// RUN: dsa-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// With any clause that the kernels of top-k know, and any scorer that works on some rows.
// CHECK-LABEL: func @legal(
func.func @legal(%q: tensor<?x4x32xbf16>, %k: tensor<?x32xbf16>, %b: tensor<?xf32>, %lo: tensor<?xi32>,
                 %hi: tensor<?xi32>, %p: tensor<?xi32>, %t: index, %n: index,
                 %i: tensor<?x1x64xi32>, %c: tensor<?x1xi32>) -> (tensor<?x1x64xi32>, tensor<?x1xi32>) {
  // CHECK: schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536, unit_rows = 8, topk = <block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>>)
  %r:2 = dsa.select bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>) positions(%p : tensor<?xi32>)
      window = [3, 4] first = 2 unordered
      schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536, unit_rows = 8,
        topk = <block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>>)
      outs(%i, %c : tensor<?x1x64xi32>, tensor<?x1xi32>) scores {
    %e = tensor.empty(%t, %n) : tensor<?x?xf32>
    %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x32xbf16>, tensor<?x32xbf16>)
        outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
    %half = arith.constant 0.5 : f32
    %twice = arith.addf %half, %half : f32
    %y = linalg.generic {indexing_maps = [affine_map<(t, n) -> (t, n)>, affine_map<(t, n) -> (n)>,
                                          affine_map<(t, n) -> (t, n)>],
                         iterator_types = ["parallel", "parallel"]}
        ins(%s, %b : tensor<?x?xf32>, tensor<?xf32>) outs(%e : tensor<?x?xf32>) {
    ^bb0(%x: f32, %z: f32, %unused: f32):
      %sum = arith.addf %x, %z : f32
      %scaled = arith.mulf %sum, %twice : f32
      linalg.yield %scaled : f32
    } -> tensor<?x?xf32>
    dsa.yield %y : tensor<?x?xf32>
  } -> tensor<?x1x64xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x64xi32>, tensor<?x1xi32>
}

// Blocks of keys are for loops to select.
// CHECK-LABEL: func @loops(
func.func @loops(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %t: index, %n: index,
                 %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // CHECK: schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536>)
  dsa.select block = 4 schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// Keys are listed while they are scored, within the bounds of either operation.
// CHECK-LABEL: func @lists(
func.func @lists(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %t: index, %n: index,
                 %i: memref<?x1x64xi32>, %c: memref<?x1xi32>, %v: memref<?x1x64xf32>) {
  // CHECK: schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 16777216, candidates = 320>)
  dsa.select bounds(%lo, %hi : memref<?xi32>, memref<?xi32>) unordered
      schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 16777216, candidates = 320>)
      outs(%i, %c, %v : memref<?x1x64xi32>, memref<?x1xi32>, memref<?x1x64xf32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>)
        schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 2, groups = 4, blocks = 132>)
        outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

// expected-error @+1 {{expected most_rows to be at least 1, but found 0}}
func.func private @rows() attributes {test.a = #dsa_tile.select_schedule<most_rows = 0, most_bytes = 4>}

// -----

// expected-error @+1 {{expected most_bytes to be at least 1, but found -4}}
func.func private @bytes() attributes {test.a = #dsa_tile.select_schedule<most_rows = 1, most_bytes = -4>}

// -----

// expected-error @+1 {{expected unit_rows to be at least 1, but found 0}}
func.func private @unit() attributes {test.a = #dsa_tile.select_schedule<most_rows = 1, most_bytes = 4, unit_rows = 0>}

// -----

func.func @other(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{expected 'dsa.select' for a select_schedule}}
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#dsa_tile.select_schedule<most_rows = 1, most_bytes = 4>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @given(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{select_schedule needs scores that the region of the selection computes}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 1, most_bytes = 4>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>) scores {
    dsa.yield %s : memref<?x?xf32>
  }
  return
}

// -----

func.func @no_keys(%q: memref<?x4x32xbf16>, %k: memref<0x32xbf16>, %t: index,
                   %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{select_schedule needs keys, but there are none}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 1, most_bytes = 4>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t) : memref<?x0xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<0x32xbf16>) outs(%e : memref<?x0xf32>)
    dsa.yield %e : memref<?x0xf32>
  }
  return
}

// -----

// The host, where the loop runs, does not know what memory holds.
func.func @reads(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %f: memref<f32>, %t: index, %m: index,
                 %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{select_schedule cannot serve a region with 'memref.load'}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 1, most_bytes = 4>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %m) : memref<?x?xf32>
    %x = memref.load %f[] : memref<f32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

// What top-k says of its own schedule.
func.func @topk(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %t: index, %m: index,
                %i: memref<?x1x513xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{topk_schedule lists K = 513 keys and a tile, which needs 1025 candidates, but has 1024}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 1, most_bytes = 4,
        topk = <block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>>)
      outs(%i, %n : memref<?x1x513xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %m) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

func.func @bare(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %t: index, %m: index,
                %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{expected 'dsa.topk' for a topk_schedule}}
  dsa.select schedule(#dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %m) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

// expected-error @+1 {{expected concurrent to be 1 to 64, but found 65}}
#many = #dsa_tile.select_schedule<most_rows = 1, most_bytes = 4, concurrent = 65>

// -----

// expected-error @+1 {{expected no concurrent chunks with candidates, but found 2}}
#both = #dsa_tile.select_schedule<most_rows = 1, most_bytes = 4, candidates = 320, concurrent = 2>

// -----

// expected-error @+1 {{expected candidates to be 0 or a multiple of 4, but found 6}}
func.func private @candidates() attributes {test.a = #dsa_tile.select_schedule<most_rows = 1, most_bytes = 4, candidates = 6>}

// -----

func.func @two_scorers(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %t: index, %n: index,
              %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // expected-error @+1 {{select_schedule with candidates needs one 'dsa.index_scores'}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 16777216, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) 
        outs(%e : memref<?x?xf32>)
    dsa.index_scores<none> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

func.func @narrow(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %t: index, %n: index,
              %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // expected-error @+1 {{select_schedule with candidates needs f32 scores of 'dsa.index_scores' as they are}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 16777216, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf16>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) 
        outs(%e : memref<?x?xf16>)
    dsa.yield %e : memref<?x?xf16>
  }
  return
}

// -----

func.func @bounds(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %t: index, %n: index,
              %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // expected-error @+1 {{select_schedule with candidates needs scores with the bounds of the selection}}
  dsa.select bounds(%lo, %hi : memref<?xi32>, memref<?xi32>) schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 16777216, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) bounds(%hi, %lo : memref<?xi32>, memref<?xi32>)
        outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

func.func @first(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %t: index, %n: index,
              %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // expected-error @+1 {{select_schedule with candidates cannot serve 'window', 'first' or 'block'}}
  dsa.select first = 3 schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 16777216, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) 
        outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

func.func @room(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %t: index, %n: index,
              %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // expected-error @+1 {{select_schedule needs candidates of at least 320, but found 316}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 16777216, candidates = 316>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) 
        outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

func.func @blocks(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %t: index, %n: index,
              %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // expected-error @+1 {{select_schedule with candidates needs a scores_schedule that limits its blocks}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 16777216, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 2, groups = 4, blocks = 0>)
        outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}

// -----

func.func @lists_bytes(%q: memref<?x64x32xbf16>, %k: memref<?x32xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %t: index, %n: index,
              %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  // expected-error @+1 {{needs 10813440 bytes for lists, most_bytes is 10000000}}
  dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 10000000, candidates = 320>)
      outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
    %e = memref.alloc(%t, %n) : memref<?x?xf32>
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x32xbf16>, memref<?x32xbf16>) schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 2, groups = 4, blocks = 132>)
        outs(%e : memref<?x?xf32>)
    dsa.yield %e : memref<?x?xf32>
  }
  return
}
