// Who loads and who computes, and the channels between them.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
#shared = #dsa_tile.shared<swizzle = 64>
!tile = tensor<64x64xf8E4M3FN, #shared>
!channel = !dsa_tile.channel<4 x !tile>

gpu.module @roles {
  // CHECK: llvm.mlir.global external @dsa_tile_shared() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<0 x i8>

  // CHECK-LABEL: gpu.func @roles(
  // CHECK-SAME:    %[[MAP:[^:]*]]: !llvm.ptr, %[[I:[^:]*]]: index)
  gpu.func @roles(%map: !llvm.ptr, %i: index) kernel {
    %c0 = arith.constant 0 : index
    // The copy engine reports full slots, and each of eight warps an empty one.
    // CHECK:         scf.if %{{.*}} {
    // CHECK-COUNT-4:   nvvm.mbarrier.init %{{.*}}, %c1_i32 : !llvm.ptr<3>, i32
    // CHECK-COUNT-4:   nvvm.mbarrier.init %{{.*}}, %c8_i32 : !llvm.ptr<3>, i32
    // CHECK-NOT:       nvvm.mbarrier.init
    // CHECK:         }
    // CHECK:         nvvm.fence.mbarrier.init
    // CHECK-NEXT:    nvvm.barrier
    %c = dsa_tile.channel offset = 2048 barriers = 32768 : !channel
    // Those who compute come first, with more registers than they began with.
    // CHECK:         %[[COMPUTES:.*]] = arith.cmpi ult, %{{.*}}, %c2_i32
    // CHECK-NEXT:    scf.if %[[COMPUTES]] {
    // CHECK-NEXT:      nvvm.setmaxregister increase 160
    // The last warpgroup gives the first its first turn.
    // CHECK-NEXT:      %[[LAST:.*]] = arith.cmpi eq, %{{.*}}, %c1_i32
    // CHECK-NEXT:      scf.if %[[LAST]] {
    // CHECK-NEXT:        nvvm.barrier.arrive id = %c1_i32 number_of_threads = %c256_i32
    // CHECK-NEXT:      }
    // Slots, of 4096 bytes, lie where the channel does, and their barriers too.
    // CHECK-DAG:       %[[BASE:.*]] = llvm.ptrtoint %{{.*}} : !llvm.ptr<3> to i32
    // CHECK-DAG:       arith.addi %[[BASE]], %c32768_i32
    // CHECK:           nvvm.mbarrier.try_wait.parity %{{.*}}, %{{.*}}, %{{.*}} : !llvm.ptr<3>, i32, i32
    // CHECK-DAG:       %[[SLOTS:.*]] = arith.addi %[[BASE]], %c2048_i32
    // CHECK-DAG:       %[[OFFSET:.*]] = arith.muli %{{.*}}, %c4096_i32
    // CHECK:           %[[K:.*]] = arith.addi %[[SLOTS]], %[[OFFSET]]
    // CHECK:           nvvm.barrier id = %{{.*}} number_of_threads = %c256_i32
    // 64 x 32 columns of 64 bytes for each warpgroup: two products of 32 bytes.
    // CHECK:           llvm.inline_asm has_side_effects asm_dialect = att
    // CHECK-SAME:        setp.ne.b32 first, 0, 0;
    // CHECK-SAME:        wgmma.fence.sync.aligned;
    // CHECK-SAME:        wgmma.mma_async.sync.aligned.m64n32k32.f32.e4m3.e4m3 {{[{][^}]*[}]}}, da, db, first, 1, 1;
    // CHECK-SAME:        wgmma.mma_async.sync.aligned.m64n32k32.f32.e4m3.e4m3 {{[{][^}]*[}]}}, da, db, next, 1, 1;
    // CHECK-SAME:        wgmma.commit_group.sync.aligned;
    // CHECK-SAME:        : (i32, i32) -> !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
    // CHECK:           nvvm.barrier.arrive id = %{{.*}} number_of_threads = %c256_i32
    // Nothing reads a result but behind the wait, which gives it.
    // CHECK:           llvm.inline_asm has_side_effects asm_dialect = att "wgmma.wait_group.sync.aligned 0;", "=f,{{.*}},0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"
    // One lane of each warp gives the slot back.
    // CHECK:           scf.if %{{.*}} {
    // CHECK-NEXT:        nvvm.mbarrier.arrive %{{.*}} : !llvm.ptr<3>
    // CHECK-NEXT:      }
    // CHECK-NEXT:      nvvm.bar.warp.sync %c-1_i32
    // CHECK:         } else {
    // CHECK-NEXT:      nvvm.setmaxregister decrease 32
    // CHECK-NEXT:      %[[LOADS:.*]] = arith.cmpi eq, %{{.*}}, %c256_i32
    // CHECK-NEXT:      scf.if %[[LOADS]] {
    // CHECK:             nvvm.mbarrier.try_wait.parity
    // CHECK:             nvvm.mbarrier.arrive.expect_tx %{{.*}}, %c4096_i32
    // Boxes of 32 rows: the innermost coordinate first.
    // CHECK:             %[[ROW:.*]] = arith.index_cast %[[I]] : index to i32
    // CHECK:             nvvm.cp.async.bulk.tensor.shared.cluster.global %{{.*}}, %[[MAP]], %{{.*}}, box[%c0_i32, %[[ROW]]] : !llvm.ptr<7>, !llvm.ptr
    // CHECK:             %[[NEXT:.*]] = arith.addi %[[ROW]], %c32_i32
    // CHECK-NEXT:        nvvm.cp.async.bulk.tensor.shared.cluster.global %{{.*}}, %[[MAP]], %{{.*}}, box[%c0_i32, %[[NEXT]]] : !llvm.ptr<7>, !llvm.ptr
    // CHECK-NOT:         nvvm.cp.async
    // CHECK:         gpu.return
    dsa_tile.warp_specialize load {
      dsa_tile.channel.acquire %c : !channel
      dsa_tile.copy %map[%i, %c0] extent = [64, 64] box = [32, 64] to %c tile = 0 : !channel
      dsa_tile.channel.commit %c : !channel
    } compute {
      %k = dsa_tile.channel.wait %c : !channel -> !tile
      dsa_tile.turn_wait groups = 2
      %p = dsa_tile.mma_start %k, %k : !tile, !tile -> <tensor<64x64xf32, #acc>>
      dsa_tile.turn_pass groups = 2
      %x = dsa_tile.mma_wait %p : !dsa_tile.pending<tensor<64x64xf32, #acc>> -> tensor<64x64xf32, #acc>
      dsa_tile.channel.release %c : !channel
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0,
                                registers = [32, 160], ordered = true>
    gpu.return
  }
}

// -----

!tile = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<2 x !tile>

gpu.module @progress {
  // Who waits for a slot before the last one is released counts both apart: accesses say which, so that they
  // are not taken for the same. Slots of 8192 bytes.
  // CHECK-LABEL: gpu.func @ahead(
  gpu.func @ahead() kernel {
    // CHECK:         llvm.alloca
    // CHECK:         %[[WAITED:.*]] = llvm.alloca
    // CHECK:         %[[RELEASED:.*]] = llvm.alloca
    // CHECK-NOT:     llvm.alloca
    // CHECK:         scf.if %{{.*}} {
    // CHECK-COUNT-4:   nvvm.mbarrier.init
    // CHECK:         scf.if %{{.*}} {
    // CHECK-NOT:       %[[RELEASED]]
    // CHECK:           llvm.load %[[WAITED]] {progress = 1 : i64} : !llvm.ptr -> i32
    // CHECK:           nvvm.mbarrier.try_wait.parity
    // CHECK:           %[[NEXT:.*]] = arith.select %{{.*}}, %c0_i32, %{{.*}} : i32
    // CHECK-NEXT:      llvm.store %[[NEXT]], %[[WAITED]] {progress = 1 : i64}
    // CHECK:           llvm.load %[[WAITED]]
    // CHECK-NOT:       %[[RELEASED]]
    // CHECK:           nvvm.mbarrier.try_wait.parity
    // The first release is of the first slot that was waited for.
    // CHECK:           %[[HELD:.*]] = llvm.load %[[RELEASED]] {progress = 2 : i64} : !llvm.ptr -> i32
    // CHECK:           %[[PLACE:.*]] = arith.muli %[[HELD]], %c8_i32
    // CHECK-NEXT:      %[[ADDRESS:.*]] = arith.addi %{{.*}}, %[[PLACE]]
    // CHECK-NEXT:      %[[EMPTY:.*]] = llvm.inttoptr %[[ADDRESS]]
    // CHECK:           scf.if %{{.*}} {
    // CHECK-NEXT:        nvvm.mbarrier.arrive %[[EMPTY]]
    // CHECK-NEXT:      }
    // CHECK-NEXT:      nvvm.bar.warp.sync %c-1_i32
    // CHECK-NOT:       %[[WAITED]]
    // CHECK:           llvm.store %{{.*}}, %[[RELEASED]] {progress = 2 : i64}
    // CHECK:           nvvm.mbarrier.arrive
    // CHECK:           gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !channel -> !tile
      %l = dsa_tile.channel.wait %c : !channel -> !tile
      dsa_tile.channel.release %c : !channel
      dsa_tile.channel.release %c : !channel
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }

  // Otherwise the release alone goes on to the next slot.
  // CHECK-LABEL: gpu.func @by_turns(
  gpu.func @by_turns() kernel {
    // CHECK-COUNT-2: llvm.alloca
    // CHECK-NOT:     llvm.alloca
    // CHECK:         nvvm.mbarrier.try_wait.parity
    // CHECK-NOT:     llvm.store
    // CHECK:         nvvm.mbarrier.arrive
    // CHECK:         llvm.store
    // CHECK:         nvvm.mbarrier.try_wait.parity
    // CHECK:         gpu.return
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !channel -> !tile
      dsa_tile.channel.release %c : !channel
      %l = dsa_tile.channel.wait %c : !channel -> !tile
      dsa_tile.channel.release %c : !channel
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }

  // One of several programs that waits ahead is enough, also from one iteration to the next.
  // CHECK-LABEL: gpu.func @second_ahead(
  gpu.func @second_ahead(%n: index) kernel {
    // CHECK-COUNT-3: llvm.alloca
    // CHECK:         gpu.return
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %c : !channel -> !tile
      dsa_tile.channel.release %c : !channel
    }, {
      %k = dsa_tile.channel.wait %c : !channel -> !tile
      scf.for %i = %c0 to %n step %c1 {
        %l = dsa_tile.channel.wait %c : !channel -> !tile
        dsa_tile.channel.release %c : !channel
      }
      dsa_tile.channel.release %c : !channel
    } kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }
}

// -----

!tile = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
!channel = !dsa_tile.channel<1 x !tile>

gpu.module @releases {
  // Of several programs, four warps of each that releases count.
  // CHECK-LABEL: gpu.func @releases(
  gpu.func @releases(%any: i1) kernel {
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c1_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c4_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c1_i32
    // CHECK:      nvvm.mbarrier.init %{{.*}}, %c8_i32
    // CHECK-NOT:  nvvm.mbarrier.init
    // CHECK:      gpu.return
    %one = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    %both = dsa_tile.channel offset = 8192 barriers = 16400 : !channel
    dsa_tile.warp_specialize load {
    } compute {
      %k = dsa_tile.channel.wait %both : !channel -> !tile
      dsa_tile.channel.release %both : !channel
    }, {
      %k = dsa_tile.channel.wait %both : !channel -> !tile
      %l = dsa_tile.channel.wait %one : !channel -> !tile
      dsa_tile.channel.release %both : !channel
      scf.if %any {
        dsa_tile.channel.release %one : !channel
      }
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
    gpu.return
  }
}

// -----

gpu.module @programs {
  // A branch for each warpgroup's program but the last one. Blocks of a cluster are neighbours.
  // CHECK-LABEL: gpu.func @three(
  // CHECK-SAME:    %[[M:[^:]*]]: memref<3xf32>, %[[X:[^:]*]]: f32)
  // CHECK-SAME:    kernel attributes {nvvm.cluster_dim = array<i32: 4, 1, 1>}
  gpu.func @three(%m: memref<3xf32>, %x: f32) kernel {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    // CHECK:      %[[GROUP:.*]] = nvvm.shfl.sync idx
    // CHECK:      %[[COMPUTES:.*]] = arith.cmpi ult, %[[GROUP]], %c3_i32
    // CHECK-NEXT: scf.if %[[COMPUTES]] {
    // CHECK-NEXT:   %[[FIRST:.*]] = arith.cmpi eq, %[[GROUP]], %c0_i32
    // CHECK-NEXT:   scf.if %[[FIRST]] {
    // CHECK-NEXT:     memref.store %[[X]], %[[M]][%c0]
    // CHECK-NEXT:   } else {
    // CHECK-NEXT:     %[[SECOND:.*]] = arith.cmpi eq, %[[GROUP]], %c1_i32
    // CHECK-NEXT:     scf.if %[[SECOND]] {
    // CHECK-NEXT:       memref.store %[[X]], %[[M]][%c1]
    // CHECK-NEXT:     } else {
    // CHECK-NEXT:       memref.store %[[X]], %[[M]][%c2]
    // CHECK-NEXT:     }
    // CHECK-NEXT:   }
    // CHECK-NEXT: }
    // CHECK-NEXT: gpu.return
    dsa_tile.warp_specialize load {
    } compute {
      memref.store %x, %m[%c0] : memref<3xf32>
    }, {
      memref.store %x, %m[%c1] : memref<3xf32>
    }, {
      memref.store %x, %m[%c2] : memref<3xf32>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 3, load_warps = 1, blocks = 0, cluster = 4>
    gpu.return
  }

  // A block alone is no cluster.
  // CHECK-LABEL: gpu.func @alone() kernel {
  gpu.func @alone() kernel {
    dsa_tile.warp_specialize load {
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0, cluster = 1>
    gpu.return
  }
}
