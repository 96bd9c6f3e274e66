//===- RandomInputs.cpp - Made-up arguments -------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/RandomInputs.h"

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::dsa;

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
                                    "lengths", "seq", "ids",       "table"};
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

static llvm::Expected<InputRecipe>
makeIntegers(const Role &role, const TensorSlot &slot, ArrayRef<int64_t> shape,
             const ShapeEnvironment &shapes) {
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
  InputRecipe recipe;
  using Kind = InputRecipe::Kind;
  if (role.name == "lo") {
    recipe.kind = Kind::Constant;
    return recipe;
  }
  if (role.name == "ids") {
    recipe.kind = Kind::Cycle;
    recipe.a = std::max<int64_t>(shape.back(), 1);
    return recipe;
  }
  StringRef symbol = role.name == "lengths" ? "K"
                     : role.name == "seq"   ? "B"
                     : role.name == "table" ? "Np"
                                            : "N";
  auto size = sizeOf(symbol);
  if (!size)
    return size.takeError();
  if (role.name == "hi" || role.name == "positions") {
    // One less, and at least -1, for positions.
    int64_t back = role.name == "hi" ? 0 : 1;
    recipe.kind = Kind::Ramp;
    recipe.a = *size - llvm::product_of(shape) + 1 - back;
    recipe.b = -back;
  } else if (role.name == "lengths") {
    recipe.kind = Kind::Constant;
    recipe.a = *size;
  } else if (role.name == "seq" || role.name == "table") {
    recipe.kind = Kind::Cycle;
    recipe.a = std::max<int64_t>(*size, 1);
  } else {
    auto attention = llvm::cast<SparseAttentionOp>(role.op);
    recipe.kind = Kind::Lists;
    recipe.a = llvm::divideCeil(*size, attention.getBlock().value_or(1));
  }
  return recipe;
}

llvm::Expected<InputRecipe>
mlir::dsa::makeInputRecipe(const EntryPoint &entry, unsigned argument,
                           const ShapeEnvironment &shapes, uint64_t seed) {
  const TensorSlot &slot = entry.arguments[argument];
  InputRecipe recipe;
  if (!isFloat(slot.kind)) {
    auto role = findRole(entry, argument);
    if (!role)
      return role.takeError();
    auto integers = makeIntegers(
        *role, slot, shapes.getShape(entry.getArgument(argument)), shapes);
    if (!integers)
      return integers;
    recipe = *integers;
  }
  recipe.seed = seed;
  recipe.stream = argument;
  return recipe;
}

llvm::Expected<HostTensor>
mlir::dsa::makeRandomInput(const EntryPoint &entry, unsigned argument,
                           const ShapeEnvironment &shapes, uint64_t seed) {
  auto tensor =
      HostTensor::create(entry.arguments[argument].kind,
                         shapes.getShape(entry.getArgument(argument)));
  if (!tensor)
    return tensor;
  auto recipe = makeInputRecipe(entry, argument, shapes, seed);
  if (!recipe)
    return recipe.takeError();
  fillInput(*tensor, *recipe);
  return tensor;
}
