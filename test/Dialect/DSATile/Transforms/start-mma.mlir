// RUN: dsa-opt %s -dsa-tile-start-mma -split-input-file | FileCheck %s

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 4>
#shared = #dsa_tile.shared<swizzle = 128>

// A product is begun and waited for apart; what depends on it stays behind the wait.
// CHECK-LABEL: func @product(
// CHECK-SAME:    %[[K:[^:]*]]: tensor<64x128xf8E4M3FN, {{[^%]*}}, %[[Q:[^:]*]]: tensor<512x128xf8E4M3FN, {{[^%]*}}, %[[C:[^:]*]]: tensor<64x512xf32, #{{[^%]*}})
// CHECK-NEXT:    %[[P:.*]] = dsa_tile.mma_start %[[K]], %[[Q]] : tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>, tensor<512x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>> -> <tensor<64x512xf32, #[[ACC:dsa_tile.accumulator<row_groups = 1, column_groups = 4>]]>>
// CHECK-NEXT:    %[[X:.*]] = dsa_tile.mma_wait %[[P]] : !dsa_tile.pending<tensor<64x512xf32, #[[ACC]]>> -> tensor<64x512xf32, #[[ACC]]>
// CHECK-NEXT:    %[[Y:.*]] = arith.addf %[[X]], %[[C]]
// CHECK-NEXT:    return %[[Y]]
func.func @product(%k: tensor<64x128xf8E4M3FN, #shared>, %q: tensor<512x128xf8E4M3FN, #shared>, %c: tensor<64x512xf32, #acc>)
    -> tensor<64x512xf32, #acc> {
  %x = dsa_tile.mma %k, %q : tensor<64x128xf8E4M3FN, #shared>, tensor<512x128xf8E4M3FN, #shared> -> tensor<64x512xf32, #acc>
  %y = arith.addf %x, %c : tensor<64x512xf32, #acc>
  return %y : tensor<64x512xf32, #acc>
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>

// Accumulators and several results are kept, and the orientation.
// CHECK-LABEL: func @clauses(
// CHECK:         %[[P:.*]] = dsa_tile.mma_start %{{.*}}, %{{.*}}, %{{.*}} acc(%{{.*}}, %{{.*}} : {{.*}}) : {{.*}} -> <tensor<64x16xf32, {{.*}}>, tensor<64x16xf32, {{.*}}>>
// CHECK-NEXT:    %[[X:.*]]:2 = dsa_tile.mma_wait %[[P]] : !dsa_tile.pending<
// CHECK-NEXT:    return %[[X]]#0, %[[X]]#1
func.func @clauses(%a: tensor<64x16xf16, #shared>, %b: tensor<16x16xf16, #shared>, %c: tensor<64x16xf32, #acc>)
    -> (tensor<64x16xf32, #acc>, tensor<64x16xf32, #acc>) {
  %x:2 = dsa_tile.mma %a, %b, %b acc(%c, %c : tensor<64x16xf32, #acc>, tensor<64x16xf32, #acc>)
      : tensor<64x16xf16, #shared>, tensor<16x16xf16, #shared>, tensor<16x16xf16, #shared>
      -> tensor<64x16xf32, #acc>, tensor<64x16xf32, #acc>
  return %x#0, %x#1 : tensor<64x16xf32, #acc>, tensor<64x16xf32, #acc>
}

// CHECK-LABEL: func @orientation(
// CHECK:         dsa_tile.mma_start %{{.*}}, %{{.*}} b_rows {own_columns} :
func.func @orientation(%a: tensor<64x16xf16, #shared>, %b: tensor<16x16xf16, #shared>) -> tensor<64x16xf32, #acc> {
  %x = dsa_tile.mma %a, %b b_rows {own_columns}
      : tensor<64x16xf16, #shared>, tensor<16x16xf16, #shared> -> tensor<64x16xf32, #acc>
  return %x : tensor<64x16xf32, #acc>
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
!tile = tensor<64x16xf16, #shared>
!channel = !dsa_tile.channel<2 x !tile>

// The wait stands where the result is first needed. What depends on neither the product
// nor what must stay runs before: loads and coordinates. What the product reads is given back
// behind the wait. Writes stay, and so do loads behind them, and what needs a load: it would
// wait for memory.
// CHECK-LABEL: func @beside(
// CHECK-SAME:    %[[M:[^:]*]]: memref<?x64xf32>, %[[C:[^:]*]]: !dsa_tile.channel<
func.func @beside(%m: memref<?x64xf32>, %c: !channel, %other: !channel, %i: index) {
  // CHECK:      dsa_tile.channel.wait %[[C]]
  // CHECK-NEXT: dsa_tile.mma_start
  %a = dsa_tile.channel.wait %c : !channel -> !tile
  %x = dsa_tile.mma %a, %a : !tile, !tile -> tensor<64x64xf32, #acc>
  // CHECK-NEXT: %[[LOADED:.*]] = dsa_tile.load %[[M]]
  // CHECK-NEXT: %[[NUMBERS:.*]] = dsa_tile.iota
  // CHECK-NEXT: arith.addi %[[NUMBERS]], %[[NUMBERS]]
  // CHECK-NEXT: %[[X:.*]] = dsa_tile.mma_wait
  // CHECK-NEXT: dsa_tile.channel.release %[[C]]
  dsa_tile.channel.release %c : !channel
  // CHECK-NEXT: %[[Y:.*]] = arith.negf %[[X]]
  %y = arith.negf %x : tensor<64x64xf32, #acc>
  %loaded = dsa_tile.load %m[%i, %i] box = [64, 64] : memref<?x64xf32> -> tensor<64x64xf32, #acc>
  // CHECK-NEXT: math.absf %[[LOADED]]
  %positive = math.absf %loaded : tensor<64x64xf32, #acc>
  %numbers = dsa_tile.iota dim = 0 : tensor<64x64xi32, #acc>
  %twice = arith.addi %numbers, %numbers : tensor<64x64xi32, #acc>
  // CHECK-NEXT: dsa_tile.store
  // CHECK-NEXT: dsa_tile.load
  // CHECK-NEXT: return
  dsa_tile.store %y, %m[%i, %i] : tensor<64x64xf32, #acc>, memref<?x64xf32>
  %written = dsa_tile.load %m[%i, %i] box = [64, 64] : memref<?x64xf32> -> tensor<64x64xf32, #acc>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>

// A loop may write too.
// CHECK-LABEL: func @behind_loop(
// CHECK:         dsa_tile.mma_wait
// CHECK-NEXT:    arith.negf
// CHECK-NEXT:    scf.for
// CHECK:         dsa_tile.store
// CHECK:         dsa_tile.load
func.func @behind_loop(%a: tensor<64x16xf16, #shared>, %m: memref<?xi32>, %i: index) {
  %x = dsa_tile.mma %a, %a : tensor<64x16xf16, #shared>, tensor<64x16xf16, #shared> -> tensor<64x64xf32, #acc>
  %y = arith.negf %x : tensor<64x64xf32, #acc>
  scf.for %j = %i to %i step %i {
    %numbers = dsa_tile.iota dim = 0 : tensor<64xi32, #dsa_tile.slice<1, #acc>>
    dsa_tile.store %numbers, %m[%j] : tensor<64xi32, #dsa_tile.slice<1, #acc>>, memref<?xi32>
  }
  %written = dsa_tile.load %m[%i] box = [64] : memref<?xi32> -> tensor<64xi32, #dsa_tile.slice<1, #acc>>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>

// Products end in the order of their beginnings: who waits for one lets those that began
// later go on.
// CHECK-LABEL: func @two(
// CHECK:         %[[P:.*]] = dsa_tile.mma_start
// CHECK-NEXT:    %[[Q:.*]] = dsa_tile.mma_start
// CHECK-NEXT:    %[[X:.*]] = dsa_tile.mma_wait %[[P]] outstanding = 1
// CHECK-NEXT:    %[[Z:.*]] = arith.negf %[[X]]
// CHECK-NEXT:    %[[Y:.*]] = dsa_tile.mma_wait %[[Q]] :
// CHECK-NEXT:    arith.addf %[[Y]], %[[Z]]
func.func @two(%a: tensor<64x16xf16, #shared>, %b: tensor<64x16xf16, #shared>) {
  %x = dsa_tile.mma %a, %a : tensor<64x16xf16, #shared>, tensor<64x16xf16, #shared> -> tensor<64x64xf32, #acc>
  %y = dsa_tile.mma %a, %b : tensor<64x16xf16, #shared>, tensor<64x16xf16, #shared> -> tensor<64x64xf32, #acc>
  %z = arith.negf %x : tensor<64x64xf32, #acc>
  %u = arith.addf %y, %z : tensor<64x64xf32, #acc>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
!tile = tensor<64x16xf16, #shared>
!out = tensor<64x64xf32, #acc>
!channel = !dsa_tile.channel<2 x !tile>

// Results of products that are added up are waited for once. Nobody need wait before the second,
// but for what another one reads: that is released before the second holds its release up. What
// the first read is given back as soon as the second has begun, and the first has ended: two
// later ones may go on.
// CHECK-LABEL: func @chain(
// CHECK-SAME:    %{{[^:]*}}: tensor<{{[^%]*}}, %[[C:[^:]*]]: !dsa_tile.channel<{{[^%]*}}, %[[D:[^:]*]]: !dsa_tile.channel<
func.func @chain(%a: !tile, %c: !channel, %d: !channel, %e: !channel, %m: memref<?x64xf32>, %i: index) {
  // CHECK:      dsa_tile.channel.wait %[[C]]
  // CHECK-NEXT: %[[P:.*]] = dsa_tile.mma_start
  %l = dsa_tile.channel.wait %c : !channel -> !tile
  %x = dsa_tile.mma %a, %l : !tile, !tile -> !out
  // CHECK-NEXT: dsa_tile.channel.wait %[[E:.*]] :
  // CHECK-NEXT: %[[V:.*]] = dsa_tile.mma_start
  // CHECK-NEXT: dsa_tile.mma_wait %[[V]] :
  // CHECK-NEXT: dsa_tile.channel.release %[[E]]
  %v = dsa_tile.channel.wait %e : !channel -> !tile
  %o = dsa_tile.mma %a, %v : !tile, !tile -> !out
  dsa_tile.channel.release %e : !channel
  // CHECK-NEXT: dsa_tile.channel.wait %[[D]]
  // CHECK-NEXT: %[[Q:.*]] = dsa_tile.mma_start %{{.*}}, %{{.*}} continues(%[[P]] : {{.*}}) :
  // CHECK-NEXT: dsa_tile.mma_wait %[[P]] outstanding = 2 : !dsa_tile.pending<{{[^>]*>>>}}{{$}}
  // CHECK-NEXT: dsa_tile.channel.release %[[C]]
  // CHECK-NEXT: %[[Y:.*]] = dsa_tile.mma_wait %[[Q]] :
  // CHECK-NEXT: dsa_tile.channel.release %[[D]]
  // CHECK-NEXT: dsa_tile.store %[[Y]]
  %r = dsa_tile.channel.wait %d : !channel -> !tile
  %y = dsa_tile.mma %a, %r acc(%x : !out) : !tile, !tile -> !out
  dsa_tile.channel.release %c : !channel
  dsa_tile.channel.release %d : !channel
  dsa_tile.store %y, %m[%i, %i] : !out, memref<?x64xf32>
  dsa_tile.store %o, %m[%i, %i] : !out, memref<?x64xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#whole = #dsa_tile.shared<swizzle = 32>
#part = #dsa_tile.shared<swizzle = 32, rows = 16, pitch = 32>
!tile = tensor<32x16xf16, #whole>
!rows = tensor<16x16xf16, #part>
!out = tensor<64x16xf32, #acc>
!channel = !dsa_tile.channel<2 x !tile>

// Slots of which parts are read, and those that the iteration before waited for, are given back
// behind the last product that reads them: here the second of three.
// CHECK-LABEL: func @parts(
// CHECK-SAME:    %[[C:[^:]*]]: !dsa_tile.channel<{{[^%]*}}, %[[D:[^:]*]]: !dsa_tile.channel<
func.func @parts(%c: !channel, %d: !channel, %p: tensor<64x16xf16, #acc>, %q: tensor<64x32xf16, #acc>,
                 %other: !tile, %zero: !out, %n: index) {
  // CHECK:      scf.for
  // CHECK:      dsa_tile.mma_start
  // CHECK:      %[[SECOND:.*]] = dsa_tile.mma_start
  // CHECK-NEXT: dsa_tile.extract
  // CHECK-NEXT: %[[THIRD:.*]] = dsa_tile.mma_start
  // CHECK-NEXT: dsa_tile.mma_wait %[[SECOND]] outstanding = 1 : !dsa_tile.pending<{{[^>]*>>>}}{{$}}
  // CHECK-NEXT: dsa_tile.channel.release %[[C]]
  // CHECK-NEXT: dsa_tile.channel.wait %[[C]]
  // CHECK-NEXT: dsa_tile.mma_wait %[[THIRD]] :
  // CHECK-NEXT: dsa_tile.channel.release %[[D]]
  // CHECK-NEXT: scf.yield
  %first = dsa_tile.channel.wait %c : !channel -> !tile
  %sum:2 = scf.for %i = %n to %n step %n iter_args(%acc = %zero, %k = %first) -> (!out, !tile) {
    %l = dsa_tile.channel.wait %d : !channel -> !tile
    %a = dsa_tile.extract %k dim = 0 offset = 0 : !tile -> !rows
    %x = dsa_tile.mma %p, %a acc(%acc : !out) b_rows : tensor<64x16xf16, #acc>, !rows -> !out
    %y = dsa_tile.mma %q, %k acc(%x : !out) b_rows : tensor<64x32xf16, #acc>, !tile -> !out
    %b = dsa_tile.extract %l dim = 0 offset = 16 : !tile -> !rows
    %z = dsa_tile.mma %p, %b acc(%y : !out) b_rows : tensor<64x16xf16, #acc>, !rows -> !out
    dsa_tile.channel.release %c : !channel
    dsa_tile.channel.release %d : !channel
    %next = dsa_tile.channel.wait %c : !channel -> !tile
    scf.yield %z, %next : !out, !tile
  }
  dsa_tile.channel.release %c : !channel
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
!tile = tensor<64x16xf16, #shared>
!out = tensor<64x64xf32, #acc>
!one = !dsa_tile.channel<1 x !tile>
!two = !dsa_tile.channel<2 x !tile>

// Who waits for the only slot of a channel again has given it back before. With two slots the
// product goes on.
// CHECK-LABEL: func @only_slot(
// CHECK-SAME:    %[[A:[^:]*]]: tensor<{{[^%]*}}, %[[C:[^:]*]]: !dsa_tile.channel<
func.func @only_slot(%a: !tile, %c: !one) -> !out {
  // CHECK:      %[[P:.*]] = dsa_tile.mma_start
  // CHECK-NEXT: dsa_tile.mma_wait %[[P]]
  // CHECK-NEXT: dsa_tile.channel.release %[[C]]
  // CHECK-NEXT: dsa_tile.channel.wait %[[C]]
  %k = dsa_tile.channel.wait %c : !one -> !tile
  %x = dsa_tile.mma %a, %k : !tile, !tile -> !out
  dsa_tile.channel.release %c : !one
  %l = dsa_tile.channel.wait %c : !one -> !tile
  return %x : !out
}

// CHECK-LABEL: func @other_slot(
// CHECK:         dsa_tile.mma_start
// CHECK-NEXT:    dsa_tile.channel.wait
// CHECK-NEXT:    dsa_tile.mma_wait
func.func @other_slot(%a: !tile, %c: !two) -> !out {
  %k = dsa_tile.channel.wait %c : !two -> !tile
  %x = dsa_tile.mma %a, %k : !tile, !tile -> !out
  dsa_tile.channel.release %c : !two
  %l = dsa_tile.channel.wait %c : !two -> !tile
  return %x : !out
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 128>
!tile = tensor<64x64xf16, #shared>
!out = tensor<64x64xf32, #acc>
!handoff = !dsa_tile.handoff<!tile>

// A product that reads what was taken ends before this warpgroup gives, which overwrites it.
// CHECK-LABEL: func @taken(
// CHECK:         %[[P:.*]] = dsa_tile.mma_start
// CHECK:         dsa_tile.mma_wait %[[P]]
// CHECK-NEXT:    dsa_tile.handoff.give
func.func @taken(%h: !handoff, %b: !tile, %p: tensor<64x64xf16, #acc>) -> !out {
  %a = dsa_tile.handoff.take %h : !handoff -> !tile
  %x = dsa_tile.mma %a, %b : !tile, !tile -> !out
  dsa_tile.handoff.give %p to %h : tensor<64x64xf16, #acc> to !handoff
  return %x : !out
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 128>
!tile = tensor<64x64xf16, #shared>
!out = tensor<64x64xf32, #acc>
!handoff = !dsa_tile.handoff<!tile>
!channel = !dsa_tile.channel<1 x !tile>

// Where warpgroups take turns, tiles of the other one come late: what is read gives back its slot
// before. Others wait for the product behind them.
// CHECK-LABEL: func @late(
// CHECK-SAME:    %[[H:[^:]*]]: !dsa_tile.handoff<{{[^%]*}}, %[[C:[^:]*]]: !dsa_tile.channel<
// CHECK:           %[[P:.*]] = dsa_tile.mma_start
// CHECK-NEXT:      dsa_tile.mma_wait %[[P]]
// CHECK-NEXT:      dsa_tile.channel.release %[[C]]
// CHECK-NEXT:      dsa_tile.handoff.take %[[H]]
// CHECK:           %[[Q:.*]] = dsa_tile.mma_start
// CHECK-NEXT:      dsa_tile.handoff.take %[[H]]
// CHECK-NEXT:      dsa_tile.mma_wait %[[Q]]
// CHECK-NEXT:      dsa_tile.channel.release %[[C]]
func.func @late(%h: !handoff, %c: !channel, %a: !tile, %m: memref<64x64xf32>) {
  %c0 = arith.constant 0 : index
  dsa_tile.warp_specialize load {
  } compute {
    %k = dsa_tile.channel.wait %c : !channel -> !tile
    %x = dsa_tile.mma %a, %k : !tile, !tile -> !out
    dsa_tile.channel.release %c : !channel
    %t = dsa_tile.handoff.take %h : !handoff -> !tile
    dsa_tile.store %x, %m[%c0, %c0] : !out, memref<64x64xf32>
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0, ordered = true>
  dsa_tile.warp_specialize load {
  } compute {
    %k = dsa_tile.channel.wait %c : !channel -> !tile
    %x = dsa_tile.mma %a, %k : !tile, !tile -> !out
    dsa_tile.channel.release %c : !channel
    %t = dsa_tile.handoff.take %h : !handoff -> !tile
    dsa_tile.store %x, %m[%c0, %c0] : !out, memref<64x64xf32>
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
  return
}

// -----

// Without layouts a product stays whole: that is the tile form.
// CHECK-LABEL: func @no_layout(
// CHECK-NEXT:    dsa_tile.mma %
// CHECK-NEXT:    return
func.func @no_layout(%a: tensor<64x16xf16>) {
  %x = dsa_tile.mma %a, %a : tensor<64x16xf16>, tensor<64x16xf16> -> tensor<64x64xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 128>
!tile = tensor<64x64xf16, #shared>
!out = tensor<64x64xf32, #acc>
!columns = tensor<64xf32, #dsa_tile.slice<0, #acc>>

// What comes from memory comes while a product is under way; what comes from shared memory takes no
// registers until then.
// CHECK-LABEL: func @loads(
// CHECK:         %[[P:.*]] = dsa_tile.mma_start
// CHECK-NEXT:    dsa_tile.load {{.*}} memref<?xf32>
// CHECK-NEXT:    dsa_tile.mma_wait %[[P]]
// CHECK:         dsa_tile.load {{.*}} memref<64xf32>
func.func @loads(%a: !tile, %b: !tile, %m: memref<?xf32>, %i: index) -> (!out, !columns, !columns) {
  %c0 = arith.constant 0 : index
  %s = dsa_tile.scratch : memref<64xf32>
  %x = dsa_tile.mma %a, %b : !tile, !tile -> !out
  %y = math.absf %x : !out
  %l = dsa_tile.load %s[%c0] box = [64] : memref<64xf32> -> !columns
  %k = dsa_tile.load %m[%i] box = [64] : memref<?xf32> -> !columns
  return %y, %l, %k : !out, !columns, !columns
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>

// A product that nobody needs is waited for at the end.
// CHECK-LABEL: func @unused(
// CHECK-NEXT:    %[[P:.*]] = dsa_tile.mma_start
// CHECK-NEXT:    dsa_tile.mma_wait %[[P]]
// CHECK-NEXT:    return
func.func @unused(%a: tensor<64x16xf16, #shared>) {
  %x = dsa_tile.mma %a, %a : tensor<64x16xf16, #shared>, tensor<64x16xf16, #shared> -> tensor<64x64xf32, #acc>
  return
}
