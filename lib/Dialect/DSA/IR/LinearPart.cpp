//===- LinearPart.cpp - dsa.linear_part -----------------------------------===//
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

LogicalResult LinearPartOp::verify() {
  ShapeVerifier verifier(*this);
  if (failed(verifier.checkOneKind()) ||
      failed(verifier.checkDestinations(getInits(), {"terms", "scales"}, 0)) ||
      failed(verifier.check(getQ(), "q", {"T", "H", "D"})) ||
      failed(verifier.check(getWeights(), "weights", {"T", "H"})) ||
      failed(verifier.check(getQScale(), "q_scale", {"T", "H"})) ||
      failed(verifier.check(getInits()[0], "terms", {"T", "P", "D"})) ||
      failed(verifier.check(getInits()[1], "scales", {"T", "P"})) ||
      failed(
          verifier.requireStatic(getQ(), "q", {"T", "H", "D"}, {"H", "D"})) ||
      failed(dsa::detail::verifyTerms(verifier, *this, getInits()[0], "terms",
                                      getQ())) ||
      failed(dsa::detail::verifyElementType(*this, getInits()[1], "scales",
                                            Float32Type::get(getContext()))))
    return failure();
  return dsa::detail::verifySchedule(*this);
}

std::optional<int64_t> LinearPartOp::getRowDim(unsigned) { return 0; }
