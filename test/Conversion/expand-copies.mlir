// RUN: dsa-opt %s -dsa-expand-copies | FileCheck %s

// CHECK-LABEL: func @copy(
// CHECK-SAME:    %[[A:[^:]*]]: memref<?x8xbf16>, %[[B:[^:]*]]: memref<?x8xbf16, strided<[16, 1]>>)
func.func @copy(%a: memref<?x8xbf16>, %b: memref<?x8xbf16, strided<[16, 1]>>) {
  // CHECK-NEXT: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]
  // CHECK-SAME:   ins(%[[A]] : {{.*}}) outs(%[[B]] :
  // CHECK-NEXT: ^bb0(%[[X:.*]]: bf16, %{{.*}}: bf16):
  // CHECK-NEXT:   linalg.yield %[[X]]
  // CHECK-NEXT: }
  // CHECK-NEXT: return
  memref.copy %a, %b : memref<?x8xbf16> to memref<?x8xbf16, strided<[16, 1]>>
  return
}

// CHECK-LABEL: func @scalar(
func.func @scalar(%a: memref<i32>, %b: memref<i32>) {
  // CHECK-NOT: memref.copy
  // CHECK: linalg.generic {{.*}} iterator_types = []
  memref.copy %a, %b : memref<i32> to memref<i32>
  return
}
