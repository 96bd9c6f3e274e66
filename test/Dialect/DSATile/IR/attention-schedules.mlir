// What #dsa_tile.attention_schedule can serve: on some operations, and for some chips.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file | FileCheck %s

// CHECK-LABEL: func @legal(
func.func @legal(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // CHECK: dsa.attention {{.*}} schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>)
      schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

// 16 columns, values wider than keys.
// CHECK-LABEL: func @narrow(
func.func @narrow(%q: memref<?x8x16xbf16>, %k: memref<?x16xbf16>, %v: memref<?x256xbf16>, %o: memref<?x8x256xbf16>, %l: memref<?x8xf32>) {
  // CHECK: dsa.attention {{.*}} schedule(#dsa_tile.attention_schedule<block_keys = 256, slots = 16, groups = 3>)
  dsa.attention scale = 1.0 ins(%q, %k, %v : memref<?x8x16xbf16>, memref<?x16xbf16>, memref<?x256xbf16>)
      schedule(#dsa_tile.attention_schedule<block_keys = 256, slots = 16, groups = 3>)
      outs(%o, %l : memref<?x8x256xbf16>, memref<?x8xf32>)
  return
}

// -----

// expected-error @+1 {{expected block_keys to be a multiple of 16 in [16, 256], but found 0}}
func.func private @no_keys() attributes {test.a = #dsa_tile.attention_schedule<block_keys = 0, slots = 2, groups = 2>}

// -----

// expected-error @+1 {{expected block_keys to be a multiple of 16 in [16, 256], but found 40}}
func.func private @keys() attributes {test.a = #dsa_tile.attention_schedule<block_keys = 40, slots = 2, groups = 2>}

// -----

// expected-error @+1 {{expected block_keys to be a multiple of 16 in [16, 256], but found 272}}
func.func private @many_keys() attributes {test.a = #dsa_tile.attention_schedule<block_keys = 272, slots = 2, groups = 2>}

// -----

// expected-error @+1 {{expected 1 to 16 slots, but found 0}}
func.func private @no_slots() attributes {test.a = #dsa_tile.attention_schedule<block_keys = 64, slots = 0, groups = 2>}

// -----

// expected-error @+1 {{expected 1 to 16 slots, but found 17}}
func.func private @slots() attributes {test.a = #dsa_tile.attention_schedule<block_keys = 64, slots = 17, groups = 2>}

// -----

// expected-error @+1 {{expected 1 to 3 groups, but found 0}}
func.func private @no_groups() attributes {test.a = #dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 0>}

// -----

// expected-error @+1 {{expected 1 to 3 groups, but found 4}}
func.func private @groups() attributes {test.a = #dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 4>}

// -----

func.func @other_operation(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{expected 'dsa.attention' for an attention_schedule}}
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @seq(%q: memref<?x8x64xbf16>, %k: memref<2x?x64xbf16>, %seq: memref<?xi32>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{attention_schedule cannot serve 'seq'}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<2x?x64xbf16>) seq(%seq : memref<?xi32>)
      schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @element(%q: memref<?x8x64xf32>, %k: memref<?x64xf32>, %o: memref<?x8x64xf32>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{attention_schedule needs bf16 or f16, but found 'f32'}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x8x64xf32>, memref<?x64xf32>)
      schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x64xf32>, memref<?x8xf32>)
  return
}

// -----

func.func @scale(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{attention_schedule needs a scale above 0}}
  dsa.attention scale = 0.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>)
      schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @keys_width(%q: memref<?x8x96xbf16>, %k: memref<?x96xbf16>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{attention_schedule needs keys of 16, 32 or a multiple of 64 up to 256 columns, but found 96}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x8x96xbf16>, memref<?x96xbf16>)
      schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @wide_keys(%q: memref<?x8x320xbf16>, %k: memref<?x320xbf16>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{attention_schedule needs keys of 16, 32 or a multiple of 64 up to 256 columns, but found 320}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x8x320xbf16>, memref<?x320xbf16>)
      schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
  return
}

// -----

func.func @values_width(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %o: memref<?x8x48xbf16>, %l: memref<?x8xf32>) {
  // expected-error @+1 {{attention_schedule needs values of 16, 32 or a multiple of 64 up to 256 columns, but found 48}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>)
      schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
      outs(%o, %l : memref<?x8x48xbf16>, memref<?x8xf32>)
  return
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90">} {
  func.func @no_wgmma(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{attention_schedule needs wgmma, which sm_90 does not have}}
    dsa.attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>)
        schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 2>)
        outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
    return
  }
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @shared_memory(%q: memref<?x8x64xbf16>, %k: memref<?x64xbf16>, %o: memref<?x8x64xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{needs 279056 bytes of shared memory, sm_90a has 232448}}
    dsa.attention scale = 1.0 ins(%q, %k : memref<?x8x64xbf16>, memref<?x64xbf16>)
        schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 16, groups = 2>)
        outs(%o, %l : memref<?x8x64xbf16>, memref<?x8xf32>)
    return
  }
}

// -----

// 64 sums of values, 88 for scores and weights and 20 for those of the tile before.
module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @registers(%q: memref<?x8x128xbf16>, %o: memref<?x8x128xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{needs 164 registers a thread, 3 groups have 160}}
    dsa.attention scale = 1.0 ins(%q, %q : memref<?x8x128xbf16>, memref<?x8x128xbf16>)
        schedule(#dsa_tile.attention_schedule<block_keys = 96, slots = 1, groups = 3, delay = true>)
        outs(%o, %l : memref<?x8x128xbf16>, memref<?x8xf32>)
    return
  }
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @product_registers(%q: memref<?x8x64xbf16>, %v: memref<?x8x256xbf16>, %o: memref<?x8x256xbf16>, %l: memref<?x8xf32>) {
    // expected-error @+1 {{needs 158 registers a thread for a product of 256 columns, threads of 3 groups begin with 128}}
    dsa.attention scale = 1.0 ins(%q, %q, %v : memref<?x8x64xbf16>, memref<?x8x64xbf16>, memref<?x8x256xbf16>)
        schedule(#dsa_tile.attention_schedule<block_keys = 16, slots = 1, groups = 3>)
        outs(%o, %l : memref<?x8x256xbf16>, memref<?x8xf32>)
    return
  }
}
