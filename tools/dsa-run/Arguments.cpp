//===- Arguments.cpp - From options to arguments --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"

#include "dsa/Runtime/MakeError.h"
#include "dsa/Runtime/Npy.h"
#include "dsa/Runtime/RandomInputs.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::dsa;
using llvm::StringRef;

using Shape = llvm::SmallVector<int64_t, 4>;

/// Sorts `name=value` options by argument; an argument without one gets none.
static llvm::Expected<std::vector<std::optional<StringRef>>>
assignOptions(StringRef option, const std::vector<std::string> &given,
              const EntryPoint &entry) {
  std::vector<std::optional<StringRef>> values(entry.arguments.size());
  for (StringRef text : given) {
    auto [name, value] = text.split('=');
    if (!text.contains('='))
      return makeError("--{0} {1}: expected NAME=VALUE", option, text);
    const auto *slot =
        llvm::find_if(entry.arguments, [&](const TensorSlot &slot) {
          return slot.name == name;
        });
    if (slot == entry.arguments.end()) {
      std::string known = llvm::join(
          llvm::map_range(entry.arguments,
                          [](const TensorSlot &slot) { return slot.name; }),
          ", ");
      return makeError(
          "--{0} {1}: no argument is named '{2}'; expected one of: "
          "{3}",
          option, text, name, known);
    }
    auto &assigned = values[slot - entry.arguments.begin()];
    if (assigned)
      return makeError("--{0} {1}: argument '{2}' was given '{3}' before",
                       option, text, name, *assigned);
    assigned = value;
  }
  return values;
}

static llvm::Expected<Shape> parseShape(StringRef text,
                                        const TensorSlot &slot) {
  Shape shape;
  llvm::SmallVector<StringRef> sizes;
  if (!text.empty())
    text.split(sizes, 'x');
  for (StringRef size : sizes) {
    int64_t value;
    if (size.getAsInteger(10, value) || value < 0)
      return makeError("--shape {0}={1}: expected sizes like 64x128, found "
                       "'{2}'",
                       slot.name, text, size);
    shape.push_back(value);
  }
  auto expected = slot.type.getShape();
  bool fits = shape.size() == expected.size() &&
              llvm::all_of(llvm::zip(expected, shape), [](auto sizes) {
                auto [wanted, found] = sizes;
                return ShapedType::isDynamic(wanted) || wanted == found;
              });
  if (!fits)
    return makeError("--shape {0}={1}: expected sizes that fit {2}", slot.name,
                     text, slot.type);
  return shape;
}

/// The shape of an argument that is made up.
static llvm::Expected<Shape> chooseShape(const TensorSlot &slot,
                                         std::optional<StringRef> given,
                                         const ArgumentSources &sources) {
  if (!sources.seed && !given)
    return makeError("argument '{0}' of type {1} has no value: give --input "
                     "{0}=FILE.npy, or --random",
                     slot.name, slot.type);
  if (!sources.seed)
    return makeError("--shape {0}={1} needs --random", slot.name, *given);
  if (given)
    return parseShape(*given, slot);
  if (!slot.type.hasStaticShape())
    return makeError("argument '{0}' of type {1} has dynamic sizes: give "
                     "--shape {0}=SIZES",
                     slot.name, slot.type);
  return Shape(slot.type.getShape());
}

llvm::Expected<Arguments> loadArguments(const EntryPoint &entry,
                                        const ArgumentSources &sources) {
  auto inputs = assignOptions("input", sources.inputs, entry);
  if (!inputs)
    return inputs.takeError();
  auto givenShapes = assignOptions("shape", sources.shapes, entry);
  if (!givenShapes)
    return givenShapes.takeError();

  std::vector<std::optional<HostTensor>> tensors(entry.arguments.size());
  llvm::SmallVector<Shape> shapes;
  for (auto [number, slot] : llvm::enumerate(entry.arguments)) {
    auto file = (*inputs)[number], given = (*givenShapes)[number];
    if (!file) {
      auto shape = chooseShape(slot, given, sources);
      if (!shape)
        return shape.takeError();
      shapes.push_back(*shape);
      continue;
    }
    if (given)
      return makeError("--shape {0}={1}: argument '{0}' is read from '{2}'",
                       slot.name, *given, *file);
    auto tensor = readNpy(*file, slot.kind, slot.type.getShape());
    if (!tensor)
      return makeError("argument '{0}': {1}", slot.name,
                       llvm::toString(tensor.takeError()));
    shapes.push_back(Shape(tensor->getShape()));
    tensors[number] = std::move(*tensor);
  }

  Arguments arguments{{}, ShapeEnvironment(entry.function, shapes)};
  if (auto error = checkShapes(entry, arguments.shapes))
    return std::move(error);
  for (auto [number, tensor] : llvm::enumerate(tensors)) {
    if (!tensor) {
      auto made =
          makeRandomInput(entry, number, arguments.shapes, *sources.seed);
      if (!made)
        return made.takeError();
      tensor = std::move(*made);
    }
    arguments.tensors.push_back(std::move(*tensor));
  }
  return arguments;
}
