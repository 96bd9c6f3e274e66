// The messages of the verifiers of attention, and the note at the second location
// where there is one.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file

//===----------------------------------------------------------------------===//
// sparse_attention and attention
//===----------------------------------------------------------------------===//

func.func @keys_rank(%q: memref<?x4x8xf32>, %k: memref<2x?x4x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected 'K' of shape [N, D], but found rank 4}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<2x?x4x8xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @values_rank(%q: memref<?x4x8xf32>, %k: memref<2x?x2x8xf32>, %v: memref<?x2x8xf32>, %seq: memref<?xi32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected 'V' of shape [B, N, Hkv, Dv], but found rank 3}}
  dsa.attention scale = 1.0 ins(%q, %k, %v : memref<?x4x8xf32>, memref<2x?x2x8xf32>, memref<?x2x8xf32>)
      seq(%seq : memref<?xi32>) outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

// expected-note @below {{'q' is 'memref<?x4x8xf32>'}}
func.func @keys_type(%q: memref<?x4x8xf32>, %k: memref<?x8xf16>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected 'K' to have element type 'f32', as 'q', but found 'f16'}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf16>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

// expected-note @below {{'q' is 'memref<?x4x8xf32>'}}
func.func @values_type(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %v: memref<?x8xbf16>, %i: memref<?x1x4xi32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.sparse_attention' op expected 'V' to have element type 'f32', as 'q', but found 'bf16'}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k, %v : memref<?x4x8xf32>, memref<?x8xf32>, memref<?x8xbf16>)
      indices(%i : memref<?x1x4xi32>) outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

// expected-note @below {{'V' is 'memref<?x16xf32>'}}
func.func @value_width(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %v: memref<?x16xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected dimension 2 of 'out' to be 16 (Dv, as in 'V'), but found 8}}
  dsa.attention scale = 1.0 ins(%q, %k, %v : memref<?x4x8xf32>, memref<?x8xf32>, memref<?x16xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @value_width_of_keys(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %o: memref<?x4x9xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected Dv <= D = 8 where the first columns of K are the values, but found 9}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      outs(%o, %l : memref<?x4x9xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @dynamic_value_width(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %o: memref<?x4x?xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected dimension 2 of 'out' (Dv) to be static}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      outs(%o, %l : memref<?x4x?xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @dynamic_query_heads(%q: memref<?x?x8xf32>, %k: memref<?x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected dimension 1 of 'q' (Hq) to be static}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x?x8xf32>, memref<?x8xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @dynamic_key_heads(%q: memref<?x4x8xf32>, %k: memref<?x?x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected dimension 1 of 'K' (Hkv) to be static}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x?x8xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @dynamic_key_heads_of_k(%q: memref<?x4x8xf32>, %k: memref<?x?x8xf32>, %v: memref<?x2x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected dimension 1 of 'K' (Hkv) to be static}}
  dsa.attention scale = 1.0 ins(%q, %k, %v : memref<?x4x8xf32>, memref<?x?x8xf32>, memref<?x2x8xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @key_heads(%q: memref<?x4x8xf32>, %k: memref<?x3x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected Hkv = 3 to divide Hq = 4}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x3x8xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @no_key_heads(%q: memref<?x4x8xf32>, %k: memref<?x0x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected dimension 1 of 'K' (Hkv) to be in [1, 2147483647], but found 0}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x0x8xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @lse_type(%q: memref<?x4x8xf16>, %k: memref<?x8xf16>, %o: memref<?x4x8xf16>, %l: memref<?x4xf16>) {
  // expected-error @below {{'dsa.attention' op expected 'lse' to have element type 'f32', but found 'f16'}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf16>, memref<?x8xf16>)
      outs(%o, %l : memref<?x4x8xf16>, memref<?x4xf16>)
  return
}

// -----

func.func @max_type(%q: memref<?x4x8xf16>, %k: memref<?x8xf16>, %o: memref<?x4x8xf16>, %l: memref<?x4xf32>, %m: memref<?x4xf16>) {
  // expected-error @below {{'dsa.attention' op expected 'max' to have element type 'f32', but found 'f16'}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf16>, memref<?x8xf16>)
      outs(%o, %l, %m : memref<?x4x8xf16>, memref<?x4xf32>, memref<?x4xf16>)
  return
}

// -----

// expected-note @below {{'q' is 'memref<?x4x8xf32>'}}
func.func @sink(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %sink: memref<5xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected dimension 0 of 'sink' to be 4 (Hq, as in 'q'), but found 5}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>) sink(%sink : memref<5xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @attention_one_bound(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %lo: memref<?xi32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected 'lo' and 'hi' together, but found only one}}
  "dsa.attention"(%q, %k, %lo, %o, %l) <{scale = 1.0 : f32, operandSegmentSizes = array<i32: 1, 1, 0, 1, 0, 0, 0, 0, 2>}>
      : (memref<?x4x8xf32>, memref<?x8xf32>, memref<?xi32>, memref<?x4x8xf32>, memref<?x4xf32>) -> ()
  return
}

// -----

func.func @attention_window(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op expected 'positions' beside window}}
  dsa.attention scale = 1.0 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>) window = [1, 0]
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @attention_scale(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>) {
  // expected-error @below {{'dsa.attention' op requires attribute 'scale'}}
  "dsa.attention"(%q, %k, %o, %l) <{operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 2>}>
      : (memref<?x4x8xf32>, memref<?x8xf32>, memref<?x4x8xf32>, memref<?x4xf32>) -> ()
  return
}

// -----

func.func @lists(%q: memref<?x8x8xf32>, %k: memref<?x4x8xf32>, %i: memref<?x2x16xi32>, %o: memref<?x8x8xf32>, %l: memref<?x8xf32>) {
  // expected-error @below {{'dsa.sparse_attention' op expected G to be 1, Hkv = 4 or Hq = 8, but found 2}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x8xf32>, memref<?x4x8xf32>)
      indices(%i : memref<?x2x16xi32>) outs(%o, %l : memref<?x8x8xf32>, memref<?x8xf32>)
  return
}

// -----

// expected-note @below {{'indices' is 'memref<?x1x16xi32>'}}
func.func @lengths(%q: memref<?x8x8xf32>, %k: memref<?x8xf32>, %i: memref<?x1x16xi32>, %n: memref<?x8xi32>, %o: memref<?x8x8xf32>, %l: memref<?x8xf32>) {
  // expected-error @below {{'dsa.sparse_attention' op expected dimension 1 of 'lengths' to be 1 (G, as in 'indices'), but found 8}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x8xf32>, memref<?x8xf32>)
      indices(%i : memref<?x1x16xi32>) lengths(%n : memref<?x8xi32>)
      outs(%o, %l : memref<?x8x8xf32>, memref<?x8xf32>)
  return
}

// -----

func.func @dynamic_list(%q: memref<?x8x8xf32>, %k: memref<?x8xf32>, %i: memref<?x1x?xi32>, %o: memref<?x8x8xf32>, %l: memref<?x8xf32>) {
  // expected-error @below {{'dsa.sparse_attention' op expected dimension 2 of 'indices' (K) to be static}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x8xf32>, memref<?x8xf32>)
      indices(%i : memref<?x1x?xi32>) outs(%o, %l : memref<?x8x8xf32>, memref<?x8xf32>)
  return
}

// -----

func.func @dynamic_lists(%q: memref<?x8x8xf32>, %k: memref<?x8xf32>, %i: memref<?x?x16xi32>, %n: memref<?x1xi32>, %o: memref<?x8x8xf32>, %l: memref<?x8xf32>) {
  // expected-error @below {{'dsa.sparse_attention' op expected dimension 1 of 'indices' (G) to be static}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x8xf32>, memref<?x8xf32>)
      indices(%i : memref<?x?x16xi32>) lengths(%n : memref<?x1xi32>)
      outs(%o, %l : memref<?x8x8xf32>, memref<?x8xf32>)
  return
}

// -----

func.func @attention_block(%q: memref<?x8x8xf32>, %k: memref<?x8xf32>, %i: memref<?x1x16xi32>, %o: memref<?x8x8xf32>, %l: memref<?x8xf32>) {
  // expected-error @below {{'dsa.sparse_attention' op expected block in [1, 2147483647], but found -2}}
  dsa.sparse_attention scale = 1.0 ins(%q, %k : memref<?x8x8xf32>, memref<?x8xf32>)
      indices(%i : memref<?x1x16xi32>) block = -2 outs(%o, %l : memref<?x8x8xf32>, memref<?x8xf32>)
  return
}
