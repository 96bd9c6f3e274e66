// RUN: dsa-opt %s -dsa-enumerate-schedules -dsa-rank-schedules="rows=16384 keys=16384 keys-per-row=8192" \
// RUN:   -split-input-file -verify-diagnostics | FileCheck %s
// RUN: dsa-opt %s -dsa-enumerate-schedules -dsa-rank-schedules="rows=8 keys=65536" \
// RUN:   -split-input-file -verify-diagnostics | FileCheck %s --check-prefix=FEW
// RUN: not dsa-opt %s -dsa-enumerate-schedules -dsa-rank-schedules=rows=16384 -split-input-file \
// RUN:   -remarks-filter=dsa-schedule 2>&1 | grep 'us expected' | FileCheck %s --check-prefix=REMARK

// REMARK: dsa.attention: {{[0-9]+}} us expected, bound by matrix, of #dsa_tile.attention_schedule<

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  // Three warpgroups and a delay first, as measured.
  // CHECK-LABEL: func @attention(
  // CHECK: {dsa.schedules = [#dsa_tile.attention_schedule<block_keys = 64, slots = {{[0-9]+}}, groups = 3{{(, ordered = true)?}}, delay = true>,
  // CHECK-SAME: dsa.times = array<f64: {{[0-9.]+}}, {{[0-9.]+}}, {{[0-9.]+}},
  func.func @attention(%q: memref<?x16x128xbf16>, %k: memref<?x16x128xbf16>, %l: memref<?x16xf32>) {
    dsa.attention scale = 0.5 ins(%q, %k, %k : memref<?x16x128xbf16>, memref<?x16x128xbf16>, memref<?x16x128xbf16>)
        outs(%q, %l : memref<?x16x128xbf16>, memref<?x16xf32>)
    return
  }

  // Many rows: few programs, of many keys. Few rows are at most a part of a block's.
  // CHECK-LABEL: func @scores(
  // CHECK: {dsa.schedules = [#dsa_tile.scores_schedule<block_rows = {{[0-9]+}}, split_keys = {{4096|16384}},
  // FEW-LABEL: func @scores(
  // FEW: {dsa.schedules = [#dsa_tile.scores_schedule<block_rows = {{2|4|8}}, split_keys = {{[0-9]+}},
  func.func @scores(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) outs(%s : memref<?x?xf32>)
    return
  }

  // Static sizes count before those of options.
  // CHECK-LABEL: func @static(
  // CHECK: {dsa.schedules = [#dsa_tile.scores_schedule<block_rows = {{2|4|8}}, split_keys = {{[0-9]+}},
  func.func @static(%q: memref<8x64x128xf8E4M3FN>, %k: memref<65536x128xf8E4M3FN>, %s: memref<8x65536xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<8x64x128xf8E4M3FN>, memref<65536x128xf8E4M3FN>) outs(%s : memref<8x65536xf32>)
    return
  }

  // Nothing listed, nothing to sort.
  // CHECK-LABEL: func @none(
  // CHECK-NOT: dsa.schedules
  func.func @none(%s: memref<?x?xf32>, %o: memref<2x?x4x8xf32>, %l: memref<2x?x4xf32>, %out: memref<?x4x8xf32>, %lse: memref<?x4xf32>) {
    dsa.merge ins(%o, %l : memref<2x?x4x8xf32>, memref<2x?x4xf32>) outs(%out, %lse : memref<?x4x8xf32>, memref<?x4xf32>)
    return
  }
}

// -----

// expected-error @+1 {{expected a module compiled for a known chip (-dsa-attach-target), but found none}}
module {}
