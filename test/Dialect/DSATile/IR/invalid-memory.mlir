// Every error of the verifiers of operations on memory.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file

//===----------------------------------------------------------------------===//
// load
//===----------------------------------------------------------------------===//

func.func @load_box_rank(%m: memref<?x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op expected a box of 2 extents for 'memref<?x128xf32>', but found 1}}
  %x = dsa_tile.load %m[%i, %i] box = [64] : memref<?x128xf32> -> tensor<64xf32>
  return
}

// -----

func.func @load_scalar(%m: memref<f32>) {
  // expected-error @+1 {{'dsa_tile.load' op expected memory with at least 1 dimension}}
  %x = dsa_tile.load %m[] box = [] : memref<f32> -> tensor<1xf32>
  return
}

// -----

func.func @load_empty_box(%m: memref<?x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op expected extents of at least 1, but found 0}}
  %x = dsa_tile.load %m[%i, %i] box = [0, 8] : memref<?x128xf32> -> tensor<0x8xf32>
  return
}

// -----

func.func @load_indices(%m: memref<?x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op expected 2 indices for 'memref<?x128xf32>', or a multiple of that, but found 1}}
  %x = dsa_tile.load %m[%i] box = [64, 8] : memref<?x128xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @load_boxes(%m: memref<?x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op expected a tile that 2 boxes of [32, 8] can become, but found 'tensor<32x8xf32>'}}
  %x = dsa_tile.load %m[%i, %i, %i, %i] box = [32, 8] : memref<?x128xf32> -> tensor<32x8xf32>
  return
}

// -----

func.func @load_element(%m: memref<?x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op expected tile and memory of one element type, but found 'bf16' and 'f32'}}
  %x = dsa_tile.load %m[%i, %i] box = [64, 8] : memref<?x128xf32> -> tensor<64x8xbf16>
  return
}

// -----

func.func @load_slots(%m: memref<?x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op expected 0 to 256 slots, but found -1}}
  %x = dsa_tile.load %m[%i, %i] box = [64, 8] slots = -1 : memref<?x128xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @load_vector(%m: memref<?x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op expected a tile that a box of [64, 8] can become, but found 'tensor<511xf32>'}}
  %x = dsa_tile.load %m[%i, %i] box = [64, 8] : memref<?x128xf32> -> tensor<511xf32>
  return
}

// -----

func.func @load_last_split(%m: memref<?x4x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op expected a tile that a box of [8, 4, 32] can become, but found 'tensor<8x128xf32>'}}
  %x = dsa_tile.load %m[%i, %i, %i] box = [8, 4, 32] : memref<?x4x128xf32> -> tensor<8x128xf32>
  return
}

// -----

func.func @load_other_shape(%m: memref<?x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op expected a tile that a box of [64, 8] can become, but found 'tensor<8x8x8xf32>'}}
  %x = dsa_tile.load %m[%i, %i] box = [64, 8] : memref<?x128xf32> -> tensor<8x8x8xf32>
  return
}

// -----

func.func @load_dynamic(%m: memref<?x128xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.load' op result #0 must be statically shaped tensor of floating-point or integer values, but got 'tensor<?x8xf32>'}}
  %x = dsa_tile.load %m[%i, %i] box = [64, 8] : memref<?x128xf32> -> tensor<?x8xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// gather
//===----------------------------------------------------------------------===//

func.func @gather_element(%m: memref<?x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected tile and memory of one element type, but found 'bf16' and 'f16'}}
  %x = dsa_tile.gather %m rows %n : memref<?x64xf16>, tensor<16xi32> -> tensor<16x64xbf16>
  return
}

// -----

func.func @gather_width(%m: memref<?x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory whose rows have the 128 columns of a tile's from 0 on, but found 'memref<?x64xf16>' and 'tensor<16x128xf16>'}}
  %x = dsa_tile.gather %m rows %n : memref<?x64xf16>, tensor<16xi32> -> tensor<16x128xf16>
  return
}

// -----

func.func @gather_column(%m: memref<?x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory whose rows have the 32 columns of a tile's from 48 on, but found 'memref<?x64xf16>' and 'tensor<16x32xf16>'}}
  %x = dsa_tile.gather %m rows %n column = 48 : memref<?x64xf16>, tensor<16xi32> -> tensor<16x32xf16>
  return
}

// -----

func.func @gather_negative_column(%m: memref<?x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op attribute 'column' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative}}
  %x = dsa_tile.gather %m rows %n column = -32 : memref<?x64xf16>, tensor<16xi32> -> tensor<16x32xf16>
  return
}

// -----

func.func @gather_dynamic_columns(%m: memref<?x?xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory whose rows have the 32 columns of a tile's from 0 on, but found 'memref<?x?xf16>' and 'tensor<16x32xf16>'}}
  %x = dsa_tile.gather %m rows %n : memref<?x?xf16>, tensor<16xi32> -> tensor<16x32xf16>
  return
}

// -----

func.func @gather_memory_rank(%m: memref<?x1x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory and a tile of 2 dimensions, but found 'memref<?x1x64xf16>' and 'tensor<16x64xf16>'}}
  %x = dsa_tile.gather %m rows %n : memref<?x1x64xf16>, tensor<16xi32> -> tensor<16x64xf16>
  return
}

// -----

func.func @gather_tile_rank(%m: memref<?x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory and a tile of 2 dimensions, but found 'memref<?x64xf16>' and 'tensor<64xf16>'}}
  %x = dsa_tile.gather %m rows %n : memref<?x64xf16>, tensor<16xi32> -> tensor<64xf16>
  return
}

// -----

func.func @gather_slots(%m: memref<?x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected 1 to 256 slots, but found 0}}
  %x = dsa_tile.gather %m rows %n slots = 0 : memref<?x64xf16>, tensor<16xi32> -> tensor<16x64xf16>
  return
}

// -----

func.func @gather_numbers(%m: memref<?x64xf16>, %n: tensor<16xi64>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected i32 numbers of 16 rows, but found 'tensor<16xi64>'}}
  %x = dsa_tile.gather %m rows %n : memref<?x64xf16>, tensor<16xi64> -> tensor<16x64xf16>
  return
}

// -----

func.func @gather_numbers_count(%m: memref<?x64xf16>, %n: tensor<8xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected i32 numbers of 16 rows, but found 'tensor<8xi32>'}}
  %x = dsa_tile.gather %m rows %n : memref<?x64xf16>, tensor<8xi32> -> tensor<16x64xf16>
  return
}

// -----

func.func @gather_numbers_rank(%m: memref<?x64xf16>, %n: tensor<16x1xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected i32 numbers of 16 rows, but found 'tensor<16x1xi32>'}}
  %x = dsa_tile.gather %m rows %n : memref<?x64xf16>, tensor<16x1xi32> -> tensor<16x64xf16>
  return
}

// -----

//===----------------------------------------------------------------------===//
// store
//===----------------------------------------------------------------------===//

func.func @store_indices(%x: tensor<64x8xf32>, %m: memref<?x?xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.store' op expected 2 indices for 'memref<?x?xf32>', but found 1}}
  dsa_tile.store %x, %m[%i] : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

func.func @store_element(%x: tensor<64x8xbf16>, %m: memref<?x?xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.store' op expected tile and memory of one element type, but found 'bf16' and 'f32'}}
  dsa_tile.store %x, %m[%i, %i] : tensor<64x8xbf16>, memref<?x?xf32>
  return
}

// -----

func.func @store_rank(%x: tensor<8xf32>, %m: memref<?x?xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.store' op expected a tile of 2 dimensions, but found 'tensor<8xf32>'}}
  dsa_tile.store %x, %m[%i, %i] : tensor<8xf32>, memref<?x?xf32>
  return
}

// -----

func.func @store_box_rank(%x: tensor<64x8xf32>, %m: memref<?x?xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.store' op expected a box of 2 extents for 'memref<?x?xf32>', but found 3}}
  dsa_tile.store %x, %m[%i, %i] box = [64, 1, 8] : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

func.func @store_empty_box(%x: tensor<64x8xf32>, %m: memref<?x?xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.store' op expected extents of at least 1, but found 0}}
  dsa_tile.store %x, %m[%i, %i] box = [0, 8] : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

func.func @store_box(%x: tensor<64x8xf32>, %m: memref<?x?xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.store' op expected a tile that a box of [32, 8] can become, but found 'tensor<64x8xf32>'}}
  dsa_tile.store %x, %m[%i, %i] box = [32, 8] : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

func.func @store_transposed_box(%x: tensor<64x8xf32>, %m: memref<?x?xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.store' op expected no box of a transposed tile}}
  dsa_tile.store %x, %m[%i, %i] box = [64, 8] transposed : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

func.func @store_transposed_vector(%x: tensor<8xf32>, %m: memref<?xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.store' op expected a tile of 2 dimensions to transpose, but found 'tensor<8xf32>'}}
  dsa_tile.store %x, %m[%i] transposed : tensor<8xf32>, memref<?xf32>
  return
}

// -----

func.func @store_inside(%x: tensor<64x8xf32>, %m: memref<?x?xf32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.store' op expected a mask that 'inside' is about}}
  dsa_tile.store %x, %m[%i, %i] inside : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

func.func @store_mask_shape(%x: tensor<64x8xf32>, %m: memref<?x?xf32>, %i: index, %b: tensor<8x64xi1>) {
  // expected-error @+1 {{'dsa_tile.store' op expected a mask like 'tensor<64x8xf32>', but found 'tensor<8x64xi1>'}}
  dsa_tile.store %x, %m[%i, %i] mask(%b : tensor<8x64xi1>) : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

func.func @store_mask_layout(%x: tensor<64x8xf32>, %m: memref<?x?xf32>, %i: index,
    %b: tensor<64x8xi1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>) {
  // expected-error @+1 {{'dsa_tile.store' op expected a mask like 'tensor<64x8xf32>', but found 'tensor<64x8xi1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  dsa_tile.store %x, %m[%i, %i] mask(%b : tensor<64x8xi1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>)
      : tensor<64x8xf32>, memref<?x?xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// tensor_map
//===----------------------------------------------------------------------===//

func.func @map_box_rank(%m: memref<?x128xf32>) {
  // expected-error @+1 {{'dsa_tile.tensor_map' op expected a box of 2 extents for 'memref<?x128xf32>', but found 1}}
  %p = dsa_tile.tensor_map %m box = [32] swizzle = 128 : memref<?x128xf32>
  return
}

// -----

func.func @map_scalar(%m: memref<f32>) {
  // expected-error @+1 {{'dsa_tile.tensor_map' op expected memory with at least 1 dimension}}
  %p = dsa_tile.tensor_map %m box = [] swizzle = 128 : memref<f32>
  return
}

// -----

func.func @map_empty_box(%m: memref<?x128xf32>) {
  // expected-error @+1 {{'dsa_tile.tensor_map' op expected extents of at least 1, but found 0}}
  %p = dsa_tile.tensor_map %m box = [0, 32] swizzle = 128 : memref<?x128xf32>
  return
}

// -----

func.func @map_wide_box(%m: memref<?x128xf32>) {
  // expected-error @+1 {{'dsa_tile.tensor_map' op expected extents of at most 256, but found 257}}
  %p = dsa_tile.tensor_map %m box = [257, 32] swizzle = 128 : memref<?x128xf32>
  return
}

// -----

func.func @map_rank(%m: memref<?x1x1x1x1x128xf32>) {
  // expected-error @+1 {{'dsa_tile.tensor_map' op expected at most 5 dimensions, but found 'memref<?x1x1x1x1x128xf32>'}}
  %p = dsa_tile.tensor_map %m box = [8, 1, 1, 1, 1, 32] swizzle = 128 : memref<?x1x1x1x1x128xf32>
  return
}

// -----

func.func @map_element(%m: memref<?xindex>) {
  // expected-error @+1 {{'dsa_tile.tensor_map' op expected memory of numbers, but found 'memref<?xindex>'}}
  %p = dsa_tile.tensor_map %m box = [16] swizzle = 128 : memref<?xindex>
  return
}

// -----

func.func @map_swizzle(%m: memref<?x128xf32>) {
  // expected-error @+1 {{'dsa_tile.tensor_map' op expected swizzle to be 32, 64 or 128, but found 24}}
  %p = dsa_tile.tensor_map %m box = [8, 6] swizzle = 24 : memref<?x128xf32>
  return
}

// -----

func.func @map_row(%m: memref<?x128xf32>) {
  // expected-error @+1 {{'dsa_tile.tensor_map' op expected rows of 128 bytes, but found 64}}
  %p = dsa_tile.tensor_map %m box = [8, 16] swizzle = 128 : memref<?x128xf32>
  return
}

// -----

func.func @gather_rank(%m: memref<?x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory and a tile of 2 dimensions, but found 'memref<?x64xf16>' and 'tensor<f16>'}}
  %x = dsa_tile.gather %m rows %n : memref<?x64xf16>, tensor<16xi32> -> tensor<f16>
  return
}

// -----

func.func @gather_far_column(%m: memref<?x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory whose rows have the 64 columns of a tile's from 9223372036854775807 on, but found 'memref<?x64xf16>' and 'tensor<16x64xf16>'}}
  %x = dsa_tile.gather %m rows %n column = 9223372036854775807
      : memref<?x64xf16>, tensor<16xi32> -> tensor<16x64xf16>
  return
}

// -----

func.func @gather_many_slots(%m: memref<?x64xf16>, %n: tensor<16xi32>) {
  // expected-error @+1 {{'dsa_tile.gather' op expected 1 to 256 slots, but found 4294967296}}
  %x = dsa_tile.gather %m rows %n slots = 4294967296 : memref<?x64xf16>, tensor<16xi32> -> tensor<16x64xf16>
  return
}
