// Rows that threads copy by their numbers.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

!tile = tensor<16x128xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<2 x !tile>

gpu.module @gathers {
  // Each of 128 threads that load copies 16 bytes of a row at a time: eight threads a row. What
  // is not listed, or is no row, is copied as zeros. Threads arrive when their copies do.
  // CHECK-LABEL: gpu.func @gather(
  // CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x128xbf16>, %[[NUMBERS:[^:]*]]: memref<?x100xi32>, %[[T:[^:]*]]: index, %[[J:[^:]*]]: index, %[[N:[^:]*]]: index)
  gpu.func @gather(%keys: memref<?x128xbf16>, %numbers: memref<?x100xi32>, %t: index, %j: index, %n: index) kernel {
    // CHECK-COUNT-2: nvvm.mbarrier.init %{{.*}}, %c128_i32
    // CHECK-COUNT-2: nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:         } else {
    // CHECK-NOT:     scf.if
    // CHECK:         %[[LOADER:.*]] = arith.subi %{{.*}}, %c128_i32
    // CHECK-NEXT:    %[[PIECE:.*]] = arith.remui %[[LOADER]], %c8_i32
    // CHECK-NEXT:    %[[ROW:.*]] = arith.divui %[[LOADER]], %c8_i32
    // CHECK:         %[[PLACE:.*]] = arith.addi %[[J]], %{{.*}} : index
    // CHECK-NEXT:    %[[LISTED:.*]] = arith.cmpi slt, %[[PLACE]], %[[N]]
    // CHECK-NEXT:    %[[SAFE:.*]] = arith.select %[[LISTED]], %[[PLACE]], %c0
    // CHECK-NEXT:    %[[READ:.*]] = memref.load %[[NUMBERS]][%[[T]], %[[SAFE]]]
    // CHECK-NEXT:    %[[NUMBER:.*]] = arith.index_cast %[[READ]]
    // CHECK:         %[[THERE:.*]] = arith.cmpi ult, %[[NUMBER]], %{{.*}} : index
    // CHECK-NEXT:    %[[EXISTS:.*]] = arith.andi %[[LISTED]], %[[THERE]]
    // CHECK:         %[[BYTES:.*]] = arith.select %[[EXISTS]], %c16_i32, %c0_i32
    // Where rows are is known before the wait for room.
    // CHECK:         nvvm.mbarrier.try_wait.parity
    // CHECK:         nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 16, cache = cg, %[[BYTES]]
    // CHECK:         nvvm.cp.async.shared.global %{{.*}}, %{{.*}}, 16, cache = cg, %[[BYTES]]
    // CHECK-NOT:     nvvm.cp.async.shared
    // CHECK:         nvvm.cp.async.mbarrier.arrive %{{.*}} {noinc = true}
    // CHECK:         gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !channel
    dsa_tile.warp_specialize load {
      dsa_tile.gather_copy %keys rows %numbers[%t, %j] limit = %n to %c
          : memref<?x128xbf16>, memref<?x100xi32>, !channel
      dsa_tile.channel.commit %c : !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

!tile = tensor<16x64xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<1 x !tile>
!keys = memref<?x64xbf16>
!numbers = memref<?xi32>

gpu.module @divided {
  // Two channels: 64 threads fill each, eight rows at once. Of rows of 1152 bytes, the second
  // one has the last 128.
  // CHECK-LABEL: gpu.func @two(
  gpu.func @two(%keys: memref<?x576xbf16>, %numbers: memref<?xi32>, %j: index, %n: index) kernel {
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c64_i32
    // CHECK-NEXT: arith.addi
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c64_i32
    // CHECK:      } else {
    // CHECK-NEXT:   %[[FIRST:.*]] = arith.subi %{{.*}}, %c128_i32
    // CHECK-NEXT:   %[[HERE:.*]] = arith.cmpi ult, %[[FIRST]], %c64_i32
    // CHECK-NEXT:   scf.if %[[HERE]] {
    // CHECK:          %[[ROW:.*]] = arith.divui %[[FIRST]], %c8_i32
    // CHECK:          arith.addi %[[ROW]], %c8_i32
    // CHECK-NOT:      %c1024_i64
    // CHECK-COUNT-2:  nvvm.cp.async.shared.global
    // CHECK-NOT:      nvvm.cp.async
    // CHECK:        }{{$}}
    // Who copies nothing does not arrive either, but goes on to the next slot with the others.
    // CHECK-NEXT:   scf.if %[[HERE]] {
    // CHECK:          nvvm.cp.async.mbarrier.arrive
    // CHECK-NEXT:   }{{$}}
    // CHECK:        llvm.store
    // CHECK:        %[[SECOND:.*]] = arith.subi %{{.*}}, %c192_i32
    // CHECK-NEXT:   %[[THERE:.*]] = arith.cmpi ult, %[[SECOND]], %c64_i32
    // CHECK-NEXT:   scf.if %[[THERE]] {
    // CHECK:          %[[BASE:.*]] = arith.index_cast %{{.*}} : index to i64
    // CHECK-NEXT:     arith.addi %[[BASE]], %c1024_i64
    // CHECK-COUNT-2:  nvvm.cp.async.shared.global
    // CHECK:        scf.if %[[THERE]] {
    // CHECK:          nvvm.cp.async.mbarrier.arrive
    // CHECK:      gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !channel
    %d = dsa_tile.channel offset = 2048 barriers = 8208 : !channel
    dsa_tile.warp_specialize load {
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %c : memref<?x576xbf16>, memref<?xi32>, !channel
      dsa_tile.channel.commit %c : !channel
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n column = 512 to %d
          : memref<?x576xbf16>, memref<?xi32>, !channel
      dsa_tile.channel.commit %d : !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }

  // A channel that is filled twice is one, and one of the copy engine is none of them.
  // CHECK-LABEL: gpu.func @one(
  gpu.func @one(%keys: !keys, %numbers: !numbers, %j: index, %n: index) kernel {
    // CHECK:     nvvm.mbarrier.init %{{.*}}, %c128_i32
    // CHECK:     nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:     nvvm.mbarrier.init %{{.*}}, %c1_i32
    // CHECK:     } else {
    // CHECK-NOT: scf.if
    // CHECK:     nvvm.cp.async.shared.global
    // CHECK:     nvvm.cp.async.shared.global
    // CHECK:     gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 8192 : !channel
    %d = dsa_tile.channel offset = 2048 barriers = 8208 : !channel
    dsa_tile.warp_specialize load {
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %c : !keys, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %c : !keys, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }

  // Four channels: a warp each.
  // CHECK-LABEL: gpu.func @four(
  // CHECK:         nvvm.mbarrier.init %{{.*}}, %c32_i32
  // CHECK:         arith.subi %{{.*}}, %c128_i32
  // CHECK:         arith.subi %{{.*}}, %c160_i32
  // CHECK:         arith.subi %{{.*}}, %c192_i32
  // CHECK:         arith.subi %{{.*}}, %c224_i32
  // CHECK:         gpu.return
  gpu.func @four(%keys: !keys, %numbers: !numbers, %j: index, %n: index) kernel {
    %a = dsa_tile.channel offset = 0 barriers = 8192 : !channel
    %b = dsa_tile.channel offset = 2048 barriers = 8208 : !channel
    %c = dsa_tile.channel offset = 4096 barriers = 8224 : !channel
    %d = dsa_tile.channel offset = 6144 barriers = 8240 : !channel
    dsa_tile.warp_specialize load {
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %a : !keys, !numbers, !channel
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %b : !keys, !numbers, !channel
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %c : !keys, !numbers, !channel
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %d : !keys, !numbers, !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }

  // Three do not divide 128 threads: all of them fill each.
  // CHECK-LABEL: gpu.func @three(
  // CHECK-NOT:     %c64_i32
  // CHECK:         nvvm.mbarrier.init %{{.*}}, %c128_i32
  // CHECK:         nvvm.mbarrier.init %{{.*}}, %c128_i32
  // CHECK:         nvvm.mbarrier.init %{{.*}}, %c128_i32
  // CHECK:         } else {
  // CHECK-NOT:     scf.if
  // CHECK:         gpu.return
  gpu.func @three(%keys: !keys, %numbers: !numbers, %j: index, %n: index) kernel {
    %a = dsa_tile.channel offset = 0 barriers = 8192 : !channel
    %b = dsa_tile.channel offset = 2048 barriers = 8208 : !channel
    %c = dsa_tile.channel offset = 4096 barriers = 8224 : !channel
    dsa_tile.warp_specialize load {
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %a : !keys, !numbers, !channel
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %b : !keys, !numbers, !channel
      dsa_tile.gather_copy %keys rows %numbers[%j] limit = %n to %c : !keys, !numbers, !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}
