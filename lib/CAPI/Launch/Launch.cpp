//===- Launch.cpp - Launches compiled modules, in C -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa-c/Launch.h"
#include "dsa/Runtime/CUDA/Kernels.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

namespace {
struct Launcher {
  std::unique_ptr<Device> device;
  Kernels kernels;
};
} // namespace

static_assert(int(BufferRecord::Kind::Argument) == DsaBufferArgument &&
              int(BufferRecord::Kind::Result) == DsaBufferResult &&
              int(BufferRecord::Kind::Workspace) == DsaBufferWorkspace);

static void tell(llvm::Error error, DsaErrorCallback callback, void *user) {
  std::string message = llvm::toString(std::move(error));
  if (callback)
    callback(message.c_str(), user);
}

static LaunchRecord &unwrap(DsaLaunchRecord record) {
  return *static_cast<LaunchRecord *>(record.ptr);
}
static LaunchPlan &unwrap(DsaLaunchPlan plan) {
  return *static_cast<LaunchPlan *>(plan.ptr);
}
static Launcher &unwrap(DsaLauncher launcher) {
  return *static_cast<Launcher *>(launcher.ptr);
}

DsaLaunchRecord dsaLaunchRecordParse(const char *text, size_t length,
                                     DsaErrorCallback error, void *user) {
  auto record = parseLaunchRecord({text, length});
  if (!record) {
    tell(record.takeError(), error, user);
    return {nullptr};
  }
  return {new LaunchRecord(std::move(*record))};
}

void dsaLaunchRecordDestroy(DsaLaunchRecord record) { delete &unwrap(record); }

DsaLaunchPlan dsaLaunchPlanCreate(DsaLaunchRecord record, const char *name,
                                  size_t numArguments, const size_t *ranks,
                                  const int64_t *const *shapes,
                                  DsaErrorCallback error, void *user) {
  auto function = unwrap(record).find(name ? name : "");
  if (!function) {
    tell(function.takeError(), error, user);
    return {nullptr};
  }
  std::vector<Shape> arguments;
  arguments.reserve(numArguments);
  for (size_t i = 0; i < numArguments; ++i)
    arguments.emplace_back(llvm::ArrayRef(shapes[i], ranks[i]));
  auto plan = planLaunches(**function, arguments);
  if (!plan) {
    tell(plan.takeError(), error, user);
    return {nullptr};
  }
  return {new LaunchPlan(std::move(*plan))};
}

size_t dsaLaunchPlanGetNumBuffers(DsaLaunchPlan plan) {
  return unwrap(plan).buffers.size();
}

DsaBuffer dsaLaunchPlanGetBuffer(DsaLaunchPlan plan, size_t number) {
  const PlannedBuffer &buffer = unwrap(plan).buffers[number];
  return {static_cast<DsaBufferKind>(buffer.record->kind),
          buffer.record->argument,
          size_t(buffer.bytes),
          buffer.record->element.name.c_str(),
          buffer.shape.size(),
          buffer.shape.data()};
}

size_t dsaLaunchPlanGetNumResults(DsaLaunchPlan plan) {
  return unwrap(plan).function->results.size();
}

size_t dsaLaunchPlanGetResult(DsaLaunchPlan plan, size_t position) {
  return unwrap(plan).function->results[position].buffer;
}

void dsaLaunchPlanDestroy(DsaLaunchPlan plan) { delete &unwrap(plan); }

DsaLauncher dsaLauncherCreate(const char *image, size_t length, int number,
                              const char *driver, DsaErrorCallback error,
                              void *user) {
  auto device =
      Device::open(number, driver ? llvm::StringRef(driver)
                                  : llvm::StringRef(Driver::kLibrary));
  if (!device) {
    tell(device.takeError(), error, user);
    return {nullptr};
  }
  auto kernels = Kernels::load(**device, {image, length});
  if (!kernels) {
    tell(kernels.takeError(), error, user);
    return {nullptr};
  }
  return {new Launcher{std::move(*device), std::move(*kernels)}};
}

int dsaLauncherGetCapability(DsaLauncher launcher) {
  return unwrap(launcher).device->getCapability();
}

bool dsaLauncherLaunch(DsaLauncher launcher, DsaLaunchPlan plan,
                       const uint64_t *addresses, void *stream,
                       DsaErrorCallback error, void *user) {
  auto &[device, kernels] = unwrap(launcher);
  llvm::SmallVector<DeviceAddress> memory(
      addresses, addresses + unwrap(plan).buffers.size());
  llvm::Error failure = device->makeCurrent();
  if (!failure)
    failure = kernels.prepare(unwrap(plan));
  if (!failure)
    failure =
        kernels.launch(unwrap(plan), memory, static_cast<StreamHandle>(stream));
  const bool launched = !failure;
  if (failure)
    tell(std::move(failure), error, user);
  return launched;
}

void dsaLauncherDestroy(DsaLauncher launcher) { delete &unwrap(launcher); }
