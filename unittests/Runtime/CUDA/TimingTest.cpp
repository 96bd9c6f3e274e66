//===- TimingTest.cpp - Timing kernels ------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On a driver that stands in for the real one: see FakeDriver.cpp.
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/Timing.h"

#include "KernelsFixture.h"
#include "gtest/gtest.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

namespace {

class TimingTest : public KernelsTest {
protected:
  std::string time(const std::vector<double> &argument, TimingOptions options,
                   Timing &timing) {
    return run(
        kTwice,
        [&](const Device &device, Kernels &kernels, const LaunchPlan &plan,
            llvm::ArrayRef<HostTensor> arguments) -> llvm::Error {
          auto timed = timeRuns(device, kernels, plan, arguments, options);
          if (!timed)
            return timed.takeError();
          timing = std::move(*timed);
          return llvm::Error::success();
        },
        argument);
  }
};

TEST_F(TimingTest, TimesEveryRun) {
  Timing timing;
  EXPECT_EQ(time(std::vector<double>(100, 1.5), {5, 0}, timing), "");
  // Two launches of half a millisecond each.
  EXPECT_EQ(timing.milliseconds, std::vector<float>(5, 1.0f));
  EXPECT_EQ(timing.getMedian(), 1.0f);
  // A set is 800 bytes, and the cache 4096: eleven displace it twice over.
  EXPECT_EQ(timing.numSets, 12u);
  EXPECT_FALSE(timing.flushed);
  EXPECT_EQ(fake.countAllocations(), 0u);
}

TEST_F(TimingTest, EmptiesTheCacheForSmallSets) {
  Timing timing;
  EXPECT_EQ(time({1, 2}, {3, 0.01}, timing), "");
  EXPECT_EQ(timing.milliseconds.size(), 3u);
  EXPECT_EQ(timing.numSets, 64u);
  EXPECT_TRUE(timing.flushed);
}

TEST_F(TimingTest, MakesNoMoreSetsThanNeeded) {
  Timing timing;
  EXPECT_EQ(time(std::vector<double>(100000, 1), {1, 0}, timing), "");
  EXPECT_EQ(timing.numSets, 2u);
}

TEST_F(TimingTest, ChecksEveryCall) {
  for (const char *symbol :
       {"cuMemGetInfo_v2", "cuEventCreate", "cuEventRecord",
        "cuEventElapsedTime", "cuMemcpyDtoD_v2", "cuLaunchKernel",
        "cuMemAlloc_v2", "cuMemsetD8_v2"})
    for (int passing : {0, 1, 4}) {
      fake.fail(symbol, 2, passing);
      Timing timing;
      std::string error = time({1, 2}, {5, 0}, timing);
      if (passing && error.empty())
        continue;
      EXPECT_NE(error.find(std::string(symbol) + " failed"), std::string::npos)
          << symbol << ": " << error;
      EXPECT_EQ(fake.countAllocations(), 0u) << symbol;
    }
}

TEST(Timing, Median) {
  Timing timing;
  timing.milliseconds = {3, 1, 2};
  EXPECT_EQ(timing.getMedian(), 2);
  timing.milliseconds = {4, 1, 2, 3};
  EXPECT_EQ(timing.getMedian(), 2.5f);
}

} // namespace
