// Lists that the warps of a warpgroup append to, and shorten together.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file -verify-diagnostics \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#sums = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>
!scores = tensor<64x8xf32, #sums>
!ends = tensor<64x8xi32, #sums>

gpu.module @lists {
  // Each lane has a score. A ballot says which are listed: a key's place is behind those before it.
  // CHECK-LABEL: gpu.func @add(
  gpu.func @add(%m: memref<64x8xf32>, %n: memref<64x8xi32>, %lists: memref<8x4x2x320xi32>, %key: index) kernel {
    %c0 = arith.constant 0 : index
    dsa_tile.warp_specialize load {
    } compute {
      %s = dsa_tile.load %m[%c0, %c0] box = [64, 8] : memref<64x8xf32> -> !scores
      %e = dsa_tile.load %n[%c0, %c0] box = [64, 8] : memref<64x8xi32> -> !ends
      // CHECK:      %[[HIT:.*]] = arith.cmpf ogt, %[[SCORE:.*]], %{{.*}} : f32
      // CHECK:      %[[WORD:.*]] = nvvm.vote.sync ballot %{{.*}}, %[[HIT]] -> i32
      // CHECK:      %[[SHIFTED:.*]] = arith.shrui %[[WORD]]
      // CHECK:      %[[OF_ROW:.*]] = arith.andi %[[SHIFTED]], %c858993459_i32
      // CHECK:      %[[EARLIER:.*]] = arith.andi %[[OF_ROW]],
      // CHECK:      %[[BEFORE:.*]] = llvm.intr.ctpop(%[[EARLIER]])
      // CHECK:      %[[PLACE:.*]] = arith.addi %[[END:.*]], %[[BEFORE]]
      // CHECK:      scf.if %[[HIT]] {
      // CHECK:        %[[AT:.*]] = llvm.getelementptr %{{.*}}[%[[PLACE]]] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
      // CHECK:        llvm.store %{{.*}}, %[[AT]]
      // CHECK:        %[[KEY:.*]] = llvm.getelementptr %[[AT]][320]
      // CHECK:        llvm.store %{{.*}}, %[[KEY]]
      // CHECK:      %[[ALL:.*]] = llvm.intr.ctpop(%[[OF_ROW]])
      // CHECK:      arith.addi %[[END]], %[[ALL]]
      %f = dsa_tile.shortlist.add %s from %key to %lists ends(%e) floors(%s) : !scores, !ends, memref<8x4x2x320xi32>
      dsa_tile.store %f, %n[%c0, %c0] : !ends, memref<64x8xi32>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 0>
    gpu.return
  }

  // The threads of a warpgroup meet at a barrier of their own.
  // CHECK-LABEL: gpu.func @full(
  gpu.func @full(%n: memref<64x8xi32>, %lists: memref<8x4x2x320xi32>, %out: memref<i1>) kernel {
    %c0 = arith.constant 0 : index
    dsa_tile.warp_specialize load {
    } compute {
      %e = dsa_tile.load %n[%c0, %c0] box = [64, 8] : memref<64x8xi32> -> !ends
      // CHECK:      %[[FULL:.*]] = arith.cmpi sgt, %{{.*}}, %c192_i32
      // CHECK:      %[[BARRIER:.*]] = arith.addi %{{.*}}, %c5_i32
      // CHECK:      llvm.call_intrinsic "llvm.nvvm.barrier.cta.red.or.aligned.count"(%[[BARRIER]], %c128_i32, %[[FULL]])
      %full = dsa_tile.shortlist.full %lists ends(%e) barrier = 5 : memref<8x4x2x320xi32>, !ends
      memref.store %full, %out[] : memref<i1>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 0>
    gpu.return
  }

  // Digits are counted in shared memory, those of the next one if too many keys are left; warps keep the best of
  // their lists, in order.
  // CHECK-LABEL: gpu.func @shorten(
  gpu.func @shorten(%m: memref<64x8xf32>, %n: memref<64x8xi32>, %lists: memref<8x4x2x320xi32>) kernel {
    %c0 = arith.constant 0 : index
    dsa_tile.warp_specialize load {
    } compute {
      %s = dsa_tile.load %m[%c0, %c0] box = [64, 8] : memref<64x8xf32> -> !scores
      %e = dsa_tile.load %n[%c0, %c0] box = [64, 8] : memref<64x8xi32> -> !ends
      // CHECK:      nvvm.barrier id = %{{.*}} number_of_threads = %c128_i32
      // CHECK:      scf.for
      // CHECK:        scf.while
      // CHECK:          %[[MORE:.*]] = arith.cmpi sgt, %{{.*}}, %c64_i32
      // The assembler is to see that all lanes go the same way.
      // CHECK:          %[[SAME:.*]] = nvvm.vote.sync any %{{.*}}, %[[MORE]] -> i1
      // CHECK:          scf.condition(%[[SAME]])
      // CHECK:          nvvm.redux.sync umax
      // CHECK:          llvm.atomicrmw add %{{.*}}, %{{.*}} syncscope("block") monotonic : !llvm.ptr<3>, i32
      // CHECK:          nvvm.shfl.sync up
      // CHECK:          nvvm.vote.sync ballot
      // CHECK:          llvm.store %{{.*}} : i32, !llvm.ptr<1>
      %g, %h = dsa_tile.shortlist.shorten %lists ends(%e) floors(%s) keep = 64 offset = 1024 barrier = 5
          : memref<8x4x2x320xi32>, !ends, !scores
      dsa_tile.store %g, %n[%c0, %c0] : !ends, memref<64x8xi32>
      dsa_tile.store %h, %m[%c0, %c0] : !scores, memref<64x8xf32>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 0>
    gpu.return
  }

  // Keys of the four lists are merged: each lies behind the smaller ones of all.
  // CHECK-LABEL: gpu.func @end(
  gpu.func @end(%n: memref<64x8xi32>, %lists: memref<8x4x2x320xi32>, %i: memref<?x1x64xi32>, %c: memref<?x1xi32>,
                %row: index) kernel {
    %c0 = arith.constant 0 : index
    dsa_tile.warp_specialize load {
    } compute {
      %e = dsa_tile.load %n[%c0, %c0] box = [64, 8] : memref<64x8xi32> -> !ends
      // CHECK:      scf.while
      // CHECK:      memref.dim
      // CHECK:      llvm.addrspacecast %{{.*}} : !llvm.ptr<3> to !llvm.ptr
      // CHECK:      "llvm.intr.ctlz"
      // CHECK:      memref.store %{{.*}} : memref<?x1x64xi32>
      // CHECK:      memref.store %c-1_i32, %{{.*}} : memref<?x1x64xi32>
      // CHECK:      memref.store %{{.*}} : memref<?x1xi32>
      dsa_tile.shortlist.end %lists ends(%e) keep = 64 to %i, %c at %row offset = 1024 barrier = 5
          : memref<8x4x2x320xi32>, !ends, memref<?x1x64xi32>, memref<?x1xi32>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

#sums = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>
gpu.module @unplaced {
  gpu.func @full(%lists: memref<8x4x2x320xi32>, %e: tensor<64x8xi32, #sums>) kernel {
    dsa_tile.warp_specialize load {
    } compute {
      // expected-error @+1 {{expected a place in shared memory: run dsa-tile-allocate-shared}}
      %full = dsa_tile.shortlist.full %lists ends(%e) : memref<8x4x2x320xi32>, tensor<64x8xi32, #sums>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

#sums = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 2>>
gpu.module @divided {
  gpu.func @full(%lists: memref<8x4x2x320xi32>, %e: tensor<64x8xi32, #sums>) kernel {
    dsa_tile.warp_specialize load {
    } compute {
      // expected-error @+1 {{expected sums of groups of columns that all who compute divide, but found}}
      %full = dsa_tile.shortlist.full %lists ends(%e) barrier = 5 : memref<8x4x2x320xi32>, tensor<64x8xi32, #sums>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 0>
    gpu.return
  }
}
