//===- CUDATarget.cpp - Run a function on a GPU ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CUDATarget.h"

#include "Measure.h"
#include "dsa/Runtime/CUDA/Timing.h"
#include "dsa/Runtime/Progress.h"
#include "dsa/Target/Chip.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace mlir::dsa;
using llvm::StringRef;

std::string chooseChip(int capability) {
  StringRef best;
  int most = 0;
  for (const Chip &chip : getChips()) {
    StringRef number = chip.name;
    number.consume_front("sm_");
    // Code for sm_90a runs on nothing but 9.0, where it may do more.
    bool exact = number.consume_back("a");
    int value = 0;
    if (number.getAsInteger(10, value) || value > capability || value < most ||
        (exact && value != capability))
      continue;
    best = chip.name;
    most = value;
  }
  return best.str();
}

namespace {
/// Files that are gone with the object.
class TemporaryFiles {
public:
  llvm::Expected<std::string> create(StringRef extension) {
    llvm::SmallString<128> path;
    if (std::error_code code =
            llvm::sys::fs::createTemporaryFile("dsa-run", extension, path))
      return llvm::createStringError(code, "cannot make a temporary file: %s",
                                     code.message().c_str());
    removers.push_back(std::make_unique<llvm::FileRemover>(path));
    return path.str().str();
  }

private:
  llvm::SmallVector<std::unique_ptr<llvm::FileRemover>> removers;
};

struct Compiled {
  std::unique_ptr<llvm::MemoryBuffer> kernels;
  cuda::LaunchRecord record;
};
} // namespace

/// The compiler beside this very program.
static llvm::Expected<std::string> findCompiler() {
  static int anchor;
  std::string self = llvm::sys::fs::getMainExecutable(nullptr, &anchor);
  StringRef directory = llvm::sys::path::parent_path(self);
  auto compiler = llvm::sys::findProgramByName("dsa-compile", {directory});
  if (!compiler)
    return llvm::createStringError("cannot find dsa-compile in '%s'",
                                   directory.str().c_str());
  return *compiler;
}

static llvm::Error writeModule(ModuleOp module, StringRef path) {
  std::error_code code;
  llvm::raw_fd_ostream os(path, code);
  if (!code) {
    module.print(os);
    os.flush();
    code = os.error();
    os.clear_error();
  }
  if (code)
    return llvm::createStringError(code, "cannot write '%s': %s",
                                   path.str().c_str(), code.message().c_str());
  return llvm::Error::success();
}

static llvm::Expected<Compiled> compile(ModuleOp module, StringRef chip) {
  auto compiler = findCompiler();
  if (!compiler)
    return compiler.takeError();
  TemporaryFiles files;
  std::string paths[3];
  for (auto [path, extension] :
       llvm::zip(paths, llvm::ArrayRef{"mlir", "ptx", "json"})) {
    auto created = files.create(extension);
    if (!created)
      return created.takeError();
    path = *created;
  }
  auto &[source, kernels, record] = paths;
  if (auto error = writeModule(module, source))
    return std::move(error);

  std::string why;
  StringRef command[] = {*compiler, source,  "--target", chip,
                         "-o",      kernels, "--launch", record};
  int status = llvm::sys::ExecuteAndWait(*compiler, command, std::nullopt, {},
                                         0, 0, &why);
  if (status < 0)
    return llvm::createStringError("cannot run '%s': %s", compiler->c_str(),
                                   why.c_str());
  // The compiler has told what is wrong.
  if (status > 0)
    return llvm::make_error<DiagnosedError>();
  auto code = llvm::MemoryBuffer::getFile(kernels);
  if (!code)
    return llvm::createStringError(code.getError(), "cannot read '%s': %s",
                                   kernels.c_str(),
                                   code.getError().message().c_str());
  auto parsed = cuda::readLaunchRecord(record);
  if (!parsed)
    return parsed.takeError();
  return Compiled{std::move(*code), std::move(*parsed)};
}

llvm::Expected<std::vector<HostTensor>>
runOnCUDA(const EntryPoint &entry, llvm::ArrayRef<HostTensor> arguments,
          unsigned timedRuns, RunReport &report) {
  auto device = cuda::Device::open();
  if (!device)
    return device.takeError();
  std::string chip = chooseChip((*device)->getCapability());
  if (chip.empty())
    return llvm::createStringError(
        "expected a GPU of compute capability 8.0 or higher, found %s of %d.%d",
        (*device)->getName().str().c_str(), (*device)->getCapability() / 10,
        (*device)->getCapability() % 10);
  report.target = chip;

  Stopwatch watch;
  func::FuncOp function = entry.function;
  auto compiled = [&] {
    Progress progress("dsa-run: compiling");
    return compile(function->getParentOfType<ModuleOp>(), chip);
  }();
  if (!compiled)
    return compiled.takeError();
  auto record = compiled->record.find(function.getName());
  if (!record)
    return record.takeError();
  auto kernels = cuda::Kernels::load(**device, compiled->kernels->getBuffer());
  if (!kernels)
    return kernels.takeError();
  report.compileSeconds = watch.getSeconds();

  llvm::SmallVector<cuda::Shape> shapes;
  for (const HostTensor &argument : arguments)
    shapes.push_back(cuda::Shape(argument.getShape()));
  auto plan = cuda::planLaunches(**record, shapes);
  if (!plan)
    return plan.takeError();
  // As dsa-programs-to-blocks names kernels.
  report.onTiles = llvm::any_of(plan->launches, [](const auto &launch) {
    return StringRef(launch.step->kernel).contains("_tiles_");
  });
  report.extraBytes = 0;
  for (const cuda::PlannedBuffer &buffer : plan->buffers)
    if (buffer.record->kind == cuda::BufferRecord::Kind::Workspace)
      *report.extraBytes += buffer.bytes;
  if (auto error = kernels->prepare(*plan))
    return std::move(error);
  Progress progress("dsa-run: running");
  auto results = cuda::runOnce(**device, *kernels, *plan, arguments);
  if (!results || !timedRuns)
    return results;
  auto timing = cuda::timeRuns(**device, *kernels, *plan, arguments,
                               {timedRuns, /*idleMilliseconds=*/0});
  if (!timing)
    return timing.takeError();
  for (float milliseconds : timing->milliseconds)
    report.seconds.push_back(milliseconds / 1e3);
  return results;
}
