//===- KernelsTest.cpp - Running kernels through a driver -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On a driver that stands in for the real one: see FakeDriver.cpp.
//
//===----------------------------------------------------------------------===//

#include "KernelsFixture.h"
#include "TestRecord.h"
#include "gtest/gtest.h"

#include <numeric>

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

namespace {

/// out = the first 3 rows of 4 of x, as seen in rows of 3 that are 16 apart.
constexpr const char *kBox = R"({
  "version": 1, "producer": "", "chip": "sm_90a", "functions": [{
    "name": "box",
    "arguments": [{"name": "x", "element": "f32", "shape": [null]}],
    "results": [{"name": "out", "buffer": 1}],
    "buffers": [
      {"kind": "argument", "argument": 0, "element": "f32",
       "shape": [["size", 0, 0]]},
      {"kind": "result", "element": "f32", "shape": [12]}],
    "variants": [{"when": 1, "launches": [
      {"kernel": "copy_box", "grid": [["min", ["size", 0, 0], 1], 1, 1],
       "block": [32, 1, 1], "cluster": [1, 1, 1], "shared_memory": 0,
       "parameters": [
         {"kind": "tensor_map", "buffer": 0,
          "sizes": [["ceildiv", ["size", 0, 0], 16], 3], "strides": [16, 1],
          "box": [3, 4], "swizzle": 0},
         {"kind": "memref", "buffer": 1, "offset": 0, "sizes": [12],
          "strides": [1]}]}]}]
  }]
})";

TEST_F(KernelsTest, Runs) {
  std::vector<double> values;
  EXPECT_EQ(runOnceOn(kTwice, values), "");
  EXPECT_EQ(values, (std::vector<double>{2, 4, 6}));
  // Attributes first, and nothing is left behind.
  EXPECT_EQ(fake.takeLog(), "retain\nset scale 8 100000\n"
                            "launch scale 1x2x3 32x1x1 0\n"
                            "launch scale 3x1x1 64x1x1 100000\n"
                            "unload\nrelease\n");
  EXPECT_EQ(fake.countAllocations(), 0u);
}

TEST_F(KernelsTest, RunsOnNothing) {
  std::vector<double> values;
  EXPECT_EQ(runOnceOn(kTwice, values, {}), "");
  EXPECT_TRUE(values.empty());
  EXPECT_EQ(fake.takeLog(), "retain\nlaunch scale 1x2x3 32x1x1 0\n"
                            "unload\nrelease\n");
}

TEST_F(KernelsTest, LaunchesClusters) {
  std::string text =
      replaced(kTwice, "\"cluster\": [1, 1, 1]", "\"cluster\": [1, 2, 1]");
  EXPECT_EQ(errorOf(text), "");
  EXPECT_EQ(fake.takeLog(), "retain\nset scale 8 100000\n"
                            "cluster 1x2x1\nlaunch scale 1x2x3 32x1x1 0\n"
                            "launch scale 3x1x1 64x1x1 100000\n"
                            "unload\nrelease\n");
  text = replaced(kTwice, "\"cluster\": [1, 1, 1]", "\"cluster\": [1, 2, 3]");
  text = replaced(text, "[1, 2, 3], \"block\"", "[2, 2, 3], \"block\"");
  text = replaced(text, "\"cluster\": [1, 2, 3]", "\"cluster\": [2, 2, 3]");
  EXPECT_EQ(errorOf(text), "");
  EXPECT_NE(fake.takeLog().find("set scale 14 1\n"), std::string::npos);
}

/// An iteration waits for what was launched before the repetition, and for
/// those that it shares memory with; what comes behind waits for all.
TEST_F(KernelsTest, RunsIterationsBeside) {
  llvm::StringRef text = kTwice;
  auto [before, launches] = text.split(R"("launches": [)");
  auto [inside, after] = launches.split("]}]}]");
  std::string loop = (inside + "]}").str();
  std::string record =
      (before + R"("launches": [{"repeat": 3, "concurrent": 2, "launches": [)" +
       loop + "]}, {\"repeat\": 1, \"launches\": [" + loop + "]}]}]" + after)
          .str();
  record = replaced(record, R"("shape": [["size", 0, 0]]})",
                    R"("shape": [["size", 0, 0]], "copies": 2})");
  const std::string first = "launch scale 1x2x3 32x1x1 0\n",
                    second = "launch scale 3x1x1 64x1x1 100000\n";
  auto iteration = [&](llvm::StringRef in) {
    return (in + first + in + second).str();
  };
  auto launch = [&](bool stepwise) {
    return run(
        record,
        [&](const Device &device, Kernels &kernels, const LaunchPlan &plan,
            llvm::ArrayRef<HostTensor> arguments) -> llvm::Error {
          auto buffers = BufferSet::allocate(device, plan);
          if (!buffers)
            return buffers.takeError();
          if (auto error = buffers->setArguments(arguments))
            return error;
          fake.takeLog();
          if (auto error = kernels.launch(plan, *buffers, stepwise))
            return error;
          auto results = buffers->getResults();
          if (!results)
            return results.takeError();
          EXPECT_EQ(valuesOf(results->front()), (std::vector<double>{2, 4, 6}));
          return llvm::Error::success();
        });
  };
  EXPECT_EQ(launch(/*stepwise=*/false), "");
  EXPECT_EQ(fake.takeLog(),
            "stream 1 waits for stream 0\n" + iteration("in stream 1: ") +
                "stream 2 waits for stream 0\n" + iteration("in stream 2: ") +
                iteration("in stream 1: ") +
                "stream 0 waits for stream 1\nstream 0 waits for stream 2\n" +
                iteration("") + "unload\nrelease\n");
  EXPECT_EQ(launch(/*stepwise=*/true), "");
  EXPECT_EQ(fake.takeLog(), iteration("") + iteration("") + iteration("") +
                                iteration("") + "unload\nrelease\n");
}

TEST_F(KernelsTest, ReportsWhatLanesNeed) {
  std::string text =
      replaced(kTwice, R"("launches": [)",
               R"("launches": [{"repeat": 2, "concurrent": 2, "launches": [)");
  text = replaced(text, "]}]}]", "]}]}]}]");
  for (const char *symbol : {"cuStreamCreate", "cuStreamWaitEvent",
                             "cuEventCreate", "cuEventRecord"}) {
    fake.fail(symbol, 1);
    EXPECT_EQ(
        run(text,
            [&](const Device &device, Kernels &kernels, const LaunchPlan &plan,
                llvm::ArrayRef<HostTensor> arguments) -> llvm::Error {
              auto buffers = BufferSet::allocate(device, plan);
              if (!buffers)
                return buffers.takeError();
              return kernels.launch(plan, *buffers, /*stepwise=*/false);
            }),
        std::string(symbol) +
            " failed: invalid argument (CUDA_ERROR_INVALID_VALUE)");
  }
  fake.fail("", 0);
  fake.takeLog();
}

TEST_F(KernelsTest, PoisonsResultsAndWorkspace) {
  std::string text = replaced(kTwice, "\"kernel\": \"scale\", \"grid\": [[",
                              "\"kernel\": \"scale_most\", \"grid\": [[");
  std::vector<double> values;
  EXPECT_EQ(runOnceOn(text, values), "");
  EXPECT_EQ(values[1], 4);
  EXPECT_TRUE(std::isnan(values[2]));
  EXPECT_EQ(runOnceOn(text, values, {1, 2, 3}, 0), "");
  EXPECT_EQ(values[2], 0);
  // Without poison it is what the driver gave.
  float untouched;
  memset(&untouched, 0x11, sizeof(untouched));
  EXPECT_EQ(runOnceOn(text, values, {1, 2, 3}, std::nullopt), "");
  EXPECT_EQ(values[2], untouched);
  // Workspace is poisoned too.
  text = replaced(kTwice, "\"kernel\": \"scale\", \"grid\": [1",
                  "\"kernel\": \"scale_most\", \"grid\": [1");
  EXPECT_EQ(runOnceOn(text, values), "");
  EXPECT_TRUE(std::isnan(values[2]));
}

TEST_F(KernelsTest, UpdatesInPlace) {
  std::string text = replaced(kTwice,
                              "\"results\": [{\"name\": \"out\", "
                              "\"buffer\": 2}]",
                              "\"results\": [{\"name\": \"out\", "
                              "\"buffer\": 1}]");
  text = replaced(text, "{\"kind\": \"memref\", \"buffer\": 2",
                  "{\"kind\": \"memref\", \"buffer\": 1");
  EXPECT_EQ(
      run(text,
          [&](const Device &device, Kernels &kernels, const LaunchPlan &plan,
              llvm::ArrayRef<HostTensor> arguments) -> llvm::Error {
            for (int i = 0; i < 2; ++i) {
              auto results = runOnce(device, kernels, plan, arguments);
              if (!results)
                return results.takeError();
              EXPECT_EQ(valuesOf(results->front()),
                        (std::vector<double>{2, 4, 6}));
            }
            // The argument itself stays as it is.
            EXPECT_EQ(valuesOf(arguments[0]), (std::vector<double>{1, 2, 3}));
            return llvm::Error::success();
          }),
      "");
}

TEST_F(KernelsTest, ChecksParameters) {
  std::string text = replaced(kTwice, "{\"kind\": \"f32\", \"value\": 0.5}",
                              "{\"kind\": \"i64\", \"value\": 1}");
  EXPECT_EQ(errorOf(text), "kernel 'scale': parameter 10 has 4 bytes, but the "
                           "launch record gives it 8");
  text = replaced(kTwice, "{\"kind\": \"f32\", \"value\": 0.5}",
                  "{\"kind\": \"f32\", \"value\": 0.5}, {\"kind\": \"i32\", "
                  "\"value\": 1}");
  EXPECT_EQ(errorOf(text), "kernel 'scale': it takes 11 parameters, but the "
                           "launch record gives it 12");
  text =
      replaced(kTwice, ",\n         {\"kind\": \"f32\", \"value\": 0.5}", "");
  EXPECT_EQ(errorOf(text), "kernel 'scale': it takes 11 parameters, but the "
                           "launch record gives it 10");
  EXPECT_EQ(errorOf(replaced(kBox, "copy_box", "count")),
            "kernel 'count': parameter 0 has 8 bytes, but the launch record "
            "gives it 128");
}

TEST_F(KernelsTest, PassesTensorMaps) {
  std::vector<double> values, argument(19);
  std::iota(argument.begin(), argument.end(), 1);
  EXPECT_EQ(runOnceOn(kBox, values, argument), "");
  // Zeros where a row has ended, and where there are no more rows.
  EXPECT_EQ(values,
            (std::vector<double>{1, 2, 3, 0, 17, 18, 19, 0, 0, 0, 0, 0}));
  EXPECT_EQ(fake.takeLog(), "retain\n"
                            "map 7 3x2 by 64 box 4x3 steps 1x1 "
                            "options 0 0 3 0\n"
                            "launch copy_box 1x1x1 32x1x1 0\n"
                            "unload\nrelease\n");
  // A launch of nothing needs no map.
  EXPECT_EQ(runOnceOn(kBox, values, {}), "");
  EXPECT_EQ(fake.takeLog(), "retain\nunload\nrelease\n");
}

TEST_F(KernelsTest, TellsTheDriverOfElementsAndSwizzles) {
  struct {
    const char *element, *swizzle, *map;
  } cases[] = {
      {"f32", "128", "map 7 3x1 by 64 box 16x3 steps 1x1 options 0 3"},
      {"i32", "64", "map 3 3x1 by 64 box 16x3 steps 1x1 options 0 2"},
      {"f16", "32", "map 6 3x1 by 32 box 16x3 steps 1x1 options 0 1"},
      {"bf16", "0", "map 9 3x1 by 32 box 16x3 steps 1x1 options 0 0"},
      {"f8E4M3FN", "0", "map 0 3x1 by 16 box 16x3 steps 1x1 options 0 0"}};
  for (auto [element, swizzle, map] : cases) {
    std::string text = replaced(kBox, "[3, 4]", "[3, 16]");
    text = replaced(text, "\"swizzle\": 0",
                    "\"swizzle\": " + std::string(swizzle));
    // Of the argument and of its buffer.
    for (int i = 0; i < 2; ++i)
      text = replaced(text, "\"element\": \"f32\"",
                      "\"element\": \"" + std::string(element) + "\"");
    std::vector<double> values;
    EXPECT_EQ(runOnceOn(text, values, std::vector<double>(16)), "");
    std::string log = fake.takeLog();
    EXPECT_NE(log.find(map), std::string::npos) << log;
  }
}

TEST_F(KernelsTest, MapsFiveDimensionsAndOne) {
  std::string text = replaced(
      kBox, R"([["ceildiv", ["size", 0, 0], 16], 3], "strides": [16, 1])",
      R"([2, 1, 2, 1, 3], "strides": [32, 32, 16, 0, 1])");
  text = replaced(text, "[3, 4]", "[2, 1, 2, 1, 4]");
  std::vector<double> values, argument(51);
  std::iota(argument.begin(), argument.end(), 1);
  EXPECT_EQ(runOnceOn(text, values, argument), "");
  EXPECT_EQ(values,
            (std::vector<double>{1, 2, 3, 0, 17, 18, 19, 0, 33, 34, 35, 0}));
  text = replaced(kBox,
                  R"([["ceildiv", ["size", 0, 0], 16], 3], "strides": [16, 1])",
                  R"([3], "strides": [1])");
  text = replaced(text, "[3, 4]", "[12]");
  EXPECT_EQ(runOnceOn(text, values), "");
  EXPECT_EQ(values, (std::vector<double>{1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
}

/// A map of what lies behind a buffer's beginning.
TEST_F(KernelsTest, MapsFromAnElementOn) {
  std::string text = replaced(
      kBox, R"([["ceildiv", ["size", 0, 0], 16], 3], "strides": [16, 1])",
      R"([1, 3], "strides": [16, 1], "offset": 8)");
  std::vector<double> values, argument(19);
  std::iota(argument.begin(), argument.end(), 1);
  EXPECT_EQ(runOnceOn(text, values, argument), "");
  EXPECT_EQ(values,
            (std::vector<double>{9, 10, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
}

TEST_F(KernelsTest, TellsWhichTensorMapFails) {
  fake.fail("cuTensorMapEncodeTiled", 1);
  EXPECT_EQ(errorOf(kBox),
            "kernel 'copy_box': tensor map of buffer 0: cuTensorMapEncodeTiled "
            "failed: invalid argument (CUDA_ERROR_INVALID_VALUE)");
  EXPECT_EQ(fake.countAllocations(), 0u);
}

TEST_F(KernelsTest, NamesTheKernelThatIsMissing) {
  EXPECT_EQ(errorOf(replaced(kTwice, "\"scale\"", "\"other\"")),
            "kernel 'other': cuModuleGetFunction failed: named symbol not "
            "found (CUDA_ERROR_NOT_FOUND)");
}

TEST_F(KernelsTest, NamesTheKernelThatFaults) {
  std::string text = replaced(kTwice,
                              "\"variants\": [{\"when\": 1, "
                              "\"launches\": [",
                              R"("variants": [{"when": 1, "launches": [
      {"kernel": "fault", "grid": [1, 1, 1], "block": [1, 1, 1],
       "cluster": [1, 1, 1], "shared_memory": 0, "parameters": []},)");
  EXPECT_EQ(errorOf(text),
            "kernel 'fault': cuCtxSynchronize failed: an illegal memory access "
            "was encountered (CUDA_ERROR_ILLEGAL_ADDRESS)");
}

TEST_F(KernelsTest, TellsWhatTheCompilerSays) {
  auto device = llvm::cantFail(Device::open(0, DSA_FAKE_DRIVER));
  EXPECT_EQ(llvm::toString(Kernels::load(*device, "nonsense").takeError()),
            "cuModuleLoadDataEx failed: a PTX JIT compilation failed "
            "(CUDA_ERROR_INVALID_PTX): ptxas application ptx input, line 1; "
            "fatal   : Missing; ptxas fatal   : Ptx assembly aborted");
}

TEST_F(KernelsTest, TellsWhatTheDeviceIs) {
  auto device = llvm::cantFail(Device::open(0, DSA_FAKE_DRIVER));
  EXPECT_EQ(device->getName(), "Fake GPU");
  EXPECT_EQ(device->getCapability(), 90);
  EXPECT_EQ(device->getL2Bytes(), 4096);
  EXPECT_EQ(llvm::toString(Device::open(1, DSA_FAKE_DRIVER).takeError()),
            "no GPU 1: expected one of 1");
}

TEST_F(KernelsTest, TellsWhatKernelsUse) {
  EXPECT_EQ(
      run(kTwice,
          [&](const Device &device, Kernels &kernels, const LaunchPlan &plan,
              llvm::ArrayRef<HostTensor>) -> llvm::Error {
            auto all = llvm::cantFail(kernels.getResources(plan));
            EXPECT_EQ(all.size(), 1u);
            EXPECT_EQ(all[0].name, "scale");
            EXPECT_EQ(all[0].registers, 40);
            EXPECT_EQ(all[0].localBytes, 30);
            EXPECT_EQ(all[0].sharedBytes, 10);
            return llvm::Error::success();
          }),
      "");
}

TEST_F(KernelsTest, LoadsNoDriverWhereThereIsNone) {
  EXPECT_EQ(llvm::toString(Device::open(0, "libno-such.so.1").takeError()),
            "cannot load libno-such.so.1: cannot open shared object file: No "
            "such file or directory: is the CUDA driver installed?");
  // A library, but no driver.
  EXPECT_EQ(llvm::toString(Device::open(0, "libm.so.6").takeError()),
            "expected the driver of CUDA 11 or later, found a libm.so.6 "
            "without cuGetErrorName");
}

/// Whichever of the driver's functions fails, the error names it, memory is
/// freed and the context released.
TEST_F(KernelsTest, ChecksEveryCall) {
  for (const char *symbol :
       {"cuInit", "cuDeviceGetCount", "cuDeviceGet", "cuDeviceGetName",
        "cuDeviceGetAttribute", "cuDevicePrimaryCtxRetain", "cuCtxSetCurrent",
        "cuModuleLoadDataEx", "cuModuleGetFunction", "cuFuncSetAttribute",
        "cuMemAlloc_v2", "cuMemcpyHtoD_v2", "cuMemsetD8_v2", "cuLaunchKernel",
        "cuCtxSynchronize", "cuMemcpyDtoH_v2"})
    for (int passing = 0; passing < 2; ++passing) {
      fake.fail(symbol, 2, passing);
      std::string error = errorOf(kTwice);
      // Some are called only once.
      if (passing && error.empty())
        continue;
      EXPECT_NE(error.find(std::string(symbol) +
                           " failed: out of memory (CUDA_ERROR_OUT_OF_MEMORY)"),
                std::string::npos)
          << symbol << ": " << error;
      EXPECT_EQ(fake.countAllocations(), 0u) << symbol;
    }
  // One that the driver itself does not know.
  fake.fail("cuInit", 12345);
  EXPECT_EQ(errorOf(kTwice), "cuInit failed: unknown error (12345)");
}

} // namespace
