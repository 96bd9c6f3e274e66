// Matrix products by wgmma.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!wide = tensor<64x128xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<1 x !wide>

gpu.module @products {
  // Where registers stay as they are and nobody takes turns, there is none of either. A
  // product adds to its accumulator, which is tied to the result. Steps of 32 bytes go on in
  // the next block of columns, 64 x 128 bytes behind.
  // CHECK-LABEL: gpu.func @accumulates(
  gpu.func @accumulates(%zero: f32) kernel {
    // CHECK-NOT:  nvvm.setmaxregister
    // CHECK-NOT:  nvvm.barrier.arrive
    // CHECK:      llvm.inline_asm
    // CHECK-SAME:   setp.ne.b32 first, 1, 0;
    // CHECK-SAME:   add.s32 low, $65, 0;
    // CHECK-SAME:   mov.b64 da, {low, 1073741888};
    // CHECK-SAME:   m64n64k16.f32.bf16.bf16 {{[{][^}]*[}]}}, da, db, first, 1, 1, 0, 0;
    // CHECK-SAME:   add.s32 low, $65, 2;
    // CHECK-SAME:   m64n64k16.f32.bf16.bf16 {{[{][^}]*[}]}}, da, db, next, 1, 1, 0, 0;
    // CHECK-SAME:   add.s32 low, $65, 4;
    // CHECK-SAME:   add.s32 low, $65, 6;
    // CHECK-SAME:   add.s32 low, $65, 512;
    // CHECK-SAME:   add.s32 low, $65, 514;
    // CHECK-SAME:   add.s32 low, $65, 516;
    // CHECK-SAME:   add.s32 low, $65, 518;
    // CHECK-SAME:   m64n64k16.f32.bf16.bf16 {{[{][^}]*[}]}}, da, db, next, 1, 1, 0, 0;
    // CHECK-SAME:   wgmma.commit_group.sync.aligned;
    // CHECK-SAME:   =f,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,r,r"
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !channel -> !wide
      %acc = dsa_tile.splat %zero : f32 -> tensor<64x64xf32, #acc>
      %p = dsa_tile.mma_start %k, %k acc(%acc : tensor<64x64xf32, #acc>) : !wide, !wide -> <tensor<64x64xf32, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!tile = tensor<16x128xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<2 x !tile>

gpu.module @registers {
  // A left operand in registers, two elements in each; rows of the right one are of the sum.
  // CHECK-LABEL: gpu.func @registers(
  gpu.func @registers(%x: bf16) kernel {
    // CHECK:      llvm.bitcast %{{.*}} : vector<8xbf16> to vector<4xi32>
    // CHECK:      llvm.inline_asm
    // CHECK-SAME:   m64n128k16.f32.bf16.bf16 {{[{][^}]*[}]}}, {$64, $65, $66, $67}, db, first, 1, 1, 1;
    // CHECK-NOT:    wgmma.mma_async
    // CHECK-SAME:   =f,r,r,r,r,r"
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !channel
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !channel -> !tile
      %w = dsa_tile.splat %x : bf16 -> tensor<64x16xbf16, #acc>
      %p = dsa_tile.mma_start %w, %k b_rows : tensor<64x16xbf16, #acc>, !tile -> <tensor<64x128xf32, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!tile = tensor<64x16xbf16, #dsa_tile.shared<swizzle = 32>>
!channel = !dsa_tile.channel<1 x !tile>
!narrow = tensor<8x16xbf16, #dsa_tile.shared<swizzle = 32>>
!sum = tensor<64x8xf32, #acc>

gpu.module @continued {
  // What continues a product adds to it where it is, and nobody waits between.
  // CHECK-LABEL: gpu.func @continues(
  gpu.func @continues() kernel {
    // CHECK:      llvm.inline_asm
    // CHECK-SAME:   setp.ne.b32 first, 0, 0;
    // CHECK-SAME:   wgmma.commit_group.sync.aligned;
    // CHECK-SAME:   "=f,=f,=f,=f,r,r"
    // CHECK-NOT:  wgmma.wait_group
    // CHECK:      llvm.inline_asm
    // CHECK-SAME:   setp.ne.b32 first, 1, 0;
    // CHECK-SAME:   {$0, $1, $2, $3}, da, db, first, 1, 1, 0, 0;
    // CHECK-SAME:   wgmma.commit_group.sync.aligned;
    // CHECK-SAME:   "=f,=f,=f,=f,0,1,2,3,r,r"
    // CHECK:      wgmma.wait_group.sync.aligned 0;
    // CHECK-NOT:  llvm.inline_asm
    // CHECK:      gpu.return
    %a = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    %b = dsa_tile.channel offset = 2048 barriers = 16400 : !dsa_tile.channel<1 x !narrow>
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %a : !channel -> !tile
      %q = dsa_tile.channel.wait %b
          : !dsa_tile.channel<1 x !narrow>
          -> !narrow
      %p = dsa_tile.mma_start %k, %q : !tile, !narrow -> <!sum>
      %r = dsa_tile.mma_start %k, %q continues(%p : !dsa_tile.pending<!sum>)
          : !tile, !narrow -> <!sum>
      %x = dsa_tile.mma_wait %r : !dsa_tile.pending<!sum> -> !sum
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!left = tensor<64x16xbf16, #acc>
!right = tensor<16x16xbf16, #dsa_tile.shared<swizzle = 32>>
!sum = tensor<64x16xf32, #acc>
!pending = !dsa_tile.pending<!sum>

gpu.module @waits {
  // What is multiplied in registers stays there until it is waited for, with the results or without
  // them: also of a product that another one continues, unless it was waited for before.
  // CHECK-LABEL: gpu.func @waits(
  gpu.func @waits(%x: bf16, %y: bf16, %z: bf16) kernel {
    // CHECK:      %[[A:.*]] = llvm.bitcast %{{.*}} : vector<8xbf16> to vector<4xi32>
    // CHECK-NEXT: %[[A4:.*]]:4 = vector.to_elements %[[A]]
    // CHECK:      wgmma.mma_async
    // CHECK:      %[[B:.*]] = llvm.bitcast %{{.*}} : vector<8xbf16> to vector<4xi32>
    // CHECK-NEXT: %[[B4:.*]]:4 = vector.to_elements %[[B]]
    // CHECK:      wgmma.mma_async
    // CHECK:      llvm.inline_asm has_side_effects "wgmma.wait_group.sync.aligned 1;", "r,r,r,r" %[[A4]]#0, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}} : (i32, i32, i32, i32) -> ()
    // CHECK:      %[[C:.*]] = llvm.bitcast %{{.*}} : vector<8xbf16> to vector<4xi32>
    // CHECK-NEXT: %[[C4:.*]]:4 = vector.to_elements %[[C]]
    // CHECK:      wgmma.mma_async
    // CHECK:      "wgmma.wait_group.sync.aligned 0;", "=f,=f,=f,=f,=f,=f,=f,=f,0,1,2,3,4,5,6,7,r,r,r,r,r,r,r,r"
    // CHECK-SAME: %[[C4]]#0, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %[[B4]]#0, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}} :
    // CHECK:      gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !dsa_tile.channel<1 x !right>
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !dsa_tile.channel<1 x !right> -> !right
      %a = dsa_tile.splat %x : bf16 -> !left
      %p = dsa_tile.mma_start %a, %k b_rows : !left, !right -> <!sum>
      %b = dsa_tile.splat %y : bf16 -> !left
      %q = dsa_tile.mma_start %b, %k continues(%p : !pending) b_rows : !left, !right -> <!sum>
      dsa_tile.mma_wait %p outstanding = 1 : !pending
      %d = dsa_tile.splat %z : bf16 -> !left
      %r = dsa_tile.mma_start %d, %k continues(%q : !pending) b_rows : !left, !right -> <!sum>
      %sum = dsa_tile.mma_wait %r : !pending -> !sum
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
#left = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!all = tensor<16x128xbf16, #dsa_tile.shared<swizzle = 128>>
!half = tensor<16x64xbf16, #dsa_tile.shared<swizzle = 128>>
!columns = tensor<64x16xbf16, #dsa_tile.shared<swizzle = 32>>

gpu.module @columns {
  // Each of two warpgroups reads its 64 columns: the second ones lie 16 x 128 bytes behind.
  // CHECK-LABEL: gpu.func @divided(
  gpu.func @divided(%x: bf16) kernel {
    // CHECK:      nvvm.mbarrier.try_wait.parity
    // CHECK:      %[[K:.*]] = arith.addi
    // CHECK:      %[[COLUMN:.*]] = arith.remui %{{.*}}, %c2_i32
    // CHECK:      %[[OFFSET:.*]] = arith.muli %[[COLUMN]], %c2048_i32
    // CHECK-NEXT: %[[MINE:.*]] = arith.addi %[[K]], %[[OFFSET]]
    // CHECK-NEXT: arith.shrui %[[MINE]], %c4_i32
    // CHECK:      m64n64k16
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !dsa_tile.channel<1 x !all>
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !dsa_tile.channel<1 x !all> -> !all
      %w = dsa_tile.splat %x : bf16 -> tensor<64x16xbf16, #left>
      %p = dsa_tile.mma_start %w, %k b_rows : tensor<64x16xbf16, #left>, !all -> <tensor<64x128xf32, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
    gpu.return
  }

  // Whoever has a b of its own reads it from the beginning.
  // CHECK-LABEL: gpu.func @own(
  gpu.func @own(%x: bf16) kernel {
    // CHECK:      nvvm.mbarrier.try_wait.parity
    // CHECK:      %[[OFFSET:.*]] = arith.muli %{{.*}}, %c2048_i32
    // CHECK-NEXT: %[[K:.*]] = arith.addi %{{.*}}, %[[OFFSET]]
    // CHECK-NOT:  arith.remui
    // CHECK:      arith.shrui %[[K]], %c4_i32
    // CHECK:      m64n64k16
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !dsa_tile.channel<1 x !half>
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !dsa_tile.channel<1 x !half> -> !half
      %w = dsa_tile.splat %x : bf16 -> tensor<64x16xbf16, #left>
      %p = dsa_tile.mma_start %w, %k b_rows {own_columns}
          : tensor<64x16xbf16, #left>, !half -> <tensor<64x128xf32, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
    gpu.return
  }

  // The same where rows of b are columns of the result.
  // CHECK-LABEL: gpu.func @own_rows(
  gpu.func @own_rows(%x: bf16) kernel {
    // CHECK:      nvvm.mbarrier.try_wait.parity
    // CHECK-NOT:  arith.remui
    // CHECK:      m64n64k16
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !dsa_tile.channel<1 x !columns>
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !dsa_tile.channel<1 x !columns> -> !columns
      %w = dsa_tile.splat %x : bf16 -> tensor<64x16xbf16, #left>
      %p = dsa_tile.mma_start %w, %k {own_columns}
          : tensor<64x16xbf16, #left>, !columns -> <tensor<64x128xf32, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
    gpu.return
  }
}
