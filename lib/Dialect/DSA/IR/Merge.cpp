//===- Merge.cpp - dsa.merge ----------------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpUtils.h"
#include "ShapeVerifier.h"
#include "dsa/Dialect/DSA/IR/DSA.h"

using namespace mlir;
using namespace mlir::dsa;

LogicalResult MergeOp::verify() {
  ShapeVerifier verifier(*this);
  if (failed(verifier.checkOneKind()) ||
      failed(verifier.checkDestinations(getInits(), {"out", "lse"}, 0)) ||
      failed(verifier.check(getOut(), "partial out", {"P", "T", "H", "Dv"})) ||
      failed(verifier.check(getLse(), "partial lse", {"P", "T", "H"})) ||
      failed(verifier.check(getSink(), "sink", {"H"})) ||
      failed(verifier.check(getInits()[0], "out", {"T", "H", "Dv"})) ||
      failed(verifier.check(getInits()[1], "lse", {"T", "H"})) ||
      failed(verifier.requireStatic(getOut(), "partial out",
                                    {"P", "T", "H", "Dv"}, {"H", "Dv"})) ||
      failed(verifier.requireStatic(getInits()[0], "out", {"T", "H", "Dv"},
                                    {"H", "Dv"})))
    return failure();
  if (failed(dsa::detail::verifyElementType(*this, getInits()[1], "lse",
                                            Float32Type::get(getContext()))))
    return failure();
  return dsa::detail::verifySchedule(*this);
}

std::optional<int64_t> MergeOp::getRowDim(unsigned number) {
  enum Group { Out = 0, Lse = 1, Sink = 2 };
  if (dsa::detail::isInGroup(*this, number, Sink))
    return std::nullopt;
  bool isPartial = dsa::detail::isInGroup(*this, number, Out) ||
                   dsa::detail::isInGroup(*this, number, Lse);
  return isPartial ? 1 : 0;
}
