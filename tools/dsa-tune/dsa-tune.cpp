//===- dsa-tune.cpp - Find fast schedules by measuring --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Collect.h"
#include "Emit.h"
#include "ReportedError.h"
#include "dsa/Config.h"
#include "dsa/InitAll.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mlir::dsa;
namespace cl = llvm::cl;
using llvm::createStringError;
using llvm::Error;

static cl::OptionCategory category("dsa-tune options");
static cl::opt<std::string> input(cl::Positional, cl::desc("SPEC.mlir"),
                                  cl::cat(category));
static cl::opt<std::string>
    chipName("chip", cl::desc("The chip, such as sm_90a"), cl::cat(category));
static cl::opt<std::string> output("o", cl::desc("What records to write"),
                                   cl::value_desc("file.mlir"),
                                   cl::cat(category));
static cl::opt<std::string>
    emitTo("emit",
           cl::desc("Write what is to be measured to DIR, and do not measure"),
           cl::value_desc("dir"), cl::cat(category));
static cl::list<std::string>
    collectFrom("collect",
                cl::desc("Turn what was measured in DIR into records"),
                cl::value_desc("dir"), cl::cat(category));
static cl::opt<std::string>
    keep("keep",
         cl::desc("Records whose operations were not measured stay, too"),
         cl::value_desc("file.mlir"), cl::cat(category));
static cl::opt<std::string>
    runner("runner",
           cl::desc("What is called, with --measure DIR, to measure; "
                    "dsa-ptx-run beside this program, unless given"),
           cl::value_desc("program"), cl::cat(category));
static cl::opt<unsigned>
    budget("budget",
           cl::desc("How many candidates of an operation, at some sizes, are "
                    "measured"),
           cl::init(16), cl::cat(category));
static cl::opt<unsigned> runs("runs", cl::desc("Timed runs of a candidate"),
                              cl::init(10), cl::cat(category));
static cl::opt<double> idle("idle",
                            cl::desc("Rest before each, in milliseconds"),
                            cl::value_desc("ms"), cl::init(20),
                            cl::cat(category));
static cl::opt<unsigned>
    rounds("rounds", cl::desc("How often the best candidates are timed"),
           cl::init(3), cl::cat(category));
static cl::opt<uint64_t> seed("seed", cl::desc("Of the arguments"), cl::init(1),
                              cl::cat(category));
static cl::opt<unsigned> jobs("jobs",
                              cl::desc("Processes that compile; 0: as many "
                                       "as the machine has processors"),
                              cl::value_desc("n"), cl::init(0),
                              cl::cat(category));

static Error checkOptions() {
  bool isCollecting = collectFrom.getNumOccurrences() > 0;
  bool isEmitting = emitTo.getNumOccurrences() > 0;
  if (isCollecting && (isEmitting || !input.empty()))
    return createStringError("--collect takes neither SPEC.mlir nor --emit");
  if (!isCollecting && input.empty())
    return createStringError("expected SPEC.mlir, or --collect DIR");
  if (!isCollecting && !findChip(chipName))
    return createStringError("expected --chip to be one of " + getChipNames() +
                             ", but found '" + chipName + "'");
  if (isEmitting && emitTo.empty())
    return createStringError("--emit: expected a directory");
  if (isEmitting == !output.empty())
    return createStringError(isEmitting ? "--emit writes no records: leave "
                                          "out -o"
                                        : "expected -o FILE.mlir");
  for (const auto &[option, value] :
       {std::pair("budget", &budget), std::pair("runs", &runs),
        std::pair("rounds", &rounds)})
    if (*value == 0)
      return createStringError("--%s 0: expected at least 1", option);
  return Error::success();
}

/// Of this very program: its version, and what it is made of.
static llvm::Expected<std::string> describeCompiler() {
  static int anchor;
  std::string self = llvm::sys::fs::getMainExecutable(nullptr, &anchor);
  auto image = llvm::MemoryBuffer::getFile(self);
  if (!image)
    return createStringError(image.getError(), "cannot read '%s'",
                             self.c_str());
  return llvm::formatv("dsa " DSA_VERSION_STRING " {0:x-16}",
                       llvm::xxh3_64bits((*image)->getBuffer()))
      .str();
}

static Error emitSpec(MLIRContext &context, const std::string &directory) {
  std::string message;
  auto file = openInputFile(input, &message);
  if (!file)
    return createStringError(message);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  SourceMgrDiagnosticHandler handler(sources, &context);
  OwningOpRef<ModuleOp> spec = parseSourceFile<ModuleOp>(sources, &context);
  if (!spec)
    return llvm::make_error<ReportedError>();
  auto compiler = describeCompiler();
  if (!compiler)
    return compiler.takeError();
  unsigned processes =
      jobs ? unsigned(jobs)
           : llvm::hardware_concurrency().compute_thread_count();
  return emit(*spec, *findChip(chipName), *compiler,
              {directory, budget, runs, idle, rounds, seed, processes});
}

/// Has what was emitted measured, on this machine or wherever the runner does.
static Error measure(const std::string &directory) {
  std::string program = runner;
  if (program.empty()) {
    static int anchor;
    std::string self = llvm::sys::fs::getMainExecutable(nullptr, &anchor);
    SmallString<128> beside(llvm::sys::path::parent_path(self));
    llvm::sys::path::append(beside, "dsa-ptx-run");
    program = beside.str().str();
  }
  std::string why;
  int status = llvm::sys::ExecuteAndWait(
      program, {program, "--measure", directory}, std::nullopt, {}, 0, 0, &why);
  if (status == 0)
    return Error::success();
  return createStringError(
      "'%s --measure %s' failed%s%s; what was measured is kept: run again to "
      "go on",
      program.c_str(), directory.c_str(), why.empty() ? "" : ": ", why.c_str());
}

static Error run() {
  if (Error error = checkOptions())
    return error;
  DialectRegistry registry;
  registerAllDialects(registry);
  // Processes that compile are copies of this one, which must have no threads.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  context.loadAllAvailableDialects();
  if (!collectFrom.empty())
    return collect(context, {collectFrom, keep, output});
  if (!emitTo.empty())
    return emitSpec(context, emitTo);
  // Where a search that was stopped is found again.
  std::string directory = output + ".search";
  if (Error error = emitSpec(context, directory))
    return error;
  if (Error error = measure(directory))
    return error;
  if (Error error = collect(context, {{directory}, keep, output}))
    return error;
  if (auto code = llvm::sys::fs::remove_directories(directory, false))
    return createStringError(code, "cannot remove '%s': %s", directory.c_str(),
                             code.message().c_str());
  return Error::success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "Finds fast schedules for the operations of a module, by measuring\n");
  int status = 0;
  handleAllErrors(
      run(), [&](const ReportedError &) { status = 1; },
      [&](const llvm::ErrorInfoBase &info) {
        llvm::errs() << "dsa-tune: error: " << info.message() << '\n';
        status = 1;
      });
  return status;
}
