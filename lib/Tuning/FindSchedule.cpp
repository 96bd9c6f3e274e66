//===- FindSchedule.cpp - Which record serves an operation ----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/ScheduleSpace.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "dsa/Dialect/DSATile/IR/GatheredAttention.h"
#include "dsa/Tuning/Records.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace mlir::dsa;

/// What decides which keys count, and results beside the first: operations
/// that differ in having one or not are near to one another.
static bool isMinor(StringRef name) {
  return llvm::is_contained({"lengths", "lo", "hi", "positions", "seq", "sink",
                             "outs max", "outs values", "distinct",
                             "unordered"},
                            name);
}
static constexpr double kMinorDistance = 0.1;

/// Whether kernels differ in nothing but the kind of numbers.
static bool areBothHalf(Type a, Type b) {
  auto isHalf = [](Type type) { return type.isF16() || type.isBF16(); };
  return isHalf(a) && isHalf(b);
}

/// How far apart the sizes of two operands are, in powers of two, and a bit
/// for other numbers of 16 bits; none if they differ otherwise.
static std::optional<double> getDistance(Attribute a, Attribute b) {
  auto getType = [](Attribute attr) {
    auto type = dyn_cast<TypeAttr>(attr);
    return type ? dyn_cast<RankedTensorType>(type.getValue()) : nullptr;
  };
  RankedTensorType type = getType(a), other = getType(b);
  if (!type || !other || type.getRank() != other.getRank())
    return std::nullopt;
  Type element = type.getElementType(), otherElement = other.getElementType();
  bool isSame = element == otherElement;
  if (!isSame && !areBothHalf(element, otherElement))
    return std::nullopt;
  double distance = isSame ? 0 : kMinorDistance;
  for (auto [x, y] : llvm::zip(type.getShape(), other.getShape())) {
    if (ShapedType::isDynamic(x) != ShapedType::isDynamic(y))
      return std::nullopt;
    if (x > 0 && y > 0)
      distance +=
          std::abs(std::log2(static_cast<double>(x) / static_cast<double>(y)));
  }
  return distance;
}

/// How many minor entries are in one dictionary alone; none if it is another
/// one. `compare` looks at those that are in both.
static std::optional<unsigned>
countMissing(DictionaryAttr a, DictionaryAttr b,
             llvm::function_ref<bool(Attribute, Attribute)> compare) {
  unsigned missing = 0;
  for (auto [dictionary, other] : {std::pair(a, b), std::pair(b, a)})
    for (NamedAttribute entry : dictionary) {
      Attribute found = other.get(entry.getName());
      if (found ? !compare(entry.getValue(), found)
                : !isMinor(entry.getName().getValue()))
        return std::nullopt;
      missing += !found;
    }
  return missing;
}

/// How far apart two operations are: as far as the operands that are furthest
/// apart, and a bit for each that one lacks; none if nothing can be said.
static std::optional<double> getDistance(const TuningRecord &a,
                                         const TuningRecord &b) {
  if (a.operation != b.operation || a.chip != b.chip)
    return std::nullopt;
  double furthest = 0;
  auto operands =
      countMissing(a.operands, b.operands, [&](Attribute x, Attribute y) {
        auto distance = getDistance(x, y);
        furthest = std::max(furthest, distance.value_or(0));
        return distance.has_value();
      });
  auto clauses = countMissing(a.clauses, b.clauses, std::equal_to<>());
  if (!operands || !clauses)
    return std::nullopt;
  return furthest + kMinorDistance * (*operands + *clauses);
}

/// Whether the sizes of `a`, and then those of `b`, are one range.
static bool areAdjacent(SizesAttr a, SizesAttr b) {
  bool sameRows = a.getLeastRows() == b.getLeastRows() &&
                  a.getMostRows() == b.getMostRows();
  return sameRows && a.getMostKeys() != INT64_MAX &&
         a.getMostKeys() + 1 == b.getLeastKeys();
}

/// One schedule, or several if they are for different sizes.
static ScheduleAttrInterface combine(MLIRContext *context,
                                     ArrayRef<const TuningRecord *> records) {
  SmallVector<std::pair<SizesAttr, ScheduleAttrInterface>> ranges;
  for (const TuningRecord *record : records) {
    bool isServed = llvm::any_of(ranges, [&](const auto &earlier) {
      return earlier.first.contains(record->sizes);
    });
    if (isServed)
      continue;
    if (!ranges.empty() && ranges.back().second == record->schedule &&
        areAdjacent(ranges.back().first, record->sizes))
      ranges.back().first = SizesAttr::get(
          context, record->sizes.getLeastRows(), record->sizes.getMostRows(),
          ranges.back().first.getLeastKeys(), record->sizes.getMostKeys());
    else
      ranges.emplace_back(record->sizes, record->schedule);
  }
  // The last one's sizes are the nearest to all that nobody measured.
  SmallVector<VariantAttr> variants;
  ScheduleAttrInterface otherwise = ranges.back().second;
  for (auto [sizes, schedule] : ArrayRef(ranges).drop_back()) {
    if (!sizes.dependsOnRows() && !sizes.dependsOnKeys()) {
      otherwise = schedule;
      break;
    }
    variants.push_back(VariantAttr::get(context, sizes, schedule));
  }
  while (!variants.empty() && variants.back().getSchedule() == otherwise)
    variants.pop_back();
  if (variants.empty())
    return otherwise;
  return VariantsAttr::get(context, variants, otherwise);
}

static bool isSameOperation(const TuningRecord &a, const TuningRecord &b) {
  return a.operands == b.operands && a.clauses == b.clauses;
}

/// The sizes of an operand that a record names.
static ArrayRef<int64_t> getShape(const TuningRecord &record, StringRef name) {
  auto type = record.operands.getAs<TypeAttr>(name);
  auto tensor =
      type ? dyn_cast<RankedTensorType>(type.getValue()) : RankedTensorType();
  return tensor ? tensor.getShape() : ArrayRef<int64_t>();
}

/// Heads that have the same keys, where `attention` is near the record's.
static int64_t getSetHeads(const TuningRecord &record,
                           const dsa_tile::GatheredAttention &attention) {
  ArrayRef<int64_t> q = getShape(record, "q"), keys = getShape(record, "K"),
                    lists = getShape(record, "indices");
  int64_t sets = 1;
  if (attention.hasKeyHeads && keys.size() > 1)
    sets = std::max(sets, keys[keys.size() - 2]);
  if (lists.size() > 1)
    sets = std::max(sets, lists[1]);
  return q.size() > 1 ? q[1] / sets : 0;
}

/// Heads of a block of one program that gathers keys; 0: the schedule is for
/// other kernels.
static int64_t getBlockHeads(ScheduleAttrInterface schedule) {
  using namespace dsa_tile;
  if (auto transposed = dyn_cast<TransposedAttentionScheduleAttr>(schedule))
    return transposed.getBlockHeads();
  return isa<SparseAttentionScheduleAttr>(schedule)
             ? SparseAttentionScheduleAttr::kBlockHeads
             : 0;
}

/// Whether a near operation's schedule makes more blocks of this one's heads,
/// each of which gathers all keys again.
static bool makesMoreBlocks(const TuningRecord &record, Operation *op) {
  int64_t blockHeads = getBlockHeads(record.schedule);
  auto attention = dsa_tile::GatheredAttention::create(op);
  if (!blockHeads || !attention)
    return false;
  return llvm::divideCeil(attention->getSetHeads(), blockHeads) >
         llvm::divideCeil(getSetHeads(record, *attention), blockHeads);
}

/// Why the record cannot serve the operation; empty if it can.
static std::string getRecordObjection(const TuningRecord &record,
                                      Operation *op) {
  if (isa<VariantsAttr>(record.schedule))
    return "expected one schedule, not #dsa.variants";
  if (makesMoreBlocks(record, op))
    return "expected blocks of more heads";
  return getObjection(record.schedule, op);
}

std::optional<FoundSchedule>
mlir::dsa::findSchedule(Operation *op, const Chip &chip,
                        ArrayRef<TuningRecord> records) {
  TuningRecord wanted = describeOperation(op, chip.name);
  FoundSchedule found;
  double least = kMostDistance;
  for (const TuningRecord &record : records) {
    auto distance = getDistance(wanted, record);
    if (!distance || *distance > least)
      continue;
    std::string objection = getRecordObjection(record, op);
    if (!objection.empty()) {
      if (*distance == 0)
        op->emitWarning() << "a record's schedule " << record.schedule
                          << " is ignored: " << objection;
      continue;
    }
    // Records of the same operation, for other sizes, come together.
    if (*distance < least || (!found.records.empty() &&
                              !isSameOperation(*found.records.front(), record)))
      found.records.clear();
    least = *distance;
    found.records.push_back(&record);
  }
  if (found.records.empty())
    return std::nullopt;
  found.isExact = least == 0;
  found.schedule = combine(op->getContext(), found.records);
  return found;
}
