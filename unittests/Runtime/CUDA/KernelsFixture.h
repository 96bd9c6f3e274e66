//===- KernelsFixture.h - Kernels on a stand-in driver ----------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_UNITTESTS_RUNTIME_CUDA_KERNELSFIXTURE_H
#define DSA_UNITTESTS_RUNTIME_CUDA_KERNELSFIXTURE_H

#include "dsa/Runtime/CUDA/Kernels.h"

#include "gtest/gtest.h"

#include <dlfcn.h>

namespace mlir::dsa::cuda {

inline constexpr const char *kPTX =
    ".version 8.0\n"
    ".entry scale(8,8,8,8,8, 8,8,8,8,8, 4)\n"
    ".entry scale_most(8,8,8,8,8, 8,8,8,8,8, 4)\n"
    ".entry count(8,8,8,8,8)\n"
    ".entry copy_box(128, 8,8,8,8,8)\n"
    ".entry fault()\n"
    ".entry nothing(8)\n";

/// out = 2 · (0.5 · x), through workspace.
inline constexpr const char *kTwice = R"({
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

/// See FakeDriver.cpp.
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

} // namespace mlir::dsa::cuda

#endif // DSA_UNITTESTS_RUNTIME_CUDA_KERNELSFIXTURE_H
