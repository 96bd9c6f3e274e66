// The launch record of a module, in full, and what else can stand in one.

// RUN: rm -rf %t && split-file %s %t
// RUN: dsa-compile %t/merge.mlir --target sm_90a -o %t/merge.ptx --launch %t/merge.json
// RUN: %python -m json.tool --compact %t/merge.json | sed 's/\[/[ /g' | FileCheck %s --check-prefix=MERGE
// RUN: %check_record %t/merge.json --ptx %t/merge.ptx | FileCheck %s --check-prefix=OK
// OK: {{^}}ok: 1 functions, 1 launches

//      MERGE: {"chip":"sm_90a","functions":[ {
// MERGE-SAME:   "arguments":[ {"element":"bf16","name":"outs","shape":[ 2,null,16,64]},
// MERGE-SAME:                {"element":"f32","name":"lses","shape":[ 2,null,16]}],
// MERGE-SAME:   "buffers":[ {"argument":0,"element":"bf16","kind":"argument","shape":[ 2,[ "size",0,1],16,64]},
// MERGE-SAME:              {"argument":1,"element":"f32","kind":"argument","shape":[ 2,[ "size",1,1],16]},
// MERGE-SAME:              {"element":"bf16","kind":"result","shape":[ [ "size",1,1],16,64]},
// MERGE-SAME:              {"element":"f32","kind":"result","shape":[ [ "size",1,1],16]}],
// MERGE-SAME:   "name":"combine",
// MERGE-SAME:   "results":[ {"buffer":2,"name":"out"},{"buffer":3,"name":"result1"}],
// MERGE-SAME:   "variants":[ {"launches":[ {"block":[ 256,1,1],"cluster":[ 1,1,1],
// MERGE-SAME:     "grid":[ [ "min",[ "mul",[ "size",1,1],16],264],1,1],
// MERGE-SAME:     "kernel":"combine_0","parameters":[ 
// MERGE-DAG:        {"buffer":0,"kind":"memref","offset":0,"sizes":[ 2,[ "size",0,1],16,64],"strides":[ [ "mul",1024,[ "size",0,1]],1024,64,1]}
// MERGE-DAG:        {"buffer":1,"kind":"memref","offset":0,"sizes":[ 2,[ "size",1,1],16],"strides":[ [ "mul",16,[ "size",1,1]],16,1]}
// MERGE-DAG:        {"buffer":2,"kind":"memref","offset":0,"sizes":[ [ "size",1,1],16,64],"strides":[ 1024,64,1]}
// MERGE-DAG:        {"buffer":3,"kind":"memref","offset":0,"sizes":[ [ "size",1,1],16],"strides":[ 16,1]}
// MERGE-DAG:        {"kind":"i64","value":[ "mul",[ "size",1,1],16]}
// MERGE:          ],"shared_memory":0}],"when":1}]}],"producer":"dsa {{[0-9.]+}}","version":1}

// Several functions, each with launches and buffers of its own; all kernels are in
// one file. Private functions are not for launching.
// RUN: dsa-compile %t/functions.mlir --target sm_80 -o %t/functions.ptx --launch %t/functions.json
// RUN: %check_record %t/functions.json --ptx %t/functions.ptx --show | FileCheck %s --check-prefix=FUNCTIONS
//      FUNCTIONS: record 1 sm_80
// FUNCTIONS-NEXT: function first
//      FUNCTIONS: launch first_0
//      FUNCTIONS: launch first_1
//      FUNCTIONS: function second
// FUNCTIONS-NEXT: argument a i32 (7)
// FUNCTIONS-NEXT: result result0 buffer 0
// FUNCTIONS-NEXT: buffer 0 argument 0 i32 (7)
// FUNCTIONS-NEXT: variant 1
// FUNCTIONS-NEXT: launch second_0 (1, 1, 1) (256, 1, 1) 0
//  FUNCTIONS-NOT: function
//      FUNCTIONS: ok: 2 functions, 3 launches

// A result is a buffer: an argument's where the argument is returned or updated in
// place; the same one where a tensor is returned twice.
// RUN: dsa-compile %t/results.mlir --target sm_80 -o %t/results.ptx --launch %t/results.json
// RUN: %check_record %t/results.json --ptx %t/results.ptx --show | FileCheck %s --check-prefix=RESULTS
//      RESULTS: function swapped
//      RESULTS: result result0 buffer 1
// RESULTS-NEXT: result result1 buffer 0
//      RESULTS: function kept
//      RESULTS: result filled buffer 1
// RESULTS-NEXT: result given buffer 0
// RESULTS-NEXT: buffer 0 argument 0
// RESULTS-NEXT: buffer 1 result
//      RESULTS: function twice
//      RESULTS: result result0 buffer 1
// RESULTS-NEXT: result result1 buffer 1
// RESULTS-NEXT: buffer 0 argument 0
// RESULTS-NEXT: buffer 1 result f32 (size(0, 0), 8)
//      RESULTS: ok: 3 functions

// What one launch leaves for another is workspace; so is scratch of many blocks.
// RUN: dsa-compile %t/workspace.mlir --target sm_80 -o %t/workspace.ptx --launch %t/workspace.json
// RUN: %check_record %t/workspace.json --ptx %t/workspace.ptx --show | FileCheck %s --check-prefix=WORKSPACE
//      WORKSPACE: buffer 0 argument 0
//  WORKSPACE-DAG: buffer [[#KEYS:]] workspace i64 (size(0, 0))
//  WORKSPACE-DAG: buffer {{[0-9]+}} result i32 (size(0, 0), 1, 4)
//  WORKSPACE-DAG: buffer {{[0-9]+}} result i32 (size(0, 0), 1)
//  WORKSPACE-DAG: buffer [[#RANKS:]] workspace i32 (min(size(0, 0), 264), size(0, 1))
//      WORKSPACE: launch
//      WORKSPACE: parameter memref [[#KEYS]] 0
//      WORKSPACE: launch {{.*}} (min(size(0, 0), 264), 1, 1)
//      WORKSPACE: parameter memref [[#RANKS]] 0 (min(size(0, 0), 264), size(0, 1))
//      WORKSPACE: ok: 1 functions, 3 launches

// One error for what a record cannot say, and no files.
// RUN: not dsa-compile %t/scalar.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=SCALAR --implicit-check-not=error:
// SCALAR: error: cannot have a launch record: expected argument 1 to be a tensor of f32, f16, bf16, f8E4M3FN or i32, but found 'f32'
// RUN: not dsa-compile %t/double.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=DOUBLE --implicit-check-not=error:
// DOUBLE: error: cannot have a launch record: expected argument 0 to be a tensor of f32, f16, bf16, f8E4M3FN or i32, but found
// RUN: not dsa-compile %t/strided.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=STRIDED --implicit-check-not=error:
// STRIDED: error: cannot have a launch record: expected argument 0 to be a tensor of f32, f16, bf16, f8E4M3FN or i32, but found 'memref<?x4xf32, strided<[8, 1]>>'
// RUN: not dsa-compile %t/constant.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=CONSTANT --implicit-check-not=error:
// CONSTANT: constant.mlir:{{.*}}: error: cannot express this memory in a launch record: expected a whole argument or allocation
// RUN: not dsa-compile %t/branch.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=BRANCH --implicit-check-not=error:
// BRANCH: error: cannot have a launch record: it branches on the host
// RUN: not dsa-compile %t/call.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=CALL --implicit-check-not=error:
// CALL: call.mlir:{{.*}}: error: 'func.call' op cannot be expressed in a launch record
// RUN: not dsa-compile %t/read.mlir --target sm_80 -o %t/x.ptx --launch %t/x.json 2>&1 | FileCheck %s --check-prefix=READ --implicit-check-not=error:
// READ: read.mlir:{{.*}}: error: 'memref.load' op cannot be expressed in a launch record
// RUN: not ls %t/x.ptx
// RUN: not ls %t/x.json

//--- merge.mlir
func.func @combine(%outs: tensor<2x?x16x64xbf16> {dsa.name = "outs"},
                   %lses: tensor<2x?x16xf32> {dsa.name = "lses"})
    -> (tensor<?x16x64xbf16> {dsa.name = "out"}, tensor<?x16xf32>) {
  %c1 = arith.constant 1 : index
  %t = tensor.dim %lses, %c1 : tensor<2x?x16xf32>
  %oi = tensor.empty(%t) : tensor<?x16x64xbf16>
  %li = tensor.empty(%t) : tensor<?x16xf32>
  %out, %lse = dsa.merge ins(%outs, %lses : tensor<2x?x16x64xbf16>, tensor<2x?x16xf32>)
      outs(%oi, %li : tensor<?x16x64xbf16>, tensor<?x16xf32>)
      -> tensor<?x16x64xbf16>, tensor<?x16xf32>
  return %out, %lse : tensor<?x16x64xbf16>, tensor<?x16xf32>
}

//--- functions.mlir
func.func @first(%a: tensor<?x8xf32> {dsa.name = "a"}, %b: tensor<?x8xf32>)
    -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%a : tensor<?x8xf32>) -> tensor<?x8xf32>
  %g = linalg.fill ins(%x : f32) outs(%b : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %f, %g : tensor<?x8xf32>, tensor<?x8xf32>
}
func.func @second(%a: tensor<7xi32> {dsa.name = "a"}) -> tensor<7xi32> {
  %x = arith.constant 1 : i32
  %f = linalg.fill ins(%x : i32) outs(%a : tensor<7xi32>) -> tensor<7xi32>
  return %f : tensor<7xi32>
}
func.func private @third(%a: tensor<?xf32>) -> tensor<?xf32> {
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%a : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//--- results.mlir
func.func @swapped(%a: tensor<?x8xf32> {dsa.name = "a"}, %b: tensor<?x8xf32>)
    -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%a : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %b, %f : tensor<?x8xf32>, tensor<?x8xf32>
}
func.func @kept(%a: tensor<?x8xf32>)
    -> (tensor<?x8xf32> {dsa.name = "filled"}, tensor<?x8xf32> {dsa.name = "given"}) {
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%a : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %f, %a : tensor<?x8xf32>, tensor<?x8xf32>
}
func.func @twice(%a: tensor<?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %a, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%t) : tensor<?x8xf32>
  %f = linalg.exp ins(%a : tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %f, %f : tensor<?x8xf32>, tensor<?x8xf32>
}

//--- workspace.mlir
#id = affine_map<(d0) -> (d0)>
func.func @rows(%scores: tensor<?x?xf32> {dsa.name = "scores"})
    -> (tensor<?x1x4xi32>, tensor<?x1xi32>) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %scores, %c0 : tensor<?x?xf32>
  %numbers = tensor.generate %t {
  ^bb0(%i: index):
    tensor.yield %i : index
  } : tensor<?xindex>
  %pi = tensor.empty(%t) : tensor<?xi32>
  %positions = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%numbers : tensor<?xindex>) outs(%pi : tensor<?xi32>) {
  ^bb0(%n: index, %unused: i32):
    %p = arith.index_cast %n : index to i32
    linalg.yield %p : i32
  } -> tensor<?xi32>
  %ii = tensor.empty(%t) : tensor<?x1x4xi32>
  %ci = tensor.empty(%t) : tensor<?x1xi32>
  %indices, %count = dsa.topk ins(%scores : tensor<?x?xf32>)
      positions(%positions : tensor<?xi32>) window = [1, 0]
      schedule(#dsa.loop_schedule<block_rows = 1, block_keys = 16, threads = 256>)
      outs(%ii, %ci : tensor<?x1x4xi32>, tensor<?x1xi32>)
      -> tensor<?x1x4xi32>, tensor<?x1xi32>
  return %indices, %count : tensor<?x1x4xi32>, tensor<?x1xi32>
}

//--- scalar.mlir
func.func @f(%a: tensor<?xf32> {dsa.name = "a"}, %x: f32) -> tensor<?xf32> {
  %f = linalg.fill ins(%x : f32) outs(%a : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//--- double.mlir
func.func @f(%a: tensor<?xf64> {dsa.name = "a"}) -> tensor<?xf64> {
  %x = arith.constant 1.0 : f64
  %f = linalg.fill ins(%x : f64) outs(%a : tensor<?xf64>) -> tensor<?xf64>
  return %f : tensor<?xf64>
}

//--- strided.mlir
func.func @f(%a: memref<?x4xf32, strided<[8, 1]>> {dsa.name = "a"}) {
  %x = arith.constant 1.0 : f32
  linalg.fill ins(%x : f32) outs(%a : memref<?x4xf32, strided<[8, 1]>>)
  return
}

//--- constant.mlir
func.func @f(%a: tensor<3xi32> {dsa.name = "a"}) -> (tensor<3xi32>, tensor<3xi32>) {
  %x = arith.constant 1 : i32
  %c = arith.constant dense<[1, -2, 3]> : tensor<3xi32>
  %f = linalg.fill ins(%x : i32) outs(%a : tensor<3xi32>) -> tensor<3xi32>
  return %f, %c : tensor<3xi32>, tensor<3xi32>
}

//--- branch.mlir
func.func @f(%a: tensor<?xf32> {dsa.name = "a"}) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %t = tensor.dim %a, %c0 : tensor<?xf32>
  %few = arith.cmpi slt, %t, %c3 : index
  cf.cond_br %few, ^fill, ^keep
^fill:
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%a : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
^keep:
  return %a : tensor<?xf32>
}

//--- call.mlir
func.func private @fill(%a: tensor<?xf32> {dsa.name = "a"}) -> tensor<?xf32>
func.func @f(%a: tensor<?xf32>) -> tensor<?xf32> {
  %e = linalg.exp ins(%a : tensor<?xf32>) outs(%a : tensor<?xf32>) -> tensor<?xf32>
  %f = call @fill(%e) : (tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}

//--- read.mlir
func.func @f(%a: tensor<?xf32> {dsa.name = "a"}, %n: tensor<1xi32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %v = tensor.extract %n[%c0] : tensor<1xi32>
  %t = arith.index_cast %v : i32 to index
  %e = tensor.empty(%t) : tensor<?xf32>
  %x = arith.constant 1.0 : f32
  %f = linalg.fill ins(%x : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %f : tensor<?xf32>
}
