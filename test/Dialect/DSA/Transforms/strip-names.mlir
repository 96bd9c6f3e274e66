// RUN: dsa-opt %s -dsa-strip-names | FileCheck %s

// CHECK-LABEL: func @names(
// CHECK-SAME:    %{{[^:]*}}: tensor<4xf32>, %{{[^:]*}}: tensor<4xf32> {test.kept}) -> (tensor<4xf32>, tensor<4xf32>)
func.func @names(%q: tensor<4xf32> {dsa.name = "q"}, %k: tensor<4xf32> {dsa.name = "k", test.kept})
    -> (tensor<4xf32> {dsa.name = "out"}, tensor<4xf32>) {
  return %q, %k : tensor<4xf32>, tensor<4xf32>
}

// CHECK: func private @declaration(tensor<4xf32>) -> tensor<4xf32>
func.func private @declaration(tensor<4xf32> {dsa.name = "q"}) -> (tensor<4xf32> {dsa.name = "out"})

// CHECK: llvm.func @other_function(!llvm.ptr)
llvm.func @other_function(!llvm.ptr {dsa.name = "q"})
