//===- NamedOperands.cpp - The operand tables as data ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/NamedOperands.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::dsa;

namespace {
/// Collects the operands that are present.
struct Table {
  llvm::SmallVector<NamedOperand> rows;

  void add(StringRef name, Value value, ArrayRef<StringRef> dims) {
    if (value)
      rows.push_back({name, value, llvm::SmallVector<StringRef, 4>(dims)});
  }
  void addInits(OperandRange inits,
                ArrayRef<std::pair<StringRef, ArrayRef<StringRef>>> table) {
    for (auto [init, row] : llvm::zip(inits, table))
      add(row.first, init, row.second);
  }
};
} // namespace

static int64_t getRank(Value value) {
  return llvm::cast<ShapedType>(value.getType()).getRank();
}

/// Keys and what belongs to them have a leading size B if rows name sequences.
static llvm::SmallVector<StringRef, 4> perKey(bool hasSequences,
                                              ArrayRef<StringRef> dims) {
  llvm::SmallVector<StringRef, 4> all;
  if (hasSequences)
    all.push_back("B");
  all.append(dims.begin(), dims.end());
  return all;
}

static void addOperands(IndexScoresOp op, Table &table) {
  bool sequences = bool(op.getSeq());
  auto ofKeys = [&](ArrayRef<StringRef> width) {
    llvm::SmallVector<StringRef, 4> dims =
        op.getTable() ? llvm::SmallVector<StringRef, 4>{"Np", "S"}
                      : perKey(sequences, {"N"});
    dims.append(width.begin(), width.end());
    return dims;
  };
  table.add("q", op.getQ(), {"T", "H", "D"});
  table.add("k", op.getK(), ofKeys({"D"}));
  table.add("weights", op.getWeights(), {"T", "H"});
  table.add("q_scale", op.getQScale(), {"T", "H"});
  table.add("k_scale", op.getKScale(), ofKeys({}));
  table.add("linear terms", op.getLinearTerms(), {"T", "P", "D"});
  table.add("linear scales", op.getLinearScales(), {"T", "P"});
  table.add("lo", op.getLo(), {"T"});
  table.add("hi", op.getHi(), {"T"});
  table.add("seq", op.getSeq(), {"T"});
  table.add("table", op.getTable(), perKey(sequences, {"M"}));
  table.addInits(op.getInits(), {{"outs", {"T", "N"}}});
}

static void addOperands(LinearPartOp op, Table &table) {
  table.add("q", op.getQ(), {"T", "H", "D"});
  table.add("weights", op.getWeights(), {"T", "H"});
  table.add("q_scale", op.getQScale(), {"T", "H"});
  table.addInits(op.getInits(), {{"outs terms", {"T", "P", "D"}},
                                 {"outs scales", {"T", "P"}}});
}

static void addScores(Value scores, StringRef name, Table &table) {
  if (getRank(scores) == 2)
    table.add(name, scores, {"T", "N"});
  else
    table.add(name, scores, {"T", "G", "N"});
}

template <typename SelectionOp>
static void addSelection(SelectionOp op, Table &table) {
  table.add("lo", op.getLo(), {"T"});
  table.add("hi", op.getHi(), {"T"});
  table.add("positions", op.getPositions(), {"T"});
  table.addInits(op.getInits(), {{"outs indices", {"T", "G", "K"}},
                                 {"outs count", {"T", "G"}},
                                 {"outs values", {"T", "G", "K"}}});
}

template <typename AttentionOp>
static void addAttention(AttentionOp op, Table &table) {
  bool sequences = bool(op.getSeq()), heads = op.hasKeyHeads();
  auto ofKeys = [&](StringRef width) {
    return heads ? perKey(sequences, {"N", "Hkv", width})
                 : perKey(sequences, {"N", width});
  };
  table.add("q", op.getQ(), {"T", "Hq", "D"});
  table.add("K", op.getKey(), ofKeys("D"));
  table.add("V", op.getValue(), ofKeys("Dv"));
  table.add("seq", op.getSeq(), {"T"});
  table.add("sink", op.getSink(), {"Hq"});
  table.addInits(op.getInits(), {{"outs out", {"T", "Hq", "Dv"}},
                                 {"outs lse", {"T", "Hq"}},
                                 {"outs max", {"T", "Hq"}}});
}

llvm::SmallVector<NamedOperand> mlir::dsa::getNamedOperands(Operation *op) {
  Table table;
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](IndexScoresOp op) { addOperands(op, table); })
      .Case([&](LinearPartOp op) { addOperands(op, table); })
      .Case([&](TopkOp op) {
        addScores(op.getScores(), "scores", table);
        if (op.getIds())
          addScores(op.getIds(), "ids", table);
        addSelection(op, table);
      })
      .Case([&](SelectOp op) {
        Operation *yield = op.getScorer().front().getTerminator();
        addScores(yield->getOperand(0), "scores", table);
        addSelection(op, table);
      })
      .Case([&](SparseAttentionOp op) {
        addAttention(op, table);
        table.add("indices", op.getIndices(), {"T", "G", "K"});
        table.add("lengths", op.getLengths(), {"T", "G"});
      })
      .Case([&](AttentionOp op) {
        addAttention(op, table);
        table.add("lo", op.getLo(), {"T"});
        table.add("hi", op.getHi(), {"T"});
        table.add("positions", op.getPositions(), {"T"});
      })
      .Case([&](MergeOp op) {
        table.add("out", op.getOut(), {"P", "T", "H", "Dv"});
        table.add("lse", op.getLse(), {"P", "T", "H"});
        table.add("sink", op.getSink(), {"H"});
        table.addInits(op.getInits(), {{"outs out", {"T", "H", "Dv"}},
                                       {"outs lse", {"T", "H"}}});
      });
  return std::move(table.rows);
}
