// RUN: dsa-opt %s -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func @legal(
func.func @legal(%s: tensor<?x3x?xbf16>, %lo: tensor<?xi32>, %hi: tensor<?xi32>, %p: tensor<?xi32>,
                 %i: tensor<?x3x8192xi32>, %n: tensor<?x3xi32>)
    -> (tensor<?x3x8192xi32>, tensor<?x3xi32>) {
  // CHECK: schedule(#dsa_tile.topk_schedule<block_keys = 4096, candidates = 16384, sample = 2048, bins = 2048, groups = 4>)
  %r:2 = dsa.topk ins(%s : tensor<?x3x?xbf16>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      positions(%p : tensor<?xi32>) window = [3, 4] first = 2 unordered
      schedule(#dsa_tile.topk_schedule<block_keys = 4096, candidates = 16384, sample = 2048, bins = 2048, groups = 4>)
      outs(%i, %n : tensor<?x3x8192xi32>, tensor<?x3xi32>) -> tensor<?x3x8192xi32>, tensor<?x3xi32>
  return %r#0, %r#1 : tensor<?x3x8192xi32>, tensor<?x3xi32>
}

// -----

// expected-error @+1 {{expected 1 to 7 warpgroups that compute, but found 8 x 1}}
func.func private @groups() attributes {test.a = #dsa_tile.topk_schedule<block_keys = 4096, candidates = 8192, sample = 4096, bins = 4096, groups = 8>}

// -----

// expected-error @+1 {{expected block_keys to be a multiple of 1024 (4 for each thread), up to 8192, but found 512}}
func.func private @block_keys() attributes {test.a = #dsa_tile.topk_schedule<block_keys = 512, candidates = 8192, sample = 4096, bins = 2048, groups = 2>}

// -----

// expected-error @+1 {{expected sample to be a multiple of 512 (4 for each thread), up to 4096, but found 8192}}
func.func private @sample() attributes {test.a = #dsa_tile.topk_schedule<block_keys = 512, candidates = 8192, sample = 8192, bins = 2048, groups = 1>}

// -----

// expected-error @+1 {{expected bins to be a multiple of 2048 (4 for each thread), up to 16384, but found 1024}}
func.func private @bins() attributes {test.a = #dsa_tile.topk_schedule<block_keys = 4096, candidates = 8192, sample = 4096, bins = 1024, groups = 4>}

// -----

// expected-error @+1 {{expected bins to be a power of 2, but found 1536}}
func.func private @bins_power() attributes {test.a = #dsa_tile.topk_schedule<block_keys = 512, candidates = 8192, sample = 512, bins = 1536, groups = 1>}

// -----

// expected-error @+1 {{expected candidates to be a multiple of block_keys, at least twice as many and sample, but found 4096, 4096 and 4096}}
func.func private @candidates() attributes {test.a = #dsa_tile.topk_schedule<block_keys = 4096, candidates = 4096, sample = 4096, bins = 2048, groups = 4>}

// -----

// expected-error @+1 {{expected candidates to be a multiple of block_keys, at least twice as many and sample, but found 1024, 512 and 2048}}
func.func private @candidates_sample() attributes {test.a = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 2048, bins = 2048, groups = 1>}

// -----

#small = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>

func.func @other(%q: tensor<?x8x32xbf16>, %k: tensor<?x32xbf16>, %s: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // expected-error @+1 {{expected 'dsa.topk' for a topk_schedule}}
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x8x32xbf16>, tensor<?x32xbf16>) schedule(#small)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

// -----

#small = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>

func.func @ids(%s: memref<?x?xf32>, %ids: memref<?x?xi32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{topk_schedule cannot serve lists with 'ids'}}
  dsa.topk ins(%s : memref<?x?xf32>) ids(%ids : memref<?x?xi32>) schedule(#small)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

#small = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>

func.func @blocks(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{topk_schedule cannot serve blocks of keys}}
  dsa.topk ins(%s : memref<?x?xf32>) block = 4 schedule(#small)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

#small = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>

func.func @none(%s: memref<?x?xf32>, %i: memref<?x1x0xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{topk_schedule needs K in [1, 8192], but found 0}}
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#small)
      outs(%i, %n : memref<?x1x0xi32>, memref<?x1xi32>)
  return
}

// -----

#small = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>

func.func @no_room(%s: memref<?x?xf32>, %i: memref<?x1x513xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{topk_schedule lists K = 513 keys and a tile, which needs 1025 candidates, but has 1024}}
  dsa.topk ins(%s : memref<?x?xf32>) schedule(#small)
      outs(%i, %n : memref<?x1x513xi32>, memref<?x1xi32>)
  return
}

// -----

#small = #dsa_tile.topk_schedule<block_keys = 512, candidates = 1024, sample = 512, bins = 512, groups = 1>

func.func @gaps(%s: memref<?x?xf32, strided<[?, 1]>>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{topk_schedule needs memory without gaps, but found 'memref<?x?xf32, strided<[?, 1]>>'}}
  dsa.topk ins(%s : memref<?x?xf32, strided<[?, 1]>>) schedule(#small)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_89", features = "+ptx78">} {
  func.func @shared_memory(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>, %v: memref<?x1x8xf32>) {
    // expected-error @+1 {{needs 106752 bytes of shared memory, sm_89 has 101376}}
    dsa.topk ins(%s : memref<?x?xf32>)
        schedule(#dsa_tile.topk_schedule<block_keys = 4096, candidates = 8192, sample = 4096, bins = 2048, groups = 4>)
        outs(%i, %n, %v : memref<?x1x8xi32>, memref<?x1xi32>, memref<?x1x8xf32>)
    return
  }
}
