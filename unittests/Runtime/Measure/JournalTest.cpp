//===- JournalTest.cpp - What a search found out --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/Journal.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gtest/gtest.h"

using namespace mlir::dsa;

namespace {
class JournalTest : public ::testing::Test {
protected:
  JournalTest() {
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("journal", directory));
    path = directory;
    llvm::sys::path::append(path, Journal::kFileName);
  }
  ~JournalTest() override {
    EXPECT_FALSE(llvm::sys::fs::remove_directories(directory));
  }

  void write(llvm::StringRef text) {
    std::error_code code;
    llvm::raw_fd_ostream(path, code) << text;
    ASSERT_FALSE(code);
  }
  std::string read() {
    return llvm::cantFail(
               llvm::errorOrToExpected(llvm::MemoryBuffer::getFile(path)))
        ->getBuffer()
        .str();
  }
  /// The lines, or the error.
  std::string open(llvm::StringRef key = "key") {
    warnings.clear();
    auto journal = Journal::open(directory, key, warnings);
    if (!journal)
      return llvm::toString(journal.takeError());
    std::string text;
    for (const llvm::json::Object &line : journal->getLines())
      llvm::raw_string_ostream(text)
          << llvm::json::Value(llvm::json::Object(line));
    return text;
  }

  llvm::SmallString<128> directory, path;
  std::vector<std::string> warnings;
};
} // namespace

TEST_F(JournalTest, KeepsLines) {
  {
    auto journal = llvm::cantFail(Journal::open(directory, "key", warnings));
    llvm::cantFail(journal.append(llvm::json::Object{{"a", 1}}));
    llvm::cantFail(journal.append(llvm::json::Object{{"b", "two\nlines"}}));
    EXPECT_EQ(journal.getLines().size(), 2u);
  }
  EXPECT_EQ(open(), R"({"a":1}{"b":"two\nlines"})");
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(read(), "{\"journal\":\"key\"}\n{\"a\":1}\n"
                    "{\"b\":\"two\\nlines\"}\n");
}

TEST_F(JournalTest, AnyCutLosesOneLine) {
  const std::string whole = "{\"journal\":\"key\"}\n{\"a\":1}\n{\"b\":2}\n";
  const size_t first = whole.find('\n') + 1, second = first + 8;
  for (size_t length = 0; length <= whole.size(); ++length) {
    write(whole.substr(0, length));
    std::string expected;
    if (length >= second)
      expected = R"({"a":1})";
    if (length == whole.size())
      expected += R"({"b":2})";
    EXPECT_EQ(open(), expected) << length;
    bool isClean = length == 0 || length == first || length == second ||
                   length == whole.size();
    EXPECT_EQ(warnings.empty(), isClean) << length;
    // What is left can be appended to.
    EXPECT_EQ(read().back(), '\n');
    EXPECT_EQ(open(), expected) << length;
    EXPECT_TRUE(warnings.empty()) << length;
  }
}

TEST_F(JournalTest, LeavesOutWhatIsDamaged) {
  write("{\"journal\":\"key\"}\n{\"a\":\n{\"b\":2}\n[1]\n{\"c\":3}\n");
  EXPECT_EQ(open(), R"({"b":2}{"c":3})");
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_NE(warnings[0].find("line 2 is damaged and ignored"),
            std::string::npos);
  EXPECT_NE(warnings[1].find("line 4 is damaged and ignored"),
            std::string::npos);
}

TEST_F(JournalTest, RefusesAnother) {
  write("{\"journal\":\"key\"}\n");
  EXPECT_NE(open("other").find("is of another search"), std::string::npos);
  write("{\"a\":1}\n");
  EXPECT_NE(open().find("is no journal of a search"), std::string::npos);
  write("hello\n");
  EXPECT_NE(open().find("is no journal of a search"), std::string::npos);
  EXPECT_EQ(read(), "hello\n");
}
