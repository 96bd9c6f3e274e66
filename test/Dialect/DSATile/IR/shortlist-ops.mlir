// RUN: dsa-opt %s | dsa-opt | FileCheck %s

// CHECK-LABEL: func @tile_form(
func.func @tile_form(%scores: tensor<64x8xf32>, %d: tensor<64x8xi32>, %f: tensor<64x8xf32>,
                     %key: index, %row: index, %indices: memref<?x1x2048xi32>, %count: memref<?x1xi32>,
                     %values: memref<?x1x2048xf32>) {
  // CHECK: dsa_tile.workspace : memref<8x4x2x2560xi32>
  %lists = dsa_tile.workspace : memref<8x4x2x2560xi32>
  // CHECK: dsa_tile.shortlist.add %{{.*}} from %{{.*}} to %{{.*}} ends(%{{.*}}) floors(%{{.*}}) : tensor<64x8xf32>, tensor<64x8xi32>, memref<8x4x2x2560xi32>
  %e = dsa_tile.shortlist.add %scores from %key to %lists ends(%d) floors(%f)
      : tensor<64x8xf32>, tensor<64x8xi32>, memref<8x4x2x2560xi32>
  // CHECK: dsa_tile.shortlist.full %{{.*}} ends(%{{.*}}) : memref<8x4x2x2560xi32>, tensor<64x8xi32>
  %full = dsa_tile.shortlist.full %lists ends(%e) : memref<8x4x2x2560xi32>, tensor<64x8xi32>
  // CHECK: %{{.*}}, %{{.*}} = dsa_tile.shortlist.shorten %{{.*}} ends(%{{.*}}) floors(%{{.*}}) keep = 2048 : memref<8x4x2x2560xi32>, tensor<64x8xi32>, tensor<64x8xf32>
  %g, %h = dsa_tile.shortlist.shorten %lists ends(%e) floors(%f) keep = 2048
      : memref<8x4x2x2560xi32>, tensor<64x8xi32>, tensor<64x8xf32>
  // CHECK: dsa_tile.shortlist.end %{{.*}} ends(%{{.*}}) keep = 2048 to %{{.*}}, %{{.*}} at %{{.*}} : memref<8x4x2x2560xi32>, tensor<64x8xi32>, memref<?x1x2048xi32>, memref<?x1xi32>
  dsa_tile.shortlist.end %lists ends(%g) keep = 2048 to %indices, %count at %row
      : memref<8x4x2x2560xi32>, tensor<64x8xi32>, memref<?x1x2048xi32>, memref<?x1xi32>
  // CHECK: dsa_tile.shortlist.end %{{.*}} ends(%{{.*}}) keep = 2048 to %{{.*}}, %{{.*}} values(%{{.*}} : memref<?x1x2048xf32>) at %{{.*}} offset = 64 barrier = 5 :
  dsa_tile.shortlist.end %lists ends(%g) keep = 2048 to %indices, %count values(%values : memref<?x1x2048xf32>)
      at %row offset = 64 barrier = 5
      : memref<8x4x2x2560xi32>, tensor<64x8xi32>, memref<?x1x2048xi32>, memref<?x1xi32>
  return
}

!scores = tensor<64x8xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>
!ends = tensor<64x8xi32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>

// CHECK-LABEL: func @placed(
func.func @placed(%d: !ends, %f: !scores, %lists: memref<8x4x2x320xi32>) {
  // CHECK: dsa_tile.shortlist.full {{.*}} barrier = 5 :
  %full = dsa_tile.shortlist.full %lists ends(%d) barrier = 5 : memref<8x4x2x320xi32>, !ends
  // CHECK: dsa_tile.shortlist.shorten {{.*}} keep = 64 offset = 1024 barrier = 5 :
  %n, %g = dsa_tile.shortlist.shorten %lists ends(%d) floors(%f) keep = 64 offset = 1024 barrier = 5
      : memref<8x4x2x320xi32>, !ends, !scores
  return
}
