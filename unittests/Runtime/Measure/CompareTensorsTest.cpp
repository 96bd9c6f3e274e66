//===- CompareTensorsTest.cpp - Large results -----------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/CompareTensors.h"
#include "gtest/gtest.h"

#include <cmath>

using namespace mlir::dsa;

namespace {
constexpr double kInfinity = std::numeric_limits<double>::infinity();

HostTensor make(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<double> values) {
  HostTensor tensor =
      llvm::cantFail(HostTensor::create(ElementKind::F32, shape));
  for (size_t i = 0; i < values.size(); ++i)
    tensor.set(i, values[i]);
  return tensor;
}

WorstDifference compare(llvm::ArrayRef<int64_t> shape,
                        llvm::ArrayRef<double> found,
                        llvm::ArrayRef<double> expected) {
  return findWorstDifference(make(shape, found), make(shape, expected));
}
} // namespace

TEST(CompareTensorsTest, RelativeToTheRow) {
  EXPECT_EQ(compare({2, 2}, {1, 2, 3, 4}, {1, 2, 3, 4}).error, 0);
  auto worst = compare({2, 2}, {1, 2, 3, 5}, {2, 2, 3, 4});
  EXPECT_EQ(worst.error, 0.5);
  EXPECT_EQ(worst.index, 0);
  worst = compare({2, 2}, {1, 2, 3, 104}, {1, 2, -3, 100});
  EXPECT_NEAR(worst.error, 0.06, 1e-7);
  EXPECT_EQ(worst.index, 2);
}

TEST(CompareTensorsTest, WhatIsNotFinite) {
  double nan = std::nan("");
  EXPECT_EQ(compare({3}, {-kInfinity, nan, 1}, {-kInfinity, nan, 1}).error, 0);
  EXPECT_EQ(compare({3}, {1, nan, 1}, {1, 2, 1}).error, kInfinity);
  EXPECT_EQ(compare({3}, {1, 2, 1}, {1, nan, 1}).error, kInfinity);
  EXPECT_EQ(compare({3}, {1, 2, kInfinity}, {1, 2, -kInfinity}).index, 2);
}

TEST(CompareTensorsTest, OneWrongOfMany) {
  std::vector<double> values(100 * 70);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = 1 + double(i % 70) / 70;
  auto wrong = values;
  wrong[70 * 93 + 69] += 1;
  auto worst = compare({100, 7, 10}, wrong, values);
  EXPECT_EQ(worst.index, 70 * 93 + 69);
  EXPECT_GT(worst.error, 0.4);
  EXPECT_EQ(compare({0, 7}, {}, {}).error, 0);
}
