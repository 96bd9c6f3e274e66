//===- dsa-compile.cpp - The compiler -------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChildProcess.h"
#include "Compile.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace mlir::dsa;

static cl::OptionCategory category("dsa-compile options");
static cl::opt<std::string> input(cl::Positional, cl::desc("<input.mlir>"),
                                  cl::Required, cl::cat(category));
static cl::opt<std::string> target("target",
                                   cl::desc("cpu, or a chip such as sm_90a"),
                                   cl::Required, cl::cat(category));
static cl::opt<std::string>
    output("o", cl::desc("What to write: .ptx or .cubin, .o or .ll"),
           cl::value_desc("file"), cl::Required, cl::cat(category));
static cl::opt<std::string> record("launch",
                                   cl::desc("Where to write the launch record"),
                                   cl::value_desc("file.json"),
                                   cl::cat(category));

static cl::opt<std::string>
    records("records",
            cl::desc("Records of tuning, before those that come with the "
                     "compiler"),
            cl::value_desc("file.mlir"), cl::cat(category));
static cl::opt<bool>
    noTuned("no-tuned",
            cl::desc("Leave out records that come with the compiler, and the "
                     "cost model: take defaults"),
            cl::cat(category));

static int report(Error error) {
  handleAllErrors(
      std::move(error), [](const ReportedError &) {},
      [](const ErrorInfoBase &info) {
        errs() << "dsa-compile: error: " << info.message() << "\n";
      });
  return 1;
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv,
                              "Compiles dsa operations for one target\n");
  CompileOptions options{input, target, output, record, records, !noTuned};
  if (record.getNumOccurrences() && record.empty())
    return report(createStringError("expected a file for the launch record"));
  if (Error error = checkOptions(options))
    return report(std::move(error));
  Expected<int> status = runInChild([&] {
    Error error = compile(options);
    return error ? report(std::move(error)) : 0;
  });
  return status ? *status : report(status.takeError());
}
