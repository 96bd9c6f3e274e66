// The messages of the verifiers of selections, and the note at the second location
// where there is one.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file

//===----------------------------------------------------------------------===//
// topk
//===----------------------------------------------------------------------===//

func.func @topk_one_destination(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>) {
  // expected-error @below {{'dsa.topk' op expected 2 to 3 destinations (indices, count, values), but found 1}}
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i : memref<?x1x4xi32>)
  return
}

// -----

func.func @topk_no_destination(%s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.topk' op expected 2 to 3 destinations (indices, count, values), but found 0}}
  "dsa.topk"(%s) <{operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0>}> : (memref<?x?xf32>) -> ()
  return
}

// -----

func.func @scores_bytes(%s: memref<2147483648x2x2147483648xbf16>, %i: memref<?x2x4xi32>, %n: memref<?x2xi32>) {
  // expected-error @below {{'dsa.topk' op expected 'scores' to have fewer than 2^63 bytes, but found 'memref<2147483648x2x2147483648xbf16>'}}
  dsa.topk ins(%s : memref<2147483648x2x2147483648xbf16>) outs(%i, %n : memref<?x2x4xi32>, memref<?x2xi32>)
  return
}

// -----

// As many rows, without keys, have no bytes.
func.func @scores_no_bytes(%s: memref<4611686018427387904x0xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<4611686018427387904x0xf32>) outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @scores_rank(%s: memref<?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected 'scores' of shape [T, G, N], but found rank 1}}
  dsa.topk ins(%s : memref<?xf32>) outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @scores_of_groups(%s: memref<?x?xf32>, %i: memref<?x2x4xi32>, %n: memref<?x2xi32>) {
  // expected-error @below {{'dsa.topk' op expected 'scores' of shape [T, G, N] for G = 2, but found rank 2}}
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x2x4xi32>, memref<?x2xi32>)
  return
}

// -----

func.func @indices_rank(%s: memref<?x?xf32>, %i: memref<?x4xi32>, %n: memref<?xi32>) {
  // expected-error @below {{'dsa.topk' op expected 'indices' of shape [T, G, K], but found rank 2}}
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x4xi32>, memref<?xi32>)
  return
}

// -----

func.func @dynamic_k(%s: memref<?x?xf32>, %i: memref<?x1x?xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected dimension 2 of 'indices' (K) to be static}}
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x?xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @dynamic_groups(%s: memref<?x?x?xf32>, %i: memref<?x?x4xi32>, %n: memref<?x?xi32>) {
  // expected-error @below {{'dsa.topk' op expected dimension 1 of}}
  dsa.topk ins(%s : memref<?x?x?xf32>) outs(%i, %n : memref<?x?x4xi32>, memref<?x?xi32>)
  return
}

// -----

// Destinations other than the indices do not make up for them.
func.func @dynamic_k_of_indices(%s: memref<?x?xf32>, %i: memref<?x1x?xi32>, %n: memref<?x1xi32>, %v: memref<?x1x4xf32>) {
  // expected-error @below {{'dsa.topk' op expected dimension 2 of 'indices' (K) to be static}}
  dsa.topk ins(%s : memref<?x?xf32>) first = 2
      outs(%i, %n, %v : memref<?x1x?xi32>, memref<?x1xi32>, memref<?x1x4xf32>)
  return
}

// -----

func.func @indices_type(%s: memref<?x?xf32>, %i: memref<?x1x4xf32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected 'indices' to have element type 'i32', but found 'f32'}}
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x4xf32>, memref<?x1xi32>)
  return
}

// -----

func.func @count_type(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xf32>) {
  // expected-error @below {{'dsa.topk' op expected 'count' to have element type 'i32', but found 'f32'}}
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x4xi32>, memref<?x1xf32>)
  return
}

// -----

// expected-note @below {{'scores' is 'memref<?x?xf32>'}}
func.func @values_type(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>, %v: memref<?x1x4xf16>) {
  // expected-error @below {{'dsa.topk' op expected 'values' to have element type 'f32', as 'scores', but found 'f16'}}
  dsa.topk ins(%s : memref<?x?xf32>)
      outs(%i, %n, %v : memref<?x1x4xi32>, memref<?x1xi32>, memref<?x1x4xf16>)
  return
}

// -----

// expected-note @below {{'scores' is 'memref<?x7xf32>'}}
func.func @ids(%s: memref<?x7xf32>, %ids: memref<?x8xi32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected dimension 1 of 'ids' to be 7 (N, as in 'scores'), but found 8}}
  dsa.topk ins(%s : memref<?x7xf32>) ids(%ids : memref<?x8xi32>)
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @ids_of_groups(%s: memref<?x2x?xf32>, %ids: memref<?x?xi32>, %i: memref<?x2x4xi32>, %n: memref<?x2xi32>) {
  // expected-error @below {{'dsa.topk' op expected 'ids' of shape [T, G, N], but found rank 2}}
  dsa.topk ins(%s : memref<?x2x?xf32>) ids(%ids : memref<?x?xi32>)
      outs(%i, %n : memref<?x2x4xi32>, memref<?x2xi32>)
  return
}

// -----

func.func @ids_and_block(%s: memref<?x?xf32>, %ids: memref<?x?xi32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op cannot combine block with ids: ids already name what is selected}}
  dsa.topk ins(%s : memref<?x?xf32>) ids(%ids : memref<?x?xi32>) block = 2
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @topk_one_bound(%s: memref<?x?xf32>, %hi: memref<?xi32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected 'lo' and 'hi' together, but found only one}}
  "dsa.topk"(%s, %hi, %i, %n) <{operandSegmentSizes = array<i32: 1, 0, 0, 1, 0, 2>}>
      : (memref<?x?xf32>, memref<?xi32>, memref<?x1x4xi32>, memref<?x1xi32>) -> ()
  return
}

// -----

func.func @window_length(%s: memref<?x?xf32>, %p: memref<?xi32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected window to be two non-negative distances [left, right]}}
  dsa.topk ins(%s : memref<?x?xf32>) positions(%p : memref<?xi32>) window = [1, 0, 0]
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @window_sign(%s: memref<?x?xf32>, %p: memref<?xi32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected window to be two non-negative distances [left, right]}}
  dsa.topk ins(%s : memref<?x?xf32>) positions(%p : memref<?xi32>) window = [1, -1]
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @window_size(%s: memref<?x?xf32>, %p: memref<?xi32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected window distances of at most 2147483647}}
  dsa.topk ins(%s : memref<?x?xf32>) positions(%p : memref<?xi32>) window = [9223372036854775807, 1]
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @window_without_positions(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected 'positions' beside window}}
  dsa.topk ins(%s : memref<?x?xf32>) window = [1, 0]
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @first_sign(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected first in [0, 2147483647], but found -1}}
  dsa.topk ins(%s : memref<?x?xf32>) first = -1 outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @first_size(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected first in [0, 2147483647], but found 2147483648}}
  dsa.topk ins(%s : memref<?x?xf32>) first = 2147483648
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @block_sign(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected block in [1, 2147483647], but found 0}}
  dsa.topk ins(%s : memref<?x?xf32>) block = 0 outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @forced_keys(%s: memref<?x?xf32>, %p: memref<?xi32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected window and first to claim at most K = 4 entries, but they can claim 5}}
  dsa.topk ins(%s : memref<?x?xf32>) positions(%p : memref<?xi32>) window = [1, 1] first = 2
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>)
  return
}

// -----

// Five keys in a row can touch three blocks of four, and the first key one more.
func.func @forced_blocks(%s: memref<?x?xf32>, %p: memref<?xi32>, %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.topk' op expected window and first to claim at most K = 2 entries, but they can claim 3}}
  dsa.topk ins(%s : memref<?x?xf32>) positions(%p : memref<?xi32>) window = [4, 0] first = 1 block = 4
      outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>)
  return
}

//===----------------------------------------------------------------------===//
// select and yield
//===----------------------------------------------------------------------===//

// -----

func.func @select_kinds(%s: memref<?x?xf32>, %lo: tensor<?xi32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.select' op expected all operands to be tensors or all to be memrefs}}
  dsa.select bounds(%lo, %lo : tensor<?xi32>, tensor<?xi32>)
      outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>) scores {
    dsa.yield %s : memref<?x?xf32>
  }
  return
}

// -----

func.func @select_yields_other_kind(%s: tensor<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.select' op expected the scores that its region yields and its destinations to be all tensors or all memrefs}}
  dsa.select outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>) scores {
    dsa.yield %s : tensor<?x?xf32>
  }
  return
}

// -----

func.func @select_destinations(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>) {
  // expected-error @below {{'dsa.select' op expected 2 to 3 destinations (indices, count, values), but found 1}}
  dsa.select outs(%i : memref<?x1x4xi32>) scores {
    dsa.yield %s : memref<?x?xf32>
  }
  return
}

// -----

func.func @select_no_destination(%s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.select' op expected 2 to 3 destinations (indices, count, values), but found 0}}
  "dsa.select"() <{operandSegmentSizes = array<i32: 0, 0, 0, 0>}> ({
    dsa.yield %s : memref<?x?xf32>
  }) : () -> ()
  return
}

// -----

func.func @select_scores(%s: memref<?x?xf32>, %i: memref<?x2x4xi32>, %n: memref<?x2xi32>) {
  // expected-error @below {{'dsa.select' op expected 'scores' of shape [T, G, N] for G = 2, but found rank 2}}
  dsa.select outs(%i, %n : memref<?x2x4xi32>, memref<?x2xi32>) scores {
    dsa.yield %s : memref<?x?xf32>
  }
  return
}

// -----

// expected-note @below {{'scores' is 'memref<5x?xf32>'}}
func.func @select_rows(%s: memref<5x?xf32>, %i: memref<6x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.select' op expected dimension 0 of 'indices' to be 5 (T, as in 'scores'), but found 6}}
  dsa.select outs(%i, %n : memref<6x1x4xi32>, memref<?x1xi32>) scores {
    dsa.yield %s : memref<5x?xf32>
  }
  return
}

// -----

func.func @select_forced_keys(%s: memref<?x?xf32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.select' op expected window and first to claim at most K = 4 entries, but they can claim 5}}
  dsa.select first = 5 outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>) scores {
    dsa.yield %s : memref<?x?xf32>
  }
  return
}

// -----

func.func @select_terminator(%i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.select' op expected its region to end with dsa.yield}}
  dsa.select outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>) scores {
    llvm.unreachable
  }
  return
}

// -----

func.func @select_empty_block(%i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.select' op expects a non-empty block}}
  dsa.select outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>) scores {
  }
  return
}

// -----

func.func @select_empty_region(%i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.select' op region #0 ('scorer') failed to verify constraint: region with 1 blocks}}
  "dsa.select"(%i, %n) <{operandSegmentSizes = array<i32: 0, 0, 0, 2>}> ({
  }) : (memref<?x1x4xi32>, memref<?x1xi32>) -> ()
  return
}

// -----

func.func @select_region_arguments(%i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  // expected-error @below {{'dsa.select' op region should have no arguments}}
  "dsa.select"(%i, %n) <{operandSegmentSizes = array<i32: 0, 0, 0, 2>}> ({
  ^bb0(%s: memref<?x?xf32>):
    dsa.yield %s : memref<?x?xf32>
  }) : (memref<?x1x4xi32>, memref<?x1xi32>) -> ()
  return
}

// -----

func.func @yield_outside(%s: memref<?x?xf32>) {
  // expected-error @below {{'dsa.yield' op expects parent op 'dsa.select'}}
  dsa.yield %s : memref<?x?xf32>
}

// -----

func.func @yield_type(%s: memref<?x?xi32>, %i: memref<?x1x4xi32>, %n: memref<?x1xi32>) {
  dsa.select outs(%i, %n : memref<?x1x4xi32>, memref<?x1xi32>) scores {
    // expected-error @below {{'dsa.yield' op operand #0 must be ranked tensor of 32-bit float or 16-bit float or bfloat16 type values}}
    dsa.yield %s : memref<?x?xi32>
  }
  return
}
