// What #dsa_tile.sparse_attention_schedule can serve: on some operations, and for some chips.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file | FileCheck %s

// CHECK-LABEL: func @legal(
func.func @legal(%q: memref<?x8x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x512xbf16>, %l: memref<?x8xf32>) {
  // CHECK: dsa.sparse_attention {{.*}} schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2>)
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x576xbf16>, memref<?x576xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x512xbf16>, memref<?x8xf32>)
  return
}

// -----

// 130 heads are three blocks of 64, the last one padded.
// CHECK-LABEL: func @padded_cluster(
func.func @padded_cluster(%q: memref<?x130x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x130x64xbf16>, %l: memref<?x130xf32>) {
  // CHECK: dsa.sparse_attention {{.*}} cluster = 3, blocks = 132>)
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x130x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1, cluster = 3, blocks = 132>)
      outs(%o, %l : memref<?x130x64xbf16>, memref<?x130xf32>)
  return
}

// -----

// What warpgroups pass on fits beside the buffers, of two tiles: each 8192 bytes of weights and two
// vectors of 64. Of queries, those columns lie there that are values.
module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  // CHECK-LABEL: func @split(
  func.func @split(%q: memref<?x128x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x128x512xbf16>, %l: memref<?x128xf32>) {
    // CHECK: dsa.sparse_attention {{.*}} split = true, cluster = 2>)
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x128x576xbf16>, memref<?x576xbf16>) indices(%i : memref<?x1x128xi32>)
        schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, cluster = 2>)
        outs(%o, %l : memref<?x128x512xbf16>, memref<?x128xf32>)
    return
  }
}

// -----

// expected-error @+1 {{expected block_keys to be a multiple of 16 in [16, 128], but found 0}}
func.func private @no_keys() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 0, slots = 2, groups = 2>}

// -----

// expected-error @+1 {{expected block_keys to be a multiple of 16 in [16, 128], but found 40}}
func.func private @keys() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 40, slots = 2, groups = 2>}

// -----

// expected-error @+1 {{expected block_keys to be a multiple of 16 in [16, 128], but found 144}}
func.func private @many_keys() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 144, slots = 2, groups = 2>}

// -----

// expected-error @+1 {{expected 1 to 16 slots, but found 0}}
func.func private @no_slots() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 0, groups = 2>}

// -----

// expected-error @+1 {{expected 1 to 16 slots, but found 17}}
func.func private @slots() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 17, groups = 2>}

// -----

// expected-error @+1 {{expected 1 or 2 groups, but found 0}}
func.func private @no_groups() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 0>}

// -----

// expected-error @+1 {{expected 1 or 2 groups, but found 3}}
func.func private @groups() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 3>}

// -----

// expected-error @+1 {{expected 2 groups for split, but found 1}}
func.func private @split_alone() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1, split = true>}

// -----

// expected-error @+1 {{expected split for in_turn}}
func.func private @turns_alone() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, in_turn = true>}

// -----

// expected-error @+1 {{expected clusters of 1 to 8 blocks, but found 0}}
func.func private @no_cluster() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, cluster = 0>}

// -----

// expected-error @+1 {{expected clusters of 1 to 8 blocks, but found 9}}
func.func private @cluster() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, cluster = 9>}

// -----

// expected-error @+1 {{expected blocks to be a multiple of cluster, or 0, but found -2 and 2}}
func.func private @negative_blocks() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, cluster = 2, blocks = -2>}

// -----

// expected-error @+1 {{expected blocks to be a multiple of cluster, or 0, but found 131 and 2}}
func.func private @blocks() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, cluster = 2, blocks = 131>}

// -----

// expected-error @+1 {{expected 1 to 64 splits, but found 0}}
func.func private @no_splits() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, blocks = 132, splits = 0>}

// -----

// expected-error @+1 {{expected 1 to 64 splits, but found 65}}
func.func private @splits() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, blocks = 132, splits = 65>}

// -----

// expected-error @+1 {{expected blocks for 2 splits}}
func.func private @endless_splits() attributes {test.a = #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, splits = 2>}

// -----

func.func @other_operation(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{expected 'dsa.sparse_attention' or 'dsa.attention' for a sparse_attention_schedule}}
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

// Heads and sequences of keys, several lists, values apart and blocks of keys are served.
// CHECK-LABEL: func @all_clauses(
func.func @all_clauses(%q: memref<?x128x192xbf16>, %k: memref<2x?x2x192xbf16>, %v: memref<2x?x2x128xbf16>, %i: memref<?x2x128xi32>,
                       %n: memref<?x2xi32>, %seq: memref<?xi32>, %sink: memref<128xf32>, %o: memref<?x128x128xbf16>, %l: memref<?x128xf32>) {
  // CHECK: dsa.sparse_attention {{.*}} schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, split = true>)
  dsa.sparse_attention scale = 1.0 ins(%q, %k, %v : memref<?x128x192xbf16>, memref<2x?x2x192xbf16>, memref<2x?x2x128xbf16>)
      indices(%i : memref<?x2x128xi32>) lengths(%n : memref<?x2xi32>) seq(%seq : memref<?xi32>) sink(%sink : memref<128xf32>)
      block = 16 schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, split = true>)
      outs(%o, %l : memref<?x128x128xbf16>, memref<?x128xf32>)
  return
}

// -----

// Tiles in turn, where keys are values.
// CHECK-LABEL: func @in_turn(
func.func @in_turn(%q: memref<?x128x512xbf16>, %k: memref<?x512xbf16>, %i: memref<?x1x1024xi32>, %o: memref<?x128x512xbf16>, %l: memref<?x128xf32>) {
  // CHECK: dsa.sparse_attention {{.*}} schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, in_turn = true, cluster = 2>)
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x128x512xbf16>, memref<?x512xbf16>) indices(%i : memref<?x1x1024xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, in_turn = true, cluster = 2>)
      outs(%o, %l : memref<?x128x512xbf16>, memref<?x128xf32>)
  return
}

// -----

func.func @in_turn_columns(%q: memref<?x64x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x1024xi32>, %o: memref<?x64x512xbf16>, %l: memref<?x64xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs keys all of whose columns are values for in_turn, but found 576 columns, and 512 of values}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x64x576xbf16>, memref<?x576xbf16>) indices(%i : memref<?x1x1024xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, in_turn = true>)
      outs(%o, %l : memref<?x64x512xbf16>, memref<?x64xf32>)
  return
}

// -----

func.func @in_turn_values(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %v: memref<?x128xbf16>, %i: memref<?x1x1024xi32>, %o: memref<?x64x128xbf16>, %l: memref<?x64xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs keys all of whose columns are values for in_turn, but found 128 columns, and 128 of V}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k, %v : memref<?x64x128xbf16>, memref<?x128xbf16>, memref<?x128xbf16>) indices(%i : memref<?x1x1024xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, in_turn = true>)
      outs(%o, %l : memref<?x64x128xbf16>, memref<?x64xf32>)
  return
}

// -----

// So are ranges of keys, which are lists then.
// CHECK-LABEL: func @range(
func.func @range(%q: memref<?x64x576xbf16>, %k: memref<?x576xbf16>, %lo: memref<?xi32>, %hi: memref<?xi32>, %o: memref<?x64x512xbf16>, %l: memref<?x64xf32>) {
  // CHECK: dsa.attention {{.*}} schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true>)
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x64x576xbf16>, memref<?x576xbf16>) bounds(%lo, %hi : memref<?xi32>, memref<?xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true>)
      outs(%o, %l : memref<?x64x512xbf16>, memref<?x64xf32>)
  return
}

// -----

func.func @block(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs a block of at most 4096 keys that divides 64, or that these divide, but found 24}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>) block = 24
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @large_block(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs a block of at most 4096 keys that divides 64, or that these divide, but found 8192}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>) block = 8192
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @no_entries(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x0xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs lists of at least 1 entry}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x0xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @element(%q: memref<?x8x64xf32>, %k: memref<?x64xf32>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xf32>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs bf16 or f16, but found 'f32'}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xf32>, memref<?x64xf32>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xf32>, memref<?x8xf32>)
  return
}

// -----

func.func @scale(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs a scale above 0}}
  dsa.sparse_attention scale = 0.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @keys_width(%q: memref<?x8x96xbf16>, %k: memref<?x96xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs keys of a multiple of 64 columns, but found 96}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x96xbf16>, memref<?x96xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @values_width(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs values of a multiple of 128 columns, but found 64}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @wide_values(%q: memref<?x8x320xbf16>, %k: memref<?x320xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x320xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs values of at most 256 columns, but found 320}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x320xbf16>, memref<?x320xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x320xbf16>, memref<?x8xf32>)
  return
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90">} {
  func.func @no_wgmma(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{sparse_attention_schedule needs wgmma, which sm_90 does not have}}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>)
        schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1>)
        outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
    return
  }
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @shared_memory(%q: memref<?x8x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x512xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{needs 294976 bytes of shared memory, sm_90a has 232448}}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x576xbf16>, memref<?x576xbf16>) indices(%i : memref<?x1x128xi32>)
        schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 3, groups = 2>)
        outs(%o, %l : memref<?x8x512xbf16>, memref<?x8xf32>)
    return
  }
}

// -----

func.func @cluster_of_heads(%q: memref<?x130x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x130x64xbf16>, %l: memref<?x130xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs clusters that divide 3 blocks of heads, but found 2}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x130x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 1, cluster = 2>)
      outs(%o, %l : memref<?x130x64xbf16>, memref<?x130xf32>)
  return
}

// -----

// Without what warpgroups pass on, 229600 bytes would do.
module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @handoff_memory(%q: memref<?x8x384xbf16>, %k: memref<?x384xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x256xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{needs 248032 bytes of shared memory, sm_90a has 232448}}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x384xbf16>, memref<?x384xbf16>) indices(%i : memref<?x1x128xi32>)
        schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, split = true>)
        outs(%o, %l : memref<?x8x256xbf16>, memref<?x8xf32>)
    return
  }
}

// -----

// Values apart from keys have buffers of their own: 24,576 bytes for queries, and three slots for two
// tiles of 40,960 bytes each.
module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @values_memory(%q: memref<?x64x192xbf16>, %k: memref<?x192xbf16>, %v: memref<?x128xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x64x128xbf16>, %l: memref<?x64xf32>) {
    // expected-error @+1 {{needs 289072 bytes of shared memory, sm_90a has 232448}}
    dsa.sparse_attention scale = 1.0 ins(%q, %k, %v : memref<?x64x192xbf16>, memref<?x192xbf16>, memref<?x128xbf16>) indices(%i : memref<?x1x128xi32>)
        schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 3, groups = 2, split = true>)
        outs(%o, %l : memref<?x64x128xbf16>, memref<?x64xf32>)
    return
  }
}

// -----

// Of 300 entries, three pairs of tiles.
// CHECK-LABEL: func @three_splits(
func.func @three_splits(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %i: memref<?x1x300xi32>, %o: memref<?x64x128xbf16>, %l: memref<?x64xf32>) {
  // CHECK: dsa.sparse_attention {{.*}} split = true, blocks = 132, splits = 3>)
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) indices(%i : memref<?x1x300xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, blocks = 132, splits = 3>)
      outs(%o, %l : memref<?x64x128xbf16>, memref<?x64xf32>)
  return
}

// -----

func.func @four_splits(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %i: memref<?x1x300xi32>, %o: memref<?x64x128xbf16>, %l: memref<?x64xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs at most 3 splits, of 128 keys each, but found 4}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) indices(%i : memref<?x1x300xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, blocks = 132, splits = 4>)
      outs(%o, %l : memref<?x64x128xbf16>, memref<?x64xf32>)
  return
}

// -----

func.func @few_blocks(%q: memref<?x128x128xbf16>, %k: memref<?x128xbf16>, %i: memref<?x1x300xi32>, %o: memref<?x128x128xbf16>, %l: memref<?x128xf32>) {
  // expected-error @+1 {{sparse_attention_schedule needs at least 2 blocks for splits, one for each block of heads, but found 1}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x128x128xbf16>, memref<?x128xbf16>) indices(%i : memref<?x1x300xi32>)
      schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, blocks = 1, splits = 2>)
      outs(%o, %l : memref<?x128x128xbf16>, memref<?x128xf32>)
  return
}
