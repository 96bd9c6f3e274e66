//===- ExpandVariants.cpp - Branches where schedules depend on sizes ------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSA/IR/NamedOperands.h"
#include "dsa/Dialect/DSA/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_EXPANDVARIANTSPASS
#include "dsa/Dialect/DSA/Transforms/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;

static constexpr StringLiteral kSchedule = "schedule";

/// An operand that exists before `outermost`, and the dimension of it that
/// `symbol` is the size of.
static std::optional<std::pair<Value, int64_t>>
findSize(Operation *op, StringRef symbol, Operation *outermost) {
  for (NamedOperand operand : getNamedOperands(op))
    if (isa<MemRefType>(operand.value.getType()) &&
        !outermost->isAncestor(operand.value.getParentBlock()->getParentOp()))
      for (auto [dim, name] : llvm::enumerate(operand.dims))
        if (name == symbol)
          return std::pair(operand.value, static_cast<int64_t>(dim));
  return std::nullopt;
}

/// A selection's keys are those of what it scores.
static std::optional<std::pair<Value, int64_t>> findSize(Operation *op,
                                                         StringRef symbol) {
  std::optional<std::pair<Value, int64_t>> found;
  op->walk<WalkOrder::PreOrder>([&](RowOpInterface inner) {
    found = findSize(inner, symbol, op);
    return found ? WalkResult::interrupt() : WalkResult::advance();
  });
  return found;
}

namespace {
/// A condition on sizes: known before the code runs, or a value.
struct Condition {
  bool holds = true;
  Value value;
};

/// Expands one operation.
class Expander {
public:
  Expander(Operation *op, VariantsAttr variants)
      : b(op->getLoc(), op), op(op), variants(variants) {}

  LogicalResult expand();

private:
  LogicalResult addRange(StringRef symbol, StringRef what, int64_t least,
                         int64_t most, Condition &condition);
  void addBound(arith::CmpIPredicate predicate, Value size, int64_t bound,
                Condition &condition);
  FailureOr<Condition> getCondition(SizesAttr sizes);
  void cloneWith(ScheduleAttrInterface schedule) {
    b.clone(*op)->setAttr(kSchedule, schedule);
  }

  ImplicitLocOpBuilder b;
  Operation *op;
  VariantsAttr variants;
};
} // namespace

void Expander::addBound(arith::CmpIPredicate predicate, Value size,
                        int64_t bound, Condition &condition) {
  Value holds = arith::CmpIOp::create(b, predicate, size,
                                      arith::ConstantIndexOp::create(b, bound));
  condition.value = condition.value
                        ? arith::AndIOp::create(b, condition.value, holds)
                        : holds;
}

LogicalResult Expander::addRange(StringRef symbol, StringRef what,
                                 int64_t least, int64_t most,
                                 Condition &condition) {
  auto found = findSize(op, symbol);
  if (!found)
    return op->emitOpError()
           << "cannot choose a schedule by its " << what
           << ": expected an operand with them outside of its region";
  auto [memref, dim] = *found;
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim)) {
    int64_t size = type.getDimSize(dim);
    condition.holds &= least <= size && size <= most;
    return success();
  }
  Value size = memref::DimOp::create(b, memref, dim);
  if (least > 0)
    addBound(arith::CmpIPredicate::sge, size, least, condition);
  if (most < INT64_MAX)
    addBound(arith::CmpIPredicate::sle, size, most, condition);
  return success();
}

FailureOr<Condition> Expander::getCondition(SizesAttr sizes) {
  Condition condition;
  if (sizes.dependsOnRows() &&
      failed(addRange("T", "rows", sizes.getLeastRows(), sizes.getMostRows(),
                      condition)))
    return failure();
  if (sizes.dependsOnKeys() &&
      failed(addRange("N", "keys", sizes.getLeastKeys(), sizes.getMostKeys(),
                      condition)))
    return failure();
  return condition;
}

LogicalResult Expander::expand() {
  for (VariantAttr variant : variants.getVariants()) {
    FailureOr<Condition> condition = getCondition(variant.getSizes());
    if (failed(condition))
      return failure();
    if (!condition->holds)
      continue;
    if (!condition->value) {
      cloneWith(variant.getSchedule());
      return success();
    }
    auto branch = scf::IfOp::create(b, condition->value, /*addElseBlock=*/true);
    b.setInsertionPointToStart(branch.thenBlock());
    cloneWith(variant.getSchedule());
    b.setInsertionPointToStart(branch.elseBlock());
  }
  cloneWith(variants.getOtherwise());
  return success();
}

namespace {
struct ExpandVariantsPass
    : public dsa::impl::ExpandVariantsPassBase<ExpandVariantsPass> {
  void runOnOperation() override {
    SmallVector<std::pair<Operation *, VariantsAttr>> work;
    getOperation()->walk([&](RowOpInterface op) {
      auto variants = op->getAttrOfType<VariantsAttr>(kSchedule);
      if (!variants)
        return;
      if (op->getParentOfType<SelectOp>())
        op->setAttr(kSchedule, variants.getOtherwise());
      else
        work.emplace_back(op, variants);
    });
    for (auto [op, variants] : work) {
      if (op->getNumResults() != 0) {
        op->emitOpError("expected memrefs where sizes choose a schedule, but "
                        "found tensors");
        return signalPassFailure();
      }
      if (failed(Expander(op, variants).expand()))
        return signalPassFailure();
      op->erase();
    }
  }
};
} // namespace
