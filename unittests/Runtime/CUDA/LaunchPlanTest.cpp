//===- LaunchPlanTest.cpp - Launch records for given sizes ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/LaunchPlan.h"

#include "TestRecord.h"
#include "gtest/gtest.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

namespace {

struct Planned {
  LaunchRecord record;
  LaunchPlan plan;
  std::string error;
};

Planned plan(const std::string &text,
             const std::vector<Shape> &shapes = {{7, 4}, {3}}) {
  Planned result{llvm::cantFail(parseLaunchRecord(text)), {}, ""};
  auto plan = planLaunches(result.record.functions[0], shapes);
  if (plan)
    result.plan = std::move(*plan);
  else
    result.error = llvm::toString(plan.takeError());
  return result;
}

std::string errorWith(llvm::StringRef from, llvm::StringRef to) {
  return plan(replaced(kRecord, from, to)).error;
}

TEST(LaunchPlan, Buffers) {
  Planned planned = plan(kRecord);
  ASSERT_EQ(planned.error, "");
  const auto &buffers = planned.plan.buffers;
  ASSERT_EQ(buffers.size(), 4u);
  EXPECT_EQ(buffers[0].shape, (Shape{7, 4}));
  EXPECT_EQ(buffers[0].bytes, 7 * 4 * 4);
  EXPECT_EQ(buffers[1].bytes, 7 * 2);
  EXPECT_EQ(buffers[2].shape, (Shape{14, 3}));
  EXPECT_EQ(buffers[2].bytes, 14 * 3 * 8);
  EXPECT_EQ(buffers[3].bytes, 5);
}

TEST(LaunchPlan, Launches) {
  Planned planned = plan(kRecord);
  ASSERT_EQ(planned.plan.launches.size(), 1u);
  const PlannedLaunch &launch = planned.plan.launches[0];
  EXPECT_EQ(launch.step->kernel, "main_0");
  EXPECT_EQ(launch.grid, (std::array<unsigned, 3>{4, 1, 1}));
}

/// Address twice, offset, sizes, strides, and then the other parameters.
TEST(LaunchPlan, PacksParameters) {
  Planned planned = plan(replaced(kRecord, "\"buffer\": 0, \"offset\"",
                                  "\"buffer\": 2, \"offset\""));
  ASSERT_EQ(planned.error, "");
  const auto &packed = planned.plan.launches[0].parameters;
  struct {
    uint64_t bits;
    unsigned bytes;
    PackedParameter::Kind kind = PackedParameter::Kind::Value;
  } expected[] = {{2, 8, PackedParameter::Kind::Address},
                  {2, 8, PackedParameter::Kind::Address},
                  {4, 8},
                  {6, 8},
                  {4, 8},
                  {4, 8},
                  {1, 8},
                  {0xfffffffe, 4},
                  {7, 8},
                  {0x3f000000, 4}};
  ASSERT_EQ(packed.size(), std::size(expected));
  for (size_t i = 0; i < packed.size(); ++i) {
    EXPECT_EQ(packed[i].bits, expected[i].bits) << i;
    EXPECT_EQ(packed[i].bytes, expected[i].bytes) << i;
    EXPECT_EQ(packed[i].kind, expected[i].kind) << i;
  }
}

TEST(LaunchPlan, PacksMemrefsOfAnyRank) {
  auto count = [](llvm::StringRef sizes, llvm::StringRef strides) {
    std::string text =
        replaced(kRecord, "[[\"sub\", [\"size\", 0, 0], 1], 4]", sizes);
    Planned planned = plan(
        replaced(text, "\"strides\": [4, 1]", "\"strides\": " + strides.str()));
    EXPECT_EQ(planned.error, "");
    return planned.plan.launches[0].parameters.size() - 3;
  };
  EXPECT_EQ(count("[]", "[]"), 3u);
  EXPECT_EQ(count("[2]", "[1]"), 5u);
  EXPECT_EQ(count("[2, 2, 2, 2]", "[8, 4, 2, 1]"), 11u);
}

TEST(LaunchPlan, SkipsEmptyGrids) {
  for (int dimension = 0; dimension < 3; ++dimension) {
    std::string grid = dimension == 0   ? "[0, 1, 1]"
                       : dimension == 1 ? "[2, 0, 1]"
                                        : "[2, 1, 0]";
    std::string text =
        replaced(kRecord, "[[\"ceildiv\", [\"size\", 0, 0], 2], 1, 1]", grid);
    // Nor are its parameters looked at.
    Planned planned = plan(replaced(text, "-2", "[\"mod\", 1, 0]"));
    EXPECT_EQ(planned.error, "");
    EXPECT_TRUE(planned.plan.launches.empty()) << grid;
  }
  Planned planned = plan(kRecord, {{0, 4}, {3}});
  EXPECT_EQ(planned.error, "");
  EXPECT_TRUE(planned.plan.launches.empty());
  EXPECT_EQ(planned.plan.buffers[0].bytes, 0);
}

/// A launch for each iteration, in order, with its own place.
TEST(LaunchPlan, Repeats) {
  std::string text = repeated(repeated(kRecord, "2"), R"(["size", 1, 0])");
  text = replaced(text, R"("offset": 4)",
                  R"("offset": ["add", ["mul", ["iteration", 0], 2],
                                ["iteration", 1]])");
  text = replaced(text, R"(["sub", ["size", 0, 0], 1], 4], "strides")",
                  R"(1, 1], "strides")");
  Planned planned = plan(text);
  ASSERT_EQ(planned.error, "");
  ASSERT_EQ(planned.plan.launches.size(), 6u);
  for (unsigned i = 0; i < 6; ++i)
    EXPECT_EQ(planned.plan.launches[i].parameters[2].bits, i);
  EXPECT_TRUE(plan(repeated(kRecord, "0")).plan.launches.empty());
}

/// Each of the iterations under way has memory of its own.
TEST(LaunchPlan, RepeatsConcurrently) {
  std::string text = repeated(repeated(kRecord, "5"), "2");
  text = replaced(text, R"("repeat": 5)", R"("repeat": 5, "concurrent": 3)");
  text = replaced(text, R"("mul", ["size", 0, 0], 2], 3]})",
                  R"("mul", ["size", 0, 0], 2], 3], "copies": 3})");
  text = replaced(text, R"("buffer": 0, "offset")", R"("buffer": 2, "offset")");
  Planned planned = plan(text);
  ASSERT_EQ(planned.error, "");
  ASSERT_EQ(planned.plan.buffers.size(), 6u);
  for (unsigned copy : {4, 5}) {
    EXPECT_EQ(planned.plan.buffers[copy].record,
              planned.plan.buffers[2].record);
    EXPECT_EQ(planned.plan.buffers[copy].bytes, 14 * 3 * 8);
  }
  ASSERT_EQ(planned.plan.launches.size(), 10u);
  for (auto [number, launch] : llvm::enumerate(planned.plan.launches)) {
    const unsigned buffers[] = {2, 4, 5};
    EXPECT_EQ(launch.repetition, 1 + number / 5);
    EXPECT_EQ(launch.lane, number % 5 % 3);
    EXPECT_EQ(launch.parameters[0].bits, buffers[number % 5 % 3]);
  }
  // Without, they share it, and run in order.
  text = replaced(text, R"("concurrent": 3)", R"("concurrent": 1)");
  for (const PlannedLaunch &launch : plan(text).plan.launches) {
    EXPECT_EQ(launch.repetition, 0u);
    EXPECT_EQ(launch.parameters[0].bits, 2u);
  }
}

/// Errors of values are those of what needs them.
TEST(LaunchPlan, EvaluatesValues) {
  std::string text = replaced(
      kRecord, R"("results":)",
      R"("values": [["mod", ["size", 0, 0], ["sub", 9, ["size", 1, 0]]],
                             ["mul", ["value", 0], 4],
                             ["floordiv", 1, ["sub", ["size", 1, 0], 3]],
                             ["add", ["value", 2], 1]],
                  "results":)");
  text = replaced(text, R"("offset": 4)", R"("offset": ["value", 1])");
  Planned planned = plan(text);
  ASSERT_EQ(planned.error, "");
  EXPECT_EQ(planned.plan.launches[0].parameters[2].bits, 4u);
  EXPECT_EQ(plan(replaced(text, R"(["value", 1],)", R"(["value", 3],)")).error,
            "function 'main': variant 1, launch 0 of kernel 'main_0': "
            "parameter 0: offset: a divisor is 0");
  EXPECT_EQ(plan(replaced(text, R"(["value", 1],)",
                          R"(["select", 0, ["value", 3], 4],)"))
                .error,
            "");
}

TEST(LaunchPlan, RefusesBadRepetitions) {
  EXPECT_EQ(plan(repeated(kRecord, "-1")).error,
            "function 'main': variant 1, launch 0: repeat: expected 0 to "
            "1048576, found -1");
  // All together.
  EXPECT_EQ(plan(repeated(repeated(kRecord, "1"), "1048576")).error,
            "function 'main': variant 1, launch 0, iteration 0: launch 0: "
            "repeat: expected 0 to 0, found 1");
  // Each iteration has to stay inside the buffer.
  std::string text = replaced(repeated(kRecord, "3"), R"("offset": 4)",
                              R"("offset": ["mul", ["iteration", 0], 4])");
  EXPECT_EQ(plan(text).error,
            "function 'main': variant 1, launch 0, iteration 2: launch 0 of "
            "kernel 'main_0': parameter 0: a memref of sizes [6x4], strides "
            "[4x1] and offset 8 leaves buffer 0, which has 28 elements");
}

TEST(LaunchPlan, ChoosesTheFirstVariantThatApplies) {
  EXPECT_TRUE(plan(kRecord, {{100, 4}, {3}}).plan.launches.empty());
  EXPECT_EQ(plan(kRecord, {{99, 4}, {3}}).plan.launches.size(), 1u);
  EXPECT_EQ(errorWith("\"when\": 1", "\"when\": 0"),
            "function 'main': expected a variant that applies, found none");
  EXPECT_EQ(errorWith("[\"eq\", [\"size\", 0, 0], 100]", "[\"mod\", 1, 0]"),
            "function 'main': variant 0, when: a divisor is 0");
}

TEST(LaunchPlan, ChecksArguments) {
  EXPECT_EQ(plan(kRecord, {{7, 4}}).error,
            "function 'main': expected 2 arguments, found 1");
  EXPECT_EQ(plan(kRecord, {{7, 5}, {3}}).error,
            "function 'main': argument 'q': expected shape [?x4], found [7x5]");
  EXPECT_EQ(plan(kRecord, {{7, 4}, {3, 1}}).error,
            "function 'main': argument 'n': expected shape [3], found [3x1]");
}

TEST(LaunchPlan, ChecksBuffers) {
  EXPECT_EQ(errorWith("[\"mul\", [\"size\", 0, 0], 2]",
                      "[\"sub\", [\"size\", 0, 0], 8]"),
            "function 'main': buffer 2, extent: expected 0 to "
            "9223372036854775807, found -1");
  EXPECT_EQ(errorWith("[\"mul\", [\"size\", 0, 0], 2]", "9223372036854775807"),
            "function 'main': buffer 2 of shape [9223372036854775807x3] has "
            "more bytes than 64 bits can count");
  EXPECT_EQ(errorWith("[[\"size\", 0, 0], 4]", "[[\"size\", 0, 0], 3]"),
            "function 'main': buffer 0: expected as many elements as argument "
            "'q' of shape [7x4] has, found shape [7x3]");
}

TEST(LaunchPlan, ChecksLaunches) {
  std::string in = "function 'main': variant 1, launch 0 of kernel 'main_0': ";
  const char *grid = "[[\"ceildiv\", [\"size\", 0, 0], 2], 1, 1]";
  EXPECT_EQ(errorWith(grid, "[-1, 1, 1]"),
            in + "grid x: expected 0 to 2147483647, found -1");
  EXPECT_EQ(errorWith(grid, "[2147483648, 1, 1]"),
            in + "grid x: expected 0 to 2147483647, found 2147483648");
  EXPECT_EQ(errorWith(grid, "[2, 1, 65536]"),
            in + "grid z: expected 0 to 65535, found 65536");
  EXPECT_EQ(errorWith(grid, "[3, 1, 1]"),
            in + "grid x: expected a multiple of the cluster's 2, found 3");
  EXPECT_EQ(errorWith("-2", "2147483648"),
            in + "parameter 1: i32: expected -2147483648 to 2147483647, found "
                 "2147483648");
  EXPECT_EQ(errorWith("\"offset\": 4", "\"offset\": [\"mod\", 4, 0]"),
            in + "parameter 0: offset: a divisor is 0");
}

TEST(LaunchPlan, KeepsMemrefsInTheirBuffers) {
  std::string in = "function 'main': variant 1, launch 0 of kernel 'main_0': "
                   "parameter 0: a memref of sizes [6x4], strides ";
  EXPECT_EQ(errorWith("\"offset\": 4", "\"offset\": 5"),
            in + "[4x1] and offset 5 leaves buffer 0, which has 28 elements");
  EXPECT_EQ(errorWith("\"strides\": [4, 1]", "\"strides\": [-1, 1]"),
            in + "[-1x1] and offset 4 leaves buffer 0, which has 28 elements");
  EXPECT_EQ(
      errorWith("\"strides\": [4, 1]", "\"strides\": [4611686018427387904, 1]"),
      in + "[4611686018427387904x1] and offset 4 leaves buffer 0, which "
           "has 28 elements");
  // Backwards is fine, and so is nothing at all.
  std::string text = replaced(kRecord, "\"offset\": 4", "\"offset\": 20");
  EXPECT_EQ(plan(replaced(text, "[4, 1]}", "[-4, 1]}")).error, "");
  text = replaced(kRecord, "\"offset\": 4", "\"offset\": 1000");
  EXPECT_EQ(plan(replaced(text, "[\"sub\", [\"size\", 0, 0], 1]", "0")).error,
            "");
}

/// The error for a tensor map with these fields in the place of a memref.
Planned planMap(llvm::StringRef fields,
                const std::vector<Shape> &shapes = {{7, 4}, {3}}) {
  return plan(withTensorMap(fields), shapes);
}

TEST(LaunchPlan, PacksTensorMaps) {
  Planned planned = planMap(kTensorMap);
  ASSERT_EQ(planned.error, "");
  const PlannedLaunch &launch = planned.plan.launches[0];
  ASSERT_EQ(launch.parameters.size(), 4u);
  EXPECT_EQ(launch.parameters[0].kind, PackedParameter::Kind::TensorMap);
  EXPECT_EQ(launch.parameters[0].bits, 0u);
  EXPECT_EQ(launch.parameters[0].bytes, 128u);
  ASSERT_EQ(launch.tensorMaps.size(), 1u);
  const PlannedTensorMap &map = launch.tensorMaps[0];
  EXPECT_EQ(map.record, &launch.step->parameters[0]);
  EXPECT_EQ(map.element, ElementKind::F32);
  EXPECT_EQ(map.offset, 0);
  EXPECT_EQ(map.sizes, (Shape{7, 3}));
  EXPECT_EQ(map.strides, (Shape{4, 1}));
}

TEST(LaunchPlan, ChecksTensorMaps) {
  std::string in = "function 'main': variant 1, launch 0 of kernel 'main_0': "
                   "parameter 0: ";
  auto error = [](llvm::StringRef from, llvm::StringRef to) {
    return planMap(replaced(kTensorMap, from, to)).error;
  };
  const char *rows = "[\"size\", 0, 0]";
  EXPECT_EQ(error(rows, "-1"), in + "size: expected 0 to 4294967296, found -1");
  EXPECT_EQ(error(rows, "4294967297"),
            in + "size: expected 0 to 4294967296, found 4294967297");
  EXPECT_EQ(error(rows, "[\"mod\", 1, 0]"), in + "size: a divisor is 0");
  EXPECT_EQ(error("[4, 1]", "[-4, 1]"),
            in + "stride: expected 0 to 274877906940, found -4");
  EXPECT_EQ(error("[4, 1]", "[274877906944, 1]"),
            in + "stride: expected 0 to 274877906940, found 274877906944");
  EXPECT_EQ(error("[4, 1]", "[2, 1]"),
            in + "stride: expected a multiple of 4 elements, which are 16 "
                 "bytes, found 2");
  EXPECT_EQ(error("[4, 1]", "[4, 2]"),
            in + "innermost stride: expected 1, found 2");
  // Where a row ends counts, not where the next would begin.
  EXPECT_EQ(error("3]", "4]"), "");
  EXPECT_EQ(
      error("3]", "5]"),
      in + "a tensor map of sizes [7x5], strides [4x1] and offset 0 leaves "
           "buffer 0, which has 28 elements");
  EXPECT_EQ(
      error("[4, 1]", "[8, 1]"),
      in + "a tensor map of sizes [7x3], strides [8x1] and offset 0 leaves "
           "buffer 0, which has 28 elements");
  EXPECT_EQ(error(rows, "4294967296"),
            in + "a tensor map of sizes [4294967296x3], strides [4x1] and "
                 "offset 0 leaves buffer 0, which has 28 elements");
  // A view that begins further on, where the driver can.
  const char *buffer = "\"buffer\": 0,";
  Planned part = planMap(replaced(replaced(kTensorMap, rows, "6"), buffer,
                                  "\"buffer\": 0, \"offset\": 4,"));
  EXPECT_EQ(part.error, "");
  EXPECT_EQ(part.plan.launches[0].tensorMaps[0].offset, 4);
  EXPECT_EQ(error(buffer, "\"buffer\": 0, \"offset\": 4,"),
            in + "a tensor map of sizes [7x3], strides [4x1] and offset 4 "
                 "leaves buffer 0, which has 28 elements");
  EXPECT_EQ(error(buffer, "\"buffer\": 0, \"offset\": 2,"),
            in + "offset: expected a multiple of 4 elements, which are 16 "
                 "bytes, found 2");
  EXPECT_EQ(error(buffer, "\"buffer\": 0, \"offset\": -4,"),
            in + "offset: expected 0 to 9223372036854775807, found -4");
  // No blocks, no map of nothing.
  Planned planned = planMap(kTensorMap, {{0, 4}, {3}});
  EXPECT_EQ(planned.error, "");
  EXPECT_TRUE(planned.plan.launches.empty());
}

} // namespace
