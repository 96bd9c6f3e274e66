// RUN: dsa-opt %s -dsa-linalg-to-parallel -verify-diagnostics

#both = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>
func.func @output_of_a_reduction(%a: memref<?x7xf32>, %m: memref<?xf32>) {
  // expected-error @+1 {{'linalg.generic' op expected outputs of parallel dimensions, but found one of reduction dimension 1}}
  linalg.generic {indexing_maps = [#both, #column], iterator_types = ["parallel", "reduction"]}
      ins(%a : memref<?x7xf32>) outs(%m : memref<?xf32>) {
  ^bb0(%x: f32, %sum: f32):
    %y = arith.addf %x, %sum : f32
    linalg.yield %y : f32
  }
  return
}
