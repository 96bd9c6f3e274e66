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
// nor what must stay runs before: loads, coordinates and arithmetic on them. What the
// product reads is given back behind the wait. Writes stay, and so do loads behind them.
// CHECK-LABEL: func @beside(
// CHECK-SAME:    %[[M:[^:]*]]: memref<?x64xf32>, %[[C:[^:]*]]: !dsa_tile.channel<
func.func @beside(%m: memref<?x64xf32>, %c: !channel, %other: !channel, %i: index) {
  // CHECK:      dsa_tile.channel.wait %[[C]]
  // CHECK-NEXT: dsa_tile.mma_start
  %a = dsa_tile.channel.wait %c : !channel -> !tile
  %x = dsa_tile.mma %a, %a : !tile, !tile -> tensor<64x64xf32, #acc>
  // CHECK-NEXT: %[[LOADED:.*]] = dsa_tile.load %[[M]]
  // CHECK-NEXT: dsa_tile.iota
  // CHECK-NEXT: arith.negf %[[LOADED]]
  // CHECK-NEXT: %[[X:.*]] = dsa_tile.mma_wait
  // CHECK-NEXT: dsa_tile.channel.release %[[C]]
  dsa_tile.channel.release %c : !channel
  %loaded = dsa_tile.load %m[%i, %i] box = [64, 64] : memref<?x64xf32> -> tensor<64x64xf32, #acc>
  // CHECK-NEXT: arith.addf %[[X]], %[[LOADED]]
  %y = arith.addf %x, %loaded : tensor<64x64xf32, #acc>
  %numbers = dsa_tile.iota dim = 0 : tensor<64x64xi32, #acc>
  %negated = arith.negf %loaded : tensor<64x64xf32, #acc>
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

// Products that are added up are waited for once. Nobody need wait before the second, but for
// what another one reads: that is released before the second holds its release up. The slots
// of the chain are released behind its wait.
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
  // CHECK-NEXT: %[[Y:.*]] = dsa_tile.mma_wait %[[Q]] :
  // CHECK-NEXT: dsa_tile.channel.release %[[C]]
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

// Without layouts a product stays whole: that is the tile form.
// CHECK-LABEL: func @no_layout(
// CHECK-NEXT:    dsa_tile.mma %
// CHECK-NEXT:    return
func.func @no_layout(%a: tensor<64x16xf16>) {
  %x = dsa_tile.mma %a, %a : tensor<64x16xf16>, tensor<64x16xf16> -> tensor<64x64xf32>
  return
}
