// What a launch record cannot say, or would say wrongly: one error, and no files.

// RUN: rm -rf %t && split-file %s %t
// RUN: not dsa-compile %t/shift.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=SHIFT --implicit-check-not=error:
// SHIFT: shift.mlir:{{.*}}: error: cannot express this value in a launch record: it is computed by 'arith.shli'
// RUN: not dsa-compile %t/bits.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=BITS --implicit-check-not=error:
// BITS: bits.mlir:{{.*}}: error: cannot express this value in a launch record: it is computed by 'arith.andi'
// RUN: not dsa-compile %t/bits_or.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=BITS_OR --implicit-check-not=error:
// BITS_OR: bits_or.mlir:{{.*}}: error: cannot express this value in a launch record: it is computed by 'arith.ori'
// RUN: not dsa-compile %t/minus_one.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=MINUS_ONE --implicit-check-not=error:
// MINUS_ONE: minus_one.mlir:{{.*}}: error: cannot express this value in a launch record: it is computed by 'arith.index_cast'
// RUN: not dsa-compile %t/narrow.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=NARROW --implicit-check-not=error:
// NARROW: narrow.mlir:{{.*}}: error: cannot express this value in a launch record: it is computed by
// RUN: not ls %t/x.ptx
// RUN: not ls %t/x.json

//--- shift.mlir
func.func @f(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %size = arith.shli %t, %c1 : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//--- bits.mlir
func.func @f(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c12 = arith.constant 12 : index
  %size = arith.andi %t, %c12 : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//--- bits_or.mlir
func.func @f(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c12 = arith.constant 12 : index
  %size = arith.ori %t, %c12 : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//--- minus_one.mlir
func.func @f(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c12 = arith.constant 12 : index
  %few = arith.cmpi slt, %t, %c12 : index
  %bit = arith.extsi %few : i1 to i64
  %minus = arith.index_cast %bit : i64 to index
  %size = arith.addi %t, %minus : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//--- narrow.mlir
func.func @f(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %byte = arith.index_cast %t : index to i8
  %c4 = arith.constant 4 : i8
  %sum = arith.addi %byte, %c4 : i8
  %size = arith.index_castui %sum : i8 to index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}
