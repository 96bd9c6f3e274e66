// Tiles in registers. Roles and channels: tile-to-nvvm-roles.mlir; wide stores, gathers, masks,
// products, parts, handoffs and errors: the other tile-to-nvvm-*.mlir. Cleaned up, so that what stands here is short.
// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>

// A tile in registers becomes a vector of what a thread holds: of 64 x 8 elements, 4.
// CHECK: gpu.module @kernels
gpu.module @kernels {
  // CHECK-LABEL: gpu.func @elementwise(
  // CHECK-SAME:    %[[X:[^:]*]]: f32, %[[OUT:[^:]*]]: memref<64x8xf32>)
  gpu.func @elementwise(%x: f32, %out: memref<64x8xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-DAG: %[[ONE:.*]] = arith.constant dense<1.000000e+00> : vector<4xf32>
    // CHECK-DAG: %[[Y:.*]] = vector.broadcast %[[X]] : f32 to vector<4xf32>
    // CHECK:     %[[SUM:.*]] = arith.addf %[[Y]], %[[ONE]] fastmath<contract> : vector<4xf32>
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
    %one = arith.constant dense<1.0> : tensor<64x8xf32, #acc>
    %sum = arith.addf %y, %one fastmath<contract> : tensor<64x8xf32, #acc>
    // The device has no functions of vectors, but an instruction for powers.
    // CHECK-COUNT-4: llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f32"(%{{.*}}) : (f32) -> f32
    // CHECK-NOT:     math.exp2
    %power = math.exp2 %sum : tensor<64x8xf32, #acc>
    // Where all of a tile is known to lie inside of memory, nobody looks.
    // CHECK-NOT:     scf.if
    // CHECK-COUNT-4: memref.store %{{.*}}, %[[OUT]][
    // CHECK:         gpu.return
    dsa_tile.store %power, %out[%c0, %c0] : tensor<64x8xf32, #acc>, memref<64x8xf32>
    gpu.return
  }

  // Other functions, and powers of other types, are left to the passes behind.
  // CHECK-LABEL: gpu.func @functions(
  gpu.func @functions(%x: f32, %h: f16, %out: memref<64x8xf32>, %halves: memref<64x8xf16>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-NOT:     llvm.call_intrinsic
    // CHECK:         math.log %{{.*}} : f32
    // CHECK:         math.exp2 %{{.*}} : f16
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
    %log = math.log %y : tensor<64x8xf32, #acc>
    dsa_tile.store %log, %out[%c0, %c0] : tensor<64x8xf32, #acc>, memref<64x8xf32>
    %g = dsa_tile.splat %h : f16 -> tensor<64x8xf16, #acc>
    %power = math.exp2 %g : tensor<64x8xf16, #acc>
    dsa_tile.store %power, %halves[%c0, %c0] : tensor<64x8xf16, #acc>, memref<64x8xf16>
    gpu.return
  }

  // Coordinates are the thread's own and what each element adds: here, columns.
  // CHECK-LABEL: gpu.func @iota(
  gpu.func @iota(%out: memref<64x16xi32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-DAG: %[[THREAD:.*]] = gpu.thread_id x
    // CHECK-DAG: %[[NUMBER:.*]] = arith.index_castui %[[THREAD]]
    // CHECK-DAG: %[[LANE:.*]] = arith.remui %[[NUMBER]], %c32_i32
    // CHECK-DAG: %[[PLACE:.*]] = arith.remui %[[LANE]], %c4_i32
    // CHECK-DAG: %[[COLUMN:.*]] = arith.muli %[[PLACE]], %c2_i32
    // CHECK-DAG: %[[NEXT:.*]] = arith.addi %[[COLUMN]], %c1_i32
    // CHECK-DAG: %[[BLOCK:.*]] = arith.addi %[[COLUMN]], %c8_i32
    // CHECK-DAG: %[[LAST:.*]] = arith.addi %[[COLUMN]], %c9_i32
    // CHECK:     memref.store %[[COLUMN]], %{{.*}}[%[[ROW:[^,]*]],
    // CHECK:     memref.store %[[NEXT]], %{{.*}}[%[[ROW]],
    // CHECK:     memref.store %[[COLUMN]], %{{.*}}[%[[ROW8:[^,]*]],
    // CHECK:     memref.store %[[NEXT]], %{{.*}}[%[[ROW8]],
    // CHECK:     memref.store %[[BLOCK]], %{{.*}}[%[[ROW]],
    // CHECK:     memref.store %[[LAST]], %{{.*}}[%[[ROW]],
    // CHECK:     gpu.return
    %i = dsa_tile.iota dim = 1 : tensor<64x16xi32, #acc>
    dsa_tile.store %i, %out[%c0, %c0] : tensor<64x16xi32, #acc>, memref<64x16xi32>
    gpu.return
  }

  // What lies outside of memory is zero, without a branch. A vector that is repeated along
  // rows gives each of its elements to both rows of a thread.
  // CHECK-LABEL: gpu.func @expand(
  // CHECK-SAME:    %[[V:[^:]*]]: memref<?xf32>, %[[OUT:[^:]*]]: memref<64x8xf32>)
  gpu.func @expand(%v: memref<?xf32>, %out: memref<64x8xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-DAG:  %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
    // CHECK-DAG:  %[[SIZE:.*]] = memref.dim %[[V]], %[[C0:c0[^ ]*]] : memref<?xf32>
    // CHECK:      %[[EXISTS:.*]] = arith.cmpi ult, %[[PLACE:.*]], %[[SIZE]]
    // CHECK-NEXT: %[[SAFE:.*]] = arith.select %[[EXISTS]], %[[PLACE]], %[[C0]]
    // CHECK-NEXT: %[[READ:.*]] = memref.load %[[V]][%[[SAFE]]]
    // CHECK-NEXT: %[[A:.*]] = arith.select %[[EXISTS]], %[[READ]], %[[ZERO]] : f32
    // CHECK:      memref.load %[[V]]
    // CHECK-NEXT: %[[B:.*]] = arith.select
    // CHECK-NOT:  memref.load
    // CHECK:      memref.store %[[A]], %[[OUT]]
    // CHECK-NEXT: memref.store %[[B]], %[[OUT]]
    // CHECK:      memref.store %[[A]], %[[OUT]]
    // CHECK-NEXT: memref.store %[[B]], %[[OUT]]
    %l = dsa_tile.load %v[%c0] box = [8] : memref<?xf32> -> tensor<8xf32, #dsa_tile.slice<0, #acc>>
    %e = dsa_tile.expand %l dim = 0 : tensor<8xf32, #dsa_tile.slice<0, #acc>> -> tensor<64x8xf32, #acc>
    dsa_tile.store %e, %out[%c0, %c0] : tensor<64x8xf32, #acc>, memref<64x8xf32>
    gpu.return
  }

  // Whoever promises that a box is inside is believed.
  // CHECK-LABEL: gpu.func @load_inside(
  // CHECK-SAME:    %[[V:[^:]*]]: memref<?xf32>, %[[I:[^:]*]]: index,
  gpu.func @load_inside(%v: memref<?xf32>, %i: index, %out: memref<64xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-NOT:  memref.dim
    // CHECK-NOT:  arith.select
    // CHECK:      %[[PLACE:.*]] = arith.addi %[[I]],
    // CHECK-NEXT: memref.load %[[V]][%[[PLACE]]]
    // CHECK-NOT:  arith.select
    // CHECK:      gpu.return
    %x = dsa_tile.load %v[%i] box = [64] inside : memref<?xf32> -> tensor<64xf32, #dsa_tile.slice<1, #acc>>
    dsa_tile.store %x, %out[%c0] : tensor<64xf32, #dsa_tile.slice<1, #acc>>, memref<64xf32>
    gpu.return
  }

  // Nobody multiplies where the factors of all rows that a warp holds are one; NaN is not.
  // CHECK-LABEL: gpu.func @scale_rows(
  gpu.func @scale_rows(%m: memref<64x8xf32>, %v: memref<64xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-DAG:  %[[ONE:.*]] = arith.constant 1.000000e+00 : f32
    // CHECK-DAG:  %[[EVERYBODY:.*]] = arith.constant -1 : i32
    // CHECK:      %[[TILE:.*]] = vector.from_elements
    // CHECK-NEXT: %[[F:.*]] = memref.load
    // CHECK-NEXT: %[[G:.*]] = memref.load
    // CHECK-NEXT: %[[FIRST:.*]] = arith.cmpf une, %[[F]], %[[ONE]]
    // CHECK-NEXT: %[[SECOND:.*]] = arith.cmpf une, %[[G]], %[[ONE]]
    // CHECK-NEXT: %[[MINE:.*]] = arith.ori %[[FIRST]], %[[SECOND]]
    // CHECK-NEXT: %[[ANY:.*]] = nvvm.vote.sync any %[[EVERYBODY]], %[[MINE]] -> i1
    // CHECK-NEXT: scf.if %[[ANY]] -> (vector<4xf32>) {
    // Of the thread's two rows, each has its own factor.
    // CHECK-COUNT-2: arith.mulf %{{.*}}, %[[F]]
    // CHECK-COUNT-2: arith.mulf %{{.*}}, %[[G]]
    // CHECK:      } else {
    // CHECK-NEXT:   scf.yield %[[TILE]]
    // CHECK:      gpu.return
    %x = dsa_tile.load %m[%c0, %c0] box = [64, 8] : memref<64x8xf32> -> tensor<64x8xf32, #acc>
    %f = dsa_tile.load %v[%c0] box = [64] : memref<64xf32> -> tensor<64xf32, #dsa_tile.slice<1, #acc>>
    %y = dsa_tile.scale_rows %x by %f : tensor<64x8xf32, #acc>, tensor<64xf32, #dsa_tile.slice<1, #acc>>
    dsa_tile.store %y, %m[%c0, %c0] : tensor<64x8xf32, #acc>, memref<64x8xf32>
    gpu.return
  }

  // Elements are written where there is memory and the mask is true.
  // CHECK-LABEL: gpu.func @store(
  // CHECK-SAME:    %[[OUT:[^:]*]]: memref<?x?xf32>, %[[M:[^:]*]]: i1, %[[X:[^:]*]]: f32, %[[I:[^:]*]]: index, %[[J:[^:]*]]: index)
  gpu.func @store(%out: memref<?x?xf32>, %m: i1, %x: f32, %i: index, %j: index) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
    %mask = dsa_tile.splat %m : i1 -> tensor<64x8xi1, #acc>
    // CHECK-DAG:  %[[ROWS:.*]] = memref.dim %[[OUT]], %c0
    // CHECK-DAG:  %[[COLUMNS:.*]] = memref.dim %[[OUT]], %c1
    // CHECK-DAG:  %[[INROWS:.*]] = arith.cmpi ult, %{{.*}}, %[[ROWS]]
    // CHECK-DAG:  %[[INCOLUMNS:.*]] = arith.cmpi ult, %{{.*}}, %[[COLUMNS]]
    // CHECK:      scf.if
    // CHECK-NEXT:   memref.store %{{.*}}, %[[OUT]][
    // CHECK-NEXT: }
    dsa_tile.store %y, %out[%i, %j] mask(%mask : tensor<64x8xi1, #acc>) : tensor<64x8xf32, #acc>, memref<?x?xf32>
    gpu.return
  }

  // Whoever promises that a mask is false elsewhere is believed. Transposed, rows and
  // columns change places: the first coordinate is the thread's column.
  // CHECK-LABEL: gpu.func @store_inside(
  // CHECK-SAME:    %[[OUT:[^:]*]]: memref<?x?xf32>, %[[M:[^:]*]]: i1, %[[X:[^:]*]]: f32, %[[I:[^:]*]]: index, %[[J:[^:]*]]: index)
  gpu.func @store_inside(%out: memref<?x?xf32>, %m: i1, %x: f32, %i: index, %j: index) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
    %mask = dsa_tile.splat %m : i1 -> tensor<64x8xi1, #acc>
    // CHECK-DAG:  %[[COLUMN:.*]] = arith.muli %{{.*}}, %c2_i32
    // CHECK-DAG:  %[[FIRST:.*]] = arith.index_castui %[[COLUMN]]
    // CHECK-DAG:  %[[PLACE:.*]] = arith.addi %[[I]], %[[FIRST]]
    // CHECK-NOT:  arith.cmpi
    // CHECK:      scf.if %[[M]] {
    // CHECK-NEXT:   memref.store %{{.*}}, %[[OUT]][%[[PLACE]], %{{.*}}]
    // CHECK-NEXT: }
    dsa_tile.store %y, %out[%i, %j] mask(%mask : tensor<64x8xi1, #acc>) inside transposed
        : tensor<64x8xf32, #acc>, memref<?x?xf32>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>

gpu.module @reductions {
  // A thread combines what it has of its two rows, then the four lanes of a row exchange:
  // each gets the result.
  // CHECK-LABEL: gpu.func @rows(
  gpu.func @rows(%m: memref<64x8xf32>, %out: memref<64xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK:      %[[FIRST:.*]] = arith.maximumf %{{.*}}, %{{.*}} : f32
    // CHECK-NEXT: %[[SECOND:.*]] = arith.maximumf %{{.*}}, %{{.*}} : f32
    // CHECK-NEXT: %[[OTHER:.*]] = nvvm.shfl.sync bfly %{{.*}}, %[[FIRST]], %c1_i32, %c31_i32
    // CHECK-NEXT: %[[PAIR:.*]] = arith.maximumf %[[FIRST]], %[[OTHER]]
    // CHECK-NEXT: %[[OTHERS:.*]] = nvvm.shfl.sync bfly %{{.*}}, %[[PAIR]], %c2_i32, %c31_i32
    // CHECK-NEXT: arith.maximumf %[[PAIR]], %[[OTHERS]]
    // CHECK-NEXT: nvvm.shfl.sync bfly %{{.*}}, %[[SECOND]], %c1_i32, %c31_i32
    // CHECK:      nvvm.shfl.sync bfly
    // CHECK-NOT:  nvvm.shfl.sync
    // CHECK:      gpu.return
    %x = dsa_tile.load %m[%c0, %c0] box = [64, 8] : memref<64x8xf32> -> tensor<64x8xf32, #acc>
    %s = dsa_tile.reduce<max> %x : tensor<64x8xf32, #acc> -> tensor<64xf32, #dsa_tile.slice<1, #acc>>
    dsa_tile.store %s, %out[%c0] : tensor<64xf32, #dsa_tile.slice<1, #acc>>, memref<64xf32>
    gpu.return
  }

  // Of two groups in two rows each lane gets one sum: three exchanges instead of eight.
  // CHECK-LABEL: gpu.func @groups(
  gpu.func @groups(%m: memref<64x16xf32>, %out: memref<64x2xf32>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK-COUNT-4: arith.addf
    // CHECK-DAG:     %[[ODD_ROW:.*]] = arith.andi %[[THREAD:.*]], %c1_i32
    // CHECK-DAG:     %[[SECOND_ROW:.*]] = arith.cmpi ne, %[[ODD_ROW]], %c0_i32
    // CHECK-DAG:     %[[BIT:.*]] = arith.andi %{{.*}}, %c2_i32
    // CHECK-DAG:     %[[ODD:.*]] = arith.cmpi ne, %[[BIT]], %c0_i32
    // CHECK:         %[[KEPT:.*]] = arith.select %[[ODD]], %[[HIGH:.*]], %[[LOW:.*]] : f32
    // CHECK-NEXT:    %[[GIVEN:.*]] = arith.select %[[ODD]], %[[LOW]], %[[HIGH]] : f32
    // CHECK-NEXT:    %[[TAKEN:.*]] = nvvm.shfl.sync bfly %{{.*}}, %[[GIVEN]], %c2_i32, %c31_i32
    // CHECK-NEXT:    arith.addf %[[KEPT]], %[[TAKEN]]
    // CHECK:         nvvm.shfl.sync bfly %{{.*}}, %{{.*}}, %c2_i32, %c31_i32
    // CHECK:         arith.select %[[SECOND_ROW]]
    // CHECK:         nvvm.shfl.sync bfly %{{.*}}, %{{.*}}, %c1_i32, %c31_i32
    // CHECK-NOT:     nvvm.shfl.sync
    // CHECK:         memref.store
    // CHECK-NOT:     memref.store
    // CHECK:         gpu.return
    %x = dsa_tile.load %m[%c0, %c0] box = [64, 16] : memref<64x16xf32> -> tensor<64x16xf32, #acc>
    %s = dsa_tile.reduce<add> %x group = 8 : tensor<64x16xf32, #acc> -> tensor<64x2xf32, #dsa_tile.scatter<#acc>>
    dsa_tile.store %s, %out[%c0, %c0] : tensor<64x2xf32, #dsa_tile.scatter<#acc>>, memref<64x2xf32>
    gpu.return
  }
}

// -----

// Functions without tiles, and code of the host, are left alone.
// CHECK-LABEL: gpu.module @left_alone
// CHECK-NOT:     dsa_tile_shared
// CHECK:         gpu.func @plain(
// CHECK-NEXT:      gpu.return
gpu.module @left_alone {
  gpu.func @plain(%x: f32) kernel {
    gpu.return
  }
}
