// LLVM's code generator ends the process at what a chip has no instruction for; here,
// the smallest of a warp's floats. That is one error like any other, and leaves no file.

// RUN: rm -rf %t && mkdir %t
// RUN: not dsa-compile %s --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | %one_error CRASH
// RUN: not dsa-compile %s --target sm_90a -o %t/x.ptx --launch %t/x.json 2>&1 | %one_error CRASH
// RUN: ls -A %t | count 0
// CRASH: dsa-compile: error: the code generator crashed (Aborted): Cannot select: intrinsic %llvm.nvvm.redux.sync.fmin

// The exit status is that of other errors.
// RUN: %python -c "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL).returncode != 1)" dsa-compile %s --target sm_90a -o %t/x.ptx

// Where the chip can do it, nothing is wrong.
// RUN: dsa-compile %s --target sm_100a -o %t/x.ptx --launch %t/x.json
// RUN: FileCheck %s --check-prefix=GOOD < %t/x.ptx
// GOOD: redux.sync.min.f32

func.func @smallest(%a: tensor<?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>],
                       iterator_types = ["parallel"]} outs(%a : tensor<?xf32>) {
  ^bb0(%x: f32):
    %all = arith.constant -1 : i32
    %y = llvm.call_intrinsic "llvm.nvvm.redux.sync.fmin"(%x, %all) : (f32, i32) -> f32
    linalg.yield %y : f32
  } -> tensor<?xf32>
  return %r : tensor<?xf32>
}
