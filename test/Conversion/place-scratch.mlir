// RUN: dsa-opt %s -dsa-place-scratch -split-input-file -verify-diagnostics | FileCheck %s

// What is small and static is shared memory of the block, under the type that its
// users know.
// CHECK-LABEL: func @small(
func.func @small(%a: memref<?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  // CHECK-NOT:  memref.alloc
  // CHECK:      gpu.launch {{.*}} workgroup(
  // CHECK-SAME:   %[[S:[^ ]*]] : memref<4x8xf32, #gpu.address_space<workgroup>>
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    // CHECK-NEXT: %[[M:.*]] = memref.memory_space_cast %[[S]] : memref<4x8xf32, #gpu.address_space<workgroup>> to memref<4x8xf32>
    // CHECK-NEXT: %[[X:.*]] = memref.load
    // CHECK-NEXT: memref.store %[[X]], %[[M]][%c0, %c1]
    %scratch = memref.alloc() {alignment = 64 : i64} : memref<4x8xf32>
    %x = memref.load %a[%bx] : memref<?xf32>
    memref.store %x, %scratch[%c0, %c1] : memref<4x8xf32>
    gpu.terminator
  }
  return
}

// -----

// What is not becomes part of a workspace that has room for every block of the grid.
// CHECK-LABEL: func @dynamic(
// CHECK-SAME:    %{{[^:]*}}: memref<?xf32>, %[[N:[^:]*]]: index, %[[GRID:[^:]*]]: index)
func.func @dynamic(%a: memref<?xf32>, %n: index, %grid: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  // CHECK:      %[[WORKSPACE:.*]] = memref.alloc(%[[GRID]], %[[N]]) : memref<?x?x4xi32>
  // CHECK-NEXT: gpu.launch blocks(%[[BLOCK:[^,]*]], {{.*}} {
  // CHECK-NOT:    workgroup
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %grid, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    // CHECK-NEXT: %[[PART:.*]] = memref.subview %[[WORKSPACE]][%[[BLOCK]], 0, 0] [1, %[[N]], 4] [1, 1, 1]
    // CHECK-SAME:   : memref<?x?x4xi32> to memref<?x4xi32, strided<[4, 1], offset: ?>>
    // CHECK-NEXT: memref.load %[[PART]][%c1, %c0]
    %scratch = memref.alloc(%n) : memref<?x4xi32>
    %x = memref.load %scratch[%c1, %c0] : memref<?x4xi32>
    %y = arith.sitofp %x : i32 to f32
    memref.store %y, %a[%bx] : memref<?xf32>
    gpu.terminator
  }
  return
}

// -----

// The smallest go first: 16 and 24 KiB fit, 32 KiB do not. Room is counted for each
// launch of its own.
// CHECK-LABEL: func @room(
// CHECK-SAME:    %{{[^:]*}}: memref<?xf32>, %[[GRID:[^:]*]]: index)
func.func @room(%a: memref<?xf32>, %grid: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  // CHECK:      %[[WORKSPACE:.*]] = memref.alloc(%[[GRID]]) : memref<?x8192xf32>
  // CHECK-NEXT: gpu.launch blocks(%[[BLOCK:[^,]*]],
  // CHECK-SAME:   workgroup(%{{[^ ]*}} : memref<8192xbf16, #gpu.address_space<workgroup>>,
  // CHECK-SAME:             %{{[^ ]*}} : memref<24576xi8, #gpu.address_space<workgroup>>)
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %grid, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    // CHECK: memref.subview %[[WORKSPACE]][%[[BLOCK]], 0] [1, 8192] [1, 1]
    %large = memref.alloc() : memref<8192xf32>
    %small = memref.alloc() : memref<8192xbf16>
    %medium = memref.alloc() : memref<24576xi8>
    %x = memref.load %large[%c0] : memref<8192xf32>
    %y = memref.load %small[%c0] : memref<8192xbf16>
    %z = memref.load %medium[%c0] : memref<24576xi8>
    memref.store %x, %a[%bx] : memref<?xf32>
    gpu.terminator
  }
  // CHECK: gpu.launch {{.*}} workgroup(%{{[^ ]*}} : memref<8192xf32, #gpu.address_space<workgroup>>)
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %grid, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    %large = memref.alloc() : memref<8192xf32>
    %x = memref.load %large[%c0] : memref<8192xf32>
    memref.store %x, %a[%bx] : memref<?xf32>
    gpu.terminator
  }
  return
}

// -----

// A size that is computed inside, of what is known outside, is computed outside too.
// CHECK-LABEL: func @computed(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?xf32>, %[[GRID:[^:]*]]: index)
func.func @computed(%a: memref<?xf32>, %grid: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  // CHECK:      %[[N:.*]] = memref.dim %[[A]], %{{.*}}
  // CHECK:      %[[SIZE:.*]] = arith.addi %[[N]], %{{.*}}
  // CHECK:      memref.alloc(%[[GRID]], %[[SIZE]]) : memref<?x?xf32>
  // CHECK:      gpu.launch
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %grid, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    %n = memref.dim %a, %c0 : memref<?xf32>
    %size = arith.addi %n, %c1 : index
    %scratch = memref.alloc(%size) : memref<?xf32>
    %x = memref.load %scratch[%c0] : memref<?xf32>
    memref.store %x, %a[%bx] : memref<?xf32>
    gpu.terminator
  }
  return
}

// -----

// Allocations on the host are none of its business.
// CHECK-LABEL: func @host(
func.func @host(%n: index) -> memref<?xf32> {
  // CHECK: memref.alloc(%{{.*}}) : memref<?xf32>
  %a = memref.alloc(%n) : memref<?xf32>
  return %a : memref<?xf32>
}

// -----

func.func @unknown(%a: memref<?xindex>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    %size = memref.load %a[%bx] : memref<?xindex>
    // expected-error @+1 {{'memref.alloc' op cannot be given memory: its size is not known before the launch}}
    %scratch = memref.alloc(%size) : memref<?xindex>
    %x = memref.load %scratch[%c0] : memref<?xindex>
    memref.store %x, %a[%bx] : memref<?xindex>
    gpu.terminator
  }
  return
}
