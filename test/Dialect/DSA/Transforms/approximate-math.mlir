// RUN: dsa-opt %s -dsa-approximate-math -split-input-file | FileCheck %s

// CHECK-LABEL: func @exp_scalar(
// CHECK-NOT:     math.exp
// CHECK:         math.fma
// CHECK-NOT:     math.exp
// CHECK:         return %{{.*}} : f32
func.func @exp_scalar(%x: f32) -> f32 {
  %y = math.exp %x : f32
  return %y : f32
}

// -----

// CHECK-LABEL: func @exp_vector(
// CHECK-NOT:     math.exp
// CHECK:         math.fma %{{.*}} : vector<8xf32>
// CHECK-NOT:     math.exp
// CHECK:         return %{{.*}} : vector<8xf32>
func.func @exp_vector(%x: vector<8xf32>) -> vector<8xf32> {
  %y = math.exp %x : vector<8xf32>
  return %y : vector<8xf32>
}

// -----

// A power of two is one of e.
// CHECK-LABEL: func @exp2_scalar(
// CHECK-SAME:    %[[X:.*]]: f32)
// CHECK:         %[[LN2:.*]] = arith.constant 0.693147182 : f32
// CHECK:         arith.mulf %[[X]], %[[LN2]]
// CHECK-NOT:     math.exp
// CHECK:         math.fma
// CHECK-NOT:     math.exp
// CHECK:         return %{{.*}} : f32
func.func @exp2_scalar(%x: f32) -> f32 {
  %y = math.exp2 %x : f32
  return %y : f32
}

// -----

// CHECK-LABEL: func @exp2_vector(
// CHECK-NOT:     math.exp
// CHECK:         math.fma %{{.*}} : vector<4xf32>
// CHECK-NOT:     math.exp
// CHECK:         return %{{.*}} : vector<4xf32>
func.func @exp2_vector(%x: vector<4xf32>) -> vector<4xf32> {
  %y = math.exp2 %x : vector<4xf32>
  return %y : vector<4xf32>
}

// -----

// Others are left alone: logarithms are once a row.
// CHECK-LABEL: func @others(
// CHECK:         math.log
// CHECK:         math.sqrt
// CHECK:         math.tanh
// CHECK:         math.exp %{{.*}} : f64
func.func @others(%x: f32, %y: f64) -> (f32, f32, f32, f64) {
  %0 = math.log %x : f32
  %1 = math.sqrt %x : f32
  %2 = math.tanh %x : f32
  %3 = math.exp %y : f64
  return %0, %1, %2, %3 : f32, f32, f32, f64
}
