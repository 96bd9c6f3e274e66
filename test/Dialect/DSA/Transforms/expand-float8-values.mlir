// Every eight-bit value, against what the constant folder of arith.extf makes of it.
// The payload of NaN is not compared. The expected values are folded first; what is
// found is expanded in functions of unknown arguments, and folded after inlining.

// RUN: dsa-opt %s -canonicalize -dsa-expand-float8 | FileCheck %s --check-prefix=EXPANDED
// RUN: dsa-opt %s -canonicalize -dsa-expand-float8 -inline -canonicalize | FileCheck %s

// EXPANDED-NOT: arith.extf
// EXPANDED: func private @widen_f32(
// EXPANDED: arith.subf
// EXPANDED-NOT: arith.extf

// CHECK-LABEL: func @all_f32(
// CHECK-NEXT:    %[[TRUE:.*]] = arith.constant dense<true> : vector<256xi1>
// CHECK-NEXT:    return %[[TRUE]]
func.func private @widen_f32(%x: vector<256xf8E4M3FN>) -> vector<256xf32> {
  %y = arith.extf %x : vector<256xf8E4M3FN> to vector<256xf32>
  return %y : vector<256xf32>
}
func.func private @bits_f32(%x: vector<256xf32>) -> vector<256xi32> {
  %bits = arith.bitcast %x : vector<256xf32> to vector<256xi32>
  %mask = arith.constant dense<0x7fffffff> : vector<256xi32>
  %infinity = arith.constant dense<0x7f800000> : vector<256xi32>
  %nan = arith.constant dense<0x7fc00000> : vector<256xi32>
  %magnitude = arith.andi %bits, %mask : vector<256xi32>
  %isNaN = arith.cmpi sgt, %magnitude, %infinity : vector<256xi32>
  %result = arith.select %isNaN, %nan, %bits : vector<256xi1>, vector<256xi32>
  return %result : vector<256xi32>
}
func.func @all_f32() -> vector<256xi1> {
  %x = arith.constant dense<"0x000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF"> : vector<256xf8E4M3FN>
  %expected = arith.extf %x : vector<256xf8E4M3FN> to vector<256xf32>
  %found = call @widen_f32(%x) : (vector<256xf8E4M3FN>) -> vector<256xf32>
  %expectedBits = call @bits_f32(%expected) : (vector<256xf32>) -> vector<256xi32>
  %foundBits = call @bits_f32(%found) : (vector<256xf32>) -> vector<256xi32>
  %same = arith.cmpi eq, %expectedBits, %foundBits : vector<256xi32>
  return %same : vector<256xi1>
}

// CHECK-LABEL: func @all_f16(
// CHECK-NEXT:    %[[TRUE:.*]] = arith.constant dense<true> : vector<256xi1>
// CHECK-NEXT:    return %[[TRUE]]
func.func private @widen_f16(%x: vector<256xf8E4M3FN>) -> vector<256xf16> {
  %y = arith.extf %x : vector<256xf8E4M3FN> to vector<256xf16>
  return %y : vector<256xf16>
}
func.func private @bits_f16(%x: vector<256xf16>) -> vector<256xi16> {
  %bits = arith.bitcast %x : vector<256xf16> to vector<256xi16>
  %mask = arith.constant dense<0x7fff> : vector<256xi16>
  %infinity = arith.constant dense<0x7c00> : vector<256xi16>
  %nan = arith.constant dense<0x7e00> : vector<256xi16>
  %magnitude = arith.andi %bits, %mask : vector<256xi16>
  %isNaN = arith.cmpi sgt, %magnitude, %infinity : vector<256xi16>
  %result = arith.select %isNaN, %nan, %bits : vector<256xi1>, vector<256xi16>
  return %result : vector<256xi16>
}
func.func @all_f16() -> vector<256xi1> {
  %x = arith.constant dense<"0x000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF"> : vector<256xf8E4M3FN>
  %expected = arith.extf %x : vector<256xf8E4M3FN> to vector<256xf16>
  %found = call @widen_f16(%x) : (vector<256xf8E4M3FN>) -> vector<256xf16>
  %expectedBits = call @bits_f16(%expected) : (vector<256xf16>) -> vector<256xi16>
  %foundBits = call @bits_f16(%found) : (vector<256xf16>) -> vector<256xi16>
  %same = arith.cmpi eq, %expectedBits, %foundBits : vector<256xi16>
  return %same : vector<256xi1>
}

// CHECK-LABEL: func @all_bf16(
// CHECK-NEXT:    %[[TRUE:.*]] = arith.constant dense<true> : vector<256xi1>
// CHECK-NEXT:    return %[[TRUE]]
func.func private @widen_bf16(%x: vector<256xf8E4M3FN>) -> vector<256xbf16> {
  %y = arith.extf %x : vector<256xf8E4M3FN> to vector<256xbf16>
  return %y : vector<256xbf16>
}
func.func private @bits_bf16(%x: vector<256xbf16>) -> vector<256xi16> {
  %bits = arith.bitcast %x : vector<256xbf16> to vector<256xi16>
  %mask = arith.constant dense<0x7fff> : vector<256xi16>
  %infinity = arith.constant dense<0x7f80> : vector<256xi16>
  %nan = arith.constant dense<0x7fc0> : vector<256xi16>
  %magnitude = arith.andi %bits, %mask : vector<256xi16>
  %isNaN = arith.cmpi sgt, %magnitude, %infinity : vector<256xi16>
  %result = arith.select %isNaN, %nan, %bits : vector<256xi1>, vector<256xi16>
  return %result : vector<256xi16>
}
func.func @all_bf16() -> vector<256xi1> {
  %x = arith.constant dense<"0x000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF"> : vector<256xf8E4M3FN>
  %expected = arith.extf %x : vector<256xf8E4M3FN> to vector<256xbf16>
  %found = call @widen_bf16(%x) : (vector<256xf8E4M3FN>) -> vector<256xbf16>
  %expectedBits = call @bits_bf16(%expected) : (vector<256xbf16>) -> vector<256xi16>
  %foundBits = call @bits_bf16(%found) : (vector<256xbf16>) -> vector<256xi16>
  %same = arith.cmpi eq, %expectedBits, %foundBits : vector<256xi16>
  return %same : vector<256xi1>
}
