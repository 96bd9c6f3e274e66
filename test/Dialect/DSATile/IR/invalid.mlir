// Every error of the verifiers of operations, and of the attribute that marks a kernel.
// Those of types, layouts and other attributes: invalid-attributes.mlir.

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
  // expected-error @+1 {{'dsa_tile.load' op expected 2 indices for 'memref<?x128xf32>', but found 1}}
  %x = dsa_tile.load %m[%i] box = [64, 8] : memref<?x128xf32> -> tensor<64x8xf32>
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
  // expected-error @+1 {{'dsa_tile.load' op expected at least 1 slot, but found 0}}
  %x = dsa_tile.load %m[%i, %i] box = [64, 8] slots = 0 : memref<?x128xf32> -> tensor<64x8xf32>
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

func.func @gather_indices(%m: memref<?x64xf16>, %n: memref<?x100xi32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.gather' op expected 2 indices for 'memref<?x100xi32>', but found 1}}
  %x = dsa_tile.gather %m rows %n[%i] limit = %i : memref<?x64xf16>, memref<?x100xi32> -> tensor<16x64xf16>
  return
}

// -----

func.func @gather_element(%m: memref<?x64xf16>, %n: memref<?x100xi32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.gather' op expected tile and memory of one element type, but found 'bf16' and 'f16'}}
  %x = dsa_tile.gather %m rows %n[%i, %i] limit = %i : memref<?x64xf16>, memref<?x100xi32> -> tensor<16x64xbf16>
  return
}

// -----

func.func @gather_scalar(%m: memref<?x64xf16>, %n: memref<i32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.gather' op expected numbers with at least 1 dimension}}
  %x = dsa_tile.gather %m rows %n[] limit = %i : memref<?x64xf16>, memref<i32> -> tensor<16x64xf16>
  return
}

// -----

func.func @gather_width(%m: memref<?x64xf16>, %n: memref<?x100xi32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory and a tile with rows of one width, but found 'memref<?x64xf16>' and 'tensor<16x32xf16>'}}
  %x = dsa_tile.gather %m rows %n[%i, %i] limit = %i : memref<?x64xf16>, memref<?x100xi32> -> tensor<16x32xf16>
  return
}

// -----

func.func @gather_memory_rank(%m: memref<?x1x64xf16>, %n: memref<?x100xi32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory and a tile with rows of one width, but found 'memref<?x1x64xf16>' and 'tensor<16x64xf16>'}}
  %x = dsa_tile.gather %m rows %n[%i, %i] limit = %i : memref<?x1x64xf16>, memref<?x100xi32> -> tensor<16x64xf16>
  return
}

// -----

func.func @gather_tile_rank(%m: memref<?x64xf16>, %n: memref<?x100xi32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.gather' op expected memory and a tile with rows of one width, but found 'memref<?x64xf16>' and 'tensor<64xf16>'}}
  %x = dsa_tile.gather %m rows %n[%i, %i] limit = %i : memref<?x64xf16>, memref<?x100xi32> -> tensor<64xf16>
  return
}

// -----

func.func @gather_slots(%m: memref<?x64xf16>, %n: memref<?x100xi32>, %i: index) {
  // expected-error @+1 {{'dsa_tile.gather' op expected at least 1 slot, but found 0}}
  %x = dsa_tile.gather %m rows %n[%i, %i] limit = %i slots = 0 : memref<?x64xf16>, memref<?x100xi32> -> tensor<16x64xf16>
  return
}

// -----

func.func @gather_numbers(%m: memref<?x64xf16>, %n: memref<?xi64>, %i: index) {
  // expected-error @+1 {{'dsa_tile.gather' op operand #1 must be memref of 32-bit signless integer values, but got 'memref<?xi64>'}}
  %x = dsa_tile.gather %m rows %n[%i] limit = %i : memref<?x64xf16>, memref<?xi64> -> tensor<16x64xf16>
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

//===----------------------------------------------------------------------===//
// mma, mma_start, mma_wait
//===----------------------------------------------------------------------===//

func.func @mma_nothing(%a: tensor<64x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected at least 1 b operand}}
  "dsa_tile.mma"(%a) <{operandSegmentSizes = array<i32: 1, 0, 0>}> : (tensor<64x32xf16>) -> ()
  return
}

// -----

func.func @mma_results(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected as many results as b operands, but found 1 and 2}}
  %x = dsa_tile.mma %a, %b, %b : tensor<64x32xf16>, tensor<8x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_accs(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>, %c: tensor<64x8xf32>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected 1 accumulators or none, but found 2}}
  %x = dsa_tile.mma %a, %b acc(%c, %c : tensor<64x8xf32>, tensor<64x8xf32>)
      : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_rank(%a: tensor<64x32xf16>, %b: tensor<32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected tiles of 2 dimensions, but found 'tensor<64x32xf16>', 'tensor<32xf16>' and 'tensor<64xf32>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<32xf16> -> tensor<64xf32>
  return
}

// -----

func.func @mma_elements(%a: tensor<64x32xf16>, %b: tensor<8x32xbf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected operands of one element type and an f32 result, but found 'tensor<64x32xf16>', 'tensor<8x32xbf16>' and 'tensor<64x8xf32>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x32xbf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_result_element(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected operands of one element type and an f32 result, but found 'tensor<64x32xf16>', 'tensor<8x32xf16>' and 'tensor<64x8xf16>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf16>
  return
}

// -----

func.func @mma_depth(%a: tensor<64x32xf16>, %b: tensor<8x16xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [N, K] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<8x16xf16>' and 'tensor<64x8xf32>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x16xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_rows(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [N, K] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<8x32xf16>' and 'tensor<32x8xf32>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<32x8xf32>
  return
}

// -----

func.func @mma_b_rows(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [K, N] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<8x32xf16>' and 'tensor<64x8xf32>'}}
  %x = dsa_tile.mma %a, %b b_rows : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_acc_type(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>, %c: tensor<64x16xf32>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected an accumulator of type 'tensor<64x8xf32>', but found 'tensor<64x16xf32>'}}
  %x = dsa_tile.mma %a, %b acc(%c : tensor<64x16xf32>)
      : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_start_columns(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma_start' op expected a [M, K], b [N, K] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<8x32xf16>' and 'tensor<64x16xf32>'}}
  %p = dsa_tile.mma_start %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> <tensor<64x16xf32>>
  return
}

// -----

func.func @mma_start_results(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma_start' op expected as many results as b operands, but found 2 and 1}}
  %p = dsa_tile.mma_start %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> <tensor<64x8xf32>, tensor<64x8xf32>>
  return
}

// -----

func.func @mma_wait_tiles(%p: !dsa_tile.pending<tensor<64x8xf32>>) {
  // expected-error @+1 {{'dsa_tile.mma_wait' op expected the tiles of '!dsa_tile.pending<tensor<64x8xf32>>', but found 'tensor<64x16xf32>'}}
  %x = dsa_tile.mma_wait %p : !dsa_tile.pending<tensor<64x8xf32>> -> tensor<64x16xf32>
  return
}

// -----

func.func @mma_wait_none(%p: !dsa_tile.pending<tensor<64x8xf32>>) {
  // expected-error @+1 {{'dsa_tile.mma_wait' op expected the tiles of '!dsa_tile.pending<tensor<64x8xf32>>', but found }}
  "dsa_tile.mma_wait"(%p) : (!dsa_tile.pending<tensor<64x8xf32>>) -> ()
  return
}

// -----

func.func @mma_wait_outstanding(%p: !dsa_tile.pending<tensor<64x8xf32>>) {
  // expected-error @+1 {{'dsa_tile.mma_wait' op attribute 'outstanding' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative}}
  %x = dsa_tile.mma_wait %p outstanding = -1 : !dsa_tile.pending<tensor<64x8xf32>> -> tensor<64x8xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// reduce
//===----------------------------------------------------------------------===//

func.func @reduce_rank(%x: tensor<64xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a tile of 2 dimensions, but found 'tensor<64xf32>'}}
  %y = dsa_tile.reduce<add> %x : tensor<64xf32> -> tensor<1xf32>
  return
}

// -----

func.func @reduce_group(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a group that divides 96 columns, but found 64}}
  %y = dsa_tile.reduce<add> %x group = 64 : tensor<64x96xf32> -> tensor<64x1xf32>
  return
}

// -----

func.func @reduce_no_group(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a group that divides 96 columns, but found 0}}
  %y = dsa_tile.reduce<add> %x group = 0 : tensor<64x96xf32> -> tensor<64x1xf32>
  return
}

// -----

func.func @reduce_shape(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a result of shape [64, 3] and element type 'f32', but found 'tensor<64x2xf32>'}}
  %y = dsa_tile.reduce<add> %x group = 32 : tensor<64x96xf32> -> tensor<64x2xf32>
  return
}

// -----

func.func @reduce_all_shape(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a result of shape [64] and element type 'f32', but found 'tensor<64x1xf32>'}}
  %y = dsa_tile.reduce<max> %x : tensor<64x96xf32> -> tensor<64x1xf32>
  return
}

// -----

func.func @reduce_element(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a result of shape [64] and element type 'f32', but found 'tensor<64xbf16>'}}
  %y = dsa_tile.reduce<max> %x : tensor<64x96xf32> -> tensor<64xbf16>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @reduce_layout(%x: tensor<64x96xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected layout #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside 'tensor<64x96xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>', but found 'tensor<64xf32>'}}
  %y = dsa_tile.reduce<max> %x : tensor<64x96xf32, #acc> -> tensor<64xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @reduce_group_layout(%x: tensor<64x96xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected layout #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside 'tensor<64x96xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>', but found 'tensor<64x8xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  %y = dsa_tile.reduce<add> %x group = 12 : tensor<64x96xf32, #acc> -> tensor<64x8xf32, #acc>
  return
}

// -----

#scatter = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>
func.func @reduce_scatter(%x: tensor<64x96xf32, #scatter>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected an accumulator to combine groups of, but found 'tensor<64x96xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
  %y = dsa_tile.reduce<add> %x group = 12 : tensor<64x96xf32, #scatter> -> tensor<64x8xf32, #scatter>
  return
}

// -----

#shared = #dsa_tile.shared<swizzle = 32>
func.func @reduce_shared(%x: tensor<64x96xf32, #shared>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected tiles in registers, both or neither with a layout, but found 'tensor<64x96xf32, #dsa_tile.shared<swizzle = 32>>' and 'tensor<64xf32>'}}
  %y = dsa_tile.reduce<add> %x : tensor<64x96xf32, #shared> -> tensor<64xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// expand, iota, splat
//===----------------------------------------------------------------------===//

func.func @expand_dim(%v: tensor<8xf32>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected dimension 0 or 1, but found 2}}
  %y = dsa_tile.expand %v dim = 2 : tensor<8xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @expand_negative(%v: tensor<8xf32>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected dimension 0 or 1, but found -1}}
  %y = dsa_tile.expand %v dim = -1 : tensor<8xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @expand_extent(%v: tensor<8xf32>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected a vector and a tile with it along dimension 0, but found 'tensor<8xf32>' and 'tensor<64x8xf32>'}}
  %y = dsa_tile.expand %v dim = 1 : tensor<8xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @expand_rank(%v: tensor<1x8xf32>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected a vector and a tile with it along dimension 1, but found 'tensor<1x8xf32>' and 'tensor<64x8xf32>'}}
  %y = dsa_tile.expand %v dim = 0 : tensor<1x8xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @expand_element(%v: tensor<8xbf16>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected a vector and a tile with it along dimension 1, but found 'tensor<8xbf16>' and 'tensor<64x8xf32>'}}
  %y = dsa_tile.expand %v dim = 0 : tensor<8xbf16> -> tensor<64x8xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @expand_layout(%v: tensor<64xf32, #dsa_tile.slice<1, #acc>>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected layout #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>', but found 'tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
  %y = dsa_tile.expand %v dim = 0 : tensor<64xf32, #dsa_tile.slice<1, #acc>> -> tensor<64x64xf32, #acc>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @expand_no_layout(%v: tensor<64xf32, #dsa_tile.slice<1, #acc>>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected tiles in registers, both or neither with a layout, but found 'tensor<64x64xf32>' and 'tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
  %y = dsa_tile.expand %v dim = 1 : tensor<64xf32, #dsa_tile.slice<1, #acc>> -> tensor<64x64xf32>
  return
}

// -----

func.func @iota_dim() {
  // expected-error @+1 {{'dsa_tile.iota' op expected a dimension of 'tensor<64x8xi32>', but found 2}}
  %i = dsa_tile.iota dim = 2 : tensor<64x8xi32>
  return
}

// -----

func.func @iota_negative() {
  // expected-error @+1 {{'dsa_tile.iota' op expected a dimension of 'tensor<64x8xi32>', but found -1}}
  %i = dsa_tile.iota dim = -1 : tensor<64x8xi32>
  return
}

// -----

func.func @iota_element() {
  // expected-error @+1 {{'dsa_tile.iota' op result #0 must be statically shaped tensor of 32-bit signless integer values, but got 'tensor<64x8xi64>'}}
  %i = dsa_tile.iota dim = 0 : tensor<64x8xi64>
  return
}

// -----

func.func @iota_shared() {
  // expected-error @+1 {{'dsa_tile.iota' op expected a tile in registers, but found 'tensor<64x8xi32, #dsa_tile.shared<swizzle = 32>>'}}
  %i = dsa_tile.iota dim = 0 : tensor<64x8xi32, #dsa_tile.shared<swizzle = 32>>
  return
}

// -----

func.func @splat_element(%x: f32) {
  // expected-error @+1 {{'dsa_tile.splat' op expected a value of type 'bf16', but found 'f32'}}
  %t = dsa_tile.splat %x : f32 -> tensor<64x8xbf16>
  return
}

// -----

func.func @splat_shared(%x: f32) {
  // expected-error @+1 {{'dsa_tile.splat' op expected a tile in registers, but found 'tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>'}}
  %t = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Channels and roles
//===----------------------------------------------------------------------===//

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_tile(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected one of 1 tiles, but found number 1}}
  dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [64, 128] to %c tile = 1 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_indices(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected as many indices and extents of a box as of the tile, but found 1, 2 and 2}}
  dsa_tile.copy %map[%i] extent = [64, 128] box = [64, 128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_box(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected as many indices and extents of a box as of the tile, but found 2, 1 and 2}}
  dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_divides(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected a box that divides [64, 128], but found [48, 128]}}
  dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [48, 128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_empty(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected a box that divides [64, 128], but found [0, 128]}}
  dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [0, 128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_extent(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected an extent that fills 'tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>', but found [32, 128]}}
  dsa_tile.copy %map[%i, %i] extent = [32, 128] box = [32, 128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_rows(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected an extent that fills 'tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>', but found [128, 64]}}
  dsa_tile.copy %map[%i, %i] extent = [128, 64] box = [128, 64] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_nothing(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected an extent that fills 'tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>', but found []}}
  dsa_tile.copy %map[] extent = [] box = [] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @gather_copy_width(%m: memref<?x64xf8E4M3FN>, %n: memref<?xi32>, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.gather_copy' op expected memory and a tile with rows of one width, but found 'memref<?x64xf8E4M3FN>' and 'tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>'}}
  dsa_tile.gather_copy %m rows %n[%i] limit = %i to %c : memref<?x64xf8E4M3FN>, memref<?xi32>, !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<8x32xf32, #dsa_tile.shared<swizzle = 128>>, tensor<8x32xf32, #dsa_tile.shared<swizzle = 128>>>
func.func @gather_copy_tiles(%m: memref<?x32xf32>, %n: memref<?xi32>, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.gather_copy' op expected a channel of 1 tile, but found '!dsa_tile.channel<2 x tensor<8x32xf32, #dsa_tile.shared<swizzle = 128>>, tensor<8x32xf32, #dsa_tile.shared<swizzle = 128>>>'}}
  dsa_tile.gather_copy %m rows %n[%i] limit = %i to %c : memref<?x32xf32>, memref<?xi32>, !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @wait_tiles(%c: !channel) {
  // expected-error @+1 {{'dsa_tile.channel.wait' op expected the tiles of '!dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>', but found 'tensor<64x128xf8E4M3FN>'}}
  %k = dsa_tile.channel.wait %c : !channel -> tensor<64x128xf8E4M3FN>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @load_waits(%c: !channel) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.channel.wait' op cannot stand where only loads do}}
    %k = dsa_tile.channel.wait %c : !channel -> tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @load_releases(%c: !channel) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.channel.release' op cannot stand where only loads do}}
    dsa_tile.channel.release %c : !channel
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

func.func @load_multiplies(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.mma' op cannot stand where only loads do}}
    %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

func.func @load_starts(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.mma_start' op cannot stand where only loads do}}
    %x = dsa_tile.mma_start %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> <tensor<64x8xf32>>
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

func.func @load_ends(%p: !dsa_tile.pending<tensor<64x8xf32>>) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.mma_wait' op cannot stand where only loads do}}
    %x = dsa_tile.mma_wait %p : !dsa_tile.pending<tensor<64x8xf32>> -> tensor<64x8xf32>
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @compute_acquires(%c: !channel) {
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{'dsa_tile.channel.acquire' op cannot stand where only computation does}}
    dsa_tile.channel.acquire %c : !channel
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @compute_gathers(%m: memref<?x128xf8E4M3FN>, %n: memref<?xi32>, %i: index, %c: !channel) {
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{'dsa_tile.gather_copy' op cannot stand where only computation does}}
    dsa_tile.gather_copy %m rows %n[%i] limit = %i to %c : memref<?x128xf8E4M3FN>, memref<?xi32>, !channel
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @compute_commits(%c: !channel) {
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{'dsa_tile.channel.commit' op cannot stand where only computation does}}
    dsa_tile.channel.commit %c : !channel
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @compute_copies(%map: !llvm.ptr, %i: index, %c: !channel, %any: i1) {
  dsa_tile.warp_specialize load {
  } compute {
    scf.if %any {
      // expected-error @+1 {{'dsa_tile.copy' op cannot stand where only computation does}}
      dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [64, 128] to %c tile = 0 : !channel
    }
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

func.func @end_alone() {
  // expected-error @+1 {{'dsa_tile.role_end' op expects parent op 'dsa_tile.warp_specialize'}}
  dsa_tile.role_end
}

// -----

func.func @turn_wait_groups() {
  // expected-error @+1 {{'dsa_tile.turn_wait' op attribute 'groups' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  dsa_tile.turn_wait groups = 0
  return
}

// -----

func.func @turn_pass_groups() {
  // expected-error @+1 {{'dsa_tile.turn_pass' op attribute 'groups' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  dsa_tile.turn_pass groups = -4
  return
}

// -----

//===----------------------------------------------------------------------===//
// The attribute of a kernel
//===----------------------------------------------------------------------===//

// expected-error @+1 {{'func.func' op cannot carry the attribute 'dsa_tile.kernel'}}
func.func @kernel_function() attributes {
  dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
} {
  return
}

// -----

func.func @other_attribute(%n: index) {
  // expected-error @+1 {{'scf.forall' op cannot carry the attribute 'dsa_tile.blocks'}}
  scf.forall (%i) in (%n) {
  } {dsa_tile.blocks = 4}
  return
}

// -----

func.func @kernel_value(%n: index) {
  // expected-error @+1 {{'scf.forall' op expected 'dsa_tile.kernel' to be #dsa_tile.kernel, but found 4 : i64}}
  scf.forall (%i) in (%n) {
  } {dsa_tile.kernel = 4}
  return
}
