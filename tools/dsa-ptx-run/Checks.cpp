//===- Checks.cpp - What results have to be -------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "dsa/Runtime/MakeError.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace mlir::dsa;
using llvm::StringRef;

llvm::Expected<const HostTensor *> Results::find(StringRef name) const {
  for (auto [known, tensor] : llvm::zip(names, tensors))
    if (known == name)
      return &tensor;
  return makeError("no result is named '{0}'; there are: {1}", name,
                   llvm::join(names, ", "));
}

/// "3, 1, 4": where an element is.
static std::string getPosition(llvm::ArrayRef<int64_t> shape, int64_t index) {
  llvm::SmallVector<std::string> position;
  for (int64_t size : llvm::reverse(shape)) {
    position.push_back(std::to_string(index % size));
    index /= size;
  }
  return llvm::join(llvm::reverse(position), ", ");
}

std::string printNumber(double value) {
  if (std::isnan(value))
    return "nan";
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.9g", value);
  return text;
}

static llvm::Error checkShape(llvm::ArrayRef<int64_t> actual,
                              llvm::ArrayRef<int64_t> expected) {
  if (actual == expected)
    return llvm::Error::success();
  return makeError("has shape [{0}], expected [{1}]", shapeToString(actual),
                   shapeToString(expected));
}

//===----------------------------------------------------------------------===//
// Close and equal
//===----------------------------------------------------------------------===//

llvm::Expected<WorstError> findWorstError(const HostTensor &actual,
                                          const NpyValues &expected,
                                          double floor,
                                          llvm::ArrayRef<double> slack) {
  if (auto error = checkShape(actual.getShape(), expected.shape))
    return std::move(error);
  WorstError worst;
  const int64_t total = expected.values.size();
  const int64_t rows = expected.shape.empty() ? 1 : expected.shape[0];
  const int64_t width = rows ? total / rows : 0;
  for (int64_t row = 0; row < rows; ++row) {
    auto values = llvm::ArrayRef(expected.values).slice(row * width, width);
    double size = floor;
    for (double value : values)
      if (std::isfinite(value))
        size = std::max(size, std::fabs(value));
    for (int64_t i = 0; i < width; ++i) {
      double value = values[i], found = actual.get(row * width + i);
      double error = std::fabs(found - value);
      if (!slack.empty() && !std::isnan(error))
        error = std::max(error - slack[row * width + i], 0.0);
      error /= size;
      // Infinities, and NaN where that is expected.
      bool same = found == value || (std::isnan(found) && std::isnan(value));
      if (!std::isfinite(value) || std::isnan(error))
        error = same ? 0 : std::numeric_limits<double>::infinity();
      if (error > worst.error)
        worst = {error, row * width + i};
    }
  }
  return worst;
}

static llvm::Error check(const CloseCheck &check, const Results &results) {
  auto actual = results.find(check.result);
  if (!actual)
    return actual.takeError();
  auto expected = readNpyValues(check.expected);
  if (!expected)
    return expected.takeError();
  NpyValues slack;
  if (!check.slack.empty()) {
    auto read = readNpyValues(check.slack);
    if (!read)
      return read.takeError();
    slack = std::move(*read);
    if (auto error = checkShape(slack.shape, expected->shape))
      return makeError("'{0}' {1}", check.slack,
                       llvm::toString(std::move(error)));
  }
  auto worst = findWorstError(**actual, *expected, check.floor, slack.values);
  if (!worst)
    return makeError("result '{0}' {1}", check.result,
                     llvm::toString(worst.takeError()));
  if (worst->error <= check.tolerance)
    return llvm::Error::success();
  return makeError("result '{0}' is off by {1}, more than {2}, at [{3}]: "
                   "expected {4}, got {5}",
                   check.result, llvm::format("%.1e", worst->error),
                   llvm::format("%.0e", check.tolerance),
                   getPosition(expected->shape, worst->index),
                   printNumber(expected->values[worst->index]),
                   printNumber((*actual)->get(worst->index)));
}

/// The two zeros are one, and so are all NaN.
static llvm::Error checkEqual(StringRef name, const NpyValues &actual,
                              const NpyValues &expected) {
  if (auto error = checkShape(actual.shape, expected.shape))
    return makeError("result '{0}' {1}", name,
                     llvm::toString(std::move(error)));
  size_t wrong = 0, first = 0;
  for (size_t i = 0; i < expected.values.size(); ++i) {
    double value = expected.values[i], found = actual.values[i];
    if (found == value || (std::isnan(found) && std::isnan(value)))
      continue;
    if (wrong++ == 0)
      first = i;
  }
  if (wrong == 0)
    return llvm::Error::success();
  return makeError(
      "result '{0}' is wrong in {1} of {2} places, first at "
      "[{3}]: expected {4}, got {5}",
      name, wrong, expected.values.size(), getPosition(expected.shape, first),
      printNumber(expected.values[first]), printNumber(actual.values[first]));
}

static llvm::Expected<NpyValues> getValues(const Results &results,
                                           StringRef name) {
  auto tensor = results.find(name);
  if (!tensor)
    return tensor.takeError();
  NpyValues values{llvm::to_vector<4>((*tensor)->getShape()), {}};
  values.values.resize((*tensor)->getNumElements());
  (*tensor)->decode(0, values.values);
  return values;
}

static llvm::Error check(const EqualCheck &check, const Results &results) {
  auto actual = getValues(results, check.result);
  if (!actual)
    return actual.takeError();
  auto expected = readNpyValues(check.expected);
  if (!expected)
    return expected.takeError();
  return checkEqual(check.result, *actual, *expected);
}

//===----------------------------------------------------------------------===//
// Selections
//===----------------------------------------------------------------------===//

/// Sorts every list by index, -1 last, with values still beside their indices.
static void sortLists(Selection &selection) {
  if (selection.indices.shape.empty())
    return;
  auto &indices = selection.indices.values, &values = selection.values.values;
  const size_t width = selection.indices.shape.back();
  for (size_t begin = 0; begin < indices.size(); begin += width) {
    // As unsigned numbers, -1 is the largest.
    std::vector<std::pair<uint32_t, size_t>> order;
    for (size_t i = begin; i < begin + width; ++i)
      order.emplace_back(uint32_t(int64_t(indices[i])), i);
    llvm::sort(order);
    auto reorder = [&](std::vector<double> &list) {
      std::vector<double> sorted;
      sorted.reserve(width);
      for (auto [index, place] : order)
        sorted.push_back(list[place]);
      llvm::copy(sorted, list.begin() + begin);
    };
    if (values.size() == indices.size())
      reorder(values);
    reorder(indices);
  }
}

static llvm::Expected<Selection> getExpected(const SelectionCheck &check,
                                             const Results &results) {
  if (const auto *rule = std::get_if<TopkRule>(&check.expected)) {
    auto scores = results.find(rule->scores);
    if (!scores)
      return scores.takeError();
    return applyRule(*rule, **scores);
  }
  const auto &files = std::get<SelectionCheck::Files>(check.expected);
  Selection selection;
  for (auto [path, values] : {std::pair(&files.indices, &selection.indices),
                              std::pair(&files.count, &selection.count),
                              std::pair(&files.values, &selection.values)}) {
    if (path->empty())
      continue;
    auto read = readNpyValues(*path);
    if (!read)
      return read.takeError();
    *values = std::move(*read);
  }
  return selection;
}

static llvm::Error check(const SelectionCheck &check, const Results &results) {
  Selection actual;
  for (auto [name, values] : {std::pair(&check.indices, &actual.indices),
                              std::pair(&check.count, &actual.count),
                              std::pair(&check.values, &actual.values)}) {
    if (name->empty())
      continue;
    auto found = getValues(results, *name);
    if (!found)
      return found.takeError();
    *values = std::move(*found);
  }
  auto expected = getExpected(check, results);
  if (!expected)
    return expected.takeError();
  if (!check.ordered) {
    sortLists(actual);
    sortLists(*expected);
  }
  if (auto error = checkEqual(check.indices, actual.indices, expected->indices))
    return error;
  if (auto error = checkEqual(check.count, actual.count, expected->count))
    return error;
  if (check.values.empty())
    return llvm::Error::success();
  return checkEqual(check.values, actual.values, expected->values);
}

std::vector<StringRef> getCheckedResults(const Check &check) {
  if (const auto *close = std::get_if<CloseCheck>(&check))
    return {close->result};
  if (const auto *equal = std::get_if<EqualCheck>(&check))
    return {equal->result};
  const auto &selection = std::get<SelectionCheck>(check);
  std::vector<StringRef> names = {selection.indices, selection.count,
                                  selection.values};
  // Scores that a selection goes by are not free to be anything either.
  if (const auto *rule = std::get_if<TopkRule>(&selection.expected))
    names.push_back(rule->scores);
  return names;
}

llvm::Error runCheck(const Check &check, const Results &results) {
  return std::visit([&](const auto &which) { return ::check(which, results); },
                    check);
}
