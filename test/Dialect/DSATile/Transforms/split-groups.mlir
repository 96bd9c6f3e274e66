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

// Each warpgroup scores one of an iteration's two tiles, of which it passes on maxima and
// weights; it has the columns of the values that are its own. What needs no state of the
// iteration before begins within that one.
// CHECK-LABEL: func @split(
// CHECK-SAME:    %[[QUERIES:[^:]*]]: !dsa_tile.channel<{{[^%]*}}, %[[R:[^:]*]]: tensor<64x64xbf16, {{[^%]*}}, %[[N:[^:]*]]: index, %[[ZERO:[^:]*]]: tensor<64x128xf32, {{[^%]*}}, %[[LEAST:[^:]*]]: tensor<64xf32,
func.func @split(%queries: !channel, %r: !weights, %n: index, %zero: !out, %least: !rows, %m: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c128 = arith.constant 128 : index
  // CHECK:      %[[K0:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[L0:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[R0:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[K1:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[L1:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[R1:.*]] = dsa_tile.channel
  %k0 = dsa_tile.channel : !channel
  %l0 = dsa_tile.channel : !channel
  %r0 = dsa_tile.channel : !channel
  %k1 = dsa_tile.channel : !channel
  %l1 = dsa_tile.channel : !channel
  %r1 = dsa_tile.channel : !channel
  // One way each, and a stage each.
  // CHECK-NEXT: %[[MOST0:.*]] = dsa_tile.handoff : !dsa_tile.handoff<tensor<64xf32, #dsa_tile.slice<1, {{.*}}>>>
  // CHECK-NEXT: %[[SUMS0:.*]] = dsa_tile.handoff : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64xf32, #dsa_tile.slice<1, {{.*}}>>>
  // CHECK-NEXT: %[[MOST1:.*]] = dsa_tile.handoff :
  // CHECK-NEXT: %[[SUMS1:.*]] = dsa_tile.handoff :
  // CHECK-NEXT: dsa_tile.warp_specialize load {
  // CHECK-NEXT: } compute {

  // The first iteration's scores.
  // CHECK:        %[[Q:.*]] = dsa_tile.channel.wait %[[QUERIES]]
  // CHECK:        %[[LAST:.*]] = arith.subi %[[N]], %[[STEP:.*]] :
  // CHECK-NEXT:   dsa_tile.channel.wait %[[K0]]
  // CHECK-NEXT:   dsa_tile.mma %[[R]], %{{.*}} {replicated}
  // CHECK-NEXT:   dsa_tile.channel.release %[[K0]]
  // CHECK-NEXT:   %[[KL:.*]] = dsa_tile.channel.wait %[[L0]]
  // CHECK-NEXT:   dsa_tile.mma %[[Q]], %[[KL]] acc({{.*}}) {replicated}
  // CHECK-NEXT:   dsa_tile.channel.wait %[[R0]]
  // CHECK-NEXT:   %[[X:.*]] = dsa_tile.mma %[[Q]], %{{.*}} acc({{.*}}) {replicated}
  // CHECK-NEXT:   dsa_tile.channel.release %[[R0]]
  // CHECK-NEXT:   %[[MOST:.*]] = dsa_tile.reduce<max> %[[X]]
  // All but the last: the rest of this one, then the next one's scores. Maxima are of both
  // warpgroups before weights are computed; its own weights are multiplied first.
  // CHECK-NEXT:   scf.for %{{.*}} to %[[LAST]] step %[[STEP]] iter_args(%[[BEFORE:[^ ]*]] = %[[LEAST]], %[[ACC:[^ ]*]] = %[[ZERO]], %{{[^ ]*}} = %[[LEAST]], %[[V:[^ ]*]] = %[[KL]], %[[Y:[^ ]*]] = %[[X]], %[[MINE:[^ ]*]] = %[[MOST]])
  // CHECK-NOT:      dsa_tile.mma
  // CHECK:          dsa_tile.handoff.give %[[MINE]] to %[[MOST0]]
  // CHECK:          %[[THEIRS:.*]] = dsa_tile.handoff.take %[[MOST1]]
  // CHECK-NEXT:     %[[HERE:.*]] = arith.maximumf %[[MINE]], %[[THEIRS]]
  // CHECK:          arith.maximumf %[[BEFORE]], %[[HERE]]
  // CHECK:          %[[Z:.*]] = arith.subf %[[Y]],
  // CHECK:          %[[P:.*]] = arith.truncf %[[Z]]
  // CHECK-DAG:      %[[SUM:.*]] = dsa_tile.reduce<add> %[[Z]]
  // CHECK-DAG:      dsa_tile.handoff.give %[[P]], %[[SUM]] to %[[SUMS0]]
  // CHECK-DAG:      %[[OWN:.*]] = dsa_tile.mma %[[P]], %[[V]] acc({{.*}}) b_rows {own_columns}
  // CHECK-DAG:      dsa_tile.channel.release %[[L0]]
  // CHECK:          %[[T:.*]]:2 = dsa_tile.handoff.take %[[SUMS1]]
  // CHECK:          %[[W:.*]] = dsa_tile.channel.wait %[[L1]]
  // CHECK-NEXT:     %[[BOTH:.*]] = dsa_tile.mma %[[T]]#0, %[[W]] acc(%[[OWN]] : {{.*}}) b_rows {own_columns}
  // CHECK-NEXT:     dsa_tile.channel.release %[[L1]]
  // CHECK:          dsa_tile.channel.wait %[[K0]]
  // CHECK-COUNT-3:  dsa_tile.mma {{.*}} {replicated}
  // CHECK:          %[[NEXT:.*]] = dsa_tile.reduce<max>
  // CHECK-NEXT:     scf.yield %{{.*}}, %[[BOTH]], %{{.*}}, %[[NEXT]] :
  // Behind all scores the room of queries is given back; then comes the rest of the last iteration.
  // CHECK-NEXT:   }
  // CHECK-NEXT:   dsa_tile.channel.release %[[QUERIES]]
  // CHECK:        dsa_tile.handoff.give %{{.*}} to %[[MOST0]]
  // CHECK-NOT:    {replicated}
  // CHECK:        dsa_tile.handoff.take %[[SUMS1]]
  // CHECK:        dsa_tile.mma
  // CHECK:        dsa_tile.store
  // CHECK-NEXT: }, {

  // The second one is the other way round. Of its keys it first takes those that are values for
  // it, whose room it released itself.
  // CHECK:        %[[Q:.*]] = dsa_tile.channel.wait %[[QUERIES]]
  // CHECK:        dsa_tile.channel.wait %[[K1]]
  // CHECK-NEXT:   dsa_tile.mma %[[R]], %{{.*}} {replicated}
  // CHECK-NEXT:   dsa_tile.channel.release %[[K1]]
  // CHECK-NEXT:   %[[KR:.*]] = dsa_tile.channel.wait %[[R1]]
  // CHECK-NEXT:   dsa_tile.mma %[[Q]], %[[KR]] acc({{.*}}) {replicated}
  // CHECK-NEXT:   dsa_tile.channel.wait %[[L1]]
  // CHECK-NEXT:   dsa_tile.mma {{.*}} {replicated}
  // CHECK-NEXT:   dsa_tile.channel.release %[[L1]]
  // CHECK:        scf.for {{.*}}, %[[V:[^ ]*]] = %[[KR]],
  // CHECK:          dsa_tile.handoff.give %{{.*}} to %[[MOST1]]
  // CHECK:          dsa_tile.handoff.take %[[MOST0]]
  // CHECK:          %[[P:.*]] = arith.truncf
  // CHECK-DAG:      dsa_tile.handoff.give %[[P]], %{{.*}} to %[[SUMS1]]
  // CHECK-DAG:      %[[OWN:.*]] = dsa_tile.mma %[[P]], %[[V]] acc({{.*}}) b_rows {own_columns}
  // CHECK-DAG:      dsa_tile.channel.release %[[R1]]
  // CHECK:          %[[T:.*]]:2 = dsa_tile.handoff.take %[[SUMS0]]
  // CHECK:          %[[W:.*]] = dsa_tile.channel.wait %[[R0]]
  // CHECK-NEXT:     dsa_tile.mma %[[T]]#0, %[[W]] acc(%[[OWN]] : {{.*}}) b_rows {own_columns}
  // CHECK-NEXT:     dsa_tile.channel.release %[[R0]]
  // CHECK:          scf.yield
  // CHECK:        dsa_tile.store
  // CHECK-NEXT: } kernel =
  dsa_tile.warp_specialize load {
  } compute {
    %q = dsa_tile.channel.wait %queries : !channel -> !half
    %most, %o, %s = scf.for %i = %c0 to %n step %c128
        iter_args(%before = %least, %acc = %zero, %sum = %least) -> (!rows, !out, !rows) {
      %kk0 = dsa_tile.channel.wait %k0 : !channel -> !half
      %kl0 = dsa_tile.channel.wait %l0 : !channel -> !half
      %kr0 = dsa_tile.channel.wait %r0 : !channel -> !half
      %kk1 = dsa_tile.channel.wait %k1 : !channel -> !half
      %kl1 = dsa_tile.channel.wait %l1 : !channel -> !half
      %kr1 = dsa_tile.channel.wait %r1 : !channel -> !half
      %w0 = dsa_tile.mma %r, %kk0 {replicated} : !weights, !half -> !scores
      %y0 = dsa_tile.mma %q, %kl0 acc(%w0 : !scores) {replicated} : !half, !half -> !scores
      %x0 = dsa_tile.mma %q, %kr0 acc(%y0 : !scores) {replicated} : !half, !half -> !scores
      %w1 = dsa_tile.mma %r, %kk1 {replicated} : !weights, !half -> !scores
      %y1 = dsa_tile.mma %q, %kl1 acc(%w1 : !scores) {replicated} : !half, !half -> !scores
      %x1 = dsa_tile.mma %q, %kr1 acc(%y1 : !scores) {replicated} : !half, !half -> !scores
      %most0 = dsa_tile.reduce<max> %x0 : !scores -> !rows
      %most1 = dsa_tile.reduce<max> %x1 : !scores -> !rows
      %here = arith.maximumf %most0, %most1 : !rows
      %after = arith.maximumf %before, %here : !rows
      %base = dsa_tile.expand %after dim = 1 : !rows -> !scores
      %z0 = arith.subf %x0, %base : !scores
      %p0 = arith.truncf %z0 : !scores to !weights
      %sum0 = dsa_tile.reduce<add> %z0 : !scores -> !rows
      %z1 = arith.subf %x1, %base : !scores
      %p1 = arith.truncf %z1 : !scores to !weights
      %sum1 = dsa_tile.reduce<add> %z1 : !scores -> !rows
      %added = arith.addf %sum0, %sum1 : !rows
      %scaled = dsa_tile.scale_rows %acc by %after : !out, !rows
      %s0 = dsa_tile.mma %p0, %kl0, %kr0 acc(%scaled : !out) b_rows : !weights, !half, !half -> !out
      %s1 = dsa_tile.mma %p1, %kl1, %kr1 acc(%s0 : !out) b_rows : !weights, !half, !half -> !out
      dsa_tile.channel.release %k0 : !channel
      dsa_tile.channel.release %l0 : !channel
      dsa_tile.channel.release %r0 : !channel
      dsa_tile.channel.release %k1 : !channel
      dsa_tile.channel.release %l1 : !channel
      dsa_tile.channel.release %r1 : !channel
      scf.yield %after, %s1, %added : !rows, !out, !rows
    } {dsa_tile.split}
    dsa_tile.channel.release %queries : !channel
    dsa_tile.store %most, %m[%c0] : !rows, memref<?xf32>
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#divided = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
#shared = #dsa_tile.shared<swizzle = 128>
!tile = tensor<64x64xbf16, #shared>
!scores = tensor<64x64xf32, #whole>
!weights = tensor<64x64xbf16, #whole>
!out = tensor<64x128xf32, #divided>
!channel = !dsa_tile.channel<1 x !tile>

// Values apart from keys belong to the weights that they are multiplied by: each warpgroup multiplies its
// own weights by its columns of its own tile's values first.
// CHECK-LABEL: func @values_apart(
// CHECK-SAME:    %[[Q:[^:]*]]: tensor<64x64xbf16,
func.func @values_apart(%q: !tile, %n: index, %zero: !out) {
  %c0 = arith.constant 0 : index
  %c128 = arith.constant 128 : index
  // CHECK:      %[[K0:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[K1:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[L0:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[R0:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[L1:.*]] = dsa_tile.channel
  // CHECK-NEXT: %[[R1:.*]] = dsa_tile.channel
  %k0 = dsa_tile.channel : !channel
  %k1 = dsa_tile.channel : !channel
  %l0 = dsa_tile.channel : !channel
  %r0 = dsa_tile.channel : !channel
  %l1 = dsa_tile.channel : !channel
  %r1 = dsa_tile.channel : !channel
  // CHECK:      } compute {
  // CHECK:        dsa_tile.channel.wait %[[K0]]
  // CHECK:        scf.for
  // CHECK-DAG:      %[[P:.*]] = arith.truncf
  // CHECK-DAG:      %[[A:.*]] = dsa_tile.channel.wait %[[L0]]
  // CHECK-DAG:      %[[OWN:.*]] = dsa_tile.mma %[[P]], %[[A]] acc
  // CHECK:          %[[T:.*]] = dsa_tile.handoff.take
  // CHECK:          %[[B:.*]] = dsa_tile.channel.wait %[[L1]]
  // CHECK-NEXT:     dsa_tile.mma %[[T]], %[[B]] acc(%[[OWN]] :
  // CHECK:      }, {
  // CHECK:        dsa_tile.channel.wait %[[K1]]
  // CHECK:        scf.for
  // CHECK-DAG:      %[[P:.*]] = arith.truncf
  // CHECK-DAG:      %[[A:.*]] = dsa_tile.channel.wait %[[R1]]
  // CHECK-DAG:      %[[OWN:.*]] = dsa_tile.mma %[[P]], %[[A]] acc
  // CHECK:          %[[T:.*]] = dsa_tile.handoff.take
  // CHECK:          %[[B:.*]] = dsa_tile.channel.wait %[[R0]]
  // CHECK-NEXT:     dsa_tile.mma %[[T]], %[[B]] acc(%[[OWN]] :
  // CHECK:      } kernel =
  dsa_tile.warp_specialize load {
  } compute {
    %o = scf.for %i = %c0 to %n step %c128 iter_args(%acc = %zero) -> (!out) {
      %kk0 = dsa_tile.channel.wait %k0 : !channel -> !tile
      %kk1 = dsa_tile.channel.wait %k1 : !channel -> !tile
      %vl0 = dsa_tile.channel.wait %l0 : !channel -> !tile
      %vr1 = dsa_tile.channel.wait %r1 : !channel -> !tile
      %vr0 = dsa_tile.channel.wait %r0 : !channel -> !tile
      %vl1 = dsa_tile.channel.wait %l1 : !channel -> !tile
      %x0 = dsa_tile.mma %q, %kk0 {replicated} : !tile, !tile -> !scores
      %x1 = dsa_tile.mma %q, %kk1 {replicated} : !tile, !tile -> !scores
      %p0 = arith.truncf %x0 : !scores to !weights
      %p1 = arith.truncf %x1 : !scores to !weights
      %s0 = dsa_tile.mma %p0, %vl0, %vr0 acc(%acc : !out) b_rows : !weights, !tile, !tile -> !out
      %s1 = dsa_tile.mma %p1, %vl1, %vr1 acc(%s0 : !out) b_rows : !weights, !tile, !tile -> !out
      dsa_tile.channel.release %k0 : !channel
      dsa_tile.channel.release %k1 : !channel
      dsa_tile.channel.release %l0 : !channel
      dsa_tile.channel.release %r1 : !channel
      dsa_tile.channel.release %r0 : !channel
      dsa_tile.channel.release %l1 : !channel
      scf.yield %s1 : !out
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#divided = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
#shared = #dsa_tile.shared<swizzle = 128>
!keys = tensor<64x128xbf16, #shared>
!scores = tensor<64x64xf32, #whole>
!weights = tensor<64x64xbf16, #whole>
!out = tensor<64x128xf32, #divided>

// Without maxima one stage is enough. Masks are loaded by whoever needs them, ahead too where they
// stand between products and what is reduced of them; constants are made where they are needed.
// CHECK-LABEL: func @one_stage(
// CHECK-SAME:    %[[A:[^:]*]]: tensor<64x128xbf16, {{[^%]*}}, %[[B:[^:]*]]: tensor<64x128xbf16, {{[^%]*}}, %[[LIST:[^:]*]]: memref<?xi32>,
// CHECK-COUNT-2: dsa_tile.handoff : !dsa_tile.handoff<tensor<64x64xbf16, {{.*}}>>
// CHECK-NOT:     dsa_tile.handoff :
// CHECK:         } compute {
// CHECK:           dsa_tile.load %[[LIST]][%[[FIRST:.*]]] box
// CHECK:           dsa_tile.mask_columns
// CHECK:           scf.for %[[I:[^ ]*]] = %[[FIRST]] to
// CHECK:             arith.constant dense<2.000000e+00>
// CHECK:             dsa_tile.mma {{.*}}, %[[A]] acc
// CHECK:             dsa_tile.mma {{.*}}, %[[B]] acc
// CHECK:             %[[NEXT:.*]] = arith.addi %[[I]],
// CHECK:             dsa_tile.load %[[LIST]][%[[NEXT]]] box
// CHECK:             scf.yield
// CHECK:         }, {
// CHECK:             dsa_tile.mma {{.*}}, %[[B]] acc
// CHECK:             dsa_tile.mma {{.*}}, %[[A]] acc
func.func @one_stage(%a: !keys, %b: !keys, %list: memref<?xi32>, %n: index, %zero: !out) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    %o = scf.for %i = %c0 to %n step %n iter_args(%acc = %zero) -> !out {
      %two = arith.constant dense<2.0> : !scores
      %none = arith.constant dense<-1> : tensor<64xi32, #dsa_tile.lanes>
      %numbers = dsa_tile.load %list[%i] box = [64] : memref<?xi32> -> tensor<64xi32, #dsa_tile.lanes>
      %there = arith.cmpi ne, %numbers, %none : tensor<64xi32, #dsa_tile.lanes>
      %s0 = dsa_tile.mma %a, %a {replicated} : !keys, !keys -> !scores
      %x0 = dsa_tile.mask_columns %s0 by %there : !scores, tensor<64xi1, #dsa_tile.lanes>
      %s1 = dsa_tile.mma %a, %b {replicated} : !keys, !keys -> !scores
      %x1 = dsa_tile.mask_columns %s1 by %there : !scores, tensor<64xi1, #dsa_tile.lanes>
      %m0 = dsa_tile.reduce<max> %x0 : !scores -> tensor<64xf32, #dsa_tile.slice<1, #whole>>
      %e0 = dsa_tile.expand %m0 dim = 1 : tensor<64xf32, #dsa_tile.slice<1, #whole>> -> !scores
      %m1 = dsa_tile.reduce<max> %x1 : !scores -> tensor<64xf32, #dsa_tile.slice<1, #whole>>
      %e1 = dsa_tile.expand %m1 dim = 1 : tensor<64xf32, #dsa_tile.slice<1, #whole>> -> !scores
      %y0 = arith.mulf %x0, %two : !scores
      %z0 = arith.subf %y0, %e0 : !scores
      %p0 = arith.truncf %z0 : !scores to !weights
      %y1 = arith.mulf %x1, %two : !scores
      %z1 = arith.subf %y1, %e1 : !scores
      %p1 = arith.truncf %z1 : !scores to !weights
      %o0 = dsa_tile.mma %p0, %a acc(%acc : !out) b_rows : !weights, !keys -> !out
      %o1 = dsa_tile.mma %p1, %b acc(%o0 : !out) b_rows : !weights, !keys -> !out
      scf.yield %o1 : !out
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

// Other loops stay, and kernels without any that is to be divided, or with several programs.
// CHECK-LABEL: func @stays(
// CHECK:         compute {
// CHECK-NEXT:      scf.for
// CHECK-NEXT:      }
// CHECK-NEXT:    } kernel
// CHECK:         compute {
// CHECK-NEXT:      scf.for
// CHECK-NEXT:      } {dsa_tile.split}
// CHECK-NEXT:    }, {
// CHECK-NEXT:    } kernel
func.func @stays(%n: index) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    scf.for %i = %c0 to %n step %n {
    }
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  dsa_tile.warp_specialize load {
  } compute {
    scf.for %i = %c0 to %n step %n {
    } {dsa_tile.split}
  }, {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

func.func @groups(%n: index) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{'scf.for' op expected two warpgroups to divide it, but found 3}}
    scf.for %i = %c0 to %n step %n {
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 3, load_warps = 4, blocks = 0>
  return
}

// -----

func.func @nothing(%n: index) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{'scf.for' op expected 2 chains of products for warpgroups to divide, but found 0}}
    scf.for %i = %c0 to %n step %n {
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

// What continues a product is of its chain, and divided products are of none.
#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#divided = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
!keys = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
!scores = tensor<64x64xf32, #whole>

func.func @one_chain(%n: index, %k: !keys) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    // expected-error @+1 {{'scf.for' op expected 2 chains of products for warpgroups to divide, but found 1}}
    scf.for %i = %c0 to %n step %n {
      %x = dsa_tile.mma %k, %k : !keys, !keys -> !scores
      %y = dsa_tile.mma %k, %k acc(%x : !scores) : !keys, !keys -> !scores
      %z = dsa_tile.mma %k, %k : !keys, !keys -> tensor<64x64xf32, #divided>
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

func.func @regions(%n: index, %b: i1) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    scf.for %i = %c0 to %n step %n {
      // expected-error @+1 {{'scf.if' op cannot stand in a loop that warpgroups divide}}
      scf.if %b {
      }
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!keys = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
!scores = tensor<64x64xf32, #whole>

// Only what products read, and numbers of rows.
func.func @carried(%n: index, %k: !keys, %t: !scores) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    %o = scf.for %i = %c0 to %n step %n iter_args(%a = %t) -> !scores {
      %x = dsa_tile.mma %k, %k : !keys, !keys -> !scores
      // expected-error @+1 {{cannot pass on 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' between warpgroups}}
      %y = dsa_tile.mma %k, %k : !keys, !keys -> !scores
      %z = arith.addf %x, %y : !scores
      scf.yield %z : !scores
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!keys = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
!scores = tensor<64x64xf32, #whole>
!rows = tensor<64xf32, #dsa_tile.slice<1, #whole>>

// What only one of them has is not combined in the same way by both.
func.func @uneven(%n: index, %k: !keys, %t: !rows) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    %o:2 = scf.for %i = %c0 to %n step %n iter_args(%a = %t, %b = %t) -> (!rows, !rows) {
      %x0 = dsa_tile.mma %k, %k : !keys, !keys -> !scores
      %x1 = dsa_tile.mma %k, %k : !keys, !keys -> !scores
      %m0 = dsa_tile.reduce<max> %x0 : !scores -> !rows
      %m1 = dsa_tile.reduce<max> %x1 : !scores -> !rows
      %y1 = arith.addf %m1, %a : !rows
      // expected-error @+1 {{'arith.maximumf' op cannot be the same for both warpgroups: expected it to combine what each of them computes}}
      %both = arith.maximumf %m0, %y1 : !rows
      %y0 = arith.addf %m0, %both : !rows
      scf.yield %y0, %y1 : !rows, !rows
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!keys = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
!scores = tensor<64x64xf32, #whole>
!rows = tensor<64xf32, #dsa_tile.slice<1, #whole>>

// Which of the two is the first one depends on the warpgroup.
func.func @difference(%n: index, %k: !keys, %t: !rows) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    %o = scf.for %i = %c0 to %n step %n iter_args(%a = %t) -> !rows {
      %x0 = dsa_tile.mma %k, %k : !keys, !keys -> !scores
      %x1 = dsa_tile.mma %k, %k : !keys, !keys -> !scores
      %m0 = dsa_tile.reduce<max> %x0 : !scores -> !rows
      %m1 = dsa_tile.reduce<max> %x1 : !scores -> !rows
      // expected-error @+1 {{'arith.subf' op cannot be the same for both warpgroups: expected it to combine what each of them computes}}
      %d = arith.subf %m0, %m1 : !rows
      %y = arith.addf %d, %a : !rows
      scf.yield %y : !rows
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!keys = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>
!scores = tensor<64x64xf32, #whole>
!rows = tensor<64xf32, #dsa_tile.slice<1, #whole>>

func.func @store(%n: index, %k: !keys, %m: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    scf.for %i = %c0 to %n step %n {
      %x0 = dsa_tile.mma %k, %k : !keys, !keys -> !scores
      %x1 = dsa_tile.mma %k, %k : !keys, !keys -> !scores
      %m0 = dsa_tile.reduce<max> %x0 : !scores -> !rows
      // expected-error @+1 {{'dsa_tile.store' op cannot stand in a loop that warpgroups divide}}
      dsa_tile.store %m0, %m[%i] : !rows, memref<?xf32>
    } {dsa_tile.split}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  return
}
