// Parts of tiles, and tiles of parts.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!x = tensor<64x32xf32, #acc>
!part = tensor<64x8xf32, #acc>

gpu.module @registers {
  // Four elements of every eight columns: the third eight are elements 8 to 11.
  // CHECK-LABEL: gpu.func @columns(
  gpu.func @columns(%m: memref<64x32xf32>, %out: memref<64x16xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK:      %[[E8:.*]] = memref.load %{{.*}}[%[[ROW:.*]], %[[C16:.*]]]
    // CHECK:      %[[E9:.*]] = memref.load %{{.*}}[%[[ROW]], %[[C17:.*]]]
    // CHECK:      %[[E10:.*]] = memref.load %{{.*}}[%[[ROW8:.*]], %[[C16]]]
    // CHECK:      %[[E11:.*]] = memref.load %{{.*}}[%[[ROW8]], %[[C17]]]
    // CHECK-NOT:  memref.load
    // CHECK:      %[[PART:.*]] = vector.from_elements %[[E8]], %[[E9]], %[[E10]], %[[E11]] : vector<4xf32>
    // CHECK-NEXT: %[[Y:.*]] = arith.negf %[[PART]] : vector<4xf32>
    // Side by side: those of the first part, then those of the second.
    // CHECK:      %[[A:.*]]:4 = vector.to_elements %[[Y]] : vector<4xf32>
    // CHECK:      memref.store %[[A]]#0, %{{.*}}[%[[ROW]], %[[C0:.*]]]
    // CHECK:      memref.store %[[E8]], %{{.*}}[%[[ROW]], %[[C8:.*]]]
    // CHECK:      memref.store %[[E11]], %{{.*}}[%[[ROW8]], %[[C9:.*]]]
    // CHECK:      gpu.return
    %x = dsa_tile.load %m[%c0, %c0] box = [64, 32] : memref<64x32xf32> -> !x
    %part = dsa_tile.extract %x dim = 1 offset = 16 : !x -> !part
    %y = arith.negf %part : !part
    %both = dsa_tile.concat %y, %part : !part, !part -> tensor<64x16xf32, #acc>
    dsa_tile.store %both, %out[%c0, %c0] : tensor<64x16xf32, #acc>, memref<64x16xf32>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!whole = tensor<64x128xbf16, #dsa_tile.shared<swizzle = 128>>
!rows = tensor<16x128xbf16, #dsa_tile.shared<swizzle = 128, rows = 16, pitch = 64>>
!channel = !dsa_tile.channel<1 x !whole>

gpu.module @shared {
  // Rows of a tile in shared memory lie 128 bytes apart: the 32nd one 4096 bytes in, and its next
  // columns as many bytes behind as those of the whole, in units of 16 bytes: 512.
  // CHECK-LABEL: gpu.func @rows(
  gpu.func @rows(%x: bf16) kernel {
    // CHECK:      nvvm.mbarrier.try_wait.parity
    // CHECK:      %[[ROWS:.*]] = arith.addi %{{.*}}, %c4096_i32
    // CHECK:      %[[UNIT:.*]] = arith.shrui %[[ROWS]], %c4_i32
    // CHECK-NEXT: %[[LOW:.*]] = arith.andi %[[UNIT]], %c16383_i32
    // CHECK-NEXT: arith.ori %[[LOW]], %c33554432_i32
    // CHECK:      llvm.inline_asm
    // CHECK-SAME:   m64n128k16
    // CHECK:      gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !channel -> !whole
      %part = dsa_tile.extract %k dim = 0 offset = 32 : !whole -> !rows
      %w = dsa_tile.splat %x : bf16 -> tensor<64x16xbf16, #acc>
      %p = dsa_tile.mma_start %w, %part b_rows : tensor<64x16xbf16, #acc>, !rows -> <tensor<64x128xf32, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 2, column_groups = 1>
!whole = tensor<64x256xbf16, #dsa_tile.shared<swizzle = 128>>
!part = tensor<64x128xbf16, #dsa_tile.shared<swizzle = 128>>
!weights = tensor<64x16xbf16, #dsa_tile.shared<swizzle = 32>>
!channel = !dsa_tile.channel<1 x !whole>
!channel_b = !dsa_tile.channel<1 x !weights>

gpu.module @shared {
  // Blocks of 64 columns of a tile lie 8192 bytes apart: the third one 16384 bytes in. Its columns are
  // the rows of a product that transposes it, 64 for each warpgroup; steps are along its rows, 16
  // of them, 2048 bytes, at a time.
  // CHECK-LABEL: gpu.func @columns(
  gpu.func @columns() kernel {
    // CHECK:      nvvm.mbarrier.try_wait.parity
    // CHECK:      %[[PART:.*]] = arith.addi %{{.*}}, %c16384_i32
    // CHECK:      %[[GROUPS:.*]] = arith.muli %{{.*}}, %c8192_i32
    // CHECK:      arith.addi %[[PART]], %[[GROUPS]]
    // CHECK:      llvm.inline_asm
    // CHECK-SAME:   add.s32 low, $9, 0;
    // CHECK-SAME:   m64n16k16.f32.bf16.bf16 {$0, $1, $2, $3, $4, $5, $6, $7}, da, db, first, 1, 1, 1, 1;
    // CHECK-SAME:   add.s32 low, $9, 128;
    // CHECK-SAME:   m64n16k16
    // CHECK-SAME:   m64n16k16
    // CHECK-SAME:   m64n16k16
    // CHECK-NOT:    m64n16k16
    // CHECK:      gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 36864 : !channel
    %d = dsa_tile.channel offset = 32768 barriers = 36880 : !channel_b
    dsa_tile.warp_specialize load {
    } compute {
      %v = dsa_tile.channel.wait %c : !channel -> !whole
      %w = dsa_tile.channel.wait %d : !channel_b -> !weights
      %part = dsa_tile.extract %v dim = 1 offset = 128 : !whole -> !part
      %p = dsa_tile.mma_start %part, %w a_rows b_rows : !part, !weights -> <tensor<128x16xf32, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }
}
