//===- InputRecipe.cpp - Made-up values, from few numbers -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/InputRecipe.h"

#include "dsa/Runtime/InParallel.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir::dsa;

//===----------------------------------------------------------------------===//
// RandomSource
//===----------------------------------------------------------------------===//

RandomSource::RandomSource(uint64_t seed, uint64_t stream) : state(seed) {
  // Mixed twice, so that neighbouring seeds and streams start far apart.
  state = next() ^ (stream * 0xd1342543de82ef95ull);
  state = next();
}

uint64_t RandomSource::next() {
  uint64_t z = state += kStep;
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

//===----------------------------------------------------------------------===//
// Recipes
//===----------------------------------------------------------------------===//

static constexpr std::pair<InputRecipe::Kind, llvm::StringLiteral> kNames[] = {
    {InputRecipe::Kind::Normal, "normal"},
    {InputRecipe::Kind::Constant, "constant"},
    {InputRecipe::Kind::Ramp, "ramp"},
    {InputRecipe::Kind::Cycle, "cycle"},
    {InputRecipe::Kind::Lists, "lists"},
};

llvm::StringRef mlir::dsa::getName(InputRecipe::Kind kind) {
  for (const auto &[known, name] : kNames)
    if (known == kind)
      return name;
  llvm_unreachable("unknown kind of recipe");
}

std::optional<InputRecipe::Kind>
mlir::dsa::findRecipeKind(llvm::StringRef name) {
  for (const auto &[kind, known] : kNames)
    if (known == name)
      return kind;
  return std::nullopt;
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

static void fillLists(HostTensor &tensor, const InputRecipe &recipe) {
  const int64_t length = tensor.getShape().back();
  const int64_t rows = length ? tensor.getNumElements() / length : 0;
  const int64_t numbers = std::min(length, recipe.a);
  inParallel(rows, /*least=*/16, [&](int64_t begin, int64_t end) {
    RandomSource random(recipe.seed, recipe.stream);
    random.skip(begin * numbers);
    for (int64_t row = begin; row < end; ++row)
      fillDistinct(tensor, row * length, length, recipe.a, random);
  });
}

void mlir::dsa::fillInput(HostTensor &tensor, const InputRecipe &recipe) {
  auto fill = [&](auto value) {
    constexpr int64_t kLeast = 1 << 14;
    inParallel(tensor.getNumElements(), kLeast,
               [&](int64_t begin, int64_t end) {
                 for (int64_t i = begin; i < end; ++i)
                   tensor.set(i, value(i));
               });
  };
  switch (recipe.kind) {
  case InputRecipe::Kind::Normal:
    return inParallel(tensor.getNumElements(), /*least=*/1 << 14,
                      [&](int64_t begin, int64_t end) {
                        RandomSource random(recipe.seed, recipe.stream);
                        random.skip(6 * begin);
                        for (int64_t i = begin; i < end; ++i)
                          tensor.set(i, random.normal());
                      });
  case InputRecipe::Kind::Constant:
    return fill([&](int64_t) { return recipe.a; });
  case InputRecipe::Kind::Ramp:
    return fill([&](int64_t i) { return std::max(recipe.a + i, recipe.b); });
  case InputRecipe::Kind::Cycle:
    return fill([&](int64_t i) { return i % recipe.a; });
  case InputRecipe::Kind::Lists:
    return fillLists(tensor, recipe);
  }
}
