//===- main.cpp - The compiler inside another program ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds a layer with the C++ API, compiles it, and has in memory: PTX, what
// there is to launch, and what the compiler decided. Usage: embed-cpp [chip]
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/InitAll.h"
#include "dsa/Pipelines/CompileToPTX.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Remarks.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

/// Rows of 16 heads and all keys: scores, the best 64, attention to them.
static OwningOpRef<ModuleOp> buildLayer(MLIRContext &context) {
  OpBuilder b(&context);
  Location loc = b.getUnknownLoc();
  auto tensor = [&](ArrayRef<int64_t> shape, Type element) -> Type {
    return RankedTensorType::get(shape, element);
  };
  constexpr int64_t kAny = ShapedType::kDynamic;
  Type f32 = b.getF32Type(), bf16 = b.getBF16Type();
  SmallVector<Type> arguments = {
      tensor({kAny, 4, 32}, bf16), tensor({kAny, 32}, bf16), // index q and k
      tensor({kAny, 4}, f32),                                // weights
      tensor({kAny, 16, 576}, bf16), tensor({kAny, 576}, bf16)}; // q and keys
  SmallVector<Type> results = {tensor({kAny, 16, 512}, bf16),
                               tensor({kAny, 16}, f32)};

  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  b.setInsertionPointToEnd(module->getBody());
  auto layer = func::FuncOp::create(b, loc, "layer",
                                    b.getFunctionType(arguments, results));
  Block *body = layer.addEntryBlock();
  b.setInsertionPointToStart(body);
  auto scores = dsa::IndexScoresOp::create(b, loc, body->getArgument(0),
                                           body->getArgument(1),
                                           {.weights = body->getArgument(2)});
  auto best = dsa::TopkOp::create(b, loc, scores.getResult(0), /*k=*/64);
  auto attention = dsa::SparseAttentionOp::create(
      b, loc, body->getArgument(3), body->getArgument(4), best.getResult(0),
      /*valueWidth=*/512, /*scale=*/0.125, {.lengths = best.getResult(1)});
  func::ReturnOp::create(b, loc, attention.getResults());
  return module;
}

namespace {
/// Keeps what passes say of their choices.
class RemarkList : public remark::detail::MLIRRemarkStreamerBase {
public:
  explicit RemarkList(std::vector<std::string> &texts) : texts(texts) {}
  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    texts.push_back(remark.getMsg());
  }

private:
  std::vector<std::string> &texts;
};
} // namespace

static void printKernels(const llvm::json::Array &launches) {
  for (const llvm::json::Value &launch : launches)
    if (const llvm::json::Array *repeated =
            launch.getAsObject()->getArray("launches"))
      printKernels(*repeated);
    else
      llvm::outs() << "kernel: " << *launch.getAsObject()->getString("kernel")
                   << "\n";
}

int main(int argc, char **argv) {
  DialectRegistry registry;
  dsa::registerAllDialects(registry);
  MLIRContext context(registry);
  context.loadAllAvailableDialects();

  std::vector<std::string> remarks;
  remark::RemarkCategories categories;
  categories.passed = categories.missed = "dsa-schedule";
  if (failed(remark::enableOptimizationRemarks(
          context, std::make_unique<RemarkList>(remarks),
          std::make_unique<remark::RemarkEmittingPolicyAll>(), categories)))
    return 1;

  OwningOpRef<ModuleOp> module = buildLayer(context);
  if (failed(verify(*module)))
    return 1;
  // Errors are diagnostics; without a handler they go to standard error.
  FailureOr<dsa::DeviceModule> compiled =
      dsa::compileToPTX(*module, argc > 1 ? argv[1] : "sm_90a");
  if (failed(compiled))
    return 1;

  for (const std::string &text : remarks)
    llvm::outs() << "remark: " << text << "\n";
  const llvm::json::Array &functions = *compiled->record.getArray("functions");
  for (const llvm::json::Value &function : functions)
    for (const llvm::json::Value &variant :
         *function.getAsObject()->getArray("variants"))
      printKernels(*variant.getAsObject()->getArray("launches"));
  llvm::outs() << "PTX: " << StringRef(compiled->ptx).count(".entry")
               << " kernels for " << *compiled->record.getString("chip")
               << "\n";
  return 0;
}
