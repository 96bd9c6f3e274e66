//===- LaunchRecord.cpp - How a compiled module is launched ---------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/LaunchRecord.h"

#include "dsa/Runtime/CUDA/JSONReader.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

static std::optional<Expression::Kind> findOperation(StringRef name) {
  using Kind = Expression::Kind;
  return llvm::StringSwitch<std::optional<Kind>>(name)
      .Case("size", Kind::Size)
      .Case("iteration", Kind::Iteration)
      .Case("value", Kind::Value)
      .Case("add", Kind::Add)
      .Case("sub", Kind::Sub)
      .Case("mul", Kind::Mul)
      .Case("min", Kind::Min)
      .Case("max", Kind::Max)
      .Case("floordiv", Kind::FloorDiv)
      .Case("ceildiv", Kind::CeilDiv)
      .Case("mod", Kind::Mod)
      .Case("eq", Kind::Eq)
      .Case("ne", Kind::Ne)
      .Case("lt", Kind::Lt)
      .Case("le", Kind::Le)
      .Case("gt", Kind::Gt)
      .Case("ge", Kind::Ge)
      .Case("and", Kind::And)
      .Case("or", Kind::Or)
      .Case("select", Kind::Select)
      .Default(std::nullopt);
}

/// The number of one of `count` things.
static unsigned readNumber(const JSONCursor &at, size_t count,
                           const char *things) {
  if (count)
    return at.integer(0, int64_t(count) - 1);
  at.fail(llvm::Twine("no number, for there are no ") + things);
  return 0;
}

/// Of something that `loops` repetitions are around.
static Expression readExpression(const JSONCursor &at,
                                 const FunctionRecord &function,
                                 unsigned loops = 0) {
  Expression expression;
  if (!at.isArray()) {
    if (!at.isInteger())
      at.fail("an integer or [\"operation\", operands...]");
    expression.value = at.integer();
    return expression;
  }
  std::vector<JSONCursor> parts = at.elements();
  std::string name = parts.empty() ? "" : parts[0].string();
  auto kind = findOperation(name);
  if (!kind) {
    at.fail("\"size\", \"add\" or another operation in front");
    return expression;
  }
  expression.kind = *kind;
  if (*kind == Expression::Kind::Iteration) {
    expression.value = readNumber(at.elements(2)[1], loops, "repetitions");
    return expression;
  }
  if (*kind == Expression::Kind::Value) {
    expression.value =
        readNumber(at.elements(2)[1], function.values.size(), "values");
    return expression;
  }
  parts = at.elements(*kind == Expression::Kind::Select ? 4 : 3);
  if (*kind == Expression::Kind::Size) {
    size_t count = function.arguments.size();
    expression.argument = readNumber(parts[1], count, "arguments");
    if (expression.argument < count)
      expression.dimension = readNumber(
          parts[2], function.arguments[expression.argument].shape.size(),
          "dimensions");
    return expression;
  }
  for (const JSONCursor &operand : llvm::ArrayRef(parts).drop_front())
    expression.operands.push_back(readExpression(operand, function, loops));
  return expression;
}

static std::vector<Expression> readExpressions(const JSONCursor &at,
                                               const FunctionRecord &function,
                                               unsigned loops = 0) {
  std::vector<Expression> expressions;
  for (const JSONCursor &element : at.elements())
    expressions.push_back(readExpression(element, function, loops));
  return expressions;
}

//===----------------------------------------------------------------------===//
// Arguments, buffers and results
//===----------------------------------------------------------------------===//

static std::optional<ElementKind> findElement(StringRef name) {
  for (ElementKind kind : kElementKinds)
    if (getName(kind) == name)
      return kind;
  return std::nullopt;
}

static std::string getElementNames() {
  return llvm::join(llvm::map_range(kElementKinds, getName), ", ");
}

/// A name that can be part of `name=file` and of a file name, and that is new.
static std::string readName(const JSONCursor &at,
                            llvm::ArrayRef<std::string> others) {
  std::string name = at.string();
  bool usable =
      !name.empty() && name.front() != '.' && llvm::all_of(name, [](char c) {
        return llvm::isAlnum(c) || c == '_' || c == '-' || c == '.';
      });
  if (!usable)
    at.fail("a name of letters, digits, '_', '-' and '.'");
  else if (llvm::is_contained(others, name))
    at.fail("a name of its own");
  return name;
}

template <typename Record>
static std::vector<std::string> getNames(const std::vector<Record> &records) {
  std::vector<std::string> names;
  names.reserve(records.size());
  for (const Record &record : records)
    names.push_back(record.name);
  return names;
}

static void readArguments(const JSONCursor &at, FunctionRecord &function) {
  for (const JSONCursor &element : at.elements()) {
    ArgumentRecord argument;
    argument.name = readName(element["name"], getNames(function.arguments));
    auto kind = findElement(element["element"].string());
    if (!kind)
      element["element"].fail("one of " + getElementNames());
    argument.element = kind.value_or(ElementKind::F32);
    for (const JSONCursor &size : element["shape"].elements())
      argument.shape.push_back(size.isNull() ? kDynamicSize : size.integer(0));
    function.arguments.push_back(std::move(argument));
  }
}

/// Each of them can depend on those before it.
static void readValues(const JSONCursor &at, FunctionRecord &function) {
  for (const JSONCursor &element : at.elements())
    function.values.push_back(readExpression(element, function));
}

static void readRequirements(const JSONCursor &at, FunctionRecord &function) {
  for (const JSONCursor &element : at.elements())
    function.requirements.push_back(
        {readExpression(element["condition"], function),
         element["message"].string()});
}

static BufferElement readBufferElement(const JSONCursor &at) {
  std::string name = at.string();
  if (auto kind = findElement(name))
    return {name, getByteSize(*kind), kind};
  if (name == "i64")
    return {name, 8, std::nullopt};
  if (name == "i1")
    return {name, 1, std::nullopt};
  at.fail("one of " + getElementNames() + ", i64, i1");
  return {name, 1, std::nullopt};
}

/// Of iterations that run at the same time: each needs streams and memory.
static constexpr int64_t kMostConcurrent = 64;

static void readBuffers(const JSONCursor &at, FunctionRecord &function) {
  std::vector<bool> taken(function.arguments.size());
  for (const JSONCursor &element : at.elements()) {
    BufferRecord buffer;
    std::string kind = element["kind"].string();
    buffer.element = readBufferElement(element["element"]);
    buffer.shape = readExpressions(element["shape"], function);
    buffer.kind = kind == "argument" ? BufferRecord::Kind::Argument
                  : kind == "result" ? BufferRecord::Kind::Result
                                     : BufferRecord::Kind::Workspace;
    if (kind != "argument" && kind != "result" && kind != "workspace")
      element["kind"].fail(R"("argument", "result" or "workspace")");
    if (element.has("copies")) {
      buffer.copies = element["copies"].integer(1, kMostConcurrent);
      if (buffer.kind != BufferRecord::Kind::Workspace)
        element["copies"].fail("no copies but of workspace");
    }
    if (buffer.kind == BufferRecord::Kind::Argument) {
      JSONCursor number = element["argument"];
      buffer.argument = readNumber(number, taken.size(), "arguments");
      if (buffer.argument >= taken.size())
        return;
      if (taken[buffer.argument])
        number.fail("an argument that has no buffer yet");
      taken[buffer.argument] = true;
      ElementKind expected = function.arguments[buffer.argument].element;
      if (buffer.element.kind != expected)
        element["element"].fail("the argument's, " + getName(expected));
    }
    function.buffers.push_back(std::move(buffer));
  }
}

static void readResults(const JSONCursor &at, FunctionRecord &function) {
  for (const JSONCursor &element : at.elements()) {
    ResultRecord result;
    result.name = readName(element["name"], getNames(function.results));
    result.buffer =
        readNumber(element["buffer"], function.buffers.size(), "buffers");
    if (result.buffer >= function.buffers.size())
      return;
    const BufferRecord &buffer = function.buffers[result.buffer];
    if (buffer.kind == BufferRecord::Kind::Workspace)
      element["buffer"].fail("the buffer of a result or an argument",
                             "workspace");
    if (!buffer.element.kind)
      element["buffer"].fail("a buffer of " + getElementNames(),
                             "one of " + buffer.element.name);
    function.results.push_back(std::move(result));
  }
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

/// Where a view begins, its sizes and strides.
static void readView(const JSONCursor &at, const FunctionRecord &function,
                     unsigned loops, ParameterRecord &parameter) {
  parameter.buffer =
      readNumber(at["buffer"], function.buffers.size(), "buffers");
  // Tensor maps of whole buffers need not say where those begin.
  if (parameter.kind == ParameterRecord::Kind::Memref || at.has("offset"))
    parameter.value = readExpression(at["offset"], function, loops);
  parameter.sizes = readExpressions(at["sizes"], function, loops);
  parameter.strides = readExpressions(at["strides"], function, loops);
  if (parameter.sizes.size() != parameter.strides.size())
    at["strides"].fail("as many as there are sizes",
                       llvm::Twine(parameter.strides.size()) + " for " +
                           llvm::Twine(parameter.sizes.size()));
}

static void readTensorMap(const JSONCursor &at, const FunctionRecord &function,
                          unsigned loops, ParameterRecord &parameter) {
  readView(at, function, loops, parameter);
  size_t rank = parameter.sizes.size();
  if (rank < 1 || rank > 5)
    at["sizes"].fail("1 to 5 dimensions", llvm::Twine(rank));
  for (const JSONCursor &extent : at["box"].elements(rank))
    parameter.box.push_back(extent.integer(1, 256));
  parameter.swizzle = at["swizzle"].integer(0, 128);
  if (!llvm::is_contained({0, 32, 64, 128}, parameter.swizzle))
    at["swizzle"].fail("0, 32, 64 or 128");
  if (parameter.buffer >= function.buffers.size() || parameter.box.empty())
    return;

  const BufferElement &element = function.buffers[parameter.buffer].element;
  if (!element.kind)
    at["buffer"].fail("a buffer of " + getElementNames(),
                      "one of " + element.name);
  int64_t inner = parameter.box.back() * element.bytes;
  if (inner % 16)
    at["box"].fail("a multiple of 16 bytes in the innermost dimension",
                   llvm::Twine(inner));
  if (parameter.swizzle && inner > parameter.swizzle)
    at["box"].fail("at most the " + llvm::Twine(parameter.swizzle) +
                       " bytes of the swizzle in the innermost dimension",
                   llvm::Twine(inner));
}

static ParameterRecord readParameter(const JSONCursor &at,
                                     const FunctionRecord &function,
                                     unsigned loops) {
  using Kind = ParameterRecord::Kind;
  ParameterRecord parameter;
  std::string kind = at["kind"].string();
  parameter.kind = kind == "memref"       ? Kind::Memref
                   : kind == "tensor_map" ? Kind::TensorMap
                   : kind == "i32"        ? Kind::I32
                   : kind == "f32"        ? Kind::F32
                                          : Kind::I64;
  switch (parameter.kind) {
  case Kind::Memref:
    readView(at, function, loops, parameter);
    break;
  case Kind::TensorMap:
    readTensorMap(at, function, loops, parameter);
    break;
  case Kind::F32:
    parameter.number = at["value"].number();
    break;
  case Kind::I32:
  case Kind::I64:
    if (kind != "i32" && kind != "i64")
      at["kind"].fail(R"("memref", "tensor_map", "i64", "i32" or "f32")");
    parameter.value = readExpression(at["value"], function, loops);
    break;
  }
  return parameter;
}

static std::array<unsigned, 3> readExtents(const JSONCursor &at,
                                           const char *what, int64_t most) {
  std::array<unsigned, 3> extents;
  int64_t product = 1;
  for (auto [extent, element] : llvm::zip(extents, at.elements(3)))
    product *= extent = element.integer(1, most);
  if (product > most)
    at.fail("at most " + llvm::Twine(most) + " " + what, llvm::Twine(product));
  return extents;
}

static LaunchStep readLaunch(const JSONCursor &at,
                             const FunctionRecord &function, unsigned loops) {
  LaunchStep launch;
  launch.kernel = at["kernel"].string();
  if (launch.kernel.empty() || llvm::is_contained(launch.kernel, '\0'))
    at["kernel"].fail("the name of a kernel");
  for (auto [extent, element] : llvm::zip(launch.grid, at["grid"].elements(3)))
    extent = readExpression(element, function, loops);
  launch.block = readExtents(at["block"], "threads", 1024);
  launch.cluster = readExtents(at["cluster"], "blocks", 16);
  launch.sharedMemory = at["shared_memory"].integer(0, 1 << 20);
  for (const JSONCursor &element : at["parameters"].elements())
    launch.parameters.push_back(readParameter(element, function, loops));
  return launch;
}

/// Launches, and repetitions of launches; `concurrent` within a repetition of
/// which several iterations run at the same time.
static std::vector<LaunchStep> readLaunches(const JSONCursor &at,
                                            const FunctionRecord &function,
                                            unsigned loops = 0,
                                            bool concurrent = false) {
  // So that readers need little memory of their own.
  constexpr unsigned kMostLoops = 8;
  std::vector<LaunchStep> launches;
  for (const JSONCursor &element : at.elements()) {
    if (!element.has("repeat")) {
      launches.push_back(readLaunch(element, function, loops));
      continue;
    }
    if (loops == kMostLoops) {
      element.fail("at most " + llvm::Twine(kMostLoops) +
                   " repetitions around one another");
      continue;
    }
    LaunchStep &loop = launches.emplace_back();
    loop.repeat = readExpression(element["repeat"], function, loops);
    if (element.has("concurrent")) {
      loop.concurrent = element["concurrent"].integer(1, kMostConcurrent);
      if (concurrent && loop.concurrent > 1)
        element["concurrent"].fail("1 within a concurrent repetition");
    }
    loop.launches = readLaunches(element["launches"], function, loops + 1,
                                 concurrent || loop.concurrent > 1);
  }
  return launches;
}

static void readVariants(const JSONCursor &at, FunctionRecord &function) {
  std::vector<JSONCursor> elements = at.elements();
  if (elements.empty())
    at.fail("at least one variant");
  for (const JSONCursor &element : elements) {
    VariantRecord variant;
    variant.when = readExpression(element["when"], function);
    variant.launches = readLaunches(element["launches"], function);
    function.variants.push_back(std::move(variant));
  }
}

llvm::Expected<LaunchRecord>
mlir::dsa::cuda::parseLaunchRecord(StringRef text) {
  auto document = parseJSON(text);
  if (!document)
    return document.takeError();
  std::string mistake;
  JSONCursor root(*document, mistake);
  LaunchRecord record;
  // Before all else: another version may have other fields.
  if (root["version"].integer() != LaunchRecord::kVersion)
    root["version"].fail(llvm::Twine(LaunchRecord::kVersion));
  record.producer = root["producer"].string();
  record.chip = root["chip"].string();
  for (const JSONCursor &element : root["functions"].elements()) {
    FunctionRecord function;
    function.name = readName(element["name"], getNames(record.functions));
    readArguments(element["arguments"], function);
    if (element.has("values"))
      readValues(element["values"], function);
    if (element.has("requires"))
      readRequirements(element["requires"], function);
    readBuffers(element["buffers"], function);
    readResults(element["results"], function);
    readVariants(element["variants"], function);
    record.functions.push_back(std::move(function));
  }
  if (!mistake.empty())
    return llvm::createStringError(mistake);
  return record;
}

llvm::Expected<LaunchRecord> mlir::dsa::cuda::readLaunchRecord(StringRef path) {
  auto text = readText(path);
  if (!text)
    return text.takeError();
  auto record = parseLaunchRecord((*text)->getBuffer());
  if (!record)
    return llvm::createStringError("'%s': %s", path.str().c_str(),
                                   llvm::toString(record.takeError()).c_str());
  return record;
}

llvm::Expected<const FunctionRecord *>
LaunchRecord::find(StringRef name) const {
  for (const FunctionRecord &function : functions)
    if (function.name == name)
      return &function;
  std::string known =
      functions.empty() ? "none" : llvm::join(getNames(functions), ", ");
  if (!name.empty())
    return llvm::createStringError("no function '%s' in the launch record, "
                                   "which has %s",
                                   name.str().c_str(), known.c_str());
  if (functions.size() != 1)
    return llvm::createStringError(
        "expected a launch record of one function, found %s: choose one with "
        "--entry",
        known.c_str());
  return &functions.front();
}
