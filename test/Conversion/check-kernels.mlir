// RUN: dsa-opt %s -dsa-check-kernels -split-input-file -verify-diagnostics | FileCheck %s

// What a GPU can run, and whatever the host does.
// CHECK-LABEL: gpu.module @good
gpu.module @good {
  llvm.mlir.global internal @scratch() {addr_space = 3 : i32} : !llvm.array<4 x f32>
  llvm.func @square(%x: f32) -> f32 {
    %y = llvm.fmul %x, %x : f32
    llvm.return %y : f32
  }
  llvm.func @kernel(%p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    %x = llvm.load %p : !llvm.ptr -> f32
    %y = llvm.call @square(%x) : (f32) -> f32
    %z = llvm.call_intrinsic "llvm.exp2.f32"(%y) : (f32) -> f32
    nvvm.barrier0
    llvm.store %z, %p : f32, !llvm.ptr
    llvm.return
  }
}
func.func private @elsewhere(memref<?xf32>)
// CHECK-LABEL: func @host
func.func @host(%a: memref<?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = memref.alloc(%n) : memref<?xf32>
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %x = memref.load %a[%i] : memref<?xf32>
    memref.store %x, %b[%i] : memref<?xf32>
  }
  call @elsewhere(%b) : (memref<?xf32>) -> ()
  return
}

// -----

// Of several reasons one is told.
gpu.module @parallel {
  func.func @kernel(%a: memref<?xf32>, %n: index) {
    %c0 = llvm.mlir.constant(0 : index) : i64
    // expected-error @+1 {{kernel cannot run on a GPU: 'builtin.unrealized_conversion_cast' was not lowered to the device}}
    %begin = builtin.unrealized_conversion_cast %c0 : i64 to index
    %c1 = arith.constant 1 : index
    scf.parallel (%i) = (%begin) to (%n) step (%c1) {
      %x = memref.load %a[%i] : memref<?xf32>
      memref.store %x, %a[%i] : memref<?xf32>
    }
    return
  }
}

// -----

gpu.module @math {
  llvm.func @kernel(%x: i32, %p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{kernel cannot run on a GPU: 'math.ctpop' was not lowered to the device}}
    %y = math.ctpop %x : i32
    llvm.store %y, %p : i32, !llvm.ptr
    llvm.return
  }
}

// -----

gpu.module @allocates {
  llvm.func @malloc(i64) -> !llvm.ptr
  llvm.func @kernel(%n: i64) attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{kernel cannot run on a GPU: calls 'malloc', which the module does not define}}
    %p = llvm.call @malloc(%n) : (i64) -> !llvm.ptr
    llvm.return
  }
}

// -----

gpu.module @library {
  llvm.func @__nv_expf(f32) -> f32
  llvm.func @kernel(%x: f32, %p: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{kernel cannot run on a GPU: calls '__nv_expf', which the module does not define}}
    %y = llvm.call @__nv_expf(%x) : (f32) -> f32
    llvm.store %y, %p : f32, !llvm.ptr
    llvm.return
  }
}

// -----

gpu.module @pointer {
  llvm.func @kernel(%f: !llvm.ptr) attributes {gpu.kernel, nvvm.kernel} {
    // expected-error @+1 {{kernel cannot run on a GPU: calls 'a pointer', which the module does not define}}
    llvm.call %f() : !llvm.ptr, () -> ()
    llvm.return
  }
}
