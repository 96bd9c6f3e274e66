//===- NpyTest.cpp - Reading and writing .npy files -----------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Npy.h"

#include "TestFunction.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa::test;

namespace {

class Npy : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("npy", directory));
  }
  void TearDown() override {
    EXPECT_FALSE(llvm::sys::fs::remove_directories(directory));
  }

  std::string getPath(StringRef name) const {
    llvm::SmallString<128> path(directory);
    llvm::sys::path::append(path, name);
    return path.str().str();
  }

  /// Writes a file of these bytes and returns its path.
  std::string write(const std::string &bytes) {
    std::string path = getPath("in.npy");
    std::error_code code;
    llvm::raw_fd_ostream(path, code) << bytes;
    EXPECT_FALSE(code);
    return path;
  }

  /// What reading this file as a 2x3 (or other) tensor complains about, without
  /// the path.
  std::string getError(const std::string &bytes,
                       ElementKind kind = ElementKind::F32,
                       llvm::ArrayRef<int64_t> shape = {2, 3}) {
    std::string path = write(bytes);
    auto tensor = readNpy(path, kind, shape);
    if (tensor)
      return "";
    std::string text = llvm::toString(tensor.takeError());
    StringRef rest = text;
    EXPECT_TRUE(rest.consume_front("'" + path + "': ")) << text;
    return rest.str();
  }

  llvm::SmallString<128> directory;
};

std::string makeFile(const std::string &header, size_t dataBytes,
                     char major = 1) {
  std::string text = std::string("\x93NUMPY") + major + '\0';
  text += char(header.size() & 0xff);
  text += char(header.size() >> 8);
  if (major > 1)
    text += std::string(2, '\0');
  return text + header + std::string(dataBytes, '\0');
}

const std::string kGood =
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";

TEST_F(Npy, ReadsWhatItWrote) {
  for (ElementKind kind :
       {ElementKind::F32, ElementKind::F16, ElementKind::BF16,
        ElementKind::F8E4M3FN, ElementKind::I32}) {
    for (const llvm::SmallVector<int64_t> &shape :
         {llvm::SmallVector<int64_t>{}, {0}, {4}, {0, 3}, {2, 2}, {1, 2, 2}}) {
      HostTensor tensor = llvm::cantFail(HostTensor::create(kind, shape));
      for (int64_t i = 0; i < tensor.getNumElements(); ++i)
        tensor.set(i, i - 2);
      std::string bytes;
      llvm::raw_string_ostream os(bytes);
      writeNpy(os, tensor);
      auto found = readNpy(write(bytes), kind, shape);
      ASSERT_TRUE(bool(found)) << llvm::toString(found.takeError());
      EXPECT_EQ(found->getShape(), tensor.getShape());
      EXPECT_EQ(getValues(*found), getValues(tensor));
      EXPECT_EQ((bytes.size() - tensor.getNumBytes()) % 64, 0u);
    }
  }
}

/// Numbers of whatever type a file has, float64 too.
TEST_F(Npy, ReadsValuesOfAnyType) {
  for (ElementKind kind : kElementKinds) {
    HostTensor tensor = llvm::cantFail(HostTensor::create(kind, {2, 3}));
    for (int64_t i = 0; i < 6; ++i)
      tensor.set(i, i - 2);
    std::string bytes;
    llvm::raw_string_ostream os(bytes);
    writeNpy(os, tensor);
    auto found = llvm::cantFail(readNpyValues(write(bytes)));
    EXPECT_EQ(found.shape, (llvm::SmallVector<int64_t, 4>{2, 3}));
    EXPECT_EQ(found.values, (std::vector<double>{-2, -1, 0, 1, 2, 3}));
  }
  auto with = [](StringRef descriptor, size_t bytes, StringRef order) {
    return makeFile("{'descr': '" + descriptor.str() + "', 'fortran_order': " +
                        order.str() + ", 'shape': (2,), }\n",
                    bytes);
  };
  std::string doubles = with("<f8", 16, "False");
  const double values[] = {0.1, -1e300};
  doubles.replace(doubles.size() - 16, 16,
                  reinterpret_cast<const char *>(values), 16);
  EXPECT_EQ(llvm::cantFail(readNpyValues(write(doubles))).values,
            (std::vector<double>{0.1, -1e300}));

  auto getMistake = [&](const std::string &bytes) {
    std::string path = write(bytes);
    std::string error = llvm::toString(readNpyValues(path).takeError());
    StringRef text = error;
    EXPECT_TRUE(text.consume_front("'" + path + "': ")) << error;
    return text.str();
  };
  EXPECT_EQ(getMistake(with("<i8", 16, "False")),
            "expected dtype '<f8' or that of a tensor, found '<i8'");
  EXPECT_EQ(getMistake(with("<f8", 16, "True")),
            "expected row-major order, found column-major (fortran_order)");
  EXPECT_EQ(getMistake(with("<f8", 15, "False")),
            "truncated data: expected 16 bytes for shape [2], found 15");
  EXPECT_EQ(getMistake("x"), "expected a .npy file, found other contents");
}

TEST_F(Npy, AdmitsVariations) {
  EXPECT_EQ(getError(makeFile(kGood, 24)), "");
  EXPECT_EQ(getError(makeFile(kGood, 24, 2)), "");
  EXPECT_EQ(getError(makeFile(kGood, 24), ElementKind::F32,
                     {ShapedType::kDynamic, 3}),
            "");
  EXPECT_EQ(getError(makeFile("{\"shape\":(2,3),\"fortran_order\":False,"
                              "\"descr\":\"<f4\"}",
                              24)),
            "");
  EXPECT_EQ(getError(makeFile("{'descr': '|V2', 'fortran_order': False, "
                              "'shape': (3,)}",
                              6),
                     ElementKind::BF16, {3}),
            "");
  EXPECT_EQ(getError(makeFile("{'descr': '|V1', 'fortran_order': False, "
                              "'shape': ()}",
                              1),
                     ElementKind::F8E4M3FN, {}),
            "");
}

TEST_F(Npy, RefusesAMissingFile) {
  auto tensor = readNpy(getPath("none.npy"), ElementKind::F32, {1});
  ASSERT_FALSE(bool(tensor));
  EXPECT_EQ(llvm::toString(tensor.takeError()),
            "cannot read '" + getPath("none.npy") +
                "': No such file or directory");
}

TEST_F(Npy, RefusesOtherFiles) {
  EXPECT_EQ(getError(""), "expected a .npy file, found other contents");
  EXPECT_EQ(getError("PK\x03\x04"),
            "expected a .npy file, found other contents");
  EXPECT_EQ(getError(makeFile(kGood, 24, 3)),
            "expected .npy format version 1.0 or 2.0, found 3.0");
}

TEST_F(Npy, RefusesATruncatedHeader) {
  EXPECT_EQ(getError("\x93NUMPY\x01"),
            "truncated header: the file ends after 7 bytes");
  EXPECT_EQ(getError(makeFile(kGood, 0, 2).substr(0, 11)),
            "truncated header: the file ends after 11 bytes");
  EXPECT_EQ(getError(makeFile(kGood, 0).substr(0, 40)),
            "truncated header: the file ends after 40 bytes");
}

TEST_F(Npy, RefusesABrokenHeader) {
  for (const char *header :
       {"", "{", "[]", "{'descr': '<f4'}", "{'descr': <f4}",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} x",
        "{'descr': '<f4', 'descr': '<f4', 'shape': (2, 3)}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}"})
    EXPECT_EQ(getError(makeFile(header, 24)),
              std::string("expected a header with descr, fortran_order and "
                          "shape, found \"") +
                  header + "\"");
}

TEST_F(Npy, RefusesOtherTypes) {
  auto typed = [](const std::string &descriptor, size_t bytes) {
    return makeFile("{'descr': '" + descriptor +
                        "', 'fortran_order': False, 'shape': (2, 3)}",
                    bytes);
  };
  EXPECT_EQ(getError(typed("<f8", 48)),
            "expected dtype '<f4' (f32), found '<f8'");
  EXPECT_EQ(getError(typed("<f2", 12)),
            "expected dtype '<f4' (f32), found '<f2' (f16)");
  EXPECT_EQ(getError(typed(">f4", 24)),
            "expected dtype '<f4' (f32), found '>f4' (big-endian)");
  EXPECT_EQ(getError(typed("<f4", 24), ElementKind::BF16),
            "expected dtype '<V2' (bf16), found '<f4' (f32)");
}

TEST_F(Npy, RefusesOtherShapes) {
  EXPECT_EQ(getError(makeFile(kGood, 24), ElementKind::F32, {6}),
            "expected rank 1, found rank 2 (shape [2x3])");
  EXPECT_EQ(getError(makeFile(kGood, 24), ElementKind::F32,
                     {ShapedType::kDynamic, 4}),
            "expected shape [?x4], found [2x3]");
  EXPECT_EQ(getError(makeFile("{'descr': '<f4', 'fortran_order': True, "
                              "'shape': (2, 3)}",
                              24)),
            "expected row-major order, found column-major (fortran_order)");
}

TEST_F(Npy, RefusesTheWrongAmountOfData) {
  EXPECT_EQ(getError(makeFile(kGood, 23)),
            "truncated data: expected 24 bytes for shape [2x3], found 23");
  EXPECT_EQ(getError(makeFile(kGood, 25)),
            "trailing bytes: expected 24 bytes for shape [2x3], found 25");
  EXPECT_EQ(getError(makeFile("{'descr': '<f4', 'fortran_order': False, "
                              "'shape': (4294967296, 4294967296)}",
                              4),
                     ElementKind::F32,
                     {ShapedType::kDynamic, ShapedType::kDynamic}),
            "truncated data: expected over 2^63 bytes for shape "
            "[4294967296x4294967296], found 4");
}

TEST_F(Npy, CommitsAllFilesTogether) {
  std::string target = getPath("a/b");
  {
    auto outputs = NpyOutputs::create(target, {"x", "y"});
    ASSERT_TRUE(bool(outputs)) << llvm::toString(outputs.takeError());
    EXPECT_FALSE(llvm::sys::fs::exists(target + "/x.npy"));
    auto tensors = listOf(makeTensor(ElementKind::I32, {1}, {1}),
                          makeTensor(ElementKind::F32, {2}, {2, 3}));
    llvm::Error error = outputs->commit(tensors);
    EXPECT_FALSE(bool(error)) << llvm::toString(std::move(error));
  }
  auto x = readNpy(target + "/x.npy", ElementKind::I32, {1});
  auto y = readNpy(target + "/y.npy", ElementKind::F32, {2});
  ASSERT_TRUE(x && y);
  EXPECT_EQ(getValues(*y), (std::vector<double>{2, 3}));
  std::error_code code;
  int files = 0;
  for (llvm::sys::fs::directory_iterator it(target, code), end;
       it != end && !code; it.increment(code))
    ++files;
  EXPECT_EQ(files, 2);
}

TEST_F(Npy, LeavesNothingWithoutACommit) {
  std::string target = getPath("a/b");
  {
    auto outputs = NpyOutputs::create(target, {"x", "y"});
    ASSERT_TRUE(bool(outputs)) << llvm::toString(outputs.takeError());
    EXPECT_TRUE(llvm::sys::fs::exists(target));
  }
  EXPECT_FALSE(llvm::sys::fs::exists(getPath("a")));
  EXPECT_TRUE(llvm::sys::fs::exists(directory));
}

TEST_F(Npy, RefusesADirectoryThatIsAFile) {
  std::string path = write("");
  auto outputs = NpyOutputs::create(path, {"x"});
  ASSERT_FALSE(bool(outputs));
  EXPECT_EQ(llvm::toString(outputs.takeError()),
            "cannot write '" + path + "': expected a directory, found a file");
  auto below = NpyOutputs::create(path + "/x", {"x"});
  ASSERT_FALSE(bool(below));
  EXPECT_EQ(llvm::toString(below.takeError()),
            "cannot write '" + path + "/x': Not a directory");
}

} // namespace
