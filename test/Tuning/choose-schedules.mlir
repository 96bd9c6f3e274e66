// RUN: dsa-opt %s -dsa-choose-schedules -split-input-file | FileCheck %s
// RUN: dsa-opt %s -dsa-choose-schedules=keys=65536 -split-input-file -remarks-filter=dsa-schedule 2>&1 >/dev/null | grep takes | FileCheck %s --check-prefix=REMARK --implicit-check-not=takes
// RUN: dsa-opt %s -dsa-choose-schedules="rows=64 keys=32768" -split-input-file | FileCheck %s --check-prefix=FEW

// RUN: dsa-opt %s -dsa-choose-schedules=variants=true -split-input-file | FileCheck %s --check-prefix=VARIANTS

// REMARK: dsa.attention takes the default schedule #dsa_tile.attention_schedule<{{.*}}>: {{[0-9]+}} us expected for 4096 rows and 65536 keys
// REMARK: dsa.attention takes the cost model's schedule #dsa_tile.attention_schedule<{{.*}}>: {{[0-9]+}} us expected for 768 rows and 32768 keys, {{[0-9]+}} with the default

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  // The default, for many rows; 64 to a program where there are no more.
  // CHECK-LABEL: func @attention(
  // CHECK: schedule(#dsa_tile.attention_schedule<block_keys = 64, slots = 3, groups = 3, delay = true>)
  // VARIANTS-LABEL: func @attention(
  // VARIANTS: schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 8>, #dsa_tile.transposed_attention_schedule<{{.*}}>>, #dsa.variant<#dsa.sizes<most_rows = 512>, #dsa_tile.attention_schedule<block_keys = 128, slots = 2, groups = 1, delay = true>>], otherwise = #dsa_tile.attention_schedule<block_keys = 64, slots = 3, groups = 3, delay = true>>)
  // FEW-LABEL: func @attention(
  // FEW: schedule(#dsa_tile.attention_schedule<block_keys = {{[0-9]+}}, slots = {{[0-9]+}}, groups = 1
  func.func @attention(%q: memref<?x16x128xbf16>, %k: memref<?x16x128xbf16>, %l: memref<?x16xf32>) {
    dsa.attention scale = 0.5 ins(%q, %k, %k : memref<?x16x128xbf16>, memref<?x16x128xbf16>, memref<?x16x128xbf16>)
        outs(%q, %l : memref<?x16x128xbf16>, memref<?x16xf32>)
    return
  }

  // Static sizes count before those of options.
  // CHECK-LABEL: func @static(
  // VARIANTS-LABEL: func @static(
  // VARIANTS: schedule(#dsa_tile.attention_schedule<
  // CHECK: schedule(#dsa_tile.attention_schedule<block_keys = {{[0-9]+}}, slots = {{[0-9]+}}, groups = 2
  func.func @static(%q: memref<768x16x128xbf16>, %k: memref<32768x16x128xbf16>, %l: memref<768x16xf32>) {
    dsa.attention scale = 0.5 ins(%q, %k, %k : memref<768x16x128xbf16>, memref<32768x16x128xbf16>, memref<32768x16x128xbf16>)
        outs(%q, %l : memref<768x16x128xbf16>, memref<768x16xf32>)
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
