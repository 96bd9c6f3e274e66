// RUN: dsa-opt %s -dsa-tile-split-groups -split-input-file -verify-diagnostics | FileCheck %s

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#divided = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
#row = #dsa_tile.slice<1, #whole>
#shared = #dsa_tile.shared<swizzle = 128>
!half = tensor<64x64xbf16, #shared>
!rows = tensor<64xf32, #row>
!scores = tensor<64x64xf32, #whole>
!weights = tensor<64x64xbf16, #whole>
!out = tensor<64x128xf32, #divided>
!channel = !dsa_tile.channel<1 x !half>

// The second tile's weights need the first one's base, so warpgroups go in turn: the first passes
// on weights, what of the sum is its own, and its base; the second passes on what follows.
// CHECK-LABEL: func @in_turn(
// CHECK-SAME:    %[[A:[^:]*]]: tensor<64x64xbf16, {{[^%]*}}, %[[B:[^:]*]]: tensor<64x64xbf16, {{[^%]*}}, %[[N:[^:]*]]: index, %[[ZERO:[^:]*]]: tensor<64x128xf32, {{[^%]*}}, %[[LEAST:[^:]*]]: ten
func.func @in_turn(%a: !half, %b: !half, %n: index, %zero: !out, %least: !rows, %m: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c128 = arith.constant 128 : index
  // CHECK:      %[[L0:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[R0:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[L1:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[R1:.*]] = dsa_tile.channel
  %l0 = dsa_tile.channel : !channel
  %r0 = dsa_tile.channel : !channel
  %l1 = dsa_tile.channel : !channel
  %r1 = dsa_tile.channel : !channel
  // CHECK-NEXT: %[[FIRST:.*]] = dsa_tile.handoff : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64xf32, {{.*}}>, tensor<64xf32, {{.*}}>>
  // CHECK-NEXT: %[[SECOND:.*]] = dsa_tile.handoff : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64xf32, {{.*}}>, tensor<64xf32, {{.*}}>>
  // CHECK-NEXT: dsa_tile.warp_specialize load {
  // CHECK-NEXT: } compute {

  // Scores begin in turn.
  // CHECK:        %[[KL:.*]] = dsa_tile.channel.wait %[[L0]]
  // CHECK-NEXT:   dsa_tile.turn_wait groups = 2
  // CHECK-NEXT:   dsa_tile.mma %[[A]], %[[KL]] {replicated}
  // CHECK-NEXT:   dsa_tile.channel.wait %[[R0]]
  // CHECK-NEXT:   %[[X:.*]] = dsa_tile.mma %[[B]], %{{.*}} acc({{.*}}) {replicated}
  // CHECK-NEXT:   dsa_tile.channel.release %[[R0]]
  // CHECK-NEXT:   dsa_tile.turn_pass groups = 2
  // CHECK-NEXT:   %[[MOST:.*]] = dsa_tile.reduce<max> %[[X]]
  // The first one makes its weights of what it has, multiplies them, and gives back its values
  // before it waits for what the second makes of them.
  // CHECK-NEXT:   scf.for {{.*}} iter_args(%[[BEFORE:[^ ]*]] = %[[LEAST]], %[[ACC:[^ ]*]] = %[[ZERO]], %[[SUM:[^ ]*]] = %[[LEAST]], %[[V:[^ ]*]] = %[[KL]],
  // CHECK-NOT:      dsa_tile.handoff.take
  // CHECK:          %[[BASE:.*]] = arith.maximumf %[[BEFORE]],
  // CHECK:          %[[P:.*]] = arith.truncf
  // CHECK:          %[[PART:.*]] = arith.addf %[[SUM]],
  // CHECK:          %[[SCALED:.*]] = dsa_tile.scale_rows %[[ACC]] by %[[BASE]]
  // CHECK-NEXT:     %[[OWN:.*]] = dsa_tile.mma %[[P]], %[[V]] acc(%[[SCALED]] : {{.*}}) b_rows {own_columns}
  // CHECK-NEXT:     dsa_tile.channel.release %[[L0]]
  // CHECK-NEXT:     dsa_tile.handoff.give %[[P]], %[[BASE]], %[[PART]] to %[[FIRST]]
  // CHECK-NEXT:     %[[T:.*]]:3 = dsa_tile.handoff.take %[[SECOND]]
  // CHECK:          %[[AGAIN:.*]] = dsa_tile.scale_rows %[[OWN]] by %[[T]]#1
  // CHECK-NEXT:     %[[W:.*]] = dsa_tile.channel.wait %[[L1]]
  // CHECK-NEXT:     dsa_tile.mma %[[T]]#0, %[[W]] acc(%[[AGAIN]] : {{.*}}) b_rows {own_columns}
  // CHECK-NEXT:     dsa_tile.channel.release %[[L1]]
  // CHECK:          dsa_tile.turn_wait
  // CHECK:          dsa_tile.turn_pass
  // CHECK:          scf.yield
  // CHECK:      }, {

  // The second one multiplies what it takes before it makes its own weights.
  // CHECK:        %[[KR:.*]] = dsa_tile.channel.wait %[[R1]]
  // CHECK-NEXT:   dsa_tile.turn_wait groups = 2
  // CHECK-NEXT:   dsa_tile.mma %[[B]], %[[KR]] {replicated}
  // CHECK-NEXT:   dsa_tile.channel.wait %[[L1]]
  // CHECK-NEXT:   dsa_tile.mma %[[A]], %{{.*}} acc({{.*}}) {replicated}
  // CHECK-NEXT:   dsa_tile.channel.release %[[L1]]
  // CHECK-NEXT:   dsa_tile.turn_pass groups = 2
  // CHECK:        scf.for {{.*}} iter_args(%{{[^ ]*}} = %[[LEAST]], %[[ACC:[^ ]*]] = %[[ZERO]], %{{[^ ]*}} = %[[LEAST]], %[[V:[^ ]*]] = %[[KR]],
  // CHECK-NEXT:     %[[T:.*]]:3 = dsa_tile.handoff.take %[[FIRST]]
  // CHECK-NEXT:     %[[SCALED:.*]] = dsa_tile.scale_rows %[[ACC]] by %[[T]]#1
  // CHECK-NEXT:     %[[W:.*]] = dsa_tile.channel.wait %[[R0]]
  // CHECK-NEXT:     %[[THEIRS:.*]] = dsa_tile.mma %[[T]]#0, %[[W]] acc(%[[SCALED]] : {{.*}}) b_rows {own_columns}
  // CHECK-NEXT:     dsa_tile.channel.release %[[R0]]
  // CHECK:          %[[BASE:.*]] = arith.maximumf %[[T]]#1,
  // CHECK:          %[[P:.*]] = arith.truncf
  // CHECK:          %[[MORE:.*]] = dsa_tile.reduce<add>
  // CHECK:          %[[AGAIN:.*]] = dsa_tile.scale_rows %[[THEIRS]] by %[[BASE]]
  // CHECK:          dsa_tile.mma %[[P]], %[[V]] acc(%[[AGAIN]] : {{.*}}) b_rows {own_columns}
  // CHECK-NEXT:     dsa_tile.channel.release %[[R1]]
  // CHECK-NEXT:     dsa_tile.handoff.give %[[P]], %[[BASE]], %[[MORE]] to %[[SECOND]]
  // CHECK:          scf.yield
  // CHECK:      } kernel =
  dsa_tile.warp_specialize load {
  } compute {
    %most, %o, %s = scf.for %i = %c0 to %n step %c128
        iter_args(%before = %least, %acc = %zero, %sum = %least) -> (!rows, !out, !rows) {
      %kl0 = dsa_tile.channel.wait %l0 : !channel -> !half
      %kr0 = dsa_tile.channel.wait %r0 : !channel -> !half
      %kl1 = dsa_tile.channel.wait %l1 : !channel -> !half
      %kr1 = dsa_tile.channel.wait %r1 : !channel -> !half
      %y0 = dsa_tile.mma %a, %kl0 {replicated} : !half, !half -> !scores
      %x0 = dsa_tile.mma %b, %kr0 acc(%y0 : !scores) {replicated} : !half, !half -> !scores
      %y1 = dsa_tile.mma %a, %kl1 {replicated} : !half, !half -> !scores
      %x1 = dsa_tile.mma %b, %kr1 acc(%y1 : !scores) {replicated} : !half, !half -> !scores
      %most0 = dsa_tile.reduce<max> %x0 : !scores -> !rows
      %base0 = arith.maximumf %before, %most0 : !rows
      %e0 = dsa_tile.expand %base0 dim = 1 : !rows -> !scores
      %z0 = arith.subf %x0, %e0 : !scores
      %p0 = arith.truncf %z0 : !scores to !weights
      %sum0 = dsa_tile.reduce<add> %z0 : !scores -> !rows
      %part = arith.addf %sum, %sum0 : !rows
      %scaled0 = dsa_tile.scale_rows %acc by %base0 : !out, !rows
      %s0 = dsa_tile.mma %p0, %kl0, %kr0 acc(%scaled0 : !out) b_rows : !weights, !half, !half -> !out
      %most1 = dsa_tile.reduce<max> %x1 : !scores -> !rows
      %base1 = arith.maximumf %base0, %most1 : !rows
      %e1 = dsa_tile.expand %base1 dim = 1 : !rows -> !scores
      %z1 = arith.subf %x1, %e1 : !scores
      %p1 = arith.truncf %z1 : !scores to !weights
      %sum1 = dsa_tile.reduce<add> %z1 : !scores -> !rows
      %all = arith.addf %part, %sum1 : !rows
      %scaled1 = dsa_tile.scale_rows %s0 by %base1 : !out, !rows
      %s1 = dsa_tile.mma %p1, %kl1, %kr1 acc(%scaled1 : !out) b_rows : !weights, !half, !half -> !out
      dsa_tile.channel.release %l0 : !channel
      dsa_tile.channel.release %r0 : !channel
      dsa_tile.channel.release %l1 : !channel
      dsa_tile.channel.release %r1 : !channel
      scf.yield %base1, %s1, %all : !rows, !out, !rows
    } {dsa_tile.split}
    dsa_tile.store %most, %m[%c0] : !rows, memref<?xf32>
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0, ordered = true>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#divided = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
!keys = tensor<64x128xbf16, #dsa_tile.shared<swizzle = 128>>
!scores = tensor<64x64xf32, #whole>
!weights = tensor<64x64xbf16, #whole>
!out = tensor<64x128xf32, #divided>

// Only what products read, and numbers of rows.
func.func @scores(%k: !keys, %n: index, %zero: !out) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    %o = scf.for %i = %c0 to %n step %n iter_args(%acc = %zero) -> !out {
      // expected-error @+1 {{cannot pass on 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' between warpgroups}}
      %x0 = dsa_tile.mma %k, %k {replicated} : !keys, !keys -> !scores
      %x1 = dsa_tile.mma %k, %k {replicated} : !keys, !keys -> !scores
      %p0 = arith.truncf %x0 : !scores to !weights
      %y1 = arith.addf %x0, %x1 : !scores
      %p1 = arith.truncf %y1 : !scores to !weights
      %s0 = dsa_tile.mma %p0, %k acc(%acc : !out) b_rows : !weights, !keys -> !out
      %s1 = dsa_tile.mma %p1, %k acc(%s0 : !out) b_rows : !weights, !keys -> !out
      scf.yield %s1 : !out
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0, ordered = true>
  return
}
