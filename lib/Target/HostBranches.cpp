//===- HostBranches.cpp - Branches of host code as data -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostBranches.h"
#include "SizeExpression.h"
#include "dsa/Dialect/DSATile/IR/ConcurrentLoops.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using llvm::json::Array;
using llvm::json::Object;
using Expression = llvm::json::Value;

FailureOr<Expression> dsa::getRunCondition(Operation *op) {
  Expression all = 1;
  for (auto branch = op->getParentOfType<scf::IfOp>(); branch;
       branch = branch->getParentOfType<scf::IfOp>()) {
    FailureOr<Expression> condition = getExpression(branch.getCondition());
    if (failed(condition))
      return failure();
    if (branch.getElseRegion().isAncestor(op->getParentRegion()))
      condition = Expression(Array{"eq", std::move(*condition), 0});
    all = all == Expression(1)
              ? std::move(*condition)
              : Expression(Array{"and", std::move(*condition), std::move(all)});
  }
  return all;
}

namespace {
/// A way through the branches: what was decided, and the launches so far.
struct Way {
  SmallVector<std::pair<Expression, bool>> decisions;
  Array launches;

  std::optional<bool> find(const Expression &condition) const {
    for (const auto &[known, holds] : decisions)
      if (known == condition)
        return holds;
    return std::nullopt;
  }
  /// Variants are looked at in order, and branches that hold come first: what
  /// does not hold need not be said.
  Expression getWhen() const {
    std::optional<Expression> all;
    for (const auto &[condition, holds] : decisions)
      if (holds)
        all = all ? Expression(Array{"and", *all, condition}) : condition;
    return all.value_or(1);
  }
};

/// Follows all ways through a function.
class Walker {
public:
  explicit Walker(function_ref<FailureOr<Object>(gpu::LaunchFuncOp)> getLaunch)
      : getLaunch(getLaunch) {}

  LogicalResult walk(Block &block, std::vector<Way> &ways);

private:
  LogicalResult walkBranch(scf::IfOp op, std::vector<Way> &ways);
  LogicalResult walkLoop(scf::ForOp op, Way &way);

  function_ref<FailureOr<Object>(gpu::LaunchFuncOp)> getLaunch;
};
} // namespace

LogicalResult Walker::walk(Block &block, std::vector<Way> &ways) {
  for (Operation &op : block) {
    if (auto branch = dyn_cast<scf::IfOp>(op)) {
      if (failed(walkBranch(branch, ways)))
        return failure();
      continue;
    }
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      for (Way &way : ways)
        if (failed(walkLoop(loop, way)))
          return failure();
      continue;
    }
    auto launch = dyn_cast<gpu::LaunchFuncOp>(op);
    if (!launch)
      continue;
    FailureOr<Object> object = getLaunch(launch);
    if (failed(object))
      return failure();
    for (Way &way : ways)
      way.launches.push_back(Object(*object));
  }
  return success();
}

LogicalResult Walker::walkBranch(scf::IfOp op, std::vector<Way> &ways) {
  constexpr size_t kMostVariants = 64;
  FailureOr<Expression> condition = getExpression(op.getCondition());
  if (failed(condition))
    return failure();
  std::vector<Way> all;
  for (const Way &way : ways) {
    std::optional<bool> known = way.find(*condition);
    for (bool holds : {true, false}) {
      if (known && *known != holds)
        continue;
      std::vector<Way> inner = {way};
      if (!known)
        inner.front().decisions.emplace_back(*condition, holds);
      Region &region = holds ? op.getThenRegion() : op.getElseRegion();
      if (!region.empty() && failed(walk(region.front(), inner)))
        return failure();
      std::move(inner.begin(), inner.end(), std::back_inserter(all));
    }
  }
  if (all.size() > kMostVariants)
    return op.emitOpError("cannot be expressed in a launch record: expected "
                          "branches that make at most ")
           << kMostVariants << " variants, but found " << all.size();
  ways = std::move(all);
  return success();
}

/// How often a loop runs.
static FailureOr<Expression> getTripCount(scf::ForOp op) {
  FailureOr<Expression> begin = getExpression(op.getLowerBound());
  FailureOr<Expression> end = getExpression(op.getUpperBound());
  FailureOr<Expression> step = getExpression(op.getStep());
  if (failed(begin) || failed(end) || failed(step))
    return failure();
  Expression count = std::move(*end);
  if (*begin != Expression(0))
    count = Array{"max", 0, Array{"sub", std::move(count), std::move(*begin)}};
  if (*step != Expression(1))
    count = Array{"ceildiv", std::move(count), std::move(*step)};
  return count;
}

/// Loops repeat launches, the same ones in each iteration.
LogicalResult Walker::walkLoop(scf::ForOp op, Way &way) {
  FailureOr<Expression> count = getTripCount(op);
  std::vector<Way> inner(1);
  inner.front().decisions = way.decisions;
  if (failed(count) || failed(walk(*op.getBody(), inner)))
    return failure();
  if (inner.size() != 1 ||
      inner.front().decisions.size() != way.decisions.size())
    return op.emitOpError("cannot be expressed in a launch record: expected "
                          "the same launches in each iteration, but it "
                          "branches");
  if (inner.front().launches.empty())
    return success();
  Object loop{{"repeat", std::move(*count)},
              {"launches", std::move(inner.front().launches)}};
  if (int64_t concurrent = dsa_tile::getConcurrency(op); concurrent > 1) {
    if (scf::ForOp outer = dsa_tile::findConcurrentLoop(op)) {
      InFlightDiagnostic diagnostic =
          op.emitOpError("cannot be expressed in a launch record: concurrent "
                         "iterations within others");
      diagnostic.attachNote(outer.getLoc()) << "which are those of this loop";
      return diagnostic;
    }
    loop["concurrent"] = concurrent;
  }
  way.launches.push_back(std::move(loop));
  return success();
}

FailureOr<Array>
dsa::getVariants(func::FuncOp function,
                 function_ref<FailureOr<Object>(gpu::LaunchFuncOp)> getLaunch) {
  std::vector<Way> ways(1);
  if (failed(Walker(getLaunch).walk(function.getBody().front(), ways)))
    return failure();
  Array variants;
  for (Way &way : ways)
    variants.push_back(
        Object{{"when", way.getWhen()}, {"launches", std::move(way.launches)}});
  return variants;
}
