//===- Kernels.cpp - A compiled module on a GPU ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/Kernels.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <utility>

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;
using llvm::StringRef;

static llvm::Error inKernel(StringRef name, llvm::Error error) {
  return llvm::createStringError("kernel '%s': %s", name.str().c_str(),
                                 llvm::toString(std::move(error)).c_str());
}

/// What the driver's compiler said, on one line.
static std::string joinLines(StringRef log) {
  llvm::SmallVector<StringRef> lines, kept;
  log.split(lines, '\n');
  for (StringRef line : lines)
    if (StringRef text = line.trim(); !text.empty())
      kept.push_back(text);
  return llvm::join(kept, "; ");
}

llvm::Expected<Kernels> Kernels::load(const Device &device, StringRef image) {
  // PTX ends with a null character.
  std::string contents = image.str();
  std::string log(4096, '\0');
  JITOption options[] = {JITOption::ErrorLogBuffer,
                         JITOption::ErrorLogBufferSizeBytes};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the driver asks for numbers so.
  void *values[] = {log.data(), reinterpret_cast<void *>(log.size())};
  ModuleHandle module;
  const Driver &driver = device.getDriver();
  if (auto error = driver.call(driver.moduleLoad, &module, contents.c_str(), 2,
                               options, values)) {
    std::string said = joinLines(StringRef(log).split('\0').first);
    if (said.empty())
      return std::move(error);
    return llvm::createStringError(
        "%s: %s", llvm::toString(std::move(error)).c_str(), said.c_str());
  }
  return Kernels(device, module);
}

Kernels::Kernels(Kernels &&other) noexcept
    : device(other.device), module(std::exchange(other.module, nullptr)),
      functions(std::move(other.functions)), lanes(std::move(other.lanes)) {}

Kernels::~Kernels() {
  if (module)
    device->getDriver().moduleUnload.pointer(module);
}

llvm::Error Kernels::checkParameters(const PlannedLaunch &launch,
                                     FunctionHandle function) const {
  // The driver would read past the end of a list that is too short. Older ones
  // do not tell what a kernel takes.
  auto getParameter = device->getDriver().functionGetParameter.pointer;
  if (!getParameter)
    return llvm::Error::success();
  size_t given = launch.parameters.size(), taken = 0, offset, bytes;
  for (; getParameter(function, taken, &offset, &bytes) == kSuccess; ++taken)
    if (taken < given && bytes != launch.parameters[taken].bytes)
      return llvm::createStringError(
          "parameter %zu has %zu bytes, but the launch record gives it %u",
          taken, bytes, launch.parameters[taken].bytes);
  if (taken != given)
    return llvm::createStringError(
        "it takes %zu parameters, but the launch record gives it %zu", taken,
        given);
  return llvm::Error::success();
}

llvm::Error Kernels::prepare(const PlannedLaunch &launch) {
  const Driver &driver = device->getDriver();
  const LaunchStep &step = *launch.step;
  auto &[function, sharedMemory] = functions[step.kernel];
  if (!function)
    if (auto error = driver.call(driver.moduleGetFunction, &function, module,
                                 step.kernel.c_str()))
      return error;
  if (auto error = checkParameters(launch, function))
    return error;
  // More than 48 KiB must be asked for: the most that any launch needs.
  if (step.sharedMemory > sharedMemory) {
    if (auto error = driver.call(driver.functionSetAttribute, function,
                                 FunctionAttribute::MaxDynamicSharedSizeBytes,
                                 int(step.sharedMemory)))
      return error;
    sharedMemory = step.sharedMemory;
  }
  auto [x, y, z] = step.cluster;
  constexpr unsigned kPortableClusterSize = 8;
  if (x * y * z > kPortableClusterSize)
    return driver.call(driver.functionSetAttribute, function,
                       FunctionAttribute::NonPortableClusterSizeAllowed, 1);
  return llvm::Error::success();
}

llvm::Error Kernels::prepare(const LaunchPlan &plan) {
  for (const PlannedLaunch &launch : plan.launches)
    if (auto error = prepare(launch))
      return inKernel(launch.step->kernel, std::move(error));
  return llvm::Error::success();
}

static TensorMapElement toDriver(ElementKind kind) {
  switch (kind) {
  case ElementKind::F32:
    return TensorMapElement::Float32;
  case ElementKind::F16:
    return TensorMapElement::Float16;
  case ElementKind::BF16:
    return TensorMapElement::BFloat16;
  case ElementKind::F8E4M3FN:
    // The driver knows no type of it; a copy needs but its width.
    return TensorMapElement::UInt8;
  case ElementKind::I32:
    return TensorMapElement::Int32;
  }
  llvm_unreachable("unknown kind of element");
}

static TensorMapSwizzle toDriver(unsigned swizzle) {
  return swizzle == 0    ? TensorMapSwizzle::None
         : swizzle == 32 ? TensorMapSwizzle::Bytes32
         : swizzle == 64 ? TensorMapSwizzle::Bytes64
                         : TensorMapSwizzle::Bytes128;
}

/// Sets `map` for a buffer at `address`.
static llvm::Error encode(const Driver &driver, const PlannedTensorMap &planned,
                          DeviceAddress address, TensorMap &map) {
  // The driver knows none of nothing, through which nothing is copied either.
  if (llvm::is_contained(planned.sizes, 0))
    return llvm::Error::success();
  // The driver counts dimensions from the innermost, and strides in bytes, of
  // which it knows the innermost.
  auto sizes = llvm::to_vector_of<uint64_t>(llvm::reverse(planned.sizes));
  auto box = llvm::to_vector_of<uint32_t>(llvm::reverse(planned.record->box));
  llvm::SmallVector<uint64_t> strides;
  for (int64_t stride : llvm::drop_begin(llvm::reverse(planned.strides)))
    strides.push_back(stride * getByteSize(planned.element));
  llvm::SmallVector<uint32_t> steps(sizes.size(), 1);
  if (auto error = driver.call(
          driver.encodeTensorMap, &map, toDriver(planned.element), sizes.size(),
          address, sizes.data(), strides.data(), box.data(), steps.data(),
          TensorMapInterleave::None, toDriver(planned.record->swizzle),
          TensorMapPromotion::Bytes256, TensorMapFill::Zero))
    return llvm::createStringError("tensor map of buffer %u: %s",
                                   planned.record->buffer,
                                   llvm::toString(std::move(error)).c_str());
  return llvm::Error::success();
}

llvm::Error Kernels::start(const PlannedLaunch &launch,
                           llvm::ArrayRef<DeviceAddress> addresses,
                           StreamHandle stream) {
  const Driver &driver = device->getDriver();
  // No SmallVector, whose memory may be aligned too little for them.
  std::vector<TensorMap> maps(launch.tensorMaps.size());
  for (auto [planned, map] : llvm::zip(launch.tensorMaps, maps))
    if (auto error = encode(driver, planned,
                            addresses[planned.buffer] +
                                planned.offset * getByteSize(planned.element),
                            map))
      return error;

  using Kind = PackedParameter::Kind;
  llvm::SmallVector<uint64_t, 32> words;
  for (const PackedParameter &parameter : launch.parameters)
    words.push_back(parameter.kind == Kind::Address ? addresses[parameter.bits]
                                                    : parameter.bits);
  llvm::SmallVector<void *, 32> pointers;
  for (auto [parameter, word] : llvm::zip(launch.parameters, words))
    pointers.push_back(parameter.kind == Kind::TensorMap
                           ? static_cast<void *>(&maps[parameter.bits])
                           : &word);

  const LaunchStep &step = *launch.step;
  FunctionHandle function = functions.lookup(step.kernel).handle;
  const auto &grid = launch.grid;
  const auto &block = step.block;
  if (step.cluster == std::array<unsigned, 3>{1, 1, 1})
    return driver.call(driver.launch, function, grid[0], grid[1], grid[2],
                       block[0], block[1], block[2], step.sharedMemory, stream,
                       pointers.data(), nullptr);
  LaunchAttribute cluster;
  llvm::copy(step.cluster, cluster.cluster);
  LaunchConfig config{{grid[0], grid[1], grid[2]},
                      {block[0], block[1], block[2]},
                      step.sharedMemory,
                      stream,
                      &cluster,
                      1};
  return driver.call(driver.launchWithAttributes, &config, function,
                     pointers.data(), nullptr);
}

llvm::Error Kernels::launch(const LaunchPlan &plan, const BufferSet &buffers,
                            bool stepwise) {
  return launch(plan, buffers.getAddresses(), /*stream=*/nullptr, stepwise);
}

llvm::Error Kernels::launch(const LaunchPlan &plan,
                            llvm::ArrayRef<DeviceAddress> addresses,
                            StreamHandle stream, bool stepwise) {
  std::optional<Lanes::Fork> lanes;
  for (const PlannedLaunch &launch : plan.launches) {
    if (!lanes && launch.repetition && !stepwise)
      lanes.emplace(*this->lanes, stream);
    auto chosen = lanes ? lanes->enter(launch.repetition, launch.lane) : stream;
    if (!chosen)
      return chosen.takeError();
    auto error = start(launch, addresses, *chosen);
    if (!error && stepwise)
      error = device->synchronize();
    if (error)
      return inKernel(launch.step->kernel, std::move(error));
  }
  return lanes ? lanes->join() : llvm::Error::success();
}

llvm::Expected<std::vector<KernelResources>>
Kernels::getResources(const LaunchPlan &plan) const {
  const Driver &driver = device->getDriver();
  std::vector<KernelResources> kernels;
  for (const PlannedLaunch &launch : plan.launches) {
    KernelResources kernel{launch.step->kernel, 0, 0, 0};
    if (llvm::any_of(kernels, [&](const KernelResources &other) {
          return other.name == kernel.name;
        }))
      continue;
    for (auto [value, attribute] :
         {std::pair(&kernel.registers, FunctionAttribute::NumRegisters),
          std::pair(&kernel.localBytes, FunctionAttribute::LocalSizeBytes),
          std::pair(&kernel.sharedBytes, FunctionAttribute::SharedSizeBytes)})
      if (auto error =
              driver.call(driver.functionGetAttribute, value, attribute,
                          functions.lookup(kernel.name).handle))
        return inKernel(kernel.name, std::move(error));
    kernels.push_back(std::move(kernel));
  }
  return kernels;
}

llvm::Expected<std::vector<HostTensor>>
mlir::dsa::cuda::runOnce(const Device &device, Kernels &kernels,
                         const LaunchPlan &plan,
                         llvm::ArrayRef<HostTensor> arguments,
                         std::optional<uint8_t> poison, bool stepwise) {
  auto buffers = BufferSet::allocate(device, plan);
  if (!buffers)
    return buffers.takeError();
  if (auto error = buffers->setArguments(arguments))
    return std::move(error);
  if (poison)
    if (auto error = buffers->fill(*poison))
      return std::move(error);
  if (auto error = kernels.launch(plan, *buffers, stepwise))
    return std::move(error);
  return buffers->getResults();
}
