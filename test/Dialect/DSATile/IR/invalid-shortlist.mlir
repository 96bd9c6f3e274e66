// RUN: dsa-opt %s -split-input-file -verify-diagnostics

func.func @workspace(%n: index) {
  // expected-error @+1 {{expected static extents, but found 'memref<?x4xi32>'}}
  %w = dsa_tile.workspace : memref<?x4xi32>
  return
}

// -----

func.func @keys(%s: tensor<32x8xf32>, %m: tensor<32x8xi1>, %c: tensor<32x8xi32>, %k: index, %l: memref<8x4x2x320xi32>) {
  // expected-error @+1 {{expected a tile of 64 keys by rows, but found 'tensor<32x8xf32>'}}
  %n, %f = dsa_tile.shortlist.add %s mask(%m) from %k to %l counts(%c) floors(%s) keep = 64
      : tensor<32x8xf32>, tensor<32x8xi1>, tensor<32x8xi32>, memref<8x4x2x320xi32>
  return
}

// -----

func.func @mask(%s: tensor<64x8xf32>, %m: tensor<64x4xi1>, %c: tensor<64x8xi32>, %k: index, %l: memref<8x4x2x320xi32>) {
  // expected-error @+1 {{expected a mask of the shape and layout of 'tensor<64x8xf32>', but found 'tensor<64x4xi1>'}}
  %n, %f = dsa_tile.shortlist.add %s mask(%m) from %k to %l counts(%c) floors(%s) keep = 64
      : tensor<64x8xf32>, tensor<64x4xi1>, tensor<64x8xi32>, memref<8x4x2x320xi32>
  return
}

// -----

func.func @counts(%s: tensor<64x8xf32>, %m: tensor<64x8xi1>, %c: tensor<64x4xi32>, %k: index, %l: memref<8x4x2x320xi32>) {
  // expected-error @+1 {{expected counts of the shape and layout of 'tensor<64x8xf32>', but found 'tensor<64x4xi32>'}}
  %n, %f = dsa_tile.shortlist.add %s mask(%m) from %k to %l counts(%c) floors(%s) keep = 64
      : tensor<64x8xf32>, tensor<64x8xi1>, tensor<64x4xi32>, memref<8x4x2x320xi32>
  return
}

// -----

func.func @rows(%s: tensor<64x8xf32>, %m: tensor<64x8xi1>, %c: tensor<64x8xi32>, %k: index, %l: memref<4x4x2x320xi32>) {
  // expected-error @+1 {{expected lists of shape [8, 4, 2, room], but found 'memref<4x4x2x320xi32>'}}
  %n, %f = dsa_tile.shortlist.add %s mask(%m) from %k to %l counts(%c) floors(%s) keep = 64
      : tensor<64x8xf32>, tensor<64x8xi1>, tensor<64x8xi32>, memref<4x4x2x320xi32>
  return
}

// -----

func.func @room(%s: tensor<64x8xf32>, %m: tensor<64x8xi1>, %c: tensor<64x8xi32>, %k: index, %l: memref<8x4x2x320xi32>) {
  // expected-error @+1 {{expected room for at least 321 keys, a multiple of 4, but found 320}}
  %n, %f = dsa_tile.shortlist.add %s mask(%m) from %k to %l counts(%c) floors(%s) keep = 65
      : tensor<64x8xf32>, tensor<64x8xi1>, tensor<64x8xi32>, memref<8x4x2x320xi32>
  return
}

// -----

func.func @pieces(%c: tensor<64x8xi32>, %l: memref<8x4x2x322xi32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>, %r: index) {
  // expected-error @+1 {{expected room for at least 320 keys, a multiple of 4, but found 322}}
  dsa_tile.shortlist.end %l counts(%c) keep = 64 to %i, %n at %r
      : memref<8x4x2x322xi32>, tensor<64x8xi32>, memref<?x1x64xi32>, memref<?x1xi32>
  return
}

// -----

func.func @indices(%c: tensor<64x8xi32>, %l: memref<8x4x2x320xi32>, %i: memref<?x1x32xi32>, %n: memref<?x1xi32>, %r: index) {
  // expected-error @+1 {{expected memory for 64 keys of each row, but found 'memref<?x1x32xi32>'}}
  dsa_tile.shortlist.end %l counts(%c) keep = 64 to %i, %n at %r
      : memref<8x4x2x320xi32>, tensor<64x8xi32>, memref<?x1x32xi32>, memref<?x1xi32>
  return
}

// -----

func.func @values(%c: tensor<64x8xi32>, %l: memref<8x4x2x320xi32>, %i: memref<?x1x64xi32>, %n: memref<?x1xi32>,
                  %v: memref<?x2x64xf32>, %r: index) {
  // expected-error @+1 {{expected memory for 64 keys of each row, but found 'memref<?x2x64xf32>'}}
  dsa_tile.shortlist.end %l counts(%c) keep = 64 to %i, %n values(%v : memref<?x2x64xf32>) at %r
      : memref<8x4x2x320xi32>, tensor<64x8xi32>, memref<?x1x64xi32>, memref<?x1xi32>
  return
}

// -----

func.func @count(%c: tensor<64x8xi32>, %l: memref<8x4x2x320xi32>, %i: memref<?x1x64xi32>, %n: memref<?x2xi32>, %r: index) {
  // expected-error @+1 {{expected memory for one number of each row, but found 'memref<?x2xi32>'}}
  dsa_tile.shortlist.end %l counts(%c) keep = 64 to %i, %n at %r
      : memref<8x4x2x320xi32>, tensor<64x8xi32>, memref<?x1x64xi32>, memref<?x2xi32>
  return
}
