// Every way to compute a size on the host that a launch record can say.

// RUN: rm -rf %t && mkdir %t
// RUN: dsa-compile %s --target sm_80 -o %t/x.ptx --launch %t/x.json
// RUN: %check_record %t/x.json --ptx %t/x.ptx --show | FileCheck %s

//      CHECK: function add
//      CHECK: buffer 1 result f32 (add(size(0, 0), size(0, 1)))
func.func @add(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %size = arith.addi %t, %n : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function sub
//      CHECK: buffer 1 result f32 (sub(max(size(0, 0), size(0, 1)), size(0, 1)))
func.func @sub(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %most = arith.maxsi %t, %n : index
  %size = arith.subi %most, %n : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function mul
//      CHECK: buffer 1 result f32 (mul(size(0, 0), 3))
func.func @mul(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c3 = arith.constant 3 : index
  %size = arith.muli %t, %c3 : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function min
//      CHECK: buffer 1 result f32 (min(size(0, 0), size(0, 1)))
func.func @min(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %size = arith.minsi %t, %n : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function floordiv
//      CHECK: buffer 1 result f32 (floordiv(size(0, 1), 7))
func.func @floordiv(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c7 = arith.constant 7 : index
  %size = arith.floordivsi %n, %c7 : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function divui
//      CHECK: buffer 1 result f32 (floordiv(size(0, 1), 7))
func.func @divui(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c7 = arith.constant 7 : index
  %size = arith.divui %n, %c7 : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function ceildiv
//      CHECK: buffer 1 result f32 (ceildiv(size(0, 1), 7))
func.func @ceildiv(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c7 = arith.constant 7 : index
  %size = arith.ceildivsi %n, %c7 : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function mod
//      CHECK: buffer 1 result f32 (mod(size(0, 1), 7))
func.func @mod(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c7 = arith.constant 7 : index
  %size = arith.remui %n, %c7 : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function select
//      CHECK: buffer 1 result f32 (select(le(size(0, 0), 9), size(0, 1), size(0, 0)))
func.func @select(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c9 = arith.constant 9 : index
  %few = arith.cmpi sle, %t, %c9 : index
  %size = arith.select %few, %n, %t : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function both
//      CHECK: buffer 1 result f32 (select(and(gt(size(0, 0), 2), lt(size(0, 1), 9)), size(0, 1), size(0, 0)))
func.func @both(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c2 = arith.constant 2 : index
  %c9 = arith.constant 9 : index
  %low = arith.cmpi sgt, %t, %c2 : index
  %high = arith.cmpi slt, %n, %c9 : index
  %both = arith.andi %low, %high : i1
  %size = arith.select %both, %n, %t : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function either
//      CHECK: buffer 1 result f32 (select(or(eq(size(0, 0), 2), ne(size(0, 1), 2)), size(0, 1), size(0, 0)))
func.func @either(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %c2 = arith.constant 2 : index
  %same = arith.cmpi eq, %t, %c2 : index
  %other = arith.cmpi ne, %n, %c2 : index
  %either = arith.ori %same, %other : i1
  %size = arith.select %either, %n, %t : index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function affine
//      CHECK: buffer 1 result f32 (add(floordiv(add(mul(size(0, 1), 2), size(0, 0)), 3), ceildiv(size(0, 0), 4)))
func.func @affine(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %size = affine.apply affine_map<(d0)[s0] -> ((d0 + s0 * 2) floordiv 3 + d0 ceildiv 4)>(%t)[%n]
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function affine_extremes
//      CHECK: buffer 1 result f32 (max(8, add(min(min(64, size(0, 0)), size(0, 1)), -1)))
func.func @affine_extremes(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %low = affine.min affine_map<(d0)[s0] -> (d0, s0, 64)>(%t)[%n]
  %size = affine.max affine_map<(d0) -> (d0 - 1, 8)>(%low)
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//      CHECK: function casts
//      CHECK: buffer 1 result f32 (size(0, 0))
func.func @casts(%a: tensor<?x?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %t = tensor.dim %a, %c0 : tensor<?x?xf32>
  %n = tensor.dim %a, %c1 : tensor<?x?xf32>
  %narrow = arith.index_cast %t : index to i64
  %size = arith.index_cast %narrow : i64 to index
  %e = tensor.empty(%size) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

// The size of what was computed on the way is that of the destination.
//      CHECK: function computed
//      CHECK: buffer 1 result f32 (add(size(0, 0), 1), 4)
//      CHECK: buffer 2 result i32 (mul(add(size(0, 0), 1), 4))
func.func @computed(%a: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %x = arith.constant 1.0 : f32
  %y = arith.constant 1 : i32
  %t = tensor.dim %a, %c0 : tensor<?x4xf32>
  %more = arith.addi %t, %c1 : index
  %e = tensor.empty(%more) : tensor<?x4xf32>
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  %rows = tensor.dim %f, %c0 : tensor<?x4xf32>
  %size = arith.muli %rows, %c4 : index
  %g = tensor.empty(%size) : tensor<?xi32>
  %h = linalg.fill ins(%y : i32) outs(%g : tensor<?xi32>) -> tensor<?xi32>
  return %f, %h : tensor<?x4xf32>, tensor<?xi32>
}

// CHECK: ok: 15 functions, 16 launches
