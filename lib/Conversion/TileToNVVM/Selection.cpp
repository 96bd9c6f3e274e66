//===- Selection.cpp - Counting and compacting by the threads of a block --===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;
using arith::CmpIPredicate;

static constexpr int64_t kWarp = 32;

static Value add(ImplicitLocOpBuilder &b, Value left, Value right) {
  return arith::AddIOp::create(b, left, right);
}

static Value toI32(ImplicitLocOpBuilder &b, Value i1) {
  return arith::ExtUIOp::create(b, b.getI32Type(), i1);
}

static Value compare(ImplicitLocOpBuilder &b, CmpIPredicate predicate,
                     Value left, Value right) {
  return arith::CmpIOp::create(b, predicate, left, right);
}

static Value getLane(ImplicitLocOpBuilder &b) {
  return arith::RemUIOp::create(b, getThread(b), createI32(b, kWarp));
}

/// The sum of the lanes' values up to and with each lane's own.
static Value sumOfLanes(ImplicitLocOpBuilder &b, Value value) {
  auto type = LLVM::LLVMStructType::getLiteral(b.getContext(),
                                               {b.getI32Type(), b.getI1Type()});
  Value none = createI32(b, 0);
  for (int64_t distance = 1; distance < kWarp; distance *= 2) {
    Value shuffled = NVVM::ShflOp::create(b, type, createI32(b, -1), value,
                                          createI32(b, distance), none,
                                          NVVM::ShflKind::up, b.getUnitAttr());
    Value received = LLVM::ExtractValueOp::create(b, shuffled, 0);
    Value exists = LLVM::ExtractValueOp::create(b, shuffled, 1);
    value = add(b, value, arith::SelectOp::create(b, exists, received, none));
  }
  return value;
}

static Value fromLane(ImplicitLocOpBuilder &b, Value value, int64_t lane) {
  return NVVM::ShflOp::create(b, value.getType(), createI32(b, -1), value,
                              createI32(b, lane), createI32(b, kWarp - 1),
                              NVVM::ShflKind::idx, UnitAttr());
}

/// The sum over those lanes for which `condition` holds.
static Value sumIf(ImplicitLocOpBuilder &b, Value condition, Value value) {
  Value own = arith::SelectOp::create(b, condition, value, createI32(b, 0));
  return NVVM::ReduxOp::create(b, b.getI32Type(), own, NVVM::ReduxKind::ADD,
                               createI32(b, -1));
}

namespace {
/// Where warps exchange sums.
class Exchange {
public:
  Exchange(ImplicitLocOpBuilder &b, int64_t offset, int64_t threads)
      : b(b), offset(offset), warps(threads / kWarp) {}

  Value getPlace(Value number) {
    Value address = add(b, getSharedAddress(b, offset),
                        arith::MulIOp::create(b, number, createI32(b, 4)));
    return toPointer(b, address, NVVM::NVVMMemorySpace::Shared);
  }
  Value load(Value number) {
    return LLVM::LoadOp::create(b, b.getI32Type(), getPlace(number));
  }

  /// The sum of what the warps before have, and of what all have, of a number
  /// that each warp's lanes agree on.
  std::pair<Value, Value> sum(Value ofWarp) {
    Value thread = getThread(b), lane = getLane(b), first = createI32(b, 0);
    Value warp = arith::DivUIOp::create(b, thread, createI32(b, kWarp));
    auto isFirst =
        scf::IfOp::create(b, compare(b, CmpIPredicate::eq, lane, first));
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(isFirst.thenBlock());
      LLVM::StoreOp::create(b, ofWarp, getPlace(warp));
    }
    gpu::BarrierOp::create(b);
    Value exists = compare(b, CmpIPredicate::ult, lane, createI32(b, warps));
    Value other = load(arith::SelectOp::create(b, exists, lane, first));
    // A lane of a warp before exists.
    Value before = sumIf(b, compare(b, CmpIPredicate::ult, lane, warp), other);
    return {before, sumIf(b, exists, other)};
  }

private:
  ImplicitLocOpBuilder &b;
  int64_t offset, warps;
};
} // namespace

int64_t dsa::getBlockThreads(Operation *op) {
  auto function = op->getParentOfType<gpu::GPUFuncOp>();
  if (!function)
    return 0;
  std::optional<ArrayRef<int32_t>> size = function.getKnownBlockSize();
  if (!size || size->size() != 3 || (*size)[1] != 1 || (*size)[2] != 1)
    return 0;
  return (*size)[0] % kWarp == 0 ? (*size)[0] : 0;
}

/// Runs `body` for elements whose mask is true.
static void ifChosen(ImplicitLocOpBuilder &b, ArrayRef<Value> masks,
                     size_t number, function_ref<void()> body) {
  if (masks.empty())
    return body();
  auto branch = scf::IfOp::create(b, masks[number]);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

namespace {
struct ConvertHistogram : public OpConversionPattern<HistogramOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(HistogramOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto scratch = op.getCounts().getDefiningOp<ScratchOp>();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    SmallVector<Value> masks;
    if (adaptor.getMask())
      masks = unpack(b, adaptor.getMask());
    for (auto [number, bin] : llvm::enumerate(unpack(b, adaptor.getBins())))
      ifChosen(b, masks, number, [&] {
        LLVM::AtomicRMWOp::create(
            b, LLVM::AtomicBinOp::add, getScratchPlace(b, scratch, bin),
            createI32(b, 1), LLVM::AtomicOrdering::monotonic, "block");
      });
    rewriter.eraseOp(op);
    return success();
  }
};

struct ConvertScatter : public OpConversionPattern<ScatterOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ScatterOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto scratch = op.getDest().getDefiningOp<ScratchOp>();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    SmallVector<Value> masks, places = unpack(b, adaptor.getPlaces());
    if (adaptor.getMask())
      masks = unpack(b, adaptor.getMask());
    auto indices = llvm::to_vector(op.getIndices());
    Value last = indices.back();
    Value first = arith::IndexCastOp::create(b, b.getI32Type(), last);
    for (auto [number, element] : llvm::enumerate(unpack(b, adaptor.getTile())))
      ifChosen(b, masks, number, [&, element = element] {
        if (scratch) {
          LLVM::StoreOp::create(
              b, element,
              getScratchPlace(b, scratch, add(b, first, places[number])));
          return;
        }
        indices.back() = add(
            b, last,
            arith::IndexCastOp::create(b, b.getIndexType(), places[number]));
        memref::StoreOp::create(b, element, op.getDest(), indices);
      });
    rewriter.eraseOp(op);
    return success();
  }
};

/// Lanes add up how many elements of each piece are true, a byte for a piece.
struct ConvertScan : public OpConversionPattern<ScanOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ScanOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    SmallVector<Value> numbers, before, counts;
    for (Value isTrue : unpack(b, adaptor.getMask()))
      numbers.push_back(toI32(b, isTrue));
    size_t pieces = numbers.size() / StripedAttr::kPiece;
    for (size_t piece = 0; piece < pieces; ++piece) {
      Value sum = createI32(b, 0);
      for (int64_t i = 0; i < StripedAttr::kPiece; ++i) {
        before.push_back(sum);
        sum = add(b, sum, numbers[piece * StripedAttr::kPiece + i]);
      }
      counts.push_back(sum);
    }
    // What lanes before have of each piece, behind all earlier pieces.
    Value ofWarp = createI32(b, 0);
    SmallVector<Value> begins;
    for (size_t first = 0; first < pieces; first += kBytes) {
      size_t some = std::min(kBytes, pieces - first);
      Value own = counts[first];
      for (size_t i = 1; i < some; ++i)
        own = arith::OrIOp::create(
            b, own,
            arith::ShLIOp::create(b, counts[first + i], createI32(b, 8 * i)));
      Value with = sumOfLanes(b, own);
      Value all = fromLane(b, with, kWarp - 1);
      Value without = arith::SubIOp::create(b, with, own);
      for (size_t i = 0; i < some; ++i) {
        begins.push_back(add(b, ofWarp, getByte(b, without, i)));
        ofWarp = add(b, ofWarp, getByte(b, all, i));
      }
    }
    Exchange exchange(b, static_cast<int64_t>(*op.getOffset()),
                      getBlockThreads(op));
    auto [warpsBefore, total] = exchange.sum(ofWarp);
    for (auto [number, value] : llvm::enumerate(before)) {
      Value begin = begins[number / StripedAttr::kPiece];
      value = add(b, value, add(b, begin, warpsBefore));
    }
    rewriter.replaceOp(op, {pack(b, before), total});
    return success();
  }

private:
  /// A warp has at most 128 elements of a piece, so a byte counts them.
  static constexpr size_t kBytes = 4;

  static Value getByte(ImplicitLocOpBuilder &b, Value word, int64_t number) {
    Value shifted = arith::ShRUIOp::create(b, word, createI32(b, 8 * number));
    return arith::AndIOp::create(b, shifted, createI32(b, 255));
  }
};

/// Each thread adds up some counts; the one whose counts reach the rank tells
/// the others.
struct ConvertSearch : public OpConversionPattern<SearchOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SearchOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto scratch = op.getCounts().getDefiningOp<ScratchOp>();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    int64_t extent =
        cast<MemRefType>(op.getCounts().getType()).getNumElements();
    int64_t threads = getBlockThreads(op), each = extent / threads;
    Value first = arith::MulIOp::create(b, getThread(b), createI32(b, each));
    SmallVector<Value> counts = loadCounts(b, scratch, first, each);
    Value own = counts.front();
    for (Value count : ArrayRef(counts).drop_front())
      own = add(b, own, count);
    Value with = sumOfLanes(b, own);
    Exchange exchange(b, static_cast<int64_t>(*op.getOffset()), threads);
    Value before = exchange.sum(fromLane(b, with, kWarp - 1)).first;
    before = add(b, before, arith::SubIOp::create(b, with, own));
    for (auto [number, count] : llvm::enumerate(counts)) {
      Value place = add(b, first, createI32(b, number));
      Value after = add(b, before, count);
      Value reached = compare(b, CmpIPredicate::sge, after, op.getRank());
      if (static_cast<int64_t>(number) == each - 1)
        reached = arith::OrIOp::create(
            b, reached,
            compare(b, CmpIPredicate::eq, place, createI32(b, extent - 1)));
      Value isHere = arith::AndIOp::create(
          b, reached, compare(b, CmpIPredicate::slt, before, op.getRank()));
      auto branch = scf::IfOp::create(b, isHere);
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(branch.thenBlock());
        // An ArrayRef of a list in braces would outlive the list.
        const Value found[] = {place, before, count};
        for (auto [i, value] : llvm::enumerate(found))
          LLVM::StoreOp::create(b, value,
                                exchange.getPlace(createI32(b, kResult + i)));
      }
      before = after;
    }
    gpu::BarrierOp::create(b);
    SmallVector<Value> results;
    for (int64_t i = 0; i < 3; ++i)
      results.push_back(exchange.load(createI32(b, kResult + i)));
    rewriter.replaceOp(op, results);
    return success();
  }

private:
  /// Behind the sums of as many warps as a block can have.
  static constexpr int64_t kResult = 32;

  static SmallVector<Value> loadCounts(ImplicitLocOpBuilder &b,
                                       ScratchOp scratch, Value first,
                                       int64_t each) {
    constexpr int64_t kPiece = StripedAttr::kPiece;
    int64_t width = each % kPiece == 0 ? kPiece : 1;
    auto type = VectorType::get({width}, b.getI32Type());
    SmallVector<Value> counts;
    for (int64_t i = 0; i < each; i += width) {
      Value pointer =
          getScratchPlace(b, scratch, add(b, first, createI32(b, i)));
      llvm::append_range(
          counts, unpack(b, LLVM::LoadOp::create(b, type, pointer, 4 * width)));
    }
    return counts;
  }
};
} // namespace

void dsa::populateTileSelectionPatterns(const TileTypeConverter &converter,
                                        RewritePatternSet &patterns) {
  patterns.add<ConvertHistogram, ConvertScatter, ConvertScan, ConvertSearch>(
      converter, patterns.getContext());
}
