//===- LaunchRecordTest.cpp - Reading launch records ----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/LaunchRecord.h"

#include "TestRecord.h"
#include "dsa/Runtime/CUDA/JSONReader.h"
#include "gtest/gtest.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

namespace {

std::string errorOf(const std::string &text) {
  auto record = parseLaunchRecord(text);
  return record ? "" : llvm::toString(record.takeError());
}

/// The error after one replacement in the good record.
std::string errorWith(llvm::StringRef from, llvm::StringRef to) {
  return errorOf(replaced(kRecord, from, to));
}

TEST(LaunchRecord, ReadsEverything) {
  auto record = llvm::cantFail(parseLaunchRecord(kRecord));
  EXPECT_EQ(record.producer, "dsa 0.1.0");
  EXPECT_EQ(record.chip, "sm_90a");
  ASSERT_EQ(record.functions.size(), 1u);
  const FunctionRecord &function = record.functions[0];
  EXPECT_EQ(function.name, "main");
  ASSERT_EQ(function.arguments.size(), 2u);
  EXPECT_EQ(function.arguments[0].name, "q");
  EXPECT_EQ(function.arguments[0].element, ElementKind::F32);
  EXPECT_EQ(function.arguments[0].shape, (Shape{kDynamicSize, 4}));
  EXPECT_EQ(function.arguments[1].element, ElementKind::I32);
  ASSERT_EQ(function.buffers.size(), 4u);
  EXPECT_EQ(function.buffers[0].kind, BufferRecord::Kind::Argument);
  EXPECT_EQ(function.buffers[1].kind, BufferRecord::Kind::Result);
  EXPECT_EQ(function.buffers[2].kind, BufferRecord::Kind::Workspace);
  EXPECT_EQ(function.buffers[2].element.name, "i64");
  EXPECT_EQ(function.buffers[2].element.bytes, 8);
  EXPECT_EQ(function.buffers[2].element.kind, std::nullopt);
  EXPECT_EQ(function.buffers[3].element.bytes, 1);
  ASSERT_EQ(function.results.size(), 2u);
  EXPECT_EQ(function.results[1].name, "updated");
  EXPECT_EQ(function.results[1].buffer, 0u);
  ASSERT_EQ(function.variants.size(), 2u);
  EXPECT_TRUE(function.variants[0].launches.empty());
  const LaunchStep &launch = function.variants[1].launches[0];
  EXPECT_EQ(launch.kernel, "main_0");
  EXPECT_EQ(launch.grid[0].kind, Expression::Kind::CeilDiv);
  EXPECT_EQ(launch.block, (std::array<unsigned, 3>{256, 2, 1}));
  EXPECT_EQ(launch.cluster, (std::array<unsigned, 3>{2, 1, 1}));
  EXPECT_EQ(launch.sharedMemory, 65536u);
  ASSERT_EQ(launch.parameters.size(), 4u);
  EXPECT_EQ(launch.parameters[0].kind, ParameterRecord::Kind::Memref);
  EXPECT_EQ(launch.parameters[0].sizes.size(), 2u);
  EXPECT_EQ(launch.parameters[3].kind, ParameterRecord::Kind::F32);
  EXPECT_EQ(launch.parameters[3].number, 0.5f);
}

TEST(LaunchRecord, ReadsRepetitions) {
  std::string text = repeated(kRecord, R"(["size", 1, 0])");
  text = replaced(text, R"("offset": 4)", R"("offset": ["iteration", 0])");
  auto record = llvm::cantFail(parseLaunchRecord(text));
  const auto &launches = record.functions[0].variants[1].launches;
  ASSERT_EQ(launches.size(), 1u);
  ASSERT_TRUE(launches[0].repeat);
  EXPECT_EQ(launches[0].repeat->kind, Expression::Kind::Size);
  ASSERT_EQ(launches[0].launches.size(), 1u);
  const LaunchStep &launch = launches[0].launches[0];
  EXPECT_FALSE(launch.repeat);
  EXPECT_EQ(launch.kernel, "main_0");
  EXPECT_EQ(launch.parameters[0].value.kind, Expression::Kind::Iteration);
  EXPECT_EQ(launch.parameters[0].value.value, 0);
}

TEST(LaunchRecord, RefusesIterationsOfNothing) {
  EXPECT_EQ(errorWith(R"("offset": 4)", R"("offset": ["iteration", 0])"),
            "functions[0].variants[1].launches[0].parameters[0].offset[1]: "
            "expected no number, for there are no repetitions, found 0");
  EXPECT_EQ(errorOf(replaced(repeated(kRecord, "3"), R"("offset": 4)",
                             R"("offset": ["iteration", 1])")),
            "functions[0].variants[1].launches[0].launches[0].parameters[0]."
            "offset[1]: expected an integer from 0 to 0, found 1");
  // Neither how often something is repeated, nor memory, depends on that.
  EXPECT_NE(errorOf(repeated(kRecord, R"(["iteration", 0])")), "");
  EXPECT_NE(errorWith(R"("shape": [5])", R"("shape": [["iteration", 0]])"), "");
  EXPECT_NE(errorOf(replaced(repeated(kRecord, "3"), R"("offset": 4)",
                             R"("offset": ["iteration"])")),
            "");
}

TEST(LaunchRecord, ReadsWhatIsConcurrent) {
  std::string text = replaced(repeated(kRecord, "3"), R"("repeat": 3)",
                              R"("repeat": 3, "concurrent": 2)");
  text = replaced(text, R"("shape": [5])", R"("shape": [5], "copies": 2)");
  auto record = llvm::cantFail(parseLaunchRecord(text));
  const FunctionRecord &function = record.functions[0];
  EXPECT_EQ(function.variants[1].launches[0].concurrent, 2u);
  EXPECT_EQ(function.buffers[3].copies, 2u);
  EXPECT_EQ(function.buffers[2].copies, 1u);
}

TEST(LaunchRecord, RefusesWhatCannotBeConcurrent) {
  std::string text = replaced(repeated(kRecord, "3"), R"("repeat": 3)",
                              R"("repeat": 3, "concurrent": 2)");
  EXPECT_EQ(errorOf(replaced(repeated(text, "4"), R"("repeat": 4)",
                             R"("repeat": 4, "concurrent": 2)")),
            "functions[0].variants[1].launches[0].launches[0].concurrent: "
            "expected 1 within a concurrent repetition, found 2");
  EXPECT_EQ(
      errorOf(replaced(text, R"("concurrent": 2)", R"("concurrent": 65)")),
      "functions[0].variants[1].launches[0].concurrent: expected an "
      "integer from 1 to 64, found 65");
  EXPECT_EQ(errorWith(R"("element": "bf16",)", R"("element": "bf16",
                      "copies": 2,)"),
            "functions[0].buffers[1].copies: expected no copies but of "
            "workspace, found 2");
}

TEST(LaunchRecord, ReadsValues) {
  std::string text =
      replaced(kRecord, R"("results":)",
               R"("values": [["size", 0, 0], ["add", ["value", 0], 1]],
                  "results":)");
  text = replaced(text, R"("offset": 4)", R"("offset": ["value", 1])");
  auto record = llvm::cantFail(parseLaunchRecord(text));
  const FunctionRecord &function = record.functions[0];
  ASSERT_EQ(function.values.size(), 2u);
  EXPECT_EQ(function.values[1].operands[0].kind, Expression::Kind::Value);
  const auto &offset = function.variants[1].launches[0].parameters[0].value;
  EXPECT_EQ(offset.kind, Expression::Kind::Value);
  EXPECT_EQ(offset.value, 1);

  // Only those before it.
  EXPECT_EQ(errorOf(replaced(text, R"(["value", 0])", R"(["value", 1])")),
            "functions[0].values[1][1][1]: expected an integer from 0 to 0, "
            "found 1");
  EXPECT_EQ(errorOf(replaced(text, R"(["size", 0, 0], ["add")",
                             R"(["value", 0], ["add")")),
            "functions[0].values[0][1]: expected no number, for there are no "
            "values, found 0");
  EXPECT_NE(errorOf(replaced(text, R"(["value", 0])", R"(["iteration", 0])")),
            "");
}

TEST(LaunchRecord, RefusesTooDeepRepetitions) {
  std::string text = kRecord;
  for (int i = 0; i < 8; ++i)
    text = repeated(text, "1");
  EXPECT_EQ(errorOf(text), "");
  std::string error = errorOf(repeated(text, "1"));
  EXPECT_NE(error.find("expected at most 8 repetitions around one another"),
            std::string::npos)
      << error;
}

TEST(LaunchRecord, IgnoresUnknownFields) {
  EXPECT_EQ(errorWith("\"version\": 1", "\"version\": 1, \"later\": [{}]"), "");
  EXPECT_EQ(errorWith("\"kernel\":", "\"hint\": null, \"kernel\":"), "");
}

TEST(LaunchRecord, RefusesWhatIsNoJSON) {
  EXPECT_EQ(errorOf(""), "expected JSON, found a mistake at [1:0, byte=0]: "
                         "Unexpected EOF");
  EXPECT_EQ(errorOf("{\"version\": 1"),
            "expected JSON, found a mistake at [1:13, byte=13]: Expected , or "
            "} after object property");
  EXPECT_EQ(errorOf(std::string(100000, '[')),
            "expected JSON that nests at most 200 deep, found 100000");
  // Brackets in strings do not nest.
  EXPECT_EQ(errorOf("[\"" + std::string(1000, '[') + "\\\"\"]"),
            "the document: expected an object, found [\"" +
                std::string(58, '[') + "...");
  EXPECT_EQ(errorOf("[1]"), "the document: expected an object, found [1]");
}

TEST(LaunchRecord, RefusesOtherVersions) {
  EXPECT_EQ(errorWith("\"version\": 1", "\"version\": 2"),
            "version: expected 1, found 2");
  EXPECT_EQ(errorWith("\"version\": 1", "\"version\": \"1\""),
            "version: expected an integer, found \"1\"");
  // Before it looks at anything else.
  EXPECT_EQ(errorOf("{\"version\": 3, \"kernels\": []}"),
            "version: expected 1, found 3");
  EXPECT_EQ(errorOf("{}"), "the document: expected the field \"version\", "
                           "found none of that name");
}

/// Every field of the format has to be there.
TEST(LaunchRecord, RefusesMissingFields) {
  for (const char *field :
       {"version",       "producer",   "chip",   "functions", "name",
        "arguments",     "element",    "shape",  "buffers",   "kind",
        "argument",      "results",    "buffer", "variants",  "when",
        "launches",      "kernel",     "grid",   "block",     "cluster",
        "shared_memory", "parameters", "offset", "sizes",     "strides",
        "value"}) {
    std::string quoted = "\"" + std::string(field) + "\":";
    std::string error = errorWith(quoted, "\"other\":");
    EXPECT_NE(error.find("expected the field \"" + std::string(field) + "\""),
              std::string::npos)
        << field << ": " << error;
  }
}

TEST(LaunchRecord, RefusesWrongTypes) {
  for (const char *field :
       {"producer",   "chip",   "functions", "name",    "arguments",
        "element",    "shape",  "buffers",   "kind",    "argument",
        "results",    "buffer", "variants",  "when",    "launches",
        "kernel",     "grid",   "block",     "cluster", "shared_memory",
        "parameters", "offset", "sizes",     "strides", "value"}) {
    std::string quoted = "\"" + std::string(field) + "\":";
    std::string error = errorWith(quoted, quoted + " true, \"other\":");
    EXPECT_NE(error.find(", found true"), std::string::npos)
        << field << ": " << error;
    EXPECT_NE(error.find(field), std::string::npos) << field << ": " << error;
  }
}

TEST(LaunchRecord, ChecksArguments) {
  EXPECT_EQ(errorWith("\"name\": \"q\"", "\"name\": \"../q\""),
            "functions[0].arguments[0].name: expected a name of letters, "
            "digits, '_', '-' and '.', found \"../q\"");
  EXPECT_EQ(errorWith("\"name\": \"n\"", "\"name\": \"q\""),
            "functions[0].arguments[1].name: expected a name of its own, found "
            "\"q\"");
  EXPECT_EQ(errorWith("\"element\": \"f32\"", "\"element\": \"f64\""),
            "functions[0].arguments[0].element: expected one of f32, f16, "
            "bf16, f8E4M3FN, i32, found \"f64\"");
  EXPECT_EQ(errorWith("[null, 4]", "[null, -4]"),
            "functions[0].arguments[0].shape[1]: expected an integer of at "
            "least 0, found -4");
}

TEST(LaunchRecord, ChecksBuffers) {
  EXPECT_EQ(errorWith("\"kind\": \"workspace\"", "\"kind\": \"scratch\""),
            "functions[0].buffers[2].kind: expected \"argument\", \"result\" "
            "or \"workspace\", found \"scratch\"");
  EXPECT_EQ(errorWith("\"element\": \"i64\"", "\"element\": \"i8\""),
            "functions[0].buffers[2].element: expected one of f32, f16, bf16, "
            "f8E4M3FN, i32, i64, i1, found \"i8\"");
  EXPECT_EQ(errorWith("\"argument\": 0", "\"argument\": 2"),
            "functions[0].buffers[0].argument: expected an integer from 0 to "
            "1, found 2");
  EXPECT_EQ(errorWith("\"argument\": 0", "\"argument\": 1"),
            "functions[0].buffers[0].element: expected the argument's, i32, "
            "found \"f32\"");
  EXPECT_EQ(errorWith("{\"kind\": \"workspace\", \"element\": \"i64\"",
                      "{\"kind\": \"argument\", \"argument\": 0, "
                      "\"element\": \"f32\""),
            "functions[0].buffers[2].argument: expected an argument that has "
            "no buffer yet, found 0");
}

TEST(LaunchRecord, ChecksResults) {
  EXPECT_EQ(errorWith("\"buffer\": 1}, {", "\"buffer\": 4}, {"),
            "functions[0].results[0].buffer: expected an integer from 0 to 3, "
            "found 4");
  EXPECT_EQ(errorWith("\"buffer\": 1}, {", "\"buffer\": 2}, {"),
            "functions[0].results[0].buffer: expected the buffer of a result "
            "or an argument, found workspace");
  EXPECT_EQ(errorWith("\"kind\": \"workspace\", \"element\": \"i64\"",
                      "\"kind\": \"result\", \"element\": \"i64\"") +
                errorOf(replaced(
                    replaced(kRecord, "\"buffer\": 1}, {", "\"buffer\": 2}, {"),
                    "\"kind\": \"workspace\"", "\"kind\": \"result\"")),
            "functions[0].results[0].buffer: expected a buffer of f32, f16, "
            "bf16, f8E4M3FN, i32, found one of i64");
  EXPECT_EQ(errorWith("\"updated\"", "\"out\""),
            "functions[0].results[1].name: expected a name of its own, found "
            "\"out\"");
}

TEST(LaunchRecord, ChecksLaunches) {
  EXPECT_EQ(errorWith("[256, 2, 1]", "[256, 2]"),
            "functions[0].variants[1].launches[0].block: expected an array of "
            "3, found 2 elements");
  EXPECT_EQ(errorWith("[256, 2, 1]", "[256, 0, 1]"),
            "functions[0].variants[1].launches[0].block[1]: expected an "
            "integer from 1 to 1024, found 0");
  EXPECT_EQ(errorWith("[256, 2, 1]", "[1024, 2, 1]"),
            "functions[0].variants[1].launches[0].block: expected at most 1024 "
            "threads, found 2048");
  EXPECT_EQ(errorWith("[2, 1, 1]", "[2, 3, 3]"),
            "functions[0].variants[1].launches[0].cluster: expected at most 16 "
            "blocks, found 18");
  EXPECT_EQ(errorWith("65536", "-1"),
            "functions[0].variants[1].launches[0].shared_memory: expected an "
            "integer from 0 to 1048576, found -1");
  EXPECT_EQ(errorWith("\"main_0\"", "\"\""),
            "functions[0].variants[1].launches[0].kernel: expected the name of "
            "a kernel, found \"\"");
  EXPECT_EQ(errorWith("\"strides\": [4, 1]", "\"strides\": [4]"),
            "functions[0].variants[1].launches[0].parameters[0].strides: "
            "expected as many as there are sizes, found 1 for 2");
  EXPECT_EQ(errorWith("\"kind\": \"f32\"", "\"kind\": \"f64\""),
            "functions[0].variants[1].launches[0].parameters[3].kind: expected "
            "\"memref\", \"tensor_map\", \"i64\", \"i32\" or \"f32\", found "
            "\"f64\"");
  EXPECT_EQ(errorWith("0.5", "\"x\""),
            "functions[0].variants[1].launches[0].parameters[3].value: "
            "expected a number, found \"x\"");
  EXPECT_EQ(errorOf("{\"version\": 1, \"producer\": \"\", \"chip\": \"\", "
                    "\"functions\": [{\"name\": \"f\", \"arguments\": [], "
                    "\"buffers\": [], \"results\": [], \"variants\": []}]}"),
            "functions[0].variants: expected at least one variant, found []");
}

TEST(LaunchRecord, ReadsTensorMaps) {
  auto record = llvm::cantFail(parseLaunchRecord(withTensorMap(kTensorMap)));
  const ParameterRecord &parameter =
      record.functions[0].variants[1].launches[0].parameters[0];
  EXPECT_EQ(parameter.kind, ParameterRecord::Kind::TensorMap);
  EXPECT_EQ(parameter.buffer, 0u);
  EXPECT_EQ(parameter.sizes.size(), 2u);
  EXPECT_EQ(parameter.sizes[0].kind, Expression::Kind::Size);
  EXPECT_EQ(parameter.strides.size(), 2u);
  EXPECT_EQ(parameter.box, (std::vector<unsigned>{2, 8}));
  EXPECT_EQ(parameter.swizzle, 32u);
}

TEST(LaunchRecord, ChecksTensorMaps) {
  std::string at = "functions[0].variants[1].launches[0].parameters[0].";
  auto error = [](llvm::StringRef from, llvm::StringRef to) {
    return errorOf(withTensorMap(replaced(kTensorMap, from, to)));
  };
  for (const char *field : {"buffer", "sizes", "strides", "box", "swizzle"}) {
    std::string quoted = "\"" + std::string(field) + "\":";
    EXPECT_NE(error(quoted, "\"other\":").find("expected the field"),
              std::string::npos)
        << field;
    EXPECT_NE(error(quoted, quoted + " true, \"other\":").find(", found true"),
              std::string::npos)
        << field;
  }
  EXPECT_EQ(error("\"buffer\": 0", "\"buffer\": 4"),
            at + "buffer: expected an integer from 0 to 3, found 4");
  EXPECT_EQ(error("\"buffer\": 0", "\"buffer\": 2"),
            at + "buffer: expected a buffer of f32, f16, bf16, f8E4M3FN, i32, "
                 "found one of i64");
  EXPECT_EQ(error("[4, 1]", "[1]"),
            at + "strides: expected as many as there are sizes, found 1 for 2");
  EXPECT_EQ(error("[[\"size\", 0, 0], 3],\n  \"strides\": [4, 1]",
                  "[],\n  \"strides\": []"),
            at + "sizes: expected 1 to 5 dimensions, found 0");
  EXPECT_EQ(error("[[\"size\", 0, 0], 3],\n  \"strides\": [4, 1]",
                  "[1, 1, 1, 1, 1, 1],\n  \"strides\": [4, 4, 4, 4, 4, 1]"),
            at + "sizes: expected 1 to 5 dimensions, found 6");
  EXPECT_EQ(error("[2, 8]", "[2, 8, 8]"),
            at + "box: expected an array of 2, found 3 elements");
  EXPECT_EQ(error("[2, 8]", "[0, 8]"),
            at + "box[0]: expected an integer from 1 to 256, found 0");
  EXPECT_EQ(error("[2, 8]", "[257, 8]"),
            at + "box[0]: expected an integer from 1 to 256, found 257");
  EXPECT_EQ(error("[2, 8]", "[2, [\"size\", 0, 0]]"),
            at + "box[1]: expected an integer from 1 to 256, found "
                 "[\"size\",0,0]");
  EXPECT_EQ(error("[2, 8]", "[2, 6]"),
            at + "box: expected a multiple of 16 bytes in the innermost "
                 "dimension, found 24");
  EXPECT_EQ(error("[2, 8]", "[2, 16]"),
            at + "box: expected at most the 32 bytes of the swizzle in the "
                 "innermost dimension, found 64");
  EXPECT_EQ(error("\"swizzle\": 32", "\"swizzle\": 16"),
            at + "swizzle: expected 0, 32, 64 or 128, found 16");
  EXPECT_EQ(error("\"swizzle\": 32", "\"swizzle\": 256"),
            at + "swizzle: expected an integer from 0 to 128, found 256");
  // Without a swizzle a line may be as long as a box.
  EXPECT_EQ(error("[2, 8], \"swizzle\": 32", "[2, 256], \"swizzle\": 0"), "");
}

TEST(LaunchRecord, ChecksExpressions) {
  const char *good = "[\"ceildiv\", [\"size\", 0, 0], 2]";
  std::string at = "functions[0].variants[1].launches[0].grid[0]";
  auto error = [&](llvm::StringRef text) { return errorWith(good, text); };
  EXPECT_EQ(error("[]"), at + ": expected \"size\", \"add\" or another "
                              "operation in front, found []");
  EXPECT_EQ(error("[\"pow\", 1, 2]"),
            at + ": expected \"size\", \"add\" or another operation in front, "
                 "found [\"pow\",1,2]");
  EXPECT_EQ(error("[3]"), at + "[0]: expected a string, found 3");
  EXPECT_EQ(error("[\"add\", 1]"),
            at + ": expected an array of 3, found 2 elements");
  EXPECT_EQ(error("[\"select\", 1, 2]"),
            at + ": expected an array of 4, found 3 elements");
  EXPECT_EQ(error("1.5"), at + ": expected an integer or [\"operation\", "
                               "operands...], found 1.5");
  EXPECT_EQ(error("9223372036854775808"),
            at + ": expected an integer or [\"operation\", operands...], found "
                 "9223372036854775808");
  EXPECT_EQ(error("[\"size\", 2, 0]"),
            at + "[1]: expected an integer from 0 to 1, found 2");
  EXPECT_EQ(error("[\"size\", 0, 2]"),
            at + "[2]: expected an integer from 0 to 1, found 2");
  EXPECT_EQ(error("[\"size\", 0, -1]"),
            at + "[2]: expected an integer from 0 to 1, found -1");
  EXPECT_EQ(error("[\"size\", 0, [\"add\", 0, 0]]"),
            at + "[2]: expected an integer from 0 to 1, found [\"add\",0,0]");
  EXPECT_EQ(error("[\"add\", 1, [\"mul\", 2, \"x\"]]"),
            at + "[2][2]: expected an integer or [\"operation\", operands...], "
                 "found \"x\"");
}

TEST(LaunchRecord, FindsFunctions) {
  auto record = llvm::cantFail(parseLaunchRecord(kRecord));
  EXPECT_EQ(llvm::cantFail(record.find("")), &record.functions[0]);
  EXPECT_EQ(llvm::cantFail(record.find("main")), &record.functions[0]);
  EXPECT_EQ(llvm::toString(record.find("other").takeError()),
            "no function 'other' in the launch record, which has main");
  record.functions.push_back(record.functions[0]);
  record.functions[1].name = "other";
  EXPECT_EQ(llvm::cantFail(record.find("other")), &record.functions[1]);
  EXPECT_EQ(llvm::toString(record.find("").takeError()),
            "expected a launch record of one function, found main, other: "
            "choose one with --entry");
  record.functions.clear();
  EXPECT_EQ(llvm::toString(record.find("").takeError()),
            "expected a launch record of one function, found none: choose one "
            "with --entry");
}

//===----------------------------------------------------------------------===//
// Values of expressions
//===----------------------------------------------------------------------===//

/// The value of an expression as the first extent of a grid.
llvm::Expected<int64_t> evaluate(llvm::StringRef text) {
  auto record = llvm::cantFail(parseLaunchRecord(
      replaced(kRecord, "[\"ceildiv\", [\"size\", 0, 0], 2]", text)));
  const FunctionRecord &function = record.functions[0];
  Shape shapes[] = {{7, 4}, {3}};
  return function.variants[1].launches[0].grid[0].evaluate(shapes);
}

int64_t value(llvm::StringRef text) { return llvm::cantFail(evaluate(text)); }
std::string mistake(llvm::StringRef text) {
  auto result = evaluate(text);
  return result ? std::to_string(*result) : llvm::toString(result.takeError());
}

TEST(Expression, Evaluates) {
  EXPECT_EQ(value("-5"), -5);
  EXPECT_EQ(value("[\"size\", 0, 0]"), 7);
  EXPECT_EQ(value("[\"size\", 1, 0]"), 3);
  EXPECT_EQ(value("[\"add\", [\"size\", 0, 0], [\"mul\", 2, -3]]"), 1);
  EXPECT_EQ(value("[\"sub\", 2, 5]"), -3);
  EXPECT_EQ(value("[\"min\", 2, -5]"), -5);
  EXPECT_EQ(value("[\"max\", 2, -5]"), 2);
  EXPECT_EQ(value("[\"select\", 0, 4, 5]"), 5);
  EXPECT_EQ(value("[\"select\", -1, 4, 5]"), 4);
}

TEST(Expression, DividesTowardsMinusInfinity) {
  struct {
    int64_t x, y, floor, ceil, mod;
  } cases[] = {{7, 2, 3, 4, 1},    {-7, 2, -4, -3, 1}, {7, -2, -4, -3, -1},
               {-7, -2, 3, 4, -1}, {6, 2, 3, 3, 0},    {-6, 2, -3, -3, 0},
               {0, 5, 0, 0, 0},    {5, -1, -5, -5, 0}, {1, 5, 0, 1, 1},
               {-1, 5, -1, 0, 4}};
  for (auto [x, y, floor, ceil, mod] : cases) {
    auto with = [x = x, y = y](const char *name) {
      return value(llvm::formatv("[\"{0}\", {1}, {2}]", name, x, y).str());
    };
    EXPECT_EQ(with("floordiv"), floor) << x << " / " << y;
    EXPECT_EQ(with("ceildiv"), ceil) << x << " / " << y;
    EXPECT_EQ(with("mod"), mod) << x << " / " << y;
  }
}

TEST(Expression, Compares) {
  const char *names[] = {"eq", "ne", "lt", "le", "gt", "ge"};
  int expected[3][6] = {{0, 1, 1, 1, 0, 0}, // 2, 3
                        {1, 0, 0, 1, 0, 1}, // 3, 3
                        {0, 1, 0, 0, 1, 1}};
  for (int x = 2; x < 5; ++x)
    for (int i = 0; i < 6; ++i)
      EXPECT_EQ(value(llvm::formatv("[\"{0}\", {1}, 3]", names[i], x).str()),
                expected[x - 2][i])
          << names[i] << " " << x;
  EXPECT_EQ(value("[\"and\", 2, 4]"), 1);
  EXPECT_EQ(value("[\"and\", 2, 0]"), 0);
  EXPECT_EQ(value("[\"or\", 0, -1]"), 1);
  EXPECT_EQ(value("[\"or\", 0, 0]"), 0);
}

TEST(Expression, ChecksForOverflow) {
  const char *least = "-9223372036854775808", *most = "9223372036854775807";
  const char *overflow = "a number does not fit in 64 bits";
  auto two = [](const char *name, const char *x, const char *y) {
    return mistake(llvm::formatv("[\"{0}\", {1}, {2}]", name, x, y).str());
  };
  EXPECT_EQ(two("add", most, "1"), overflow);
  EXPECT_EQ(two("sub", least, "1"), overflow);
  EXPECT_EQ(two("mul", most, "2"), overflow);
  EXPECT_EQ(two("mul", least, "-1"), overflow);
  EXPECT_EQ(two("floordiv", least, "-1"), overflow);
  EXPECT_EQ(two("ceildiv", least, "-1"), overflow);
  EXPECT_EQ(two("mod", least, "-1"), "0");
  EXPECT_EQ(two("floordiv", least, "2"), "-4611686018427387904");
  EXPECT_EQ(two("add", most, "0"), most);
  for (const char *name : {"floordiv", "ceildiv", "mod"})
    EXPECT_EQ(two(name, "1", "0"), "a divisor is 0");
}

TEST(Expression, LeavesOutWhatDoesNotCount) {
  const char *bad = "[\"mod\", 1, 0]";
  auto with = [&](const char *format) {
    return mistake(llvm::formatv(format, bad).str());
  };
  EXPECT_EQ(with("[\"select\", 1, 4, {0}]"), "4");
  EXPECT_EQ(with("[\"select\", 0, {0}, 5]"), "5");
  EXPECT_EQ(with("[\"and\", 0, {0}]"), "0");
  EXPECT_EQ(with("[\"or\", 1, {0}]"), "1");
  EXPECT_EQ(with("[\"or\", 0, {0}]"), "a divisor is 0");
  EXPECT_EQ(with("[\"add\", 0, {0}]"), "a divisor is 0");
}

} // namespace
