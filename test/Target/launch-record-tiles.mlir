// The launch record of kernels on tiles: tensor maps, dynamic shared memory, and a grid that
// counts blocks of rows and parts of the keys.

// RUN: rm -rf %t && mkdir %t
// RUN: dsa-compile %s --target sm_90a --no-tuned -o %t/x.ptx --launch %t/x.json
// RUN: %check_record %t/x.json --ptx %t/x.ptx --show | FileCheck %s

//       CHECK: record 1 sm_90a
//       CHECK: function scores
//       CHECK: result s buffer [[#S:]]

// How many keys a program scores: in whole tiles, so that all blocks have work in the last turn too.
//       CHECK: value [[#PART:]] mul(max(ceildiv(ceildiv(size(5, 1), max(max(ceildiv(size(5, 1), 4096), floordiv({{.*}}, 132), {{.*}})), 1)), 64), 1), 64)
//       CHECK: value [[#PROGRAMS:]] mul(ceildiv(size(5, 1), value([[#PART]])), ceildiv(size(0, 0), 8))
//       CHECK: buffer 0 argument 0 f8E4M3FN (size(0, 0), 64, 128)
//  CHECK-NEXT: buffer 1 argument 1 f8E4M3FN (size(1, 0), 128)
//   CHECK-NOT: workspace

// Keys outside of bounds are filled by threads that have a key each.
//       CHECK: launch scores_0 (min(size(5, 0), 264), 1, 1) (256, 1, 1) 0
//   CHECK-NOT: tensor_map

// 132 blocks at most, of four warpgroups and four warps that load. In shared memory: 2 x 512
// queries and 6 x 64 keys of 128 bytes, and two barriers for each of the 8.
//       CHECK: launch scores_tiles_0 (min(value([[#PROGRAMS]]), 132), 1, 1) (640, 1, 1) 180352

// Queries and keys are handed to the copy engine: sizes, strides, the box of one copy, and
// the pattern. Weights and bounds are read where they lie.
//   CHECK-DAG: parameter tensor_map 0 (size(0, 0), 64, 128) (8192, 128, 1) (8, 64, 128) 128
//   CHECK-DAG: parameter tensor_map 1 (size(1, 0), 128) (128, 1) (64, 128) 128
//   CHECK-DAG: parameter memref 2 0 (size(2, 0), 64) (64, 1)
//   CHECK-DAG: parameter memref 3 0 (size(3, 0)) (1)
//   CHECK-DAG: parameter memref 4 0 (size(4, 0)) (1)
//   CHECK-DAG: parameter memref [[#S]] 0 (size(5, 0), size(5, 1)) (size(5, 1), 1)
//       CHECK: ok: 1 functions, 2 launches

// In full, as a launcher reads it.
// RUN: %python -m json.tool --compact %t/x.json | FileCheck %s --check-prefix=JSON
// JSON: {"box":[64,128],"buffer":1,"kind":"tensor_map","sizes":{{\[\[}}"size",1,0],128],"strides":[128,1],"swizzle":128}
// JSON: "shared_memory":180352

func.func @scores(%q: tensor<?x64x128xf8E4M3FN> {dsa.name = "q"}, %k: tensor<?x128xf8E4M3FN> {dsa.name = "k"},
                  %w: tensor<?x64xf32> {dsa.name = "w"}, %lo: tensor<?xi32> {dsa.name = "lo"},
                  %hi: tensor<?xi32> {dsa.name = "hi"}, %init: tensor<?x?xf32> {dsa.name = "init"})
    -> (tensor<?x?xf32> {dsa.name = "s"}) {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x64x128xf8E4M3FN>, tensor<?x128xf8E4M3FN>)
      weights(%w : tensor<?x64xf32>) bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      schedule(#dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6, groups = 4,
                                         blocks = 132, ordered = true>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
