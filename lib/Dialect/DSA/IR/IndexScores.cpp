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
  SmallVector<StringRef> keyScaleShape = {"N"}, tableShape = {"M"};
  if (getTable())
    keyScaleShape = {"Np", "S"};
  else if (getSeq())
    keyScaleShape = {"B", "N"};
  if (getSeq())
    tableShape = {"B", "M"};
  SmallVector<StringRef> keyShape = keyScaleShape;
  keyShape.push_back("D");
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
      failed(verifier.check(getTable(), "table", tableShape)) ||
      failed(verifier.check(getInits()[0], "scores", {"T", "N"})) ||
      failed(
          verifier.requireStatic(getQ(), "q", {"T", "H", "D"}, {"H", "D"})) ||
      failed(verifier.requireStatic(getK(), "k", keyShape, {"S", "D"})) ||
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
  enum Group { K = 1, KScale = 4, Table = 10 };
  for (Group group : {K, KScale, Table})
    if (dsa::detail::isInGroup(*this, number, group))
      return std::nullopt;
  return 0;
}
