// RUN: dsa-opt %s -dsa-rows-to-blocks -split-input-file -verify-diagnostics

// A loop over rows that begins elsewhere or leaves rows out is not taken for one over
// all rows.
func.func @begins_at_two(%a: memref<?xf32>, %t: index) {
  // expected-error @+1 {{'scf.forall' op cannot become a kernel: expected loops from 0 by 1}}
  scf.forall (%i) = (2) to (%t) step (1) {
    %x = memref.load %a[%i] : memref<?xf32>
    memref.store %x, %a[%i] : memref<?xf32>
  }
  return
}

// -----

func.func @by_two(%a: memref<?xf32>, %t: index) {
  // expected-error @+1 {{'scf.forall' op cannot become a kernel: expected loops from 0 by 1}}
  scf.forall (%i) = (0) to (%t) step (2) {
    %x = memref.load %a[%i] : memref<?xf32>
    memref.store %x, %a[%i] : memref<?xf32>
  }
  return
}
