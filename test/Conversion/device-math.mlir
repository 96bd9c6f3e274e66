// RUN: dsa-opt %s -dsa-device-math -canonicalize | FileCheck %s

gpu.module @kernels {
  // CHECK-LABEL: func @exponentials(
  // CHECK-SAME:    %[[X:[^:]*]]: f32)
  func.func @exponentials(%x: f32) -> (f32, f32) {
    // CHECK:      %[[LOG2E:.*]] = arith.constant 1.4426
    // CHECK:      %[[A:.*]] = llvm.call_intrinsic "llvm.exp2.f32"(%[[X]]) : (f32) -> f32
    // CHECK-NEXT: %[[SCALED:.*]] = arith.mulf %[[X]], %[[LOG2E]]
    // CHECK-NEXT: %[[B:.*]] = llvm.call_intrinsic "llvm.exp2.f32"(%[[SCALED]]) : (f32) -> f32
    // CHECK-NEXT: return %[[A]], %[[B]]
    %a = math.exp2 %x : f32
    %b = math.exp %x : f32
    return %a, %b : f32, f32
  }

  // CHECK-LABEL: func @logarithm(
  // CHECK-SAME:    %[[X:[^:]*]]: f32)
  func.func @logarithm(%x: f32) -> f32 {
    // CHECK:      %[[LN2:.*]] = arith.constant 0.69314
    // CHECK-NEXT: %[[LOG2:.*]] = llvm.call_intrinsic "llvm.nvvm.lg2.approx.f"(%[[X]]) : (f32) -> f32
    // CHECK-NEXT: %[[LN:.*]] = arith.mulf %[[LOG2]], %[[LN2]]
    // CHECK-NEXT: return %[[LN]]
    %a = math.log %x : f32
    return %a : f32
  }

  // CHECK-LABEL: func @fma(
  // CHECK-SAME:    %[[X:[^:]*]]: f32, %[[Y:[^:]*]]: f32, %[[Z:[^:]*]]: f32)
  func.func @fma(%x: f32, %y: f32, %z: f32) -> f32 {
    // CHECK-NEXT: llvm.intr.fma(%[[X]], %[[Y]], %[[Z]])
    %a = math.fma %x, %y, %z : f32
    return %a : f32
  }

  // CHECK-LABEL: func @absolute(
  // CHECK-SAME:    %[[X:[^:]*]]: f32)
  func.func @absolute(%x: f32) -> f32 {
    // CHECK-NEXT: llvm.call_intrinsic "llvm.fabs.f32"(%[[X]]) : (f32) -> f32
    %a = math.absf %x : f32
    return %a : f32
  }

  // Other types are left, for the last check to refuse.
  // CHECK-LABEL: func @half(
  func.func @half(%x: f16) -> (f16, f16) {
    // CHECK-NEXT: math.exp
    // CHECK-NEXT: math.log
    %a = math.exp %x : f16
    %b = math.log %x : f16
    return %a, %b : f16, f16
  }
}

// The host has a library.
// CHECK-LABEL: func @host(
func.func @host(%x: f32) -> f32 {
  // CHECK-NEXT: math.exp
  %a = math.exp %x : f32
  return %a : f32
}
