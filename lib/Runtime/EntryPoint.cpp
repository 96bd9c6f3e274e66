//===- EntryPoint.cpp - The function a tool runs --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/EntryPoint.h"

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::dsa;

static std::string listNames(ArrayRef<func::FuncOp> functions) {
  return llvm::join(llvm::map_range(functions,
                                    [](func::FuncOp function) {
                                      return "@" + function.getName().str();
                                    }),
                    ", ");
}

static llvm::Expected<func::FuncOp> chooseFunction(ModuleOp module,
                                                   StringRef name) {
  llvm::SmallVector<func::FuncOp> defined, open;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isDeclaration())
      continue;
    defined.push_back(function);
    if (function.isPublic())
      open.push_back(function);
    if (function.getName() == name)
      return function;
  }
  if (!name.empty())
    return llvm::createStringError(
        "no function @%s with a body; the module has %s", name.str().c_str(),
        defined.empty() ? "none" : listNames(defined).c_str());
  if (open.empty())
    return llvm::createStringError(
        "expected a public function with a body, found none");
  if (open.size() > 1)
    return llvm::createStringError(
        "expected one public function, found %s: choose one with --entry",
        listNames(open).c_str());
  return open.front();
}

/// Whether a name can be part of `name=value` and of a file name.
static bool isUsableName(StringRef name) {
  return !name.empty() && name.front() != '.' && llvm::all_of(name, [](char c) {
    return llvm::isAlnum(c) || c == '_' || c == '-' || c == '.';
  });
}

static llvm::Error collect(TypeRange types, const char *what,
                           const char *prefix,
                           llvm::function_ref<Attribute(unsigned)> getNameAttr,
                           llvm::SmallVectorImpl<TensorSlot> &slots) {
  llvm::StringSet<> seen;
  for (auto [number, type] : llvm::enumerate(types)) {
    std::string name = prefix + std::to_string(number);
    if (auto attr = llvm::dyn_cast_if_present<StringAttr>(getNameAttr(number)))
      name = attr.str();
    if (!isUsableName(name))
      return llvm::createStringError(
          "expected a name of letters, digits, '_', '-' and '.' for %s %zu, "
          "found '%s'",
          what, size_t(number), name.c_str());
    if (!seen.insert(name).second)
      return llvm::createStringError("two %ss are named '%s'", what,
                                     name.c_str());
    auto tensor = llvm::dyn_cast<RankedTensorType>(type);
    auto kind = tensor ? getElementKind(tensor.getElementType()) : std::nullopt;
    if (!kind || tensor.getEncoding())
      return llvm::createStringError(llvm::formatv(
          "expected {0} '{1}' to be a ranked tensor of f32, f16, bf16, "
          "f8E4M3FN or i32, found {2}",
          what, name, type));
    slots.push_back({name, tensor, *kind});
  }
  return llvm::Error::success();
}

llvm::Expected<EntryPoint> mlir::dsa::findEntryPoint(ModuleOp module,
                                                     StringRef name) {
  auto function = chooseFunction(module, name);
  if (!function)
    return function.takeError();
  EntryPoint entry;
  entry.function = *function;
  if (auto error = collect(
          function->getArgumentTypes(), "argument", "arg",
          [&](unsigned i) { return function->getArgAttr(i, kNameAttrName); },
          entry.arguments))
    return std::move(error);
  if (auto error = collect(
          function->getResultTypes(), "result", "result",
          [&](unsigned i) { return function->getResultAttr(i, kNameAttrName); },
          entry.results))
    return std::move(error);
  return entry;
}
