//===- PlanRead.cpp - What a search measures, from JSON -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/JSONReader.h"
#include "dsa/Runtime/Measure/Plan.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace mlir::dsa;
using llvm::StringRef;
using mlir::dsa::cuda::JSONCursor;

static InputRecipe readRecipe(const JSONCursor &at) {
  InputRecipe recipe;
  auto kind = findRecipeKind(at["kind"].string());
  if (!kind) {
    at["kind"].fail(R"("normal", "constant", "ramp", "cycle" or "lists")");
    return recipe;
  }
  recipe.kind = *kind;
  using Kind = InputRecipe::Kind;
  if (recipe.kind == Kind::Normal || recipe.kind == Kind::Lists) {
    recipe.seed = at["seed"].integer();
    recipe.stream = at["stream"].integer();
  }
  if (recipe.kind != Kind::Normal)
    recipe.a = at["a"].integer(recipe.kind == Kind::Cycle   ? 1
                               : recipe.kind == Kind::Lists ? 0
                                                            : INT32_MIN,
                               INT32_MAX);
  if (recipe.kind == Kind::Ramp)
    recipe.b = at["b"].integer(INT32_MIN, INT32_MAX);
  return recipe;
}

static std::vector<PlannedArgument> readArguments(const JSONCursor &at) {
  std::vector<PlannedArgument> arguments;
  for (const JSONCursor &element : at.elements()) {
    PlannedArgument &argument = arguments.emplace_back();
    argument.name = element["name"].string();
    for (const JSONCursor &size : element["shape"].elements())
      argument.shape.push_back(size.integer(0, INT32_MAX));
    argument.recipe = readRecipe(element["values"]);
  }
  return arguments;
}

static PlannedProgram readProgram(const JSONCursor &at) {
  return {at["kernels"].string(), at["launch"].string()};
}

static PlannedCheck readCheck(const JSONCursor &at) {
  PlannedCheck check;
  check.arguments = readArguments(at["arguments"]);
  for (const JSONCursor &element : at["results"].elements()) {
    PlannedCheck::Result &result = check.results.emplace_back();
    result.name = element["name"].string();
    result.tolerance = element["tolerance"].number();
    result.expected = element["expected"].string();
    if (element.has("slack"))
      result.slack = element["slack"].string();
  }
  return check;
}

static PlannedCandidate readCandidate(const JSONCursor &at) {
  PlannedCandidate candidate;
  candidate.number = at["number"].integer(0, INT32_MAX);
  candidate.schedule = at["schedule"].string();
  candidate.program = readProgram(at);
  candidate.isDefault = at["default"].boolean();
  if (at.has("predicted"))
    candidate.predicted = at["predicted"].number();
  return candidate;
}

static PlannedCase readCase(const JSONCursor &at) {
  PlannedCase planned;
  planned.name = at["name"].string();
  planned.rows = at["rows"].integer(0);
  planned.keys = at["keys"].integer(0);
  planned.record = at["record"].string();
  planned.arguments = readArguments(at["arguments"]);
  planned.reference = readProgram(at["reference"]);
  for (const JSONCursor &element : at["results"].elements())
    planned.results.push_back(
        {element["name"].string(), element["tolerance"].number()});
  if (at.has("check"))
    planned.check = readCheck(at["check"]);
  for (const JSONCursor &element : at["candidates"].elements())
    planned.candidates.push_back(readCandidate(element));
  return planned;
}

llvm::Expected<MeasurePlan> mlir::dsa::readPlan(StringRef directory) {
  llvm::SmallString<128> path(directory);
  llvm::sys::path::append(path, MeasurePlan::kFileName);
  auto text = cuda::readText(path);
  if (!text)
    return text.takeError();
  std::string mistake;
  MeasurePlan plan;
  auto document = cuda::parseJSON((*text)->getBuffer());
  if (document) {
    JSONCursor root(*document, mistake);
    if (root["version"].integer() != MeasurePlan::kVersion)
      root["version"].fail("1");
    plan.key = root["key"].string();
    plan.compiler = root["compiler"].string();
    plan.chip = root["chip"].string();
    JSONCursor timing = root["timing"];
    plan.runs = timing["runs"].integer(1, 1 << 20);
    plan.idleMilliseconds = timing["idle_ms"].number();
    plan.rounds = timing["rounds"].integer(1, 1 << 10);
    for (const JSONCursor &element : root["cases"].elements())
      plan.cases.push_back(readCase(element));
  } else {
    mistake = llvm::toString(document.takeError());
  }
  if (!mistake.empty())
    return llvm::createStringError("'%s': %s", path.c_str(), mistake.c_str());
  return plan;
}
