// Branches on the host become variants of the launch record: which launches run, where sizes
// choose between schedules.

// RUN: rm -rf %t && split-file %s %t
// RUN: dsa-compile %t/two.mlir --target sm_80 -o %t/two.ptx --launch %t/two.json
// RUN: %check_record %t/two.json --ptx %t/two.ptx --show | FileCheck %s --check-prefix=TWO

// Branches on the same condition go the same way: two variants, not four.
//      TWO: variant le(size(0, 0), 63)
// TWO-NEXT: launch f_0 {{.*}}
//      TWO: launch f_2 {{.*}}
//  TWO-NOT: launch
//      TWO: variant 1
// TWO-NEXT: launch f_1 {{.*}}
//      TWO: launch f_3 {{.*}}
//  TWO-NOT: {{launch f_|variant}}
//      TWO: ok: 1 functions, 2 launches

// Other conditions are asked in turn; a variant's conditions are those that hold on its way.
// RUN: dsa-compile %t/three.mlir --target sm_80 -o %t/three.ptx --launch %t/three.json
// RUN: %check_record %t/three.json --ptx %t/three.ptx --show | grep '^variant\|^launch' | FileCheck %s --check-prefix=THREE
//      THREE: variant and(le(size(0, 0), 63), ge(size(0, 1), 4096))
// THREE-NEXT: launch f_0 
// THREE-NEXT: launch f_2 
// THREE-NEXT: variant le(size(0, 0), 63)
// THREE-NEXT: launch f_0 
// THREE-NEXT: launch f_3 
// THREE-NEXT: variant ge(size(0, 1), 4096)
// THREE-NEXT: launch f_1 
// THREE-NEXT: launch f_2 
// THREE-NEXT: variant 1
// THREE-NEXT: launch f_1 
// THREE-NEXT: launch f_3 
//  THREE-NOT: variant

// Kernels on tiles, with what they allocate and their tensor maps.
// RUN: dsa-compile %t/tiles.mlir --target sm_90a -o %t/tiles.ptx --launch %t/tiles.json
// RUN: %check_record %t/tiles.json --ptx %t/tiles.ptx --show | FileCheck %s --check-prefix=TILES
//  TILES-DAG: buffer {{[0-9]+}} workspace f8E4M3FN (select(ge(size(1, 0), 65536), size(0, 0), 0), 4, 128)
//  TILES-DAG: buffer {{[0-9]+}} workspace f8E4M3FN (select(eq(ge(size(1, 0), 65536), 0), size(0, 0), 0), 4, 128)
//      TILES: variant ge(size(1, 0), 65536)
// TILES-NEXT: launch f_{{[0-9]+}}
//      TILES: launch f_tiles_0 {{.*}} (384, 1, 1)
//      TILES: variant 1
// TILES-NEXT: launch f_{{[0-9]+}}
//      TILES: launch f_tiles_1 {{.*}} (256, 1, 1)
//  TILES-NOT: launch f_

// A branch may test anything that an expression can, and be nested.
// RUN: dsa-compile %t/nested.mlir --target sm_80 -o %t/nested.ptx --launch %t/nested.json
// RUN: %check_record %t/nested.json --ptx %t/nested.ptx --show | grep '^variant\|^launch' | FileCheck %s --check-prefix=NESTED
//      NESTED: variant and(lt(size(0, 0), size(1, 0)), eq(size(0, 0), 7))
// NESTED-NEXT: launch f_{{[0-9]}}
// NESTED-NEXT: variant lt(size(0, 0), size(1, 0))
// NESTED-NEXT: variant 1
// NESTED-NEXT: launch f_{{[0-9]}}
//  NESTED-NOT: {{variant|launch}}

// RUN: not dsa-compile %t/many.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=MANY --implicit-check-not=error:
// MANY: error: 'scf.if' op cannot be expressed in a launch record: expected branches that make at most 64 variants, but found 128
// RUN: not dsa-compile %t/data.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=DATA --implicit-check-not=error:
// DATA: error: 'memref.load' op cannot be expressed in a launch record
// RUN: not dsa-compile %t/values.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=VALUES --implicit-check-not=error:
// VALUES: error: {{.*}} launch record
// RUN: not ls %t/x.ptx
// RUN: not ls %t/x.json

//--- two.mlir
#one = #dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 64>
#many = #dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 256>
#by_rows = #dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 63>, #one>], otherwise = #many>
func.func @f(%a: tensor<?x100xf32>, %b: tensor<?x100xf32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>,
             %j: tensor<?x1x4xi32>, %m: tensor<?x1xi32>)
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xi32>, tensor<?x1xi32>) {
  %r:2 = dsa.topk ins(%a : tensor<?x100xf32>) schedule(#by_rows)
      outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  %s:2 = dsa.topk ins(%a : tensor<?x100xf32>) schedule(#by_rows)
      outs(%j, %m : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %r#0, %r#1, %s#0, %s#1 : tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xi32>, tensor<?x1xi32>
}

//--- three.mlir
#one = #dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 64>
#many = #dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 256>
#by_rows = #dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 63>, #one>], otherwise = #many>
#by_keys = #dsa.variants<[#dsa.variant<#dsa.sizes<least_keys = 4096>, #one>], otherwise = #many>
func.func @f(%a: tensor<?x?xf32>, %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>,
             %j: tensor<?x1x4xi32>, %m: tensor<?x1xi32>)
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xi32>, tensor<?x1xi32>) {
  %r:2 = dsa.topk ins(%a : tensor<?x?xf32>) schedule(#by_rows)
      outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  %s:2 = dsa.topk ins(%a : tensor<?x?xf32>) schedule(#by_keys)
      outs(%j, %m : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %r#0, %r#1, %s#0, %s#1 : tensor<?x1x4xi32>, tensor<?x1xi32>, tensor<?x1x4xi32>, tensor<?x1xi32>
}

//--- tiles.mlir
func.func @f(%q: tensor<?x64x128xf8E4M3FN>, %k: tensor<?x128xf8E4M3FN>, %w: tensor<?x64xf32>, %s: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %r = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>) weights(%w : tensor<?x64xf32>)
      schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<least_keys = 65536>,
          #dsa_tile.scores_schedule<block_rows = 4, split_keys = 4096, slots = 4, groups = 2, blocks = 132, split_relu = true>>],
        otherwise = #dsa_tile.scores_schedule<block_rows = 2, split_keys = 512, slots = 2, groups = 1, blocks = 132, split_relu = true>>)
      outs(%s : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %r : tensor<?x?xf32>
}

//--- nested.mlir
func.func @f(%a: memref<?xf32>, %b: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c7 = arith.constant 7 : index
  %x = arith.constant 1.0 : f32
  %n = memref.dim %a, %c0 : memref<?xf32>
  %m = memref.dim %b, %c0 : memref<?xf32>
  %less = arith.cmpi slt, %n, %m : index
  scf.if %less {
    %seven = arith.cmpi eq, %n, %c7 : index
    scf.if %seven {
      linalg.fill ins(%x : f32) outs(%a : memref<?xf32>)
    }
  } else {
    linalg.fill ins(%x : f32) outs(%b : memref<?xf32>)
  }
  return
}

//--- many.mlir
#a = #dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 64>
#b = #dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 256>
func.func @f(%a: tensor<?x100xf32>, %b: tensor<?x100xf32>, %c: tensor<?x100xf32>, %d: tensor<?x100xf32>,
             %e: tensor<?x100xf32>, %f: tensor<?x100xf32>, %g: tensor<?x100xf32>,
             %i: tensor<?x1x4xi32>, %n: tensor<?x1xi32>) -> (tensor<?x1x4xi32>, tensor<?x1xi32>) {
  %0:2 = dsa.topk ins(%a : tensor<?x100xf32>) schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 1>, #a>], otherwise = #b>)
      outs(%i, %n : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  %1:2 = dsa.topk ins(%b : tensor<?x100xf32>) schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 2>, #a>], otherwise = #b>)
      outs(%0#0, %0#1 : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  %2:2 = dsa.topk ins(%c : tensor<?x100xf32>) schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 3>, #a>], otherwise = #b>)
      outs(%1#0, %1#1 : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  %3:2 = dsa.topk ins(%d : tensor<?x100xf32>) schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 4>, #a>], otherwise = #b>)
      outs(%2#0, %2#1 : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  %4:2 = dsa.topk ins(%e : tensor<?x100xf32>) schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 5>, #a>], otherwise = #b>)
      outs(%3#0, %3#1 : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  %5:2 = dsa.topk ins(%f : tensor<?x100xf32>) schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 6>, #a>], otherwise = #b>)
      outs(%4#0, %4#1 : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  %6:2 = dsa.topk ins(%g : tensor<?x100xf32>) schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 7>, #a>], otherwise = #b>)
      outs(%5#0, %5#1 : tensor<?x1x4xi32>, tensor<?x1xi32>) -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %6#0, %6#1 : tensor<?x1x4xi32>, tensor<?x1xi32>
}

//--- data.mlir
func.func @f(%a: memref<?xf32>, %n: memref<1xi32>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i32
  %x = arith.constant 1.0 : f32
  %v = memref.load %n[%c0] : memref<1xi32>
  %positive = arith.cmpi sgt, %v, %zero : i32
  scf.if %positive {
    linalg.fill ins(%x : f32) outs(%a : memref<?xf32>)
  }
  return
}

//--- values.mlir
func.func @f(%a: memref<?xf32>, %b: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %x = arith.constant 1.0 : f32
  %n = memref.dim %a, %c0 : memref<?xf32>
  %m = memref.dim %b, %c0 : memref<?xf32>
  %less = arith.cmpi slt, %n, %m : index
  %c = scf.if %less -> memref<?xf32> {
    linalg.fill ins(%x : f32) outs(%a : memref<?xf32>)
    scf.yield %a : memref<?xf32>
  } else {
    scf.yield %b : memref<?xf32>
  }
  linalg.fill ins(%x : f32) outs(%c : memref<?xf32>)
  return
}
