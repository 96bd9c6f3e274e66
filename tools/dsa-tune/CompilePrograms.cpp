//===- CompilePrograms.cpp - Kernels of candidates ------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompilePrograms.h"
#include "dsa/Pipelines/CompileToPTX.h"
#include "dsa/Runtime/Measure/ProgressBar.h"
#include "dsa/Runtime/Measure/Workers.h"
#include "dsa/Target/Assemble.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::dsa;

PlannedProgram CandidateProgram::getFiles() const {
  return {name + (hasAssembler() ? ".cubin" : ".ptx"), name + ".json"};
}

static llvm::Error writeFile(StringRef directory, StringRef name,
                             StringRef contents) {
  SmallString<128> path(directory);
  llvm::sys::path::append(path, name);
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &os) {
    os << contents;
    return llvm::Error::success();
  });
}

static llvm::Error compile(const CandidateProgram &program, StringRef directory,
                           const Chip &chip) {
  OwningOpRef<ModuleOp> module(
      ModuleOp(program.operation->module.get()).clone());
  (*module)->removeAttr("dsa.target");
  module->walk([&](RowOpInterface op) {
    if (!op->getParentOfType<SelectOp>())
      op->setAttr("schedule", program.schedule);
  });
  std::string reason;
  ScopedDiagnosticHandler handler(
      module->getContext(), [&](Diagnostic &diagnostic) {
        if (reason.empty() &&
            diagnostic.getSeverity() == DiagnosticSeverity::Error)
          reason = diagnostic.str();
        return success();
      });
  FailureOr<DeviceModule> compiled =
      compileToPTX(*module, {chip.name.str(), /*records=*/{}, /*tuned=*/false});
  if (failed(compiled))
    return llvm::createStringError(reason.empty() ? "it does not compile"
                                                  : reason);
  std::string code = compiled->ptx;
  if (hasAssembler()) {
    code.clear();
    llvm::raw_string_ostream os(code);
    if (auto error = assemble(compiled->ptx, chip.name, os))
      return error;
  }
  PlannedProgram files = program.getFiles();
  if (auto error = writeFile(directory, files.kernels, code))
    return error;
  return writeFile(directory, files.launch, compiled->getRecordText());
}

llvm::Error mlir::dsa::compilePrograms(llvm::ArrayRef<CandidateProgram> all,
                                       StringRef directory, const Chip &chip,
                                       unsigned jobs, Journal &journal,
                                       Findings &findings) {
  std::vector<const CandidateProgram *> left;
  for (const CandidateProgram &program : all) {
    if (!findings.findCompiled(program.name))
      left.push_back(&program);
    SmallString<128> path(directory);
    llvm::sys::path::append(path, llvm::sys::path::parent_path(program.name));
    if (auto code = llvm::sys::fs::create_directories(path))
      return llvm::createStringError(code, "cannot create '%s': %s",
                                     path.c_str(), code.message().c_str());
  }
  ProgressBar bar("compiling", all.size(), all.size() - left.size());
  llvm::Error failed = llvm::Error::success();
  auto done = [&](size_t number, const Outcome &outcome) {
    const std::string &name = left[number]->name;
    llvm::json::Object line = makeCompiledLine(name, outcome.failure);
    findings.add(line);
    if (auto error = journal.append(std::move(line)))
      failed = llvm::joinErrors(std::move(failed), std::move(error));
    if (!outcome.failure.empty())
      bar.say(name + " does not compile: " + outcome.failure);
    bar.advance(name);
  };
  constexpr unsigned kSeconds = 300;
  auto work = [&](size_t number) -> Outcome {
    return {llvm::toString(compile(*left[number], directory, chip)), false, {}};
  };
  auto error = runInWorkers(left.size(), jobs, kSeconds, work, done);
  return llvm::joinErrors(std::move(error), std::move(failed));
}
