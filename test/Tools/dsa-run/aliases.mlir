// Results that are arguments, constants or one another; destinations that are
// arguments. No argument is changed by a run: each of these checks reads them after.

// RUN: dsa-run %s --entry same --random 1 --check --bench 2 | FileCheck %s --check-prefix=SAME
// SAME:      result0 tensor<2x3xf32> exact ok
// SAME-NEXT: result1 tensor<2x3xf32> exact ok

// RUN: dsa-run %s --entry constant --random 1 --check --bench 2 | FileCheck %s --check-prefix=CONSTANT
// CONSTANT:      result0 tensor<3xi32> exact ok
// CONSTANT-NEXT: result1 tensor<3xi32> exact ok
// CONSTANT-NEXT: result2 tensor<f32> exact ok

// RUN: dsa-run %s --entry filled --random 1 --check --bench 2 | FileCheck %s --check-prefix=FILLED
// FILLED:      result0 tensor<2x3xf32> exact ok
// FILLED-NEXT: result1 tensor<2x3xf32> exact ok

// RUN: dsa-run %s --entry destination --random 1 --check --bench 2 | FileCheck %s --check-prefix=DESTINATION
// DESTINATION:      result0 tensor<2x3xf32> relative {{.*}} ok
// DESTINATION-NEXT: result1 tensor<2x3xf32> exact ok

// A second run finds the arguments as the first did.
// RUN: rm -rf %t && mkdir %t
// RUN: dsa-run %s --entry overwritten --random 1 --output %t/once > %t/table
// RUN: dsa-run %s --entry overwritten --random 1 --output %t/often --check --bench 2 | FileCheck %s --check-prefix=OVERWRITTEN
// RUN: diff -r %t/once %t/often
// OVERWRITTEN: result0 tensor<4x1x1xi32> exact ok
// OVERWRITTEN: result2 tensor<4x9xf32> exact ok

// RUN: dsa-run %s --entry nothing | FileCheck %s --check-prefix=NOTHING
// NOTHING: @nothing cpu

func.func @same(%a: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  return %a, %a : tensor<2x3xf32>, tensor<2x3xf32>
}

func.func @constant() -> (tensor<3xi32>, tensor<3xi32>, tensor<f32>) {
  %c = arith.constant dense<[1, -2, 3]> : tensor<3xi32>
  %s = arith.constant dense<0.5> : tensor<f32>
  return %c, %c, %s : tensor<3xi32>, tensor<3xi32>, tensor<f32>
}

func.func @filled(%a: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %c = arith.constant 7.0 : f32
  %f = linalg.fill ins(%c : f32) outs(%a : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %f, %a : tensor<2x3xf32>, tensor<2x3xf32>
}

func.func @destination(%q: tensor<2x1x2xf32>, %k: tensor<3x2xf32>, %e: tensor<2x3xf32>)
    -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %s = dsa.index_scores<none> ins(%q, %k : tensor<2x1x2xf32>, tensor<3x2xf32>)
      outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %s, %e : tensor<2x3xf32>, tensor<2x3xf32>
}

func.func @overwritten(%a: tensor<4x9xf32>)
    -> (tensor<4x1x1xi32>, tensor<4x1xi32>, tensor<4x9xf32>) {
  %ii = tensor.empty() : tensor<4x1x1xi32>
  %ci = tensor.empty() : tensor<4x1xi32>
  %i, %n = dsa.topk ins(%a : tensor<4x9xf32>)
      outs(%ii, %ci : tensor<4x1x1xi32>, tensor<4x1xi32>)
      -> tensor<4x1x1xi32>, tensor<4x1xi32>
  %c = arith.constant 7.0 : f32
  %f = linalg.fill ins(%c : f32) outs(%a : tensor<4x9xf32>) -> tensor<4x9xf32>
  return %i, %n, %f : tensor<4x1x1xi32>, tensor<4x1xi32>, tensor<4x9xf32>
}

func.func @nothing() {
  return
}
