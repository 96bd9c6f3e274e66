//===- HostTensorTest.cpp - Element conversions ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestFunction.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APInt.h"

#include <cmath>

using namespace mlir::dsa;
using namespace mlir::dsa::test;
using llvm::APFloat;

namespace {

struct Format {
  ElementKind kind;
  const llvm::fltSemantics &semantics;
  unsigned bits;
};

class Conversion : public testing::TestWithParam<ElementKind> {
protected:
  Format getFormat() const {
    switch (GetParam()) {
    case ElementKind::F32:
      return {GetParam(), APFloat::IEEEsingle(), 32};
    case ElementKind::F16:
      return {GetParam(), APFloat::IEEEhalf(), 16};
    case ElementKind::BF16:
      return {GetParam(), APFloat::BFloat(), 16};
    default:
      return {GetParam(), APFloat::Float8E4M3FN(), 8};
    }
  }
};

/// All codes of the small kinds, a sample of f32's.
std::vector<uint32_t> getCodes(unsigned bits) {
  std::vector<uint32_t> codes;
  uint64_t step = bits == 32 ? 65521 : 1;
  for (uint64_t code = 0; code < uint64_t(1) << bits; code += step)
    codes.push_back(code);
  return codes;
}

TEST_P(Conversion, DecodesEveryCodeLikeAPFloat) {
  Format format = getFormat();
  for (uint32_t code : getCodes(format.bits)) {
    APFloat expected(format.semantics, llvm::APInt(format.bits, code));
    double found = decodeElement(format.kind, &code);
    if (expected.isNaN()) {
      EXPECT_TRUE(std::isnan(found)) << code;
      continue;
    }
    EXPECT_EQ(expected.convertToDouble(), found) << code;
    EXPECT_EQ(expected.isNegative(), std::signbit(found)) << code;
  }
}

TEST_P(Conversion, EncodesWhatItDecoded) {
  Format format = getFormat();
  for (uint32_t code : getCodes(format.bits)) {
    double value = decodeElement(format.kind, &code);
    if (std::isnan(value))
      continue;
    uint32_t found = 0;
    encodeElement(format.kind, value, &found);
    EXPECT_EQ(code, found);
  }
}

TEST_P(Conversion, RoundsLikeAPFloat) {
  Format format = getFormat();
  // Around every value of the kind: below, at and above the midpoint to the
  // next.
  for (uint32_t code : getCodes(format.bits)) {
    uint32_t next = code + 1;
    double low = decodeElement(format.kind, &code),
           high = decodeElement(format.kind, &next);
    double middle = low + (high - low) / 2;
    for (double value : {middle, std::nextafter(middle, low),
                         std::nextafter(middle, high), low * 1.5}) {
      APFloat expected(value);
      bool loses;
      expected.convert(format.semantics, APFloat::rmNearestTiesToEven, &loses);
      uint32_t found = 0;
      encodeElement(format.kind, value, &found);
      if (expected.isNaN())
        EXPECT_TRUE(std::isnan(decodeElement(format.kind, &found))) << value;
      else
        EXPECT_EQ(expected.bitcastToAPInt().getZExtValue(), found) << value;
    }
  }
}

TEST_P(Conversion, RoundsTheExtremes) {
  Format format = getFormat();
  for (double value : {0.0, -0.0, 1e300, -1e300, 1e-300, -1e-300, 465.0, 464.0,
                       65519.0, 65520.0, kInfinity, -kInfinity}) {
    APFloat expected(value);
    bool loses;
    expected.convert(format.semantics, APFloat::rmNearestTiesToEven, &loses);
    uint32_t found = 0;
    encodeElement(format.kind, value, &found);
    if (expected.isNaN())
      EXPECT_TRUE(std::isnan(decodeElement(format.kind, &found))) << value;
    else
      EXPECT_EQ(expected.bitcastToAPInt().getZExtValue(), found) << value;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, Conversion,
                         testing::Values(ElementKind::F32, ElementKind::F16,
                                         ElementKind::BF16,
                                         ElementKind::F8E4M3FN),
                         [](const auto &info) {
                           return getName(info.param).str();
                         });

TEST(HostTensor, HoldsIntegersExactly) {
  HostTensor tensor = makeTensor(ElementKind::I32, {2, 2},
                                 {-2147483648.0, 2147483647.0, -1, 0});
  EXPECT_EQ(getValues(tensor),
            (std::vector<double>{-2147483648.0, 2147483647.0, -1, 0}));
  EXPECT_EQ(tensor.getTypeString(), "tensor<2x2xi32>");
}

TEST(HostTensor, IsAlignedEvenIfEmpty) {
  for (int64_t rows : {0, 1, 3}) {
    HostTensor tensor =
        llvm::cantFail(HostTensor::create(ElementKind::BF16, {rows, 5}));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.getData()) %
                  HostTensor::kAlignment,
              0u);
    EXPECT_EQ(tensor.getNumBytes(), rows * 10);
  }
}

TEST(HostTensor, RefusesSizesThatOverflow) {
  auto tensor = HostTensor::create(ElementKind::F32,
                                   {int64_t(1) << 40, int64_t(1) << 40});
  ASSERT_FALSE(bool(tensor));
  EXPECT_EQ(llvm::toString(tensor.takeError()),
            "no memory for a tensor of shape [1099511627776x1099511627776]");
  EXPECT_EQ(getTensorBytes(ElementKind::F32, {int64_t(1) << 62, 0, 4}), 0);
}

TEST(HostTensor, ClonesDeeply) {
  HostTensor tensor = makeTensor(ElementKind::F16, {2}, {1, 2});
  HostTensor copy = llvm::cantFail(tensor.clone());
  tensor.set(0, 7);
  EXPECT_EQ(getValues(copy), (std::vector<double>{1, 2}));
}

} // namespace
