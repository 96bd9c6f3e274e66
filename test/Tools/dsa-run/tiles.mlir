// The kernels on tiles of a GPU, on this machine.

// RUN: dsa-run %s --random 1 --tiles sm_90a --check | FileCheck %s
// RUN: dsa-run %s --random 1 --tiles sm_80 --check | FileCheck %s --check-prefix=NONE

// CHECK:      @scores cpu as sm_90a {{[0-9]+}}
// CHECK:      scores tensor<9x70xf32> relative {{[0-9.e+-]+}} 1.0e-05 ok

// A chip without such kernels takes the portable path.
// NONE:       @scores cpu as sm_80 {{[0-9]+}}
// NONE:       scores tensor<9x70xf32> relative {{[0-9.e+-]+}} 1.0e-05 ok
func.func @scores(%q: tensor<9x5x64xbf16>, %k: tensor<70x64xbf16>, %init: tensor<9x70xf32>)
    -> (tensor<9x70xf32> {dsa.name = "scores"}) {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<9x5x64xbf16>, tensor<70x64xbf16>)
      outs(%init : tensor<9x70xf32>) -> tensor<9x70xf32>
  return %s : tensor<9x70xf32>
}
