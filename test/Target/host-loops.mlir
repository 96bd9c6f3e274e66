// Loops on the host become repetitions of the launch record: selections take a bounded number of rows at a
// time, from views that begin where the iteration says.

// RUN: rm -rf %t && split-file %s %t
// RUN: dsa-compile %t/select.mlir --target sm_90a --no-tuned -o %t/select.ptx --launch %t/select.json
// RUN: %check_record %t/select.json --ptx %t/select.ptx --show | FileCheck %s --check-prefix=SELECT

// Scores of three chunks at a time, each with memory of its own; the linear part of all its rows, for more of them at a time, in a loop around. Sizes that
// all of them share are values.
//      SELECT: function main
//  SELECT-DAG: value [[#]] {{.*}}max(min(floordiv(39146837, max(mul(size(1, 0), 4), 1)), 8192), 1)
//  SELECT-DAG: buffer [[#SCORES:]] workspace f32 (value([[#ROWS:]]), size(1, 0)) copies 3
//  SELECT-DAG: buffer [[#TERMS:]] workspace f8E4M3FN ({{.*}}, 4, 128){{$}}
//      SELECT: variant 1
// SELECT-NEXT: repeat ceildiv(size(0, 0), 8192)
// SELECT-NEXT: launch main_0
//  SELECT-DAG: parameter memref [[#TERMS]] 0 
//      SELECT: repeat value([[#]]) concurrent 3
// SELECT-NEXT: launch main_tiles_0 (mul(ceildiv(size(1, 0), value({{[0-9]+}})), value({{[0-9]+}})), 1, 1) (640, 1, 1) 188544
//  SELECT-DAG: parameter tensor_map 0 {{.*}}iteration(0){{.*}}iteration(1){{.*}} (value([[#ROWS]]), 64, 128) (8192, 128, 1) (2, 64, 128) 128
//  SELECT-DAG: parameter tensor_map [[#TERMS]] {{.*}}iteration(1){{.*}} (value([[#ROWS]]), 4, 128) (512, 128, 1) (2, 4, 128) 128
//  SELECT-DAG: parameter tensor_map 1 (size(1, 0), 128) (128, 1) (64, 128) 128
//  SELECT-DAG: parameter memref [[#SCORES]] 0 
//      SELECT: launch main_tiles_1
//      SELECT: launch main_tiles_2
//      SELECT: launch main_tiles_3
//      SELECT: end
// SELECT-NEXT: end
// SELECT-NEXT: ok: 1 functions, 5 launches

// However many rows and keys there are, workspace is bounded. Where rows are few, programs that share one
// have lists in memory, which is another launch.
// RUN: %python %S/Inputs/workspace.py %t/select.json --keys k,k_scale 4096x131072 4096x32768 4096x8192 100000x1000 1x131072 300x1000000 100000x512 0x100 7x0 \
// RUN:   | FileCheck %s --check-prefix=BYTES
//      BYTES: 4096x131072: 1{{[0-2][0-9]}}{{[0-9][0-9][0-9][0-9][0-9][0-9]}} bytes, 115 launches
// BYTES-NEXT: 4096x32768: 1{{[0-2][0-9]}}{{[0-9][0-9][0-9][0-9][0-9][0-9]}} bytes, 29 launches
// BYTES-NEXT: 4096x8192: {{[0-9]+}} bytes, 9 launches
// BYTES-NEXT: 100000x1000: {{[1-9]?[0-9]}}{{[0-9][0-9][0-9][0-9][0-9][0-9]}} bytes, 39 launches
// BYTES-NEXT: 1x131072: {{[0-9]+}} bytes, 4 launches
// BYTES-NEXT: 300x1000000: 1{{[0-2][0-9]}}{{[0-9][0-9][0-9][0-9][0-9][0-9]}} bytes, {{[0-9]+}} launches
// BYTES-NEXT: 100000x512: {{[1-9]?[0-9]}}{{[0-9][0-9][0-9][0-9][0-9][0-9]}} bytes, 39 launches
// BYTES-NEXT: 0x100: 0 bytes, 0 launches
// BYTES-NEXT: 7x0: {{[0-9]+}} bytes

// Loops may be nested, begin anywhere and take any steps.
// RUN: dsa-compile %t/nested.mlir --target sm_80 -o %t/nested.ptx --launch %t/nested.json
// RUN: %check_record %t/nested.json --ptx %t/nested.ptx --show | FileCheck %s --check-prefix=NESTED
//      NESTED: repeat ceildiv(max(0, sub(size(0, 0), 3)), 2)
// NESTED-NEXT: repeat 5
// NESTED-NEXT: launch f_0 
//      NESTED: parameter {{.*}}add(3, mul(iteration(0), 2))
//      NESTED: end
// NESTED-NEXT: end

// Iterations at the same time are those of one loop.
// RUN: not dsa-compile %t/concurrent.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=CONCURRENT --implicit-check-not=error:
// CONCURRENT: error: 'scf.for' op cannot be expressed in a launch record: concurrent iterations within others
// CONCURRENT: note: which are those of this loop

// A loop cannot branch, nor can memory or what must hold depend on the iteration.
// RUN: not dsa-compile %t/branches.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=BRANCHES --implicit-check-not=error:
// BRANCHES: error: 'scf.for' op cannot be expressed in a launch record: expected the same launches in each iteration, but it branches
// RUN: not dsa-compile %t/memory.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=MEMORY --implicit-check-not=error:
// MEMORY: error: 'memref.alloc' op cannot be expressed in a launch record: expected memory of one size in all iterations of a loop
// RUN: not dsa-compile %t/assert.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=ASSERT --implicit-check-not=error:
// ASSERT: error: 'cf.assert' op cannot be expressed in a launch record: expected a condition that is the same in all iterations of a loop
// RUN: not dsa-compile %t/carried.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=CARRIED --implicit-check-not=error:
// CARRIED: error: 'scf.for' op cannot be expressed in a launch record
// RUN: not ls %t/x.ptx
// RUN: not ls %t/x.json

//--- select.mlir
func.func @main(%q: tensor<?x64x128xf8E4M3FN> {dsa.name = "q"}, %k: tensor<?x128xf8E4M3FN> {dsa.name = "k"},
                %w: tensor<?x64xf32> {dsa.name = "w"}, %ks: tensor<?xf32> {dsa.name = "k_scale"},
                %lo: tensor<?xi32> {dsa.name = "lo"}, %hi: tensor<?xi32> {dsa.name = "hi"})
    -> (tensor<?x1x2048xi32>, tensor<?x1xi32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %q, %c0 : tensor<?x64x128xf8E4M3FN>
  %n = tensor.dim %k, %c0 : tensor<?x128xf8E4M3FN>
  %e = tensor.empty(%t, %n) : tensor<?x?xf32>
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) k_scale(%ks : tensor<?xf32>)
      outs(%e : tensor<?x?xf32>) -> tensor<?x?xf32>
  %i = tensor.empty(%t) : tensor<?x1x2048xi32>
  %c = tensor.empty(%t) : tensor<?x1xi32>
  %r:2 = dsa.topk ins(%s : tensor<?x?xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%i, %c : tensor<?x1x2048xi32>, tensor<?x1xi32>) -> tensor<?x1x2048xi32>, tensor<?x1xi32>
  return %r#0, %r#1 : tensor<?x1x2048xi32>, tensor<?x1xi32>
}

//--- nested.mlir
func.func @f(%a: memref<?x7xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c5 = arith.constant 5 : index
  %one = arith.constant 1.0 : f32
  %rows = memref.dim %a, %c0 : memref<?x7xf32>
  scf.for %i = %c3 to %rows step %c2 {
    scf.for %j = %c0 to %c5 step %c1 {
      %row = memref.subview %a[%i, 0] [1, 7] [1, 1] : memref<?x7xf32> to memref<7xf32, strided<[1], offset: ?>>
      scf.parallel (%x) = (%c0) to (%c5) step (%c1) {
        %old = memref.load %row[%x] : memref<7xf32, strided<[1], offset: ?>>
        %new = arith.addf %old, %one : f32
        memref.store %new, %row[%x] : memref<7xf32, strided<[1], offset: ?>>
      }
    }
  }
  return
}

//--- concurrent.mlir
func.func @f(%a: memref<?x7xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %one = arith.constant 1.0 : f32
  %rows = memref.dim %a, %c0 : memref<?x7xf32>
  scf.for %i = %c0 to %rows step %c1 {
    scf.for %j = %c0 to %c5 step %c1 {
      scf.parallel (%x) = (%c0) to (%c5) step (%c1) {
        memref.store %one, %a[%i, %x] : memref<?x7xf32>
      }
    } {dsa_tile.concurrent = 2 : i64}
  } {dsa_tile.concurrent = 2 : i64}
  return
}

//--- branches.mlir
func.func @f(%a: memref<?x7xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %one = arith.constant 1.0 : f32
  %rows = memref.dim %a, %c0 : memref<?x7xf32>
  scf.for %i = %c0 to %rows step %c1 {
    %third = arith.cmpi eq, %i, %c3 : index
    scf.if %third {
      scf.parallel (%x) = (%c0) to (%c3) step (%c1) {
        memref.store %one, %a[%i, %x] : memref<?x7xf32>
      }
    }
  }
  return
}

//--- memory.mlir
func.func @f(%a: memref<?x7xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1.0 : f32
  %rows = memref.dim %a, %c0 : memref<?x7xf32>
  scf.for %i = %c0 to %rows step %c1 {
    %scratch = memref.alloc(%i) : memref<?xf32>
    scf.parallel (%x) = (%c0) to (%i) step (%c1) {
      memref.store %one, %scratch[%x] : memref<?xf32>
    }
    scf.parallel (%x) = (%c0) to (%i) step (%c1) {
      %y = memref.load %scratch[%x] : memref<?xf32>
      memref.store %y, %a[%x, %c0] : memref<?x7xf32>
    }
  }
  return
}

//--- assert.mlir
func.func @f(%a: memref<?x7xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %one = arith.constant 1.0 : f32
  %rows = memref.dim %a, %c0 : memref<?x7xf32>
  scf.for %i = %c0 to %rows step %c1 {
    %few = arith.cmpi slt, %i, %c5 : index
    cf.assert %few, "too many rows"
    scf.parallel (%x) = (%c0) to (%c5) step (%c1) {
      memref.store %one, %a[%i, %x] : memref<?x7xf32>
    }
  }
  return
}

//--- carried.mlir
func.func @f(%a: memref<?x7xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %one = arith.constant 1.0 : f32
  %rows = memref.dim %a, %c0 : memref<?x7xf32>
  %end = scf.for %i = %c0 to %rows step %c1 iter_args(%power = %c1) -> (index) {
    scf.parallel (%x) = (%c0) to (%power) step (%c1) {
      memref.store %one, %a[%i, %c0] : memref<?x7xf32>
    }
    %next = arith.muli %power, %c2 : index
    scf.yield %next : index
  }
  return
}
