//===- ScoresKernel.h - The kernel of scores --------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_DSATOTILE_SCORESKERNEL_H
#define DSA_LIB_CONVERSION_DSATOTILE_SCORESKERNEL_H

#include "ScoredKeys.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::dsa {

/// Builds the kernel of one operation. What becomes of scores may be another
/// class's matter; then programs carry its state from tile to tile.
class ScoresKernel {
public:
  ScoresKernel(PatternRewriter &rewriter, IndexScoresOp op,
               dsa_tile::ScoresScheduleAttr schedule);
  virtual ~ScoresKernel() = default;

  void build();

protected:
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(b, value);
  }
  RankedTensorType tile(ArrayRef<int64_t> shape, Type element) {
    return RankedTensorType::get(shape, element);
  }

  /// Builds a branch; where `condition` does not hold, `state` is the next one.
  SmallVector<Value> buildIf(Value condition, ValueRange state,
                             function_ref<SmallVector<Value>()> build);

  /// Which warps run programs.
  dsa_tile::KernelAttr getKernel();
  /// Whether blocks take programs in turn.
  virtual bool isResident();
  /// Before the programs.
  virtual void prepare();
  /// Into how many buffers queries are loaded: with two, the next block's
  /// arrive while this one's are in use.
  virtual int64_t getQuerySlots() { return 2; }
  /// Sets `share`, and returns how many programs there are for a block of rows.
  virtual Value divideKeys(Value rowBlocks);
  /// What each head's product is multiplied by, as it comes for all tiles of a
  /// program, and for one of them.
  virtual Value keepWeights(Value weights) { return weights; }
  virtual Value takeWeights(Value kept) { return kept; }
  /// The state before and behind the tiles of a program's rows.
  virtual SmallVector<Value> begin() { return {}; }
  virtual void end(Value row, ValueRange state) {}
  /// While the products of a tile are under way; returns the next state.
  virtual SmallVector<Value> beside(ValueRange state) {
    return llvm::to_vector_of<Value>(state);
  }
  /// Takes a tile of scores, [keys, rows], and which of them count; returns the
  /// next state.
  virtual SmallVector<Value> put(Value scores, Value mask, Value row, Value key,
                                 ValueRange state);

  ImplicitLocOpBuilder b;
  IndexScoresOp op;
  dsa_tile::ScoresScheduleAttr schedule;
  int64_t rows;
  /// How many keys there are, and of these, one program scores.
  Value zero, keys, share;

private:
  Value toI32(Value index) {
    return arith::IndexCastOp::create(b, b.getI32Type(), index);
  }
  bool isLinear() { return static_cast<bool>(op.getLinearTerms()); }
  Value load(Value memref, ValueRange indices, ArrayRef<int64_t> box,
             ArrayRef<int64_t> shape, int64_t slots = 1);

  void fillOutsideOfBounds();
  std::pair<Value, Value> getSeenKeys(Value row);
  /// The keys, from and to, that some row of the block may see; some row of a
  /// sequence, if one is given.
  std::pair<Value, Value> getKeyRange(Value row, Value begin,
                                      Value sequence = {});
  /// What each head's product is multiplied by, or null.
  Value loadWeights(Value row);
  void findPadding();
  /// The sum over the heads of each row, after the activation.
  Value addHeads(Value products, Value weights);
  /// The sum of what is linear in the key.
  Value addTerms(Value products, Value scales);
  /// For each score of a tile, how far the first key that its row sees (or
  /// null, if all), and the first beyond, are behind it. Rows that do not exist
  /// see none, nor do those of another sequence than the one given.
  std::pair<Value, Value> loadBounds(Value row, Value sequence = {});
  Value getMask(Value key);
  Value loadScales(Value row);
  SmallVector<Value> buildProgram(Value row, Value begin, ValueRange state);
  SmallVector<Value> buildSequences(Value row, Value begin, ValueRange state);
  SmallVector<Value> buildKeys(Value row, Value first, Value last,
                               ValueRange state);
  Value buildScores(Value key, ValueRange pages, SmallVector<Value> &state);

  /// One of so many blocks is left to kernels that run beside this one, as
  /// measured: top-k takes about an eighth of the time of scores.
  static constexpr int64_t kOthersShare = 8;
  static constexpr int64_t kTerms = dsa_tile::ScoresScheduleAttr::kLinearTerms;
  int64_t heads, width;
  ScoredKeys source;
  /// What a program's keys are multiplied by, and what products are; bounds, of
  /// rows of a sequence if there is one.
  SmallVector<Value> queries;
  Value weights, scales, lo, hi, sequence;
  /// Which columns of products are heads, or null if all are.
  Value isHead;
};

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_DSATOTILE_SCORESKERNEL_H
