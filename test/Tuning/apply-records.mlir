// RUN: rm -rf %t && split-file %s %t
// RUN: dsa-opt %t/module.mlir -dsa-apply-records=file=%S/Inputs/records.mlir -remarks-filter=dsa-schedule 2>%t/messages | FileCheck %s
// RUN: FileCheck %s --check-prefix=MESSAGES --input-file=%t/messages

// MESSAGES-DAG: records.mlir:{{.*}}: warning: record 5 is ignored: expected 'operands' of the right kind in {chip = "sm_90a", op = "dsa.attention"}
// MESSAGES-DAG: records.mlir:{{.*}}: warning: record 6 is ignored: expected 'op' of the right kind in 7
// MESSAGES-DAG: module.mlir:{{.*}}: warning: {{.*}}a record's schedule #dsa_tile.scores_schedule<{{.*}}slots = 16{{.*}}> is ignored: needs {{[0-9]+}} bytes of shared memory, sm_90a has 232448
// MESSAGES-DAG: dsa.attention takes the schedule #dsa.variants<{{.*}}> of its record, measured at 1675 us
// MESSAGES-DAG: dsa.index_scores takes the schedule {{.*}} of the nearest record, measured at 2542 us

// RUN: not dsa-opt %t/module.mlir -dsa-apply-records=file=%t/none.mlir -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: {{.*}}none.mlir
// RUN: dsa-opt %t/module.mlir -dsa-apply-records=file=%t/empty.mlir -o /dev/null 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: empty.mlir:{{.*}}: warning: expected 'dsa.records' to be an array of records, but found none

//--- empty.mlir
module {}

//--- module.mlir
module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  // Records for several sizes make variants. Another scale is the same work.
  // CHECK-LABEL: func @exact(
  // CHECK: schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 1023>, #dsa_tile.attention_schedule<block_keys = 64, slots = 3, groups = 1, delay = true>>],
  // CHECK-SAME: otherwise = #dsa_tile.attention_schedule<block_keys = 64, slots = 3, groups = 3, delay = true>>)
  func.func @exact(%q: memref<4096x16x128xbf16>, %k: memref<?x16x128xbf16>, %l: memref<4096x16xf32>) {
    dsa.attention scale = 0.25 ins(%q, %k, %k : memref<4096x16x128xbf16>, memref<?x16x128xbf16>, memref<?x16x128xbf16>)
        outs(%q, %l : memref<4096x16x128xbf16>, memref<4096x16xf32>)
    return
  }

  // Half as many heads: what relu scores of 64 were measured with is the nearest that is legal.
  // CHECK-LABEL: func @nearest(
  // CHECK: schedule(#dsa_tile.scores_schedule<block_rows = 4, split_keys = 1024, slots = 4, groups = 2, blocks = 132>)
  func.func @nearest(%q: memref<?x32x128xbf16>, %k: memref<?x128xbf16>, %s: memref<?x?xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<?x32x128xbf16>, memref<?x128xbf16>) outs(%s : memref<?x?xf32>)
    return
  }

  // The only record is stale; other clauses and element types have none; schedules stay.
  // CHECK-LABEL: func @none(
  // CHECK-COUNT-2: dsa.index_scores{{.*}}) outs(
  // CHECK: schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
  // CHECK-NOT: schedule(
  // CHECK: return
  func.func @none(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %h: memref<?x64x128xf16>, %m: memref<?x128xf16>,
                  %s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
    dsa.index_scores<none> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) outs(%s : memref<?x?xf32>)
    dsa.index_scores<relu> ins(%h, %m : memref<?x64x128xf16>, memref<?x128xf16>) outs(%s : memref<?x?xf32>)
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>)
        schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) outs(%s : memref<?x?xf32>)
    dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
    return
  }
}
