//===- ReportTest.cpp - The table of a run --------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Report.h"

#include "gtest/gtest.h"

using namespace mlir::dsa;

namespace {

TEST(Report, TakesTheMedian) {
  EXPECT_EQ(getMedian({}), 0);
  EXPECT_EQ(getMedian({3}), 3);
  EXPECT_EQ(getMedian({3, 100, 1}), 3);
  EXPECT_EQ(getMedian({4, 1, 100, 2}), 3);
}

TEST(Report, AlignsItsColumns) {
  RunReport report;
  report.function = "layer";
  report.target = "cpu";
  report.threads = 2;
  report.compileSeconds = 1.5;
  report.seconds = {0.25};
  report.work = {5e9, 1000000000};
  report.extraBytes = 3 << 19;
  report.results = {{"scores", "tensor<2x3xf32>"}, {"i", "tensor<2xi32>"}};
  report.check.emplace();
  report.check->results.resize(2);
  report.check->results[0].error = 2.5e-7;
  report.check->results[0].tolerance = 1e-5;
  report.check->results[1].method = ResultCheck::Method::Exact;
  report.check->results[1].failure = "at [0]: expected 1, found 2";
  std::string text;
  llvm::raw_string_ostream os(text);
  printReport(os, report);
  EXPECT_EQ(
      text,
      "function  target  threads  compile  runs       time  GFLOP/s  GB/s  "
      "memory beyond inputs and outputs\n"
      "@layer    cpu           2  1.500 s     1  250.00 ms    20.00  4.00  "
      "                         1.5 MiB\n"
      "\n"
      "result  type             checked     error  tolerance  verdict\n"
      "scores  tensor<2x3xf32>  relative  2.5e-07    1.0e-05       ok\n"
      "i       tensor<2xi32>    exact                           wrong\n");
}

} // namespace
