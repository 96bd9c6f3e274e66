// RUN: dsa-opt %s -dsa-tile-order-groups | FileCheck %s

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 4>
#shared = #dsa_tile.shared<swizzle = 32>

// Every product is begun in turn.
// CHECK-LABEL: func @ordered(
func.func @ordered(%n: index, %a: tensor<64x16xf16, #shared>, %b: tensor<32x16xf16, #shared>) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    // CHECK:      dsa_tile.turn_wait groups = 4
    // CHECK-NEXT: %[[P:.*]] = dsa_tile.mma_start
    // CHECK-NEXT: dsa_tile.turn_pass groups = 4
    // CHECK-NEXT: dsa_tile.mma_wait %[[P]]
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<32x16xf16, #shared> -> <tensor<64x32xf32, #acc>>
    %s = dsa_tile.mma_wait %p : !dsa_tile.pending<tensor<64x32xf32, #acc>> -> tensor<64x32xf32, #acc>
    // Those that are begun together are of one turn.
    // CHECK:      dsa_tile.turn_wait groups = 4
    // CHECK-NEXT: dsa_tile.mma_start
    // CHECK-NEXT: dsa_tile.mma_start
    // CHECK-NEXT: dsa_tile.turn_pass groups = 4
    // CHECK-NEXT: dsa_tile.mma_wait
    %first = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<32x16xf16, #shared> -> <tensor<64x32xf32, #acc>>
    %second = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<32x16xf16, #shared> -> <tensor<64x32xf32, #acc>>
    %t = dsa_tile.mma_wait %first outstanding = 1 : !dsa_tile.pending<tensor<64x32xf32, #acc>> -> tensor<64x32xf32, #acc>
    // CHECK:      scf.for
    // CHECK-NEXT:   dsa_tile.turn_wait groups = 4
    // CHECK-NEXT:   dsa_tile.mma_start
    // CHECK-NEXT:   dsa_tile.turn_pass groups = 4
    scf.for %i = %c1 to %n step %c1 {
      %q = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<32x16xf16, #shared> -> <tensor<64x32xf32, #acc>>
    }
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0, ordered = true>}
  return
}

// Where somebody has said what a turn is, it stays.
// CHECK-LABEL: func @said(
// CHECK:         dsa_tile.turn_wait groups = 4
// CHECK-NEXT:    dsa_tile.mma_start
// CHECK-NEXT:    dsa_tile.turn_pass groups = 4
// CHECK-NEXT:    dsa_tile.mma_start
// CHECK-NEXT:    gpu.terminator
func.func @said(%n: index, %a: tensor<64x16xf16, #shared>, %b: tensor<32x16xf16, #shared>) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    dsa_tile.turn_wait groups = 4
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<32x16xf16, #shared> -> <tensor<64x32xf32, #acc>>
    dsa_tile.turn_pass groups = 4
    %q = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<32x16xf16, #shared> -> <tensor<64x32xf32, #acc>>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0, ordered = true>}
  return
}

// Warpgroups of other kernels run as they like, and one alone has nobody to wait for.
// CHECK-LABEL: func @left_alone(
// CHECK-NOT:     dsa_tile.turn_
// CHECK:         return
func.func @left_alone(%n: index, %a: tensor<64x16xf16, #shared>, %b: tensor<32x16xf16, #shared>) {
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<32x16xf16, #shared> -> <tensor<64x32xf32, #acc>>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>}
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<32x16xf16, #shared>
        -> <tensor<64x32xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0, ordered = true>}
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<32x16xf16, #shared> -> <tensor<64x32xf32, #acc>>
    gpu.terminator
  }
  return
}
