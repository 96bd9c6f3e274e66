// As dsa-to-cpu, with the kernels on tiles of a chip.

// RUN: dsa-opt %s -dsa-tile-to-cpu | FileCheck %s \
// RUN:     --implicit-check-not="{{ (index|linalg|scf|vector|arith|math|affine|cf|ub|dsa|dsa_tile)[.][a-z]}}" \
// RUN:     --implicit-check-not="{{(tensor|memref)<}}" --implicit-check-not=bufferization \
// RUN:     --implicit-check-not=unrealized_conversion_cast
// RUN: dsa-opt %s -dsa-tile-to-cpu | mlir-translate -mlir-to-llvmir | FileCheck %s --check-prefix=LLVM
// RUN: dsa-opt %s -dsa-tile-to-cpu=vector-bits=512 | FileCheck %s --check-prefix=W512

// RUN: dsa-opt %s -dsa-tile-to-cpu -mlir-print-ir-after=dsa-to-tile -o /dev/null 2>&1 \
// RUN:     | FileCheck %s --check-prefix=TILES
// RUN: dsa-opt %s -dsa-tile-to-cpu="chip=sm_90a" -mlir-print-ir-after=dsa-to-tile -o /dev/null 2>&1 \
// RUN:     | FileCheck %s --check-prefix=TILES
// RUN: dsa-opt %s -dsa-tile-to-cpu="chip=sm_80" -mlir-print-ir-after=dsa-to-tile -o /dev/null 2>&1 \
// RUN:     | FileCheck %s --check-prefix=NONE

// RUN: not dsa-opt %s -dsa-tile-to-cpu=chip=sm_1 -o /dev/null 2>&1 | FileCheck %s --check-prefix=CHIP
// CHIP: error: expected chip to be one of sm_80, {{.*}}, but found 'sm_1'
// RUN: not dsa-opt %s -dsa-tile-to-cpu=vector-bits=100 -o /dev/null 2>&1 | FileCheck %s --check-prefix=BITS
// BITS: error: expected vector-bits to be a power of two of at least 128, but found 100

// The keys' loop of a kernel and what fills scores that no program writes; both in
// parallel. No chip has tiles of f32, and one without such kernels takes rows.
// TILES-LABEL: func.func @scores(
// TILES:         scf.forall
// TILES:         scf.forall
// TILES:           dsa_tile.mma
// TILES-LABEL: func.func @wide(
// TILES-NOT:     dsa_tile.
// TILES:         dsa.index_scores
// NONE-NOT:    dsa_tile.

// CHECK-DAG:   llvm.func @free(!llvm.ptr)
// CHECK-LABEL: llvm.func @scores(
// CHECK-COUNT-2: omp.parallel
// CHECK:           omp.loop_nest
// CHECK:             llvm.call @malloc
// CHECK:             llvm.fadd {{.*}} : vector<8xf32>
// CHECK:             llvm.call @free
// CHECK-LABEL: llvm.func @_mlir_ciface_scores(
// LLVM:        call void {{.*}}@__kmpc_fork_call
// W512:        llvm.fadd {{.*}} : vector<16xf32>
func.func @scores(%q: tensor<?x5x32xf8E4M3FN> {dsa.name = "q"}, %k: tensor<?x32xf8E4M3FN>, %w: tensor<?x5xf32>,
                  %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xbf16>) -> tensor<?x?xbf16> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x5x32xf8E4M3FN>, tensor<?x32xf8E4M3FN>)
      weights(%w : tensor<?x5xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xbf16>) -> tensor<?x?xbf16>
  return %s : tensor<?x?xbf16>
}

// CHECK-LABEL: llvm.func @wide(
// CHECK:         omp.parallel
func.func @wide(%q: tensor<?x5x32xf32>, %k: tensor<?x32xf32>, %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x5x32xf32>, tensor<?x32xf32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
