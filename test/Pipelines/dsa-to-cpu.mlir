// From operations on tensors to the LLVM dialect for the host.

// RUN: dsa-opt %s -dsa-to-cpu | FileCheck %s \
// RUN:     --implicit-check-not="{{ (index|linalg|scf|vector|arith|math|affine|cf|ub)[.][a-z]}}" \
// RUN:     --implicit-check-not=dsa. \
// RUN:     --implicit-check-not=tensor --implicit-check-not=memref --implicit-check-not=bufferization \
// RUN:     --implicit-check-not=f8E4M3FN --implicit-check-not=unrealized_conversion_cast
// RUN: dsa-opt %s -dsa-to-cpu | FileCheck %s --check-prefix=W256
// RUN: dsa-opt %s -dsa-to-cpu=vector-bits=512 | FileCheck %s --check-prefix=W512
// RUN: dsa-opt %s -dsa-to-cpu | mlir-translate -mlir-to-llvmir | FileCheck %s --check-prefix=LLVM
// RUN: not dsa-opt %s -dsa-to-cpu=vector-bits=100 -o /dev/null 2>&1 | FileCheck %s --check-prefix=BITS

// BITS: error: expected vector-bits to be a power of two of at least 128, but found 100

// Kernels work in registers of the width asked for.
// W256-NOT: vector<16xf32>
// W256: llvm.intr.fma({{.*}}) : (vector<8xf32>
// W256-NOT: vector<16xf32>
// W512: llvm.intr.fma({{.*}}) : (vector<16xf32>

// Memory comes from the C library, and is given back to it; rows run in parallel.
// CHECK-DAG: llvm.func @malloc(i64) -> !llvm.ptr
// CHECK-DAG: llvm.func @free(!llvm.ptr)
// CHECK-LABEL: llvm.func @index_scores(
// CHECK:         omp.parallel
// CHECK:           omp.wsloop
// CHECK:             llvm.call @malloc
// CHECK:             llvm.intr.fma
// CHECK:             llvm.call @free
// CHECK:         llvm.return
// CHECK-LABEL: llvm.func @_mlir_ciface_index_scores(
// CHECK-SAME:      !llvm.ptr
// CHECK:         llvm.call @index_scores(
// LLVM: define {{.*}} @index_scores(
// LLVM: call void {{.*}}@__kmpc_fork_call
// LLVM: define {{.*}} @_mlir_ciface_index_scores(ptr
func.func @index_scores(%q: tensor<?x33x17xf8E4M3FN>, %k: tensor<?x17xf8E4M3FN>, %w: tensor<?x33xf32>,
                        %lo: tensor<?xi32>, %hi: tensor<?xi32>, %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x33x17xf8E4M3FN>, tensor<?x17xf8E4M3FN>)
      weights(%w : tensor<?x33xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}

// Scores and selection in one: no matrix of scores, whose size would be the product
// of two dynamic ones, is allocated before the rows.
// CHECK-LABEL: llvm.func @select(
// CHECK-NOT:     @malloc
// CHECK:         omp.parallel
// CHECK-LABEL: llvm.func @_mlir_ciface_select(
func.func @select(%q: tensor<?x4x8xf32>, %k: tensor<?x8xf32>, %i: tensor<?x1x7xi32>, %n: tensor<?x1xi32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : tensor<?x4x8xf32>
  %keys = tensor.dim %k, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%t, %keys) : tensor<?x?xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x8xf32>, tensor<?x8xf32>)
      outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %r:2 = dsa.topk ins(%s : tensor<?x?xf32>) outs(%i, %n : tensor<?x1x7xi32>, tensor<?x1xi32>)
      -> tensor<?x1x7xi32>, tensor<?x1xi32>
  %i1 = bufferization.to_buffer %r#0 : tensor<?x1x7xi32> to memref<?x1x7xi32>
  %n1 = bufferization.to_buffer %r#1 : tensor<?x1xi32> to memref<?x1xi32>
  call @use(%i1, %n1) : (memref<?x1x7xi32>, memref<?x1xi32>) -> ()
  return
}
func.func private @use(memref<?x1x7xi32>, memref<?x1xi32>)

// A whole layer, whose names are gone.
// CHECK-LABEL: llvm.func @layer(
// CHECK-COUNT-2: omp.parallel
// CHECK-LABEL: llvm.func @_mlir_ciface_layer(
func.func @layer(%q: tensor<5x4x8xbf16> {dsa.name = "q"}, %k: tensor<37x8xbf16> {dsa.name = "k"},
                 %x: tensor<5x6x24xbf16> {dsa.name = "x"}, %kv: tensor<37x24xbf16> {dsa.name = "kv"})
    -> (tensor<5x6x16xbf16> {dsa.name = "out"}, tensor<5x6xf32> {dsa.name = "lse"}) {
  %e = tensor.empty() : tensor<5x37xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<5x4x8xbf16>, tensor<37x8xbf16>)
      outs(%e : tensor<5x37xf32>) -> tensor<5x37xf32>
  %i = tensor.empty() : tensor<5x1x9xi32>
  %n = tensor.empty() : tensor<5x1xi32>
  %r:2 = dsa.topk ins(%s : tensor<5x37xf32>) outs(%i, %n : tensor<5x1x9xi32>, tensor<5x1xi32>)
      -> tensor<5x1x9xi32>, tensor<5x1xi32>
  %o = tensor.empty() : tensor<5x6x16xbf16>
  %l = tensor.empty() : tensor<5x6xf32>
  %a:2 = dsa.sparse_attention scale = 0.25 ins(%x, %kv : tensor<5x6x24xbf16>, tensor<37x24xbf16>)
      indices(%r#0 : tensor<5x1x9xi32>) lengths(%r#1 : tensor<5x1xi32>)
      outs(%o, %l : tensor<5x6x16xbf16>, tensor<5x6xf32>) -> tensor<5x6x16xbf16>, tensor<5x6xf32>
  return %a#0, %a#1 : tensor<5x6x16xbf16>, tensor<5x6xf32>
}
