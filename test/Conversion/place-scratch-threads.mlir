// RUN: dsa-opt %s -dsa-place-scratch -verify-diagnostics

// Memory of the block is not memory of each of its threads.
func.func @threads(%a: memref<?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c256 = arith.constant 256 : index
  gpu.launch blocks(%bx, %by, %bz) in (%gx = %n, %gy = %c1, %gz = %c1)
      threads(%tx, %ty, %tz) in (%lx = %c256, %ly = %c1, %lz = %c1) {
    scf.for %i = %tx to %n step %lx {
      // expected-error @+1 {{'memref.alloc' op cannot be given memory}}
      %scratch = memref.alloc() : memref<8xf32>
      %x = memref.load %a[%i] : memref<?xf32>
      memref.store %x, %scratch[%c0] : memref<8xf32>
      %y = memref.load %scratch[%c0] : memref<8xf32>
      memref.store %y, %a[%i] : memref<?xf32>
    }
    gpu.terminator
  }
  return
}
