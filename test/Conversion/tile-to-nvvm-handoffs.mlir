// Tiles that one of two warpgroups passes on to the other.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#rows = #dsa_tile.slice<1, #acc>
!weights = tensor<64x32xbf16, #acc>
!place = tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64>>
!handoff = !dsa_tile.handoff<!place, tensor<64xf32, #rows>>

gpu.module @handoffs {
  // CHECK-LABEL: gpu.func @handoff(
  gpu.func @handoff(%w: memref<64x32xbf16>, %d: memref<64xf32>, %out: memref<64xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK:      %[[SHARED:.*]] = llvm.ptrtoint %{{.*}} : !llvm.ptr<3> to i32
    // CHECK-NEXT: %[[PLACE:.*]] = arith.addi %[[SHARED]], %c2048_i32
    %h = dsa_tile.handoff offset = 2048 barrier = 3 : !handoff
    // Four matrices of 8 x 8 elements at a time: a lane says where a row of one of them begins, the
    // first 16 lanes of the left ones, the others of the right ones. Warps have 16 rows each.
    // CHECK:      nvvm.barrier{{$}}
    // CHECK-NOT:  nvvm.barrier
    // CHECK-DAG:  %[[LANE:.*]] = arith.remui %[[THREAD:.*]], %c32_i32
    // CHECK-DAG:  %[[OWN:.*]] = arith.divui %[[LANE]], %c4_i32
    // CHECK-DAG:  %[[WARP:.*]] = arith.subi %{{.*}}, %[[OWN]]
    // CHECK-DAG:  %[[OF:.*]] = arith.remui %[[LANE]], %c16_i32
    // CHECK-DAG:  %[[ROW:.*]] = arith.addi %[[WARP]], %[[OF]]
    // CHECK-DAG:  %[[SIDE:.*]] = arith.divui %[[LANE]], %c16_i32
    // CHECK-DAG:  %[[COLUMN:.*]] = arith.muli %[[SIDE]], %c8_i32
    // CHECK-DAG:  %[[PAIRS:.*]]:8 = vector.to_elements %{{.*}} : vector<8xi32>
    // Rows of 64 bytes, of which pieces of 16 are permuted by the low bits of every other row's number.
    // CHECK:      %[[BYTE:.*]] = arith.muli %[[SIDE]], %c16_i32
    // CHECK-NEXT: %[[WITHIN:.*]] = arith.remui %[[BYTE]], %c64_i32
    // CHECK-NEXT: %[[PIECE:.*]] = arith.divui %[[WITHIN]], %c16_i32
    // CHECK-NEXT: %[[BEGIN:.*]] = arith.muli %[[ROW]], %c64_i32
    // CHECK-NEXT: %[[PAIR:.*]] = arith.divui %[[BEGIN]], %c128_i32
    // CHECK-NEXT: %[[BITS:.*]] = arith.remui %[[PAIR]], %c4_i32
    // CHECK-NEXT: %[[PERMUTED:.*]] = arith.xori %[[PIECE]], %[[BITS]]
    // CHECK-NEXT: %[[LINE:.*]] = arith.addi %[[PLACE]], %[[BEGIN]]
    // CHECK-NEXT: %[[BLOCK:.*]] = arith.divui %[[BYTE]], %c64_i32
    // CHECK-NEXT: %[[BLOCKS:.*]] = arith.muli %[[BLOCK]], %c4096_i32
    // CHECK-NEXT: %[[PIECES:.*]] = arith.muli %[[PERMUTED]], %c16_i32
    // CHECK-NEXT: %[[REST:.*]] = arith.remui %[[WITHIN]], %c16_i32
    // CHECK-NEXT: %[[A:.*]] = arith.addi %[[LINE]], %[[BLOCKS]]
    // CHECK-NEXT: %[[B:.*]] = arith.addi %[[A]], %[[PIECES]]
    // CHECK-NEXT: %[[C:.*]] = arith.addi %[[B]], %[[REST]]
    // CHECK-NEXT: %[[TO:.*]] = llvm.inttoptr %[[C]]
    // CHECK-NEXT: nvvm.stmatrix %[[TO]], %{{.*}}, %{{.*}}, %{{.*}}, %[[PAIRS]]#3 {{.*}}layout = #nvvm.mma_layout<row>{{.*}} : !llvm.ptr<3>, i32, i32, i32, i32
    // CHECK-NEXT: arith.addi %[[COLUMN]], %c16_i32
    // CHECK:      nvvm.stmatrix
    // CHECK-NOT:  nvvm.stmatrix
    // CHECK-NOT:  bf16, !llvm.ptr<3>
    // Numbers of rows follow, 4096 bytes on; one of four lanes stores them.
    // CHECK:      %[[NUMBERS:.*]] = arith.addi %[[SHARED]], %c6144_i32
    // CHECK:      %[[QUARTER:.*]] = arith.remui %[[THREAD]], %c4_i32
    // CHECK-NEXT: %[[FIRST:.*]] = arith.cmpi eq, %[[QUARTER]], %c0_i32
    // CHECK:      scf.if %[[FIRST]] {
    // CHECK-NEXT:   %[[BYTES:.*]] = arith.muli %{{.*}}, %c4_i32
    // CHECK-NEXT:   arith.addi %[[NUMBERS]], %[[BYTES]]
    // CHECK-COUNT-2: llvm.store %{{.*}} : f32, !llvm.ptr<3>
    // CHECK:      }
    // Products will see the stores; then the barrier tells the other group, and nobody waits.
    // CHECK-NEXT: nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
    // CHECK-NEXT: nvvm.barrier.arrive id = %c3_i32 number_of_threads = %c256_i32
    // CHECK-NEXT: } else {
    // CHECK-NEXT:   nvvm.barrier id = %c3_i32 number_of_threads = %c256_i32
    // Only numbers of rows are read, by all lanes.
    // CHECK-NEXT:   %[[FROM:.*]] = arith.addi %[[SHARED]], %c6144_i32
    // CHECK-NOT:    scf.if
    // CHECK-COUNT-2: llvm.load %{{.*}} : !llvm.ptr<3> -> f32
    // CHECK-NOT:    llvm.load
    // CHECK:        memref.store
    // CHECK:      gpu.return
    dsa_tile.warp_specialize load {
    } compute {
      %p = dsa_tile.load %w[%c0, %c0] box = [64, 32] : memref<64x32xbf16> -> !weights
      %n = dsa_tile.load %d[%c0] box = [64] : memref<64xf32> -> tensor<64xf32, #rows>
      dsa_tile.handoff.give %p, %n to %h : !weights, tensor<64xf32, #rows> to !handoff
    }, {
      %p, %n = dsa_tile.handoff.take %h : !handoff -> !place, tensor<64xf32, #rows>
      dsa_tile.store %n, %out[%c0] : tensor<64xf32, #rows>, memref<64xf32>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
    gpu.return
  }

  // No product reads numbers of rows: they need no fence. Each handoff has a barrier of its own.
  // CHECK-LABEL: gpu.func @numbers(
  // CHECK-NOT:     nvvm.fence.proxy
  // CHECK:         nvvm.barrier.arrive id = %c3_i32
  // CHECK-NEXT:    nvvm.barrier id = %c15_i32
  // CHECK:         } else {
  // CHECK:         nvvm.barrier.arrive id = %c15_i32
  // CHECK-NEXT:    nvvm.barrier id = %c3_i32
  // CHECK:         gpu.return
  gpu.func @numbers(%x: f32) kernel {
    %g = dsa_tile.handoff offset = 0 barrier = 3 : !dsa_tile.handoff<tensor<64xf32, #rows>>
    %h = dsa_tile.handoff offset = 256 barrier = 15 : !dsa_tile.handoff<tensor<64xf32, #rows>>
    dsa_tile.warp_specialize load {
    } compute {
      %n = dsa_tile.splat %x : f32 -> tensor<64xf32, #rows>
      dsa_tile.handoff.give %n to %g : tensor<64xf32, #rows> to !dsa_tile.handoff<tensor<64xf32, #rows>>
      %m = dsa_tile.handoff.take %h : !dsa_tile.handoff<tensor<64xf32, #rows>> -> tensor<64xf32, #rows>
    }, {
      %n = dsa_tile.splat %x : f32 -> tensor<64xf32, #rows>
      dsa_tile.handoff.give %n to %h : tensor<64xf32, #rows> to !dsa_tile.handoff<tensor<64xf32, #rows>>
      %m = dsa_tile.handoff.take %g : !dsa_tile.handoff<tensor<64xf32, #rows>> -> tensor<64xf32, #rows>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
    gpu.return
  }

  // Products read what was taken where it is: its address, 2048 bytes in, in units of 16.
  // CHECK-LABEL: gpu.func @multiply(
  gpu.func @multiply() kernel {
    // CHECK:      %[[PLACE:.*]] = arith.addi %{{.*}}, %c2048_i32
    // CHECK:      nvvm.barrier id = %{{.*}} number_of_threads = %c256_i32
    // CHECK-NOT:  llvm.load
    // CHECK:      arith.shrui %[[PLACE]], %c4_i32
    // CHECK:      wgmma.mma_async
    // CHECK:      gpu.return
    %h = dsa_tile.handoff offset = 2048 barrier = 3 : !dsa_tile.handoff<!place>
    dsa_tile.warp_specialize load {
    } compute {
    }, {
      %p = dsa_tile.handoff.take %h : !dsa_tile.handoff<!place> -> !place
      %x = dsa_tile.mma_start %p, %p : !place, !place -> <tensor<64x64xf32, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
    gpu.return
  }

  // Elements of other widths are stored one by one.
  // CHECK-LABEL: gpu.func @floats(
  // CHECK-NOT:     nvvm.stmatrix
  // CHECK-COUNT-4: llvm.store %{{.*}} : f32, !llvm.ptr<3>
  // CHECK-NOT:     llvm.store
  // CHECK:         nvvm.fence.proxy
  gpu.func @floats(%x: f32) kernel {
    %h = dsa_tile.handoff offset = 0 barrier = 3 : !dsa_tile.handoff<tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>>
    dsa_tile.warp_specialize load {
    } compute {
      %p = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
      dsa_tile.handoff.give %p to %h : tensor<64x8xf32, #acc>
          to !dsa_tile.handoff<tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
    gpu.return
  }
}
