// From operations on tensors to kernels, and to PTX; the selection is one kernel, as its schedule says.

// Kernels in the LLVM dialect alone, in one module for one target; a host that does
// nothing but allocate and launch.
// RUN: dsa-opt %s -dsa-to-kernels=chip=sm_90a | FileCheck %s --check-prefix=KERNELS --implicit-check-not=scf. \
// RUN:   --implicit-check-not=linalg. --implicit-check-not=dsa.select --implicit-check-not=unrealized --implicit-check-not='llvm.call @'

// KERNELS-LABEL: module attributes {dsa.target = #nvvm.target<{{.*}}chip = "sm_90a"{{.*}}>, gpu.container_module}
//       KERNELS: func.func @layer(
//       KERNELS:   memref.alloc
//   KERNELS-DAG:   gpu.launch_func @kernels::@layer_0
//   KERNELS-DAG:   gpu.launch_func @kernels::@layer_1
//       KERNELS:   return
//       KERNELS: func.func @scores(
//       KERNELS:   gpu.launch_func @kernels::@scores_tiles_0
//       KERNELS: gpu.module @kernels [#nvvm.target<{{.*}}chip = "sm_90a"
//   KERNELS-NOT:   memref.alloc
//   KERNELS-DAG:   llvm.func @layer_0({{.*}}nvvm.kernel, nvvm.maxntid = array<i32: 256, 1, 1>
//   KERNELS-DAG:   llvm.func @layer_1({{.*}}nvvm.kernel
//   KERNELS-DAG:   llvm.func @scores_tiles_0({{.*}}nvvm.kernel
//   KERNELS-NOT: gpu.module

// RUN: dsa-opt %s -dsa-to-ptx=chip=sm_90a | FileCheck %s --check-prefix=BINARY
//       BINARY: gpu.launch_func @kernels::@layer_0
//       BINARY: gpu.binary @kernels [#gpu.object<#nvvm.target<{{.*}}chip = "sm_90a"{{.*}}>, {{.*}}assembly = "//
//   BINARY-NOT: gpu.binary
//   BINARY-NOT: gpu.module

// RUN: dsa-opt %s -dsa-to-ptx | FileCheck %s --check-prefix=DEFAULT
// DEFAULT: chip = "sm_80"

// RUN: not dsa-opt %s -dsa-to-ptx=chip=sm_70 2>&1 | FileCheck %s --check-prefix=UNKNOWN --implicit-check-not=error:
// UNKNOWN: error: expected chip to be one of sm_80, {{.*}}, but found 'sm_70'

// PTX that needs nothing from elsewhere: no library, no allocation, no memory of a
// thread's own.
// RUN: rm -rf %t && mkdir %t
// RUN: dsa-compile %s --target sm_80 -o %t/80.ptx --launch %t/80.json
// RUN: dsa-compile %s --target sm_90a -o %t/90a.ptx --launch %t/90a.json
// RUN: FileCheck %s --check-prefix=PTX --implicit-check-not='.extern .func' --implicit-check-not=__nv_ --implicit-check-not=call \
// RUN:   --implicit-check-not=.local --implicit-check-not=e4m3 < %t/80.ptx
// RUN: FileCheck %s --check-prefix=PTX --implicit-check-not='.extern .func' --implicit-check-not=__nv_ --implicit-check-not=call \
// RUN:   --implicit-check-not=.local --implicit-check-not=cvt.rn.f16x2.e4m3 < %t/90a.ptx

// Exponentials and logarithms by instructions, sums of a warp by one instruction, eight-bit
// floats by integer arithmetic.
//   PTX-DAG: .entry layer_0(
//   PTX-DAG: .entry layer_1(
//   PTX-DAG: .entry scores_{{(tiles_)?}}0(
//   PTX-DAG: redux.sync.add.s32
//   PTX-DAG: ex2.approx
//   PTX-DAG: lg2.approx
//   PTX-DAG: fma.rn.f32
//   PTX-DAG: ld.global.{{(nc\.)?}}{{[bsu]}}8
//   PTX-DAG: shl.b32

// The record fits it. There is workspace for 264 blocks and no more, however many rows
// and keys there are: one row of scores and ranks each, and one of the two lists of
// what was found.
// RUN: %check_record %t/80.json --ptx %t/80.ptx --show | FileCheck %s --check-prefix=RECORD
// RUN: %check_record %t/90a.json --ptx %t/90a.ptx --show | FileCheck %s --check-prefix=RECORD
//       RECORD: function layer
//   RECORD-DAG: workspace f32 (min(size(0, 0), 264), {{.*}}size(1, 0)
//   RECORD-DAG: workspace i32 (min(size(0, 0), 264), {{.*}}size(1, 0)
//       RECORD: variant
//       RECORD: launch layer_0 (min(size(0, 0), 264), 1, 1) (256, 1, 1) 0
//       RECORD: launch layer_1 (min(size({{[03]}}, 0), 264), 1, 1) (256, 1, 1) 0
//       RECORD: function scores
//       RECORD: ok: 2 functions, 3 launches

// The same PTX and record each time, whatever the file is called.
// RUN: cp %s %t/copy.mlir
// RUN: dsa-compile %t/copy.mlir --target sm_90a -o %t/again.ptx --launch %t/again.json
// RUN: cmp %t/90a.ptx %t/again.ptx
// RUN: cmp %t/90a.json %t/again.json

func.func @layer(%iq: tensor<?x4x32xf8E4M3FN>, %ik: tensor<?x32xf8E4M3FN>,
                 %w: tensor<?x4xf32>, %q: tensor<?x16x64xbf16>, %kv: tensor<?x64xbf16>)
    -> (tensor<?x1x128xi32>, tensor<?x16x48xbf16>, tensor<?x16xf32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %iq, %c0 : tensor<?x4x32xf8E4M3FN>
  %n = tensor.dim %ik, %c0 : tensor<?x32xf8E4M3FN>
  %si = tensor.empty(%t, %n) : tensor<?x?xf32>
  %s = dsa.index_scores<relu>
      ins(%iq, %ik : tensor<?x4x32xf8E4M3FN>, tensor<?x32xf8E4M3FN>)
      weights(%w : tensor<?x4xf32>) outs(%si : tensor<?x?xf32>) -> tensor<?x?xf32>
  %ii = tensor.empty(%t) : tensor<?x1x128xi32>
  %ci = tensor.empty(%t) : tensor<?x1xi32>
  %indices, %count = dsa.topk ins(%s : tensor<?x?xf32>)
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 256>)
      outs(%ii, %ci : tensor<?x1x128xi32>, tensor<?x1xi32>)
      -> tensor<?x1x128xi32>, tensor<?x1xi32>
  %oi = tensor.empty(%t) : tensor<?x16x48xbf16>
  %li = tensor.empty(%t) : tensor<?x16xf32>
  %out, %lse = dsa.sparse_attention scale = 0.125
      ins(%q, %kv : tensor<?x16x64xbf16>, tensor<?x64xbf16>)
      indices(%indices : tensor<?x1x128xi32>) lengths(%count : tensor<?x1xi32>)
      outs(%oi, %li : tensor<?x16x48xbf16>, tensor<?x16xf32>)
      -> tensor<?x16x48xbf16>, tensor<?x16xf32>
  return %indices, %out, %lse
      : tensor<?x1x128xi32>, tensor<?x16x48xbf16>, tensor<?x16xf32>
}

func.func @scores(%q: tensor<?x4x32xf8E4M3FN>, %k: tensor<?x32xf8E4M3FN>,
                  %init: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %s = dsa.index_scores<none>
      ins(%q, %k : tensor<?x4x32xf8E4M3FN>, tensor<?x32xf8E4M3FN>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
