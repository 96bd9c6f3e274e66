// Pages that hold keys and their scales are views of one argument's memory, as bytes and as words: a tensor map
// steps over the scales, and those begin behind the keys.

// RUN: dsa-compile %s --target sm_90a -o %t.ptx --launch %t.json
// RUN: %check_record %t.json --ptx %t.ptx --show | FileCheck %s

// CHECK:     launch main_tiles_0
// CHECK-DAG: parameter tensor_map 1 (size({{[0-9]+}}, 0), 64, 128) (8448, 128, 1) (1, 64, 128) 128
// CHECK-DAG: parameter memref 2 2048 (size({{[0-9]+}}, 0), 64) (2112, 1)

func.func @main(%q: tensor<?x64x128xf8E4M3FN>, %bytes: tensor<?x8448xf8E4M3FN>, %words: tensor<?x2112xf32>,
                %w: tensor<?x64xf32>, %seq: tensor<?xi32>, %table: tensor<?x?xi32>,
                %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %c0 = arith.constant 0 : index
  %np = tensor.dim %bytes, %c0 : tensor<?x8448xf8E4M3FN>
  %values = tensor.extract_slice %bytes[0, 0] [%np, 8192] [1, 1]
      : tensor<?x8448xf8E4M3FN> to tensor<?x8192xf8E4M3FN>
  %k = tensor.expand_shape %values [[0], [1, 2]] output_shape [%np, 64, 128]
      : tensor<?x8192xf8E4M3FN> into tensor<?x64x128xf8E4M3FN>
  %ks = tensor.extract_slice %words[0, 2048] [%np, 64] [1, 1]
      : tensor<?x2112xf32> to tensor<?x64xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x64x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) k_scale(%ks : tensor<?x64xf32>)
      seq(%seq : tensor<?xi32>) table(%table : tensor<?x?xi32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
