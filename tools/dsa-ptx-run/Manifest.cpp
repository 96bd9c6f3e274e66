//===- Manifest.cpp - Many cases and what they must give ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Manifest.h"

#include "dsa/Runtime/CUDA/JSONReader.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;
using llvm::StringRef;

namespace {
class ManifestReader {
public:
  explicit ManifestReader(StringRef path)
      : directory(llvm::sys::path::parent_path(path)) {}

  Case readCase(const JSONCursor &at) const;

private:
  std::string readPath(const JSONCursor &at) const {
    llvm::SmallString<128> path(directory);
    llvm::sys::path::append(path, at.string());
    return path.str().str();
  }
  std::string readPathIf(const JSONCursor &at, StringRef field) const {
    return at.has(field) ? readPath(at[field]) : "";
  }
  Check readCheck(const JSONCursor &at) const;
  TopkRule readRule(const JSONCursor &at) const;
  SelectionCheck readSelection(const JSONCursor &at) const;

  StringRef directory;
};
} // namespace

TopkRule ManifestReader::readRule(const JSONCursor &at) const {
  TopkRule rule;
  rule.scores = at["scores"].string();
  rule.k = at["k"].integer(1, 1 << 20);
  rule.factors = readPathIf(at, "factors");
  rule.lo = readPathIf(at, "lo");
  rule.hi = readPathIf(at, "hi");
  rule.positions = readPathIf(at, "positions");
  if (at.has("window")) {
    auto ends = at["window"].elements(2);
    rule.window = {ends[0].integer(0), ends[1].integer(0)};
    if (rule.positions.empty())
      at["positions"].string();
  }
  if (at.has("first"))
    rule.first = at["first"].integer(0);
  if (at.has("block"))
    rule.block = at["block"].integer(1);
  return rule;
}

SelectionCheck ManifestReader::readSelection(const JSONCursor &at) const {
  SelectionCheck check;
  check.indices = at["indices"].string();
  check.count = at["count"].string();
  if (at.has("values"))
    check.values = at["values"].string();
  check.ordered = at["ordered"].boolean();
  JSONCursor expected = at["expected"];
  if (expected.has("scores"))
    check.expected = readRule(expected);
  else
    check.expected = SelectionCheck::Files{
        readPath(expected["indices"]), readPath(expected["count"]),
        check.values.empty() ? "" : readPath(expected["values"])};
  return check;
}

Check ManifestReader::readCheck(const JSONCursor &at) const {
  std::string kind = at["kind"].string();
  if (kind == "selection")
    return readSelection(at);
  if (kind == "equal")
    return EqualCheck{at["result"].string(), readPath(at["expected"])};
  if (kind != "close")
    at["kind"].fail(R"("close", "equal" or "selection")");
  CloseCheck check;
  check.result = at["result"].string();
  check.expected = readPath(at["expected"]);
  check.tolerance = at["tolerance"].number();
  if (at.has("floor"))
    check.floor = at["floor"].number();
  check.slack = readPathIf(at, "slack");
  return check;
}

Case ManifestReader::readCase(const JSONCursor &at) const {
  Case result;
  result.name = at["name"].string();
  result.kernels = readPath(at["kernels"]);
  result.launch = readPath(at["launch"]);
  result.entry = at["entry"].string();
  result.sample = at.has("sample") && at["sample"].boolean();
  for (const auto &[name, file] : at["inputs"].members())
    result.inputs.emplace_back(name, readPath(file));
  for (const JSONCursor &check : at["checks"].elements())
    result.checks.push_back(readCheck(check));
  return result;
}

llvm::Expected<std::vector<Case>> readManifest(StringRef path) {
  auto text = readText(path);
  if (!text)
    return text.takeError();
  std::string mistake;
  std::vector<Case> cases;
  auto document = parseJSON((*text)->getBuffer());
  if (document) {
    JSONCursor root(*document, mistake);
    if (root["version"].integer() != 1)
      root["version"].fail("1");
    for (const JSONCursor &element : root["cases"].elements())
      cases.push_back(ManifestReader(path).readCase(element));
  } else {
    mistake = llvm::toString(document.takeError());
  }
  if (!mistake.empty())
    return llvm::createStringError("'%s': %s", path.str().c_str(),
                                   mistake.c_str());
  return cases;
}
