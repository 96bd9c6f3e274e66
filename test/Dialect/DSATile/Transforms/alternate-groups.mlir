// RUN: dsa-opt %s -dsa-tile-alternate-groups -split-input-file -verify-diagnostics | FileCheck %s

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#divided = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
#row = #dsa_tile.slice<1, #whole>
#shared = #dsa_tile.shared<swizzle = 128>
!half = tensor<64x64xbf16, #shared>
!rows = tensor<64xf32, #row>
!scores = tensor<64x64xf32, #whole>
!out = tensor<64x128xf32, #divided>
!channel = !dsa_tile.channel<2 x !half>

// Scores and what follows from them are computed by the warpgroup whose turn it is. The other
// one takes the operand of the divided product, in shared memory, and numbers of rows.
// Each reads its own half of the values, and gives the other half back at once.
// CHECK-LABEL: func @turns(
func.func @turns(%q: !half, %m: memref<?xf32>, %n: index, %zero: !out, %least: !rows) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %l = dsa_tile.channel : !channel
  %r = dsa_tile.channel : !channel
  // CHECK:       %[[L:.*]] = dsa_tile.channel
  // CHECK:       %[[R:.*]] = dsa_tile.channel
  // CHECK:       %[[H:.*]] = dsa_tile.handoff : !dsa_tile.handoff<tensor<64xf32, {{.*}}>, tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
  // CHECK-NEXT:  dsa_tile.warp_specialize load {
  // CHECK-NEXT:  } compute {

  // The first warpgroup begins with a turn of its own ...
  // CHECK:       dsa_tile.channel.wait %[[L]]
  // CHECK-NEXT:  %[[X:.*]] = dsa_tile.mma %{{.*}}, %{{.*}} {replicated}
  // CHECK:       dsa_tile.channel.wait %[[R]]
  // CHECK-NEXT:  dsa_tile.mma %{{.*}}, %{{.*}} acc(%[[X]] : {{.*}}) {replicated}
  // CHECK-NEXT:  dsa_tile.channel.release %[[R]]
  // CHECK-NEXT:  dsa_tile.reduce<max>
  // CHECK-NEXT:  arith.maximumf
  // CHECK-NEXT:  arith.truncf
  // CHECK-NEXT:  dsa_tile.handoff.give %[[MOST:.*]], %[[P:.*]] to %[[H]]
  // CHECK-NEXT:  dsa_tile.scale_rows %{{.*}} by %[[MOST]]
  // CHECK-NEXT:  dsa_tile.mma %[[P]], %{{.*}} acc({{.*}}) b_rows {own_columns}
  // CHECK-NEXT:  dsa_tile.channel.release %[[L]]

  // ... then follows the other one and takes its own turn, two iterations at once ...
  // CHECK:       scf.for
  // CHECK:         %[[T:.*]]:2 = dsa_tile.handoff.take %[[H]]
  // CHECK-NEXT:    dsa_tile.channel.wait %[[L]]
  // CHECK-NEXT:    dsa_tile.channel.wait %[[R]]
  // CHECK-NEXT:    dsa_tile.channel.release %[[R]]
  // CHECK-NEXT:    dsa_tile.scale_rows %{{.*}} by %[[T]]#0
  // CHECK-NEXT:    dsa_tile.mma %[[T]]#1, %{{.*}} acc({{.*}}) b_rows {own_columns}
  // CHECK-NEXT:    dsa_tile.channel.release %[[L]]
  // CHECK:         dsa_tile.mma {{.*}} {replicated}
  // CHECK:         dsa_tile.mma {{.*}} {replicated}
  // CHECK:         arith.maximumf %[[T]]#0,
  // CHECK:         dsa_tile.handoff.give
  // CHECK:         dsa_tile.mma {{.*}} {own_columns}
  // CHECK-NOT:     dsa_tile.mma
  // CHECK:         scf.yield

  // ... and follows at the end.
  // CHECK:       dsa_tile.handoff.take
  // CHECK-NOT:   {replicated}
  // CHECK:       dsa_tile.mma {{.*}} {own_columns}
  // CHECK:       dsa_tile.store
  // CHECK-NEXT:  }, {

  // The second one follows first. Its half of the values is the right one: it scores with
  // that first, since it released it itself.
  // CHECK:       scf.for
  // CHECK:         dsa_tile.handoff.take %[[H]]
  // CHECK-NEXT:    dsa_tile.channel.wait %[[R]]
  // CHECK-NEXT:    dsa_tile.channel.wait %[[L]]
  // CHECK-NEXT:    dsa_tile.channel.release %[[L]]
  // CHECK:         dsa_tile.mma {{.*}} {own_columns}
  // CHECK-NEXT:    dsa_tile.channel.release %[[R]]
  // CHECK:         dsa_tile.channel.wait %[[R]]
  // CHECK-NEXT:    dsa_tile.mma {{.*}} {replicated}
  // CHECK-NEXT:    dsa_tile.channel.wait %[[L]]
  // CHECK-NEXT:    dsa_tile.mma {{.*}} {replicated}
  // CHECK-NEXT:    dsa_tile.channel.release %[[L]]
  // CHECK:         dsa_tile.handoff.give
  // CHECK:         scf.yield
  // CHECK-NOT:   dsa_tile.handoff
  // CHECK:       dsa_tile.store
  dsa_tile.warp_specialize load {
  } compute {
    %most, %o = scf.for %i = %c0 to %n step %c64 iter_args(%before = %least, %acc = %zero) -> (!rows, !out) {
      %kl = dsa_tile.channel.wait %l : !channel -> !half
      %y = dsa_tile.mma %q, %kl {replicated} : !half, !half -> !scores
      %kr = dsa_tile.channel.wait %r : !channel -> !half
      %x = dsa_tile.mma %q, %kr acc(%y : !scores) {replicated} : !half, !half -> !scores
      %here = dsa_tile.reduce<max> %x : !scores -> !rows
      %after = arith.maximumf %before, %here : !rows
      %p = arith.truncf %x : !scores to tensor<64x64xbf16, #whole>
      %scaled = dsa_tile.scale_rows %acc by %after : !out, !rows
      %sum = dsa_tile.mma %p, %kl, %kr acc(%scaled : !out) b_rows
          : tensor<64x64xbf16, #whole>, !half, !half -> !out
      dsa_tile.channel.release %l : !channel
      dsa_tile.channel.release %r : !channel
      scf.yield %after, %sum : !rows, !out
    } {dsa_tile.alternate}
    dsa_tile.store %most, %m[%c0] : !rows, memref<?xf32>
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#divided = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
#shared = #dsa_tile.shared<swizzle = 128>
!keys = tensor<64x128xbf16, #shared>
!scores = tensor<64x64xf32, #whole>
!out = tensor<64x128xf32, #divided>
!channel = !dsa_tile.channel<3 x !keys>

// With a slot to spare a product begins before the wait for the other warpgroup.
// CHECK-LABEL: func @spare_slot(
// CHECK:         scf.for
// CHECK-NOT:       dsa_tile.handoff
// CHECK:           dsa_tile.channel.wait
// CHECK-NEXT:      dsa_tile.channel.wait
// CHECK-NEXT:      dsa_tile.mma {{.*}} {replicated}
// CHECK-NEXT:      dsa_tile.handoff.take
func.func @spare_slot(%q: !keys, %n: index, %zero: !out) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c = dsa_tile.channel : !channel
  dsa_tile.warp_specialize load {
  } compute {
    %o = scf.for %i = %c0 to %n step %c64 iter_args(%acc = %zero) -> (!out) {
      %k = dsa_tile.channel.wait %c : !channel -> !keys
      %x = dsa_tile.mma %q, %k {replicated} : !keys, !keys -> !scores
      %p = arith.truncf %x : !scores to tensor<64x64xbf16, #whole>
      %sum = dsa_tile.mma %p, %k acc(%acc : !out) b_rows : tensor<64x64xbf16, #whole>, !keys -> !out
      dsa_tile.channel.release %c : !channel
      scf.yield %sum : !out
    } {dsa_tile.alternate}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

// Other loops, and kernels without any that alternates, stay.
// CHECK-LABEL: func @stays(
// CHECK:         compute {
// CHECK-NEXT:      scf.for
// CHECK-NOT:     }, {
func.func @stays(%n: index) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    scf.for %i = %c0 to %n step %n {
    }
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

func.func @groups(%n: index) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{expected two warpgroups to take turns, but found 3}}
    scf.for %i = %c0 to %n step %n {
    } {dsa_tile.alternate}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 3, load_warps = 4, blocks = 0>
  return
}

// -----

func.func @nothing(%n: index) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{expected something for warpgroups to pass on}}
    scf.for %i = %c0 to %n step %n {
    } {dsa_tile.alternate}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

func.func @regions(%n: index, %b: i1) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    scf.for %i = %c0 to %n step %n {
      // expected-error @+1 {{cannot stand in a loop that warpgroups take by turns}}
      scf.if %b {
      }
    } {dsa_tile.alternate}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!tile = tensor<64x64xf32, #whole>

func.func @carried(%n: index, %t: !tile) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    %x = scf.for %i = %c0 to %n step %n iter_args(%a = %t) -> !tile {
      // expected-error @+1 {{cannot pass on 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' between warpgroups}}
      %y = arith.negf %a : !tile
      scf.yield %y : !tile
    } {dsa_tile.alternate}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}
