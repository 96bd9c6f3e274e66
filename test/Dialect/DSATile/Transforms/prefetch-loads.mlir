// RUN: dsa-opt %s -dsa-tile-prefetch-loads -split-input-file | FileCheck %s

#rows = #dsa_tile.rows<lanes = 8>
!numbers = tensor<64xi32, #rows>
!channel = !dsa_tile.channel<2 x tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>

// The loop begins with what its first iteration needs, and loads what the next one needs, with
// what computes its place; the last one loads its own again. A loop without iterations may begin
// outside of memory.
// CHECK-LABEL: func @loop(
// CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x64xbf16>, %[[LIST:[^:]*]]: memref<?x2048xi32>, %[[T:[^:]*]]: index, %[[N:[^:]*]]: index)
func.func @loop(%keys: memref<?x64xbf16>, %list: memref<?x2048xi32>, %t: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c = dsa_tile.channel : !channel
  // CHECK:      dsa_tile.warp_specialize load {
  // CHECK-NEXT:   %[[PLACE:.*]] = arith.addi %[[C0:.*]], %[[C64:.*]] : index
  // CHECK-NEXT:   %[[FIRST:.*]] = dsa_tile.load %[[LIST]][%[[T]], %[[PLACE]]] box = [1, 64] : memref<?x2048xi32> -> tensor<64xi32, #dsa_tile.rows<lanes = 8>>
  // CHECK-NEXT:   scf.for %[[I:[^ ]*]] = %[[C0]] to %[[N]] step %[[C64]] iter_args(%[[NUMBERS:.*]] = %[[FIRST]])
  // CHECK-NEXT:     %[[NEXT:.*]] = arith.addi %[[I]], %[[C64]]
  // CHECK-NEXT:     %[[EXISTS:.*]] = arith.cmpi slt, %[[NEXT]], %[[N]]
  // CHECK-NEXT:     %[[THERE:.*]] = arith.select %[[EXISTS]], %[[NEXT]], %[[I]]
  // CHECK-NEXT:     %[[PLACE:.*]] = arith.addi %[[THERE]], %[[C64]]
  // CHECK-NEXT:     %[[AHEAD:.*]] = dsa_tile.load %[[LIST]][%[[T]], %[[PLACE]]] box = [1, 64] inside :
  // CHECK-NOT:      dsa_tile.load
  // CHECK:          dsa_tile.gather_copy %[[KEYS]] rows %[[NUMBERS]] to
  // CHECK:          scf.yield %[[AHEAD]] :
  // Those who compute read what they need themselves.
  // CHECK:      } compute {
  // CHECK-NEXT:   scf.for
  // CHECK-NOT:    iter_args
  // CHECK:          dsa_tile.load {{.*}} -> tensor<64xi32, #dsa_tile.lanes>
  dsa_tile.warp_specialize load {
    scf.for %i = %c0 to %n step %c64 {
      %place = arith.addi %i, %c64 : index
      %numbers = dsa_tile.load %list[%t, %place] box = [1, 64] inside : memref<?x2048xi32> -> !numbers
      dsa_tile.gather_copy %keys rows %numbers to %c : memref<?x64xbf16>, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
    }
  } compute {
    scf.for %i = %c0 to %n step %c64 {
      %numbers = dsa_tile.load %list[%t, %i] box = [1, 64] : memref<?x2048xi32> -> tensor<64xi32, #dsa_tile.lanes>
    }
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
  return
}

// -----

#rows = #dsa_tile.rows<lanes = 8>
!numbers = tensor<64xi32, #rows>
!channel = !dsa_tile.channel<1 x tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>

// What the first iteration needs is on its way while the role waits for room for something else;
// but nothing moves over what it depends on.
// CHECK-LABEL: func @wait(
// CHECK:      dsa_tile.warp_specialize load {
// CHECK-NEXT:   %[[PLACE:.*]] = arith.addi
// CHECK-NEXT:   %[[FIRST:.*]] = dsa_tile.load %{{.*}}, %[[PLACE]]]
// CHECK-NEXT:   dsa_tile.channel.acquire
// CHECK:        %[[READ:.*]] = memref.load
// CHECK:        %[[LATER:.*]] = dsa_tile.load %{{.*}}[%[[READ]],
// CHECK-NEXT:   scf.for {{.*}} iter_args(%{{.*}} = %[[FIRST]], %{{.*}} = %[[LATER]])
func.func @wait(%keys: memref<?x64xbf16>, %list: memref<?x2048xi32>, %t: index, %n: index,
                %where: memref<?xindex>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c = dsa_tile.channel : !channel
  dsa_tile.warp_specialize load {
    dsa_tile.channel.acquire %c : !channel
    dsa_tile.channel.commit %c : !channel
    %row = memref.load %where[%t] : memref<?xindex>
    scf.for %i = %c0 to %n step %c64 {
      %place = arith.addi %i, %c64 : index
      %numbers = dsa_tile.load %list[%t, %place] box = [1, 64] : memref<?x2048xi32> -> !numbers
      dsa_tile.gather_copy %keys rows %numbers to %c : memref<?x64xbf16>, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
      %others = dsa_tile.load %list[%row, %i] box = [1, 64] : memref<?x2048xi32> -> !numbers
      dsa_tile.gather_copy %keys rows %others to %c : memref<?x64xbf16>, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
    }
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
  return
}

// -----

#rows = #dsa_tile.rows<lanes = 8>
!numbers = tensor<64xi32, #rows>
!channel = !dsa_tile.channel<2 x tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>

// Each of two loads, beside what the loop carries.
// CHECK-LABEL: func @two(
// CHECK:         %[[A:.*]] = dsa_tile.load
// CHECK:         %[[B:.*]] = dsa_tile.load
// CHECK-NEXT:    scf.for {{.*}} iter_args(%[[SUM:[^ ]*]] = %{{[^,]*}}, %[[P:[^ ]*]] = %[[A]], %[[Q:[^ ]*]] = %[[B]])
// CHECK-COUNT-2:   dsa_tile.load
// CHECK-NOT:       dsa_tile.load
// CHECK:           dsa_tile.gather_copy %{{.*}} rows %[[P]] to
// CHECK:           dsa_tile.gather_copy %{{.*}} rows %[[Q]] to
func.func @two(%keys: memref<?x64xbf16>, %list: memref<?xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c128 = arith.constant 128 : index
  %c64 = arith.constant 64 : index
  %c = dsa_tile.channel : !channel
  dsa_tile.warp_specialize load {
    %r = scf.for %i = %c0 to %n step %c128 iter_args(%sum = %c0) -> index {
      %p = dsa_tile.load %list[%i] box = [64] : memref<?xi32> -> !numbers
      %j = arith.addi %i, %c64 : index
      %q = dsa_tile.load %list[%j] box = [64] : memref<?xi32> -> !numbers
      dsa_tile.gather_copy %keys rows %p to %c : memref<?x64xbf16>, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
      dsa_tile.gather_copy %keys rows %q to %c : memref<?x64xbf16>, !numbers, !channel
      dsa_tile.channel.commit %c : !channel
      %next = arith.addi %sum, %i : index
      scf.yield %next : index
    }
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
  return
}

// -----

#rows = #dsa_tile.rows<lanes = 8>
!numbers = tensor<64xi32, #rows>
!channel = !dsa_tile.channel<2 x tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>

// Loads stay whose place depends on what the loop carries, or on memory; those outside of loops;
// and those of kernels without roles.
// CHECK-LABEL: func @stays(
// CHECK:         dsa_tile.load
// CHECK:         scf.for {{.*}} iter_args(%[[PLACE:[^ ]*]] = %{{[^,)]*}}) -> (index)
// CHECK-NEXT:      dsa_tile.load {{.*}}[%[[PLACE]]]
// CHECK:         scf.for
// CHECK-NEXT:      %[[READ:.*]] = memref.load
// CHECK-NEXT:      dsa_tile.load {{.*}}[%[[READ]]]
// CHECK:         scf.for
// CHECK-NOT:       iter_args
// CHECK:           dsa_tile.load
func.func @stays(%keys: memref<?x64xbf16>, %list: memref<?xi32>, %places: memref<?xindex>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c = dsa_tile.channel : !channel
  dsa_tile.warp_specialize load {
    %outside = dsa_tile.load %list[%n] box = [64] : memref<?xi32> -> !numbers
    dsa_tile.gather_copy %keys rows %outside to %c : memref<?x64xbf16>, !numbers, !channel
    %r = scf.for %i = %c0 to %n step %c64 iter_args(%place = %c0) -> index {
      %carried = dsa_tile.load %list[%place] box = [64] : memref<?xi32> -> !numbers
      dsa_tile.gather_copy %keys rows %carried to %c : memref<?x64xbf16>, !numbers, !channel
      %next = arith.addi %place, %i : index
      scf.yield %next : index
    }
    scf.for %i = %c0 to %n step %c64 {
      %place = memref.load %places[%i] : memref<?xindex>
      %read = dsa_tile.load %list[%place] box = [64] : memref<?xi32> -> !numbers
      dsa_tile.gather_copy %keys rows %read to %c : memref<?x64xbf16>, !numbers, !channel
    }
  } compute {
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
  scf.for %i = %c0 to %n step %c64 {
    %alone = dsa_tile.load %list[%i] box = [64] : memref<?xi32> -> !numbers
  }
  return
}
