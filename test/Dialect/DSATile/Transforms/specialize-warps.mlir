// RUN: dsa-opt %s -dsa-tile-specialize-warps -split-input-file | FileCheck %s

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 4>
#shared = #dsa_tile.shared<swizzle = 128>
!tile = tensor<64x128xf8E4M3FN, #shared>
!channel = !dsa_tile.channel<4 x !tile>

// One program for those who load, with the control flow and addresses that this needs,
// and one for those who compute. Channels are everybody's.
// CHECK-LABEL: func @loop(
// CHECK-SAME:    %[[MAP:[^:]*]]: !llvm.ptr, %[[LO:[^:]*]]: memref<?xi32>, %[[OUT:[^:]*]]: memref<?x?xf32>,
func.func @loop(%map: !llvm.ptr, %lo: memref<?xi32>, %out: memref<?x?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  // CHECK: gpu.launch
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %c64, %by = %c1, %bz = %c1) {
    // CHECK-NEXT: %[[C:.*]] = dsa_tile.channel
    // CHECK-NEXT: dsa_tile.warp_specialize load {
    // CHECK-NEXT:   %[[LOADED:.*]] = memref.load %[[LO]]
    // CHECK-NEXT:   %[[FIRST:.*]] = arith.index_cast %[[LOADED]]
    // CHECK-NEXT:   scf.for %[[S:[^ ]*]] = %[[FIRST]] to
    // CHECK-NEXT:     dsa_tile.channel.acquire %[[C]]
    // CHECK-NEXT:     dsa_tile.copy %[[MAP]][%[[S]], %{{.*}}]
    // CHECK-NEXT:     dsa_tile.channel.commit %[[C]]
    // CHECK-NEXT:   }
    // CHECK-NEXT: } compute {
    // CHECK-NEXT:   %[[LOADED:.*]] = memref.load %[[LO]]
    // CHECK-NEXT:   %[[FIRST:.*]] = arith.index_cast %[[LOADED]]
    // CHECK-NEXT:   arith.constant dense
    // CHECK-NEXT:   scf.for %{{.*}} = %[[FIRST]] to
    // CHECK-SAME:       iter_args(
    // CHECK-NEXT:     %[[K:.*]] = dsa_tile.channel.wait %[[C]]
    // CHECK-NEXT:     dsa_tile.mma %[[K]], %[[K]]
    // CHECK-NEXT:     dsa_tile.channel.release %[[C]]
    // CHECK-NEXT:     scf.yield
    // CHECK-NEXT:   }
    // CHECK-NEXT:   dsa_tile.store
    // CHECK-NEXT: } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>
    // CHECK-NEXT: gpu.terminator
    %loaded = memref.load %lo[%x] : memref<?xi32>
    %first = arith.index_cast %loaded : i32 to index
    %zero = arith.constant dense<0.0> : tensor<64x64xf32, #acc>
    %c = dsa_tile.channel : !channel
    %sum = scf.for %s = %first to %n step %c64 iter_args(%acc = %zero) -> tensor<64x64xf32, #acc> {
      dsa_tile.channel.acquire %c : !channel
      dsa_tile.copy %map[%s, %c0] extent = [64, 128] box = [64, 128] to %c tile = 0 : !channel
      dsa_tile.channel.commit %c : !channel
      %k = dsa_tile.channel.wait %c : !channel -> !tile
      %p = dsa_tile.mma %k, %k acc(%acc : tensor<64x64xf32, #acc>) : !tile, !tile -> tensor<64x64xf32, #acc>
      dsa_tile.channel.release %c : !channel
      scf.yield %p : tensor<64x64xf32, #acc>
    }
    dsa_tile.store %sum, %out[%x, %c0] : tensor<64x64xf32, #acc>, memref<?x?xf32>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>}
  return
}

// -----

#shared = #dsa_tile.shared<swizzle = 128>
!tile = tensor<64x128xf8E4M3FN, #shared>
!channel = !dsa_tile.channel<4 x !tile>

// Loops and branches give those who load what addresses depend on, and nothing else.
// CHECK-LABEL: func @values(
// CHECK-SAME:    %[[MAP:[^:]*]]: !llvm.ptr, %[[N:[^:]*]]: index, %[[ANY:[^:]*]]: i1)
func.func @values(%map: !llvm.ptr, %n: index, %any: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: gpu.launch
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %c = dsa_tile.channel : !channel
    // CHECK:      dsa_tile.warp_specialize load {
    // CHECK-NEXT:   %[[BEGIN:.*]] = scf.if %[[ANY]] -> (index) {
    // CHECK-NEXT:     scf.yield %[[N]] : index
    // CHECK-NEXT:   } else {
    // CHECK-NEXT:     scf.yield %{{.*}} : index
    // CHECK-NEXT:   }
    // CHECK-NEXT:   %[[PLACE:.*]] = scf.for {{.*}} iter_args(%[[P:.*]] = %[[BEGIN]]) -> (index) {
    // CHECK-NEXT:     %[[NEXT:.*]] = arith.addi %[[P]], %[[N]]
    // CHECK-NEXT:     scf.yield %[[NEXT]] : index
    // CHECK-NEXT:   }
    // CHECK-NEXT:   scf.if %[[ANY]] {
    // CHECK-NEXT:     dsa_tile.channel.acquire
    // CHECK-NEXT:     dsa_tile.copy %[[MAP]][%[[PLACE]], %{{.*}}]
    // CHECK-NEXT:     dsa_tile.channel.commit
    // CHECK-NEXT:   }
    // CHECK-NEXT: } compute {
    // CHECK:        scf.if %[[ANY]] -> (index, f32) {
    // CHECK:        scf.for {{.*}} -> (index, f32) {
    // CHECK:        scf.if %[[ANY]] {
    // CHECK-NEXT:     dsa_tile.channel.wait
    // CHECK-NEXT:     dsa_tile.channel.release
    // CHECK-NEXT:   }
    // CHECK-NEXT: } kernel =
    %zero = arith.constant 0.0 : f32
    %begin:2 = scf.if %any -> (index, f32) {
      scf.yield %n, %zero : index, f32
    } else {
      scf.yield %c0, %zero : index, f32
    }
    %place:2 = scf.for %i = %c0 to %n step %c1 iter_args(%p = %begin#0, %s = %begin#1) -> (index, f32) {
      %next = arith.addi %p, %n : index
      %t = arith.addf %s, %s : f32
      scf.yield %next, %t : index, f32
    }
    scf.if %any {
      dsa_tile.channel.acquire %c : !channel
      dsa_tile.copy %map[%place#0, %c0] extent = [64, 128] box = [64, 128] to %c tile = 0 : !channel
      dsa_tile.channel.commit %c : !channel
      %k = dsa_tile.channel.wait %c : !channel -> !tile
      dsa_tile.channel.release %c : !channel
    }
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>}
  return
}

// -----

!numbers = tensor<64xi32, #dsa_tile.rows<lanes = 8>>
!channel = !dsa_tile.channel<2 x tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>

// Those who load read the numbers of the rows that they copy.
// CHECK-LABEL: func @gather(
// CHECK:         dsa_tile.warp_specialize load {
// CHECK-NEXT:      %[[READ:.*]] = dsa_tile.load
// CHECK-NEXT:      %[[MOST:.*]] = arith.maxsi %[[READ]], %[[READ]]
// CHECK-NEXT:      dsa_tile.gather_copy %{{.*}} rows %[[MOST]] to
// CHECK-NEXT:      dsa_tile.channel.commit
// CHECK-NEXT:    } compute {
// CHECK-NOT:       dsa_tile.gather_copy
// CHECK:           dsa_tile.channel.wait
func.func @gather(%keys: memref<?x64xbf16>, %list: memref<?xi32>, %n: index) {
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %n, %gz = %n)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %n, %bz = %n) {
    %c = dsa_tile.channel : !channel
    %read = dsa_tile.load %list[%x] box = [64] : memref<?xi32> -> !numbers
    %most = arith.maxsi %read, %read : !numbers
    dsa_tile.gather_copy %keys rows %most to %c : memref<?x64xbf16>, !numbers, !channel
    dsa_tile.channel.commit %c : !channel
    %k = dsa_tile.channel.wait %c : !channel -> tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
    dsa_tile.channel.release %c : !channel
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>}
  return
}

// -----

// Where nothing is loaded in boxes, one role has nothing to do.
// CHECK-LABEL: func @nothing_to_load(
// CHECK:         dsa_tile.warp_specialize load {
// CHECK-NEXT:    } compute {
// CHECK-NEXT:      memref.load
// CHECK-NEXT:    } kernel =
func.func @nothing_to_load(%m: memref<?xf32>, %n: index) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %e = memref.load %m[%x] : memref<?xf32>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>}
  return
}

// Other launches are left alone.
// CHECK-LABEL: func @left_alone(
// CHECK-NOT:     dsa_tile.warp_specialize
func.func @left_alone(%m: memref<?xf32>, %n: index) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %e = memref.load %m[%x] : memref<?xf32>
    gpu.terminator
  }
  return
}

// Without warps that load, there are no roles.
// CHECK-LABEL: func @no_loaders(
// CHECK-NOT:     dsa_tile.warp_specialize
func.func @no_loaders(%m: memref<?xf32>, %n: index) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %e = memref.load %m[%x] : memref<?xf32>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 0, blocks = 0>}
  return
}
