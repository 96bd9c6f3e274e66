//===- TestFunction.h - Functions and tensors for tests ---------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_UNITTESTS_RUNTIME_TESTFUNCTION_H
#define DSA_UNITTESTS_RUNTIME_TESTFUNCTION_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Runtime/EntryPoint.h"
#include "dsa/Runtime/OperandShapes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

#include <limits>

namespace mlir::dsa::test {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// A parsed module and its entry point.
struct TestFunction {
  explicit TestFunction(llvm::StringRef text) {
    context.loadDialect<DSADialect, arith::ArithDialect, func::FuncDialect,
                        linalg::LinalgDialect, tensor::TensorDialect>();
    module = parseSourceString<ModuleOp>(text, &context);
    if (!module) {
      ADD_FAILURE() << "invalid module";
      return;
    }
    auto found = findEntryPoint(*module, "");
    if (found)
      entry = *found;
    else
      ADD_FAILURE() << llvm::toString(found.takeError());
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  EntryPoint entry;
};

inline HostTensor makeTensor(ElementKind kind, llvm::ArrayRef<int64_t> shape,
                             llvm::ArrayRef<double> values) {
  HostTensor tensor = llvm::cantFail(HostTensor::create(kind, shape));
  EXPECT_EQ(tensor.getNumElements(), int64_t(values.size()));
  for (size_t i = 0; i < values.size(); ++i)
    tensor.set(i, values[i]);
  return tensor;
}

inline std::vector<double> getValues(const HostTensor &tensor) {
  std::vector<double> values(tensor.getNumElements());
  tensor.decode(0, values);
  return values;
}

/// A list of tensors; they cannot be copied out of an initialiser list.
template <typename... Tensors>
std::vector<HostTensor> listOf(Tensors &&...tensors) {
  std::vector<HostTensor> list;
  (list.push_back(std::move(tensors)), ...);
  return list;
}

} // namespace mlir::dsa::test

#endif // DSA_UNITTESTS_RUNTIME_TESTFUNCTION_H
