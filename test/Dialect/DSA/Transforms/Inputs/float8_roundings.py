# ===- float8_roundings.py - where rounding to f8E4M3FN changes -------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Prints a module that rounds to f8E4M3FN wherever that may go wrong.

The values are every f8E4M3FN, what lies halfway between two of them, the next f32 on
either side of those, and the extremes of f32. Codes are compared with those that
ml_dtypes finds, and with those that MLIR's parser, that is APFloat, makes of the same
numbers. What is NaN need not have the same sign.
"""

import ml_dtypes
import numpy as np

finite = np.arange(0x7F, dtype=np.uint8).view(ml_dtypes.float8_e4m3fn)
finite = np.append(finite.astype(np.float32), np.float32(480))
middles = (finite[1:] + finite[:-1]) / 2
points = np.concatenate([finite, middles])
values = np.concatenate(
    [
        points,
        np.nextafter(points, np.float32(np.inf)),
        np.nextafter(points[1:], np.float32(0)),
        np.float32([2**-126, 2**-149, 2**-100, 512, 1e30, 3.4028235e38]),
    ]
).astype(np.float32)
values = np.concatenate([values, -values])
special = np.array(
    [0x7F800000, 0xFF800000, 0x7F800001, 0x7FC00000, 0xFFC00000, 0x7FFFFFFF, 0xFFFFFFFF],
    np.uint32,
).view(np.float32)
count = len(values) + len(special)


def hexadecimal(array):
    return f'dense<"0x{array.tobytes().hex().upper()}">'


with np.errstate(all="ignore"):
    everything = np.concatenate([values, special])
    codes = everything.astype(ml_dtypes.float8_e4m3fn).view(np.uint8)
numbers = ", ".join([f"{float(v):.17e}" for v in values])
nan = ", ".join(["0x7F"] * len(special))

print(
    f"""
func.func private @narrow(%x: vector<{count}xf32>) -> vector<{count}xf8E4M3FN> {{
  %y = arith.truncf %x : vector<{count}xf32> to vector<{count}xf8E4M3FN>
  return %y : vector<{count}xf8E4M3FN>
}}
func.func private @same(%a: vector<{count}xi8>, %b: vector<{count}xi8>) -> vector<{count}xi1> {{
  %mask = arith.constant dense<0x7f> : vector<{count}xi8>
  %magnitude = arith.andi %a, %mask : vector<{count}xi8>
  %other = arith.andi %b, %mask : vector<{count}xi8>
  %equal = arith.cmpi eq, %a, %b : vector<{count}xi8>
  %isNaN = arith.cmpi eq, %magnitude, %mask : vector<{count}xi8>
  %otherIsNaN = arith.cmpi eq, %other, %mask : vector<{count}xi8>
  %bothNaN = arith.andi %isNaN, %otherIsNaN : vector<{count}xi1>
  %same = arith.ori %equal, %bothNaN : vector<{count}xi1>
  return %same : vector<{count}xi1>
}}
func.func @all() -> (vector<{count}xi1>, vector<{count}xi1>) {{
  %x = arith.constant {hexadecimal(everything)} : vector<{count}xf32>
  %codes = arith.constant {hexadecimal(codes)} : vector<{count}xi8>
  %parsed = arith.constant dense<[{numbers}, {nan}]> : vector<{count}xf8E4M3FN>
  %y = call @narrow(%x) : (vector<{count}xf32>) -> vector<{count}xf8E4M3FN>
  %found = arith.bitcast %y : vector<{count}xf8E4M3FN> to vector<{count}xi8>
  %parsedCodes = arith.bitcast %parsed : vector<{count}xf8E4M3FN> to vector<{count}xi8>
  %0 = call @same(%found, %codes) : (vector<{count}xi8>, vector<{count}xi8>) -> vector<{count}xi1>
  %1 = call @same(%found, %parsedCodes) : (vector<{count}xi8>, vector<{count}xi8>) -> vector<{count}xi1>
  return %0, %1 : vector<{count}xi1>, vector<{count}xi1>
}}
"""
)
