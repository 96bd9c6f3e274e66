// RUN: dsa-opt %s -split-input-file -verify-diagnostics

func.func @scratch_dynamic(%n: index) {
  // expected-error @+1 {{expected one dimension of static extent, but found 'memref<?xi32>'}}
  %s = dsa_tile.scratch : memref<?xi32>
  return
}

// -----

func.func @scratch_rank() {
  // expected-error @+1 {{expected one dimension of static extent, but found 'memref<4x4xi32>'}}
  %s = dsa_tile.scratch : memref<4x4xi32>
  return
}

// -----

func.func @histogram_mask(%x: tensor<512xi32>, %m: tensor<256xi1>, %counts: memref<512xi32>) {
  // expected-error @+1 {{expected a mask of the shape and layout of 'tensor<512xi32>', but found 'tensor<256xi1>'}}
  dsa_tile.histogram %x mask(%m : tensor<256xi1>) in %counts : tensor<512xi32>, memref<512xi32>
  return
}

// -----

func.func @search_dynamic(%counts: memref<?xi32>, %rank: i32) {
  // expected-error @+1 {{expected counts of static extent, but found 'memref<?xi32>'}}
  %b:3 = dsa_tile.search %counts for %rank : memref<?xi32>
  return
}

// -----

func.func @search_none(%counts: memref<0xi32>, %rank: i32) {
  // expected-error @+1 {{expected counts of static extent, but found 'memref<0xi32>'}}
  %b:3 = dsa_tile.search %counts for %rank : memref<0xi32>
  return
}

// -----

func.func @scan_rank(%m: tensor<4x4xi1>) {
  // expected-error @+1 {{expected a tile of 1 dimension, but found 'tensor<4x4xi1>'}}
  %p, %n = dsa_tile.scan %m : tensor<4x4xi1> -> tensor<4x4xi32>
  return
}

// -----

func.func @scan_result(%m: tensor<512xi1, #dsa_tile.striped<warps = 4>>) {
  // expected-error @+1 {{expected a result of the shape and layout of}}
  %p, %n = dsa_tile.scan %m : tensor<512xi1, #dsa_tile.striped<warps = 4>> -> tensor<512xi32>
  return
}

// -----

func.func @scatter_places(%x: tensor<512xf32>, %p: tensor<256xi32>, %list: memref<512xf32>, %n: index) {
  // expected-error @+1 {{expected places of the shape and layout of 'tensor<512xf32>', but found 'tensor<256xi32>'}}
  dsa_tile.scatter %x at %p to %list[%n] : tensor<512xf32>, tensor<256xi32>, memref<512xf32>
  return
}

// -----

func.func @scatter_mask(%x: tensor<512xf32>, %p: tensor<512xi32>, %m: tensor<1xi1>, %list: memref<512xf32>, %n: index) {
  // expected-error @+1 {{expected a mask of the shape and layout of 'tensor<512xf32>', but found 'tensor<1xi1>'}}
  dsa_tile.scatter %x at %p mask(%m : tensor<1xi1>) to %list[%n] : tensor<512xf32>, tensor<512xi32>, memref<512xf32>
  return
}

// -----

func.func @scatter_element(%x: tensor<512xf32>, %p: tensor<512xi32>, %list: memref<512xf16>, %n: index) {
  // expected-error @+1 {{expected tile and memory of one element type, but found 'f32' and 'f16'}}
  dsa_tile.scatter %x at %p to %list[%n] : tensor<512xf32>, tensor<512xi32>, memref<512xf16>
  return
}

// -----

func.func @scatter_indices(%x: tensor<512xf32>, %p: tensor<512xi32>, %list: memref<8x512xf32>, %n: index) {
  // expected-error @+1 {{expected as many indices as the memory has dimensions, but found 1 for 'memref<8x512xf32>'}}
  dsa_tile.scatter %x at %p to %list[%n] : tensor<512xf32>, tensor<512xi32>, memref<8x512xf32>
  return
}

// -----

// expected-error @+1 {{expected 1 to 32 warps, but found 33}}
func.func private @striped_warps() attributes {test.a = #dsa_tile.striped<warps = 33>}

// -----

// expected-error @+1 {{expected a multiple of 512 elements, but found 768}}
func.func private @striped_extent(tensor<768xf32, #dsa_tile.striped<warps = 4>>)

// -----

// expected-error @+1 {{expected a tile of 1 dimensions, but found 2}}
func.func private @striped_rank(tensor<512x4xf32, #dsa_tile.striped<warps = 4>>)
