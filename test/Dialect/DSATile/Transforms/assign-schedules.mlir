// RUN: dsa-opt %s -dsa-tile-assign-schedules -split-input-file -verify-diagnostics \
// RUN:   -remarks-filter=dsa-schedule | FileCheck %s
// RUN: dsa-opt %s -dsa-tile-assign-schedules=variants=true -split-input-file | FileCheck %s --check-prefix=VARIANTS

module attributes {dsa.target = #nvvm.target<chip = "sm_90a", features = "+ptx80">} {
  // The default is one that is legal for the shapes: as many rows as give a warpgroup 128
  // columns, fewer warpgroups and buffers where shared memory has no room for more.
  // CHECK-LABEL: func @defaults(
  func.func @defaults(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>,
                      %q5: memref<?x5x32xbf16>, %k5: memref<?x32xbf16>,
                      %wide_q: memref<?x64x256xbf16>, %wide_k: memref<?x256xbf16>) {
    // CHECK: dsa.index_scores
    // CHECK-SAME: schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = {{[0-9]+}}, slots = 6, groups = 4, blocks = 132, ordered = true, split_relu = true, whole_rows = true>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) outs(%s : memref<?x?xf32>)
    // CHECK: dsa.index_scores
    // CHECK-SAME: schedule(#dsa_tile.scores_schedule<block_rows = 48, split_keys = {{[0-9]+}}, slots = 6, groups = 3, blocks = 132, ordered = true, whole_rows = true>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.index_scores<none> ins(%q5, %k5 : memref<?x5x32xbf16>, memref<?x32xbf16>) outs(%s : memref<?x?xf32>)
    // CHECK: dsa.index_scores
    // CHECK-SAME: schedule(#dsa_tile.scores_schedule<block_rows = 2, split_keys = {{[0-9]+}}, slots = 2, groups = 1, blocks = 132, whole_rows = true>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.index_scores<none> ins(%wide_q, %wide_k : memref<?x64x256xbf16>, memref<?x256xbf16>) outs(%s : memref<?x?xf32>)
    return
  }

  // Where linear terms leave no room for heads, relu is not split.
  // CHECK-LABEL: func @many_heads(
  func.func @many_heads(%q: memref<?x128x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
    // CHECK: schedule(#dsa_tile.scores_schedule<block_rows = {{[0-9]+}}, split_keys = {{[0-9]+}}, slots = {{[0-9]+}}, groups = {{[0-9]+}}, blocks = 132{{(, ordered = true)?}}, whole_rows = true>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.index_scores<relu> ins(%q, %k : memref<?x128x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) outs(%s : memref<?x?xf32>)
    return
  }

  // Rows of sequences come a few at a time: blocks have few, and relu is not split.
  // CHECK-LABEL: func @sequences(
  func.func @sequences(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x64x128xf8E4M3FN>, %seq: memref<?xi32>,
                       %table: memref<?x?xi32>, %s: memref<?x?xf32>) {
    // CHECK: schedule(#dsa_tile.scores_schedule<block_rows = 4, split_keys = {{[0-9]+}}, slots = 6, groups = 2, blocks = 132, ordered = true>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x64x128xf8E4M3FN>)
        seq(%seq : memref<?xi32>) table(%table : memref<?x?xi32>) outs(%s : memref<?x?xf32>)
    return
  }

  // What a selection scores has a schedule of its own where all variants of the selection's are of chunks; where
  // one is of loops, it is a part of those.
  // CHECK-LABEL: func @variants(
  func.func @variants(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %t: index, %n: index,
                      %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
    // CHECK: dsa.index_scores
    // CHECK-SAME: schedule(#dsa_tile.scores_schedule<
    dsa.select schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 4>,
          #dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536, unit_rows = 8>>],
        otherwise = #dsa_tile.select_schedule<most_rows = 128, most_bytes = 65536, unit_rows = 8>>)
        outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
      %s = memref.alloc(%t, %n) : memref<?x?xf32>
      // expected-remark @+1 {{takes the default schedule }}
      dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) outs(%s : memref<?x?xf32>)
      dsa.yield %s : memref<?x?xf32>
    }
    // CHECK: dsa.index_scores
    // CHECK-NOT: schedule
    // CHECK: dsa.yield
    dsa.select schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 4>,
          #dsa.loop_schedule<block_rows = 1, block_keys = 64>>],
        otherwise = #dsa_tile.select_schedule<most_rows = 128, most_bytes = 65536, unit_rows = 8>>)
        outs(%i, %c : memref<?x1x64xi32>, memref<?x1xi32>) scores {
      %s = memref.alloc(%t, %n) : memref<?x?xf32>
      dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) outs(%s : memref<?x?xf32>)
      dsa.yield %s : memref<?x?xf32>
    }
    return
  }

  // Two warpgroups divide pairs of tiles, and blocks that share a row are neighbours. Narrower rows
  // leave room for more buffers. Up to 16 programs divide the keys of the last rows, where lists are long.
  // CHECK-LABEL: func @sparse(
  func.func @sparse(%q: memref<?x128x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x2048xi32>,
                    %o: memref<?x128x512xbf16>, %l: memref<?x128xf32>, %narrow_q: memref<?x64x128xbf16>,
                    %narrow_k: memref<?x128xbf16>, %narrow_o: memref<?x64x128xbf16>, %narrow_l: memref<?x64xf32>) {
    // CHECK: dsa.sparse_attention
    // CHECK-SAME: schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, cluster = 2, blocks = 132, splits = 16>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x128x576xbf16>, memref<?x576xbf16>)
        indices(%i : memref<?x1x2048xi32>) outs(%o, %l : memref<?x128x512xbf16>, memref<?x128xf32>)
    // CHECK: dsa.sparse_attention
    // CHECK-SAME: schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 4, groups = 2, split = true, blocks = 132, splits = 16>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.sparse_attention scale = 1.0 ins(%narrow_q, %narrow_k : memref<?x64x128xbf16>, memref<?x128xbf16>)
        indices(%i : memref<?x1x2048xi32>) outs(%narrow_o, %narrow_l : memref<?x64x128xbf16>, memref<?x64xf32>)
    return
  }

  // With one buffer, and lists that are long enough, warpgroups go in turn where all columns are values.
  // CHECK-LABEL: func @in_turn(
  func.func @in_turn(%q: memref<?x64x512xbf16>, %k: memref<?x512xbf16>, %i: memref<?x1x1024xi32>, %short: memref<?x1x1023xi32>,
                     %o: memref<?x64x512xbf16>, %l: memref<?x64xf32>) {
    // CHECK: dsa.sparse_attention
    // CHECK-SAME: schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, in_turn = true, blocks = 132, splits = 8>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x64x512xbf16>, memref<?x512xbf16>)
        indices(%i : memref<?x1x1024xi32>) outs(%o, %l : memref<?x64x512xbf16>, memref<?x64xf32>)
    // CHECK: dsa.sparse_attention
    // CHECK-SAME: schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, blocks = 132>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x64x512xbf16>, memref<?x512xbf16>)
        indices(%short : memref<?x1x1023xi32>) outs(%o, %l : memref<?x64x512xbf16>, memref<?x64xf32>)
    return
  }

  // Up to 32 heads with the same keys are columns of products, of larger tiles where buffers are narrow.
  // CHECK-LABEL: func @few_heads(
  func.func @few_heads(%q: memref<?x16x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x2048xi32>,
                       %o: memref<?x16x512xbf16>, %l: memref<?x16xf32>, %sets_q: memref<?x64x128xf16>,
                       %sets_k: memref<?x2x128xf16>, %sets_o: memref<?x64x128xf16>, %sets_l: memref<?x64xf32>) {
    // CHECK: dsa.sparse_attention
    // CHECK-SAME: schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132, splits = 16>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x16x576xbf16>, memref<?x576xbf16>)
        indices(%i : memref<?x1x2048xi32>) outs(%o, %l : memref<?x16x512xbf16>, memref<?x16xf32>)
    // CHECK: dsa.sparse_attention
    // CHECK-SAME: schedule(#dsa_tile.transposed_attention_schedule<block_heads = 32, slots = 6, groups = 2, blocks = 132, splits = 16>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.sparse_attention scale = 1.0 ins(%sets_q, %sets_k : memref<?x64x128xf16>, memref<?x2x128xf16>)
        indices(%i : memref<?x1x2048xi32>) outs(%sets_o, %sets_l : memref<?x64x128xf16>, memref<?x64xf32>)
    return
  }

  // Attention to ranges of keys gathers them where columns are too wide for rows of one head, where rows
  // are few, and where keys are of sequences.
  // CHECK-LABEL: func @ranges(
  // VARIANTS-LABEL: func @ranges(
  // VARIANTS-COUNT-3: schedule(#dsa_tile.
  func.func @ranges(%q: memref<?x128x576xbf16>, %k: memref<?x576xbf16>, %o: memref<?x128x512xbf16>, %l: memref<?x128xf32>,
                    %few_q: memref<4x32x128xbf16>, %few_k: memref<?x8x128xbf16>, %few_o: memref<4x32x128xbf16>, %few_l: memref<4x32xf32>,
                    %many_q: memref<?x32x128xbf16>, %of: memref<2x?x8x128xbf16>, %seq: memref<?xi32>,
                    %many_o: memref<?x32x128xbf16>, %many_l: memref<?x32xf32>, %p: memref<?xi32>) {
    // CHECK: dsa.attention
    // CHECK-SAME: schedule(#dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, cluster = 2, blocks = 132, splits = 16>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.attention scale = 1.0 ins(%q, %k : memref<?x128x576xbf16>, memref<?x576xbf16>) outs(%o, %l : memref<?x128x512xbf16>, memref<?x128xf32>)
    // CHECK: dsa.attention
    // CHECK-SAME: schedule(#dsa_tile.transposed_attention_schedule<
    // expected-remark @+1 {{takes the default schedule }}
    dsa.attention scale = 1.0 ins(%few_q, %few_k : memref<4x32x128xbf16>, memref<?x8x128xbf16>)
        outs(%few_o, %few_l : memref<4x32x128xbf16>, memref<4x32xf32>)
    // CHECK: dsa.attention
    // CHECK-SAME: schedule(#dsa_tile.transposed_attention_schedule<
    // expected-remark @+1 {{takes the default schedule }}
    dsa.attention scale = 1.0 ins(%many_q, %of : memref<?x32x128xbf16>, memref<2x?x8x128xbf16>) seq(%seq : memref<?xi32>)
        outs(%many_o, %many_l : memref<?x32x128xbf16>, memref<?x32xf32>)
    // How many rows there are may be known only when the kernel is launched; eight blocks of heads a row leave processors
    // for 16 of them, 32 heads for four programs of 64 rows.
    // CHECK: dsa.attention
    // CHECK-SAME: schedule(#dsa_tile.attention_schedule<
    // VARIANTS: schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 16>, #dsa_tile.transposed_attention_schedule<{{.*}}>>, #dsa.variant<#dsa.sizes<most_rows = 256>, #dsa_tile.attention_schedule<{{.*}}groups = 1, delay = true>>], otherwise = #dsa_tile.attention_schedule<{{.*}}>>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.attention scale = 1.0 ins(%many_q, %few_k : memref<?x32x128xbf16>, memref<?x8x128xbf16>) positions(%p : memref<?xi32>) window = [8, 0]
        outs(%many_o, %many_l : memref<?x32x128xbf16>, memref<?x32xf32>)
    return
  }

  // So many heads with the same keys take longer than rows of each; one warpgroup has these while there are processors.
  // CHECK-LABEL: func @some_rows(
  // VARIANTS-LABEL: func @some_rows(
  func.func @some_rows(%more_q: memref<66x128x128xbf16>, %more_l: memref<66x128xf32>, %some_q: memref<64x128x128xbf16>, %some_l: memref<64x128xf32>,
                       %q: memref<?x128x128xbf16>, %l: memref<?x128xf32>, %k: memref<?x128xbf16>) {
    // CHECK: schedule(#dsa_tile.attention_schedule<{{.*}}groups = 3
    // expected-remark @+1 {{takes the default schedule }}
    dsa.attention scale = 1.0 ins(%more_q, %k, %k : memref<66x128x128xbf16>, memref<?x128xbf16>, memref<?x128xbf16>)
        outs(%more_q, %more_l : memref<66x128x128xbf16>, memref<66x128xf32>)
    // CHECK: schedule(#dsa_tile.attention_schedule<block_keys = 128, slots = 2, groups = 1, delay = true>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.attention scale = 1.0 ins(%some_q, %k, %k : memref<64x128x128xbf16>, memref<?x128xbf16>, memref<?x128xbf16>)
        outs(%some_q, %some_l : memref<64x128x128xbf16>, memref<64x128xf32>)
    // CHECK: schedule(#dsa_tile.attention_schedule<{{.*}}groups = 3
    // VARIANTS: schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 64>, #dsa_tile.attention_schedule<{{.*}}groups = 1, delay = true>>], otherwise
    // expected-remark @+1 {{takes the default schedule }}
    dsa.attention scale = 1.0 ins(%q, %k, %k : memref<?x128x128xbf16>, memref<?x128xbf16>, memref<?x128xbf16>)
        outs(%q, %l : memref<?x128x128xbf16>, memref<?x128xf32>)
    return
  }

  // Of rows with more sets of keys than there are processors, even one is many.
  // CHECK-LABEL: func @many_sets(
  // VARIANTS-LABEL: func @many_sets(
  func.func @many_sets(%q: memref<?x133x64xbf16>, %k: memref<?x133x64xbf16>, %l: memref<?x133xf32>) {
    // CHECK: schedule(#dsa_tile.attention_schedule<
    // VARIANTS: schedule(#dsa_tile.attention_schedule<
    // expected-remark @+1 {{takes the default schedule }}
    dsa.attention scale = 1.0 ins(%q, %k, %k : memref<?x133x64xbf16>, memref<?x133x64xbf16>, memref<?x133x64xbf16>)
        outs(%q, %l : memref<?x133x64xbf16>, memref<?x133xf32>)
    return
  }

  // Operations without a legal one are left for others.
  // CHECK-LABEL: func @portable(
  // CHECK-NOT:     schedule(
  // CHECK:         return
  func.func @portable(%q: memref<?x64x128xf32>, %k: memref<?x128xf32>, %s: memref<?x?xf32>,
                      %q8: memref<?x64x128xf8E4M3FN>, %pool: memref<?x256xf8E4M3FN>, %t: index,
                      %i: memref<?x1x2xi32>, %n: memref<?x1xi32>, %a: memref<?x64x64xbf16>,
                      %b: memref<?x64xbf16>, %j: memref<?x1x8xi32>, %l: memref<?x64xf32>) {
    // expected-remark @+1 {{scores_schedule needs q and k of f8E4M3FN, bf16 or f16, but found 'f32'}}
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf32>, memref<?x128xf32>) outs(%s : memref<?x?xf32>)
    %part = memref.subview %pool[0, 0] [%t, 128] [1, 1]
        : memref<?x256xf8E4M3FN> to memref<?x128xf8E4M3FN, strided<[256, 1]>>
    // expected-remark @+1 {{kernels on tiles need whole buffers, but an operand is a part}}
    dsa.index_scores<relu>
        ins(%q8, %part : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN, strided<[256, 1]>>) outs(%s : memref<?x?xf32>)
    // expected-remark @+1 {{sparse_attention_schedule needs a block of at most 4096 keys that divides 64, or that these divide, but found 24}}
    dsa.sparse_attention scale = 1.0 ins(%a, %b : memref<?x64x64xbf16>, memref<?x64xbf16>) indices(%j : memref<?x1x8xi32>) block = 24
        outs(%a, %l : memref<?x64x64xbf16>, memref<?x64xf32>)
    // expected-remark @+1 {{topk_schedule cannot serve blocks of keys}}
    dsa.topk ins(%s : memref<?x?xf32>) block = 4 outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>)
    return
  }

  // Lists have room for K keys, half as many again, and tiles.
  // CHECK-LABEL: func @topk(
  func.func @topk(%s: memref<?x?xf32>, %n: memref<?x1xi32>, %few: memref<?x1x2048xi32>,
                  %more: memref<?x1x4096xi32>, %most: memref<?x1x8192xi32>) {
    // CHECK: dsa.topk
    // CHECK-SAME: schedule(#dsa_tile.topk_schedule<block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 4>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.topk ins(%s : memref<?x?xf32>) outs(%few, %n : memref<?x1x2048xi32>, memref<?x1xi32>)
    // CHECK: dsa.topk
    // CHECK-SAME: candidates = 10240,
    // expected-remark @+1 {{takes the default schedule }}
    dsa.topk ins(%s : memref<?x?xf32>) outs(%more, %n : memref<?x1x4096xi32>, memref<?x1xi32>)
    // CHECK: dsa.topk
    // CHECK-SAME: candidates = 16384
    // expected-remark @+1 {{takes the default schedule }}
    dsa.topk ins(%s : memref<?x?xf32>) outs(%most, %n : memref<?x1x8192xi32>, memref<?x1xi32>)
    return
  }

  // Selections take chunks of rows, and what they score takes its own schedule then; others score a few
  // rows at a time, and loops do that.
  // CHECK-LABEL: func @chunks(
  func.func @chunks(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %t: index, %keys: index,
                    %i: memref<?x1x2048xi32>, %n: memref<?x1xi32>, %all: memref<?x1x9000xi32>) {
    // CHECK: dsa.select
    // CHECK-SAME: schedule(#dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8, topk = <block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 4>, concurrent = 3>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.select outs(%i, %n : memref<?x1x2048xi32>, memref<?x1xi32>) scores {
      %e = memref.alloc(%t, %keys) : memref<?x?xf32>
      // CHECK: schedule(#dsa_tile.scores_schedule<block_rows = 6,
      // expected-remark @+1 {{takes the default schedule }}
      dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) outs(%e : memref<?x?xf32>)
      dsa.yield %e : memref<?x?xf32>
    }
    // Lists that no kernel of top-k has room for.
    // CHECK: dsa.select
    // CHECK-SAME: schedule(#dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8>)
    // expected-remark @+1 {{takes the default schedule }}
    dsa.select outs(%all, %n : memref<?x1x9000xi32>, memref<?x1xi32>) scores {
      %e = memref.alloc(%t, %keys) : memref<?x?xf32>
      // CHECK: schedule(#dsa_tile.scores_schedule<block_rows = 6,
      // expected-remark @+1 {{takes the default schedule }}
      dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) outs(%e : memref<?x?xf32>)
      dsa.yield %e : memref<?x?xf32>
    }
    return
  }

  // CHECK-LABEL: func @by_rows(
  // CHECK-NOT:     schedule(
  // CHECK:         return
  func.func @by_rows(%q: memref<?x64x128xf32>, %k: memref<?x128xf32>, %s: memref<?x?xf32>, %t: index, %keys: index,
                     %i: memref<?x1x2048xi32>, %all: memref<?x1x9000xi32>, %n: memref<?x1xi32>) {
    // expected-remark @+1 {{select_schedule needs scores that the region of the selection computes}}
    dsa.select outs(%i, %n : memref<?x1x2048xi32>, memref<?x1xi32>) scores {
      dsa.yield %s : memref<?x?xf32>
    }
    // Neither scores nor lists are for tiles.
    // expected-remark @+1 {{topk_schedule needs K in [1, 8192], but found 9000}}
    dsa.select outs(%all, %n : memref<?x1x9000xi32>, memref<?x1xi32>) scores {
      %e = memref.alloc(%t, %keys) : memref<?x?xf32>
      dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf32>, memref<?x128xf32>) outs(%e : memref<?x?xf32>)
      dsa.yield %e : memref<?x?xf32>
    }
    return
  }
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90a", features = "+ptx80">} {
  // On tensors too.
  // CHECK-LABEL: func @selection(
  // CHECK:         dsa.select schedule(#dsa_tile.select_schedule<
  // CHECK:         dsa.index_scores<relu> {{.*}} schedule(#dsa_tile.scores_schedule<
  func.func @selection(%q: tensor<?x64x128xbf16>, %k: tensor<?x128xbf16>, %e: tensor<?x?xf32>,
                       %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>) -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
    // expected-remark @+1 {{takes the default schedule }}
    %r:2 = dsa.select outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) scores {
      // expected-remark @+1 {{takes the default schedule }}
      %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xbf16>, tensor<?x128xbf16>)
          outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
      dsa.yield %s : tensor<?x?xf32>
    } -> tensor<?x1x2xi32>, tensor<?x1xi32>
    return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
  }

  // A schedule that is there stays.
  // CHECK-LABEL: func @scheduled(
  // CHECK:         schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
  func.func @scheduled(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %s: memref<?x?xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>)
        schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) outs(%s : memref<?x?xf32>)
    return
  }
}

// -----

// Other chips have a default for selections only, whose scores are for loops, and there is none where nobody named a chip.
module attributes {dsa.target = #nvvm.target<chip = "sm_90">} {
  // CHECK-LABEL: func @other_chip(
  // CHECK-NOT:     schedule(
  // CHECK:         return
  func.func @other_chip(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %s: memref<?x?xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) outs(%s : memref<?x?xf32>)
    return
  }
  // CHECK-LABEL: func @selection(
  // CHECK:         schedule(#dsa_tile.topk_schedule<
  func.func @selection(%s: memref<?x?xf32>, %i: memref<?x1x2xi32>, %n: memref<?x1xi32>) {
    // expected-remark @+1 {{takes the default schedule }}
    dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>)
    return
  }
  // CHECK-LABEL: func @chunks(
  // CHECK:         dsa.select schedule(#dsa_tile.select_schedule<{{.*}}, topk = <
  // CHECK-NOT:     schedule(
  // CHECK:         return
  func.func @chunks(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %t: index, %keys: index,
                    %i: memref<?x1x2048xi32>, %n: memref<?x1xi32>) {
    // expected-remark @+1 {{takes the default schedule }}
    dsa.select outs(%i, %n : memref<?x1x2048xi32>, memref<?x1xi32>) scores {
      %e = memref.alloc(%t, %keys) : memref<?x?xf32>
      dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) outs(%e : memref<?x?xf32>)
      dsa.yield %e : memref<?x?xf32>
    }
    return
  }
}

// -----

// CHECK-LABEL: func @no_chip(
// CHECK-NOT:     schedule(
// CHECK:         return
func.func @no_chip(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %s: memref<?x?xf32>) {
  dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) outs(%s : memref<?x?xf32>)
  return
}
