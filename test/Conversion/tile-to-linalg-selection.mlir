// RUN: dsa-opt %s -dsa-tile-to-linalg | FileCheck %s

// Counts are checked to exist where a mask asks for them.
// CHECK-LABEL: func @histogram(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<512xi32>, %[[M:[a-z0-9]*]]: tensor<512xi1>
func.func @histogram(%x: tensor<512xi32>, %m: tensor<512xi1>) {
  // CHECK: %[[COUNTS:.*]] = memref.alloc() : memref<256xi32>
  // CHECK: scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step
  // CHECK: %[[CHOSEN:.*]] = tensor.extract %[[M]][%[[I]]]
  // CHECK: scf.if %[[CHOSEN]] {
  // CHECK: %[[BIN:.*]] = arith.index_castui %{{.*}} : i32 to index
  // CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %[[BIN]]
  // CHECK: cf.assert %[[INSIDE]], "an element of a tile belongs outside of the memory"
  // CHECK: %[[OLD:.*]] = memref.load %[[COUNTS]][%[[BIN]]]
  // CHECK: %[[NEW:.*]] = arith.addi %[[OLD]], %{{.*}} : i32
  // CHECK: memref.store %[[NEW]], %[[COUNTS]][%[[BIN]]]
  %counts = dsa_tile.scratch : memref<256xi32>
  dsa_tile.histogram %x mask(%m : tensor<512xi1>) in %counts : tensor<512xi32>, memref<256xi32>
  return
}

// CHECK-LABEL: func @search(
// CHECK-SAME: %[[RANK:[a-z0-9]*]]: i32
func.func @search(%counts: memref<256xi32>, %rank: i32) -> (i32, i32, i32) {
  // CHECK: %[[LOOP:.*]]:4 = scf.for %[[I:.*]] = {{.*}} iter_args(%[[SUM:.*]] = %{{.*}}, %[[P:.*]] = %{{.*}}, %[[B:.*]] = %{{.*}}, %[[C:.*]] = %{{.*}})
  // CHECK: %[[ON:.*]] = arith.cmpi slt, %[[SUM]], %[[RANK]]
  // CHECK: %[[COUNT:.*]] = memref.load
  // CHECK-DAG: arith.addi %[[SUM]], %[[COUNT]]
  // CHECK-DAG: arith.select %[[ON]], %{{.*}}, %[[P]]
  // CHECK-DAG: arith.select %[[ON]], %[[SUM]], %[[B]]
  // CHECK-DAG: arith.select %[[ON]], %[[COUNT]], %[[C]]
  // CHECK: return %[[LOOP]]#1, %[[LOOP]]#2, %[[LOOP]]#3
  %p, %b, %c = dsa_tile.search %counts for %rank : memref<256xi32>
  return %p, %b, %c : i32, i32, i32
}

// CHECK-LABEL: func @scan(
func.func @scan(%m: tensor<512xi1>) -> (tensor<512xi32>, i32) {
  // CHECK: %[[LOOP:.*]]:2 = scf.for %[[I:.*]] = {{.*}} iter_args(%[[T:.*]] = %{{.*}}, %[[N:.*]] = %{{.*}})
  // CHECK: %[[ONE:.*]] = arith.extui %{{.*}} : i1 to i32
  // CHECK: tensor.insert %[[N]] into %[[T]][%[[I]]]
  // CHECK: arith.addi %[[N]], %[[ONE]]
  // CHECK: return %[[LOOP]]#0, %[[LOOP]]#1
  %p, %n = dsa_tile.scan %m : tensor<512xi1> -> tensor<512xi32>
  return %p, %n : tensor<512xi32>, i32
}

// The last index counts on.
// CHECK-LABEL: func @scatter(
// CHECK-SAME: %[[X:[a-z0-9]*]]: tensor<512xf32>, %[[P:[a-z0-9]*]]: tensor<512xi32>, %[[D:[a-z0-9]*]]: memref<?x?xf32>, %[[ROW:[a-z0-9]*]]: index, %[[N:[a-z0-9]*]]: index
func.func @scatter(%x: tensor<512xf32>, %p: tensor<512xi32>, %d: memref<?x?xf32>, %row: index, %n: index) {
  // CHECK: scf.for %[[I:.*]] =
  // CHECK: %[[STEP:.*]] = arith.index_cast %{{.*}} : i32 to index
  // CHECK: %[[PLACE:.*]] = arith.addi %[[N]], %[[STEP]]
  // CHECK: cf.assert
  // CHECK: %[[E:.*]] = tensor.extract %[[X]][%[[I]]]
  // CHECK: memref.store %[[E]], %[[D]][%[[ROW]], %[[PLACE]]]
  dsa_tile.scatter %x at %p to %d[%row, %n] : tensor<512xf32>, tensor<512xi32>, memref<?x?xf32>
  return
}
