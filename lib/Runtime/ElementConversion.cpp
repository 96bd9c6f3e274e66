//===- ElementConversion.cpp - Elements to and from double ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bit arithmetic rather than APFloat: tensors have millions of elements.
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/HostTensor.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/ErrorHandling.h"

#include <cmath>
#include <cstring>

using namespace mlir::dsa;

namespace {
/// A binary format with a sign bit: where its fields are, and what its largest
/// codes mean.
struct Format {
  unsigned bits, mantissa;
  int minExponent;
  /// The first magnitude that is not finite; and what overflow becomes.
  uint32_t firstSpecial, overflow;
  uint32_t nan;
};
constexpr Format kF32{32, 23, -126, 0x7f800000, 0x7f800000, 0x7fc00000};
constexpr Format kF16{16, 10, -14, 0x7c00, 0x7c00, 0x7e00};
constexpr Format kBF16{16, 7, -126, 0x7f80, 0x7f80, 0x7fc0};
constexpr Format kF8E4M3FN{8, 3, -6, 0x7f, 0x7f, 0x7f};
} // namespace

template <typename T> static T load(const void *from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

/// The value of a small float whose exponent and mantissa, shifted into a
/// float's place, need their exponent bias corrected by the factor `rebias`.
/// Subnormals come out right, for the product is exact.
static double widen(uint32_t sign, uint32_t magnitude, unsigned shift,
                    float rebias) {
  float value = llvm::bit_cast<float>(magnitude << shift) * rebias;
  return sign ? -value : value;
}

double mlir::dsa::decodeElement(ElementKind kind, const void *element) {
  switch (kind) {
  case ElementKind::F32:
    return load<float>(element);
  case ElementKind::I32:
    return load<int32_t>(element);
  case ElementKind::BF16:
    return llvm::bit_cast<float>(uint32_t(load<uint16_t>(element)) << 16);
  case ElementKind::F16: {
    uint32_t bits = load<uint16_t>(element), magnitude = bits & 0x7fff;
    if (magnitude >= kF16.firstSpecial)
      return llvm::bit_cast<float>((bits & 0x8000) << 16 | 0x7f800000 |
                                   (magnitude & 0x3ff) << 13);
    return widen(bits & 0x8000, magnitude, 13, 0x1p112f);
  }
  case ElementKind::F8E4M3FN: {
    uint32_t bits = load<uint8_t>(element), magnitude = bits & 0x7f;
    if (magnitude == kF8E4M3FN.nan)
      return llvm::bit_cast<float>((bits & 0x80) << 24 | 0x7fc00000);
    return widen(bits & 0x80, magnitude, 20, 0x1p120f);
  }
  }
  llvm_unreachable("unknown element kind");
}

static uint32_t roundTo(const Format &format, double value) {
  uint32_t sign = std::signbit(value) ? 1u << (format.bits - 1) : 0;
  if (std::isnan(value))
    return sign | format.nan;
  double magnitude = std::fabs(value);
  if (std::isinf(magnitude))
    return sign | format.overflow;
  int exponent = magnitude == 0
                     ? format.minExponent
                     : std::max(std::ilogb(magnitude), format.minExponent);
  if (exponent > 127)
    return sign | format.overflow;
  // In units of the last place. A mantissa that rounds up to the next power of
  // two carries into the exponent by itself.
  double units =
      std::nearbyint(std::ldexp(magnitude, int(format.mantissa) - exponent));
  uint32_t code = (uint32_t(exponent - format.minExponent) << format.mantissa) +
                  uint32_t(units);
  return sign | (code >= format.firstSpecial ? format.overflow : code);
}

void mlir::dsa::encodeElement(ElementKind kind, double value, void *element) {
  auto store = [&](auto bits) { std::memcpy(element, &bits, sizeof(bits)); };
  switch (kind) {
  case ElementKind::F32:
    return store(uint32_t(roundTo(kF32, value)));
  case ElementKind::F16:
    return store(uint16_t(roundTo(kF16, value)));
  case ElementKind::BF16:
    return store(uint16_t(roundTo(kBF16, value)));
  case ElementKind::F8E4M3FN:
    return store(uint8_t(roundTo(kF8E4M3FN, value)));
  case ElementKind::I32:
    return store(int32_t(value));
  }
  llvm_unreachable("unknown element kind");
}

double mlir::dsa::getTolerance(ElementKind kind) {
  switch (kind) {
  case ElementKind::F32:
    return 1e-5;
  case ElementKind::F16:
    return 2e-3;
  case ElementKind::BF16:
    return 5e-3;
  case ElementKind::F8E4M3FN:
    return 7e-2;
  case ElementKind::I32:
    return 0;
  }
  llvm_unreachable("unknown element kind");
}
