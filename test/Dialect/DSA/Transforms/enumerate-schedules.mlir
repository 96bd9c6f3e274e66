// RUN: dsa-opt %s -dsa-enumerate-schedules -split-input-file -verify-diagnostics \
// RUN:   -remarks-filter=dsa-schedule | FileCheck %s --implicit-check-not=refused
// RUN: dsa-opt %s -dsa-enumerate-schedules=with-illegal -split-input-file -verify-diagnostics \
// RUN:   -remarks-filter=dsa-schedule | FileCheck %s --check-prefix=ILLEGAL

module attributes {dsa.target = #nvvm.target<chip = "sm_90a", features = "+ptx80">} {
  // CHECK-LABEL: func @attention(
  // ILLEGAL-LABEL: func @attention(
  func.func @attention(%q: memref<?x16x128xbf16>, %k: memref<?x16x128xbf16>, %v: memref<?x16x128xbf16>,
                       %o: memref<?x16x128xbf16>, %l: memref<?x16xf32>) {
    // CHECK: dsa.attention
    // CHECK-SAME: {dsa.schedules = [#dsa_tile.attention_schedule<block_keys = 32, slots = 1, groups = 1>, #dsa_tile.attention_schedule<
    // CHECK-NOT: block_keys = 192, slots = 3
    // CHECK-SAME: outs(
    // ILLEGAL: dsa.refused_schedules = [
    // ILLEGAL-SAME: #dsa.refused_schedule<#dsa_tile.attention_schedule<block_keys = 192, slots = 3, groups = 1>, "needs 311408 bytes of shared memory, sm_90a has 232448">
    // ILLEGAL-SAME: dsa.schedules = [#dsa_tile.attention_schedule<block_keys = 32, slots = 1, groups = 1>
    // expected-remark-re @+1 {{dsa.attention has {{[1-9][0-9]*}} legal schedules of {{[1-9][0-9]*}} for sm_90a}}
    dsa.attention scale = 0.5 ins(%q, %k, %v : memref<?x16x128xbf16>, memref<?x16x128xbf16>, memref<?x16x128xbf16>)
        outs(%o, %l : memref<?x16x128xbf16>, memref<?x16xf32>)
    return
  }

  // The operation's own schedule stays.
  // CHECK-LABEL: func @scores(
  // ILLEGAL-LABEL: func @scores(
  func.func @scores(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
    // CHECK: schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) {dsa.schedules = [#dsa_tile.scores_schedule<
    // CHECK-SAME: split_relu = true>
    // ILLEGAL: "scores_schedule has 4 x 68 columns (rows x heads) for a warpgroup, but a product has at most 256"
    // expected-remark-re @+1 {{dsa.index_scores has {{.*}} legal schedules}}
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>)
        schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) outs(%s : memref<?x?xf32>)
    return
  }

  // Nothing to split without relu.
  // CHECK-LABEL: func @no_relu(
  // CHECK: dsa.schedules = [
  // CHECK-NOT: split_relu
  // CHECK: outs(
  func.func @no_relu(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
    // expected-remark-re @+1 {{dsa.index_scores has {{.*}} legal schedules}}
    dsa.index_scores<none> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) outs(%s : memref<?x?xf32>)
    return
  }

  // On tensors too.
  // CHECK-LABEL: func @sparse(
  // ILLEGAL-LABEL: func @sparse(
  func.func @sparse(%q: tensor<?x64x576xbf16>, %k: tensor<?x576xbf16>, %i: tensor<?x1x128xi32>,
                    %o: tensor<?x64x512xbf16>, %l: tensor<?x64xf32>) -> (tensor<?x64x512xbf16>, tensor<?x64xf32>) {
    // CHECK: dsa.schedules = [
    // CHECK-SAME: #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, blocks = 132>
    // ILLEGAL: "sparse_attention_schedule needs clusters that divide 1 blocks of heads, but found 2"
    // expected-remark-re @+1 {{dsa.sparse_attention has {{.*}} legal schedules}}
    %r:2 = dsa.sparse_attention scale = 1.0 ins(%q, %k : tensor<?x64x576xbf16>, tensor<?x576xbf16>)
        indices(%i : tensor<?x1x128xi32>) outs(%o, %l : tensor<?x64x512xbf16>, tensor<?x64xf32>)
        -> tensor<?x64x512xbf16>, tensor<?x64xf32>
    return %r#0, %r#1 : tensor<?x64x512xbf16>, tensor<?x64xf32>
  }

  // What no schedule can serve has none, and the reason everywhere.
  // CHECK-LABEL: func @none(
  // ILLEGAL-LABEL: func @none(
  func.func @none(%q: memref<?x64x128xf8E4M3FN>, %pool: memref<?x256xf8E4M3FN>, %t: index, %s: memref<?x?xf32>) {
    %part = memref.subview %pool[0, 0] [%t, 128] [1, 1]
        : memref<?x256xf8E4M3FN> to memref<?x128xf8E4M3FN, strided<[256, 1]>>
    // CHECK: {dsa.schedules = []}
    // ILLEGAL: groups = 1, blocks = 132>, "kernels on tiles need whole buffers, but an operand is a part">
    // ILLEGAL-SAME: dsa.schedules = []
    // expected-remark-re @+1 {{dsa.index_scores has 0 legal schedules of {{[1-9][0-9]*}} for sm_90a}}
    dsa.index_scores<relu>
        ins(%q, %part : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN, strided<[256, 1]>>) outs(%s : memref<?x?xf32>)
    return
  }

  // Operations without a space are left alone, and so is what a selection scores, unless its schedule gives it
  // kernels of its own.
  // CHECK-LABEL: func @no_space(
  // CHECK: dsa.select
  // CHECK-SAME: dsa.schedules = [#dsa_tile.select_schedule<most_rows = 8192, most_bytes = 16777216, unit_rows = 8, topk = <
  // CHECK-NOT: dsa.schedules
  // CHECK: dsa.select
  // CHECK-SAME: dsa.schedules = [
  // CHECK: dsa.index_scores
  // CHECK-SAME: dsa.schedules = [#dsa_tile.scores_schedule<
  // CHECK-NOT: dsa.schedules
  // CHECK: return
  func.func @no_space(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %t: index,
                      %i: memref<?x1x2xi32>, %n: memref<?x1xi32>, %o: memref<2x?x4x8xf32>, %l: memref<2x?x4xf32>,
                      %out: memref<?x4x8xf32>, %lse: memref<?x4xf32>) {
    // expected-remark-re @+1 {{dsa.select has {{[1-9][0-9]*}} legal schedules}}
    dsa.select outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
      %s = memref.alloc(%t, %t) : memref<?x?xf32>
      dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) outs(%s : memref<?x?xf32>)
      dsa.yield %s : memref<?x?xf32>
    }
    // expected-remark-re @+1 {{dsa.select has {{[1-9][0-9]*}} legal schedules}}
    dsa.select schedule(#dsa_tile.select_schedule<most_rows = 64, most_bytes = 65536>)
        outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
      %s = memref.alloc(%t, %t) : memref<?x?xf32>
      // expected-remark-re @+1 {{dsa.index_scores has {{[1-9][0-9]*}} legal schedules}}
      dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) outs(%s : memref<?x?xf32>)
      dsa.yield %s : memref<?x?xf32>
    }
    dsa.merge ins(%o, %l : memref<2x?x4x8xf32>, memref<2x?x4xf32>) outs(%out, %lse : memref<?x4x8xf32>, memref<?x4xf32>)
    return
  }
}

// -----

// A chip without matrix units refuses all.
module attributes {dsa.target = #nvvm.target<chip = "sm_90">} {
  // CHECK-LABEL: func @other_chip(
  // CHECK: {dsa.schedules = []}
  // ILLEGAL-LABEL: func @other_chip(
  // ILLEGAL: "attention_schedule needs wgmma, which sm_90 does not have"
  func.func @other_chip(%q: memref<?x16x128xbf16>, %k: memref<?x128xbf16>, %o: memref<?x16x128xbf16>, %l: memref<?x16xf32>) {
    // expected-remark-re @+1 {{dsa.attention has 0 legal schedules of {{[1-9][0-9]*}} for sm_90}}
    dsa.attention scale = 0.5 ins(%q, %k : memref<?x16x128xbf16>, memref<?x128xbf16>)
        outs(%o, %l : memref<?x16x128xbf16>, memref<?x16xf32>)
    return
  }
}

// -----

// expected-error @+1 {{expected a module compiled for a known chip (-dsa-attach-target), but found none}}
module {}

// -----

// expected-error @+1 {{expected a module compiled for a known chip (-dsa-attach-target), but found 'sm_1'}}
module attributes {dsa.target = #nvvm.target<chip = "sm_1">} {}
