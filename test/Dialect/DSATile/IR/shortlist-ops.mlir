// RUN: dsa-opt %s | dsa-opt | FileCheck %s

// CHECK-LABEL: func @tile_form(
func.func @tile_form(%scores: tensor<64x8xf32>, %m: tensor<64x8xi1>, %c: tensor<64x8xi32>, %g: tensor<64x8xf32>,
                     %key: index, %row: index, %indices: memref<?x1x2048xi32>, %count: memref<?x1xi32>,
                     %values: memref<?x1x2048xf32>) {
  // CHECK: dsa_tile.workspace : memref<8x4x2x2560xi32>
  %lists = dsa_tile.workspace : memref<8x4x2x2560xi32>
  // CHECK: %{{.*}}, %{{.*}} = dsa_tile.shortlist.add %{{.*}} mask(%{{.*}}) from %{{.*}} to %{{.*}} counts(%{{.*}}) floors(%{{.*}}) keep = 2048 : tensor<64x8xf32>, tensor<64x8xi1>, tensor<64x8xi32>, memref<8x4x2x2560xi32>
  %n, %f = dsa_tile.shortlist.add %scores mask(%m) from %key to %lists counts(%c) floors(%g) keep = 2048
      : tensor<64x8xf32>, tensor<64x8xi1>, tensor<64x8xi32>, memref<8x4x2x2560xi32>
  // CHECK: dsa_tile.shortlist.end %{{.*}} counts(%{{.*}}) keep = 2048 to %{{.*}}, %{{.*}} at %{{.*}} : memref<8x4x2x2560xi32>, tensor<64x8xi32>, memref<?x1x2048xi32>, memref<?x1xi32>
  dsa_tile.shortlist.end %lists counts(%n) keep = 2048 to %indices, %count at %row
      : memref<8x4x2x2560xi32>, tensor<64x8xi32>, memref<?x1x2048xi32>, memref<?x1xi32>
  // CHECK: dsa_tile.shortlist.end %{{.*}} counts(%{{.*}}) keep = 2048 to %{{.*}}, %{{.*}} values(%{{.*}} : memref<?x1x2048xf32>) at %{{.*}} offset = 64 barrier = 5 :
  dsa_tile.shortlist.end %lists counts(%n) keep = 2048 to %indices, %count values(%values : memref<?x1x2048xf32>)
      at %row offset = 64 barrier = 5
      : memref<8x4x2x2560xi32>, tensor<64x8xi32>, memref<?x1x2048xi32>, memref<?x1xi32>
  return
}

!scores = tensor<64x8xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>
!mask = tensor<64x8xi1, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>
!counts = tensor<64x8xi32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>

// CHECK-LABEL: func @placed(
func.func @placed(%s: !scores, %m: !mask, %c: !counts, %g: !scores, %key: index, %lists: memref<8x4x2x320xi32>) {
  // CHECK: dsa_tile.shortlist.add {{.*}} keep = 64 offset = 1024 barrier = 5 :
  %n, %f = dsa_tile.shortlist.add %s mask(%m) from %key to %lists counts(%c) floors(%g) keep = 64
      offset = 1024 barrier = 5 : !scores, !mask, !counts, memref<8x4x2x320xi32>
  return
}
