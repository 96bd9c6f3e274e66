//===- SplitDepth.cpp - Begin products with a part of an operand ----------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/Transforms/Passes.h"
#include "mlir/IR/IRMapping.h"

namespace mlir::dsa_tile {
#define GEN_PASS_DEF_SPLITDEPTHPASS
#include "dsa/Dialect/DSATile/Transforms/Passes.h.inc"
} // namespace mlir::dsa_tile

using namespace mlir;
using namespace mlir::dsa_tile;

/// Columns of `a` that one instruction multiplies.
static constexpr int64_t kDepth = 16;

/// Whether each element of the result depends on those in its place alone.
static bool isElementwise(Operation *op) {
  return op && OpTrait::hasElementwiseMappableTraits(op) &&
         isMemoryEffectFree(op);
}

static RankedTensorType getPartType(Value tile) {
  auto type = cast<RankedTensorType>(tile.getType());
  return RankedTensorType::get({type.getDimSize(0), kDepth},
                               type.getElementType(), type.getEncoding());
}

namespace {
/// A product and what computes its operand in registers, element by element.
class Splitter {
public:
  explicit Splitter(MmaOp product) : product(product) {}

  /// Whether that is worth while.
  bool find();
  void split();

private:
  Value getPart(ImplicitLocOpBuilder &b, Value tile, int64_t offset,
                IRMapping &mapping);

  MmaOp product;
  /// What computes the operand, in order.
  SmallVector<Operation *> chain;
  /// What else is computed of that before the product.
  SmallVector<Operation *> beside;
};
} // namespace

bool Splitter::find() {
  auto a = cast<RankedTensorType>(product.getA().getType());
  auto layout = dyn_cast_if_present<AccumulatorAttr>(a.getEncoding());
  if (!layout || layout.getRowGroups() != 1 || layout.getColumnGroups() != 1 ||
      a.getDimSize(1) % kDepth != 0 || a.getDimSize(1) == kDepth ||
      !product.getBRows() || product.getBs().size() != 1)
    return false;
  SharedAttr b = getSharedLayout(product.getBs()[0].getType());
  if (!b || b.getRows())
    return false;
  Block *block = product->getBlock();
  DenseSet<Operation *> slice, elementwise;
  SmallVector<Value> worklist(product->getOperands());
  while (!worklist.empty())
    if (Operation *op = worklist.pop_back_val().getDefiningOp();
        op && op->getBlock() == block && slice.insert(op).second)
      llvm::append_range(worklist, op->getOperands());
  worklist.push_back(product.getA());
  while (!worklist.empty())
    if (Operation *op = worklist.pop_back_val().getDefiningOp();
        isElementwise(op) && !op->hasTrait<OpTrait::ConstantLike>() &&
        op->getBlock() == block && elementwise.insert(op).second)
      llvm::append_range(worklist, op->getOperands());
  // What leads to the product in another way too must be whole before.
  DenseSet<Operation *> inChain;
  for (Operation *op = product->getPrevNode(); op; op = op->getPrevNode()) {
    bool isWhole = llvm::any_of(op->getUsers(), [&](Operation *user) {
      return slice.contains(user) && !inChain.contains(user);
    });
    if (elementwise.contains(op) && !isWhole) {
      inChain.insert(op);
      chain.insert(chain.begin(), op);
    }
  }
  auto isParted = [](Value operand) {
    auto constant = operand.getDefiningOp<arith::ConstantOp>();
    return !constant || !isa<RankedTensorType>(operand.getType()) ||
           isa<SplatElementsAttr>(constant.getValue());
  };
  if (chain.empty() || !llvm::all_of(chain, [&](Operation *op) {
        return llvm::all_of(op->getOperands(), isParted);
      }))
    return false;
  DenseSet<Operation *> dependent(chain.begin(), chain.end());
  for (Operation *op = chain.front(); op != product; op = op->getNextNode()) {
    if (inChain.contains(op) ||
        llvm::none_of(op->getOperands(), [&](Value value) {
          return dependent.contains(value.getDefiningOp());
        }))
      continue;
    if (!isMemoryEffectFree(op) || op->getNumRegions() != 0)
      return false;
    dependent.insert(op);
    beside.push_back(op);
  }
  return true;
}

Value Splitter::getPart(ImplicitLocOpBuilder &b, Value tile, int64_t offset,
                        IRMapping &mapping) {
  if (!isa<RankedTensorType>(tile.getType()))
    return tile;
  if (Value part = mapping.lookupOrNull(tile))
    return part;
  RankedTensorType type = getPartType(tile);
  Value part;
  if (auto expand = tile.getDefiningOp<ExpandOp>();
      expand && expand.getDim() == 1)
    part = ExpandOp::create(b, type, expand.getSource(), 1);
  else if (auto constant = tile.getDefiningOp<arith::ConstantOp>())
    part = arith::ConstantOp::create(
        b, cast<SplatElementsAttr>(constant.getValue()).resizeSplat(type));
  else
    part = ExtractOp::create(b, type, tile, 1, offset);
  mapping.map(tile, part);
  return part;
}

void Splitter::split() {
  ImplicitLocOpBuilder b(product.getLoc(), product);
  Value whole = product.getBs()[0];
  auto values = cast<RankedTensorType>(whole.getType());
  auto layout =
      SharedAttr::get(b.getContext(), getSharedLayout(values).getSwizzle(),
                      kDepth, values.getDimSize(0));
  auto rows = RankedTensorType::get({kDepth, values.getDimSize(1)},
                                    values.getElementType(), layout);
  SmallVector<SmallVector<Value>> parts(chain.size());
  SmallVector<Value> accs(product.getAccs());
  for (int64_t offset = 0; offset < values.getDimSize(0); offset += kDepth) {
    IRMapping mapping;
    for (auto [op, ofOp] : llvm::zip(chain, parts)) {
      for (Value operand : op->getOperands())
        getPart(b, operand, offset, mapping);
      Operation *part = b.clone(*op, mapping);
      for (auto [from, to] : llvm::zip(op->getResults(), part->getResults())) {
        to.setType(getPartType(from));
        mapping.map(from, to);
        ofOp.push_back(to);
      }
    }
    Value some = ExtractOp::create(b, rows, whole, 0, offset);
    auto next = MmaOp::create(
        b, product.getResultTypes(), mapping.lookup(product.getA()), some, accs,
        product.getBRowsAttr(), product.getReplicatedAttr(),
        product.getOwnColumnsAttr(), product.getARowsAttr());
    accs.assign(next.result_begin(), next.result_end());
  }
  // Behind the parts.
  for (Operation *op : beside)
    op->moveBefore(product);
  b.setInsertionPoint(beside.empty() ? product->getNextNode() : beside.front());
  product.replaceAllUsesWith(accs);
  product.erase();
  // From the last one on, so that those that are needed no more are gone.
  for (auto [op, ofOp] : llvm::reverse(llvm::zip(chain, parts))) {
    if (!op->use_empty()) {
      Value all = ConcatOp::create(b, op->getResultTypes(), ofOp).getResult();
      op->getResult(0).replaceAllUsesWith(all);
    }
    op->erase();
  }
}

namespace {
struct SplitDepthPass
    : public dsa_tile::impl::SplitDepthPassBase<SplitDepthPass> {
  void runOnOperation() override {
    SmallVector<MmaOp> products;
    getOperation()->walk([&](WarpSpecializeOp roles) {
      roles.walk([&](MmaOp op) { products.push_back(op); });
    });
    for (MmaOp product : products)
      if (Splitter splitter(product); splitter.find())
        splitter.split();
  }
};
} // namespace
