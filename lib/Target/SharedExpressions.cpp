//===- SharedExpressions.cpp - Expressions that occur often ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedExpressions.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FormatVariadic.h"

#include <optional>
#include <vector>

using namespace mlir::dsa;
using llvm::json::Array;
using llvm::json::Object;
using Json = llvm::json::Value;

/// Expressions are the arrays that begin with a word.
static bool isExpression(const Json &json) {
  const Array *array = json.getAsArray();
  return array && !array->empty() && array->front().getAsString();
}

/// Whether what follows the word are expressions, and not mere numbers.
static bool hasOperands(const Array &expression) {
  auto word = expression.front().getAsString();
  return word != "size" && word != "iteration";
}

namespace {
/// All expressions of a function, each one once.
class Sharer {
public:
  /// Notes the expressions in `json`.
  void collect(const Json &json);
  /// `json` with the shared ones replaced.
  Json rewrite(const Json &json);

  Array values;

private:
  struct Node {
    /// How many words and numbers it has, and places where it is used.
    unsigned size = 1, uses = 0;
    /// Whether it differs between iterations: there is one value for all.
    bool varies = false;
    std::optional<int64_t> value;
  };

  unsigned intern(const Json &expression);
  bool isShared(const Node &node) const {
    // Smaller ones are easier to read where they stand.
    constexpr unsigned kLeast = 12;
    return node.uses > 1 && node.size >= kLeast && !node.varies;
  }

  std::vector<Node> nodes;
  /// By word and operands.
  llvm::StringMap<unsigned> numbers;
};
} // namespace

unsigned Sharer::intern(const Json &expression) {
  const Array *array = expression.getAsArray();
  if (!array || !hasOperands(*array)) {
    auto [found, isNew] =
        numbers.try_emplace(llvm::formatv("{0}", expression).str(), 0);
    if (isNew) {
      found->second = nodes.size();
      Node &node = nodes.emplace_back();
      node.varies = array && array->front().getAsString() == "iteration";
    }
    return found->second;
  }
  Node node;
  std::string key = array->front().getAsString()->str();
  llvm::SmallVector<unsigned> operands;
  for (const Json &operand : llvm::drop_begin(*array)) {
    unsigned number = intern(operand);
    operands.push_back(number);
    key += llvm::formatv(" #{0}", number).str();
    // Those that occur often may be large beyond counting.
    node.size = std::min(node.size + nodes[number].size, 1u << 20);
    node.varies |= nodes[number].varies;
  }
  auto [found, isNew] = numbers.try_emplace(key, nodes.size());
  if (isNew) {
    nodes.push_back(node);
    for (unsigned operand : operands)
      ++nodes[operand].uses;
  }
  return found->second;
}

void Sharer::collect(const Json &json) {
  if (isExpression(json)) {
    ++nodes[intern(json)].uses;
    return;
  }
  if (const Array *array = json.getAsArray())
    for (const Json &element : *array)
      collect(element);
  if (const Object *object = json.getAsObject())
    for (const auto &[name, member] : *object)
      collect(member);
}

Json Sharer::rewrite(const Json &json) {
  if (const Object *object = json.getAsObject()) {
    Object rewritten;
    for (const auto &[name, member] : *object)
      rewritten[name] = rewrite(member);
    return rewritten;
  }
  const Array *array = json.getAsArray();
  if (!array)
    return json;
  bool isShareable = isExpression(json) && hasOperands(*array);
  unsigned number = isShareable ? intern(json) : 0;
  if (isShareable && nodes[number].value)
    return Array{"value", *nodes[number].value};
  Array rewritten;
  for (const Json &element : *array)
    rewritten.push_back(rewrite(element));
  if (!isShareable || !isShared(nodes[number]))
    return rewritten;
  nodes[number].value = values.size();
  values.push_back(std::move(rewritten));
  return Array{"value", *nodes[number].value};
}

void mlir::dsa::shareExpressions(Object &function) {
  Sharer sharer;
  Json whole(std::move(function));
  sharer.collect(whole);
  function = std::move(*sharer.rewrite(whole).getAsObject());
  if (!sharer.values.empty())
    function["values"] = std::move(sharer.values);
}
