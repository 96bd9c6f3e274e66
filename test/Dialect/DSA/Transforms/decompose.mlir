// RUN: dsa-opt %s -dsa-decompose -split-input-file -verify-diagnostics | FileCheck %s

// Every operation becomes loops over tiles.
// CHECK-LABEL: func @all(
// CHECK-NOT:     dsa.
// CHECK:         return
func.func @all(%q: memref<?x4x8xf32>, %k: memref<?x8xf32>, %s: memref<?x?xf32>, %i: memref<?x1x2xi32>,
               %n: memref<?x1xi32>, %o: memref<?x4x8xf32>, %l: memref<?x4xf32>, %os: memref<2x?x4x8xf32>,
               %ls: memref<2x?x4xf32>, %t: memref<?x2x8xf32>, %ts: memref<?x2xf32>) {
  dsa.linear_part ins(%q : memref<?x4x8xf32>) outs(%t, %ts : memref<?x2x8xf32>, memref<?x2xf32>)
  dsa.index_scores<relu> ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>) outs(%s : memref<?x?xf32>)
  dsa.topk ins(%s : memref<?x?xf32>) outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>)
  dsa.select outs(%i, %n : memref<?x1x2xi32>, memref<?x1xi32>) scores {
    dsa.yield %s : memref<?x?xf32>
  }
  dsa.sparse_attention scale = 0.5 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      indices(%i : memref<?x1x2xi32>) outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  dsa.attention scale = 0.5 ins(%q, %k : memref<?x4x8xf32>, memref<?x8xf32>)
      outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  dsa.merge ins(%os, %ls : memref<2x?x4x8xf32>, memref<2x?x4xf32>) outs(%o, %l : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

// Other operations are left alone.
// CHECK-LABEL: func @others(
// CHECK-NEXT:    linalg.exp
// CHECK-NEXT:    return
func.func @others(%s: memref<?x?xf32>) {
  linalg.exp ins(%s : memref<?x?xf32>) outs(%s : memref<?x?xf32>)
  return
}

// -----

// One error, at the first operation that is on tensors.
func.func @tensors(%m: memref<?x?xf32>, %mi: memref<?x1x2xi32>, %mn: memref<?x1xi32>, %s: tensor<?x?xf32>,
                   %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>) -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  dsa.topk ins(%m : memref<?x?xf32>) outs(%mi, %mn : memref<?x1x2xi32>, memref<?x1xi32>)
  // expected-error @below {{'dsa.topk' op expected memrefs, but found tensors: bufferise first}}
  %r:2 = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  %r2:2 = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>) -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r2#0, %r2#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}

// -----

func.func @tensors_in_region(%s: tensor<?x?xf32>, %i: tensor<?x1x2xi32>, %n: tensor<?x1xi32>)
    -> (tensor<?x1x2xi32>, tensor<?x1xi32>) {
  // expected-error @below {{'dsa.select' op expected memrefs, but found tensors: bufferise first}}
  %r:2 = dsa.select outs(%i, %n : tensor<?x1x2xi32>, tensor<?x1xi32>) scores {
    dsa.yield %s : tensor<?x?xf32>
  } -> tensor<?x1x2xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2xi32>, tensor<?x1xi32>
}
