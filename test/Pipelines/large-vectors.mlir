// Upstream conversions would unroll the vector without end.
// RUN: dsa-opt %s -dsa-to-cpu -verify-diagnostics
// RUN: dsa-opt %s -dsa-tile-to-cpu -verify-diagnostics
// RUN: dsa-opt %s -dsa-to-ptx=chip=sm_90a -verify-diagnostics

func.func @large(%x: memref<2147483648x16xf32>, %i: index) {
  %zero = arith.constant 0.0 : f32
  // expected-error @+1 {{cannot be lowered: expected vectors of at most 1024 rows and 8192 elements}}
  %y = vector.transfer_read %x[%i, %i], %zero : memref<2147483648x16xf32>, vector<2147483648x16xf32>
  vector.transfer_write %y, %x[%i, %i] : vector<2147483648x16xf32>, memref<2147483648x16xf32>
  return
}
