// RUN: rm -rf %t && split-file %s %t
// RUN: dsa-opt %t/module.mlir -dsa-apply-records=file=%S/Inputs/records.mlir -remarks-filter=dsa-schedule 2>%t/messages | FileCheck %s
// RUN: FileCheck %s --check-prefix=MESSAGES --input-file=%t/messages

// MESSAGES-DAG: records.mlir:{{.*}}: warning: record 5 is ignored: expected 'compiler' of the right kind in {chip = "sm_90a", op = "dsa.attention"}
// MESSAGES-DAG: records.mlir:{{.*}}: warning: record 6 is ignored: expected 'op' of the right kind in 7
// MESSAGES-DAG: module.mlir:{{.*}}: warning: {{.*}}a record's schedule #dsa_tile.scores_schedule<{{.*}}slots = 16{{.*}}> is ignored: needs {{[0-9]+}} bytes of shared memory, sm_90a has 232448
// MESSAGES-DAG: dsa.attention takes the user's schedule #dsa.variants<{{.*}}>, records 0, 1, measured at 50, 1675 us with dsa 0.1.0
// MESSAGES-DAG: dsa.index_scores takes the user's schedule {{.*}}>, of the nearest operation, record 3, measured at 2542 us with dsa 0.1.0

// RUN: not dsa-opt %t/module.mlir -dsa-apply-records=file=%t/none.mlir -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: {{.*}}none.mlir
// RUN: dsa-opt %t/module.mlir -dsa-apply-records=file=%t/empty.mlir -o /dev/null 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: empty.mlir:{{.*}}: warning: expected 'dsa.records' to be an array of records, but found none

// A file that another compiler wrote: no records, and no error.
// RUN: dsa-opt %t/module.mlir -dsa-apply-records=file=%t/later.mlir -o %t/applied.mlir 2>&1 | FileCheck %s --check-prefix=LATER
// RUN: dsa-opt %t/module.mlir -o - | diff - %t/applied.mlir
// LATER: warning: the records of '{{.*}}later.mlir' are ignored: {{.*}}later.mlir":{{[0-9:]+}}): {{.+}}

//--- empty.mlir
module {}

//--- later.mlir
module attributes {dsa.records = [
  {op = "dsa.attention", chip = "sm_90a", compiler = "dsa 9.0.0", clauses = {}, operands = {}, sizes = #dsa.sizes<>,
   microseconds = 1.0, schedule = #dsa_tile.attention_schedule<block_keys = 64, warps = 2>}
]} {}

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

  // A quarter fewer heads: what relu scores of 64 were measured with is the nearest that is legal.
  // CHECK-LABEL: func @nearest(
  // CHECK: schedule(#dsa_tile.scores_schedule<block_rows = 4, split_keys = 1024, slots = 4, groups = 2, blocks = 132>)
  func.func @nearest(%q: memref<?x48x128xbf16>, %k: memref<?x128xbf16>, %s: memref<?x?xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<?x48x128xbf16>, memref<?x128xbf16>) outs(%s : memref<?x?xf32>)
    return
  }

  // The same work, but for the kind of numbers of 16 bits.
  // CHECK-LABEL: func @half(
  // CHECK: schedule(#dsa_tile.scores_schedule<block_rows = 4, split_keys = 1024, slots = 4, groups = 2, blocks = 132>)
  func.func @half(%q: memref<?x64x128xf16>, %k: memref<?x128xf16>, %s: memref<?x?xf32>) {
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xf16>, memref<?x128xf16>) outs(%s : memref<?x?xf32>)
    return
  }

  // Bounds that records have not, and a quarter fewer heads: near. Twice as many heads of twice the width: too far.
  // CHECK-LABEL: func @minor(
  // CHECK: dsa.attention {{.*}}bounds{{.*}} schedule(#dsa.variants<
  // CHECK: dsa.attention
  // CHECK-NOT: schedule(
  // CHECK: return
  func.func @minor(%q: memref<?x12x128xbf16>, %w: memref<?x32x256xbf16>, %b: memref<?xi32>, %l: memref<?x12xf32>, %m: memref<?x32xf32>) {
    dsa.attention scale = 0.25 ins(%q, %q, %q : memref<?x12x128xbf16>, memref<?x12x128xbf16>, memref<?x12x128xbf16>)
        bounds(%b, %b : memref<?xi32>, memref<?xi32>) outs(%q, %l : memref<?x12x128xbf16>, memref<?x12xf32>)
    dsa.attention scale = 0.25 ins(%w, %w, %w : memref<?x32x256xbf16>, memref<?x32x256xbf16>, memref<?x32x256xbf16>)
        outs(%w, %m : memref<?x32x256xbf16>, memref<?x32xf32>)
    return
  }

  // Fewer heads of each list fit into the nearest operation's blocks; more would be two, which gather all keys twice.
  // CHECK-LABEL: func @blocks(
  // CHECK: dsa.sparse_attention {{.*}} schedule(#dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 4, groups = 1>)
  // CHECK: dsa.sparse_attention
  // CHECK-NOT: schedule(
  // CHECK: return
  func.func @blocks(%few: memref<?x24x128xbf16>, %many: memref<?x40x128xbf16>, %k: memref<?x2x128xbf16>, %i: memref<?x2x64xi32>,
                    %l: memref<?x24xf32>, %m: memref<?x40xf32>) {
    dsa.sparse_attention scale = 0.25 ins(%few, %k : memref<?x24x128xbf16>, memref<?x2x128xbf16>) indices(%i : memref<?x2x64xi32>)
        outs(%few, %l : memref<?x24x128xbf16>, memref<?x24xf32>)
    dsa.sparse_attention scale = 0.25 ins(%many, %k : memref<?x40x128xbf16>, memref<?x2x128xbf16>) indices(%i : memref<?x2x64xi32>)
        outs(%many, %m : memref<?x40x128xbf16>, memref<?x40xf32>)
    return
  }

  // The only record is stale; other clauses and element types have none; schedules stay.
  // CHECK-LABEL: func @none(
  // CHECK-COUNT-2: dsa.index_scores{{.*}}) outs(
  // CHECK: schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>)
  // CHECK-NOT: schedule(
  // CHECK: return
  func.func @none(%q: memref<?x64x128xbf16>, %k: memref<?x128xbf16>, %h: memref<?x64x128xf8E4M3FN>, %m: memref<?x128xf8E4M3FN>,
                  %s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
    dsa.index_scores<none> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>) outs(%s : memref<?x?xf32>)
    dsa.index_scores<relu> ins(%h, %m : memref<?x64x128xf8E4M3FN>, memref<?x128xf8E4M3FN>) outs(%s : memref<?x?xf32>)
    dsa.index_scores<relu> ins(%q, %k : memref<?x64x128xbf16>, memref<?x128xbf16>)
        schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16>) outs(%s : memref<?x?xf32>)
    dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
    return
  }
}
