// What #dsa_tile.transposed_attention_schedule can serve: on some operations, and for some chips.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file | FileCheck %s

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  // CHECK-LABEL: func @legal(
  func.func @legal(%q: memref<?x8x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x512xbf16>, %l: memref<?x8xf32>) {
    // CHECK: dsa.sparse_attention {{.*}} schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132>)
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x576xbf16>, memref<?x576xbf16>) indices(%i : memref<?x1x128xi32>)
        schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132>)
        outs(%o, %l : memref<?x8x512xbf16>, memref<?x8xf32>)
    return
  }

  // CHECK-LABEL: func @range(
  func.func @range(%q: memref<?x8x128xf16>, %k: memref<2x?x2x128xf16>, %v: memref<2x?x2x128xf16>, %seq: memref<?xi32>, %o: memref<?x8x128xf16>, %l: memref<?x8xf32>) {
    // CHECK: dsa.attention {{.*}} schedule(#dsa_tile.transposed_attention_schedule<block_heads = 32, slots = 3, groups = 2>)
    dsa.attention scale = 1.0 ins(%q, %k, %v : memref<?x8x128xf16>, memref<2x?x2x128xf16>, memref<2x?x2x128xf16>) seq(%seq : memref<?xi32>)
        schedule(#dsa_tile.transposed_attention_schedule<block_heads = 32, slots = 3, groups = 2>)
        outs(%o, %l : memref<?x8x128xf16>, memref<?x8xf32>)
    return
  }
}

// -----

// expected-error @+1 {{expected block_heads to be 16 or 32, but found 8}}
func.func private @heads() attributes {test.a = #dsa_tile.transposed_attention_schedule<block_heads = 8, slots = 2, groups = 1>}

// -----

// expected-error @+1 {{expected block_heads to be 16 or 32, but found 64}}
func.func private @many_heads() attributes {test.a = #dsa_tile.transposed_attention_schedule<block_heads = 64, slots = 2, groups = 1>}

// -----

// expected-error @+1 {{expected 1 to 16 slots, but found 0}}
func.func private @no_slots() attributes {test.a = #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 0, groups = 1>}

// -----

// expected-error @+1 {{expected 1 to 16 slots, but found 17}}
func.func private @slots() attributes {test.a = #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 17, groups = 1>}

// -----

// expected-error @+1 {{expected 1 or 2 groups, but found 0}}
func.func private @no_groups() attributes {test.a = #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 0>}

// -----

// expected-error @+1 {{expected 1 or 2 groups, but found 3}}
func.func private @groups() attributes {test.a = #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 3>}

// -----

// expected-error @+1 {{expected 1 to 64 splits, but found -1}}
func.func private @splits() attributes {test.a = #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132, splits = -1>}

// -----

func.func @many_splits(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{transposed_attention_schedule needs at most 2 splits, of 64 keys each, but found 3}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132, splits = 3>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

// expected-error @+1 {{expected blocks to be a multiple of cluster, or 0, but found -1 and 1}}
func.func private @blocks() attributes {test.a = #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = -1>}

// -----

func.func @other_operation(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{expected 'dsa.sparse_attention' or 'dsa.attention' for a transposed_attention_schedule}}
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @element(%q: memref<?x8x64xf32>, %k: memref<?x64xf32>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xf32>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{transposed_attention_schedule needs bf16 or f16, but found 'f32'}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xf32>, memref<?x64xf32>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xf32>, memref<?x8xf32>)
  return
}

// -----

func.func @scale(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{transposed_attention_schedule needs a scale above 0}}
  dsa.sparse_attention scale = 0.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @no_entries(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x0xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{transposed_attention_schedule needs lists of at least 1 entry}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x0xi32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @block(%q: memref<?x8x128xbf16>, %k: memref<?x128xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x128xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{transposed_attention_schedule needs a block of at most 4096 keys that divides 128, or that these divide, but found 24}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x128xbf16>, memref<?x128xbf16>) indices(%i : memref<?x1x128xi32>) block = 24
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x128xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @keys_width(%q: memref<?x8x96xbf16>, %k: memref<?x96xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{transposed_attention_schedule needs keys of a multiple of 64 columns, but found 96}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x96xbf16>, memref<?x96xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @values_width(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{transposed_attention_schedule needs values of a multiple of 128 columns, but found 64}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>)
      schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90">} {
  func.func @no_wgmma(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{transposed_attention_schedule needs wgmma, which sm_90 does not have}}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>) indices(%i : memref<?x1x128xi32>)
        schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1>)
        outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
    return
  }
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @shared_memory(%q: memref<?x8x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x512xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{needs 241984 bytes of shared memory, sm_90a has 232448}}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x576xbf16>, memref<?x576xbf16>) indices(%i : memref<?x1x128xi32>)
        schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 3, groups = 1>)
        outs(%o, %l : memref<?x8x512xbf16>, memref<?x8xf32>)
    return
  }
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @registers(%q: memref<?x8x960xbf16>, %k: memref<?x960xbf16>, %i: memref<?x1x128xi32>, %o: memref<?x8x960xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{needs 328 registers a thread, 1 groups have 240}}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x960xbf16>, memref<?x960xbf16>) indices(%i : memref<?x1x128xi32>)
        schedule(#dsa_tile.transposed_attention_schedule<block_heads = 32, slots = 1, groups = 1>)
        outs(%o, %l : memref<?x8x960xbf16>, memref<?x8xf32>)
    return
  }
}
