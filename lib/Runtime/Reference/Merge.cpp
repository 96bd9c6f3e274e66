//===- Merge.cpp - Reference of dsa.merge ---------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operations.h"

#include <cmath>

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::reference;

std::vector<ReferenceTensor> mlir::dsa::reference::computeMerge(MergeOp op,
                                                                Lookup lookup) {
  const ReferenceTensor &outs = *lookup(op.getOut()),
                        &lses = *lookup(op.getLse());
  const ReferenceTensor *sink = lookup(op.getSink());
  const int64_t parts = outs.shape[0], heads = outs.shape[2],
                width = outs.shape[3], places = outs.shape[1] * heads;
  auto outType = llvm::cast<ShapedType>(op.getInits()[0].getType());
  ReferenceTensor out(*getElementKind(outType.getElementType()),
                      ArrayRef(outs.shape).drop_front());
  ReferenceTensor lse(ElementKind::F32, ArrayRef(lses.shape).drop_front());
  // A logarithm: an absolute error there is a relative one of the weights.
  lse.rowScale.assign(outs.shape[1], 1.0);

  for (int64_t place = 0; place < places; ++place) {
    double largest = -kInfinity, sum = 0;
    for (int64_t part = 0; part < parts; ++part) {
      double value = lses.data[part * places + place];
      largest = std::isnan(value) ? value : std::max(largest, value);
    }
    double shift = std::isinf(largest) ? 0.0 : largest;
    for (int64_t part = 0; part < parts; ++part)
      sum += std::exp(lses.data[part * places + place] - shift);
    lse.data[place] = shift + std::log(sum);
    double total = sum;
    if (sink)
      total += std::exp(sink->data[place % heads] - shift);
    for (int64_t part = 0; part < parts; ++part) {
      double value = lses.data[part * places + place];
      if (value == -kInfinity)
        continue;
      double weight = std::exp(value - shift) / total;
      const double *partial =
          outs.data.data() + (part * places + place) * width;
      for (int64_t d = 0; d < width; ++d)
        out.data[place * width + d] += weight * partial[d];
    }
  }
  std::vector<ReferenceTensor> results;
  results.push_back(std::move(out));
  results.push_back(std::move(lse));
  return results;
}
