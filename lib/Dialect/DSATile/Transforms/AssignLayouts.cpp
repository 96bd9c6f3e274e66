//===- AssignLayouts.cpp - Which thread holds what ------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_ASSIGNLAYOUTSPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Whether products read a tile where it lies in shared memory.
static bool isInSharedMemory(Value tile) {
  if (auto part = tile.getDefiningOp<ExtractOp>())
    return isInSharedMemory(part.getSource());
  if (auto load = tile.getDefiningOp<LoadOp>())
    return load.getSlots() != 0;
  return isa_and_present<GatherOp, StageOp>(tile.getDefiningOp());
}

/// Numbers that every thread can make for itself.
static bool isRematerializable(Operation *op) {
  return isa_and_present<arith::ConstantOp, SplatOp, IotaOp, LoadOp>(op);
}

static bool isTile(Value value) {
  return isa<RankedTensorType>(value.getType());
}

namespace {
/// Spreads layouts from the products of one kernel to all of its tiles.
class Assigner {
public:
  explicit Assigner(scf::ForallOp kernel)
      : kernel(kernel),
        attribute(kernel->getAttrOfType<KernelAttr>(kKernelAttrName)) {}

  LogicalResult run();

private:
  LogicalResult seed(MmaOp op);
  LogicalResult seed(GatherOp op);
  /// Where all warps run one program, there is nothing to agree about.
  void stripe();
  LogicalResult spread(Value value);
  LogicalResult spreadToUsers(Value value);
  LogicalResult spreadToUser(OpOperand &use, Attribute layout);
  LogicalResult spreadToDefinition(Value value, Attribute layout);
  /// Says that `use` is of a tile with this layout.
  LogicalResult setUse(OpOperand &use, Attribute layout);
  LogicalResult set(Value value, Attribute layout);
  LogicalResult setAll(ValueRange values, Attribute layout);
  LogicalResult setOperands(Operation *op, Attribute layout);
  LogicalResult apply();

  scf::ForallOp kernel;
  KernelAttr attribute;
  DenseMap<Value, Attribute> layouts;
  /// `deferred` are those whose layout says nothing about other users: each can
  /// have a copy of its own.
  SmallVector<Value> worklist, deferred;
};
} // namespace

LogicalResult Assigner::set(Value value, Attribute layout) {
  if (!isTile(value))
    return success();
  auto [found, isNew] = layouts.try_emplace(value, layout);
  if (isNew) {
    worklist.push_back(value);
    return success();
  }
  if (found->second == layout)
    return success();
  return emitError(value.getLoc(), "tile needs two layouts: ")
         << found->second << " and " << layout;
}

LogicalResult Assigner::setAll(ValueRange values, Attribute layout) {
  for (Value value : values)
    if (failed(set(value, layout)))
      return failure();
  return success();
}

LogicalResult Assigner::setUse(OpOperand &use, Attribute layout) {
  Value value = use.get();
  if (!isTile(value))
    return success();
  Attribute known = layouts.lookup(value);
  if (known && known != layout && isRematerializable(value.getDefiningOp())) {
    OpBuilder builder(value.getDefiningOp());
    Operation *copy = builder.clone(*value.getDefiningOp());
    use.set(copy->getResult(0));
    return set(copy->getResult(0), layout);
  }
  return set(value, layout);
}

LogicalResult Assigner::setOperands(Operation *op, Attribute layout) {
  for (OpOperand &operand : op->getOpOperands())
    if (failed(setUse(operand, layout)))
      return failure();
  return success();
}

LogicalResult Assigner::seed(MmaOp op) {
  MLIRContext *context = op.getContext();
  auto divided = AccumulatorAttr::get(context, attribute.getRowGroups(),
                                      attribute.getColumnGroups());
  auto whole = AccumulatorAttr::get(context, attribute.getRowGroups(), 1);
  AccumulatorAttr accumulator = op.getReplicated() ? whole : divided;
  // Several b lie in one piece for each warpgroup: its rows of each.
  int64_t pitch = 0;
  for (Value b : op.getBs())
    pitch += cast<RankedTensorType>(b.getType()).getDimSize(0) /
             attribute.getColumnGroups();
  SmallVector<OpOperand *> operands = {&op.getAMutable()};
  for (OpOperand &b : op.getBsMutable())
    operands.push_back(&b);
  for (OpOperand *operand : operands) {
    bool fromMemory = isInSharedMemory(operand->get());
    if (!fromMemory && operand != operands.front())
      return op.emitOpError("expected b to be loaded from memory");
    Attribute layout =
        fromMemory ? Attribute(getWidestSharedLayout(
                         cast<RankedTensorType>(operand->get().getType())))
                   : whole;
    if (operand != operands.front() && op.getBs().size() > 1 &&
        !op.getBRows()) {
      auto type = cast<RankedTensorType>(operand->get().getType());
      layout = SharedAttr::get(context, cast<SharedAttr>(layout).getSwizzle(),
                               type.getDimSize(0) / attribute.getColumnGroups(),
                               pitch);
    }
    if (failed(setUse(*operand, layout)))
      return failure();
  }
  for (OpOperand &acc : op.getAccsMutable())
    if (failed(setUse(acc, accumulator)))
      return failure();
  return setAll(op.getResults(), accumulator);
}

/// Numbers lie with the threads that copy their rows, a piece each.
LogicalResult Assigner::seed(GatherOp op) {
  constexpr int64_t kPieceBytes = 16;
  auto tile = cast<RankedTensorType>(op.getResult().getType());
  int64_t pieces = getWidestSharedLayout(tile).getSwizzle() / kPieceBytes;
  return setUse(op.getNumbersMutable(), RowsAttr::get(op.getContext(), pieces));
}

LogicalResult Assigner::spreadToUser(OpOperand &use, Attribute layout) {
  Operation *op = use.getOwner();
  if (isa<MmaOp>(op) || isa<SharedAttr>(layout))
    return success();
  if (auto reduce = dyn_cast<ReduceOp>(op)) {
    Attribute result;
    if (reduce.getGroup()) {
      auto parent = dyn_cast<AccumulatorAttr>(layout);
      if (!parent)
        return op->emitOpError("expected an accumulator to sum groups of");
      result = ScatterAttr::get(op->getContext(), parent);
    } else {
      result = getSliceLayout(reduce.getDim(), layout);
    }
    return set(reduce.getResult(), result);
  }
  if (isa<ExpandOp, GatherOp, StageOp>(op))
    return success();
  if (auto mask = dyn_cast<MaskColumnsOp>(op))
    return &use == &mask.getTileMutable() ? set(mask.getResult(), layout)
                                          : success();
  if (auto scale = dyn_cast<ScaleRowsOp>(op))
    return &use == &scale.getTileMutable() ? set(scale.getResult(), layout)
                                           : success();
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    if (BlockArgument argument = loop.getTiedLoopRegionIterArg(&use))
      return setAll({argument, loop.getTiedLoopResult(argument)}, layout);
    return success();
  }
  if (auto yield = dyn_cast<scf::YieldOp>(op)) {
    unsigned number = use.getOperandNumber();
    Operation *parent = op->getParentOp();
    if (failed(set(parent->getResult(number), layout)))
      return failure();
    if (auto loop = dyn_cast<scf::ForOp>(parent))
      return setAll({loop.getRegionIterArg(number)}, layout);
    return success();
  }
  if (isa<StoreOp, ShortlistFullOp, ShortlistEndOp>(op))
    return setOperands(op, layout);
  if (isa<ShortlistAddOp, ShortlistShortenOp>(op))
    return failed(setOperands(op, layout)) ? failure()
                                           : setAll(op->getResults(), layout);
  if (OpTrait::hasElementwiseMappableTraits(op))
    return failed(setOperands(op, layout)) ? failure()
                                           : setAll(op->getResults(), layout);
  return op->emitOpError("cannot work on tiles");
}

/// Warps read what says which columns count, an element to a lane, where each
/// thread would read all that it needs.
static Attribute getMaskLayout(MaskColumnsOp op, Attribute layout) {
  auto accumulator = dyn_cast<AccumulatorAttr>(layout);
  auto lanes = LanesAttr::get(op.getContext());
  int64_t columns = cast<ShapedType>(op.getThere().getType()).getDimSize(0);
  bool fits = accumulator && accumulator.getColumnGroups() == 1 &&
              columns % lanes.getLeastExtent(0) == 0;
  return fits ? Attribute(lanes) : getSliceLayout(0, layout);
}

LogicalResult Assigner::spreadToDefinition(Value value, Attribute layout) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
    if (!loop)
      return success();
    if (failed(setUse(*loop.getTiedLoopInit(argument), layout)))
      return failure();
    return setUse(*loop.getTiedLoopYieldedValue(argument), layout);
  }
  Operation *op = value.getDefiningOp();
  // What a thread keeps in scratch memory it reads as it has written it.
  if (auto load = dyn_cast<LoadOp>(op))
    if (auto scratch = load.getSource().getDefiningOp<ScratchOp>())
      for (Operation *user : scratch->getUsers())
        if (auto store = dyn_cast<StoreOp>(user))
          if (failed(setUse(store.getTileMutable(), layout)))
            return failure();
  if (isRematerializable(op) || isa<MmaOp, ReduceOp, GatherOp, StageOp>(op))
    return success();
  if (auto part = dyn_cast<ExtractOp>(op))
    return setUse(part.getSourceMutable(), layout);
  if (auto expand = dyn_cast<ExpandOp>(op)) {
    return setUse(expand.getSourceMutable(),
                  getSliceLayout(expand.getDim(), layout));
  }
  if (auto mask = dyn_cast<MaskColumnsOp>(op)) {
    if (failed(setUse(mask.getTileMutable(), layout)))
      return failure();
    return setUse(mask.getThereMutable(), getMaskLayout(mask, layout));
  }
  if (auto scale = dyn_cast<ScaleRowsOp>(op)) {
    if (failed(setUse(scale.getTileMutable(), layout)))
      return failure();
    return setUse(scale.getFactorsMutable(), getSliceLayout(1, layout));
  }
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return set(loop.getRegionIterArg(cast<OpResult>(value).getResultNumber()),
               layout);
  if (auto branch = dyn_cast<scf::IfOp>(op)) {
    unsigned number = cast<OpResult>(value).getResultNumber();
    for (Region &region : branch->getRegions())
      if (failed(setUse(region.front().getTerminator()->getOpOperand(number),
                        layout)))
        return failure();
    return success();
  }
  if (OpTrait::hasElementwiseMappableTraits(op) ||
      isa<ShortlistAddOp, ShortlistShortenOp>(op))
    return setOperands(op, layout);
  return op->emitOpError("cannot make a tile with a layout");
}

LogicalResult Assigner::spread(Value value) {
  Attribute layout = layouts.lookup(value);
  if (failed(spreadToDefinition(value, layout)))
    return failure();
  if (isRematerializable(value.getDefiningOp())) {
    deferred.push_back(value);
    return success();
  }
  return spreadToUsers(value);
}

LogicalResult Assigner::spreadToUsers(Value value) {
  Attribute layout = layouts.lookup(value);
  for (OpOperand &use : llvm::make_early_inc_range(value.getUses()))
    if (failed(spreadToUser(use, layout)))
      return failure();
  return success();
}

/// Changes the type of every tile; values that no product leads to are left.
LogicalResult Assigner::apply() {
  for (auto [value, layout] : layouts) {
    auto type = cast<RankedTensorType>(value.getType());
    auto emit = [&] { return emitError(value.getLoc()); };
    auto encoding = cast<VerifiableTensorEncoding>(layout);
    if (failed(encoding.verifyEncoding(type.getShape(), type.getElementType(),
                                       emit)))
      return failure();
    RankedTensorType laidOut = withLayout(type, layout);
    value.setType(laidOut);
    if (auto constant = value.getDefiningOp<arith::ConstantOp>()) {
      auto elements = dyn_cast<SplatElementsAttr>(constant.getValue());
      if (!elements)
        return constant.emitOpError("expected all elements to be equal");
      constant.setValueAttr(
          DenseElementsAttr::get(laidOut, elements.getSplatValue<Attribute>()));
    }
  }
  return success();
}

void Assigner::stripe() {
  constexpr int64_t kGroupWarps = 4;
  auto layout = StripedAttr::get(kernel.getContext(),
                                 kGroupWarps * attribute.getGroups());
  auto give = [&](ValueRange values) {
    for (Value value : values)
      if (isTile(value))
        layouts.try_emplace(value, layout);
  };
  kernel.walk([&](Operation *op) {
    give(op->getResults());
    for (Region &region : op->getRegions())
      for (Block &block : region)
        give(block.getArguments());
  });
}

LogicalResult Assigner::run() {
  if (attribute.getLoadWarps() == 0) {
    stripe();
    return apply();
  }
  WalkResult seeded = kernel.walk([&](MmaOp op) {
    return failed(seed(op)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (seeded.wasInterrupted())
    return failure();
  seeded = kernel.walk([&](GatherOp op) {
    return failed(seed(op)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (seeded.wasInterrupted())
    return failure();
  while (!worklist.empty() || !deferred.empty())
    if (failed(worklist.empty() ? spreadToUsers(deferred.pop_back_val())
                                : spread(worklist.pop_back_val())))
      return failure();
  return apply();
}

namespace {
struct AssignLayoutsPass
    : public dsa_tile::impl::AssignLayoutsPassBase<AssignLayoutsPass> {
  void runOnOperation() override {
    WalkResult result = getOperation()->walk([&](scf::ForallOp op) {
      if (!op->hasAttr(kKernelAttrName))
        return WalkResult::advance();
      return failed(Assigner(op).run()) ? WalkResult::interrupt()
                                        : WalkResult::skip();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
