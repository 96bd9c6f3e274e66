// RUN: dsa-opt %s | dsa-opt | FileCheck %s

// CHECK-LABEL: func @tile_form(
func.func @tile_form(%digits: tensor<4096xi32>, %x: tensor<4096xi32>, %m: tensor<4096xi1>, %rank: i32, %n: index) {
  // CHECK: dsa_tile.scratch : memref<8192xi32>
  %list = dsa_tile.scratch : memref<8192xi32>
  // CHECK: dsa_tile.scratch : memref<2048xi32>
  %counts = dsa_tile.scratch : memref<2048xi32>
  // CHECK: dsa_tile.histogram %{{.*}} mask(%{{.*}} : tensor<4096xi1>) in %{{.*}} : tensor<4096xi32>, memref<2048xi32>
  dsa_tile.histogram %digits mask(%m : tensor<4096xi1>) in %counts
      : tensor<4096xi32>, memref<2048xi32>
  // CHECK: dsa_tile.histogram %{{.*}} in %{{.*}} : tensor<4096xi32>, memref<2048xi32>
  dsa_tile.histogram %digits in %counts : tensor<4096xi32>, memref<2048xi32>
  // CHECK: %{{.*}}, %{{.*}}, %{{.*}} = dsa_tile.search %{{.*}} for %{{.*}} : memref<2048xi32>
  %bin, %before, %count = dsa_tile.search %counts for %rank : memref<2048xi32>
  // CHECK: %{{.*}}, %{{.*}} = dsa_tile.scan %{{.*}} : tensor<4096xi1> -> tensor<4096xi32>
  %places, %all = dsa_tile.scan %m : tensor<4096xi1> -> tensor<4096xi32>
  // CHECK: dsa_tile.scatter %{{.*}} at %{{.*}} mask(%{{.*}} : tensor<4096xi1>) to %{{.*}}[%{{.*}}] : tensor<4096xi32>, tensor<4096xi32>, memref<8192xi32>
  dsa_tile.scatter %x at %places mask(%m : tensor<4096xi1>) to %list[%n]
      : tensor<4096xi32>, tensor<4096xi32>, memref<8192xi32>
  // CHECK: dsa_tile.scatter %{{.*}} at %{{.*}} to %{{.*}}[%{{.*}}] : tensor<4096xi32>
  dsa_tile.scatter %x at %places to %list[%n]
      : tensor<4096xi32>, tensor<4096xi32>, memref<8192xi32>
  return
}

// CHECK-LABEL: func @placed(
func.func @placed(%m: tensor<4096xi1, #dsa_tile.striped<warps = 16>>, %rank: i32) {
  // CHECK: dsa_tile.scratch offset = 64 : memref<2048xi32>
  %counts = dsa_tile.scratch offset = 64 : memref<2048xi32>
  // CHECK: dsa_tile.search %{{.*}} for %{{.*}} offset = 8256 : memref<2048xi32>
  %bin, %before, %count = dsa_tile.search %counts for %rank offset = 8256 : memref<2048xi32>
  // CHECK: dsa_tile.scan %{{.*}} offset = 8256 : tensor<4096xi1, #dsa_tile.striped<warps = 16>> -> tensor<4096xi32, #dsa_tile.striped<warps = 16>>
  %places, %all = dsa_tile.scan %m offset = 8256
      : tensor<4096xi1, #dsa_tile.striped<warps = 16>> -> tensor<4096xi32, #dsa_tile.striped<warps = 16>>
  return
}
