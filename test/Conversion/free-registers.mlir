// RUN: dsa-opt %s -dsa-free-registers | FileCheck %s

// CHECK-LABEL: gpu.module @kernels
gpu.module @kernels {
  // CHECK: gpu.func @kernel() kernel attributes {nvvm.minctasm = 1 : i32}
  gpu.func @kernel() kernel {
    gpu.return
  }
  // CHECK: gpu.func @says_how_many() kernel attributes {nvvm.minctasm = 3 : i32}
  gpu.func @says_how_many() kernel attributes {nvvm.minctasm = 3 : i32} {
    gpu.return
  }
  // CHECK: gpu.func @function() {
  gpu.func @function() {
    gpu.return
  }
}
