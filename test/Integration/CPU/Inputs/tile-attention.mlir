// A kernel on tiles written by hand.
//
// Attention with a running maximum and sum: loops and branches carry tiles, products
// begin with accumulators and take rows of b, exponentials are elementwise.
func.func @attention(%q: tensor<?x32xf16> {dsa.name = "q"}, %k: tensor<?x32xf16> {dsa.name = "k"},
                     %v: tensor<?x8xf32> {dsa.name = "v"}) -> (tensor<?x8xf32> {dsa.name = "out"}) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %rows = tensor.dim %q, %c0 : tensor<?x32xf16>
  %keys = tensor.dim %k, %c0 : tensor<?x32xf16>
  %qm = bufferization.to_buffer %q read_only : tensor<?x32xf16> to memref<?x32xf16>
  %km = bufferization.to_buffer %k read_only : tensor<?x32xf16> to memref<?x32xf16>
  %vm = bufferization.to_buffer %v read_only : tensor<?x8xf32> to memref<?x8xf32>
  %out = memref.alloc(%rows) : memref<?x8xf32>
  %blocks = arith.ceildivui %rows, %c16 : index
  %infinity = arith.constant 0xFF800000 : f32
  %none = arith.constant dense<0xFF800000> : tensor<16xf32>
  %zero = arith.constant dense<0.0> : tensor<16xf32>
  %zeros = arith.constant dense<0.0> : tensor<16x8xf32>
  scf.forall (%block) in (%blocks) {
    %row = arith.muli %block, %c16 : index
    %queries = dsa_tile.load %qm[%row, %c0] box = [16, 32] : memref<?x32xf16> -> tensor<16x32xf16>
    %r:3 = scf.for %key = %c0 to %keys step %c16 iter_args(%max = %none, %sum = %zero, %acc = %zeros)
        -> (tensor<16xf32>, tensor<16xf32>, tensor<16x8xf32>) {
      %kt = dsa_tile.load %km[%key, %c0] box = [16, 32] : memref<?x32xf16> -> tensor<16x32xf16>
      %products = dsa_tile.mma %queries, %kt : tensor<16x32xf16>, tensor<16x32xf16> -> tensor<16x16xf32>
      %next = arith.addi %key, %c16 : index
      %partial = arith.cmpi ugt, %next, %keys : index
      %x = scf.if %partial -> (tensor<16x16xf32>) {
        %i = dsa_tile.iota dim = 1 : tensor<16x16xi32>
        %left = arith.subi %keys, %key : index
        %left32 = arith.index_cast %left : index to i32
        %lefts = dsa_tile.splat %left32 : i32 -> tensor<16x16xi32>
        %exists = arith.cmpi slt, %i, %lefts : tensor<16x16xi32>
        %infinities = dsa_tile.splat %infinity : f32 -> tensor<16x16xf32>
        %masked = arith.select %exists, %products, %infinities : tensor<16x16xi1>, tensor<16x16xf32>
        scf.yield %masked : tensor<16x16xf32>
      } else {
        scf.yield %products : tensor<16x16xf32>
      }
      %most = dsa_tile.reduce<max> %x : tensor<16x16xf32> -> tensor<16xf32>
      %newMax = arith.maximumf %max, %most : tensor<16xf32>
      %maxes = dsa_tile.expand %newMax dim = 1 : tensor<16xf32> -> tensor<16x16xf32>
      %shifted = arith.subf %x, %maxes : tensor<16x16xf32>
      %p = math.exp2 %shifted : tensor<16x16xf32>
      %change = arith.subf %max, %newMax : tensor<16xf32>
      %factor = math.exp2 %change : tensor<16xf32>
      %added = dsa_tile.reduce<add> %p : tensor<16x16xf32> -> tensor<16xf32>
      %kept = arith.mulf %sum, %factor : tensor<16xf32>
      %newSum = arith.addf %kept, %added : tensor<16xf32>
      %factors = dsa_tile.expand %factor dim = 1 : tensor<16xf32> -> tensor<16x8xf32>
      %scaled = arith.mulf %acc, %factors : tensor<16x8xf32>
      %vt = dsa_tile.load %vm[%key, %c0] box = [16, 8] : memref<?x8xf32> -> tensor<16x8xf32>
      %newAcc = dsa_tile.mma %p, %vt acc(%scaled : tensor<16x8xf32>) b_rows
          : tensor<16x16xf32>, tensor<16x8xf32> -> tensor<16x8xf32>
      scf.yield %newMax, %newSum, %newAcc : tensor<16xf32>, tensor<16xf32>, tensor<16x8xf32>
    }
    %sums = dsa_tile.expand %r#1 dim = 1 : tensor<16xf32> -> tensor<16x8xf32>
    %o = arith.divf %r#2, %sums : tensor<16x8xf32>
    dsa_tile.store %o, %out[%row, %c0] : tensor<16x8xf32>, memref<?x8xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>,
     mapping = [#gpu.block<x>]}
  %result = bufferization.to_tensor %out restrict writable : memref<?x8xf32> to tensor<?x8xf32>
  return %result : tensor<?x8xf32>
}
