// What #dsa_tile.scores_schedule can serve: on some operations, and for some chips.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file | FileCheck %s

// Where nobody has said which chip, a schedule may need what any chip has.
// CHECK-LABEL: func @legal(
// CHECK:         dsa.index_scores<relu> {{.*}} schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 16, groups = 4, blocks = 0>)
// CHECK:         dsa.index_scores<none> {{.*}} schedule(#dsa_tile.scores_schedule<block_rows = 64, split_keys = 64, slots = 1, groups = 2, blocks = 7, ordered = true>)
func.func @legal(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>,
                 %q5: memref<?x5x16xbf16>, %k5: memref<?x16xbf16>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 16, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  dsa.index_scores<none> ins(%q5, %k5 : memref<?x5x16xbf16>, memref<?x16xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 64, split_keys = 64, slots = 1, groups = 2, blocks = 7,
                                         ordered = true>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

// 227 KiB of shared memory hold two buffers of 512 queries and twelve of 64 keys.
// CHECK: module attributes {dsa.target = #nvvm.target<{{.*}}chip = "sm_90a"
module attributes {dsa.target = #nvvm.target<chip = "sm_90a", features = "+ptx80">} {
  // CHECK: func @fits(
  func.func @fits(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
        schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 12, groups = 4, blocks = 132>)
        outs(%s : memref<?x?xf32>)
    return
  }
}

// -----

//===----------------------------------------------------------------------===//
// The attribute itself
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected 1 to 4 groups, but found 0}}
func.func private @no_groups() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 0, blocks = 0>}

// -----

// expected-error @+1 {{expected 1 to 4 groups, but found 5}}
func.func private @groups() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 10, split_keys = 4096, slots = 4, groups = 5, blocks = 0>}

// -----

// expected-error @+1 {{expected block_rows to be a multiple of 8 (two rows a group), but found 0}}
func.func private @no_rows() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 0, split_keys = 4096, slots = 4, groups = 4, blocks = 0>}

// -----

// expected-error @+1 {{expected block_rows to be a multiple of 8 (two rows a group), but found 12}}
func.func private @rows() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 12, split_keys = 4096, slots = 4, groups = 4, blocks = 0>}

// -----

// expected-error @+1 {{expected block_rows to be a multiple of 2 (two rows a group), but found 3}}
func.func private @odd_rows() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 3, split_keys = 4096, slots = 4, groups = 1, blocks = 0>}

// -----

// expected-error @+1 {{expected split_keys to be a multiple of 64, but found 0}}
func.func private @no_split() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 8, split_keys = 0, slots = 4, groups = 4, blocks = 0>}

// -----

// expected-error @+1 {{expected split_keys to be a multiple of 64, but found 96}}
func.func private @split() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 8, split_keys = 96, slots = 4, groups = 4, blocks = 0>}

// -----

// expected-error @+1 {{expected 1 to 16 slots, but found 0}}
func.func private @no_slots() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 0, groups = 4, blocks = 0>}

// -----

// expected-error @+1 {{expected 1 to 16 slots, but found 17}}
func.func private @slots() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 17, groups = 4, blocks = 0>}

// -----

// expected-error @+1 {{expected how many blocks run at a time with whole_rows, but found 0}}
func.func private @turns() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0, whole_rows = true>}

// -----

// expected-error @+1 {{expected blocks to be 0 or more, but found -1}}
func.func private @blocks() attributes {test.a = #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = -1>}

// -----

//===----------------------------------------------------------------------===//
// On an operation
//===----------------------------------------------------------------------===//

func.func @other_operation(%s: memref<?x?xf32>, %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{expected 'dsa.index_scores' for a scores_schedule}}
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @pages(%q: memref<?x64x128xbf16>, %k: memref<?x48x128xbf16>, %table: memref<?xi32>,
                 %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule needs pages of 8, 16, 32 or a multiple of 64 keys, but found 48}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x48x128xbf16>) table(%table : memref<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @small_pages(%q: memref<?x64x128xbf16>, %k: memref<?x4x128xbf16>, %table: memref<?xi32>,
                       %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule needs pages of 8, 16, 32 or a multiple of 64 keys, but found 4}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x4x128xbf16>) table(%table : memref<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @unaligned_pages(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x64x128xf8E4M3FN, strided<[8200, 128, 1]>>,
                           %table: memref<?xi32>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule needs rows of keys without gaps, and pages at multiples of 16 bytes, but found 'memref<?x64x128xf8E4M3FN, strided<[8200, 128, 1]>>'}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x64x128xf8E4M3FN, strided<[8200, 128, 1]>>)
      table(%table : memref<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @elements(%q: memref<?x64x128xf32>, %k: memref<?x128xf32>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule needs q and k of f8E4M3FN, bf16 or f16, but found 'f32'}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf32>, memref<?x128xf32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @narrow(%q: memref<?x64x8xf16>, %k: memref<?x8xf16>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule needs keys of 32, 64 or a multiple of 128 bytes, but found 16}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x8xf16>, memref<?x8xf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @width(%q: memref<?x64x96xf8E4M3FN>, %k: memref<?x96xf8E4M3FN>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule needs keys of 32, 64 or a multiple of 128 bytes, but found 96}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x96xf8E4M3FN>, memref<?x96xf8E4M3FN>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @wide(%q: memref<?x64x96xbf16>, %k: memref<?x96xbf16>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule needs keys of 32, 64 or a multiple of 128 bytes, but found 192}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x96xbf16>, memref<?x96xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @columns(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule has 6 x 64 columns (rows x heads) for a warpgroup, but a product has at most 256}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 24, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @padded_heads(%q: memref<?x121x32xbf16>, %k: memref<?x32xbf16>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule has 4 x 128 columns (rows x heads) for a warpgroup, but a product has at most 256}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x121x32xbf16>, memref<?x32xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 12, split_keys = 4096, slots = 4, groups = 3, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @heads(%q: memref<?x257x32xbf16>, %k: memref<?x32xbf16>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule has 2 x 264 columns (rows x heads) for a warpgroup, but a product has at most 256}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x257x32xbf16>, memref<?x32xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 4096, slots = 4, groups = 1, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @registers(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{needs 200 registers a thread, 4 groups have 112}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 16, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

// Sums of 16 rows beside products of 128 columns, and their bounds.
func.func @rows(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{needs 114 registers a thread, 4 groups have 112}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 64, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @bounds(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %b: memref<?xi32>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{needs 124 registers a thread, 4 groups have 112}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) bounds(%b, %b : memref<?xi32>, memref<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 64, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @split_relu(%q: memref<?x256x32xbf16>, %k: memref<?x32xbf16>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule has 2 x 260 columns (rows x heads) for a warpgroup, but a product has at most 256}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x256x32xbf16>, memref<?x32xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = 4096, slots = 4, groups = 1, blocks = 0, split_relu = true>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @linear(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %terms: memref<?x3x128xbf16>,
                  %scales: memref<?x3xf32>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule needs 4 terms of 'linear', but found 3}}
  dsa.index_scores<half_abs> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>)
      linear(%terms, %scales : memref<?x3x128xbf16>, memref<?x3xf32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

func.func @huge_rows(%q: memref<?x4x32xbf16>, %k: memref<?x32xbf16>, %s: memref<?x?xf32>) {
  // expected-error @+1 {{scores_schedule has 4611686018427387904 x 8 columns (rows x heads) for a warpgroup, but a product has at most 256}}
  dsa.index_scores<relu> ins(%q, %k : memref<?x4x32xbf16>, memref<?x32xbf16>)
      schedule(#dsa_tile.scores_schedule<block_rows = 4611686018427387904, split_keys = 4096, slots = 4, groups = 1, blocks = 0>)
      outs(%s : memref<?x?xf32>)
  return
}

// -----

// On tensors too.
func.func @tensors(%q: tensor<?x4x32xf32>, %k: tensor<?x32xf32>, %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // expected-error @+1 {{scores_schedule needs q and k of f8E4M3FN, bf16 or f16, but found 'f32'}}
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x32xf32>, tensor<?x32xf32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

// -----

//===----------------------------------------------------------------------===//
// For a chip
//===----------------------------------------------------------------------===//

module attributes {dsa.target = #nvvm.target<chip = "sm_90">} {
  func.func @no_wgmma(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
    // expected-error @+1 {{scores_schedule needs wgmma, which sm_90 does not have}}
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
        schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
        outs(%s : memref<?x?xf32>)
    return
  }
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_100a">} {
  func.func @later_chip(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
    // expected-error @+1 {{scores_schedule needs wgmma, which sm_100a does not have}}
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
        schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 4, groups = 4, blocks = 0>)
        outs(%s : memref<?x?xf32>)
    return
  }
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @shared_memory(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
    // expected-error @+1 {{needs 237808 bytes of shared memory, sm_90a has 232448}}
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
        schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 13, groups = 4, blocks = 0>)
        outs(%s : memref<?x?xf32>)
    return
  }
}
