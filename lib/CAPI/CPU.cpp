//===- CPU.cpp - Functions that run on this machine, in C -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa-c/CPU.h"
#include "dsa/Runtime/CPUEngine.h"
#include "dsa/Runtime/OperandShapes.h"
#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "llvm/Support/FormatVariadic.h"
#include <cstring>

using namespace mlir;
using namespace mlir::dsa;

static_assert(int(ElementKind::F32) == DsaElementF32 &&
              int(ElementKind::F16) == DsaElementF16 &&
              int(ElementKind::BF16) == DsaElementBF16 &&
              int(ElementKind::F8E4M3FN) == DsaElementF8E4M3FN &&
              int(ElementKind::I32) == DsaElementI32);

namespace {
struct CPUFunction {
  /// A copy, for the sizes that its operations demand of arguments.
  OwningOpRef<ModuleOp> module;
  EntryPoint entry;
  std::unique_ptr<CPUEngine> engine;

  MLIRContext *getContext() { return (*module)->getContext(); }
};
} // namespace

DEFINE_C_API_PTR_METHODS(DsaCPUFunction, CPUFunction)
DEFINE_C_API_PTR_METHODS(DsaTensor, HostTensor)

static void report(MLIRContext *context, llvm::Error error) {
  // Diagnosed errors have been told.
  llvm::handleAllErrors(
      std::move(error), [](const DiagnosedError &) {},
      [&](const llvm::ErrorInfoBase &info) {
        emitError(UnknownLoc::get(context)) << info.message();
      });
}

DsaCPUFunction dsaCompileForCPU(MlirModule module, MlirStringRef name) {
  auto function = std::make_unique<CPUFunction>();
  function->module = unwrap(module).clone();
  auto entry = findEntryPoint(*function->module, unwrap(name));
  if (!entry) {
    report(function->getContext(), entry.takeError());
    return {nullptr};
  }
  function->entry = std::move(*entry);
  auto engine = CPUEngine::compile(function->entry);
  if (!engine) {
    report(function->getContext(), engine.takeError());
    return {nullptr};
  }
  function->engine = std::move(*engine);
  return wrap(function.release());
}

static DsaParameter toC(const TensorSlot &slot) {
  return {wrap(StringRef(slot.name)), static_cast<DsaElement>(slot.kind),
          slot.type.getRank(), slot.type.getShape().data()};
}

intptr_t dsaCPUFunctionGetNumArguments(DsaCPUFunction function) {
  return unwrap(function)->entry.arguments.size();
}

DsaParameter dsaCPUFunctionGetArgument(DsaCPUFunction function,
                                       intptr_t position) {
  return toC(unwrap(function)->entry.arguments[position]);
}

intptr_t dsaCPUFunctionGetNumResults(DsaCPUFunction function) {
  return unwrap(function)->entry.results.size();
}

DsaParameter dsaCPUFunctionGetResult(DsaCPUFunction function,
                                     intptr_t position) {
  return toC(unwrap(function)->entry.results[position]);
}

/// The number of an element type: in C any, while in C++ an enumeration must
/// not be read that holds no number of its own.
static int getNumber(const DsaElement &element) {
  static_assert(sizeof(element) == sizeof(int));
  int number;
  std::memcpy(&number, &element, sizeof(number));
  return number;
}

/// The argument as a tensor, if the function takes such a one.
static llvm::Expected<HostTensor> borrow(const TensorSlot &slot,
                                         const DsaTensorView &view) {
  llvm::ArrayRef<int64_t> shape(view.shape, view.rank);
  const int element = getNumber(view.element);
  const bool isKnown = llvm::any_of(
      kElementKinds, [&](ElementKind kind) { return int(kind) == element; });
  const bool fits =
      isKnown && int(slot.kind) == element &&
      slot.type.getRank() == view.rank &&
      llvm::all_of(llvm::zip(slot.type.getShape(), shape), [](auto sizes) {
        auto [wanted, found] = sizes;
        return ShapedType::isDynamic(wanted) ? found >= 0 : wanted == found;
      });
  if (!fits) {
    std::string found = isKnown ? shapeToString(shape) : "an element type";
    if (isKnown)
      found = "tensor<" + found + (shape.empty() ? "" : "x") +
              getName(static_cast<ElementKind>(element)).str() + ">";
    else
      found += " of number " + std::to_string(element);
    return llvm::createStringError(
        llvm::formatv("expected argument '{0}' to be {1}, but found {2}",
                      slot.name, slot.type, found));
  }
  return HostTensor::borrow(slot.kind, shape, view.data);
}

static llvm::Expected<std::vector<HostTensor>>
run(const CPUFunction &function, llvm::ArrayRef<DsaTensorView> views) {
  const EntryPoint &entry = function.entry;
  if (views.size() != entry.arguments.size())
    return llvm::createStringError("expected %zu arguments, but found %zu",
                                   size_t(entry.arguments.size()),
                                   views.size());
  std::vector<HostTensor> arguments;
  llvm::SmallVector<llvm::SmallVector<int64_t, 4>> shapes;
  for (auto [slot, view] : llvm::zip(entry.arguments, views)) {
    auto argument = borrow(slot, view);
    if (!argument)
      return argument.takeError();
    shapes.emplace_back(argument->getShape());
    arguments.push_back(std::move(*argument));
  }
  if (auto error = checkShapes(entry, ShapeEnvironment(entry.function, shapes)))
    return std::move(error);
  return function.engine->run(arguments);
}

MlirLogicalResult dsaCPUFunctionRun(DsaCPUFunction function,
                                    intptr_t numArguments,
                                    const DsaTensorView *arguments,
                                    DsaTensor *results) {
  CPUFunction &callee = *unwrap(function);
  auto tensors = run(callee, llvm::ArrayRef(arguments, numArguments));
  if (!tensors) {
    report(callee.getContext(), tensors.takeError());
    return wrap(failure());
  }
  for (auto [number, tensor] : llvm::enumerate(*tensors))
    results[number] = wrap(new HostTensor(std::move(tensor)));
  return wrap(success());
}

DsaTensorView dsaTensorGetView(DsaTensor tensor) {
  HostTensor &owner = *unwrap(tensor);
  return {owner.getData(), static_cast<DsaElement>(owner.getKind()),
          owner.getRank(), owner.getShape().data()};
}

void dsaTensorDestroy(DsaTensor tensor) { delete unwrap(tensor); }

void dsaCPUFunctionDestroy(DsaCPUFunction function) { delete unwrap(function); }
