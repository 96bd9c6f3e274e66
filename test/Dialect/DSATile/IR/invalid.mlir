// Every error of the verifiers of channels, handoffs and roles, and of the attributes that mark
// kernels and loops. Those of operations on memory: invalid-memory.mlir; of arithmetic:
// invalid-arithmetic.mlir; of types, layouts and other attributes: invalid-attributes.mlir.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file

//===----------------------------------------------------------------------===//
// Channels
//===----------------------------------------------------------------------===//

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_tile(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected one of 1 tiles, but found number 1}}
  dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [64, 128] to %c tile = 1 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_indices(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected as many indices (or a multiple) and extents of a box as of the tile, but found 1, 2 and 2}}
  dsa_tile.copy %map[%i] extent = [64, 128] box = [64, 128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_box(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected as many indices (or a multiple) and extents of a box as of the tile, but found 2, 1 and 2}}
  dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_divides(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected a box that divides [64, 128], but found [48, 128]}}
  dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [48, 128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_empty(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected a box that divides [64, 128], but found [0, 128]}}
  dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [0, 128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_extent(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected an extent that fills 'tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>', but found [32, 128]}}
  dsa_tile.copy %map[%i, %i] extent = [32, 128] box = [32, 128] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_rows(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected an extent that fills 'tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>', but found [128, 64]}}
  dsa_tile.copy %map[%i, %i] extent = [128, 64] box = [128, 64] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @copy_nothing(%map: !llvm.ptr, %i: index, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.copy' op expected an extent that fills 'tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>', but found []}}
  dsa_tile.copy %map[] extent = [] box = [] to %c tile = 0 : !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @gather_copy_width(%m: memref<?x64xf8E4M3FN>, %n: tensor<64xi32>, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.gather_copy' op expected memory whose rows have the 128 columns of a tile's from 0 on, but found 'memref<?x64xf8E4M3FN>' and 'tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>'}}
  dsa_tile.gather_copy %m rows %n to %c : memref<?x64xf8E4M3FN>, tensor<64xi32>, !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @gather_copy_column(%m: memref<?x256xf8E4M3FN>, %n: tensor<64xi32>, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.gather_copy' op expected memory whose rows have the 128 columns of a tile's from 144 on, but found 'memref<?x256xf8E4M3FN>' and 'tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>'}}
  dsa_tile.gather_copy %m rows %n column = 144 to %c : memref<?x256xf8E4M3FN>, tensor<64xi32>, !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @gather_copy_negative_column(%m: memref<?x256xf8E4M3FN>, %n: tensor<64xi32>, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.gather_copy' op attribute 'column' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative}}
  dsa_tile.gather_copy %m rows %n column = -16 to %c : memref<?x256xf8E4M3FN>, tensor<64xi32>, !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @gather_copy_numbers(%m: memref<?x128xf8E4M3FN>, %n: tensor<32xi32>, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.gather_copy' op expected i32 numbers of 64 rows, but found 'tensor<32xi32>'}}
  dsa_tile.gather_copy %m rows %n to %c : memref<?x128xf8E4M3FN>, tensor<32xi32>, !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<8x32xf32, #dsa_tile.shared<swizzle = 128>>, tensor<8x32xf32, #dsa_tile.shared<swizzle = 128>>>
func.func @gather_copy_tiles(%m: memref<?x32xf32>, %n: tensor<8xi32>, %c: !channel) {
  // expected-error @+1 {{'dsa_tile.gather_copy' op expected a channel of 1 tile, but found '!dsa_tile.channel<2 x tensor<8x32xf32, #dsa_tile.shared<swizzle = 128>>, tensor<8x32xf32, #dsa_tile.shared<swizzle = 128>>>'}}
  dsa_tile.gather_copy %m rows %n to %c : memref<?x32xf32>, tensor<8xi32>, !channel
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @wait_tiles(%c: !channel) {
  // expected-error @+1 {{'dsa_tile.channel.wait' op expected the tiles of '!dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>', but found 'tensor<64x128xf8E4M3FN>'}}
  %k = dsa_tile.channel.wait %c : !channel -> tensor<64x128xf8E4M3FN>
  return
}

// -----

//===----------------------------------------------------------------------===//
// Handoffs
//===----------------------------------------------------------------------===//

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!handoff = !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64xf32, #dsa_tile.slice<1, #acc>>>
func.func @give_count(%h: !handoff, %p: tensor<64x64xbf16, #acc>) {
  // expected-error @+1 {{'dsa_tile.handoff.give' op expected tiles in registers for '!dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>', but found 'tensor<64x64xbf16, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  dsa_tile.handoff.give %p to %h : tensor<64x64xbf16, #acc> to !handoff
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!handoff = !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
func.func @give_shape(%h: !handoff, %p: tensor<64x128xbf16, #acc>) {
  // expected-error @+1 {{'dsa_tile.handoff.give' op expected tiles in registers for '!dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>', but found 'tensor<64x128xbf16, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  dsa_tile.handoff.give %p to %h : tensor<64x128xbf16, #acc> to !handoff
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!handoff = !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
func.func @give_element(%h: !handoff, %p: tensor<64x64xf16, #acc>) {
  // expected-error @+1 {{'dsa_tile.handoff.give' op expected tiles in registers for '!dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>', but found 'tensor<64x64xf16, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  dsa_tile.handoff.give %p to %h : tensor<64x64xf16, #acc> to !handoff
  return
}

// -----

!tile = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
func.func @give_shared(%h: !dsa_tile.handoff<!tile>, %p: !tile) {
  // expected-error @+1 {{'dsa_tile.handoff.give' op expected tiles in registers for '!dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>', but found 'tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>'}}
  dsa_tile.handoff.give %p to %h : !tile to !dsa_tile.handoff<!tile>
  return
}

// -----

// Numbers of rows are read as they were given.
#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!handoff = !dsa_tile.handoff<tensor<64xf32, #dsa_tile.slice<1, #acc>>>
func.func @give_layout(%h: !handoff, %n: tensor<64xf32, #dsa_tile.slice<0, #acc>>) {
  // expected-error @+1 {{'dsa_tile.handoff.give' op expected tiles in registers for '!dsa_tile.handoff<tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>', but found 'tensor<64xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
  dsa_tile.handoff.give %n to %h : tensor<64xf32, #dsa_tile.slice<0, #acc>> to !handoff
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!handoff = !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
func.func @take_layout(%h: !handoff) {
  // expected-error @+1 {{'dsa_tile.handoff.take' op expected the tiles of '!dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>', but found 'tensor<64x64xbf16, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  %p = dsa_tile.handoff.take %h : !handoff -> tensor<64x64xbf16, #acc>
  return
}

// -----

!tile = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
func.func @take_count(%h: !dsa_tile.handoff<!tile>) {
  // expected-error @+1 {{'dsa_tile.handoff.take' op expected the tiles of '!dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>', but found 'tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>', 'tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>'}}
  %p:2 = dsa_tile.handoff.take %h : !dsa_tile.handoff<!tile> -> !tile, !tile
  return
}

// -----

//===----------------------------------------------------------------------===//
// Roles
//===----------------------------------------------------------------------===//

func.func @programs() {
  // expected-error @+1 {{'dsa_tile.warp_specialize' op expected one program to compute, or 4, but found 2}}
  dsa_tile.warp_specialize load {
  } compute {
  }, {
  } kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 2, load_warps = 1, blocks = 0>
  return
}

// -----

func.func @no_program() {
  // expected-error @+1 {{'dsa_tile.warp_specialize' op expected one program to compute, or 2, but found 0}}
  "dsa_tile.warp_specialize"() <{
    kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
  }> ({
    "dsa_tile.role_end"() : () -> ()
  }) : () -> ()
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @load_waits(%c: !channel) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.channel.wait' op cannot stand where only loads do}}
    %k = dsa_tile.channel.wait %c : !channel -> tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @load_releases(%c: !channel) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.channel.release' op cannot stand where only loads do}}
    dsa_tile.channel.release %c : !channel
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

func.func @load_multiplies(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.mma' op cannot stand where only loads do}}
    %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

func.func @load_starts(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.mma_start' op cannot stand where only loads do}}
    %x = dsa_tile.mma_start %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> <tensor<64x8xf32>>
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

func.func @load_ends(%p: !dsa_tile.pending<tensor<64x8xf32>>) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.mma_wait' op cannot stand where only loads do}}
    %x = dsa_tile.mma_wait %p : !dsa_tile.pending<tensor<64x8xf32>> -> tensor<64x8xf32>
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!rows = tensor<64xf32, #dsa_tile.slice<1, #acc>>
func.func @load_gives(%h: !dsa_tile.handoff<!rows>, %n: !rows) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.handoff.give' op cannot stand where only loads do}}
    dsa_tile.handoff.give %n to %h : !rows to !dsa_tile.handoff<!rows>
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!rows = tensor<64xf32, #dsa_tile.slice<1, #acc>>
func.func @load_takes(%h: !dsa_tile.handoff<!rows>) {
  dsa_tile.warp_specialize load {
    // expected-error @+1 {{'dsa_tile.handoff.take' op cannot stand where only loads do}}
    %n = dsa_tile.handoff.take %h : !dsa_tile.handoff<!rows> -> !rows
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @compute_acquires(%c: !channel) {
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{'dsa_tile.channel.acquire' op cannot stand where only computation does}}
    dsa_tile.channel.acquire %c : !channel
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @compute_gathers(%m: memref<?x128xf8E4M3FN>, %n: tensor<64xi32>, %c: !channel) {
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{'dsa_tile.gather_copy' op cannot stand where only computation does}}
    dsa_tile.gather_copy %m rows %n to %c : memref<?x128xf8E4M3FN>, tensor<64xi32>, !channel
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @compute_commits(%c: !channel) {
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{'dsa_tile.channel.commit' op cannot stand where only computation does}}
    dsa_tile.channel.commit %c : !channel
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @compute_copies(%map: !llvm.ptr, %i: index, %c: !channel, %any: i1) {
  dsa_tile.warp_specialize load {
  } compute {
    scf.if %any {
      // expected-error @+1 {{'dsa_tile.copy' op cannot stand where only computation does}}
      dsa_tile.copy %map[%i, %i] extent = [64, 128] box = [64, 128] to %c tile = 0 : !channel
    }
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

// Every program that computes is looked at.
!channel = !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
func.func @second_program(%c: !channel) {
  dsa_tile.warp_specialize load {
  } compute {
  }, {
    // expected-error @+1 {{'dsa_tile.channel.commit' op cannot stand where only computation does}}
    dsa_tile.channel.commit %c : !channel
  } kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 1, blocks = 0>
  return
}

// -----

func.func @end_alone() {
  // expected-error @+1 {{'dsa_tile.role_end' op expects parent op 'dsa_tile.warp_specialize'}}
  dsa_tile.role_end
}

// -----

func.func @turn_wait_groups() {
  // expected-error @+1 {{'dsa_tile.turn_wait' op attribute 'groups' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  dsa_tile.turn_wait groups = 0
  return
}

// -----

func.func @turn_pass_groups() {
  // expected-error @+1 {{'dsa_tile.turn_pass' op attribute 'groups' failed to satisfy constraint: 64-bit signless integer attribute whose value is positive}}
  dsa_tile.turn_pass groups = -4
  return
}

// -----

//===----------------------------------------------------------------------===//
// Attributes of kernels and loops
//===----------------------------------------------------------------------===//

// expected-error @+1 {{'func.func' op cannot carry the attribute 'dsa_tile.kernel'}}
func.func @kernel_function() attributes {
  dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
} {
  return
}

// -----

func.func @other_attribute(%n: index) {
  // expected-error @+1 {{'scf.forall' op cannot carry the attribute 'dsa_tile.blocks'}}
  scf.forall (%i) in (%n) {
  } {dsa_tile.blocks = 4}
  return
}

// -----

func.func @kernel_value(%n: index) {
  // expected-error @+1 {{'scf.forall' op expected 'dsa_tile.kernel' to be #dsa_tile.kernel, but found 4 : i64}}
  scf.forall (%i) in (%n) {
  } {dsa_tile.kernel = 4}
  return
}

// -----

func.func @split_value(%n: index) {
  // expected-error @+1 {{'scf.for' op expected 'dsa_tile.split' without a value, but found true}}
  scf.for %i = %n to %n step %n {
  } {dsa_tile.split = true}
  return
}

// -----

func.func @split_programs(%n: index) {
  // expected-error @+1 {{'scf.forall' op cannot carry the attribute 'dsa_tile.split'}}
  scf.forall (%i) in (%n) {
  } {dsa_tile.split}
  return
}

// -----

func.func @concurrent_iterations(%n: index) {
  // expected-error @+1 {{'scf.for' op expected 'dsa_tile.concurrent' to be an i64 from 1 to 64, but found 0 : i64}}
  scf.for %i = %n to %n step %n {
  } {dsa_tile.concurrent = 0 : i64}
  return
}

// -----

func.func @concurrent_programs(%n: index) {
  // expected-error @+1 {{'scf.forall' op cannot carry the attribute 'dsa_tile.concurrent'}}
  scf.forall (%i) in (%n) {
  } {dsa_tile.concurrent = 2 : i64}
  return
}

// -----

func.func @loop_kernel(%n: index) {
  // expected-error @+1 {{'scf.for' op cannot carry the attribute 'dsa_tile.kernel'}}
  scf.for %i = %n to %n step %n {
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}
