// Rows that threads copy by their numbers.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

!tile = tensor<32x128xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<2 x !tile>
!numbers = tensor<32xi32, #dsa_tile.rows<lanes = 8>>

gpu.module @gathers {
  // Each of 128 threads that load copies 16 bytes of a row at a time: eight threads a row, of
  // which each has the number. What is no row is copied as zeros. Threads arrive when their copies
  // do.
  // CHECK-LABEL: gpu.func @gather(
  // CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x128xbf16>, %[[LIST:[^:]*]]: memref<32xi32>)
  gpu.func @gather(%keys: memref<?x128xbf16>, %list: memref<32xi32>) kernel {
    // CHECK-COUNT-2: nvvm.mbarrier.init %{{.*}}, %c128_i32
    // CHECK-COUNT-2: nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:         } else {
    // CHECK-NOT:     scf.if
    // Eight threads read one number, of every sixteenth row.
    // CHECK:         %[[THREAD:.*]] = arith.remui %[[ANY:.*]], %c128_i32
    // CHECK-NEXT:    %[[ROW:.*]] = arith.divui %[[THREAD]], %c8_i32
    // CHECK:         %[[FIRST:.*]] = memref.load %[[LIST]]
    // CHECK:         %[[NEXT:.*]] = arith.addi %[[ROW]], %c16_i32
    // CHECK:         %[[SECOND:.*]] = memref.load %[[LIST]]
    // CHECK:         %[[PIECE:.*]] = arith.remui %[[ANY]], %c8_i32
    // CHECK:         %[[NUMBER:.*]] = arith.index_cast %{{.*}} : i32 to index
    // CHECK:         %[[COUNT:.*]] = memref.dim %[[KEYS]], %c0
    // CHECK:         %[[EXISTS:.*]] = arith.cmpi ult, %[[NUMBER]], %[[COUNT]]
    // CHECK-NEXT:    arith.select %[[EXISTS]], %[[NUMBER]], %c0
    // CHECK:         %[[BYTES:.*]] = arith.select %[[EXISTS]], %c16_i32, %c0_i32
    // CHECK:         %[[THERE:.*]] = arith.cmpi ult, %{{.*}}, %[[COUNT]]
    // CHECK:         %[[OTHERS:.*]] = arith.select %[[THERE]], %c16_i32, %c0_i32
    // Where rows are is known before the wait for room.
    // CHECK:         nvvm.mbarrier.try_wait.parity
    // CHECK-NOT:     memref.load
    // CHECK:         nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 16, cache = cg, %[[BYTES]]
    // CHECK:         nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 16, cache = cg, %[[BYTES]]
    // CHECK:         nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 16, cache = cg, %[[OTHERS]]
    // CHECK:         nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 16, cache = cg, %[[OTHERS]]
    // CHECK-NOT:     nvvm.cp.async.shared
    // CHECK:         nvvm.cp.async.mbarrier.arrive %{{.*}} {noinc = true}
    // CHECK:         gpu.return
    %c0 = arith.constant 0 : index
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
      %numbers = dsa_tile.load %list[%c0] box = [32] : memref<32xi32> -> !numbers
      dsa_tile.gather_copy %keys rows %numbers to %c : memref<?x128xbf16>, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

!tile = tensor<16x64xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<1 x !tile>
!numbers = tensor<16xi32, #dsa_tile.rows<lanes = 8>>

gpu.module @several {
  // All threads that load fill each of several channels; one of the copy engine is none of them.
  // Of rows of 1152 bytes, the second one has the last 128.
  // CHECK-LABEL: gpu.func @two(
  gpu.func @two(%keys: memref<?x576xbf16>, %number: i32) kernel {
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c128_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c128_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:      } else {
    // CHECK-NOT:  scf.if
    // CHECK-NOT:  %c1024_i64
    // CHECK:      nvvm.cp.async.shared.global
    // CHECK:      nvvm.cp.async.mbarrier.arrive
    // CHECK:      arith.addi %{{.*}}, %c1024_i64
    // CHECK:      nvvm.cp.async.shared.global
    // CHECK:      nvvm.cp.async.mbarrier.arrive
    // CHECK-NOT:  nvvm.cp.async
    // CHECK:      gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !channel
    %d = dsa_tile.channel offset = 2048 barriers = 8208 : !channel
    %e = dsa_tile.channel offset = 4096 barriers = 8224 : !channel
    dsa_tile.warp_specialize load {
      %numbers = dsa_tile.splat %number : i32 -> !numbers
      dsa_tile.gather_copy %keys rows %numbers to %c : memref<?x576xbf16>, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
      dsa_tile.gather_copy %keys rows %numbers column = 512 to %d : memref<?x576xbf16>, !numbers, !channel
      dsa_tile.channel.commit %d : !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

!tile = tensor<16x64xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<1 x !tile>
!numbers = tensor<16xi32, #dsa_tile.rows<lanes = 8>>

gpu.module @strided {
  // Rows of one head of keys lie further apart than they are wide. Addresses have 64 bits.
  // CHECK-LABEL: gpu.func @heads(
  // CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x64xbf16, strided<[256, 1], offset: ?>>
  gpu.func @heads(%keys: memref<?x64xbf16, strided<[256, 1], offset: ?>>, %number: i32) kernel {
    // CHECK:      %[[NUMBER:.*]] = arith.index_cast %{{.*}} : i32 to index
    // CHECK:      %[[EXISTS:.*]] = arith.cmpi ult, %[[NUMBER]]
    // CHECK:      %[[ROW:.*]] = arith.select %[[EXISTS]], %[[NUMBER]], %c0
    // CHECK:      %[[BASE:.*]], %[[OFFSET:.*]], %{{.*}}:2, %{{.*}}:2 = memref.extract_strided_metadata %[[KEYS]]
    // CHECK:      %[[POINTER:.*]] = memref.extract_aligned_pointer_as_index %[[BASE]]
    // CHECK:      %[[BYTES:.*]] = arith.muli %[[OFFSET]], %c2
    // CHECK:      %[[FIRST:.*]] = arith.addi %[[POINTER]], %[[BYTES]] : index
    // CHECK:      %[[FURTHER:.*]] = arith.muli %[[ROW]], %c512{{.*}} : index
    // CHECK:      %[[PLACE:.*]] = arith.addi %[[FIRST]], %[[FURTHER]] : index
    // CHECK:      arith.index_cast %[[PLACE]] : index to i64
    // CHECK:      nvvm.cp.async.shared.global
    // CHECK:      gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !channel
    dsa_tile.warp_specialize load {
      %numbers = dsa_tile.splat %number : i32 -> !numbers
      dsa_tile.gather_copy %keys rows %numbers to %c : memref<?x64xbf16, strided<[256, 1], offset: ?>>, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

!tile = tensor<16x64xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<1 x !tile>
!numbers = tensor<16xi32, #dsa_tile.rows<lanes = 8>>

gpu.module @mixed {
  // All warps wait for room of what one thread copies, and each says when it has: else, where no
  // rows are gathered, the slot might be filled and released before a late one has looked.
  // CHECK-LABEL: gpu.func @queries(
  gpu.func @queries(%map: !llvm.ptr, %i: index, %keys: memref<?x64xbf16>, %number: i32) kernel {
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c128_i32
    // CHECK:      } else {
    // CHECK:        nvvm.mbarrier.try_wait.parity
    // CHECK:        %[[FIRST:.*]] = arith.cmpi eq, %{{.*}}, %c128_i32
    // CHECK-NEXT:   %[[BYTES:.*]] = arith.select %[[FIRST]], %c2048_i32, %c0_i32
    // CHECK:        %[[LANE:.*]] = arith.remui %{{.*}}, %c32_i32
    // CHECK-NEXT:   %[[SPEAKS:.*]] = arith.cmpi eq, %[[LANE]], %c0_i32
    // CHECK:        scf.if %[[SPEAKS]] {
    // CHECK:          nvvm.mbarrier.arrive.expect_tx %{{.*}}, %[[BYTES]]
    // CHECK:        }
    // CHECK:        scf.if %[[FIRST]] {
    // CHECK:          nvvm.cp.async.bulk.tensor
    // CHECK:        }
    // CHECK:        nvvm.mbarrier.try_wait.parity
    // CHECK:        nvvm.cp.async.shared.global
    // CHECK:      gpu.return
    %c0 = arith.constant 0 : index
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !channel
    %d = dsa_tile.channel offset = 2048 barriers = 8208 : !channel
    dsa_tile.warp_specialize load {
      dsa_tile.channel.acquire %c : !channel
      dsa_tile.copy %map[%i, %c0] extent = [16, 64] box = [16, 64] to %c tile = 0 : !channel
      dsa_tile.channel.commit %c : !channel
      %numbers = dsa_tile.splat %number : i32 -> !numbers
      dsa_tile.gather_copy %keys rows %numbers to %d : memref<?x64xbf16>, !numbers, !channel
      dsa_tile.channel.commit %d : !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}
