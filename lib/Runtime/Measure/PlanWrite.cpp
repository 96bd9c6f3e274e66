//===- PlanWrite.cpp - What a search measures, as JSON --------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/Plan.h"

using namespace mlir::dsa;
using llvm::json::Array;
using llvm::json::Object;

static Object writeRecipe(const InputRecipe &recipe) {
  Object object{{"kind", getName(recipe.kind)}};
  using Kind = InputRecipe::Kind;
  if (recipe.kind == Kind::Normal || recipe.kind == Kind::Lists) {
    object["seed"] = int64_t(recipe.seed);
    object["stream"] = int64_t(recipe.stream);
  }
  if (recipe.kind != Kind::Normal)
    object["a"] = recipe.a;
  if (recipe.kind == Kind::Ramp)
    object["b"] = recipe.b;
  return object;
}

static Array writeArguments(llvm::ArrayRef<PlannedArgument> arguments) {
  Array array;
  for (const PlannedArgument &argument : arguments)
    array.push_back(Object{{"name", argument.name},
                           {"shape", Array(argument.shape)},
                           {"values", writeRecipe(argument.recipe)}});
  return array;
}

static Object writeProgram(const PlannedProgram &program) {
  return Object{{"kernels", program.kernels}, {"launch", program.launch}};
}

static Object writeCheck(const PlannedCheck &check) {
  Array results;
  for (const PlannedCheck::Result &result : check.results) {
    Object object{{"name", result.name},
                  {"tolerance", result.tolerance},
                  {"expected", result.expected}};
    if (!result.slack.empty())
      object["slack"] = result.slack;
    results.push_back(std::move(object));
  }
  return Object{{"arguments", writeArguments(check.arguments)},
                {"results", std::move(results)}};
}

static Object writeCandidate(const PlannedCandidate &candidate) {
  Object object = writeProgram(candidate.program);
  object["number"] = candidate.number;
  object["schedule"] = candidate.schedule;
  object["default"] = candidate.isDefault;
  if (candidate.predicted)
    object["predicted"] = *candidate.predicted;
  return object;
}

static Object writeCase(const PlannedCase &planned) {
  Array results, candidates;
  for (const ResultTolerance &result : planned.results)
    results.push_back(
        Object{{"name", result.name}, {"tolerance", result.tolerance}});
  for (const PlannedCandidate &candidate : planned.candidates)
    candidates.push_back(writeCandidate(candidate));
  Object object{{"name", planned.name},
                {"rows", planned.rows},
                {"keys", planned.keys},
                {"record", planned.record},
                {"arguments", writeArguments(planned.arguments)},
                {"reference", writeProgram(planned.reference)},
                {"results", std::move(results)},
                {"candidates", std::move(candidates)}};
  if (planned.check)
    object["check"] = writeCheck(*planned.check);
  return object;
}

llvm::json::Value mlir::dsa::toJSON(const MeasurePlan &plan) {
  Array cases;
  for (const PlannedCase &planned : plan.cases)
    cases.push_back(writeCase(planned));
  return Object{{"version", MeasurePlan::kVersion},
                {"key", plan.key},
                {"compiler", plan.compiler},
                {"chip", plan.chip},
                {"timing", Object{{"runs", plan.runs},
                                  {"idle_ms", plan.idleMilliseconds},
                                  {"rounds", plan.rounds}}},
                {"cases", std::move(cases)}};
}
