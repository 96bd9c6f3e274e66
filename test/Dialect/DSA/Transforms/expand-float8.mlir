// RUN: dsa-opt %s -dsa-expand-float8 -split-input-file | FileCheck %s

// The bits of the exponent and mantissa move up and the bias changes; a subnormal
// number is the difference of two normal ones, which is larger for normal numbers; all
// ones is NaN.
// CHECK-LABEL: func @scalar(
// CHECK-SAME:    %[[X:.*]]: f8E4M3FN)
// CHECK:         %[[I8:.*]] = arith.bitcast %[[X]] : f8E4M3FN to i8
// CHECK:         %[[BITS:.*]] = arith.extsi %[[I8]] : i8 to i32
// CHECK:         %[[SIGN_MASK:.*]] = arith.constant -2147483648 : i32
// CHECK:         %[[SIGN:.*]] = arith.andi %[[BITS]], %[[SIGN_MASK]]
// CHECK:         %[[C7F:.*]] = arith.constant 127 : i32
// CHECK:         %[[MAGNITUDE:.*]] = arith.andi %[[BITS]], %[[C7F]]
// CHECK:         %[[MOVED:.*]] = arith.shli %[[MAGNITUDE]]
// CHECK:         %[[BIAS:.*]] = arith.constant 1006632960 : i32
// CHECK:         %[[NORMAL:.*]] = arith.addi %[[MOVED]], %[[BIAS]]
// CHECK:         %[[ONE_UP:.*]] = arith.constant 8388608 : i32
// CHECK:         %[[TWICE_BITS:.*]] = arith.addi %[[NORMAL]], %[[ONE_UP]]
// CHECK:         %[[TWICE:.*]] = arith.bitcast %[[TWICE_BITS]] : i32 to f32
// CHECK:         %[[LEAST:.*]] = arith.constant 1.562500e-02 : f32
// CHECK:         %[[DIFFERENCE:.*]] = arith.subf %[[TWICE]], %[[LEAST]] : f32
// CHECK:         %[[SUBNORMAL:.*]] = arith.bitcast %[[DIFFERENCE]] : f32 to i32
// CHECK:         %[[FINITE:.*]] = arith.minsi %[[NORMAL]], %[[SUBNORMAL]]
// CHECK:         %[[IS_NAN:.*]] = arith.cmpi eq, %[[MAGNITUDE]], %[[C7F]]
// CHECK:         %[[NAN:.*]] = arith.constant 2143289344 : i32
// CHECK:         %[[VALUE:.*]] = arith.select %[[IS_NAN]], %[[NAN]], %[[FINITE]]
// CHECK:         %[[SIGNED:.*]] = arith.ori %[[VALUE]], %[[SIGN]]
// CHECK:         %[[RESULT:.*]] = arith.bitcast %[[SIGNED]] : i32 to f32
// CHECK:         return %[[RESULT]] : f32
func.func @scalar(%x: f8E4M3FN) -> f32 {
  %y = arith.extf %x : f8E4M3FN to f32
  return %y : f32
}

// -----

// CHECK-LABEL: func @vector(
// CHECK-NOT:     arith.extf
// CHECK:         arith.bitcast %{{.*}} : vector<2x16xf8E4M3FN> to vector<2x16xi8>
// CHECK:         arith.extsi %{{.*}} : vector<2x16xi8> to vector<2x16xi32>
// CHECK:         arith.bitcast %{{.*}} : vector<2x16xi32> to vector<2x16xf32>
func.func @vector(%x: vector<2x16xf8E4M3FN>) -> vector<2x16xf32> {
  %y = arith.extf %x : vector<2x16xf8E4M3FN> to vector<2x16xf32>
  return %y : vector<2x16xf32>
}

// -----

// Sixteen bits hold every eight-bit value too: rounding the f32 is exact.
// CHECK-LABEL: func @narrower(
// CHECK-NOT:     arith.extf
// CHECK:         arith.truncf %{{.*}} : f32 to f16
// CHECK:         arith.truncf %{{.*}} : vector<4xf32> to vector<4xbf16>
func.func @narrower(%x: f8E4M3FN, %v: vector<4xf8E4M3FN>) -> (f16, vector<4xbf16>) {
  %y = arith.extf %x : f8E4M3FN to f16
  %w = arith.extf %v : vector<4xf8E4M3FN> to vector<4xbf16>
  return %y, %w : f16, vector<4xbf16>
}

// -----

// CHECK-LABEL: func @wider(
// CHECK-SAME:    %[[X:.*]]: f8E4M3FN)
// CHECK-NOT:     arith.extf %[[X]]
// CHECK:         %[[Y:.*]] = arith.extf %{{.*}} : f32 to f64
// CHECK:         return %[[Y]]
func.func @wider(%x: f8E4M3FN) -> f64 {
  %y = arith.extf %x : f8E4M3FN to f64
  return %y : f64
}

// -----

// To nearest even: a half of a last place, or a little less, is added to the bits.
// What is subnormal rounds where it is added to 2^14. NaN is all ones; what is above
// 448 goes there too.
// CHECK-LABEL: func @narrow(
// CHECK-SAME:    %[[X:.*]]: f32)
// CHECK:         %[[BITS:.*]] = arith.bitcast %[[X]] : f32 to i32
// CHECK:         %[[HIGH:.*]] = arith.shrui %[[BITS]]
// CHECK:         %[[C80:.*]] = arith.constant 128 : i32
// CHECK:         %[[SIGN:.*]] = arith.andi %[[HIGH]], %[[C80]]
// CHECK:         %[[MASK:.*]] = arith.constant 2147483647 : i32
// CHECK:         %[[MAGNITUDE:.*]] = arith.andi %[[BITS]], %[[MASK]]
// CHECK:         %[[CODE:.*]] = arith.shrui %[[MAGNITUDE]]
// CHECK:         %[[ONE:.*]] = arith.constant 1 : i32
// CHECK:         %[[ODD:.*]] = arith.andi %[[CODE]], %[[ONE]]
// CHECK:         %[[HALF:.*]] = arith.constant 524287 : i32
// CHECK:         %[[NEARLY:.*]] = arith.addi %[[MAGNITUDE]], %[[HALF]]
// CHECK:         %[[ROUNDED:.*]] = arith.addi %[[NEARLY]], %[[ODD]]
// CHECK:         %[[MOVED:.*]] = arith.shrui %[[ROUNDED]]
// CHECK:         %[[BIAS:.*]] = arith.constant 960 : i32
// CHECK:         %[[NORMAL:.*]] = arith.subi %[[MOVED]], %[[BIAS]]
// CHECK:         %[[BASE:.*]] = arith.constant 1.638400e+04 : f32
// CHECK:         %[[SUM:.*]] = arith.addf %{{.*}}, %[[BASE]] : f32
// CHECK:         %[[SUM_BITS:.*]] = arith.bitcast %[[SUM]] : f32 to i32
// CHECK:         %[[BASE_BITS:.*]] = arith.constant 1182793728 : i32
// CHECK:         %[[SUBNORMAL:.*]] = arith.subi %[[SUM_BITS]], %[[BASE_BITS]]
// CHECK:         %[[LEAST:.*]] = arith.constant 1015021568 : i32
// CHECK:         %[[IS_SUBNORMAL:.*]] = arith.cmpi slt, %[[MAGNITUDE]], %[[LEAST]]
// CHECK:         %[[VALUE:.*]] = arith.select %[[IS_SUBNORMAL]], %[[SUBNORMAL]], %[[NORMAL]]
// CHECK:         %[[C7F:.*]] = arith.constant 127 : i32
// CHECK:         %[[AT_MOST_NAN:.*]] = arith.minsi %[[VALUE]], %[[C7F]]
// CHECK:         %[[SIGNED:.*]] = arith.ori %[[AT_MOST_NAN]], %[[SIGN]]
// CHECK:         %[[I8:.*]] = arith.trunci %[[SIGNED]] : i32 to i8
// CHECK:         %[[RESULT:.*]] = arith.bitcast %[[I8]] : i8 to f8E4M3FN
// CHECK:         return %[[RESULT]] : f8E4M3FN
func.func @narrow(%x: f32) -> f8E4M3FN {
  %y = arith.truncf %x : f32 to f8E4M3FN
  return %y : f8E4M3FN
}

// -----

// Vectors, what is narrower than f32, and the rounding mode that is the default.
// CHECK-LABEL: func @narrow_others(
// CHECK-NOT:     arith.truncf
// CHECK:         arith.bitcast %{{.*}} : vector<2x16xi8> to vector<2x16xf8E4M3FN>
// CHECK-NOT:     arith.truncf
// CHECK:         arith.extf %{{.*}} : f16 to f32
// CHECK-NOT:     arith.truncf
// CHECK:         arith.extf %{{.*}} : vector<4xbf16> to vector<4xf32>
// CHECK-NOT:     arith.truncf
func.func @narrow_others(%v: vector<2x16xf32>, %h: f16, %b: vector<4xbf16>, %x: f32)
    -> (vector<2x16xf8E4M3FN>, f8E4M3FN, vector<4xf8E4M3FN>, f8E4M3FN) {
  %0 = arith.truncf %v : vector<2x16xf32> to vector<2x16xf8E4M3FN>
  %1 = arith.truncf %h : f16 to f8E4M3FN
  %2 = arith.truncf %b : vector<4xbf16> to vector<4xf8E4M3FN>
  %3 = arith.truncf %x to_nearest_even : f32 to f8E4M3FN
  return %0, %1, %2, %3 : vector<2x16xf8E4M3FN>, f8E4M3FN, vector<4xf8E4M3FN>, f8E4M3FN
}

// -----

// Other types are left alone, and other ways of rounding.
// CHECK-LABEL: func @other_types(
// CHECK:         arith.extf %{{.*}} : f8E5M2 to f32
// CHECK:         arith.extf %{{.*}} : f16 to f32
// CHECK:         arith.extf %{{.*}} : tensor<?xf8E4M3FN> to tensor<?xf32>
// CHECK:         arith.truncf %{{.*}} : f32 to f8E5M2
// CHECK:         arith.truncf %{{.*}} : f64 to f8E4M3FN
// CHECK:         arith.truncf %{{.*}} toward_zero : f32 to f8E4M3FN
// CHECK:         arith.truncf %{{.*}} : tensor<?xf32> to tensor<?xf8E4M3FN>
func.func @other_types(%a: f8E5M2, %b: f16, %t: tensor<?xf8E4M3FN>, %c: f32, %d: f64, %u: tensor<?xf32>)
    -> (f32, f32, tensor<?xf32>, f8E5M2, f8E4M3FN, f8E4M3FN, tensor<?xf8E4M3FN>) {
  %0 = arith.extf %a : f8E5M2 to f32
  %1 = arith.extf %b : f16 to f32
  %2 = arith.extf %t : tensor<?xf8E4M3FN> to tensor<?xf32>
  %3 = arith.truncf %c : f32 to f8E5M2
  %4 = arith.truncf %d : f64 to f8E4M3FN
  %5 = arith.truncf %c toward_zero : f32 to f8E4M3FN
  %6 = arith.truncf %u : tensor<?xf32> to tensor<?xf8E4M3FN>
  return %0, %1, %2, %3, %4, %5, %6
      : f32, f32, tensor<?xf32>, f8E5M2, f8E4M3FN, f8E4M3FN, tensor<?xf8E4M3FN>
}
