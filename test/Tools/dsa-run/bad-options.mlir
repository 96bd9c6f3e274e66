// Options that make no sense, alone or for this function.

// RUN: not dsa-run %s --input q 2>&1 | %one_error FORM
// FORM: dsa-run: error: --input q: expected NAME=VALUE

// RUN: not dsa-run %s --input x=y.npy 2>&1 | %one_error NAME
// NAME: dsa-run: error: --input x=y.npy: no argument is named 'x'; expected one of: q, k, lo, arg3

// RUN: not dsa-run %s --input q=a.npy --input q=b.npy 2>&1 | %one_error TWICE
// TWICE: dsa-run: error: --input q=b.npy: argument 'q' was given 'a.npy' before

// RUN: not dsa-run %s 2>&1 | %one_error NONE
// NONE: dsa-run: error: argument 'q' of type tensor<?x2x4xf32> has no value: give --input q=FILE.npy, or --random

// RUN: not dsa-run %s --random 1 2>&1 | %one_error DYNAMIC
// DYNAMIC: dsa-run: error: argument 'q' of type tensor<?x2x4xf32> has dynamic sizes: give --shape q=SIZES

// RUN: not dsa-run %s --shape q=3x2x4 2>&1 | %one_error USELESS
// USELESS: dsa-run: error: --shape q=3x2x4 needs --random

// RUN: not dsa-run %s --random 1 --shape q=3x2x 2>&1 | %one_error SIZES
// SIZES: dsa-run: error: --shape q=3x2x: expected sizes like 64x128, found ''

// RUN: not dsa-run %s --random 1 --shape q=-3x2x4 2>&1 | %one_error NEGATIVE
// NEGATIVE: dsa-run: error: --shape q=-3x2x4: expected sizes like 64x128, found '-3'

// RUN: not dsa-run %s --random 1 --shape q=3x2 2>&1 | %one_error RANK
// RANK: dsa-run: error: --shape q=3x2: expected sizes that fit tensor<?x2x4xf32>

// RUN: not dsa-run %s --random 1 --shape q=3x2x5 2>&1 | %one_error STATIC
// STATIC: dsa-run: error: --shape q=3x2x5: expected sizes that fit tensor<?x2x4xf32>

// RUN: not dsa-run %s --random 1 --shape p=3 2>&1 | %one_error SHAPENAME
// SHAPENAME: dsa-run: error: --shape p=3: no argument is named 'p'; expected one of: q, k, lo, arg3

// RUN: rm -rf %t && mkdir %t && %python -c "import numpy, sys; numpy.save(sys.argv[1], numpy.zeros((3, 2, 4), 'f'))" %t/q.npy
// RUN: not dsa-run %s --random 1 --input q=%t/q.npy --shape q=3x2x4 2>&1 | %one_error BOTH
// BOTH: dsa-run: error: --shape q=3x2x4: argument 'q' is read from '{{.*}}q.npy'

// RUN: not dsa-run %s --random 1 --shape q=4x2x4 --shape lo=3 --shape arg3=4 2>&1 | %one_error ROWS
// ROWS: dsa-run: error: dsa.index_scores: expected T = 4 as in q (argument 'q'), found 3 in lo (argument 'lo')

// RUN: not dsa-run %s --random 1 --shape q=9223372036854775807x2x4 --shape lo=9223372036854775807 --shape arg3=9223372036854775807 2>&1 | %one_error LARGE
// LARGE: dsa-run: error: no memory for a tensor of shape [9223372036854775807x2x4]

// RUN: not dsa-run %s --target gpu 2>&1 | %one_error TARGET
// TARGET: dsa-run: error: --target gpu: expected cpu or cuda

// RUN: not dsa-run %s --tiles sm_1 2>&1 | %one_error TILES
// TILES: dsa-run: error: --tiles sm_1: expected one of sm_80, {{.*}}sm_90a{{.*}}

// RUN: not dsa-run %s --tiles= 2>&1 | %one_error NOTILES
// NOTILES: dsa-run: error: --tiles : expected one of sm_80, {{.*}}

// RUN: not dsa-run %s --target cuda --tiles sm_90a 2>&1 | %one_error TILESTARGET
// TILESTARGET: dsa-run: error: --tiles sm_90a needs --target cpu, found cuda

// RUN: not dsa-run %s --bench 0 2>&1 | %one_error BENCH
// BENCH: dsa-run: error: --bench 0: expected at least 1

// RUN: not dsa-run %s --output= 2>&1 | %one_error OUTPUT
// OUTPUT: dsa-run: error: --output: expected a directory

// RUN: not dsa-run %s --bench x 2>&1 | FileCheck %s --check-prefix=NUMBER
// NUMBER: dsa-run: for the --bench option: 'x' value invalid for uint argument!

// RUN: not dsa-run %s --no-such-option 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: dsa-run: Unknown command line argument '--no-such-option'

// The exit code is 1, and a crash's is not.
// RUN: %python -c "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode != 1)" dsa-run %s
// RUN: %python -c "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode != 1)" dsa-run --no-such-option

func.func @scores(%q: tensor<?x2x4xf32> {dsa.name = "q"},
                  %k: tensor<5x4xf32> {dsa.name = "k"},
                  %lo: tensor<?xi32> {dsa.name = "lo"}, %hi: tensor<?xi32>)
    -> tensor<?x5xf32> {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : tensor<?x2x4xf32>
  %e = tensor.empty(%t) : tensor<?x5xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x2x4xf32>, tensor<5x4xf32>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%e : tensor<?x5xf32>) -> tensor<?x5xf32>
  return %s : tensor<?x5xf32>
}
