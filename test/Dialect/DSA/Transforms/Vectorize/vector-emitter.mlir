// The loops and vectors of each form. Registers hold eight f32.

// RUN: dsa-opt %s -dsa-vectorize -canonicalize -cse -split-input-file | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#column = affine_map<(d0, d1) -> (d1)>
#scalar = affine_map<(d0, d1) -> ()>

// Lanes in pairs of registers; what remains of 37 in narrower vectors. What does not
// depend on lanes is loaded once and broadcast.
// CHECK-LABEL: func @elementwise(
// CHECK-SAME:    %[[A:[^:]*]]: memref<3x37xf16>, %[[B:[^:]*]]: memref<3xf32>, %[[C:[^:]*]]: memref<37xf32>, %[[S:[^:]*]]: f32, %[[OUT:[^:]*]]: memref<3x37xf32>)
// CHECK:         scf.for %[[I:.*]] = %c0 to %c3 step %c1 {
// CHECK:           scf.for %[[J:.*]] = %c0 to %c32 step %c16 {
// CHECK-DAG:         %[[A0:.*]] = vector.load %[[A]][%[[I]], %[[J]]] : memref<3x37xf16>, vector<8xf16>
// CHECK-DAG:         %[[B0:.*]] = memref.load %[[B]][%[[I]]]
// CHECK-DAG:         %[[B1:.*]] = vector.broadcast %[[B0]] : f32 to vector<8xf32>
// CHECK-DAG:         %[[C0:.*]] = vector.load %[[C]][%[[J]]] : memref<37xf32>, vector<8xf32>
// CHECK-DAG:         %[[S0:.*]] = vector.broadcast %[[S]] : f32 to vector<8xf32>
// CHECK:             %[[A32:.*]] = arith.extf %[[A0]] : vector<8xf16> to vector<8xf32>
// CHECK:             %[[PRODUCT:.*]] = arith.mulf %[[A32]], %[[B1]] : vector<8xf32>
// CHECK:             %[[SUM:.*]] = arith.addf %[[PRODUCT]], %[[C0]] : vector<8xf32>
// CHECK:             %[[SCALED:.*]] = arith.mulf %[[SUM]], %[[S0]] : vector<8xf32>
// CHECK:             %[[FIRST:.*]] = arith.mulf %[[SCALED]], %{{.*}} : vector<8xf32>
// CHECK:             %[[J8:.*]] = arith.addi %[[J]], %c8
// CHECK:             vector.load %[[A]][%[[I]], %[[J8]]]
// CHECK:             vector.store %[[FIRST]], %[[OUT]][%[[I]], %[[J]]] : memref<3x37xf32>, vector<8xf32>
// CHECK:             vector.store %{{.*}}, %[[OUT]][%[[I]], %[[J8]]] : memref<3x37xf32>, vector<8xf32>
// CHECK:           }
// CHECK:           vector.store %{{.*}}, %[[OUT]][%[[I]], %c32] : memref<3x37xf32>, vector<4xf32>
// CHECK:           vector.store %{{.*}}, %[[OUT]][%[[I]], %c36] : memref<3x37xf32>, vector<1xf32>
// CHECK:         }
func.func @elementwise(%a: memref<3x37xf16>, %b: memref<3xf32>, %c: memref<37xf32>, %s: f32, %out: memref<3x37xf32>) {
  linalg.generic {indexing_maps = [#id, #row, #column, #scalar, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a, %b, %c, %s : memref<3x37xf16>, memref<3xf32>, memref<37xf32>, f32) outs(%out : memref<3x37xf32>) {
  ^bb0(%x: f16, %y: f32, %z: f32, %w: f32, %o: f32):
    %half = arith.constant 0.5 : f32
    %0 = arith.extf %x : f16 to f32
    %1 = arith.mulf %0, %y : f32
    %2 = arith.addf %1, %z : f32
    %3 = arith.mulf %2, %w : f32
    %4 = arith.mulf %3, %half : f32
    linalg.yield %4 : f32
  }
  return
}

// -----

// CHECK-LABEL: func @fill(
// CHECK-SAME:    %[[X:[^:]*]]: f32, %[[C:[^:]*]]: memref<37xf32>)
// CHECK:         scf.for %[[J:.*]] = %c0 to %c32 step %c16 {
// CHECK:           %[[V:.*]] = vector.broadcast %[[X]] : f32 to vector<8xf32>
// CHECK:           vector.store %[[V]], %[[C]][%[[J]]]
// CHECK:           %[[J8:.*]] = arith.addi %[[J]], %c8
// CHECK:           vector.store %[[V]], %[[C]][%[[J8]]]
// CHECK:         }
// CHECK:         vector.store %{{.*}}, %[[C]][%c32] : memref<37xf32>, vector<4xf32>
// CHECK:         vector.store %{{.*}}, %[[C]][%c36] : memref<37xf32>, vector<1xf32>
func.func @fill(%x: f32, %c: memref<37xf32>) {
  linalg.fill ins(%x : f32) outs(%c : memref<37xf32>)
  return
}

// -----

#one = affine_map<(d0) -> (d0)>

// Values from around the operation are broadcast.
// CHECK-LABEL: func @captured(
// CHECK-SAME:    %[[X:[^:]*]]: f32, %[[CONDITION:[^:]*]]: i1, %[[C:[^:]*]]: memref<8xf32>)
// CHECK-DAG:     %[[X8:.*]] = vector.broadcast %[[X]] : f32 to vector<8xf32>
// CHECK-DAG:     %[[CONDITION8:.*]] = vector.broadcast %[[CONDITION]] : i1 to vector<8xi1>
// CHECK-DAG:     %[[OLD:.*]] = vector.load %[[C]]
// CHECK:         %[[NEW:.*]] = arith.select %[[CONDITION8]], %[[X8]], %[[OLD]] : vector<8xi1>, vector<8xf32>
// CHECK:         vector.store %[[NEW]], %[[C]]
func.func @captured(%x: f32, %condition: i1, %c: memref<8xf32>) {
  linalg.generic {indexing_maps = [#one], iterator_types = ["parallel"]} outs(%c : memref<8xf32>) {
  ^bb0(%out: f32):
    %y = arith.select %condition, %x, %out : f32
    linalg.yield %y : f32
  }
  return
}

// -----

#a = affine_map<(d0, d1, d2) -> (d0, d2)>
#b = affine_map<(d0, d1, d2) -> (d2, d1)>
#c = affine_map<(d0, d1, d2) -> (d0, d1)>

// A contraction: six rows of two vectors are accumulators of the reduction. Of eight
// rows two remain, of 20 columns four.
// CHECK-LABEL: func @contraction(
// CHECK-SAME:    %[[A:[^:]*]]: memref<8x5xf32>, %[[B:[^:]*]]: memref<5x20xf32>, %[[C:[^:]*]]: memref<8x20xf32>)
// CHECK:         %[[INIT:.*]] = vector.load %[[C]][%c0, %c0] : memref<8x20xf32>, vector<8xf32>
// CHECK-COUNT-11: vector.load %[[C]]
// CHECK:         %[[R:.*]]:12 = scf.for %[[K:.*]] = %c0 to %c5 step %c1 iter_args(%[[ACC:.*]] = %[[INIT]],
// CHECK:           %[[X:.*]] = memref.load %[[A]][%c0, %[[K]]]
// CHECK:           %[[X8:.*]] = vector.broadcast %[[X]] : f32 to vector<8xf32>
// CHECK:           %[[Y:.*]] = vector.load %[[B]][%[[K]], %c0] : memref<5x20xf32>, vector<8xf32>
// CHECK:           math.fma %[[X8]], %[[Y]], %[[ACC]] : vector<8xf32>
// A vector of B serves all six rows.
// CHECK-COUNT-1:   vector.load %[[B]]
// CHECK-NOT:       vector.load %[[B]]
// CHECK:           scf.yield
// CHECK:         }
// CHECK:         vector.store %[[R]]#0, %[[C]][%c0, %c0]
// CHECK:         vector.store %[[R]]#11, %[[C]][%c5, %c8]
// CHECK:         %{{.*}}:6 = scf.for {{.*}} -> (vector<4xf32>,
// CHECK:         %{{.*}}:4 = scf.for {{.*}} -> (vector<8xf32>,
// CHECK:         %{{.*}}:2 = scf.for {{.*}} -> (vector<4xf32>,
// CHECK-NOT:     scf.for
// CHECK:         return
func.func @contraction(%a: memref<8x5xf32>, %b: memref<5x20xf32>, %c: memref<8x20xf32>) {
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<8x5xf32>, memref<5x20xf32>) outs(%c : memref<8x20xf32>) {
  ^bb0(%x: f32, %y: f32, %out: f32):
    %z = math.fma %x, %y, %out : f32
    linalg.yield %z : f32
  }
  return
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>

// A sum along lanes: vectors of sums, added up in a fixed order at the end.
// CHECK-LABEL: func @sum_of_lanes(
// CHECK-SAME:    %[[A:[^:]*]]: memref<2x37xf32>, %[[C:[^:]*]]: memref<2xf32>)
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<8xf32>
// CHECK:         %[[R:.*]]:4 = scf.for %[[J:.*]] = %c0 to %c32 step %c16 iter_args(%{{.*}} = %[[ZERO]], %{{.*}} = %[[ZERO]], %{{.*}} = %[[ZERO]], %{{.*}} = %[[ZERO]])
// CHECK:           vector.load %[[A]][%c0, %[[J]]] : memref<2x37xf32>, vector<8xf32>
// CHECK:           vector.load %[[A]][%c1, %[[J]]] : memref<2x37xf32>, vector<8xf32>
// CHECK:         %[[V0:.*]] = arith.addf %[[R]]#0, %[[R]]#1 : vector<8xf32>
// CHECK:         %[[OLD:.*]] = memref.load %[[C]][%c0]
// CHECK:         %[[NEW:.*]] = vector.reduction <add>, %[[V0]], %[[OLD]] fastmath<reassoc> : vector<8xf32> into f32
// CHECK:         memref.store %[[NEW]], %[[C]][%c0]
// CHECK:         arith.addf %[[R]]#2, %[[R]]#3 : vector<8xf32>
// CHECK:         memref.store %{{.*}}, %[[C]][%c1]
// CHECK-COUNT-2: vector.reduction <add>, %{{.*}} : vector<4xf32> into f32
// CHECK-NOT:     vector.reduction
// CHECK:         return
func.func @sum_of_lanes(%a: memref<2x37xf32>, %c: memref<2xf32>) {
  linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%a : memref<2x37xf32>) outs(%c : memref<2xf32>) {
  ^bb0(%x: f32, %out: f32):
    %y = arith.addf %x, %out : f32
    linalg.yield %y : f32
  }
  return
}
