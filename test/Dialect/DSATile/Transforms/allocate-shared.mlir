// RUN: dsa-opt %s -dsa-tile-allocate-shared -split-input-file -verify-diagnostics | FileCheck %s

// Slots lie one behind another, each from a multiple of 1024 bytes on; behind all of
// them two barriers for each slot.
// CHECK-LABEL: func @channels(
func.func @channels(%n: index) {
  %c1 = arith.constant 1 : index
  // CHECK: %[[BYTES:.*]] = arith.constant 35952 : i32
  // CHECK: gpu.launch {{.*}} dynamic_shared_memory_size %[[BYTES]]
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    // CHECK: dsa_tile.channel offset = 0 barriers = 35840 : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, {{.*}}>>
    %c = dsa_tile.channel : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
    // CHECK: dsa_tile.channel offset = 32768 barriers = 35904 : !dsa_tile.channel<2 x tensor<8x16xf32, {{.*}}>, tensor<8x8xf32, {{.*}}>>
    %d = dsa_tile.channel : !dsa_tile.channel<2 x tensor<8x16xf32, #dsa_tile.shared<swizzle = 64>>,
                                                  tensor<8x8xf32, #dsa_tile.shared<swizzle = 32>>>
    // CHECK: scf.for
    scf.for %i = %c1 to %n step %c1 {
      // CHECK: dsa_tile.channel offset = 34816 barriers = 35936 : !dsa_tile.channel<1 x
      %e = dsa_tile.channel : !dsa_tile.channel<1 x tensor<8x16xf32, #dsa_tile.shared<swizzle = 64>>>
    }
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>}
  return
}

// Handoffs lie in front: those of which products read something first, from a multiple of 1024
// bytes on each, the others behind them. Each has a named barrier behind those of turns.
// CHECK-LABEL: func @handoffs(
func.func @handoffs(%n: index) {
  %c1 = arith.constant 1 : index
  // CHECK: %[[BYTES:.*]] = arith.constant 51216 : i32
  // CHECK: gpu.launch {{.*}} dynamic_shared_memory_size %[[BYTES]]
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    // CHECK: dsa_tile.channel offset = 18432 barriers = 51200
    %c = dsa_tile.channel : !dsa_tile.channel<1 x tensor<64x256xbf16, #dsa_tile.shared<swizzle = 128>>>
    // CHECK: dsa_tile.handoff offset = 17664 barrier = 5
    %f = dsa_tile.handoff : !dsa_tile.handoff<
        tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>
    // CHECK: dsa_tile.handoff offset = 0 barrier = 3
    %g = dsa_tile.handoff : !dsa_tile.handoff<
        tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>,
        tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>
    // CHECK: dsa_tile.handoff offset = 17920 barrier = 6
    %h = dsa_tile.handoff : !dsa_tile.handoff<
        tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>
    // CHECK: dsa_tile.handoff offset = 9216 barrier = 4
    %i = dsa_tile.handoff : !dsa_tile.handoff<
        tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>,
        tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>}
  return
}

// Tiles that all who compute write lie in front, from a multiple of 1024 bytes on each; behind
// everything else is one place where warps exchange what they have of columns, a row each.
// CHECK-LABEL: func @stages(
func.func @stages(%n: index, %p: tensor<128x16xbf16, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>,
                  %x: tensor<128x16xf32, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>,
                  %y: tensor<128x32xf32, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>) {
  %c1 = arith.constant 1 : index
  // CHECK: %[[BYTES:.*]] = arith.constant 42000 : i32
  // CHECK: gpu.launch {{.*}} dynamic_shared_memory_size %[[BYTES]]
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%dx = %n, %dy = %c1, %dz = %c1) {
    // CHECK: dsa_tile.channel offset = 8192 barriers = 40960
    %c = dsa_tile.channel : !dsa_tile.channel<1 x tensor<64x256xbf16, #dsa_tile.shared<swizzle = 128>>>
    // CHECK: dsa_tile.stage %{{.*}} offset = 0 :
    %a = dsa_tile.stage %p : tensor<128x16xbf16, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>
        -> tensor<128x16xbf16, #dsa_tile.shared<swizzle = 32>>
    // CHECK: dsa_tile.stage %{{.*}} offset = 4096 :
    %b = dsa_tile.stage %p : tensor<128x16xbf16, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>
        -> tensor<128x16xbf16, #dsa_tile.shared<swizzle = 32>>
    // CHECK: dsa_tile.reduce<max> %{{.*}} dim = 0 offset = 40976
    %r = dsa_tile.reduce<max> %x dim = 0 : tensor<128x16xf32, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>
        -> tensor<16xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>>
    // CHECK: dsa_tile.reduce<add> %{{.*}} dim = 0 offset = 40976
    %s = dsa_tile.reduce<add> %y dim = 0 : tensor<128x32xf32, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>
        -> tensor<32xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>>
    // CHECK: dsa_tile.reduce<max> %{{.*}} : {{.*}} -> tensor<128xf32
    %t = dsa_tile.reduce<max> %x : tensor<128x16xf32, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>
        -> tensor<128xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 4, blocks = 0>}
  return
}

// Scratch memory follows, then where warps exchange sums: one place for all.
// CHECK-LABEL: func @scratch(
func.func @scratch(%n: index, %rank: i32, %m: tensor<512xi1>) {
  %c1 = arith.constant 1 : index
  // CHECK: %[[BYTES:.*]] = arith.constant 4368 : i32
  // CHECK: gpu.launch {{.*}} dynamic_shared_memory_size %[[BYTES]]
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    // CHECK: dsa_tile.scratch offset = 0 : memref<1027xf16>
    %list = dsa_tile.scratch : memref<1027xf16>
    // CHECK: dsa_tile.scratch offset = 2064 : memref<512xi32>
    %counts = dsa_tile.scratch : memref<512xi32>
    // CHECK: dsa_tile.search %{{.*}} for %{{.*}} offset = 4112
    %b:3 = dsa_tile.search %counts for %rank : memref<512xi32>
    // CHECK: dsa_tile.scan %{{.*}} offset = 4112
    %p, %all = dsa_tile.scan %m : tensor<512xi1> -> tensor<512xi32>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 0, blocks = 0>}
  return
}

// One channel alone.
// CHECK-LABEL: func @one(
func.func @one(%n: index) {
  %c1 = arith.constant 1 : index
  // CHECK: arith.constant 32832 : i32
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    // CHECK: %{{.*}} = dsa_tile.channel offset = 0 barriers = 32768 : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
    %c = dsa_tile.channel : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>}
  return
}

// Other launches are left alone.
// CHECK-LABEL: func @left_alone(
// CHECK-NOT:     dynamic_shared_memory_size
// CHECK:         return
func.func @left_alone(%n: index) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    gpu.terminator
  }
  return
}

// -----

// The last byte may be used.
// CHECK: module attributes
module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  // CHECK-LABEL: func @fits(
  func.func @fits(%n: index) {
    %c1 = arith.constant 1 : index
    // CHECK: arith.constant 232448 : i32
    gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
               threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
      %c = dsa_tile.channel : !dsa_tile.channel<1 x tensor<1304x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
      %d = dsa_tile.channel : !dsa_tile.channel<63 x tensor<8x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
      gpu.terminator
    } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>}
    return
  }
}

// -----

module attributes {dsa.target = #nvvm.target<chip = "sm_90a">} {
  func.func @too_much(%n: index) {
    %c1 = arith.constant 1 : index
    // expected-error @+1 {{needs 232464 bytes of shared memory, sm_90a has 232448}}
    gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
               threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
      %c = dsa_tile.channel : !dsa_tile.channel<1 x tensor<1816x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
      gpu.terminator
    } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>}
    return
  }
}

// -----

// Seven warpgroups leave eight of sixteen barriers.
!handoff = !dsa_tile.handoff<tensor<8x16xbf16, #dsa_tile.shared<swizzle = 32>>>
func.func @barriers(%n: index) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %a = dsa_tile.handoff : !handoff
    %b = dsa_tile.handoff : !handoff
    %c = dsa_tile.handoff : !handoff
    %d = dsa_tile.handoff : !handoff
    %e = dsa_tile.handoff : !handoff
    %f = dsa_tile.handoff : !handoff
    %g = dsa_tile.handoff : !handoff
    %h = dsa_tile.handoff : !handoff
    // expected-error @+1 {{expected at most 16 named barriers in a kernel}}
    %i = dsa_tile.handoff : !handoff
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 7, load_warps = 4, blocks = 0>}
  return
}

// -----

// Lists of all warpgroups are shortened behind all else, each by itself: 2048 counts of digits, five numbers
// for each of two rows, and eight that warps exchange. Turns have four barriers.
#sums = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>
// CHECK-LABEL: func @lists(
func.func @lists(%n: index, %lists: memref<8x4x2x320xi32>, %e: tensor<64x8xi32, #sums>, %f: tensor<64x8xf32, #sums>,
                 %i: memref<?x1x64xi32>, %c: memref<?x1xi32>) {
  %c1 = arith.constant 1 : index
  // CHECK: gpu.launch {{.*}} dynamic_shared_memory_size %c49504_i32
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %ch = dsa_tile.channel : !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
    // CHECK: dsa_tile.shortlist.full {{.*}} barrier = 5
    %full = dsa_tile.shortlist.full %lists ends(%e) : memref<8x4x2x320xi32>, tensor<64x8xi32, #sums>
    // CHECK: dsa_tile.shortlist.shorten {{.*}} offset = 16416 barrier = 5
    %g, %h = dsa_tile.shortlist.shorten %lists ends(%e) floors(%f) keep = 64
        : memref<8x4x2x320xi32>, tensor<64x8xi32, #sums>, tensor<64x8xf32, #sums>
    // CHECK: dsa_tile.shortlist.end {{.*}} offset = 16416 barrier = 5
    dsa_tile.shortlist.end %lists ends(%g) keep = 64 to %i, %c at %n
        : memref<8x4x2x320xi32>, tensor<64x8xi32, #sums>, memref<?x1x64xi32>, memref<?x1xi32>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 0>}
  return
}

// -----

// Seven warpgroups, turns and two handoffs leave six barriers.
!handoff = !dsa_tile.handoff<tensor<8x16xbf16, #dsa_tile.shared<swizzle = 32>>>
#sums = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 7>>
func.func @list_barriers(%n: index, %lists: memref<14x4x2x320xi32>, %e: tensor<64x14xi32, #sums>) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %a = dsa_tile.handoff : !handoff
    %b = dsa_tile.handoff : !handoff
    // expected-error @+1 {{expected at most 16 named barriers in a kernel}}
    %full = dsa_tile.shortlist.full %lists ends(%e) : memref<14x4x2x320xi32>, tensor<64x14xi32, #sums>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 7, load_warps = 4, blocks = 0>}
  return
}
