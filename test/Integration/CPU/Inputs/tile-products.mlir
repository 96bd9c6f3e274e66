// A kernel on tiles written by hand.
//
// Rows that begin before the memory does, two products of one a in one pass, groups of
// columns, a tile that is transposed without a mask and one that is flattened.
func.func @products(%a: tensor<?x32xf8E4M3FN> {dsa.name = "a"}, %b: tensor<16x32xf8E4M3FN> {dsa.name = "b"},
                    %c: tensor<8x32xf8E4M3FN> {dsa.name = "c"}, %f: tensor<2x?xf32> {dsa.name = "f"})
    -> (tensor<?x4xf32> {dsa.name = "most"}, tensor<8x?xf32> {dsa.name = "turned"}) {
  %c0 = arith.constant 0 : index
  %before = arith.constant -3 : index
  %rows = tensor.dim %a, %c0 : tensor<?x32xf8E4M3FN>
  %am = bufferization.to_buffer %a read_only : tensor<?x32xf8E4M3FN> to memref<?x32xf8E4M3FN>
  %bm = bufferization.to_buffer %b read_only : tensor<16x32xf8E4M3FN> to memref<16x32xf8E4M3FN>
  %cm = bufferization.to_buffer %c read_only : tensor<8x32xf8E4M3FN> to memref<8x32xf8E4M3FN>
  %fm = bufferization.to_buffer %f read_only : tensor<2x?xf32> to memref<2x?xf32>
  %most = memref.alloc(%rows) : memref<?x4xf32>
  %turned = memref.alloc(%rows) : memref<8x?xf32>
  %c1 = arith.constant 1 : index
  scf.forall (%block) in (%c1) {
    %at = dsa_tile.load %am[%before, %c0] box = [64, 32] : memref<?x32xf8E4M3FN> -> tensor<64x32xf8E4M3FN>
    %bt = dsa_tile.load %bm[%c0, %c0] box = [16, 32] : memref<16x32xf8E4M3FN> -> tensor<16x32xf8E4M3FN>
    %ct = dsa_tile.load %cm[%c0, %c0] box = [8, 32] : memref<8x32xf8E4M3FN> -> tensor<8x32xf8E4M3FN>
    %x:2 = dsa_tile.mma %at, %bt, %ct
        : tensor<64x32xf8E4M3FN>, tensor<16x32xf8E4M3FN>, tensor<8x32xf8E4M3FN> -> tensor<64x16xf32>, tensor<64x8xf32>
    %groups = dsa_tile.reduce<max> %x#0 group = 4 : tensor<64x16xf32> -> tensor<64x4xf32>
    %i = dsa_tile.iota dim = 0 : tensor<64x4xi32>
    %if = arith.sitofp %i : tensor<64x4xi32> to tensor<64x4xf32>
    %numbered = arith.addf %groups, %if : tensor<64x4xf32>
    dsa_tile.store %numbered, %most[%before, %c0] : tensor<64x4xf32>, memref<?x4xf32>
    %ft = dsa_tile.load %fm[%c0, %c0] box = [2, 4] : memref<2x?xf32> -> tensor<8xf32>
    %fs = dsa_tile.expand %ft dim = 0 : tensor<8xf32> -> tensor<64x8xf32>
    %y = arith.mulf %x#1, %fs : tensor<64x8xf32>
    dsa_tile.store %y, %turned[%c0, %before] transposed : tensor<64x8xf32>, memref<8x?xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>,
     mapping = [#gpu.block<x>]}
  %0 = bufferization.to_tensor %most restrict writable : memref<?x4xf32> to tensor<?x4xf32>
  %1 = bufferization.to_tensor %turned restrict writable : memref<8x?xf32> to tensor<8x?xf32>
  return %0, %1 : tensor<?x4xf32>, tensor<8x?xf32>
}
