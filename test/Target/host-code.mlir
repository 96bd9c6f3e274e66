// Code for this machine: LLVM IR, or an object that other programs can be linked with.

// RUN: rm -rf %t && mkdir %t
// RUN: dsa-compile %s --target cpu -o %t/x.ll
// RUN: opt -passes=verify -disable-output %t/x.ll
// RUN: FileCheck %s --check-prefix=IR < %t/x.ll
// RUN: dsa-compile %s --target cpu -o %t/x.o
// RUN: llvm-readobj --file-headers %t/x.o | FileCheck %s --check-prefix=OBJECT
// RUN: llvm-nm %t/x.o | FileCheck %s --check-prefix=SYMBOLS

// For this machine's vectors, and position-independent.
// IR-DAG: target triple = "{{[a-z0-9_]+}}-{{.*}}linux-gnu"
// IR-DAG: define {{.*}} @merge(
// IR-DAG: define void @_mlir_ciface_merge(
// IR-DAG: <{{[0-9]+}} x float>
// IR-DAG: @__kmpc_fork_call

// OBJECT: Type: Relocatable

// SYMBOLS-DAG: U __kmpc_fork_call
// SYMBOLS-DAG: T _mlir_ciface_merge
// SYMBOLS-DAG: T merge
// SYMBOLS-NOT: memrefCopy
// SYMBOLS-NOT: __nv_

// Compiled twice, the same bytes.
// RUN: dsa-compile %s --target cpu -o %t/again.o
// RUN: cmp %t/x.o %t/again.o

// Compiled for this machine, it does not depend on where it was compiled.
// RUN: cp %s %t/copy.mlir
// RUN: dsa-compile %t/copy.mlir --target cpu -o %t/copy.ll
// RUN: diff %t/x.ll %t/copy.ll

func.func @merge(%outs: tensor<3x?x4x32xf32> {dsa.name = "outs"},
                 %lses: tensor<3x?x4xf32> {dsa.name = "lses"},
                 %out: tensor<?x4x32xf32>, %lse: tensor<?x4xf32>)
    -> (tensor<?x4x32xf32> {dsa.name = "out"}, tensor<?x4xf32>) {
  %o, %l = dsa.merge ins(%outs, %lses : tensor<3x?x4x32xf32>, tensor<3x?x4xf32>)
      outs(%out, %lse : tensor<?x4x32xf32>, tensor<?x4xf32>)
      -> tensor<?x4x32xf32>, tensor<?x4xf32>
  return %o, %l : tensor<?x4x32xf32>, tensor<?x4xf32>
}
