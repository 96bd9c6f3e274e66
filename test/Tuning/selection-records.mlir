// RUN: dsa-opt %s -dsa-apply-records=file=%S/Inputs/selection-records.mlir -remarks-filter=dsa-schedule 2>%t.messages | FileCheck %s
// RUN: FileCheck %s --check-prefix=MESSAGES --input-file=%t.messages

// MESSAGES-DAG: dsa.topk takes the user's schedule #dsa.variants<{{.*}}>, records 0, 1, measured at 29, 880 us with dsa 0.1.0
// MESSAGES-DAG: dsa.topk takes the user's schedule #dsa.variants<{{.*}}>, of the nearest operation, records 0, 1, measured
// MESSAGES-DAG: warning: {{.*}}a record's schedule #dsa_tile.topk_schedule<{{.*}}> is ignored: topk_schedule lists K = 8000 keys and a tile, which needs 10048 candidates, but has 8192
// MESSAGES-DAG: warning: {{.*}}a record's schedule #dsa_tile.select_schedule<{{.*}}> is ignored: expected 'dsa.select' for a select_schedule
// MESSAGES-DAG: dsa.select takes the user's schedule #dsa.variants<{{.*}}>, records 4, 5, measured at 600, 2200 us with dsa 0.1.0

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  // CHECK-LABEL: func @topk(
  // CHECK: schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 8>, #dsa_tile.topk_schedule<{{.*}}bins = 4096
  // CHECK-SAME: otherwise = #dsa_tile.topk_schedule<{{.*}}bins = 2048, groups = 2>
  func.func @topk(%s: memref<?x?xf32>, %i: memref<?x1x2048xi32>, %n: memref<?x1xi32>) {
    dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x2048xi32>, memref<?x1xi32>)
    return
  }

  // Somewhat fewer: the nearest. Scores of other elements, far fewer, and what has no legal record: none.
  // CHECK-LABEL: func @other(
  // CHECK: dsa.topk {{.*}}schedule(#dsa.variants<
  // CHECK-COUNT-4: dsa.topk ins(
  // CHECK-NOT: schedule(
  // CHECK: return
  func.func @other(%s: memref<?x?xf32>, %h: memref<?x?xbf16>, %n: memref<?x1xi32>, %a: memref<?x1x1500xi32>,
                   %b: memref<?x1x2048xi32>, %c: memref<?x1x16xi32>, %d: memref<?x1x8000xi32>, %e: memref<?x1x64xi32>) {
    dsa.topk ins(%s : memref<?x?xf32>) outs(%a, %n : memref<?x1x1500xi32>, memref<?x1xi32>)
    dsa.topk ins(%h : memref<?x?xbf16>) outs(%b, %n : memref<?x1x2048xi32>, memref<?x1xi32>)
    dsa.topk ins(%s : memref<?x?xf32>) outs(%c, %n : memref<?x1x16xi32>, memref<?x1xi32>)
    dsa.topk ins(%s : memref<?x?xf32>) outs(%d, %n : memref<?x1x8000xi32>, memref<?x1xi32>)
    dsa.topk ins(%s : memref<?x?xf32>) outs(%e, %n : memref<?x1x64xi32>, memref<?x1xi32>)
    return
  }

  // What is scored decides, too, and is not scheduled by itself.
  // CHECK-LABEL: func @select(
  // CHECK: dsa.select {{.*}}schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_keys = 4095>, #dsa_tile.select_schedule<most_rows = 4096,
  // CHECK-SAME: otherwise = #dsa_tile.select_schedule<most_rows = 8192,
  // CHECK-NOT: schedule(
  // CHECK: return
  func.func @select(%q: tensor<?x64x128xbf16>, %k: tensor<?x128xbf16>, %i: tensor<?x1x2048xi32>, %n: tensor<?x1xi32>,
                    %T: index, %N: index) -> (tensor<?x1x2048xi32>, tensor<?x1xi32>) {
    %0:2 = dsa.select outs(%i, %n : tensor<?x1x2048xi32>, tensor<?x1xi32>) scores {
      %init = tensor.empty(%T, %N) : tensor<?x?xf32>
      %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xbf16>, tensor<?x128xbf16>)
          outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
      dsa.yield %s : tensor<?x?xf32>
    } -> tensor<?x1x2048xi32>, tensor<?x1xi32>
    return %0#0, %0#1 : tensor<?x1x2048xi32>, tensor<?x1xi32>
  }

  // Scores of other elements are other work.
  // CHECK-LABEL: func @scorer(
  // CHECK-NOT: schedule(
  // CHECK: return
  func.func @scorer(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %i: tensor<?x1x2048xi32>, %n: tensor<?x1xi32>,
                    %T: index, %N: index) -> (tensor<?x1x2048xi32>, tensor<?x1xi32>) {
    %0:2 = dsa.select outs(%i, %n : tensor<?x1x2048xi32>, tensor<?x1xi32>) scores {
      %init = tensor.empty(%T, %N) : tensor<?x?xf32>
      %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
          outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
      dsa.yield %s : tensor<?x?xf32>
    } -> tensor<?x1x2048xi32>, tensor<?x1xi32>
    return %0#0, %0#1 : tensor<?x1x2048xi32>, tensor<?x1xi32>
  }
}
