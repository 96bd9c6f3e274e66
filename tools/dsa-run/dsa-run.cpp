//===- dsa-run.cpp - Compile a function, run, check and time it -----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"
#include "CUDATarget.h"
#include "Measure.h"

#include "dsa/InitAll.h"
#include "dsa/Runtime/Npy.h"
#include "dsa/Runtime/Progress.h"
#include "dsa/Target/Chip.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace mlir::dsa;
namespace cl = llvm::cl;

static cl::OptionCategory category("dsa-run options");
static cl::opt<std::string> inputFile(cl::Positional, cl::desc("IN.mlir"),
                                      cl::init("-"), cl::cat(category));
static cl::opt<std::string> target("target",
                                   cl::desc("what to run on: cpu or cuda"),
                                   cl::init("cpu"), cl::cat(category));
static cl::opt<std::string>
    tiles("tiles",
          cl::desc("with --target cpu: run the kernels on tiles of this GPU"),
          cl::value_desc("chip"), cl::cat(category));
static cl::opt<std::string>
    entryName("entry",
              cl::desc("the function; may be left out if there is one"),
              cl::value_desc("name"), cl::cat(category));
static cl::list<std::string> inputs("input",
                                    cl::desc("read an argument from a file"),
                                    cl::value_desc("name=file.npy"),
                                    cl::cat(category));
static cl::list<std::string>
    shapes("shape", cl::desc("the sizes of an argument that is made up"),
           cl::value_desc("name=64x128"), cl::cat(category));
static cl::opt<uint64_t>
    seed("random", cl::desc("make up the arguments that have no --input"),
         cl::value_desc("seed"), cl::cat(category));
static cl::opt<std::string>
    outputs("output",
            cl::desc("write each result to DIR/<name>.npy, right or wrong"),
            cl::value_desc("dir"), cl::cat(category));
static cl::opt<bool>
    check("check", cl::desc("compare the results with a float64 reference"),
          cl::cat(category));
static cl::opt<unsigned>
    bench("bench", cl::desc("time this many runs, after one to warm up"),
          cl::value_desc("n"), cl::cat(category));

static llvm::Error checkOptions() {
  if (target != "cpu" && target != "cuda")
    return llvm::createStringError("--target %s: expected cpu or cuda",
                                   target.c_str());
  if (tiles.getNumOccurrences() && target != "cpu")
    return llvm::createStringError("--tiles %s needs --target cpu, found %s",
                                   tiles.c_str(), target.c_str());
  if (tiles.getNumOccurrences() && !findChip(tiles))
    return llvm::createStringError("--tiles %s: expected one of %s",
                                   tiles.c_str(), getChipNames().c_str());
  if (bench.getNumOccurrences() && bench == 0)
    return llvm::createStringError("--bench 0: expected at least 1");
  if (outputs.getNumOccurrences() && outputs.empty())
    return llvm::createStringError("--output: expected a directory");
  return llvm::Error::success();
}

/// The module of the input file, verified.
static llvm::Expected<OwningOpRef<ModuleOp>> parse(llvm::SourceMgr &sources,
                                                   MLIRContext &context) {
  std::string why;
  auto file = openInputFile(inputFile, &why);
  if (!file)
    return llvm::createStringError(why);
  sources.AddNewSourceBuffer(std::move(file), llvm::SMLoc());
  auto parsed = parseSourceFile<ModuleOp>(sources, &context);
  if (!parsed)
    return llvm::make_error<DiagnosedError>();
  return parsed;
}

static llvm::Expected<std::vector<HostTensor>>
runOnCPU(const EntryPoint &entry, ArrayRef<HostTensor> arguments,
         unsigned timedRuns, RunReport &report) {
  if (!tiles.empty()) {
    report.target += " as " + tiles;
    report.onTiles = true;
  }
  report.threads = CPUEngine::getNumThreads();
  auto engine = compileAndMeasure(entry, tiles, report);
  if (!engine)
    return engine.takeError();
  return runAndMeasure(**engine, arguments, timedRuns, report);
}

static llvm::Error run() {
  if (auto error = checkOptions())
    return error;
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry);
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler diagnostics(sources, &context);
  auto parsed = parse(sources, context);
  if (!parsed)
    return parsed.takeError();
  auto entry = findEntryPoint(**parsed, entryName);
  if (!entry)
    return entry.takeError();
  if (check)
    if (auto error = checkHasReference(entry->function))
      return error;

  ArgumentSources argumentSources{inputs, shapes, std::nullopt};
  if (seed.getNumOccurrences())
    argumentSources.seed = seed;
  auto arguments = loadArguments(*entry, argumentSources);
  if (!arguments)
    return arguments.takeError();
  std::optional<NpyOutputs> files;
  if (!outputs.empty()) {
    auto names = llvm::map_to_vector(
        entry->results, [](const TensorSlot &slot) { return slot.name; });
    auto created = NpyOutputs::create(outputs, names);
    if (!created)
      return created.takeError();
    files.emplace(std::move(*created));
  }

  RunReport report;
  report.function = entry->function.getName();
  report.target = target;
  auto results = target == "cuda"
                     ? runOnCUDA(*entry, arguments->tensors, bench, report)
                     : runOnCPU(*entry, arguments->tensors, bench, report);
  if (!results)
    return results.takeError();
  if (files)
    if (auto error = files->commit(*results))
      return error;

  report.work = countWork(entry->function, arguments->shapes,
                          arguments->tensors, *results);
  for (auto [slot, tensor] : llvm::zip(entry->results, *results))
    report.results.push_back({slot.name, tensor.getTypeString()});
  if (check) {
    Progress progress("dsa-run: checking");
    auto checked = checkAgainstReference(entry->function, arguments->tensors,
                                         *results, report.onTiles);
    if (!checked)
      return checked.takeError();
    report.check = std::move(*checked);
  }
  printReport(llvm::outs(), report);
  if (report.check)
    for (auto [slot, result] : llvm::zip(entry->results, report.check->results))
      if (!result.failure.empty())
        return llvm::createStringError("result '%s' is wrong: %s",
                                       slot.name.c_str(),
                                       result.failure.c_str());
  return llvm::Error::success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv, "Compiles a function for this machine and runs it.\n");
  llvm::Error error = run();
  if (!error)
    return 0;
  if (!error.isA<DiagnosedError>())
    llvm::errs() << "dsa-run: error: " << error << '\n';
  llvm::consumeError(std::move(error));
  return 1;
}
