//===- LaunchTest.cpp - Launches compiled modules, in C -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa-c/Launch.h"
#include "../Runtime/CUDA/KernelsFixture.h"

#include <array>
#include <cstring>

namespace mlir::dsa::cuda {
namespace {
/// The function `twice` of KernelsFixture.h, on memory that is the device's.
class LaunchTest : public testing::Test {
protected:
  LaunchTest()
      : record(dsaLaunchRecordParse(kTwice, strlen(kTwice), keep, this)) {}
  ~LaunchTest() override {
    if (record.ptr)
      dsaLaunchRecordDestroy(record);
  }

  static void keep(const char *message, void *user) {
    static_cast<LaunchTest *>(user)->message = message;
  }

  DsaLaunchPlan plan(int64_t size, const char *name = nullptr) {
    const size_t rank = 1;
    const int64_t *shape = &size;
    return dsaLaunchPlanCreate(record, name, 1, &rank, &shape, keep, this);
  }
  DsaLauncher launcher(const char *image = kPTX, int device = 0) {
    return dsaLauncherCreate(image, strlen(image), device, DSA_FAKE_DRIVER,
                             keep, this);
  }

  Fake fake;
  std::string message;
  DsaLaunchRecord record;
};

TEST_F(LaunchTest, PlansWithoutAGPU) {
  ASSERT_TRUE(record.ptr) << message;
  DsaLaunchPlan made = plan(3);
  ASSERT_TRUE(made.ptr) << message;
  ASSERT_EQ(dsaLaunchPlanGetNumBuffers(made), 3u);
  DsaBuffer workspace = dsaLaunchPlanGetBuffer(made, 0);
  EXPECT_EQ(workspace.kind, DsaBufferWorkspace);
  EXPECT_EQ(workspace.bytes, 12u);
  EXPECT_EQ(dsaLaunchPlanGetBuffer(made, 1).kind, DsaBufferArgument);
  DsaBuffer result = dsaLaunchPlanGetBuffer(made, 2);
  EXPECT_EQ(result.kind, DsaBufferResult);
  EXPECT_STREQ(result.element, "f32");
  ASSERT_EQ(result.rank, 1u);
  EXPECT_EQ(result.shape[0], 3);
  ASSERT_EQ(dsaLaunchPlanGetNumResults(made), 1u);
  EXPECT_EQ(dsaLaunchPlanGetResult(made, 0), 2u);
  dsaLaunchPlanDestroy(made);
}

TEST_F(LaunchTest, LaunchesInAStream) {
  DsaLaunchPlan made = plan(3);
  DsaLauncher loaded = launcher();
  ASSERT_TRUE(loaded.ptr) << message;
  EXPECT_GT(dsaLauncherGetCapability(loaded), 0);
  std::array<float, 3> argument = {1, 2, 3}, workspace{}, result{};
  uint64_t addresses[] = {reinterpret_cast<uint64_t>(workspace.data()),
                          reinterpret_cast<uint64_t>(argument.data()),
                          reinterpret_cast<uint64_t>(result.data())};
  // The driver only passes it on.
  auto *stream = reinterpret_cast<void *>(0x1234);
  ASSERT_TRUE(dsaLauncherLaunch(loaded, made, addresses, stream, keep, this))
      << message;
  EXPECT_EQ(result, (std::array<float, 3>{2, 4, 6}));
  EXPECT_NE(fake.takeLog().find("in stream 4660: "), std::string::npos);
  dsaLauncherDestroy(loaded);
  dsaLaunchPlanDestroy(made);
}

TEST_F(LaunchTest, TellsOfMistakes) {
  auto expect = [&](const void *made, const std::string &text) {
    EXPECT_FALSE(made);
    EXPECT_NE(message.find(text), std::string::npos) << message;
    message.clear();
  };
  expect(dsaLaunchRecordParse("{}", 2, keep, this).ptr, "version");
  expect(plan(3, "thrice").ptr, "thrice");
  expect(plan(-1).ptr, "-1");
  expect(launcher("no module").ptr, "cuModuleLoadDataEx");
  expect(launcher(kPTX, 99).ptr, "99");
  // Nobody listens.
  EXPECT_FALSE(dsaLaunchRecordParse("{}", 2, nullptr, nullptr).ptr);
}
} // namespace
} // namespace mlir::dsa::cuda
