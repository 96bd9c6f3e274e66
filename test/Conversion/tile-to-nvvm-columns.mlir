// What warps exchange through shared memory, since each has other rows of an accumulator.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#acc = #dsa_tile.accumulator<row_groups = 2, column_groups = 1>
#columns = #dsa_tile.slice<0, #acc>
!x = tensor<128x16xf32, #acc>

gpu.module @columns {
  // A thread has two of each eight columns, of two rows; eight lanes have the same columns, of
  // other rows. Four lanes write what the warp has, all read what the eight warps have.
  // CHECK-LABEL: gpu.func @reduce(
  gpu.func @reduce(%m: memref<128x16xf32>, %out: memref<16xf32>) kernel {
    %c0 = arith.constant 0 : index
    dsa_tile.warp_specialize load {
    } compute {
      // CHECK:      %[[E0:.*]] = memref.load %{{.*}}[%[[ROW:.*]], %[[COLUMN:.*]]] : memref<128x16xf32>
      // CHECK:      memref.load %{{.*}}[%[[ROW]],
      // CHECK:      %[[E2:.*]] = memref.load %{{.*}}[%{{.*}}, %[[COLUMN]]] : memref<128x16xf32>
      // CHECK:      %[[OWN:.*]] = arith.maximumf %[[E0]], %[[E2]] : f32
      // CHECK:      %[[FAR:.*]] = nvvm.shfl.sync bfly %{{.*}}, %[[OWN]], %c4_i32
      // CHECK-NEXT: %[[NEAR:.*]] = arith.maximumf %[[OWN]], %[[FAR]]
      // CHECK-NEXT: nvvm.shfl.sync bfly %{{.*}}, %[[NEAR]], %c8_i32
      // CHECK:      nvvm.shfl.sync bfly %{{.*}}, %{{.*}}, %c16_i32
      // CHECK-COUNT-9: nvvm.shfl.sync bfly
      // CHECK:      nvvm.barrier id = %c15_i32 number_of_threads = %c256_i32
      // CHECK:      %[[FIRST:.*]] = arith.cmpi ult, %{{.*}}, %c4_i32
      // CHECK:      scf.if %[[FIRST]] {
      // CHECK-COUNT-2: llvm.store %{{.*}} {alignment = 8 : i64} : vector<2xf32>, !llvm.ptr<3>
      // CHECK:      }
      // CHECK-NEXT: nvvm.barrier id = %c15_i32 number_of_threads = %c256_i32
      // CHECK-COUNT-16: llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr<3> -> vector<2xf32>
      // CHECK-NOT:  llvm.load
      %x = dsa_tile.load %m[%c0, %c0] box = [128, 16] : memref<128x16xf32> -> !x
      %r = dsa_tile.reduce<max> %x dim = 0 offset = 1024 : !x -> tensor<16xf32, #columns>
      dsa_tile.store %r, %out[%c0] : tensor<16xf32, #columns>, memref<16xf32>
    } kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!weights = tensor<64x16xbf16, #acc>
!staged = tensor<64x16xbf16, #dsa_tile.shared<swizzle = 32>>
!keys = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<1 x !keys>

gpu.module @stages {
  // Nobody writes before products have read what was there, nor multiplies before all have written.
  // CHECK-LABEL: gpu.func @stage(
  gpu.func @stage(%w: bf16) kernel {
    // CHECK:      %[[SHARED:.*]] = llvm.ptrtoint %{{.*}} : !llvm.ptr<3> to i32
    %c = dsa_tile.channel offset = 2048 barriers = 10240 : !channel
    dsa_tile.warp_specialize load {
    } compute {
      // CHECK:      nvvm.barrier id = %c15_i32 number_of_threads = %c128_i32
      // CHECK:      nvvm.stmatrix
      // CHECK-NOT:  nvvm.stmatrix
      // CHECK:      nvvm.fence.proxy
      // CHECK-NEXT: nvvm.barrier id = %c15_i32 number_of_threads = %c128_i32
      // CHECK:      llvm.inline_asm
      // CHECK-SAME:   wgmma
      %k = dsa_tile.channel.wait %c : !channel -> !keys
      %p = dsa_tile.splat %w : bf16 -> !weights
      %s = dsa_tile.stage %p offset = 0 : !weights -> !staged
      %o = dsa_tile.mma_start %k, %s a_rows b_rows : !keys, !staged -> <tensor<64x16xf32, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}
