// Every error of the verifiers of products, of arithmetic on tiles and of parts of them.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file

//===----------------------------------------------------------------------===//
// mma, mma_start, mma_wait
//===----------------------------------------------------------------------===//

func.func @mma_nothing(%a: tensor<64x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected at least 1 b operand}}
  "dsa_tile.mma"(%a) <{operandSegmentSizes = array<i32: 1, 0, 0>}> : (tensor<64x32xf16>) -> ()
  return
}

// -----

func.func @mma_results(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected as many results as b operands, but found 1 and 2 b operands}}
  %x = dsa_tile.mma %a, %b, %b : tensor<64x32xf16>, tensor<8x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_accs(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>, %c: tensor<64x8xf32>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected 1 accumulators or none, but found 2}}
  %x = dsa_tile.mma %a, %b acc(%c, %c : tensor<64x8xf32>, tensor<64x8xf32>)
      : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_rank(%a: tensor<64x32xf16>, %b: tensor<32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected tiles of 2 dimensions, but found 'tensor<64x32xf16>', 'tensor<32xf16>' and 'tensor<64xf32>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<32xf16> -> tensor<64xf32>
  return
}

// -----

func.func @mma_elements(%a: tensor<64x32xf16>, %b: tensor<8x32xbf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected operands of one element type and an f32 result, but found 'tensor<64x32xf16>', 'tensor<8x32xbf16>' and 'tensor<64x8xf32>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x32xbf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_result_element(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected operands of one element type and an f32 result, but found 'tensor<64x32xf16>', 'tensor<8x32xf16>' and 'tensor<64x8xf16>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf16>
  return
}

// -----

func.func @mma_depth(%a: tensor<64x32xf16>, %b: tensor<8x16xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [N, K] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<8x16xf16>' and 'tensor<64x8xf32>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x16xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_rows(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [N, K] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<8x32xf16>' and 'tensor<32x8xf32>'}}
  %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<32x8xf32>
  return
}

// -----

func.func @mma_b_rows(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [K, N] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<8x32xf16>' and 'tensor<64x8xf32>'}}
  %x = dsa_tile.mma %a, %b b_rows : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  return
}

// -----

// Under b_rows, several b are columns of one result.
func.func @mma_b_rows_results(%a: tensor<64x32xf16>, %b: tensor<32x8xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected one result, but found 2 and 2 b operands}}
  %x:2 = dsa_tile.mma %a, %b, %b b_rows
      : tensor<64x32xf16>, tensor<32x8xf16>, tensor<32x8xf16> -> tensor<64x8xf32>, tensor<64x8xf32>
  return
}

// -----

func.func @mma_b_rows_unequal(%a: tensor<64x32xf16>, %b: tensor<32x8xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [K, N] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<32x8xf16>' and 'tensor<64x15xf32>'}}
  %x = dsa_tile.mma %a, %b, %b b_rows : tensor<64x32xf16>, tensor<32x8xf16>, tensor<32x8xf16> -> tensor<64x15xf32>
  return
}

// -----

func.func @mma_b_rows_narrow(%a: tensor<64x32xf16>, %b: tensor<32x8xf16>, %c: tensor<32x16xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [K, N] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<32x8xf16>' and 'tensor<64x24xf32>'}}
  %x = dsa_tile.mma %a, %c, %b b_rows : tensor<64x32xf16>, tensor<32x16xf16>, tensor<32x8xf16> -> tensor<64x24xf32>
  return
}

// -----

func.func @mma_b_rows_accs(%a: tensor<64x32xf16>, %b: tensor<32x8xf16>, %c: tensor<64x8xf32>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected 1 accumulators or none, but found 2}}
  %x = dsa_tile.mma %a, %b, %b acc(%c, %c : tensor<64x8xf32>, tensor<64x8xf32>) b_rows
      : tensor<64x32xf16>, tensor<32x8xf16>, tensor<32x8xf16> -> tensor<64x16xf32>
  return
}

// -----

// With its own columns only, b is half as wide as the result of two column groups.
#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
func.func @mma_own_columns(%a: tensor<64x32xf16>, %b: tensor<32x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [N, K] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<32x32xf16>' and 'tensor<64x32xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>>'}}
  %x = dsa_tile.mma %a, %b {own_columns} : tensor<64x32xf16>, tensor<32x32xf16> -> tensor<64x32xf32, #acc>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
func.func @mma_all_columns(%a: tensor<64x32xf16>, %b: tensor<32x16xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [M, K], b [K, N] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<32x16xf16>' and 'tensor<64x32xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>>'}}
  %x = dsa_tile.mma %a, %b b_rows : tensor<64x32xf16>, tensor<32x16xf16> -> tensor<64x32xf32, #acc>
  return
}

// -----

func.func @mma_acc_type(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>, %c: tensor<64x16xf32>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected an accumulator of type 'tensor<64x8xf32>', but found 'tensor<64x16xf32>'}}
  %x = dsa_tile.mma %a, %b acc(%c : tensor<64x16xf32>)
      : tensor<64x32xf16>, tensor<8x32xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_start_columns(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma_start' op expected a [M, K], b [N, K] and a result [M, N], but found 'tensor<64x32xf16>', 'tensor<8x32xf16>' and 'tensor<64x16xf32>'}}
  %p = dsa_tile.mma_start %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> <tensor<64x16xf32>>
  return
}

// -----

func.func @mma_start_results(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>) {
  // expected-error @+1 {{'dsa_tile.mma_start' op expected as many results as b operands, but found 2 and 1 b operands}}
  %p = dsa_tile.mma_start %a, %b : tensor<64x32xf16>, tensor<8x32xf16> -> <tensor<64x8xf32>, tensor<64x8xf32>>
  return
}

// -----

func.func @mma_start_continues(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>, %p: !dsa_tile.pending<tensor<64x16xf32>>) {
  // expected-error @+1 {{'dsa_tile.mma_start' op expected to continue '!dsa_tile.pending<tensor<64x8xf32>>' without an accumulator, but found '!dsa_tile.pending<tensor<64x16xf32>>' and 0 accumulators}}
  %q = dsa_tile.mma_start %a, %b continues(%p : !dsa_tile.pending<tensor<64x16xf32>>)
      : tensor<64x32xf16>, tensor<8x32xf16> -> <tensor<64x8xf32>>
  return
}

// -----

func.func @mma_start_two_sums(%a: tensor<64x32xf16>, %b: tensor<8x32xf16>, %c: tensor<64x8xf32>, %p: !dsa_tile.pending<tensor<64x8xf32>>) {
  // expected-error @+1 {{'dsa_tile.mma_start' op expected to continue '!dsa_tile.pending<tensor<64x8xf32>>' without an accumulator, but found '!dsa_tile.pending<tensor<64x8xf32>>' and 1 accumulators}}
  %q = dsa_tile.mma_start %a, %b acc(%c : tensor<64x8xf32>) continues(%p : !dsa_tile.pending<tensor<64x8xf32>>)
      : tensor<64x32xf16>, tensor<8x32xf16> -> <tensor<64x8xf32>>
  return
}

// -----

func.func @mma_wait_tiles(%p: !dsa_tile.pending<tensor<64x8xf32>>) {
  // expected-error @+1 {{'dsa_tile.mma_wait' op expected the tiles of '!dsa_tile.pending<tensor<64x8xf32>>', but found 'tensor<64x16xf32>'}}
  %x = dsa_tile.mma_wait %p : !dsa_tile.pending<tensor<64x8xf32>> -> tensor<64x16xf32>
  return
}

// -----

// None, or all of them.
func.func @mma_wait_some(%p: !dsa_tile.pending<tensor<64x8xf32>, tensor<64x16xf32>>) {
  // expected-error @+1 {{'dsa_tile.mma_wait' op expected the tiles of '!dsa_tile.pending<tensor<64x8xf32>, tensor<64x16xf32>>', but found 'tensor<64x8xf32>'}}
  %x = dsa_tile.mma_wait %p : !dsa_tile.pending<tensor<64x8xf32>, tensor<64x16xf32>> -> tensor<64x8xf32>
  return
}

// -----

func.func @mma_wait_outstanding(%p: !dsa_tile.pending<tensor<64x8xf32>>) {
  // expected-error @+1 {{'dsa_tile.mma_wait' op attribute 'outstanding' failed to satisfy constraint: 64-bit signless integer attribute whose value is non-negative}}
  %x = dsa_tile.mma_wait %p outstanding = -1 : !dsa_tile.pending<tensor<64x8xf32>> -> tensor<64x8xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// reduce
//===----------------------------------------------------------------------===//

func.func @reduce_rank(%x: tensor<64xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a tile of 2 dimensions, but found 'tensor<64xf32>'}}
  %y = dsa_tile.reduce<add> %x : tensor<64xf32> -> tensor<1xf32>
  return
}

// -----

func.func @reduce_group(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a group that divides 96 columns, but found 64}}
  %y = dsa_tile.reduce<add> %x group = 64 : tensor<64x96xf32> -> tensor<64x1xf32>
  return
}

// -----

func.func @reduce_no_group(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a group that divides 96 columns, but found 0}}
  %y = dsa_tile.reduce<add> %x group = 0 : tensor<64x96xf32> -> tensor<64x1xf32>
  return
}

// -----

func.func @reduce_shape(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a result of shape [64, 3] and element type 'f32', but found 'tensor<64x2xf32>'}}
  %y = dsa_tile.reduce<add> %x group = 32 : tensor<64x96xf32> -> tensor<64x2xf32>
  return
}

// -----

func.func @reduce_all_shape(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a result of shape [64] and element type 'f32', but found 'tensor<64x1xf32>'}}
  %y = dsa_tile.reduce<max> %x : tensor<64x96xf32> -> tensor<64x1xf32>
  return
}

// -----

func.func @reduce_element(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a result of shape [64] and element type 'f32', but found 'tensor<64xbf16>'}}
  %y = dsa_tile.reduce<max> %x : tensor<64x96xf32> -> tensor<64xbf16>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @reduce_layout(%x: tensor<64x96xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected layout #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside 'tensor<64x96xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>', but found 'tensor<64xf32>'}}
  %y = dsa_tile.reduce<max> %x : tensor<64x96xf32, #acc> -> tensor<64xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @reduce_group_layout(%x: tensor<64x96xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected layout #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside 'tensor<64x96xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>', but found 'tensor<64x8xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  %y = dsa_tile.reduce<add> %x group = 12 : tensor<64x96xf32, #acc> -> tensor<64x8xf32, #acc>
  return
}

// -----

#scatter = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>
func.func @reduce_scatter(%x: tensor<64x96xf32, #scatter>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected an accumulator to combine groups of, but found 'tensor<64x96xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
  %y = dsa_tile.reduce<add> %x group = 12 : tensor<64x96xf32, #scatter> -> tensor<64x8xf32, #scatter>
  return
}

// -----

#shared = #dsa_tile.shared<swizzle = 32>
func.func @reduce_shared(%x: tensor<64x96xf32, #shared>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected tiles in registers, both or neither with a layout, but found 'tensor<64x96xf32, #dsa_tile.shared<swizzle = 32>>' and 'tensor<64xf32>'}}
  %y = dsa_tile.reduce<add> %x : tensor<64x96xf32, #shared> -> tensor<64xf32>
  return
}

// -----

//===----------------------------------------------------------------------===//
// expand, scale_rows, mask_columns, iota, splat
//===----------------------------------------------------------------------===//

func.func @expand_dim(%v: tensor<8xf32>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected dimension 0 or 1, but found 2}}
  %y = dsa_tile.expand %v dim = 2 : tensor<8xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @expand_negative(%v: tensor<8xf32>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected dimension 0 or 1, but found -1}}
  %y = dsa_tile.expand %v dim = -1 : tensor<8xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @expand_extent(%v: tensor<8xf32>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected a vector and a tile with it along dimension 0, but found 'tensor<8xf32>' and 'tensor<64x8xf32>'}}
  %y = dsa_tile.expand %v dim = 1 : tensor<8xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @expand_rank(%v: tensor<1x8xf32>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected a vector and a tile with it along dimension 1, but found 'tensor<1x8xf32>' and 'tensor<64x8xf32>'}}
  %y = dsa_tile.expand %v dim = 0 : tensor<1x8xf32> -> tensor<64x8xf32>
  return
}

// -----

func.func @expand_element(%v: tensor<8xbf16>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected a vector and a tile with it along dimension 1, but found 'tensor<8xbf16>' and 'tensor<64x8xf32>'}}
  %y = dsa_tile.expand %v dim = 0 : tensor<8xbf16> -> tensor<64x8xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @expand_layout(%v: tensor<64xf32, #dsa_tile.slice<1, #acc>>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected layout #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>', but found 'tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
  %y = dsa_tile.expand %v dim = 0 : tensor<64xf32, #dsa_tile.slice<1, #acc>> -> tensor<64x64xf32, #acc>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @expand_no_layout(%v: tensor<64xf32, #dsa_tile.slice<1, #acc>>) {
  // expected-error @+1 {{'dsa_tile.expand' op expected tiles in registers, both or neither with a layout, but found 'tensor<64x64xf32>' and 'tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
  %y = dsa_tile.expand %v dim = 1 : tensor<64xf32, #dsa_tile.slice<1, #acc>> -> tensor<64x64xf32>
  return
}

// -----

func.func @scale_rows_count(%x: tensor<64x8xf32>, %f: tensor<8xf32>) {
  // expected-error @+1 {{'dsa_tile.scale_rows' op expected a tile and a factor for each of its rows, but found 'tensor<64x8xf32>' and 'tensor<8xf32>'}}
  %y = dsa_tile.scale_rows %x by %f : tensor<64x8xf32>, tensor<8xf32>
  return
}

// -----

func.func @scale_rows_element(%x: tensor<64x8xf32>, %f: tensor<64xbf16>) {
  // expected-error @+1 {{'dsa_tile.scale_rows' op expected a tile and a factor for each of its rows, but found 'tensor<64x8xf32>' and 'tensor<64xbf16>'}}
  %y = dsa_tile.scale_rows %x by %f : tensor<64x8xf32>, tensor<64xbf16>
  return
}

// -----

func.func @scale_rows_of_vector(%x: tensor<64xf32>) {
  // expected-error @+1 {{'dsa_tile.scale_rows' op expected a tile and a factor for each of its rows, but found 'tensor<64xf32>' and 'tensor<64xf32>'}}
  %y = dsa_tile.scale_rows %x by %x : tensor<64xf32>, tensor<64xf32>
  return
}

// -----

func.func @scale_rows_by_tile(%x: tensor<64x8xf32>) {
  // expected-error @+1 {{'dsa_tile.scale_rows' op expected a tile and a factor for each of its rows, but found 'tensor<64x8xf32>' and 'tensor<64x8xf32>'}}
  %y = dsa_tile.scale_rows %x by %x : tensor<64x8xf32>, tensor<64x8xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#wide = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
func.func @scale_rows_layout(%x: tensor<64x64xf32, #wide>, %f: tensor<64xf32, #dsa_tile.slice<0, #acc>>) {
  // expected-error @+1 {{'dsa_tile.scale_rows' op expected layout #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>>', but found 'tensor<64xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
  %y = dsa_tile.scale_rows %x by %f : tensor<64x64xf32, #wide>, tensor<64xf32, #dsa_tile.slice<0, #acc>>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @scale_rows_no_layout(%x: tensor<64x64xf32, #acc>, %f: tensor<64xf32>) {
  // expected-error @+1 {{'dsa_tile.scale_rows' op expected layout #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>', but found 'tensor<64xf32>'}}
  %y = dsa_tile.scale_rows %x by %f : tensor<64x64xf32, #acc>, tensor<64xf32>
  return
}

// -----

func.func @mask_columns_finite(%x: tensor<64x8xf8E4M3FN>, %t: tensor<8xi1>) {
  // expected-error @+1 {{'dsa_tile.mask_columns' op expected elements that can be infinite, but found 'tensor<64x8xf8E4M3FN>'}}
  %y = dsa_tile.mask_columns %x by %t : tensor<64x8xf8E4M3FN>, tensor<8xi1>
  return
}

// -----

func.func @mask_columns_count(%x: tensor<64x8xf32>, %t: tensor<64xi1>) {
  // expected-error @+1 {{'dsa_tile.mask_columns' op expected a tile and an i1 for each of its columns, but found 'tensor<64x8xf32>' and 'tensor<64xi1>'}}
  %y = dsa_tile.mask_columns %x by %t : tensor<64x8xf32>, tensor<64xi1>
  return
}

// -----

func.func @mask_columns_element(%x: tensor<64x8xf32>, %t: tensor<8xi8>) {
  // expected-error @+1 {{'dsa_tile.mask_columns' op expected a tile and an i1 for each of its columns, but found 'tensor<64x8xf32>' and 'tensor<8xi8>'}}
  %y = dsa_tile.mask_columns %x by %t : tensor<64x8xf32>, tensor<8xi8>
  return
}

// -----

func.func @mask_columns_of_vector(%x: tensor<8xf32>, %t: tensor<8xi1>) {
  // expected-error @+1 {{'dsa_tile.mask_columns' op expected a tile and an i1 for each of its columns, but found 'tensor<8xf32>' and 'tensor<8xi1>'}}
  %y = dsa_tile.mask_columns %x by %t : tensor<8xf32>, tensor<8xi1>
  return
}

// -----

func.func @mask_columns_by_tile(%x: tensor<64x8xf32>, %t: tensor<64x8xi1>) {
  // expected-error @+1 {{'dsa_tile.mask_columns' op expected a tile and an i1 for each of its columns, but found 'tensor<64x8xf32>' and 'tensor<64x8xi1>'}}
  %y = dsa_tile.mask_columns %x by %t : tensor<64x8xf32>, tensor<64x8xi1>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @mask_columns_layout(%x: tensor<64x64xf32, #acc>, %t: tensor<64xi1, #dsa_tile.slice<1, #acc>>) {
  // expected-error @+1 {{'dsa_tile.mask_columns' op expected layout #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>', but found 'tensor<64xi1, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
  %y = dsa_tile.mask_columns %x by %t : tensor<64x64xf32, #acc>, tensor<64xi1, #dsa_tile.slice<1, #acc>>
  return
}

// -----

// In lanes, of a tile in registers.
func.func @mask_columns_lanes(%x: tensor<64x64xf32>, %t: tensor<64xi1, #dsa_tile.lanes>) {
  // expected-error @+1 {{'dsa_tile.mask_columns' op expected tiles in registers, both or neither with a layout, but found 'tensor<64x64xf32>' and 'tensor<64xi1, #dsa_tile.lanes>'}}
  %y = dsa_tile.mask_columns %x by %t : tensor<64x64xf32>, tensor<64xi1, #dsa_tile.lanes>
  return
}

// -----

func.func @iota_dim() {
  // expected-error @+1 {{'dsa_tile.iota' op expected a dimension of 'tensor<64x8xi32>', but found 2}}
  %i = dsa_tile.iota dim = 2 : tensor<64x8xi32>
  return
}

// -----

func.func @iota_negative() {
  // expected-error @+1 {{'dsa_tile.iota' op expected a dimension of 'tensor<64x8xi32>', but found -1}}
  %i = dsa_tile.iota dim = -1 : tensor<64x8xi32>
  return
}

// -----

func.func @iota_element() {
  // expected-error @+1 {{'dsa_tile.iota' op result #0 must be statically shaped tensor of 32-bit signless integer values, but got 'tensor<64x8xi64>'}}
  %i = dsa_tile.iota dim = 0 : tensor<64x8xi64>
  return
}

// -----

func.func @iota_shared() {
  // expected-error @+1 {{'dsa_tile.iota' op expected a tile in registers, but found 'tensor<64x8xi32, #dsa_tile.shared<swizzle = 32>>'}}
  %i = dsa_tile.iota dim = 0 : tensor<64x8xi32, #dsa_tile.shared<swizzle = 32>>
  return
}

// -----

func.func @splat_element(%x: f32) {
  // expected-error @+1 {{'dsa_tile.splat' op expected a value of type 'bf16', but found 'f32'}}
  %t = dsa_tile.splat %x : f32 -> tensor<64x8xbf16>
  return
}

// -----

func.func @splat_shared(%x: f32) {
  // expected-error @+1 {{'dsa_tile.splat' op expected a tile in registers, but found 'tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>'}}
  %t = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>
  return
}

// -----

//===----------------------------------------------------------------------===//
// extract, concat
//===----------------------------------------------------------------------===//

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @extract_dim(%x: tensor<64x64xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected tiles of 2 dimensions and one of them, but found 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>', 'tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' and 2}}
  %p = dsa_tile.extract %x dim = 2 offset = 0 : tensor<64x64xf32, #acc> -> tensor<64x16xf32, #acc>
  return
}

// -----

func.func @extract_rank(%x: tensor<64xi32, #dsa_tile.lanes>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected tiles of 2 dimensions and one of them, but found 'tensor<64xi32, #dsa_tile.lanes>', 'tensor<32xi32, #dsa_tile.lanes>' and 0}}
  %p = dsa_tile.extract %x dim = 0 offset = 32 : tensor<64xi32, #dsa_tile.lanes> -> tensor<32xi32, #dsa_tile.lanes>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @extract_behind(%x: tensor<64x64xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected a part of 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' from a multiple of 8 on, but found 'tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' from 56}}
  %p = dsa_tile.extract %x dim = 1 offset = 56 : tensor<64x64xf32, #acc> -> tensor<64x16xf32, #acc>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @extract_negative(%x: tensor<64x64xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected a part of 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' from a multiple of 8 on, but found 'tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' from -8}}
  %p = dsa_tile.extract %x dim = 1 offset = -8 : tensor<64x64xf32, #acc> -> tensor<64x16xf32, #acc>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @extract_multiple(%x: tensor<64x64xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected a part of 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' from a multiple of 8 on, but found 'tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' from 4}}
  %p = dsa_tile.extract %x dim = 1 offset = 4 : tensor<64x64xf32, #acc> -> tensor<64x16xf32, #acc>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @extract_element(%x: tensor<64x64xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected a part of 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' from a multiple of 8 on, but found 'tensor<64x16xbf16, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' from 0}}
  %p = dsa_tile.extract %x dim = 1 offset = 0 : tensor<64x64xf32, #acc> -> tensor<64x16xbf16, #acc>
  return
}

// -----

// The other dimension stays whole.
#shared = #dsa_tile.shared<swizzle = 32>
func.func @extract_other_extent(%x: tensor<64x32xbf16, #shared>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected a part of 'tensor<64x32xbf16, #dsa_tile.shared<swizzle = 32>>' from a multiple of 8 on, but found 'tensor<16x16xbf16, #dsa_tile.shared<swizzle = 32, rows = 16, pitch = 64>>' from 0}}
  %p = dsa_tile.extract %x dim = 0 offset = 0
      : tensor<64x32xbf16, #shared> -> tensor<16x16xbf16, #dsa_tile.shared<swizzle = 32, rows = 16, pitch = 64>>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @extract_rows(%x: tensor<64x64xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected columns of an accumulator that one warpgroup holds, or rows or whole blocks of columns of a tile in one piece of shared memory, but found 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' from 0}}
  %p = dsa_tile.extract %x dim = 0 offset = 0 : tensor<64x64xf32, #acc> -> tensor<64x64xf32, #acc>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
func.func @extract_divided(%x: tensor<64x64xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected columns of an accumulator that one warpgroup holds, or rows or whole blocks of columns of a tile in one piece of shared memory, but found 'tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>>' from 0}}
  %p = dsa_tile.extract %x dim = 1 offset = 0 : tensor<64x64xf32, #acc> -> tensor<64x16xf32, #acc>
  return
}

// -----

// Blocks of columns are 32 wide.
#shared = #dsa_tile.shared<swizzle = 64>
func.func @extract_shared_columns(%x: tensor<64x64xbf16, #shared>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected columns of an accumulator that one warpgroup holds, or rows or whole blocks of columns of a tile in one piece of shared memory, but found 'tensor<64x64xbf16, #dsa_tile.shared<swizzle = 64>>' from 16}}
  %p = dsa_tile.extract %x dim = 1 offset = 16 : tensor<64x64xbf16, #shared> -> tensor<64x32xbf16, #shared>
  return
}

// -----

#pieces = #dsa_tile.shared<swizzle = 32, rows = 16, pitch = 64>
func.func @extract_pieces(%x: tensor<64x16xbf16, #pieces>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected columns of an accumulator that one warpgroup holds, or rows or whole blocks of columns of a tile in one piece of shared memory, but found 'tensor<64x16xbf16, #dsa_tile.shared<swizzle = 32, rows = 16, pitch = 64>>' from 0}}
  %p = dsa_tile.extract %x dim = 0 offset = 0 : tensor<64x16xbf16, #pieces> -> tensor<16x16xbf16, #pieces>
  return
}

// -----

// The whole has 64 rows.
#shared = #dsa_tile.shared<swizzle = 32>
func.func @extract_pitch(%x: tensor<64x16xbf16, #shared>) {
  // expected-error @+1 {{'dsa_tile.extract' op expected layout #dsa_tile.shared<swizzle = 32, rows = 16, pitch = 64>, but found 'tensor<16x16xbf16, #dsa_tile.shared<swizzle = 32>>'}}
  %p = dsa_tile.extract %x dim = 0 offset = 0 : tensor<64x16xbf16, #shared> -> tensor<16x16xbf16, #shared>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @concat_layout(%x: tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>>) {
  // expected-error @+1 {{'dsa_tile.concat' op expected accumulators that one warpgroup holds, but found 'tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>>' and 'tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  %y = dsa_tile.concat %x
      : tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>> -> tensor<64x16xf32, #acc>
  return
}

// -----

#divided = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
func.func @concat_divided(%x: tensor<64x16xf32, #divided>) {
  // expected-error @+1 {{'dsa_tile.concat' op expected accumulators that one warpgroup holds, but found 'tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>>' and 'tensor<64x32xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>>'}}
  %y = dsa_tile.concat %x, %x : tensor<64x16xf32, #divided>, tensor<64x16xf32, #divided> -> tensor<64x32xf32, #divided>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @concat_element(%x: tensor<64x16xbf16, #acc>) {
  // expected-error @+1 {{'dsa_tile.concat' op expected accumulators that one warpgroup holds, but found 'tensor<64x16xbf16, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' and 'tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  %y = dsa_tile.concat %x : tensor<64x16xbf16, #acc> -> tensor<64x16xf32, #acc>
  return
}

// -----

func.func @concat_no_layout(%x: tensor<64x16xf32>) {
  // expected-error @+1 {{'dsa_tile.concat' op expected accumulators that one warpgroup holds, but found 'tensor<64x16xf32>' and 'tensor<64x32xf32>'}}
  %y = dsa_tile.concat %x, %x : tensor<64x16xf32>, tensor<64x16xf32> -> tensor<64x32xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @concat_columns(%x: tensor<64x16xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.concat' op expected 40 columns in all, but found 32}}
  %y = dsa_tile.concat %x, %x : tensor<64x16xf32, #acc>, tensor<64x16xf32, #acc> -> tensor<64x40xf32, #acc>
  return
}

// -----

func.func @mma_a_rows(%a: tensor<32x64xf16>, %b: tensor<64x8xf16>) {
  // expected-error @+1 {{'dsa_tile.mma' op expected a [K, M], b [K, N] and a result [M, N], but found 'tensor<32x64xf16>', 'tensor<64x8xf16>' and 'tensor<64x8xf32>'}}
  %x = dsa_tile.mma %a, %b a_rows b_rows : tensor<32x64xf16>, tensor<64x8xf16> -> tensor<64x8xf32>
  return
}

// -----

func.func @reduce_dim(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected dimension 0 or 1, but found 2}}
  %y = dsa_tile.reduce<max> %x dim = 2 : tensor<64x96xf32> -> tensor<64xf32>
  return
}

// -----

func.func @reduce_columns_group(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected no group of a column, but found 32}}
  %y = dsa_tile.reduce<max> %x group = 32 dim = 0 : tensor<64x96xf32> -> tensor<96x2xf32>
  return
}

// -----

func.func @reduce_columns_shape(%x: tensor<64x96xf32>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected a result of shape [96] and element type 'f32', but found 'tensor<64xf32>'}}
  %y = dsa_tile.reduce<max> %x dim = 0 : tensor<64x96xf32> -> tensor<64xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @reduce_columns_layout(%x: tensor<64x64xf32, #acc>) {
  // expected-error @+1 {{'dsa_tile.reduce' op expected layout #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>> beside}}
  %y = dsa_tile.reduce<max> %x dim = 0 : tensor<64x64xf32, #acc> -> tensor<64xf32, #dsa_tile.slice<1, #acc>>
  return
}

// -----

func.func @stage_shape(%x: tensor<64x16xbf16>) {
  // expected-error @+1 {{'dsa_tile.stage' op expected tiles of 2 dimensions, of one shape and of one element type of 16 bits, but found 'tensor<64x16xbf16>' and 'tensor<64x32xbf16>'}}
  %y = dsa_tile.stage %x : tensor<64x16xbf16> -> tensor<64x32xbf16>
  return
}

// -----

func.func @stage_element(%x: tensor<64x16xf32>) {
  // expected-error @+1 {{'dsa_tile.stage' op expected tiles of 2 dimensions, of one shape and of one element type of 16 bits, but found 'tensor<64x16xf32>' and 'tensor<64x16xf32>'}}
  %y = dsa_tile.stage %x : tensor<64x16xf32> -> tensor<64x16xf32>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
func.func @stage_layout(%x: tensor<64x16xbf16, #acc>) {
  // expected-error @+1 {{'dsa_tile.stage' op expected an accumulator and a tile in one piece of shared memory, but found 'tensor<64x16xbf16, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>' and 'tensor<64x16xbf16, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
  %y = dsa_tile.stage %x : tensor<64x16xbf16, #acc> -> tensor<64x16xbf16, #acc>
  return
}
