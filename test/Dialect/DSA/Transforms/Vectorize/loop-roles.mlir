// Which loop runs along vectors, which is jammed, which stays a loop; and which
// operations have no vector form.

// RUN: dsa-opt %s -dsa-vectorize -canonicalize -cse -split-input-file | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#swap = affine_map<(d0, d1) -> (d1, d0)>
#row = affine_map<(d0, d1) -> (d0)>
#column = affine_map<(d0, d1) -> (d1)>
#scalar = affine_map<(d0, d1) -> ()>
#one_row = affine_map<(d0) -> (d0)>

//===----------------------------------------------------------------------===//
// The loop along vectors
//===----------------------------------------------------------------------===//

// The last dimension of the destination.
// CHECK-LABEL: func @lanes_of_destination(
// CHECK:         scf.for %[[ROW:.*]] = %c0 to %c5 step %c1
// CHECK:           %[[X:.*]] = memref.load %{{.*}}[%[[ROW]]] : memref<5xf32>
// CHECK:           vector.broadcast %[[X]] : f32 to vector<8xf32>
// CHECK:           vector.store %{{.*}}, %{{.*}}[%[[ROW]], %c0] : memref<5x8xf32>, vector<8xf32>
func.func @lanes_of_destination(%a: memref<5xf32>, %c: memref<5x8xf32>) {
  linalg.generic {indexing_maps = [#row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<5xf32>) outs(%c : memref<5x8xf32>) {
  ^bb0(%x: f32, %out: f32):
    %y = arith.addf %x, %out : f32
    linalg.yield %y : f32
  }
  return
}

// Of an operand of higher rank, if there is one: lanes are then summed.
// CHECK-LABEL: func @lanes_of_operand(
// CHECK:         vector.load %{{.*}}[%{{.*}}, %c0] : memref<5x8xf32>, vector<8xf32>
// CHECK:         vector.reduction <add>
func.func @lanes_of_operand(%a: memref<5x8xf32>, %c: memref<5xf32>) {
  linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : memref<5x8xf32>) outs(%c : memref<5xf32>) {
  ^bb0(%x: f32, %out: f32):
    %y = arith.addf %out, %x : f32
    linalg.yield %y : f32
  }
  return
}

// A sum down the columns needs no sum of lanes: the reduction carries vectors.
// CHECK-LABEL: func @reduce_rows(
// CHECK:         scf.for %[[ROW:.*]] = %c0 to %c5 step %c1 iter_args(%[[SUM:.*]] = %{{.*}}) -> (vector<8xf32>)
// CHECK-NEXT:      %[[X:.*]] = vector.load %{{.*}}[%[[ROW]], %c0] : memref<5x8xf32>, vector<8xf32>
// CHECK-NEXT:      arith.maximumf %[[SUM]], %[[X]] : vector<8xf32>
// CHECK-NOT:     vector.reduction
// CHECK:         return
func.func @reduce_rows(%a: memref<5x8xf32>, %c: memref<8xf32>) {
  linalg.generic {indexing_maps = [#swap, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : memref<5x8xf32>) outs(%c : memref<8xf32>) {
  ^bb0(%x: f32, %out: f32):
    %y = arith.maximumf %out, %x : f32
    linalg.yield %y : f32
  }
  return
}

// Rows of a wider matrix are contiguous.
// CHECK-LABEL: func @strided_rows(
// CHECK:         vector.load %{{.*}} : memref<5x8xf32, strided<[?, 1], offset: ?>>, vector<8xf32>
func.func @strided_rows(%c: memref<5x8xf32, strided<[?, 1], offset: ?>>) {
  linalg.exp ins(%c : memref<5x8xf32, strided<[?, 1], offset: ?>>) outs(%c : memref<5x8xf32, strided<[?, 1], offset: ?>>)
  return
}

//===----------------------------------------------------------------------===//
// No vector form
//===----------------------------------------------------------------------===//

// -----

// CHECK-LABEL: func @dynamic_extent(
// CHECK:         linalg.exp
func.func @dynamic_extent(%c: memref<?x8xf32>) {
  linalg.exp ins(%c : memref<?x8xf32>) outs(%c : memref<?x8xf32>)
  return
}

// CHECK-LABEL: func @empty_extent(
// CHECK-NOT:     vector.
// CHECK:         return
func.func @empty_extent(%c: memref<0x8xf32>) {
  linalg.exp ins(%c : memref<0x8xf32>) outs(%c : memref<0x8xf32>)
  return
}

// CHECK-LABEL: func @no_extent(
// CHECK:         linalg.fill
func.func @no_extent(%x: f32, %c: memref<f32>) {
  linalg.fill ins(%x : f32) outs(%c : memref<f32>)
  return
}

// CHECK-LABEL: func @strided_lanes(
// CHECK:         linalg.exp
func.func @strided_lanes(%c: memref<5x8xf32, strided<[16, 2]>>) {
  linalg.exp ins(%c : memref<5x8xf32, strided<[16, 2]>>) outs(%c : memref<5x8xf32, strided<[16, 2]>>)
  return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#swap = affine_map<(d0, d1) -> (d1, d0)>
#row = affine_map<(d0, d1) -> (d0)>
#one = affine_map<(d0) -> (d0)>
#diagonal = affine_map<(d0) -> (d0, d0)>
#window = affine_map<(d0, d1) -> (d0 + d1)>

// CHECK-LABEL: func @transposed(
// CHECK:         linalg.generic
func.func @transposed(%a: memref<8x5xf32>, %c: memref<5x8xf32>) {
  linalg.generic {indexing_maps = [#swap, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<8x5xf32>) outs(%c : memref<5x8xf32>) {
  ^bb0(%x: f32, %out: f32):
    linalg.yield %x : f32
  }
  return
}

// CHECK-LABEL: func @diagonal(
// CHECK:         linalg.generic
func.func @diagonal(%a: memref<8x8xf32>, %c: memref<8xf32>) {
  linalg.generic {indexing_maps = [#diagonal, #one], iterator_types = ["parallel"]}
      ins(%a : memref<8x8xf32>) outs(%c : memref<8xf32>) {
  ^bb0(%x: f32, %out: f32):
    linalg.yield %x : f32
  }
  return
}

// CHECK-LABEL: func @sliding_window(
// CHECK:         linalg.generic
func.func @sliding_window(%a: memref<10xf32>, %c: memref<8xf32>) {
  %k = memref.alloca() : memref<3xf32>
  linalg.generic {indexing_maps = [#window, affine_map<(d0, d1) -> (d1)>, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a, %k : memref<10xf32>, memref<3xf32>) outs(%c : memref<8xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %z = math.fma %x, %y, %out : f32
    linalg.yield %z : f32
  }
  return
}

// Along lanes there is only a sum.
// CHECK-LABEL: func @largest_of_lanes(
// CHECK:         linalg.generic
func.func @largest_of_lanes(%a: memref<5x8xf32>, %c: memref<5xf32>) {
  linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : memref<5x8xf32>) outs(%c : memref<5xf32>) {
  ^bb0(%x: f32, %out: f32):
    %y = arith.maximumf %out, %x : f32
    linalg.yield %y : f32
  }
  return
}

// The total may only be added to.
// CHECK-LABEL: func @total_used_twice(
// CHECK:         linalg.generic
func.func @total_used_twice(%a: memref<5x8xf32>, %c: memref<5xf32>) {
  linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : memref<5x8xf32>) outs(%c : memref<5xf32>) {
  ^bb0(%x: f32, %out: f32):
    %y = arith.mulf %x, %out : f32
    %z = arith.addf %y, %out : f32
    linalg.yield %z : f32
  }
  return
}

// CHECK-LABEL: func @number_of_iteration(
// CHECK:         linalg.generic
func.func @number_of_iteration(%c: memref<8xindex>) {
  linalg.generic {indexing_maps = [#one], iterator_types = ["parallel"]} outs(%c : memref<8xindex>) {
  ^bb0(%out: index):
    %i = linalg.index 0 : index
    linalg.yield %i : index
  }
  return
}

// CHECK-LABEL: func @two_destinations(
// CHECK:         linalg.generic
func.func @two_destinations(%a: memref<8xf32>, %b: memref<8xf32>) {
  linalg.generic {indexing_maps = [#one, #one], iterator_types = ["parallel"]}
      outs(%a, %b : memref<8xf32>, memref<8xf32>) {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %y, %x : f32, f32
  }
  return
}

// -----

// Element types of which there are no vectors, or whose vectors lie otherwise in
// memory than single elements.
// CHECK-LABEL: func @complex(
// CHECK:         linalg.fill
func.func @complex(%x: complex<f32>, %c: memref<8xcomplex<f32>>) {
  linalg.fill ins(%x : complex<f32>) outs(%c : memref<8xcomplex<f32>>)
  return
}

// -----

// CHECK-LABEL: func @vectors(
// CHECK:         linalg.fill
func.func @vectors(%x: vector<4xf32>, %c: memref<8xvector<4xf32>>) {
  linalg.fill ins(%x : vector<4xf32>) outs(%c : memref<8xvector<4xf32>>)
  return
}

// -----

#one = affine_map<(d0) -> (d0)>

// CHECK-LABEL: func @bits(
// CHECK:         linalg.generic
func.func @bits(%a: memref<8xf32>, %c: memref<8xi1>) {
  linalg.generic {indexing_maps = [#one, #one], iterator_types = ["parallel"]}
      ins(%a : memref<8xf32>) outs(%c : memref<8xi1>) {
  ^bb0(%x: f32, %out: i1):
    %y = arith.cmpf oeq, %x, %x : f32
    linalg.yield %y : i1
  }
  return
}
