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

#include "dsa/Runtime/CUDA/Kernels.h"

#include "TestRecord.h"
#include "dsa/Runtime/CUDA/Timing.h"
#include "gtest/gtest.h"

#include <dlfcn.h>

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

namespace {

constexpr const char *kPTX = ".version 8.0\n"
                             ".entry scale(8,8,8,8,8, 8,8,8,8,8, 4)\n"
                             ".entry scale_most(8,8,8,8,8, 8,8,8,8,8, 4)\n"
                             ".entry count(8,8,8,8,8)\n"
                             ".entry fault()\n"
                             ".entry nothing(8)\n";

/// out = 2 · (0.5 · x), through workspace.
constexpr const char *kTwice = R"({
  "version": 1, "producer": "", "chip": "sm_90a", "functions": [{
    "name": "twice",
    "arguments": [{"name": "x", "element": "f32", "shape": [null]}],
    "results": [{"name": "out", "buffer": 2}],
    "buffers": [
      {"kind": "workspace", "element": "f32", "shape": [["size", 0, 0]]},
      {"kind": "argument", "argument": 0, "element": "f32",
       "shape": [["size", 0, 0]]},
      {"kind": "result", "element": "f32", "shape": [["size", 0, 0]]}],
    "variants": [{"when": 1, "launches": [
      {"kernel": "scale", "grid": [1, 2, 3], "block": [32, 1, 1],
       "cluster": [1, 1, 1], "shared_memory": 0, "parameters": [
         {"kind": "memref", "buffer": 1, "offset": 0,
          "sizes": [["size", 0, 0]], "strides": [1]},
         {"kind": "memref", "buffer": 0, "offset": 0,
          "sizes": [["size", 0, 0]], "strides": [1]},
         {"kind": "f32", "value": 0.5}]},
      {"kernel": "scale", "grid": [["size", 0, 0], 1, 1], "block": [64, 1, 1],
       "cluster": [1, 1, 1], "shared_memory": 100000, "parameters": [
         {"kind": "memref", "buffer": 0, "offset": 0,
          "sizes": [["size", 0, 0]], "strides": [1]},
         {"kind": "memref", "buffer": 2, "offset": 0,
          "sizes": [["size", 0, 0]], "strides": [1]},
         {"kind": "f32", "value": 4}]}]}]
  }]
})";

class Fake {
public:
  Fake() : handle(dlopen(DSA_FAKE_DRIVER, RTLD_NOW | RTLD_LOCAL)) {
    fail("", 0);
    takeLog();
  }
  void fail(const char *symbol, Status status, int passing = 0) {
    get<void (*)(const char *, Status, int)>("fakeFail")(symbol, status,
                                                         passing);
  }
  std::string takeLog() { return get<const char *(*)()>("fakeTakeLog")(); }
  size_t countAllocations() {
    return get<size_t (*)()>("fakeCountAllocations")();
  }

private:
  template <typename Function> Function get(const char *name) {
    return reinterpret_cast<Function>(dlsym(handle, name));
  }
  void *handle;
};

class KernelsTest : public testing::Test {
protected:
  Fake fake;

  static HostTensor makeArgument(llvm::ArrayRef<double> values) {
    auto tensor = llvm::cantFail(
        HostTensor::create(ElementKind::F32, {int64_t(values.size())}));
    for (size_t i = 0; i < values.size(); ++i)
      tensor.set(i, values[i]);
    return tensor;
  }

  static std::vector<double> valuesOf(const HostTensor &tensor) {
    std::vector<double> values(tensor.getNumElements());
    tensor.decode(0, values);
    return values;
  }

  /// Runs the function of a record on {1, 2, 3} and then does more with it.
  std::string run(const std::string &text,
                  llvm::function_ref<llvm::Error(const Device &, Kernels &,
                                                 const LaunchPlan &,
                                                 llvm::ArrayRef<HostTensor>)>
                      act,
                  const std::vector<double> &argument = {1, 2, 3}) {
    auto record = llvm::cantFail(parseLaunchRecord(text));
    std::vector<HostTensor> arguments;
    arguments.push_back(makeArgument(argument));
    auto plan = llvm::cantFail(
        planLaunches(record.functions[0], {Shape(arguments[0].getShape())}));
    auto device = Device::open(0, DSA_FAKE_DRIVER);
    if (!device)
      return llvm::toString(device.takeError());
    auto kernels = Kernels::load(**device, kPTX);
    if (!kernels)
      return llvm::toString(kernels.takeError());
    if (auto error = kernels->prepare(plan))
      return llvm::toString(std::move(error));
    return llvm::toString(act(**device, *kernels, plan, arguments));
  }

  std::string runOnceOn(const std::string &text, std::vector<double> &values,
                        const std::vector<double> &argument = {1, 2, 3},
                        std::optional<uint8_t> poison = kPoison) {
    return run(
        text,
        [&](const Device &device, Kernels &kernels, const LaunchPlan &plan,
            llvm::ArrayRef<HostTensor> arguments) -> llvm::Error {
          auto results = runOnce(device, kernels, plan, arguments, poison);
          if (!results)
            return results.takeError();
          values = valuesOf(results->front());
          return llvm::Error::success();
        },
        argument);
  }

  std::string errorOf(const std::string &text) {
    std::vector<double> values;
    return runOnceOn(text, values);
  }
};

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

//===----------------------------------------------------------------------===//
// Timing
//===----------------------------------------------------------------------===//

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
