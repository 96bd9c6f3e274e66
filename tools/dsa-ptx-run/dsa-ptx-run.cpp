//===- dsa-ptx-run.cpp - Run compiled functions on a GPU ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Needs PTX or a cubin, a launch record and the CUDA driver, and nothing else.
//
//===----------------------------------------------------------------------===//

#include "Batch.h"
#include "Measure.h"
#include "Single.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Regex.h"

namespace cl = llvm::cl;

static cl::OptionCategory category("dsa-ptx-run options");
static cl::opt<std::string> kernels(cl::Positional, cl::desc("KERNELS.ptx"),
                                    cl::cat(category));
static cl::opt<std::string> launch("launch", cl::desc("the launch record"),
                                   cl::value_desc("file.json"),
                                   cl::cat(category));
static cl::opt<std::string>
    entry("entry", cl::desc("the function; may be left out if there is one"),
          cl::value_desc("name"), cl::cat(category));
static cl::list<std::string> inputs("input",
                                    cl::desc("read an argument from a file"),
                                    cl::value_desc("name=file.npy"),
                                    cl::cat(category));
static cl::opt<std::string>
    output("output", cl::desc("write each result to DIR/<name>.npy"),
           cl::value_desc("dir"), cl::cat(category));
static cl::opt<std::string>
    check("check",
          cl::desc("compare each result with DIR/<name>.npy: integers must be "
                   "equal, others close, in the tolerance of their type"),
          cl::value_desc("dir"), cl::cat(category));
static cl::list<std::string>
    tolerances("tolerance",
               cl::desc("how close a result must be: relative to the largest "
                        "magnitude in its row, which counts as at least FLOOR"),
               cl::value_desc("name=1e-5[,floor]"), cl::cat(category));
static cl::opt<bool> repeat("repeat-check",
                            cl::desc("run twice and compare the bits"),
                            cl::cat(category));
static cl::opt<unsigned> bench("bench",
                               cl::desc("time this many runs, after others "
                                        "that warm up"),
                               cl::value_desc("n"), cl::cat(category));
static cl::opt<double> idle("idle",
                            cl::desc("let the device rest before each timed "
                                     "run, in milliseconds"),
                            cl::value_desc("ms"), cl::init(0),
                            cl::cat(category));
static cl::opt<int> device("device", cl::desc("which GPU"), cl::value_desc("n"),
                           cl::init(0), cl::cat(category));
static cl::opt<bool> noPoison("no-poison",
                              cl::desc("leave memory as the driver gives it"),
                              cl::cat(category));
static cl::opt<bool> dryRun("dry-run",
                            cl::desc("print what would be allocated and "
                                     "launched; needs no GPU"),
                            cl::cat(category));

static cl::opt<std::string>
    batch("batch", cl::desc("run the cases of a manifest, each twice"),
          cl::value_desc("file.json"), cl::cat(category));
static cl::opt<std::string>
    only("only",
         cl::desc("only cases whose name the expression matches at its start"),
         cl::value_desc("regex"), cl::cat(category));
static cl::opt<bool> sample("sample",
                            cl::desc("only cases marked as a sample of all"),
                            cl::cat(category));
static cl::opt<bool> list("list", cl::desc("list the cases' names"),
                          cl::cat(category));
static cl::opt<unsigned>
    jobs("jobs", cl::desc("how many processes run cases; 0: this one does"),
         cl::value_desc("n"), cl::init(1), cl::cat(category));
static cl::opt<unsigned> timeout("timeout",
                                 cl::desc("how long a case or a candidate "
                                          "may take"),
                                 cl::value_desc("s"), cl::init(60),
                                 cl::cat(category));
static cl::opt<std::string>
    results("results",
            cl::desc("do not run cases, but check DIR/<case>/<name>.npy"),
            cl::value_desc("dir"), cl::cat(category));

static cl::opt<std::string>
    measure("measure",
            cl::desc("measure what dsa-tune --emit wrote to DIR, from where "
                     "an earlier run stopped"),
            cl::value_desc("dir"), cl::cat(category));
static cl::opt<unsigned>
    stopAfter("stop-after",
              cl::desc("begin no candidate after so long; 0: no limit"),
              cl::value_desc("s"), cl::init(0), cl::cat(category));

static llvm::Error checkOptions() {
  auto given = [](const cl::Option &option) {
    return option.getNumOccurrences() > 0;
  };
  // Lists have an operator & of their own.
  const cl::Option *single[] = {
      &kernels, &launch, &entry,  std::addressof(inputs),
      &output,  &check,  &repeat, std::addressof(tolerances),
      &bench,   &idle,   &dryRun};
  const cl::Option *many[] = {&only, &sample, &list, &jobs, &results};
  auto nameOf = [](const cl::Option &option) {
    return option.ArgStr.empty() ? "KERNELS.ptx" : "--" + option.ArgStr.str();
  };
  for (const cl::Option *option : single)
    if ((given(batch) || given(measure)) && given(*option))
      return llvm::createStringError("%s does not go with %s",
                                     nameOf(*option).c_str(),
                                     given(batch) ? "--batch" : "--measure");
  if (given(batch) && given(measure))
    return llvm::createStringError("--measure does not go with --batch");
  if (given(stopAfter) && !given(measure))
    return llvm::createStringError("--stop-after needs --measure");
  if (given(timeout) && !given(batch) && !given(measure))
    return llvm::createStringError("--timeout needs --batch or --measure");
  for (const cl::Option *option : many)
    if (!given(batch) && given(*option))
      return llvm::createStringError("%s needs --batch",
                                     nameOf(*option).c_str());
  if (given(batch) || given(measure))
    return llvm::Error::success();
  if (kernels.empty() || launch.empty())
    return llvm::createStringError(
        "expected KERNELS.ptx and --launch FILE.json, --batch FILE.json, or "
        "--measure DIR");
  if (given(bench) && bench == 0)
    return llvm::createStringError("--bench 0: expected at least 1");
  if (given(idle) && !given(bench))
    return llvm::createStringError("--idle needs --bench");
  if (given(tolerances) && !given(check))
    return llvm::createStringError("--tolerance needs --check");
  for (const auto &[option, directory] :
       {std::pair("output", &output), std::pair("check", &check)})
    if (given(*directory) && directory->empty())
      return llvm::createStringError("--%s: expected a directory", option);
  return llvm::Error::success();
}

static llvm::Expected<std::vector<Case>> chooseCases() {
  std::string why;
  llvm::Regex expression("^(" + only + ")");
  if (!expression.isValid(why))
    return llvm::createStringError("--only '%s': %s", only.c_str(),
                                   why.c_str());
  auto cases = readManifest(batch);
  if (!cases)
    return cases.takeError();
  llvm::erase_if(*cases, [&](const Case &which) {
    return (sample && !which.sample) || !expression.match(which.name);
  });
  if (cases->empty())
    return llvm::createStringError("'%s': no case is left to run",
                                   batch.c_str());
  return cases;
}

static llvm::Expected<bool> run() {
  if (auto error = checkOptions())
    return std::move(error);
  if (measure.getNumOccurrences()) {
    if (auto error = runMeasure({measure, device, timeout, stopAfter}))
      return std::move(error);
    return true;
  }
  const Poison poison = noPoison ? Poison::No : Poison::Yes;
  if (!batch.getNumOccurrences()) {
    SingleOptions options{kernels, launch,     entry,  inputs, output,
                          check,   tolerances, repeat, bench,  idle,
                          device,  poison,     dryRun};
    if (auto error = runSingle(options))
      return std::move(error);
    return true;
  }
  auto cases = chooseCases();
  if (!cases)
    return cases.takeError();
  if (list) {
    for (const Case &which : *cases)
      llvm::outs() << which.name << '\n';
    return true;
  }
  return runBatch(*cases, {device, poison, jobs, timeout, results});
}

int main(int argc, char **argv) {
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "Runs functions that dsa-compile has compiled on a GPU: one, or with "
      "--batch many; or measures the candidates of dsa-tune.\n");
  auto passed = run();
  if (!passed) {
    // What was found comes before what is wrong with it.
    llvm::outs().flush();
    llvm::errs() << "dsa-ptx-run: error: " << llvm::toString(passed.takeError())
                 << '\n';
    return 1;
  }
  return *passed ? 0 : 1;
}
