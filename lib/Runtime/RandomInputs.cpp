//===- RandomInputs.cpp - Made-up arguments -------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/RandomInputs.h"

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;

RandomSource::RandomSource(uint64_t seed, uint64_t stream) : state(seed) {
  // Mixed twice, so that neighbouring seeds and streams start far apart.
  state = next() ^ (stream * 0xd1342543de82ef95ull);
  state = next();
}

uint64_t RandomSource::next() {
  uint64_t z = state += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

uint64_t RandomSource::below(uint64_t bound) {
  // The high half of a 32-bit product; keys are counted in 31 bits.
  return (next() >> 32) * bound >> 32;
}

double RandomSource::normal() {
  uint64_t sum = 0;
  for (int i = 0; i < 6; ++i) {
    uint64_t bits = next();
    sum += (bits >> 32) + (bits & 0xffffffff);
  }
  // Twelve uniform values have variance 1 and, with this offset, mean 0.
  constexpr double unit = 1.0 / 4294967296.0;
  return (double(sum) - 6 * 4294967295.0) * unit;
}

namespace {
/// A use of an integer argument that says what it holds.
struct Role {
  StringRef name;
  Operation *op = nullptr;
};
} // namespace

static llvm::Expected<Role> findRole(const EntryPoint &entry,
                                     unsigned argument) {
  static const StringRef known[] = {"lo",      "hi",  "positions", "indices",
                                    "lengths", "seq", "ids"};
  Value value = entry.getArgument(argument);
  Role role;
  StringRef other;
  entry.function->walk([&](Operation *op) {
    for (const NamedOperand &operand : getNamedOperands(op)) {
      if (operand.value != value || !llvm::is_contained(known, operand.name))
        continue;
      if (!role.op)
        role = {operand.name, op};
      else if (role.name != operand.name)
        other = operand.name;
    }
  });
  const char *name = entry.arguments[argument].name.c_str();
  if (!role.op)
    return llvm::createStringError(
        "cannot make up values for argument '%s' of i32: no dsa operation says "
        "what it holds; give it with --input",
        name);
  if (!other.empty())
    return llvm::createStringError(
        "cannot make up values for argument '%s' of i32: it is used as %s and "
        "as %s; give it with --input",
        name, role.name.str().c_str(), other.str().c_str());
  return role;
}

/// `count` distinct values of [0, bound), ascending, then -1 (Floyd's
/// sampling).
static void fillDistinct(HostTensor &tensor, int64_t begin, int64_t count,
                         int64_t bound, RandomSource &random) {
  int64_t taken = std::min(count, bound);
  llvm::SmallVector<int64_t> chosen;
  llvm::DenseSet<int64_t> seen;
  for (int64_t last = bound - taken; last < bound; ++last) {
    int64_t key = random.below(last + 1);
    if (!seen.insert(key).second)
      seen.insert(key = last);
    chosen.push_back(key);
  }
  llvm::sort(chosen);
  for (int64_t i = 0; i < count; ++i)
    tensor.set(begin + i, i < taken ? chosen[i] : -1);
}

static llvm::Error fillIntegers(HostTensor &tensor, const Role &role,
                                const TensorSlot &slot,
                                const ShapeEnvironment &shapes,
                                RandomSource &random) {
  llvm::ArrayRef<int64_t> shape = tensor.getShape();
  int64_t total = tensor.getNumElements();
  auto sizeOf = [&](StringRef symbol) -> llvm::Expected<int64_t> {
    int64_t size = shapes.getSize(role.op, symbol);
    if (!ShapedType::isDynamic(size))
      return size;
    return llvm::createStringError(
        "cannot make up values for argument '%s': the size %s of %s is not "
        "known before the run; give it with --input",
        slot.name.c_str(), symbol.str().c_str(),
        role.op->getName().getStringRef().str().c_str());
  };
  auto fill = [&](auto value) {
    for (int64_t i = 0; i < total; ++i)
      tensor.set(i, value(i));
    return llvm::Error::success();
  };

  if (role.name == "lo")
    return fill([](int64_t) { return 0; });
  if (role.name == "ids")
    return fill([&](int64_t i) { return i % shape.back(); });
  if (role.name == "hi" || role.name == "positions") {
    auto keys = sizeOf("N");
    if (!keys)
      return keys.takeError();
    int64_t offset = *keys - total;
    int64_t back = role.name == "hi" ? 0 : 1;
    return fill([&](int64_t row) {
      return std::max<int64_t>(offset + row + 1, 0) - back;
    });
  }
  if (role.name == "lengths") {
    auto entries = sizeOf("K");
    if (!entries)
      return entries.takeError();
    return fill([&](int64_t) { return *entries; });
  }
  if (role.name == "seq") {
    auto sequences = sizeOf("B");
    if (!sequences)
      return sequences.takeError();
    int64_t period = std::max<int64_t>(*sequences, 1);
    return fill([&](int64_t row) { return row % period; });
  }
  auto keys = sizeOf("N");
  if (!keys)
    return keys.takeError();
  auto attention = llvm::cast<SparseAttentionOp>(role.op);
  int64_t bound = llvm::divideCeil(*keys, attention.getBlock().value_or(1));
  for (int64_t begin = 0; begin < total; begin += shape.back())
    fillDistinct(tensor, begin, shape.back(), bound, random);
  return llvm::Error::success();
}

llvm::Expected<HostTensor>
mlir::dsa::makeRandomInput(const EntryPoint &entry, unsigned argument,
                           const ShapeEnvironment &shapes, uint64_t seed) {
  const TensorSlot &slot = entry.arguments[argument];
  auto tensor = HostTensor::create(
      slot.kind, shapes.getShape(entry.getArgument(argument)));
  if (!tensor)
    return tensor;
  RandomSource random(seed, argument);
  if (isFloat(slot.kind)) {
    for (int64_t i = 0, n = tensor->getNumElements(); i < n; ++i)
      tensor->set(i, random.normal());
    return tensor;
  }
  auto role = findRole(entry, argument);
  if (!role)
    return role.takeError();
  if (auto error = fillIntegers(*tensor, *role, slot, shapes, random))
    return std::move(error);
  return tensor;
}
