// UNSUPPORTED: sanitize
// The installed mlir-opt, which knows nothing of dsa, runs our pipelines.

// RUN: mlir-opt --load-dialect-plugin=%dsa_lib_dir/DSAPlugin.so %s | FileCheck %s
// RUN: mlir-opt --load-dialect-plugin=%dsa_lib_dir/DSAPlugin.so \
// RUN:   --load-pass-plugin=%dsa_lib_dir/DSAPlugin.so \
// RUN:   --pass-pipeline='builtin.module(canonicalize,dsa-fuse-selection)' %s \
// RUN:   | FileCheck %s --check-prefix=FUSED
// RUN: mlir-opt --load-dialect-plugin=%dsa_lib_dir/DSAPlugin.so \
// RUN:   --load-pass-plugin=%dsa_lib_dir/DSAPlugin.so \
// RUN:   --pass-pipeline='builtin.module(dsa-to-cpu)' %s \
// RUN:   | FileCheck %s --check-prefix=CPU
// RUN: mlir-opt --load-dialect-plugin=%dsa_lib_dir/DSAPlugin.so \
// RUN:   --load-pass-plugin=%dsa_lib_dir/DSAPlugin.so \
// RUN:   --pass-pipeline='builtin.module(dsa-to-ptx{chip=sm_90a})' %s \
// RUN:   | FileCheck %s --check-prefix=PTX

// Without the plugin the dialect is unknown.
// RUN: not mlir-opt %s 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// CHECK: dsa.index_scores
// CHECK: dsa.topk
// FUSED: dsa.select
// FUSED-NOT: dsa.topk
// CPU: llvm.func @_mlir_ciface_best
// CPU-NOT: {{(^| )dsa\.}}
// PTX: gpu.binary
// PTX-SAME: .target sm_90a
// UNKNOWN: Dialect `dsa' not found
func.func @best(%q: tensor<?x4x32xf32>, %k: tensor<?x32xf32>, %s0: tensor<?x?xf32>,
                %i0: tensor<?x1x16xi32>, %c0: tensor<?x1xi32>)
    -> (tensor<?x1x16xi32>, tensor<?x1xi32>) {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x4x32xf32>, tensor<?x32xf32>)
      outs(%s0 : tensor<?x?xf32>) -> tensor<?x?xf32>
  %i, %c = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%i0, %c0 : tensor<?x1x16xi32>, tensor<?x1xi32>)
      -> tensor<?x1x16xi32>, tensor<?x1xi32>
  return %i, %c : tensor<?x1x16xi32>, tensor<?x1xi32>
}
