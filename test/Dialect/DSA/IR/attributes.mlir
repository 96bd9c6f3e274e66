// RUN: dsa-opt %s | dsa-opt | FileCheck %s
// RUN: dsa-opt %s -mlir-print-op-generic | dsa-opt | FileCheck %s

// CHECK: test.activations = [#dsa.activation<none>, #dsa.activation<relu>]
module @activations attributes {
  test.activations = [#dsa.activation<none>, #dsa.activation<relu>]
} {}

// CHECK: test.schedules = [#dsa.loop_schedule<block_rows = 1, block_keys = 16>, #dsa.loop_schedule<block_rows = 64, block_keys = 1024, threads = 256>, #dsa.loop_schedule<block_rows = 16, block_keys = 96, chunk_keys = 2112>]
module @schedules attributes {
  test.schedules = [#dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 1>,
                    #dsa.loop_schedule<block_rows = 64, block_keys = 1024, threads = 256>,
                    #dsa.loop_schedule<block_rows = 16, block_keys = 96, threads = 1, chunk_keys = 2112>]
} {}
