//===- Work.cpp - What a run computes and moves ---------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Work.h"

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <limits>

using namespace mlir;
using namespace mlir::dsa;

namespace {
class Counter {
public:
  Counter(func::FuncOp function, const ShapeEnvironment &shapes,
          ArrayRef<HostTensor> arguments, ArrayRef<HostTensor> results)
      : shapes(shapes) {
    for (auto [value, tensor] : llvm::zip(function.getArguments(), arguments))
      values[value] = &tensor;
    Operation *terminator = function.getBody().back().getTerminator();
    for (auto [value, tensor] : llvm::zip(terminator->getOperands(), results))
      values[value] = &tensor;
  }

  double count(Operation *op);

private:
  /// Keys in a row's bounds, where they are known; else all keys.
  int64_t getKeysInBounds(Value lo, Value hi, int64_t row, int64_t keys);
  double countKeys(Value lo, Value hi, int64_t rows, int64_t keys,
                   int64_t most = std::numeric_limits<int64_t>::max()) {
    double total = 0;
    for (int64_t row = 0; row < rows; ++row)
      total += std::min(getKeysInBounds(lo, hi, row, keys), most);
    return total;
  }
  double countEntries(SparseAttentionOp op, int64_t rows, int64_t keys);
  int64_t size(Operation *op, StringRef symbol) const {
    int64_t size = shapes.getSize(op, symbol);
    return ShapedType::isDynamic(size) ? 0 : size;
  }

  const ShapeEnvironment &shapes;
  llvm::DenseMap<Value, const HostTensor *> values;
};
} // namespace

int64_t Counter::getKeysInBounds(Value lo, Value hi, int64_t row,
                                 int64_t keys) {
  const HostTensor *begins = values.lookup(lo), *ends = values.lookup(hi);
  if (!begins || !ends)
    return keys;
  int64_t begin = std::clamp<int64_t>(begins->get(row), 0, keys);
  int64_t end = std::clamp<int64_t>(ends->get(row), 0, keys);
  return std::max<int64_t>(end - begin, 0);
}

/// Valid keys, summed over lists.
double Counter::countEntries(SparseAttentionOp op, int64_t rows, int64_t keys) {
  const int64_t lists = size(op, "G"), entries = size(op, "K");
  const int64_t block = op.getBlock().value_or(1);
  const int64_t blocks = llvm::divideCeil(keys, block);
  const HostTensor *indices = values.lookup(op.getIndices());
  const HostTensor *lengths = values.lookup(op.getLengths());
  Value lo, hi;
  if (Operation *origin = op.getIndices().getDefiningOp())
    llvm::TypeSwitch<Operation *>(origin).Case<TopkOp, SelectOp>(
        [&](auto selection) {
          lo = selection.getLo();
          hi = selection.getHi();
        });
  double total = 0;
  for (int64_t list = 0; list < rows * lists; ++list) {
    int64_t length = entries;
    if (lengths)
      length = std::clamp<int64_t>(lengths->get(list), 0, entries);
    if (!indices) {
      total +=
          std::min(length * block, getKeysInBounds(lo, hi, list / lists, keys));
      continue;
    }
    for (int64_t i = 0; i < length; ++i) {
      int64_t index = indices->get(list * entries + i);
      if (index >= 0 && index < blocks)
        total += std::min(block, keys - index * block);
    }
  }
  return total;
}

double Counter::count(Operation *op) {
  const int64_t rows = size(op, "T"), keys = size(op, "N");
  double flops = 0;
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](IndexScoresOp op) {
        Value lo = op.getLo(), hi = op.getHi();
        if (auto select = op->getParentOfType<SelectOp>(); select && !lo) {
          lo = select.getLo();
          hi = select.getHi();
        }
        flops = 2.0 * countKeys(lo, hi, rows, keys) *
                (size(op, "H") + size(op, "P")) * size(op, "D");
      })
      .Case([&](LinearPartOp op) {
        flops = 2.0 * rows * size(op, "H") * size(op, "D");
      })
      .Case([&](AttentionOp op) {
        int64_t most = keys;
        if (auto window = op.getWindow())
          most = (*window)[0] + (*window)[1] + 1;
        flops = 2.0 * countKeys(op.getLo(), op.getHi(), rows, keys, most) *
                op.getHeads() * (op.getKeyWidth() + op.getValueWidth());
      })
      .Case([&](SparseAttentionOp op) {
        int64_t lists = std::max<int64_t>(size(op, "G"), 1);
        int64_t sharing = op.getHeads() / lists;
        flops = 2.0 * countEntries(op, rows, keys) * sharing *
                (op.getKeyWidth() + op.getValueWidth());
      })
      .Case([&](MergeOp op) {
        flops = 2.0 * size(op, "P") * rows * size(op, "H") * size(op, "Dv");
      });
  return flops;
}

Work mlir::dsa::countWork(func::FuncOp function, const ShapeEnvironment &shapes,
                          ArrayRef<HostTensor> arguments,
                          ArrayRef<HostTensor> results) {
  Work work;
  Counter counter(function, shapes, arguments, results);
  function.walk([&](Operation *op) { work.flops += counter.count(op); });
  for (const HostTensor &tensor : arguments)
    work.bytes += tensor.getNumBytes();
  for (const HostTensor &tensor : results)
    work.bytes += tensor.getNumBytes();
  return work;
}
