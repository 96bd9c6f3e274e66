// Cleaned up, so that what stands here is short.
// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file -verify-diagnostics \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>

// A tile in registers becomes a vector of what a thread holds: of 64 x 8 elements, 4.
// CHECK: gpu.module @kernels
gpu.module @kernels {
  // CHECK-LABEL: gpu.func @elementwise(
  // CHECK-SAME:    %[[X:[^:]*]]: f32, %[[OUT:[^:]*]]: memref<64x8xf32>)
  gpu.func @elementwise(%x: f32, %out: memref<64x8xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-DAG: %[[ONE:.*]] = arith.constant dense<1.000000e+00> : vector<4xf32>
    // CHECK-DAG: %[[Y:.*]] = vector.broadcast %[[X]] : f32 to vector<4xf32>
    // CHECK:     %[[SUM:.*]] = arith.addf %[[Y]], %[[ONE]] fastmath<contract> : vector<4xf32>
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
    %one = arith.constant dense<1.0> : tensor<64x8xf32, #acc>
    %sum = arith.addf %y, %one fastmath<contract> : tensor<64x8xf32, #acc>
    // The device has no functions of vectors.
    // CHECK-COUNT-4: math.exp2 %{{.*}} : f32
    %power = math.exp2 %sum : tensor<64x8xf32, #acc>
    // Where all of a tile is known to lie inside of memory, nobody looks.
    // CHECK-NOT:     scf.if
    // CHECK-COUNT-4: memref.store %{{.*}}, %[[OUT]][
    // CHECK:         gpu.return
    dsa_tile.store %power, %out[%c0, %c0] : tensor<64x8xf32, #acc>, memref<64x8xf32>
    gpu.return
  }

  // Coordinates are the thread's own and what each element adds: here, columns.
  // CHECK-LABEL: gpu.func @iota(
  gpu.func @iota(%out: memref<64x16xi32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-DAG: %[[THREAD:.*]] = gpu.thread_id x
    // CHECK-DAG: %[[NUMBER:.*]] = arith.index_castui %[[THREAD]]
    // CHECK-DAG: %[[LANE:.*]] = arith.remui %[[NUMBER]], %c32_i32
    // CHECK-DAG: %[[PLACE:.*]] = arith.remui %[[LANE]], %c4_i32
    // CHECK-DAG: %[[COLUMN:.*]] = arith.muli %[[PLACE]], %c2_i32
    // CHECK-DAG: %[[NEXT:.*]] = arith.addi %[[COLUMN]], %c1_i32
    // CHECK-DAG: %[[BLOCK:.*]] = arith.addi %[[COLUMN]], %c8_i32
    // CHECK-DAG: %[[LAST:.*]] = arith.addi %[[COLUMN]], %c9_i32
    // CHECK:     llvm.insertelement %[[COLUMN]], %{{.*}}[%c0_i32
    // CHECK:     llvm.insertelement %[[NEXT]], %{{.*}}[%c1_i32
    // CHECK:     llvm.insertelement %[[COLUMN]], %{{.*}}[%c2_i32
    // CHECK:     llvm.insertelement %[[NEXT]], %{{.*}}[%c3_i32
    // CHECK:     llvm.insertelement %[[BLOCK]], %{{.*}}[%c4_i32
    // CHECK:     llvm.insertelement %[[LAST]], %{{.*}}[%c5_i32
    // CHECK:     gpu.return
    %i = dsa_tile.iota dim = 1 : tensor<64x16xi32, #acc>
    dsa_tile.store %i, %out[%c0, %c0] : tensor<64x16xi32, #acc>, memref<64x16xi32>
    gpu.return
  }

  // What lies outside of memory is zero, without a branch. A vector that is repeated along
  // rows gives each of its elements to both rows of a thread.
  // CHECK-LABEL: gpu.func @expand(
  // CHECK-SAME:    %[[V:[^:]*]]: memref<?xf32>, %[[OUT:[^:]*]]: memref<64x8xf32>)
  gpu.func @expand(%v: memref<?xf32>, %out: memref<64x8xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-DAG:  %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
    // CHECK-DAG:  %[[SIZE:.*]] = memref.dim %[[V]], %[[C0:c0[^ ]*]] : memref<?xf32>
    // CHECK:      %[[EXISTS:.*]] = arith.cmpi ult, %[[PLACE:.*]], %[[SIZE]]
    // CHECK-NEXT: %[[SAFE:.*]] = arith.select %[[EXISTS]], %[[PLACE]], %[[C0]]
    // CHECK-NEXT: %[[READ:.*]] = memref.load %[[V]][%[[SAFE]]]
    // CHECK-NEXT: arith.select %[[EXISTS]], %[[READ]], %[[ZERO]] : f32
    // CHECK:      memref.load %[[V]]
    // CHECK-NOT:  memref.load
    // CHECK:      %[[A:.*]] = llvm.extractelement %[[TWO:.*]][%c0_i32 : i32] : vector<2xf32>
    // CHECK-NEXT: %[[B:.*]] = llvm.extractelement %[[TWO]][%c1_i32 : i32] : vector<2xf32>
    // CHECK-NEXT: llvm.insertelement %[[A]], %{{.*}} : vector<4xf32>
    // CHECK-NEXT: llvm.insertelement %[[B]], %{{.*}} : vector<4xf32>
    // CHECK-NEXT: llvm.insertelement %[[A]], %{{.*}} : vector<4xf32>
    // CHECK-NEXT: llvm.insertelement %[[B]], %{{.*}} : vector<4xf32>
    %l = dsa_tile.load %v[%c0] box = [8] : memref<?xf32> -> tensor<8xf32, #dsa_tile.slice<0, #acc>>
    %e = dsa_tile.expand %l dim = 0 : tensor<8xf32, #dsa_tile.slice<0, #acc>> -> tensor<64x8xf32, #acc>
    dsa_tile.store %e, %out[%c0, %c0] : tensor<64x8xf32, #acc>, memref<64x8xf32>
    gpu.return
  }

  // Elements are written where there is memory and the mask is true.
  // CHECK-LABEL: gpu.func @store(
  // CHECK-SAME:    %[[OUT:[^:]*]]: memref<?x?xf32>, %[[M:[^:]*]]: i1, %[[X:[^:]*]]: f32, %[[I:[^:]*]]: index, %[[J:[^:]*]]: index)
  gpu.func @store(%out: memref<?x?xf32>, %m: i1, %x: f32, %i: index, %j: index) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
    %mask = dsa_tile.splat %m : i1 -> tensor<64x8xi1, #acc>
    // CHECK-DAG:  %[[ROWS:.*]] = memref.dim %[[OUT]], %c0
    // CHECK-DAG:  %[[COLUMNS:.*]] = memref.dim %[[OUT]], %c1
    // CHECK-DAG:  %[[INROWS:.*]] = arith.cmpi ult, %{{.*}}, %[[ROWS]]
    // CHECK-DAG:  %[[INCOLUMNS:.*]] = arith.cmpi ult, %{{.*}}, %[[COLUMNS]]
    // CHECK:      scf.if
    // CHECK-NEXT:   memref.store %{{.*}}, %[[OUT]][
    // CHECK-NEXT: }
    dsa_tile.store %y, %out[%i, %j] mask(%mask : tensor<64x8xi1, #acc>) : tensor<64x8xf32, #acc>, memref<?x?xf32>
    gpu.return
  }

  // Whoever promises that a mask is false elsewhere is believed. Transposed, rows and
  // columns change places: the first coordinate is the thread's column.
  // CHECK-LABEL: gpu.func @store_inside(
  // CHECK-SAME:    %[[OUT:[^:]*]]: memref<?x?xf32>, %[[M:[^:]*]]: i1, %[[X:[^:]*]]: f32, %[[I:[^:]*]]: index, %[[J:[^:]*]]: index)
  gpu.func @store_inside(%out: memref<?x?xf32>, %m: i1, %x: f32, %i: index, %j: index) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
    %mask = dsa_tile.splat %m : i1 -> tensor<64x8xi1, #acc>
    // CHECK-DAG:  %[[COLUMN:.*]] = arith.muli %{{.*}}, %c2_i32
    // CHECK-DAG:  %[[FIRST:.*]] = arith.index_castui %[[COLUMN]]
    // CHECK-DAG:  %[[PLACE:.*]] = arith.addi %[[I]], %[[FIRST]]
    // CHECK-DAG:  %[[BIT:.*]] = llvm.extractelement %{{.*}}[%c0_i32 : i32] : vector<4xi1>
    // CHECK-NOT:  arith.cmpi
    // CHECK:      scf.if %[[BIT]] {
    // CHECK-NEXT:   memref.store %{{.*}}, %[[OUT]][%[[PLACE]], %{{.*}}]
    // CHECK-NEXT: }
    dsa_tile.store %y, %out[%i, %j] mask(%mask : tensor<64x8xi1, #acc>) inside transposed
        : tensor<64x8xf32, #acc>, memref<?x?xf32>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>

gpu.module @reductions {
  // A thread combines what it has of its two rows, then the four lanes of a row exchange:
  // each gets the result.
  // CHECK-LABEL: gpu.func @rows(
  gpu.func @rows(%m: memref<64x8xf32>, %out: memref<64xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK:      %[[FIRST:.*]] = arith.maximumf %{{.*}}, %{{.*}} : f32
    // CHECK-NEXT: %[[SECOND:.*]] = arith.maximumf %{{.*}}, %{{.*}} : f32
    // CHECK-NEXT: %[[OTHER:.*]] = nvvm.shfl.sync bfly %{{.*}}, %[[FIRST]], %c1_i32, %c31_i32
    // CHECK-NEXT: %[[PAIR:.*]] = arith.maximumf %[[FIRST]], %[[OTHER]]
    // CHECK-NEXT: %[[OTHERS:.*]] = nvvm.shfl.sync bfly %{{.*}}, %[[PAIR]], %c2_i32, %c31_i32
    // CHECK-NEXT: arith.maximumf %[[PAIR]], %[[OTHERS]]
    // CHECK-NEXT: nvvm.shfl.sync bfly %{{.*}}, %[[SECOND]], %c1_i32, %c31_i32
    // CHECK:      nvvm.shfl.sync bfly
    // CHECK-NOT:  nvvm.shfl.sync
    // CHECK:      gpu.return
    %x = dsa_tile.load %m[%c0, %c0] box = [64, 8] : memref<64x8xf32> -> tensor<64x8xf32, #acc>
    %s = dsa_tile.reduce<max> %x : tensor<64x8xf32, #acc> -> tensor<64xf32, #dsa_tile.slice<1, #acc>>
    dsa_tile.store %s, %out[%c0] : tensor<64xf32, #dsa_tile.slice<1, #acc>>, memref<64xf32>
    gpu.return
  }

  // Of two groups in two rows each lane gets one sum: three exchanges instead of eight.
  // CHECK-LABEL: gpu.func @groups(
  gpu.func @groups(%m: memref<64x16xf32>, %out: memref<64x2xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-COUNT-4: arith.addf
    // CHECK-DAG:     %[[ODD_ROW:.*]] = arith.andi %[[THREAD:.*]], %c1_i32
    // CHECK-DAG:     %[[SECOND_ROW:.*]] = arith.cmpi ne, %[[ODD_ROW]], %c0_i32
    // CHECK-DAG:     %[[BIT:.*]] = arith.andi %{{.*}}, %c2_i32
    // CHECK-DAG:     %[[ODD:.*]] = arith.cmpi ne, %[[BIT]], %c0_i32
    // CHECK:         %[[KEPT:.*]] = arith.select %[[ODD]], %[[HIGH:.*]], %[[LOW:.*]] : f32
    // CHECK-NEXT:    %[[GIVEN:.*]] = arith.select %[[ODD]], %[[LOW]], %[[HIGH]] : f32
    // CHECK-NEXT:    %[[TAKEN:.*]] = nvvm.shfl.sync bfly %{{.*}}, %[[GIVEN]], %c2_i32, %c31_i32
    // CHECK-NEXT:    arith.addf %[[KEPT]], %[[TAKEN]]
    // CHECK:         nvvm.shfl.sync bfly %{{.*}}, %{{.*}}, %c2_i32, %c31_i32
    // CHECK:         arith.select %[[SECOND_ROW]]
    // CHECK:         nvvm.shfl.sync bfly %{{.*}}, %{{.*}}, %c1_i32, %c31_i32
    // CHECK-NOT:     nvvm.shfl.sync
    // CHECK:         memref.store
    // CHECK-NOT:     memref.store
    // CHECK:         gpu.return
    %x = dsa_tile.load %m[%c0, %c0] box = [64, 16] : memref<64x16xf32> -> tensor<64x16xf32, #acc>
    %s = dsa_tile.reduce<add> %x group = 8 : tensor<64x16xf32, #acc> -> tensor<64x2xf32, #dsa_tile.scatter<#acc>>
    dsa_tile.store %s, %out[%c0, %c0] : tensor<64x2xf32, #dsa_tile.scatter<#acc>>, memref<64x2xf32>
    gpu.return
  }
}

// -----

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
    // CHECK-SAME:        : (i64, i64) -> !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
    // CHECK:           nvvm.barrier.arrive id = %{{.*}} number_of_threads = %c256_i32
    // Nothing reads a result but behind the wait, which gives it.
    // CHECK:           llvm.inline_asm has_side_effects asm_dialect = att "wgmma.wait_group.sync.aligned 0;", "=f,{{.*}},0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15"
    // One lane of each warp gives the slot back.
    // CHECK:           scf.if %{{.*}} {
    // CHECK-NEXT:        nvvm.mbarrier.arrive %{{.*}} : !llvm.ptr<3>
    // CHECK-NEXT:      }
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
    // CHECK-SAME:   add.s64 da, $65, 0;
    // CHECK-SAME:   m64n64k16.f32.bf16.bf16 {{[{][^}]*[}]}}, da, db, first, 1, 1, 0, 0;
    // CHECK-SAME:   add.s64 da, $65, 2;
    // CHECK-SAME:   m64n64k16.f32.bf16.bf16 {{[{][^}]*[}]}}, da, db, next, 1, 1, 0, 0;
    // CHECK-SAME:   add.s64 da, $65, 4;
    // CHECK-SAME:   add.s64 da, $65, 6;
    // CHECK-SAME:   add.s64 da, $65, 512;
    // CHECK-SAME:   add.s64 da, $65, 514;
    // CHECK-SAME:   add.s64 da, $65, 516;
    // CHECK-SAME:   add.s64 da, $65, 518;
    // CHECK-SAME:   m64n64k16.f32.bf16.bf16 {{[{][^}]*[}]}}, da, db, next, 1, 1, 0, 0;
    // CHECK-SAME:   wgmma.commit_group.sync.aligned;
    // CHECK-SAME:   =f,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,l,l"
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

  // A left operand in registers, two elements in each; rows of the right one are of the sum.
  // CHECK-LABEL: gpu.func @registers(
  gpu.func @registers(%x: bf16) kernel {
    // CHECK:      llvm.bitcast %{{.*}} : vector<8xbf16> to vector<4xi32>
    // CHECK:      llvm.inline_asm
    // CHECK-SAME:   m64n128k16.f32.bf16.bf16 {{[{][^}]*[}]}}, {$64, $65, $66, $67}, db, first, 1, 1, 1;
    // CHECK-NOT:    wgmma.mma_async
    // CHECK-SAME:   =f,r,r,r,r,l"
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

// Functions without tiles, and code of the host, are left alone.
// CHECK-LABEL: gpu.module @left_alone
// CHECK-NOT:     dsa_tile_shared
// CHECK:         gpu.func @plain(
// CHECK-NEXT:      gpu.return
gpu.module @left_alone {
  gpu.func @plain(%x: f32) kernel {
    gpu.return
  }
}

// -----

// Without roles a product is one of all warpgroups. Its tiles are nothing that a kernel makes.
#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
gpu.module @errors {
  gpu.func @no_roles(%a: tensor<64x16xf16, #shared>, %b: tensor<8x16xf16, #shared>) kernel {
    // expected-error @+2 {{failed to legalize unresolved materialization}}
    // expected-note @+1 {{see existing live user}}
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<8x16xf16, #shared> -> <tensor<64x8xf32, #acc>>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
gpu.module @errors {
  func.func @no_kernel(%a: tensor<64x16xf16, #shared>, %b: tensor<8x16xf16, #shared>) {
    // expected-error @+1 {{'dsa_tile.mma_start' op expected to be in a 'gpu.func'}}
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<8x16xf16, #shared> -> <tensor<64x8xf32, #acc>>
    return
  }
}

// -----

gpu.module @errors {
  gpu.func @no_layout(%m: memref<?x?xf32>, %i: index) kernel {
    // expected-error @+1 {{'dsa_tile.load' op expected tiles in registers, but found 'tensor<64x8xf32>'}}
    %x = dsa_tile.load %m[%i, %i] box = [64, 8] : memref<?x?xf32> -> tensor<64x8xf32>
    gpu.return
  }
}

// -----

gpu.module @errors {
  gpu.func @load_shared(%m: memref<?x?xf32>, %i: index) kernel {
    // expected-error @+1 {{'dsa_tile.load' op expected tiles in registers, but found 'tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>'}}
    %x = dsa_tile.load %m[%i, %i] box = [64, 8] : memref<?x?xf32> -> tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>
    gpu.return
  }
}

// -----

#scatter = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>
gpu.module @errors {
  gpu.func @reduce_scatter(%x: f32) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #scatter>
    // expected-error @+1 {{'dsa_tile.reduce' op expected an accumulator to reduce}}
    %z = dsa_tile.reduce<add> %y : tensor<64x8xf32, #scatter> -> tensor<64xf32, #dsa_tile.slice<1, #scatter>>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
gpu.module @errors {
  gpu.func @small_groups(%x: f32) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
    // expected-error @+1 {{'dsa_tile.reduce' op expected groups of 4 or of a multiple of 8 columns, but found 2}}
    %z = dsa_tile.reduce<add> %y group = 2 : tensor<64x8xf32, #acc> -> tensor<64x4xf32, #dsa_tile.scatter<#acc>>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
gpu.module @errors {
  gpu.func @several_warpgroups(%x: f32) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x16xf32, #acc>
    // expected-error @+1 {{'dsa_tile.reduce' op cannot combine columns of several warpgroups}}
    %z = dsa_tile.reduce<add> %y : tensor<64x16xf32, #acc> -> tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<1 x tensor<8x32xf8E4M3FN, #dsa_tile.shared<swizzle = 32>>>
gpu.module @errors {
  gpu.func @no_place() kernel {
    // expected-error @+1 {{'dsa_tile.channel' op expected a place in shared memory: run dsa-tile-allocate-shared}}
    %c = dsa_tile.channel : !channel
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<1 x tensor<8x32xf8E4M3FN, #dsa_tile.shared<swizzle = 32>>>
gpu.module @errors {
  gpu.func @no_roles() kernel {
    // expected-error @+1 {{'dsa_tile.channel' op expected a kernel with roles: run dsa-tile-specialize-warps}}
    %c = dsa_tile.channel offset = 0 barriers = 1024 : !channel
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<1 x tensor<8x32xf8E4M3FN, #dsa_tile.shared<swizzle = 32>>>
gpu.module @errors {
  gpu.func @other_channel(%c: !channel) kernel {
    // expected-error @+1 {{'dsa_tile.channel.acquire' op expected a channel that the kernel makes}}
    dsa_tile.channel.acquire %c : !channel
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
gpu.module @errors {
  gpu.func @element(%a: tensor<64x8xf32, #shared>) kernel {
    // expected-error @+2 {{'dsa_tile.mma_start' op cannot be computed by wgmma: expected operands of f8E4M3FN, bf16 or f16}}
    // expected-error @+1 {{failed to legalize operation 'dsa_tile.mma_start'}}
    %p = dsa_tile.mma_start %a, %a : tensor<64x8xf32, #shared>, tensor<64x8xf32, #shared> -> <tensor<64x64xf32, #acc>>
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<2 x tensor<16x128xbf16, #dsa_tile.shared<swizzle = 128>>>
gpu.module @errors {
  gpu.func @gathering_warps(%keys: memref<?x128xbf16>, %numbers: memref<?xi32>, %n: index) kernel {
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
      // expected-error @+2 {{'dsa_tile.gather_copy' op expected 4 warps that load}}
      // expected-error @+1 {{failed to legalize operation 'dsa_tile.gather_copy'}}
      dsa_tile.gather_copy %keys rows %numbers[%n] limit = %n to %c : memref<?x128xbf16>, memref<?xi32>, !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<2 x tensor<24x128xbf16, #dsa_tile.shared<swizzle = 128>>>
gpu.module @errors {
  gpu.func @gathered_rows(%keys: memref<?x128xbf16>, %numbers: memref<?xi32>, %n: index) kernel {
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
      // expected-error @+2 {{'dsa_tile.gather_copy' op expected a multiple of 16 rows, but found 'tensor<24x128xbf16, #dsa_tile.shared<swizzle = 128>>'}}
      // expected-error @+1 {{failed to legalize operation 'dsa_tile.gather_copy'}}
      dsa_tile.gather_copy %keys rows %numbers[%n] limit = %n to %c : memref<?x128xbf16>, memref<?xi32>, !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
gpu.module @errors {
  gpu.func @columns(%a: tensor<64x16xf16, #shared>, %b: tensor<264x16xf16, #shared>) kernel {
    // expected-error @+2 {{'dsa_tile.mma_start' op cannot be computed by wgmma: expected at most 256 columns for a warpgroup, but found 264}}
    // expected-error @+1 {{failed to legalize operation 'dsa_tile.mma_start'}}
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<264x16xf16, #shared> -> <tensor<64x264xf32, #acc>>
    gpu.return
  }
}
