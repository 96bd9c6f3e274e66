//===- Compile.cpp - From a file of dsa to a file of code -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Compile.h"
#include "dsa/InitAll.h"
#include "dsa/Pipelines/CompileToPTX.h"
#include "dsa/Pipelines/DSAToCPU.h"
#include "dsa/Target/Assemble.h"
#include "dsa/Target/Chip.h"
#include "dsa/Target/HostCode.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/OpenMP/OpenMPToLLVMIRTranslation.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mlir::dsa;
using llvm::createStringError;
using llvm::Error;

char ReportedError::ID = 0;

static StringRef getExtension(const CompileOptions &options) {
  return llvm::sys::path::extension(options.output);
}

/// No file is both read and written, or written twice.
static Error checkPaths(const CompileOptions &options) {
  auto same = [](StringRef a, StringRef b) {
    return a == b || llvm::sys::fs::equivalent(a, b);
  };
  if (same(options.output, options.input))
    return createStringError("expected an output other than the input '" +
                             options.input + "'");
  if (options.record.empty())
    return Error::success();
  if (same(options.record, options.input) ||
      same(options.record, options.output))
    return createStringError("expected a launch record other than the input "
                             "and the output, but found '" +
                             options.record + "'");
  return Error::success();
}

Error dsa::checkOptions(const CompileOptions &options) {
  if (Error error = checkPaths(options))
    return error;
  StringRef extension = getExtension(options);
  if (options.target == "cpu") {
    if (extension != ".o" && extension != ".ll")
      return createStringError("expected an output that ends in .o or .ll for "
                               "target cpu, but found '" +
                               options.output + "'");
    if (!options.record.empty())
      return createStringError("target cpu has no launch record");
    if (!options.records.empty())
      return createStringError("target cpu has no records of tuning");
    return Error::success();
  }
  if (!findChip(options.target))
    return createStringError("expected target to be cpu or one of " +
                             getChipNames() + ", but found '" + options.target +
                             "'");
  if (extension != ".ptx" && extension != ".cubin")
    return createStringError("expected an output that ends in .ptx or .cubin "
                             "for target " +
                             options.target + ", but found '" + options.output +
                             "'");
  return Error::success();
}

namespace {
/// Files that appear together, when all of them are complete, or not at all.
class OutputFiles {
public:
  OutputFiles() = default;
  OutputFiles(const OutputFiles &) = delete;
  ~OutputFiles() {
    for (auto &[path, temporary] : files)
      llvm::consumeError(temporary.discard());
  }

  Error add(StringRef path,
            llvm::function_ref<Error(llvm::raw_pwrite_stream &)> write);
  Error commit();

private:
  std::vector<std::pair<std::string, llvm::sys::fs::TempFile>> files;
};
} // namespace

static Error cannotWrite(StringRef path, const llvm::Twine &reason) {
  return createStringError("cannot write '" + path.str() +
                           "': " + reason.str());
}

Error OutputFiles::add(
    StringRef path,
    llvm::function_ref<Error(llvm::raw_pwrite_stream &)> write) {
  if (llvm::sys::fs::is_directory(path))
    return cannotWrite(path, "it is a directory");
  auto temporary = llvm::sys::fs::TempFile::create(path + ".%%%%%%.tmp");
  if (!temporary)
    return cannotWrite(path, llvm::toString(temporary.takeError()));
  llvm::raw_fd_ostream os(temporary->FD, /*shouldClose=*/false);
  files.emplace_back(path.str(), std::move(*temporary));
  Error error = write(os);
  os.flush();
  if (!error && os.has_error())
    error = cannotWrite(path, os.error().message());
  os.clear_error();
  return error;
}

Error OutputFiles::commit() {
  for (size_t done = 0; done < files.size(); ++done) {
    auto &[path, temporary] = files[done];
    Error error = temporary.keep(path);
    if (!error)
      continue;
    for (auto &[earlier, kept] : llvm::ArrayRef(files).take_front(done))
      error = llvm::joinErrors(
          std::move(error),
          llvm::errorCodeToError(llvm::sys::fs::remove(earlier)));
    files.erase(files.begin(), files.begin() + done);
    return error;
  }
  files.clear();
  return Error::success();
}

static Error reported() { return llvm::make_error<ReportedError>(); }

static Error compileForCPU(ModuleOp module, const CompileOptions &options) {
  PassManager pm(module.getContext());
  DSAToCPUOptions pipeline;
  pipeline.vectorBits = getHostVectorBits();
  buildDSAToCPUPipeline(pm, pipeline);
  if (failed(pm.run(module)))
    return reported();
  HostCodeKind kind = getExtension(options) == ".ll" ? HostCodeKind::LLVMIR
                                                     : HostCodeKind::Object;
  OutputFiles files;
  if (Error error = files.add(options.output, [&](llvm::raw_pwrite_stream &os) {
        return writeHostCode(module, kind, os);
      }))
    return error;
  return files.commit();
}

static Error compileForChip(ModuleOp module, const CompileOptions &options) {
  FailureOr<DeviceModule> compiled =
      compileToPTX(module, {options.target, options.records, options.tuned});
  if (failed(compiled))
    return reported();
  OutputFiles files;
  Error error =
      files.add(options.output, [&](llvm::raw_pwrite_stream &os) -> Error {
        if (getExtension(options) == ".cubin")
          return assemble(compiled->ptx, options.target, os);
        os << compiled->ptx;
        return Error::success();
      });
  if (!error && !options.record.empty())
    error = files.add(options.record, [&](llvm::raw_pwrite_stream &os) {
      os << compiled->getRecordText();
      return Error::success();
    });
  return error ? std::move(error) : files.commit();
}

Error dsa::compile(const CompileOptions &options) {
  std::string message;
  auto file = openInputFile(options.input, &message);
  if (!file)
    return createStringError(message);
  DialectRegistry registry;
  registerAllDialects(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registerOpenMPDialectTranslation(registry);
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  SourceMgrDiagnosticHandler handler(sources, &context);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module)
    return reported();
  return options.target == "cpu" ? compileForCPU(*module, options)
                                 : compileForChip(*module, options);
}
