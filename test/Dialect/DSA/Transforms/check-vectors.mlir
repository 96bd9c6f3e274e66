// RUN: dsa-opt %s -split-input-file -dsa-check-vectors -verify-diagnostics

func.func @fits(%x: vector<8192xf32>, %y: vector<8x128x8xf16>, %z: vector<f32>) {
  return
}

// -----

func.func @result(%x: f32) {
  // expected-error @+1 {{cannot be lowered: expected vectors of at most 1024 rows and 8192 elements, but found 'vector<64x129xf32>'}}
  %y = vector.broadcast %x : f32 to vector<64x129xf32>
  return
}

// -----

func.func @rows(%x: f32) {
  // expected-error @+1 {{cannot be lowered: expected vectors of at most 1024 rows and 8192 elements, but found 'vector<25x41x1xf32>'}}
  %y = vector.broadcast %x : f32 to vector<25x41x1xf32>
  return
}

// -----

// expected-error @+1 {{cannot be lowered: expected vectors of at most 1024 rows and 8192 elements, but found 'vector<2147483648x16xf8E4M3FN>'}}
func.func @argument(%x: vector<2147483648x16xf8E4M3FN>) {
  return
}

// -----

// More elements than 64 bits can count.
func.func @block(%n: index, %x: memref<4xvector<4294967296x4294967296xf32>>) {
  scf.for %i = %n to %n step %n {
    // expected-error @+1 {{cannot be lowered: expected vectors of at most 1024 rows and 8192 elements, but found 'vector<4294967296x4294967296xf32>'}}
    %y = memref.load %x[%i] : memref<4xvector<4294967296x4294967296xf32>>
  }
  return
}
