// Columns of accumulators that do not count.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!x = tensor<64x64xf32, #acc>

gpu.module @masks {
  // A warp makes words of 32 truth values, of which each thread has some; where all bits are set
  // nothing is done. The thread's columns are its first one and the next, of every eight.
  // CHECK-LABEL: gpu.func @lanes(
  // CHECK-SAME:    %[[M:[^:]*]]: memref<64x64xf32>, %[[LIST:[^:]*]]: memref<64xi32>)
  gpu.func @lanes(%m: memref<64x64xf32>, %list: memref<64xi32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-DAG:  %[[NONE:.*]] = arith.constant 0xFF800000 : f32
    // CHECK-DAG:  %[[EVERYBODY:.*]] = arith.constant -1 : i32
    // CHECK-DAG:  %[[BIT31:.*]] = arith.constant 33554432 : i32
    // CHECK:      %[[LANE:.*]] = arith.remui %{{.*}}, %c32_i32
    // CHECK:      %[[PLACE:.*]] = arith.index_castui %[[LANE]]
    // CHECK-NEXT: memref.load %[[LIST]][%[[PLACE]]]
    // CHECK-NEXT: %[[NEXT:.*]] = arith.addi %[[LANE]], %c32_i32
    // CHECK-NEXT: %[[PLACE:.*]] = arith.index_castui %[[NEXT]]
    // CHECK-NEXT: memref.load %[[LIST]][%[[PLACE]]]
    // CHECK-NOT:  memref.load %[[LIST]]
    // CHECK:      %[[A:.*]] = nvvm.vote.sync ballot %[[EVERYBODY]], %{{.*}} -> i32
    // CHECK-NEXT: %[[ALL_A:.*]] = arith.cmpi eq, %[[A]], %[[EVERYBODY]]
    // CHECK-NEXT: %[[B:.*]] = nvvm.vote.sync ballot %[[EVERYBODY]], %{{.*}} -> i32
    // CHECK-NEXT: %[[ALL_B:.*]] = arith.cmpi eq, %[[B]], %[[EVERYBODY]]
    // CHECK-NEXT: %[[ALL:.*]] = arith.andi %[[ALL_A]], %[[ALL_B]]
    // CHECK-NEXT: scf.if %[[ALL]] -> (vector<32xf32>) {
    // CHECK-NEXT:   scf.yield %[[TILE:.*]] :
    // CHECK-NEXT: } else {
    // CHECK:        %[[FIRST:.*]] = arith.shrui %[[A]], %[[COLUMN:.*]] : i32
    // CHECK-NEXT:   %[[SECOND:.*]] = arith.shrui %[[B]], %[[COLUMN]] : i32
    // CHECK:        %[[LAST:.*]] = arith.andi %[[SECOND]], %[[BIT31]]
    // CHECK-NEXT:   %[[THERE:.*]] = arith.cmpi ne, %[[LAST]], %c0_i32
    // CHECK-COUNT-30: arith.select %{{.*}}, %{{.*}}, %[[NONE]] : f32
    // Of the last column both rows.
    // CHECK:        arith.select %{{.*}}, %{{.*}}, %[[NONE]] : f32
    // CHECK-NEXT:   arith.select %[[THERE]], %{{.*}}, %[[NONE]] : f32
    // CHECK-NOT:    arith.select
    // CHECK:      gpu.return
    %none = arith.constant dense<-1> : tensor<64xi32, #dsa_tile.lanes>
    %numbers = dsa_tile.load %list[%c0] box = [64] : memref<64xi32> -> tensor<64xi32, #dsa_tile.lanes>
    %there = arith.cmpi ne, %numbers, %none : tensor<64xi32, #dsa_tile.lanes>
    %x = dsa_tile.load %m[%c0, %c0] box = [64, 64] : memref<64x64xf32> -> !x
    %y = dsa_tile.mask_columns %x by %there : !x, tensor<64xi1, #dsa_tile.lanes>
    dsa_tile.store %y, %m[%c0, %c0] : !x, memref<64x64xf32>
    gpu.return
  }

  // Where each thread has what it needs, warps agree on whether it is all there. Infinity is that
  // of the tile's elements.
  // CHECK-LABEL: gpu.func @slice(
  gpu.func @slice(%m: memref<64x8xf16>, %list: memref<8xi32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-DAG:  %[[NONE:.*]] = arith.constant 0xFC00 : f16
    // CHECK-DAG:  %[[EVERYBODY:.*]] = arith.constant -1 : i32
    // CHECK:      %[[THERE:.*]]:2 = vector.to_elements %{{.*}} : vector<2xi1>
    // CHECK-NEXT: %[[MINE:.*]] = arith.andi %[[THERE]]#0, %[[THERE]]#1
    // CHECK-NEXT: %[[ALL:.*]] = nvvm.vote.sync all %[[EVERYBODY]], %[[MINE]] -> i1
    // CHECK-NEXT: scf.if %[[ALL]] -> (vector<4xf16>) {
    // CHECK:      } else {
    // Two columns, in two rows each.
    // CHECK:        arith.select %[[THERE]]#0, %{{.*}}, %[[NONE]] : f16
    // CHECK-NEXT:   arith.select %[[THERE]]#1, %{{.*}}, %[[NONE]] : f16
    // CHECK-NEXT:   arith.select %[[THERE]]#0, %{{.*}}, %[[NONE]] : f16
    // CHECK-NEXT:   arith.select %[[THERE]]#1, %{{.*}}, %[[NONE]] : f16
    // CHECK:      gpu.return
    %none = arith.constant dense<-1> : tensor<8xi32, #dsa_tile.slice<0, #acc>>
    %numbers = dsa_tile.load %list[%c0] box = [8] : memref<8xi32> -> tensor<8xi32, #dsa_tile.slice<0, #acc>>
    %there = arith.cmpi ne, %numbers, %none : tensor<8xi32, #dsa_tile.slice<0, #acc>>
    %x = dsa_tile.load %m[%c0, %c0] box = [64, 8] : memref<64x8xf16> -> tensor<64x8xf16, #acc>
    %y = dsa_tile.mask_columns %x by %there : tensor<64x8xf16, #acc>, tensor<8xi1, #dsa_tile.slice<0, #acc>>
    dsa_tile.store %y, %m[%c0, %c0] : tensor<64x8xf16, #acc>, memref<64x8xf16>
    gpu.return
  }
}
