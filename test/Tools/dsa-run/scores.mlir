// A function runs, its results are written, read again and checked. Nothing is told
// but what takes long, on a machine that is busy.

// RUN: rm -rf %t && mkdir %t
// RUN: dsa-run %s --random 3 --shape k=9x4 --shape k_scale=9 --check --output %t/a/b | FileCheck %s
// RUN: dsa-run %s --random 3 --shape k=9x4 --shape k_scale=9 --output %t/again > %t/table 2> %t/progress
// RUN: not grep -vE '^dsa-run: (compiling|running) ' %t/progress
// RUN: diff -r %t/a/b %t/again
// RUN: FileCheck %s --check-prefix=UNCHECKED < %t/table
// RUN: %python -c "import numpy, sys; s = numpy.load(sys.argv[1]); print(s.dtype, s.shape, numpy.isinf(s).astype(int))" %t/again/scores.npy | FileCheck %s --check-prefix=VALUES

// CHECK:      function target threads compile runs time GFLOP/s GB/s memory beyond inputs and outputs
// CHECK-NEXT: @scores cpu {{[0-9]+}} {{.*}} MiB
// CHECK-EMPTY:
// CHECK-NEXT: result type checked error tolerance verdict
// CHECK-NEXT: scores tensor<3x9xf32> relative {{[0-9.e+-]+}} 1.0e-05 ok
// CHECK-NEXT: result1 tensor<3x9xf16> relative {{[0-9.e+-]+}} 2.0e-03 ok
// CHECK-NOT:  {{.}}

// UNCHECKED:      result type
// UNCHECKED-NEXT: scores tensor<3x9xf32>{{$}}

// The rows are the last three of nine keys.
// VALUES:      float32 (3, 9)
// VALUES-SAME: 0 0 0 0 0 0 0 1 1]
// VALUES-NEXT: 0 0 0 0 0 0 0 0 1]
// VALUES-NEXT: 0 0 0 0 0 0 0 0 0]

// Files take the place of made-up values.
// RUN: %python %S/Inputs/make_npy.py %t/in
// RUN: dsa-run %s --target=cpu --entry=scores --input k=%t/in/k.npy --random 3 --shape k_scale=5 --check --bench 3 \
// RUN:   | FileCheck %s --check-prefix=FILES
// FILES:      function target threads compile runs
// FILES-NEXT: @scores cpu {{[0-9]+ [0-9.]+ u?m?s}} 3 {{.*}} MiB
// FILES:      scores tensor<3x5xf32> relative {{[0-9.e+-]+}} 1.0e-05 ok

// So does a module from the standard input.
// RUN: dsa-run - --random 3 --shape k=0x4 --shape k_scale=0 --check < %s | FileCheck %s --check-prefix=EMPTY
// EMPTY: scores tensor<3x0xf32> relative 0.0e+00 1.0e-05 ok

func.func @scores(%q: tensor<3x2x4xf8E4M3FN> {dsa.name = "q"},
                  %k: tensor<?x4xf8E4M3FN> {dsa.name = "k"},
                  %k_scale: tensor<?xf32> {dsa.name = "k_scale"},
                  %lo: tensor<3xi32>, %hi: tensor<3xi32>)
    -> (tensor<3x?xf32> {dsa.name = "scores"}, tensor<3x?xf16>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %k, %c0 : tensor<?x4xf8E4M3FN>
  %e = tensor.empty(%n) : tensor<3x?xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<3x2x4xf8E4M3FN>, tensor<?x4xf8E4M3FN>)
      k_scale(%k_scale : tensor<?xf32>)
      bounds(%lo, %hi : tensor<3xi32>, tensor<3xi32>)
      outs(%e : tensor<3x?xf32>) -> tensor<3x?xf32>
  %e16 = tensor.empty(%n) : tensor<3x?xf16>
  %s16 = dsa.index_scores<none> ins(%q, %k : tensor<3x2x4xf8E4M3FN>, tensor<?x4xf8E4M3FN>)
      outs(%e16 : tensor<3x?xf16>) -> tensor<3x?xf16>
  return %s, %s16 : tensor<3x?xf32>, tensor<3x?xf16>
}
