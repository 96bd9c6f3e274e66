// RUN: dsa-opt %s -dsa-rows-to-blocks -split-input-file -verify-diagnostics | FileCheck %s

// Blocks take rows in turn: there are at most 264 of them, and none without rows.
// CHECK: module attributes {dsa.target = #[[TARGET:.*]]} {
module attributes {dsa.target = #nvvm.target<O = 3, chip = "sm_90a", features = "+ptx80">} {
  // CHECK-LABEL: func @rows(
  // CHECK-SAME:    %[[A:[^:]*]]: memref<?xf32>, %[[T:[^:]*]]: index)
  func.func @rows(%a: memref<?xf32>, %t: index) {
    // CHECK:      %[[MOST:.*]] = arith.constant 264 : index
    // CHECK-NEXT: %[[BLOCKS:.*]] = arith.minui %[[T]], %[[MOST]]
    // CHECK:      %[[ONE:.*]] = arith.constant 1 : index
    // CHECK:      %[[THREADS:.*]] = arith.constant 256 : index
    // CHECK:      gpu.launch
    // CHECK-SAME:   blocks(%[[BLOCK:[^,]*]], %{{[^,]*}}, %{{[^,]*}}) in (%[[GRID:[^ ]*]] = %[[BLOCKS]], %{{[^ ]*}} = %[[ONE]], %{{[^ ]*}} = %[[ONE]])
    // CHECK-SAME:   threads(%{{.*}}) in (%{{[^ ]*}} = %[[THREADS]], %{{[^ ]*}} = %[[ONE]], %{{[^ ]*}} = %[[ONE]])
    // CHECK-SAME:   module(@kernels) function(@rows_0) {
    // CHECK-NEXT:   scf.for %[[I:.*]] = %[[BLOCK]] to %[[T]] step %[[GRID]] {
    // CHECK-NEXT:     memref.load %[[A]][%[[I]]]
    scf.forall (%i) in (%t) {
      %x = memref.load %a[%i] : memref<?xf32>
      memref.store %x, %a[%i] : memref<?xf32>
    }
    // CHECK:      gpu.terminator
    // CHECK-NEXT: }
    // CHECK-NEXT: return
    return
  }

  // Several dimensions are counted as one. Loops inside are left to others.
  // CHECK-LABEL: func @lists(
  // CHECK-SAME:    %[[A:[^:]*]]: memref<?x3xf32>, %[[T:[^:]*]]: index)
  func.func @lists(%a: memref<?x3xf32>, %t: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    // CHECK:      %[[THREE:.*]] = arith.constant 3 : index
    // CHECK:      %[[COUNT:.*]] = arith.muli %[[T]], %[[THREE]]
    // CHECK:      arith.minui %[[COUNT]], %c264
    // CHECK:      gpu.launch {{.*}} module(@kernels) function(@lists_0) {
    // CHECK-NEXT:   scf.for %[[N:.*]] = %{{.*}} to %[[COUNT]] step
    // CHECK-NEXT:     %[[IJ:.*]]:2 = affine.delinearize_index %[[N]] into (%[[T]], 3)
    // CHECK-NEXT:     memref.load %[[A]][%[[IJ]]#0, %[[IJ]]#1]
    // CHECK-NEXT:     scf.parallel
    scf.forall (%i, %j) in (%t, 3) {
      %x = memref.load %a[%i, %j] : memref<?x3xf32>
      scf.parallel (%k) = (%c0) to (%t) step (%c1) {
        memref.store %x, %a[%k, %j] : memref<?x3xf32>
      }
    }
    return
  }

  // A parallel loop outside of rows has an iteration for each thread. Kernels are
  // numbered in each function.
  // CHECK-LABEL: func @elements(
  // CHECK-SAME:    %[[A:[^:]*]]: memref<?x8xf32>, %[[T:[^:]*]]: index)
  func.func @elements(%a: memref<?x8xf32>, %t: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    // CHECK: gpu.launch {{.*}} function(@elements_0)
    scf.forall (%i) in (%t) {
      %x = memref.load %a[%i, %c0] : memref<?x8xf32>
      memref.store %x, %a[%i, %c1] : memref<?x8xf32>
    }
    // CHECK:      %[[COUNT:.*]] = arith.muli %[[T]], %c8
    // CHECK:      %[[NEEDED:.*]] = arith.ceildivui %[[COUNT]], %c256
    // CHECK:      %[[BLOCKS:.*]] = arith.minui %[[NEEDED]], %c264
    // CHECK:      gpu.launch
    // CHECK-SAME:   blocks(%[[BLOCK:[^,]*]], %{{[^,]*}}, %{{[^,]*}}) in (%[[GRID:[^ ]*]] = %[[BLOCKS]],
    // CHECK-SAME:   threads(%[[THREAD:[^,]*]], %{{[^,]*}}, %{{[^,]*}}) in (%[[THREADS:[^ ]*]] = %c256{{.*}},
    // CHECK-SAME:   function(@elements_1) {
    // CHECK-DAG:    %[[BEFORE:.*]] = arith.muli %[[BLOCK]], %[[THREADS]]
    // CHECK-DAG:    %[[FIRST:.*]] = arith.addi %[[BEFORE]], %[[THREAD]]
    // CHECK-DAG:    %[[STEP:.*]] = arith.muli %[[GRID]], %[[THREADS]]
    // CHECK:        scf.for %[[N:.*]] = %[[FIRST]] to %[[COUNT]] step %[[STEP]] {
    // CHECK-NEXT:     %[[IJ:.*]]:2 = affine.delinearize_index %[[N]] into (%[[T]], 8)
    scf.parallel (%i, %j) = (%c0, %c0) to (%t, %c8) step (%c1, %c1) {
      %x = memref.load %a[%i, %j] : memref<?x8xf32>
      memref.store %x, %a[%i, %j] : memref<?x8xf32>
    }
    return
  }

  // All kernels go to one module, which has the target.
  // CHECK:     gpu.module @kernels [#[[TARGET]]] attributes {dsa.kernels} {
  // CHECK-NOT: gpu.module
}

// -----

// Nothing to launch: a module without kernels.
// CHECK-LABEL: func @sequential(
// CHECK-NOT:     gpu.launch
// CHECK:         return
// CHECK:       gpu.module @kernels attributes {dsa.kernels} {
// CHECK-NEXT:  }
func.func @sequential(%a: memref<?xf32>, %t: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %t step %c1 {
    %x = memref.load %a[%i] : memref<?xf32>
    memref.store %x, %a[%i] : memref<?xf32>
  }
  return
}

// -----

// A loop that is known to have no iterations is no kernel.
// CHECK-LABEL: func @nothing(
// CHECK-NOT:     gpu.launch
func.func @nothing(%a: memref<0x4xf32>, %t: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.forall (%i, %j) in (0, %t) {
    %x = memref.load %a[%i, %j] : memref<0x4xf32>
    memref.store %x, %a[%i, %j] : memref<0x4xf32>
  }
  scf.parallel (%i, %j) = (%c0, %c0) to (%c0, %t) step (%c1, %c1) {
    %x = memref.load %a[%i, %j] : memref<0x4xf32>
    memref.store %x, %a[%i, %j] : memref<0x4xf32>
  }
  return
}

// -----

func.func @begins_at_one(%a: memref<?xf32>, %t: index) {
  %c1 = arith.constant 1 : index
  // expected-error @+1 {{'scf.parallel' op cannot become a kernel: expected loops from 0 by 1 without reductions}}
  scf.parallel (%i) = (%c1) to (%t) step (%c1) {
    %x = memref.load %a[%i] : memref<?xf32>
    memref.store %x, %a[%i] : memref<?xf32>
  }
  return
}

// -----

func.func @by_two(%a: memref<?xf32>, %t: index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  // expected-error @+1 {{'scf.parallel' op cannot become a kernel: expected loops from 0 by 1 without reductions}}
  scf.parallel (%i) = (%c0) to (%t) step (%c2) {
    %x = memref.load %a[%i] : memref<?xf32>
    memref.store %x, %a[%i] : memref<?xf32>
  }
  return
}

// -----

func.func @sums(%a: memref<?xi32>, %t: index) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i32
  // expected-error @+1 {{'scf.parallel' op cannot become a kernel: expected loops from 0 by 1 without reductions}}
  %sum = scf.parallel (%i) = (%c0) to (%t) step (%c1) init (%zero) -> i32 {
    %x = memref.load %a[%i] : memref<?xi32>
    scf.reduce(%x : i32) {
    ^bb0(%l: i32, %r: i32):
      %s = arith.addi %l, %r : i32
      scf.reduce.return %s : i32
    }
  }
  return %sum : i32
}
