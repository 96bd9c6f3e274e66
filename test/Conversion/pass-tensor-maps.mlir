// RUN: dsa-opt %s -dsa-pass-tensor-maps | FileCheck %s

gpu.module @kernels {
  // What copies use as tensor maps is passed by value and read where it lies, each once.
  // Other pointers are left alone.
  // CHECK-LABEL: llvm.func @kernel(
  // CHECK-SAME:    %{{[^:]*}}: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant},
  // CHECK-SAME:    %{{[^:]*}}: !llvm.ptr,
  // CHECK-SAME:    %{{[^:]*}}: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant},
  // CHECK-SAME:    %{{[^:]*}}: !llvm.ptr<7>,
  llvm.func @kernel(%keys: !llvm.ptr, %out: !llvm.ptr, %queries: !llvm.ptr, %shared: !llvm.ptr<7>,
                    %barrier: !llvm.ptr<3>, %i: i32) attributes {gpu.kernel, nvvm.kernel} {
    nvvm.cp.async.bulk.tensor.shared.cluster.global %shared, %keys, %barrier, box[%i, %i] : !llvm.ptr<7>, !llvm.ptr
    nvvm.cp.async.bulk.tensor.shared.cluster.global %shared, %queries, %barrier, box[%i, %i, %i] : !llvm.ptr<7>, !llvm.ptr
    nvvm.cp.async.bulk.tensor.shared.cluster.global %shared, %keys, %barrier, box[%i, %i] : !llvm.ptr<7>, !llvm.ptr
    %x = llvm.load %out : !llvm.ptr -> f32
    llvm.return
  }

  // Maps that lie in memory, or come from other blocks, are no parameters.
  // CHECK-LABEL: llvm.func @elsewhere(
  // CHECK-SAME:    %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr<7>,
  llvm.func @elsewhere(%maps: !llvm.ptr, %shared: !llvm.ptr<7>, %barrier: !llvm.ptr<3>, %i: i32) {
    %map = llvm.getelementptr %maps[%i] : (!llvm.ptr, i32) -> !llvm.ptr, !llvm.array<128 x i8>
    nvvm.cp.async.bulk.tensor.shared.cluster.global %shared, %map, %barrier, box[%i, %i] : !llvm.ptr<7>, !llvm.ptr
    llvm.br ^next(%map : !llvm.ptr)
  ^next(%again: !llvm.ptr):
    nvvm.cp.async.bulk.tensor.shared.cluster.global %shared, %again, %barrier, box[%i, %i] : !llvm.ptr<7>, !llvm.ptr
    llvm.return
  }
}
