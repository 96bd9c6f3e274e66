//===- IndexScores.cpp - dsa.index_scores ---------------------------------===//
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

LogicalResult IndexScoresOp::verify() {
  ShapeVerifier verifier(*this);
  bool perSequence = static_cast<bool>(getSeq());
  SmallVector<StringRef> keyShape = {"N", "D"};
  SmallVector<StringRef> keyScaleShape = {"N"};
  if (perSequence) {
    keyShape.insert(keyShape.begin(), "B");
    keyScaleShape.insert(keyScaleShape.begin(), "B");
  }
  if (failed(verifier.checkOneKind()) ||
      failed(verifier.checkDestinations(getInits(), {"scores"}, 0)) ||
      failed(verifier.check(getQ(), "q", {"T", "H", "D"})) ||
      failed(verifier.check(getK(), "k", keyShape)) ||
      failed(verifier.checkSameElementType(getK(), "k", getQ(), "q")) ||
      failed(verifier.check(getWeights(), "weights", {"T", "H"})) ||
      failed(verifier.check(getQScale(), "q_scale", {"T", "H"})) ||
      failed(verifier.check(getKScale(), "k_scale", keyScaleShape)) ||
      failed(
          verifier.check(getLinearTerms(), "linear terms", {"T", "P", "D"})) ||
      failed(verifier.check(getLinearScales(), "linear scales", {"T", "P"})) ||
      failed(verifier.check(getLo(), "lo", {"T"})) ||
      failed(verifier.check(getHi(), "hi", {"T"})) ||
      failed(verifier.check(getSeq(), "seq", {"T"})) ||
      failed(verifier.check(getInits()[0], "scores", {"T", "N"})) ||
      failed(
          verifier.requireStatic(getQ(), "q", {"T", "H", "D"}, {"H", "D"})) ||
      failed(verifier.requireStatic(getK(), "k", keyShape, {"D"})) ||
      failed(dsa::detail::verifyBounds(*this)))
    return failure();
  if (static_cast<bool>(getLinearTerms()) !=
      static_cast<bool>(getLinearScales()))
    return emitOpError("expected 'linear terms' and 'linear scales' together, "
                       "but found only one");
  if (getLinearTerms() &&
      failed(dsa::detail::verifyTerms(verifier, *this, getLinearTerms(),
                                      "linear terms", getQ())))
    return failure();
  return dsa::detail::verifySchedule(*this);
}

std::optional<int64_t> IndexScoresOp::getRowDim(unsigned number) {
  enum Group { K = 1, KScale = 4 };
  if (dsa::detail::isInGroup(*this, number, K) ||
      dsa::detail::isInGroup(*this, number, KScale))
    return std::nullopt;
  return 0;
}
