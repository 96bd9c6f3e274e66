//===- SizeBucketsTest.cpp - For which sizes a measurement counts ---------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Tuning/SizeBuckets.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::dsa;

namespace {
class SizeBucketsTest : public ::testing::Test {
protected:
  SizeBucketsTest() { context.loadDialect<DSADialect>(); }
  SizesAttr sizes(int64_t leastRows, int64_t mostRows, int64_t leastKeys,
                  int64_t mostKeys) {
    return SizesAttr::get(&context, leastRows, mostRows, leastKeys, mostKeys);
  }
  MLIRContext context;
};
} // namespace

TEST_F(SizeBucketsTest, OneIsForAll) {
  auto buckets = getSizeBuckets(&context, {{4096, 8192}});
  ASSERT_EQ(buckets.size(), 1u);
  EXPECT_EQ(buckets[0], sizes(0, INT64_MAX, 0, INT64_MAX));
}

TEST_F(SizeBucketsTest, NeighboursMeetInTheMiddle) {
  auto buckets =
      getSizeBuckets(&context, {{64, 1000}, {4096, 100}, {4096, 10000}});
  ASSERT_EQ(buckets.size(), 3u);
  EXPECT_EQ(buckets[0], sizes(0, 512, 0, INT64_MAX));
  EXPECT_EQ(buckets[1], sizes(513, INT64_MAX, 0, 1000));
  EXPECT_EQ(buckets[2], sizes(513, INT64_MAX, 1001, INT64_MAX));
}

// In any order; every size is in just one.
TEST_F(SizeBucketsTest, NoneOverlapAndNoneIsLeftOut) {
  SmallVector<RowsAndKeys> measured = {{1, 5},  {100, 90}, {1, 6},
                                       {30, 7}, {100, 1},  {1, 40}};
  auto buckets = getSizeBuckets(&context, measured);
  for (int64_t rows = 0; rows < 150; ++rows)
    for (int64_t keys = 0; keys < 150; ++keys) {
      SizesAttr here = sizes(rows, rows, keys, keys);
      EXPECT_EQ(
          llvm::count_if(
              buckets, [&](SizesAttr bucket) { return bucket.contains(here); }),
          1)
          << rows << " " << keys;
    }
  for (auto [sizesHere, bucket] : llvm::zip(measured, buckets))
    EXPECT_TRUE(bucket.contains(
        sizes(sizesHere.rows, sizesHere.rows, sizesHere.keys, sizesHere.keys)));
}
