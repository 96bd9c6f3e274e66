// RUN: dsa-opt %s -dsa-tile-insert-barriers | FileCheck %s

!i = tensor<512xi32>
!m = tensor<512xi1>

// Written, then added to, twice without a barrier between, then searched.
// CHECK-LABEL: func @counts(
func.func @counts(%n: index, %x: !i, %rank: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c128 = arith.constant 128 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c128, %sy = %c1, %sz = %c1) {
    // CHECK: dsa_tile.scratch
    // CHECK-NEXT: dsa_tile.store
    // CHECK-NEXT: gpu.barrier
    // CHECK-NEXT: dsa_tile.histogram
    // CHECK-NEXT: dsa_tile.histogram
    // CHECK-NEXT: gpu.barrier
    // CHECK-NEXT: dsa_tile.search
    // What a search has read, anybody may write behind it.
    // CHECK-NEXT: dsa_tile.store
    // CHECK-NEXT: gpu.terminator
    %counts = dsa_tile.scratch : memref<512xi32>
    dsa_tile.store %x, %counts[%c0] : !i, memref<512xi32>
    dsa_tile.histogram %x in %counts : !i, memref<512xi32>
    dsa_tile.histogram %x in %counts : !i, memref<512xi32>
    %b:3 = dsa_tile.search %counts for %rank : memref<512xi32>
    dsa_tile.store %x, %counts[%c0] : !i, memref<512xi32>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 0, blocks = 0>}
  return
}

// An iteration follows another one; a scan is a barrier for what came before it.
// CHECK-LABEL: func @loop(
func.func @loop(%n: index, %x: !i, %m: !m) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c128 = arith.constant 128 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c128, %sy = %c1, %sz = %c1) {
    // CHECK: scf.for
    // CHECK-NEXT: gpu.barrier
    // CHECK-NEXT: dsa_tile.load
    // CHECK-NEXT: dsa_tile.scan
    // CHECK-NEXT: dsa_tile.scatter
    // CHECK-NEXT: }
    %list = dsa_tile.scratch : memref<512xi32>
    scf.for %i = %c0 to %n step %c1 {
      %y = dsa_tile.load %list[%c0] box = [512] : memref<512xi32> -> !i
      %p, %all = dsa_tile.scan %m : !m -> !i
      dsa_tile.scatter %y at %p mask(%m : !m) to %list[%c0] : !i, !i, memref<512xi32>
    }
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 0, blocks = 0>}
  return
}

// Two scans exchange their sums in one place.
// CHECK-LABEL: func @branches(
func.func @branches(%n: index, %x: !i, %m: !m, %c: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c128 = arith.constant 128 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c128, %sy = %c1, %sz = %c1) {
    // CHECK: dsa_tile.scan
    // CHECK-NEXT: scf.if
    // CHECK-NEXT: dsa_tile.store
    // CHECK-NEXT: } else {
    // CHECK-NEXT: gpu.barrier
    // CHECK-NEXT: dsa_tile.scan
    // CHECK-NEXT: }
    // CHECK-NEXT: gpu.barrier
    // CHECK-NEXT: dsa_tile.load
    %list = dsa_tile.scratch : memref<512xi32>
    %p, %all = dsa_tile.scan %m : !m -> !i
    scf.if %c {
      dsa_tile.store %x, %list[%c0] : !i, memref<512xi32>
    } else {
      %q, %some = dsa_tile.scan %m : !m -> !i
    }
    %y = dsa_tile.load %list[%c0] box = [512] : memref<512xi32> -> !i
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 0, blocks = 0>}
  return
}

// Other memory, and kernels whose warps have roles, are left alone.
// CHECK-LABEL: func @others(
// CHECK-NOT: gpu.barrier
// CHECK: return
func.func @others(%n: index, %x: !i, %memory: memref<512xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c128 = arith.constant 128 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c128, %sy = %c1, %sz = %c1) {
    dsa_tile.store %x, %memory[%c0] : !i, memref<512xi32>
    %y = dsa_tile.load %memory[%c0] box = [512] : memref<512xi32> -> !i
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 0, blocks = 0>}
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%sx = %c128, %sy = %c1, %sz = %c1) {
    %list = dsa_tile.scratch : memref<512xi32>
    dsa_tile.store %x, %list[%c0] : !i, memref<512xi32>
    %y = dsa_tile.load %list[%c0] box = [512] : memref<512xi32> -> !i
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}
