// RUN: dsa-opt %s -dsa-programs-to-blocks -split-input-file -verify-diagnostics | FileCheck %s

// A kernel is launched with a block for each program: warpgroups that compute, and the
// warps that load.
// CHECK: module attributes {dsa.target = #[[TARGET:.*]]} {
module attributes {dsa.target = #nvvm.target<O = 3, chip = "sm_90a", features = "+ptx80">} {
  // CHECK-LABEL: func @rows(
  // CHECK-SAME:    %[[A:[^:]*]]: memref<?xf32>, %[[N:[^:]*]]: index)
  func.func @rows(%a: memref<?xf32>, %n: index) {
    // CHECK-DAG:  %[[ONE:.*]] = arith.constant 1 : index
    // CHECK-DAG:  %[[THREADS:.*]] = arith.constant 544 : index
    // CHECK:      gpu.launch
    // CHECK-SAME:   blocks(%[[BLOCK:[^,]*]], %{{[^,]*}}, %{{[^,]*}}) in (%{{[^ ]*}} = %[[N]], %{{[^ ]*}} = %[[ONE]], %{{[^ ]*}} = %[[ONE]])
    // CHECK-SAME:   threads(%{{.*}}) in (%{{[^ ]*}} = %[[THREADS]], %{{[^ ]*}} = %[[ONE]], %{{[^ ]*}} = %[[ONE]])
    // CHECK-SAME:   module(@kernels) function(@rows_tiles_0) {
    // CHECK-NEXT:   memref.load %[[A]][%[[BLOCK]]]
    // CHECK-NEXT:   gpu.terminator
    // CHECK-NEXT: } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>}
    scf.forall (%i) in (%n) {
      %x = memref.load %a[%i] : memref<?xf32>
    } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0>,
       mapping = [#gpu.block<x>]}
    return
  }

  // Where their number is limited, blocks take programs in turn. Several dimensions are
  // counted as one.
  // CHECK-LABEL: func @limited(
  // CHECK-SAME:    %[[A:[^:]*]]: memref<?x3xf32>, %[[N:[^:]*]]: index)
  func.func @limited(%a: memref<?x3xf32>, %n: index) {
    // CHECK:      %[[THREE:.*]] = arith.constant 3 : index
    // CHECK:      %[[COUNT:.*]] = arith.muli %[[N]], %[[THREE]]
    // CHECK:      %[[MOST:.*]] = arith.constant 132 : index
    // CHECK:      %[[BLOCKS:.*]] = arith.minui %[[COUNT]], %[[MOST]]
    // CHECK:      gpu.launch blocks(%[[BLOCK:[^,]*]], %{{[^,]*}}, %{{[^,]*}}) in (%[[GRID:[^ ]*]] = %[[BLOCKS]],
    // CHECK-SAME:   threads(%{{.*}}) in (%{{[^ ]*}} = %c384{{[^,]*}},
    // CHECK-SAME:   function(@limited_tiles_0) {
    // CHECK-NEXT:   scf.for %[[P:.*]] = %[[BLOCK]] to %[[COUNT]] step %[[GRID]] {
    // CHECK-NEXT:     %[[IJ:.*]]:2 = affine.delinearize_index %[[P]] into (3)
    // CHECK-NEXT:     memref.load %[[A]][%[[IJ]]#0, %[[IJ]]#1]
    // CHECK-NEXT:   }
    // CHECK-NEXT:   gpu.terminator
    scf.forall (%i, %j) in (%n, 3) {
      %x = memref.load %a[%i, %j] : memref<?x3xf32>
    } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 4, blocks = 132,
                                          registers = [32, 240]>,
       mapping = [#gpu.block<y>, #gpu.block<x>]}
    // Kernels are numbered in each function.
    // CHECK:      gpu.launch {{.*}} function(@limited_tiles_1)
    scf.forall (%i) in (%n) {
      %x = memref.load %a[%i, %i] : memref<?x3xf32>
    } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
    return
  }

  // All kernels go to one module, which has the target.
  // CHECK:     gpu.module @kernels [#[[TARGET]]] {{.*}} {
  // CHECK-NOT: gpu.module
}

// -----

// Other loops are for dsa-rows-to-blocks; a module without kernels gets none.
// CHECK-LABEL: func @left_alone(
// CHECK:         scf.forall
// CHECK-NOT:     gpu.
func.func @left_alone(%a: memref<?xf32>, %n: index) {
  scf.forall (%i) in (%n) {
    %x = memref.load %a[%i] : memref<?xf32>
  }
  return
}

// -----

func.func @begins_at_one(%a: memref<?xf32>, %n: index) {
  // expected-error @+1 {{'scf.forall' op cannot become a kernel: expected programs from 0 by 1 without results}}
  scf.forall (%i) = (1) to (%n) step (1) {
    %x = memref.load %a[%i] : memref<?xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @by_two(%a: memref<?xf32>, %n: index) {
  // expected-error @+1 {{'scf.forall' op cannot become a kernel: expected programs from 0 by 1 without results}}
  scf.forall (%i) = (0) to (%n) step (2) {
    %x = memref.load %a[%i] : memref<?xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @results(%t: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error @+1 {{'scf.forall' op cannot become a kernel: expected programs from 0 by 1 without results}}
  %r = scf.forall (%i) in (8) shared_outs(%o = %t) -> tensor<8xf32> {
    %s = tensor.extract_slice %t[%i] [1] [1] : tensor<8xf32> to tensor<1xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %s into %o[%i] [1] [1] : tensor<1xf32> into tensor<8xf32>
    }
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return %r : tensor<8xf32>
}

// -----

// Memory of blocks is allocated for all of them: each has a part, for all of its programs.
module attributes {dsa.target = #nvvm.target<O = 3, chip = "sm_90a", features = "+ptx80">} {
  // CHECK-LABEL: func @workspace(
  func.func @workspace(%n: index) {
    // CHECK:      %[[ALL:.*]] = memref.alloc(%[[BLOCKS:.*]]) : memref<?x8x4x2x320xi32>
    // CHECK-NEXT: gpu.launch blocks(%[[BLOCK:[^,]*]], %{{[^,]*}}, %{{[^,]*}}) in (%{{[^ ]*}} = %[[BLOCKS]],
    // CHECK:        scf.for
    // CHECK:          %[[OWN:.*]] = memref.subview %[[ALL]][%[[BLOCK]], 0, 0, 0, 0] [1, 8, 4, 2, 320] [1, 1, 1, 1, 1] : memref<?x8x4x2x320xi32> to memref<8x4x2x320xi32, strided<[2560, 640, 320, 1], offset: ?>>
    // CHECK:          memref.load %[[OWN]]
    // CHECK-NOT:  dsa_tile.workspace
    scf.forall (%i) in (%n) {
      %lists = dsa_tile.workspace : memref<8x4x2x320xi32>
      %c0 = arith.constant 0 : index
      %x = memref.load %lists[%c0, %c0, %c0, %c0] : memref<8x4x2x320xi32>
    } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 132>,
       mapping = [#gpu.block<x>]}
    return
  }
}
