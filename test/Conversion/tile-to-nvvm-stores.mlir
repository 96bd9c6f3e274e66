// Rows of 16-bit elements are stored 16 bytes at a time, where that is possible.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -canonicalize -cse -split-input-file \
// RUN:   | FileCheck %s --implicit-check-not='{{(^| )dsa_tile\.}}'

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#two = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>

gpu.module @wide {
  // Of four blocks of eight columns, of which each of four lanes has two columns, each lane gets
  // one: neighbours exchange halves, then pairs of neighbours do.
  // CHECK-LABEL: gpu.func @store(
  // CHECK-SAME:    %{{[^:]*}}: memref<64x32xf32>, %[[OUT:[^:]*]]: memref<64x32xbf16>)
  gpu.func @store(%x: memref<64x32xf32>, %out: memref<64x32xbf16>) kernel {
    %c0 = arith.constant 0 : index
    // CHECK:      %[[MORE:.*]] = arith.muli %{{.*}}, %c6_i32
    // CHECK-NEXT: %[[BEGIN:.*]] = arith.addi %{{.*}}, %[[MORE]]
    // CHECK-NEXT: %[[PAIRS:.*]] = llvm.bitcast %{{.*}} : vector<16xbf16> to vector<8xi32>
    // CHECK-NEXT: %[[P:.*]]:8 = vector.to_elements %[[PAIRS]]
    // CHECK:      %[[COLUMN:.*]] = arith.index_castui %[[BEGIN]]
    // CHECK:      %[[ODD:.*]] = arith.cmpi ne
    // CHECK-NEXT: %[[SENT:.*]] = arith.select %[[ODD]], %[[P]]#0, %[[P]]#2
    // CHECK-NEXT: %[[GOT:.*]] = nvvm.shfl.sync bfly %{{.*}}, %[[SENT]], %c1_i32, %c31_i32
    // CHECK-NEXT: %[[LOW:.*]] = arith.select %[[ODD]], %[[GOT]], %[[P]]#0
    // CHECK-NEXT: %[[HIGH:.*]] = arith.select %[[ODD]], %[[P]]#2, %[[GOT]]
    // CHECK-NEXT: arith.select %[[ODD]], %[[P]]#4, %[[P]]#6
    // CHECK-NEXT: nvvm.shfl.sync bfly %{{.*}}, %{{.*}}, %c1_i32
    // CHECK-COUNT-2: nvvm.shfl.sync bfly %{{.*}}, %{{.*}}, %c2_i32
    // CHECK:      %[[EIGHT:.*]] = llvm.bitcast %{{.*}} : vector<4xi32> to vector<8xbf16>
    // Where all of a tile is known to lie inside of memory, nobody looks.
    // CHECK-NOT:  scf.if
    // CHECK-NEXT: vector.store %[[EIGHT]], %[[OUT]][%{{.*}}, %[[COLUMN]]] {alignment = 16 : i64}
    // The other row of the thread.
    // CHECK-COUNT-4: nvvm.shfl.sync
    // CHECK:      vector.store %{{.*}}, %[[OUT]][%{{.*}}, %[[COLUMN]]] {alignment = 16 : i64}
    // CHECK-NOT:  vector.store
    // CHECK:      gpu.return
    %f = dsa_tile.load %x[%c0, %c0] box = [64, 32] : memref<64x32xf32> -> tensor<64x32xf32, #acc>
    %y = arith.truncf %f : tensor<64x32xf32, #acc> to tensor<64x32xbf16, #acc>
    dsa_tile.store %y, %out[%c0, %c0] : tensor<64x32xbf16, #acc>, memref<64x32xbf16>
    gpu.return
  }

  // Rows may be outside; more blocks of columns lie 32 elements on. All lanes exchange before
  // some store.
  // CHECK-LABEL: gpu.func @box(
  // CHECK-SAME:    %{{[^:]*}}: f16, %[[OUT:[^:]*]]: memref<?x80x136xf16>,
  gpu.func @box(%x: f16, %out: memref<?x80x136xf16>, %i: index, %j: index) kernel {
    %c8 = arith.constant 8 : index
    // CHECK:         %[[COLUMN:.*]] = arith.addi %[[FIRST:.*]], %c8 : index
    // CHECK-COUNT-8: nvvm.shfl.sync
    // CHECK:         scf.if %{{.*}} {
    // CHECK:           vector.store %{{.*}}, %[[OUT]][%[[BOX:.*]], %[[ROW:.*]], %[[COLUMN]]] {alignment = 16 : i64}
    // CHECK-NEXT:      %[[NEXT:.*]] = arith.addi %[[FIRST]], %c40 : index
    // CHECK-NEXT:      llvm.bitcast
    // CHECK-NEXT:      vector.store %{{.*}}, %[[OUT]][%[[BOX]], %[[ROW]], %[[NEXT]]] {alignment = 16 : i64}
    // CHECK-NEXT:    }
    // CHECK:         gpu.return
    %y = dsa_tile.splat %x : f16 -> tensor<64x64xf16, #acc>
    dsa_tile.store %y, %out[%i, %j, %c8] box = [1, 64, 64] : tensor<64x64xf16, #acc>, memref<?x80x136xf16>
    gpu.return
  }

  // 32 columns for each warpgroup are enough.
  // CHECK-LABEL: gpu.func @groups(
  // CHECK-COUNT-2: vector.store
  // CHECK-NOT:     .store
  // CHECK:         gpu.return
  gpu.func @groups(%x: bf16, %out: memref<64x64xbf16>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> tensor<64x64xbf16, #two>
    dsa_tile.store %y, %out[%c0, %c0] : tensor<64x64xbf16, #two>, memref<64x64xbf16>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#two = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
!tile = tensor<64x32xbf16, #acc>

// Everything here is stored element by element.
gpu.module @narrow {
  // CHECK-LABEL: gpu.func @floats(
  // CHECK-COUNT-16: memref.store
  gpu.func @floats(%x: f32, %out: memref<64x32xf32>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : f32 -> tensor<64x32xf32, #acc>
    dsa_tile.store %y, %out[%c0, %c0] : tensor<64x32xf32, #acc>, memref<64x32xf32>
    gpu.return
  }

  // 16 columns for each warpgroup are too few.
  // CHECK-LABEL: gpu.func @groups(
  // CHECK-COUNT-8: memref.store
  gpu.func @groups(%x: bf16, %out: memref<64x32xbf16>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> tensor<64x32xbf16, #two>
    dsa_tile.store %y, %out[%c0, %c0] : tensor<64x32xbf16, #two>, memref<64x32xbf16>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @masked(
  // CHECK-COUNT-16: memref.store
  gpu.func @masked(%x: bf16, %m: i1, %out: memref<64x32xbf16>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> !tile
    %mask = dsa_tile.splat %m : i1 -> tensor<64x32xi1, #acc>
    dsa_tile.store %y, %out[%c0, %c0] mask(%mask : tensor<64x32xi1, #acc>) : !tile, memref<64x32xbf16>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @transposed(
  // CHECK-COUNT-16: memref.store
  gpu.func @transposed(%x: bf16, %out: memref<32x64xbf16>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> !tile
    dsa_tile.store %y, %out[%c0, %c0] transposed : !tile, memref<32x64xbf16>
    gpu.return
  }

  // Numbers of rows.
  // CHECK-LABEL: gpu.func @vector(
  // CHECK-COUNT-2: memref.store
  gpu.func @vector(%x: bf16, %out: memref<64xbf16>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> tensor<64xbf16, #dsa_tile.slice<1, #acc>>
    dsa_tile.store %y, %out[%c0] : tensor<64xbf16, #dsa_tile.slice<1, #acc>>, memref<64xbf16>
    gpu.return
  }

  // A column that nobody knows, and one that is not a multiple of eight.
  // CHECK-LABEL: gpu.func @column(
  // CHECK-COUNT-16: memref.store
  gpu.func @column(%x: bf16, %out: memref<64x64xbf16>, %i: index) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> !tile
    dsa_tile.store %y, %out[%c0, %i] : !tile, memref<64x64xbf16>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @odd_column(
  // CHECK-COUNT-16: memref.store
  gpu.func @odd_column(%x: bf16, %out: memref<64x64xbf16>) kernel {
    %c0 = arith.constant 0 : index
    %c4 = arith.constant 4 : index
    %y = dsa_tile.splat %x : bf16 -> !tile
    dsa_tile.store %y, %out[%c0, %c4] : !tile, memref<64x64xbf16>
    gpu.return
  }

  // Rows that begin anywhere, that are shorter than the tile, or as long as they happen to be.
  // CHECK-LABEL: gpu.func @odd_rows(
  // CHECK-COUNT-16: memref.store
  gpu.func @odd_rows(%x: bf16, %out: memref<64x36xbf16>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> !tile
    dsa_tile.store %y, %out[%c0, %c0] : !tile, memref<64x36xbf16>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @short_rows(
  // CHECK-COUNT-16: memref.store
  gpu.func @short_rows(%x: bf16, %out: memref<64x24xbf16>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> !tile
    dsa_tile.store %y, %out[%c0, %c0] : !tile, memref<64x24xbf16>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @dynamic_rows(
  // CHECK-COUNT-16: memref.store
  gpu.func @dynamic_rows(%x: bf16, %out: memref<64x?xbf16>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> !tile
    dsa_tile.store %y, %out[%c0, %c0] : !tile, memref<64x?xbf16>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @strided_rows(
  // CHECK-COUNT-16: memref.store
  // CHECK:          gpu.return
  gpu.func @strided_rows(%x: bf16, %out: memref<64x32xbf16, strided<[33, 1]>>) kernel {
    %c0 = arith.constant 0 : index
    %y = dsa_tile.splat %x : bf16 -> !tile
    dsa_tile.store %y, %out[%c0, %c0] : !tile, memref<64x32xbf16, strided<[33, 1]>>
    gpu.return
  }
}
