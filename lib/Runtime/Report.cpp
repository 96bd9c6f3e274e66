//===- Report.cpp - The table of a run ------------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::dsa;

using Row = std::vector<std::string>;

/// Columns as wide as their widest entry; the first `left` of them flush left.
static void printTable(llvm::raw_ostream &os, llvm::ArrayRef<Row> rows,
                       size_t left) {
  std::vector<size_t> widths(rows.front().size());
  for (const Row &row : rows)
    for (auto [width, text] : llvm::zip(widths, row))
      width = std::max(width, text.size());
  for (const Row &row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      std::string padding(widths[i] - row[i].size(), ' ');
      line +=
          (i ? "  " : "") + (i < left ? row[i] + padding : padding + row[i]);
    }
    os << llvm::StringRef(line).rtrim() << '\n';
  }
}

static std::string formatSeconds(double seconds) {
  if (seconds < 1e-3)
    return llvm::formatv("{0:f1} us", seconds * 1e6);
  if (seconds < 1)
    return llvm::formatv("{0:f2} ms", seconds * 1e3);
  return llvm::formatv("{0:f3} s", seconds);
}

static std::string formatError(double error) {
  return llvm::formatv("{0}", llvm::format("%.1e", error));
}

double mlir::dsa::getMedian(std::vector<double> values) {
  if (values.empty())
    return 0;
  llvm::sort(values);
  size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle]
                           : (values[middle - 1] + values[middle]) / 2;
}

static Row describeCheck(const ResultCheck &check) {
  std::string verdict = check.failure.empty() ? "ok" : "wrong";
  switch (check.method) {
  case ResultCheck::Method::Exact:
    return {"exact", "", "", verdict};
  case ResultCheck::Method::Relative:
    return {"relative", formatError(check.error), formatError(check.tolerance),
            verdict};
  case ResultCheck::Method::NearTies:
    return {"up to near-ties", formatError(check.error),
            formatError(check.tolerance), verdict};
  }
  llvm_unreachable("unknown method");
}

void mlir::dsa::printReport(llvm::raw_ostream &os, const RunReport &report) {
  double seconds = getMedian(report.seconds);
  auto rate = [&](double amount) -> std::string {
    return seconds > 0 ? llvm::formatv("{0:f2}", amount / seconds * 1e-9).str()
                       : "-";
  };
  std::string extra = "-";
  if (report.extraBytes)
    extra = llvm::formatv("{0:f1} MiB", *report.extraBytes / 1048576.0);
  printTable(os,
             {{"function", "target", "threads", "compile", "runs", "time",
               "GFLOP/s", "GB/s", "memory beyond inputs and outputs"},
              {"@" + report.function, report.target,
               report.threads ? std::to_string(report.threads) : "-",
               formatSeconds(report.compileSeconds),
               std::to_string(report.seconds.size()),
               report.seconds.empty() ? "-" : formatSeconds(seconds),
               rate(report.work.flops), rate(report.work.bytes), extra}},
             2);
  if (report.results.empty())
    return;
  std::vector<Row> rows = {{"result", "type"}};
  if (report.check)
    llvm::append_range(rows.front(),
                       Row{"checked", "error", "tolerance", "verdict"});
  for (auto [number, result] : llvm::enumerate(report.results)) {
    rows.push_back({result.first, result.second});
    if (report.check)
      llvm::append_range(rows.back(),
                         describeCheck(report.check->results[number]));
  }
  os << '\n';
  printTable(os, rows, 3);
  if (report.check)
    for (const std::string &note : report.check->notes)
      os << "note: " << note << '\n';
}
