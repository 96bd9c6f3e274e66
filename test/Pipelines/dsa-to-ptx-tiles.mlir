// Scores for sm_90a: kernels on tiles, of several numbers of heads, widths and element types.

// RUN: rm -rf %t && mkdir %t
// RUN: dsa-compile %s --target sm_90a --no-tuned -o %t/x.ptx --launch %t/x.json
// RUN: %python %S/Inputs/count_instructions.py %t/x.ptx | FileCheck %s
// RUN: %check_record %t/x.json --ptx %t/x.ptx | FileCheck %s --check-prefix=RECORD
// RECORD: ok: 7 functions, 11 launches

// Nothing from elsewhere, and no memory of a thread's own: what a channel has come to is in
// registers.
// RUN: FileCheck %s --check-prefix=PTX --implicit-check-not=call --implicit-check-not=.local --implicit-check-not=__nv_ < %t/x.ptx
// PTX:     .target sm_90a
// PTX:     .extern .shared .align 1024 .b8 dsa_tile_shared[];
// PTX-NOT: .extern
// PTX-DAG: .entry bounds_0(
// PTX-DAG: .entry bounds_tiles_0(
// PTX-DAG: .param .align 64 .b8 bounds_tiles_0_param_{{[0-9]+}}[128]

// A schedule for tiles is chosen where the operation has none.

// Each instruction once: code of products may be neither duplicated nor moved into branches.
// 32 bytes of a row for each product; one wait of each role for keys and one for queries;
// a copy for each 128 bytes of a row.
// CHECK:      bounds_tiles_0: 640 threads, 4 products, 1 groups, 1 waits for products, 2 copies, 16 barriers, 4 waits, 1 turns, inc {{[0-9]+}}, dec {{[0-9]+}}
// CHECK-NEXT: bytes_tiles_0: 640 threads, 4 products, 1 groups, 1 waits for products, 2 copies, {{[0-9]+}} barriers, 4 waits,
// CHECK-NEXT: five_heads_tiles_0: {{[0-9]+}} threads, 2 products, 1 groups, 1 waits for products, 2 copies, {{[0-9]+}} barriers, 4 waits,
// CHECK-NEXT: half_tiles_0: {{[0-9]+}} threads, 4 products, 1 groups, 1 waits for products, 2 copies, {{[0-9]+}} barriers, 4 waits,
// CHECK-NEXT: narrow_tiles_0: {{[0-9]+}} threads, 1 products, 1 groups, 1 waits for products, 2 copies, {{[0-9]+}} barriers, 4 waits,
// CHECK-NEXT: no_weights_tiles_0: {{[0-9]+}} threads, 2 products, 1 groups, 1 waits for products, 2 copies, {{[0-9]+}} barriers, 4 waits,
// CHECK-NEXT: wide_tiles_0: {{[0-9]+}} threads, 8 products, 1 groups, 1 waits for products, 4 copies, {{[0-9]+}} barriers, 4 waits,{{.*}}
// CHECK-NOT:  {{.}}

func.func @bytes(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %w: tensor<?x64xf32>,
    %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6,
          groups = 4, blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @bounds(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %w: tensor<?x64xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>,
    %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6,
          groups = 4, blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @wide(%q: tensor<?x64x128xbf16>, %k: tensor<?x128xbf16>, %w: tensor<?x64xf32>,
    %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xbf16>, tensor<?x128xbf16>)
      weights(%w : tensor<?x64xf32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @half(%q: tensor<?x32x64xf16>, %k: tensor<?x64xf16>, %w: tensor<?x32xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>,
    %init: tensor<?x?xbf16>) -> tensor<?x?xbf16> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x32x64xf16>, tensor<?x64xf16>)
      weights(%w : tensor<?x32xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xbf16>) -> tensor<?x?xbf16>
  return %s : tensor<?x?xbf16>
}

func.func @narrow(%q: tensor<?x32x32xf8E4M3FN>, %k: tensor<?x32xf8E4M3FN>, %w: tensor<?x32xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>,
    %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x32x32xf8E4M3FN>, tensor<?x32xf8E4M3FN>)
      weights(%w : tensor<?x32xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6,
          groups = 2, blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @five_heads(%q: tensor<?x5x32xbf16>, %k: tensor<?x32xbf16>, %w: tensor<?x5xf32>,
    %lo: tensor<?xi32>, %hi: tensor<?xi32>,
    %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x5x32xbf16>, tensor<?x32xbf16>)
      weights(%w : tensor<?x5xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

func.func @no_weights(%q: tensor<?x5x64xf8E4M3FN>, %k: tensor<?x64xf8E4M3FN>,
    %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<none> ins(%q, %k : tensor<?x5x64xf8E4M3FN>, tensor<?x64xf8E4M3FN>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
