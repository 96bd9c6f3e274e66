// Files that do not hold what the function takes.

// RUN: rm -rf %t && %python %S/Inputs/make_npy.py %t

// RUN: not dsa-run %s --input k=%t/none.npy --output %t/out 2>&1 | %one_error MISSING
// MISSING: dsa-run: error: argument 'k': cannot read '{{.*}}none.npy': No such file or directory

// RUN: not dsa-run %s --input k=%t --output %t/out 2>&1 | %one_error DIRECTORY
// DIRECTORY: dsa-run: error: argument 'k': cannot read '{{.*}}': Is a directory

// RUN: not dsa-run %s --input k=%t/dtype.npy --output %t/out 2>&1 | %one_error DTYPE
// DTYPE: dsa-run: error: argument 'k': '{{.*}}dtype.npy': expected dtype '<V1' (f8E4M3FN), found '<f4' (f32)

// RUN: not dsa-run %s --input k=%t/double.npy --output %t/out 2>&1 | %one_error DOUBLE
// DOUBLE: dsa-run: error: argument 'k': '{{.*}}double.npy': expected dtype '<V1' (f8E4M3FN), found '<f8'

// RUN: not dsa-run %s --input k=%t/big-endian.npy --output %t/out 2>&1 | %one_error ENDIAN
// ENDIAN: dsa-run: error: argument 'k': '{{.*}}big-endian.npy': expected dtype '<V1' (f8E4M3FN), found '>f4' (big-endian)

// RUN: not dsa-run %s --input k=%t/rank.npy --output %t/out 2>&1 | %one_error RANK
// RANK: dsa-run: error: argument 'k': '{{.*}}rank.npy': expected rank 2, found rank 3 (shape [5x2x2])

// RUN: not dsa-run %s --input k=%t/shape.npy --output %t/out 2>&1 | %one_error SHAPE
// SHAPE: dsa-run: error: argument 'k': '{{.*}}shape.npy': expected shape [?x4], found [4x5]

// RUN: not dsa-run %s --input k=%t/order.npy --output %t/out 2>&1 | %one_error ORDER
// ORDER: dsa-run: error: argument 'k': '{{.*}}order.npy': expected row-major order, found column-major (fortran_order)

// RUN: not dsa-run %s --input k=%t/short.npy --output %t/out 2>&1 | %one_error SHORT
// SHORT: dsa-run: error: argument 'k': '{{.*}}short.npy': truncated data: expected 20 bytes for shape [5x4], found 19

// RUN: not dsa-run %s --input k=%t/long.npy --output %t/out 2>&1 | %one_error LONG
// LONG: dsa-run: error: argument 'k': '{{.*}}long.npy': trailing bytes: expected 20 bytes for shape [5x4], found 21

// RUN: not dsa-run %s --input k=%t/header.npy --output %t/out 2>&1 | %one_error HEADER
// HEADER: dsa-run: error: argument 'k': '{{.*}}header.npy': truncated header: the file ends after 50 bytes

// RUN: not dsa-run %s --input k=%t/text.npy --output %t/out 2>&1 | %one_error TEXT
// TEXT: dsa-run: error: argument 'k': '{{.*}}text.npy': expected a .npy file, found other contents

// RUN: not dsa-run %s --input k=%t/broken.npy --output %t/out 2>&1 | %one_error BROKEN
// BROKEN: dsa-run: error: argument 'k': '{{.*}}broken.npy': expected a header with descr, fortran_order and shape, found "{'desc_': {{.*}}"

// Files that are right on their own, but not together.
// RUN: not dsa-run %s --input k=%t/k.npy --random 1 --shape k_scale=6 --output %t/out 2>&1 | %one_error TOGETHER
// TOGETHER: dsa-run: error: dsa.index_scores: expected N = 5 as in k (argument 'k'), found 6 in k_scale (argument 'k_scale')

// None of them left anything behind.
// RUN: not ls %t/out

func.func @scores(%k: tensor<?x4xf8E4M3FN> {dsa.name = "k"},
                  %q: tensor<3x2x4xf8E4M3FN> {dsa.name = "q"},
                  %k_scale: tensor<?xf32> {dsa.name = "k_scale"})
    -> (tensor<3x?xf32> {dsa.name = "scores"}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %k, %c0 : tensor<?x4xf8E4M3FN>
  %e = tensor.empty(%n) : tensor<3x?xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<3x2x4xf8E4M3FN>, tensor<?x4xf8E4M3FN>)
      k_scale(%k_scale : tensor<?xf32>)
      outs(%e : tensor<3x?xf32>) -> tensor<3x?xf32>
  return %s : tensor<3x?xf32>
}
