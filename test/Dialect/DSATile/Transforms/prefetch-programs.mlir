// RUN: dsa-opt %s -dsa-tile-prefetch-programs -split-input-file | FileCheck %s

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!tile = tensor<64x64xbf16, #whole>
!sums = tensor<64x64xf32, #whole>
!shared = tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>

// What a program first loads into registers, with what computes its place, is loaded while the last
// product of the program before goes on; the last program loads its own again. Each of those who
// compute does so, and the loop remains one over programs.
// CHECK-LABEL: func @program(
// CHECK-SAME:    %[[Q:[^:]*]]: memref<?x64x64xbf16>, %[[LENGTHS:[^:]*]]: memref<?xi32>, {{.*}}%[[I:[^:]*]]: index, %[[N:[^:]*]]: index, %[[STEP:[^:]*]]: index)
func.func @program(%q: memref<?x64x64xbf16>, %lengths: memref<?xi32>, %o: memref<?x64x64xf32>, %keys: !shared, %i: index, %n: index, %step: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK:      dsa_tile.warp_specialize load {
  // CHECK-NEXT:   scf.for {{.*}} {
  // CHECK:      } compute {
  // CHECK-NEXT:   %[[ROW:.*]] = arith.addi %[[I]], %[[ONE:.*]] : index
  // CHECK-NEXT:   %[[LENGTH:.*]] = memref.load %[[LENGTHS]][%[[ROW]]]
  // CHECK-NEXT:   %[[ROW:.*]] = arith.addi %[[I]], %[[ONE]] : index
  // CHECK-NEXT:   %[[FIRST:.*]] = dsa_tile.load %[[Q]][%[[ROW]],
  // CHECK-NEXT:   scf.for %[[P:[^ ]*]] = %[[I]] to %[[N]] step %[[STEP]] iter_args(%[[L:[^ ]*]] = %[[LENGTH]], %[[TILE:[^ ]*]] = %[[FIRST]])
  // CHECK-NEXT:     %[[HERE:.*]] = arith.addi %[[P]], %[[ONE]]
  // CHECK-NEXT:     arith.index_cast %[[L]]
  // CHECK:          scf.for
  // CHECK:            dsa_tile.mma_start %[[TILE]],
  // CHECK:          dsa_tile.mma_start %[[TILE]],
  // CHECK-NEXT:     %[[NEXT:.*]] = arith.addi %[[P]], %[[STEP]]
  // CHECK-NEXT:     %[[EXISTS:.*]] = arith.cmpi slt, %[[NEXT]], %[[N]]
  // CHECK-NEXT:     %[[THERE:.*]] = arith.select %[[EXISTS]], %[[NEXT]], %[[P]]
  // CHECK-NEXT:     %[[ROW:.*]] = arith.addi %[[THERE]], %[[ONE]]
  // CHECK-NEXT:     %[[LENGTH:.*]] = memref.load %[[LENGTHS]][%[[ROW]]]
  // CHECK:          %[[AHEAD:.*]] = dsa_tile.load %[[Q]]
  // CHECK-NEXT:     dsa_tile.mma_wait
  // CHECK-NEXT:     dsa_tile.store %{{.*}}[%[[HERE]],
  // CHECK-NEXT:     scf.yield %[[LENGTH]], %[[AHEAD]]
  // CHECK-NEXT:   } {dsa_tile.programs}
  // CHECK-NEXT: }, {
  // CHECK:        scf.for {{.*}} iter_args({{.*}}) -> (tensor
  // CHECK:          %[[AHEAD:.*]] = dsa_tile.load
  // CHECK-NEXT:     dsa_tile.store
  // CHECK-NEXT:     scf.yield %[[AHEAD]]
  dsa_tile.warp_specialize load {
    scf.for %p = %i to %n step %step {
    } {dsa_tile.programs}
  } compute {
    scf.for %p = %i to %n step %step {
      %row = arith.addi %p, %c1 : index
      %length = memref.load %lengths[%row] : memref<?xi32>
      %end = arith.index_cast %length : i32 to index
      %tile = dsa_tile.load %q[%row, %c0, %c0] box = [1, 64, 64] slots = 0 : memref<?x64x64xbf16> -> !tile
      scf.for %k = %c0 to %end step %step {
        %s = dsa_tile.mma_start %tile, %keys : !tile, !shared -> !dsa_tile.pending<!sums>
        %r = dsa_tile.mma_wait %s : !dsa_tile.pending<!sums> -> !sums
      }
      %s = dsa_tile.mma_start %tile, %keys : !tile, !shared -> !dsa_tile.pending<!sums>
      %r = dsa_tile.mma_wait %s : !dsa_tile.pending<!sums> -> !sums
      dsa_tile.store %r, %o[%row, %c0, %c0] box = [1, 64, 64] : !sums, memref<?x64x64xf32>
    } {dsa_tile.programs}
  }, {
    scf.for %p = %i to %n step %step {
      %tile = dsa_tile.load %q[%p, %c0, %c0] box = [1, 64, 64] slots = 0 : memref<?x64x64xbf16> -> !tile
      dsa_tile.store %tile, %q[%p, %c0, %c0] box = [1, 64, 64] : !tile, memref<?x64x64xbf16>
    } {dsa_tile.programs}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 132>
  return
}

// -----

#whole = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!tile = tensor<64x64xbf16, #whole>

// Left alone: loads in and behind a program's loops; what stores only in a loop; what depends on
// other loads; and loops over something else.
// CHECK-LABEL: func @stays(
// CHECK-NOT:     iter_args
func.func @stays(%q: memref<?x64x64xbf16>, %list: memref<?xindex>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  dsa_tile.warp_specialize load {
  } compute {
    scf.for %p = %c0 to %n step %c1 {
      scf.for %k = %c0 to %n step %c1 {
        %tile = dsa_tile.load %q[%k, %c0, %c0] box = [1, 64, 64] slots = 0 : memref<?x64x64xbf16> -> !tile
        dsa_tile.store %tile, %q[%p, %c0, %c0] box = [1, 64, 64] : !tile, memref<?x64x64xbf16>
      }
      %behind = dsa_tile.load %q[%p, %c0, %c0] box = [1, 64, 64] slots = 0 : memref<?x64x64xbf16> -> !tile
      dsa_tile.store %behind, %q[%p, %c0, %c0] box = [1, 64, 64] : !tile, memref<?x64x64xbf16>
    } {dsa_tile.programs}
    scf.for %p = %c0 to %n step %c1 {
      %tile = dsa_tile.load %q[%p, %c0, %c0] box = [1, 64, 64] slots = 0 : memref<?x64x64xbf16> -> !tile
      scf.for %k = %c0 to %n step %c1 {
        dsa_tile.store %tile, %q[%k, %c0, %c0] box = [1, 64, 64] : !tile, memref<?x64x64xbf16>
      }
    } {dsa_tile.programs}
    scf.for %p = %c0 to %n step %c1 {
      %tile = dsa_tile.load %q[%p, %c0, %c0] box = [1, 64, 64] slots = 0 : memref<?x64x64xbf16> -> !tile
      dsa_tile.store %tile, %q[%p, %c0, %c0] box = [1, 64, 64] : !tile, memref<?x64x64xbf16>
    }
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 132>
  return
}
