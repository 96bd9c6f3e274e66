// RUN: dsa-opt %s -dsa-expand-float8 -verify-diagnostics

func.func @large(%x: vector<2147483648x16xf8E4M3FN>) -> vector<2147483648x16xf32> {
  // expected-error @+1 {{'arith.extf' op cannot be expanded: expected a vector of at most 65536 elements, but found 34359738368}}
  %y = arith.extf %x : vector<2147483648x16xf8E4M3FN> to vector<2147483648x16xf32>
  return %y : vector<2147483648x16xf32>
}
