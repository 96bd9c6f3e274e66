// A GPU is asked for where there is no driver of one.

// UNSUPPORTED: cuda
// RUN: rm -rf %t
// RUN: not dsa-run %s --target cuda --random 1 --output %t 2>&1 | %one_error DRIVER
// RUN: not ls %t
// DRIVER: dsa-run: error: cannot load libcuda.so.1: {{.*}}: is the CUDA driver installed?

func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}
