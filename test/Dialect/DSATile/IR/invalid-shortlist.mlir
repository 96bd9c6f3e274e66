// RUN: dsa-opt %s -split-input-file -verify-diagnostics

func.func @workspace(%n: index) {
  // expected-error @+1 {{expected static extents, but found 'memref<?x4xi32>'}}
  %w = dsa_tile.workspace : memref<?x4xi32>
  return
}

// -----

func.func @keys(%s: tensor<32x8xf32>, %d: tensor<32x8xi32>, %k: index, %l: memref<8x4x2x320xi32>) {
  // expected-error @+1 {{expected a tile of 64 keys by rows, but found 'tensor<32x8xf32>'}}
  %e = dsa_tile.shortlist.add %s from %k to %l ends(%d) floors(%s)
      : tensor<32x8xf32>, tensor<32x8xi32>, memref<8x4x2x320xi32>
  return
}

// -----

func.func @add_ends(%s: tensor<64x8xf32>, %d: tensor<64x4xi32>, %k: index, %l: memref<8x4x2x320xi32>) {
  // expected-error @+1 {{expected ends of the shape and layout of 'tensor<64x8xf32>', but found 'tensor<64x4xi32>'}}
  %e = dsa_tile.shortlist.add %s from %k to %l ends(%d) floors(%s)
      : tensor<64x8xf32>, tensor<64x4xi32>, memref<8x4x2x320xi32>
  return
}

// -----

func.func @rows(%s: tensor<64x8xf32>, %d: tensor<64x8xi32>, %k: index, %l: memref<4x4x2x320xi32>) {
  // expected-error @+1 {{expected lists of shape [8, 4, 2, room], but found 'memref<4x4x2x320xi32>'}}
  %e = dsa_tile.shortlist.add %s from %k to %l ends(%d) floors(%s)
      : tensor<64x8xf32>, tensor<64x8xi32>, memref<4x4x2x320xi32>
  return
}

// -----

func.func @pieces(%s: tensor<64x8xf32>, %d: tensor<64x8xi32>, %k: index, %l: memref<8x4x2x322xi32>) {
  // expected-error @+1 {{expected room for at least 4 keys, a multiple of 4, but found 322}}
  %e = dsa_tile.shortlist.add %s from %k to %l ends(%d) floors(%s)
      : tensor<64x8xf32>, tensor<64x8xi32>, memref<8x4x2x322xi32>
  return
}

// -----

func.func @full(%d: tensor<64x8xi32>, %l: memref<8x4x2x124xi32>) {
  // expected-error @+1 {{expected room for at least 128 keys, a multiple of 4, but found 124}}
  %full = dsa_tile.shortlist.full %l ends(%d) : memref<8x4x2x124xi32>, tensor<64x8xi32>
  return
}

// -----

func.func @shorten_ends(%f: tensor<64x8xf32>, %d: tensor<64x4xi32>, %l: memref<8x4x2x320xi32>) {
  // expected-error @+1 {{expected ends of the shape and layout of 'tensor<64x8xf32>', but found 'tensor<64x4xi32>'}}
  %e, %g = dsa_tile.shortlist.shorten %l ends(%d) floors(%f) keep = 64
      : memref<8x4x2x320xi32>, tensor<64x4xi32>, tensor<64x8xf32>
  return
}

// -----

func.func @shorten_room(%f: tensor<64x8xf32>, %d: tensor<64x8xi32>, %l: memref<8x4x2x320xi32>) {
  // expected-error @+1 {{expected room for at least 321 keys, a multiple of 4, but found 320}}
  %e, %g = dsa_tile.shortlist.shorten %l ends(%d) floors(%f) keep = 65
      : memref<8x4x2x320xi32>, tensor<64x8xi32>, tensor<64x8xf32>
  return
}

// -----

func.func @end_room(%d: tensor<64x8xi32>, %l: memref<8x4x2x316xi32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>, %r: index) {
  // expected-error @+1 {{expected room for at least 320 keys, a multiple of 4, but found 316}}
  dsa_tile.shortlist.end %l ends(%d) keep = 64 to %i, %n at %r
      : memref<8x4x2x316xi32>, tensor<64x8xi32>, memref<?x1x64xi32>, memref<?x1xi32>
  return
}

// -----

func.func @indices(%d: tensor<64x8xi32>, %l: memref<8x4x2x320xi32>, %i: memref<?x1x32xi32>, %n: memref<?x1xi32>, %r: index) {
  // expected-error @+1 {{expected memory for 64 keys of each row, but found 'memref<?x1x32xi32>'}}
  dsa_tile.shortlist.end %l ends(%d) keep = 64 to %i, %n at %r
      : memref<8x4x2x320xi32>, tensor<64x8xi32>, memref<?x1x32xi32>, memref<?x1xi32>
  return
}

// -----

func.func @values(%d: tensor<64x8xi32>, %l: memref<8x4x2x320xi32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>,
                  %v: memref<?x2x64xf32>, %r: index) {
  // expected-error @+1 {{expected memory for 64 keys of each row, but found 'memref<?x2x64xf32>'}}
  dsa_tile.shortlist.end %l ends(%d) keep = 64 to %i, %n values(%v : memref<?x2x64xf32>) at %r
      : memref<8x4x2x320xi32>, tensor<64x8xi32>, memref<?x1x64xi32>, memref<?x1xi32>
  return
}

// -----

func.func @count(%d: tensor<64x8xi32>, %l: memref<8x4x2x320xi32>, %i: memref<?x1x64xi32>, %n: memref<?x2xi32>, %r: index) {
  // expected-error @+1 {{expected memory for one number of each row, but found 'memref<?x2xi32>'}}
  dsa_tile.shortlist.end %l ends(%d) keep = 64 to %i, %n at %r
      : memref<8x4x2x320xi32>, tensor<64x8xi32>, memref<?x1x64xi32>, memref<?x2xi32>
  return
}
