// RUN: dsa-opt %s -dsa-choose-schedules -split-input-file | FileCheck %s
// RUN: dsa-opt %s -dsa-choose-schedules=keys=65536 -split-input-file -remarks-filter=dsa-schedule 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: dsa-opt %s -dsa-choose-schedules="rows=8 keys=65536" -split-input-file | FileCheck %s --check-prefix=FEW

// REMARK: dsa.index_scores takes the default schedule #dsa_tile.scores_schedule<{{.*}}>: {{[0-9]+}} us expected for 4096 rows and 65536 keys
// REMARK: dsa.index_scores takes the cost model's schedule #dsa_tile.scores_schedule<{{.*}}>: {{[0-9]+}} us expected for 8 rows and 65536 keys, {{[0-9]+}} with the default
// REMARK-NOT: takes

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  // The default, for many rows; many programs for few.
  // CHECK-LABEL: func @scores(
  // CHECK: schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6, groups = 4,
  // FEW-LABEL: func @scores(
  // FEW: schedule(#dsa_tile.scores_schedule<block_rows = {{[0-9]+}}, split_keys = 512,
  func.func @scores(%q: memref<?x64x128xf8E4M3FN>, %k: memref<?x128xf8E4M3FN>, %s: memref<?x?xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) outs(%s : memref<?x?xf32>)
    return
  }

  // Static sizes count before those of options.
  // CHECK-LABEL: func @static(
  // CHECK: schedule(#dsa_tile.scores_schedule<block_rows = {{[0-9]+}}, split_keys = 512,
  func.func @static(%q: memref<8x64x128xf8E4M3FN>, %k: memref<65536x128xf8E4M3FN>, %s: memref<8x65536xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<8x64x128xf8E4M3FN>, memref<65536x128xf8E4M3FN>) outs(%s : memref<8x65536xf32>)
    return
  }

  // What has a schedule keeps it; what has no estimate gets none.
  // CHECK-LABEL: func @others(
  // CHECK: dsa.topk {{.*}}schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
  // CHECK: dsa.merge ins
  func.func @others(%s: memref<?x?xf32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>,
                    %o: memref<2x?x4x8xf32>, %l: memref<2x?x4xf32>, %out: memref<?x4x8xf32>, %lse: memref<?x4xf32>) {
    dsa.topk ins(%s : memref<?x?xf32>) schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
        outs(%i, %n : memref<?x1x64xi32>, memref<?x1xi32>)
    dsa.merge ins(%o, %l : memref<2x?x4x8xf32>, memref<2x?x4xf32>) outs(%out, %lse : memref<?x4x8xf32>, memref<?x4xf32>)
    return
  }
}

// -----

// Nobody has measured how fast this chip is.
module attributes {dsa.target = #nvvm.target<chip = "sm_80">} {
  // CHECK-LABEL: func @topk(
  // CHECK-NOT: schedule(
  // CHECK: return
  func.func @topk(%s: memref<?x?xf32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>) {
    dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x64xi32>, memref<?x1xi32>)
    return
  }
}

// -----

// No target, nothing to do.
// CHECK-LABEL: func @none(
// CHECK-NOT: schedule(
// CHECK: return
func.func @none(%s: memref<?x?xf32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>) {
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x64xi32>, memref<?x1xi32>)
  return
}
