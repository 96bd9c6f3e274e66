// Every error of layouts, types and attributes.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file

//===----------------------------------------------------------------------===//
// accumulator
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected 1 to 7 warpgroups that compute, but found 0 x 4}}
func.func private @accumulator_none() attributes {test.a = #dsa_tile.accumulator<row_groups = 0, column_groups = 4>}

// -----

// expected-error @+1 {{expected 1 to 7 warpgroups that compute, but found 1 x -1}}
func.func private @accumulator_negative() attributes {test.a = #dsa_tile.accumulator<row_groups = 1, column_groups = -1>}

// -----

// expected-error @+1 {{expected 1 to 7 warpgroups that compute, but found 2 x 4}}
func.func private @accumulator_many() attributes {test.a = #dsa_tile.accumulator<row_groups = 2, column_groups = 4>}

// -----

// expected-error @+1 {{expected 1 to 7 warpgroups that compute, but found 4294967296 x 4294967296}}
func.func private @accumulator_overflow() attributes {test.a = #dsa_tile.accumulator<row_groups = 4294967296, column_groups = 4294967296>}

// -----

// expected-error @+1 {{expected a tile of 2 dimensions, but found 1}}
func.func private @accumulator_rank(tensor<64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>)

// -----

// expected-error @+1 {{expected 128 rows, but found 64}}
func.func private @accumulator_rows(tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 2, column_groups = 1>>)

// -----

// expected-error @+1 {{expected a multiple of 16 columns, but found 24}}
func.func private @accumulator_columns(tensor<64x24xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 2>>)

// -----

// expected-error @+1 {{expected a multiple of 8 columns, but found 0}}
func.func private @accumulator_empty(tensor<64x0xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>)

// -----

// expected-error @+1 {{expected at most 1024 columns, but found 4294967296}}
func.func private @accumulator_wide(tensor<64x4294967296xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>)

// -----

// expected-error @+1 {{expected a tile of static shape}}
func.func private @accumulator_dynamic(tensor<64x?xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>)

// -----

//===----------------------------------------------------------------------===//
// slice
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected dimension 0 or 1, but found 2}}
func.func private @slice_dim() attributes {test.a = #dsa_tile.slice<2, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>}

// -----

// expected-error @+1 {{expected dimension 0 or 1, but found -1}}
func.func private @slice_negative() attributes {test.a = #dsa_tile.slice<-1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>}

// -----

// expected-error @+1 {{expected a layout of a tile in registers, but found #dsa_tile.shared<swizzle = 32>}}
func.func private @slice_parent() attributes {test.a = #dsa_tile.slice<0, #dsa_tile.shared<swizzle = 32>>}

// -----

// expected-error @+1 {{expected a tile of 1 dimensions, but found 2}}
func.func private @slice_rank(tensor<64x8xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected a multiple of 8 columns, but found 12}}
func.func private @slice_columns(tensor<12xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected 64 rows, but found 32}}
func.func private @slice_rows(tensor<32xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected a tile of static shape}}
func.func private @slice_dynamic(tensor<?xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected a tile of 1 dimensions, but found 2}}
func.func private @slice_of_slice(tensor<8xf32, #dsa_tile.slice<0, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>)

// -----

//===----------------------------------------------------------------------===//
// scatter
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected a tile of 2 dimensions, but found 1}}
func.func private @scatter_rank(tensor<64xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected 64 rows, but found 32}}
func.func private @scatter_rows(tensor<32x2xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected a multiple of 2 columns, but found 3}}
func.func private @scatter_columns(tensor<64x3xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected a multiple of 4 columns, but found 6}}
func.func private @scatter_groups(tensor<64x6xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 2>>>)

// -----

// expected-error @+1 {{expected a multiple of 2 columns, but found 0}}
func.func private @scatter_empty(tensor<64x0xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected at most 1024 columns, but found 1026}}
func.func private @scatter_wide(tensor<64x1026xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected a tile of static shape}}
func.func private @scatter_dynamic(tensor<?x2xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

//===----------------------------------------------------------------------===//
// lanes, rows
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected a tile of 1 dimensions, but found 2}}
func.func private @lanes_rank(tensor<64x32xi32, #dsa_tile.lanes>)

// -----

// expected-error @+1 {{expected a multiple of 32 elements, but found 48}}
func.func private @lanes_count(tensor<48xi32, #dsa_tile.lanes>)

// -----

// expected-error @+1 {{expected a multiple of 32 elements, but found 0}}
func.func private @lanes_empty(tensor<0xi32, #dsa_tile.lanes>)

// -----

// expected-error @+1 {{expected a tile of static shape}}
func.func private @lanes_dynamic(tensor<?xi32, #dsa_tile.lanes>)

// -----

// expected-error @+1 {{expected a power of 2 of at most 32 lanes, but found 0}}
func.func private @rows_no_lanes() attributes {test.a = #dsa_tile.rows<lanes = 0>}

// -----

// expected-error @+1 {{expected a power of 2 of at most 32 lanes, but found 12}}
func.func private @rows_lanes() attributes {test.a = #dsa_tile.rows<lanes = 12>}

// -----

// expected-error @+1 {{expected a power of 2 of at most 32 lanes, but found 64}}
func.func private @rows_many_lanes() attributes {test.a = #dsa_tile.rows<lanes = 64>}

// -----

// expected-error @+1 {{expected a tile of 1 dimensions, but found 2}}
func.func private @rows_rank(tensor<16x1xi32, #dsa_tile.rows<lanes = 8>>)

// -----

// expected-error @+1 {{expected a multiple of 16 elements, but found 24}}
func.func private @rows_count(tensor<24xi32, #dsa_tile.rows<lanes = 8>>)

// -----

// expected-error @+1 {{expected a multiple of 32 elements, but found 0}}
func.func private @rows_empty(tensor<0xi32, #dsa_tile.rows<lanes = 4>>)

// -----

// expected-error @+1 {{expected a tile of static shape}}
func.func private @rows_dynamic(tensor<?xi32, #dsa_tile.rows<lanes = 8>>)

// -----

//===----------------------------------------------------------------------===//
// shared
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected swizzle to be 32, 64 or 128, but found 16}}
func.func private @shared_swizzle() attributes {test.a = #dsa_tile.shared<swizzle = 16>}

// -----

// expected-error @+1 {{expected rows and pitch to be multiples of 8, with pitch at least rows, but found 12 and 24}}
func.func private @shared_rows() attributes {test.a = #dsa_tile.shared<swizzle = 32, rows = 12, pitch = 24>}

// -----

// expected-error @+1 {{expected rows and pitch to be multiples of 8, with pitch at least rows, but found 16 and 8}}
func.func private @shared_pitch() attributes {test.a = #dsa_tile.shared<swizzle = 32, rows = 16, pitch = 8>}

// -----

// expected-error @+1 {{expected rows and pitch to be multiples of 8, with pitch at least rows, but found 8 and 12}}
func.func private @shared_pitch_multiple() attributes {test.a = #dsa_tile.shared<swizzle = 32, rows = 8, pitch = 12>}

// -----

// expected-error @+1 {{expected rows and pitch to be multiples of 8, with pitch at least rows, but found 0 and 8}}
func.func private @shared_no_rows() attributes {test.a = #dsa_tile.shared<swizzle = 32, rows = 0, pitch = 8>}

// -----

// expected-error @+1 {{expected rows and pitch to be multiples of 8, with pitch at least rows, but found -8 and 8}}
func.func private @shared_negative() attributes {test.a = #dsa_tile.shared<swizzle = 32, rows = -8, pitch = 8>}

// -----

// expected-error @+1 {{expected a tile in shared memory to have 2 dimensions, but found 3}}
func.func private @shared_rank(tensor<2x8x32xf32, #dsa_tile.shared<swizzle = 32>>)

// -----

// expected-error @+1 {{expected rows of a multiple of 64 bytes, but found 96}}
func.func private @shared_row(tensor<8x24xf32, #dsa_tile.shared<swizzle = 64>>)

// -----

// expected-error @+1 {{expected rows of a multiple of 64 bytes, but found 0}}
func.func private @shared_empty(tensor<8x0xf32, #dsa_tile.shared<swizzle = 64>>)

// -----

// expected-error @+1 {{expected a multiple of 8 rows, but found 12}}
func.func private @shared_eight_rows(tensor<12x32xf32, #dsa_tile.shared<swizzle = 64>>)

// -----

// expected-error @+1 {{expected a multiple of 16 rows, but found 24}}
func.func private @shared_whole_pieces(tensor<24x32xf32, #dsa_tile.shared<swizzle = 64, rows = 16, pitch = 32>>)

// -----

// expected-error @+1 {{expected a tile of static shape}}
func.func private @shared_dynamic(tensor<?x32xf32, #dsa_tile.shared<swizzle = 64>>)

// -----

// expected-error @+1 {{expected elements that are numbers, but found 'index'}}
func.func private @shared_element(tensor<8x32xindex, #dsa_tile.shared<swizzle = 64>>)

// -----

//===----------------------------------------------------------------------===//
// kernel
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected 1 to 7 warpgroups that compute, but found 0 x 1}}
func.func private @kernel_no_groups() attributes {test.a = #dsa_tile.kernel<row_groups = 0, column_groups = 1, load_warps = 1, blocks = 0>}

// -----

// expected-error @+1 {{expected 1 to 7 warpgroups that compute, but found 2 x 4}}
func.func private @kernel_groups() attributes {test.a = #dsa_tile.kernel<row_groups = 2, column_groups = 4, load_warps = 1, blocks = 0>}

// -----

// expected-error @+1 {{expected 1 to 7 warpgroups that compute, but found 4294967296 x 4294967296}}
func.func private @kernel_overflow() attributes {test.a = #dsa_tile.kernel<row_groups = 4294967296, column_groups = 4294967296, load_warps = 1, blocks = 0>}

// -----

// expected-error @+1 {{expected 0 to 4 warps that load, but found 5}}
func.func private @kernel_loads() attributes {test.a = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 5, blocks = 0>}

// -----

// expected-error @+1 {{expected blocks to be 0 or more, but found -1}}
func.func private @kernel_blocks() attributes {test.a = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = -1>}

// -----

// expected-error @+1 {{expected registers of 4 warps that load and of those who compute, but found [32] and 4 warps}}
func.func private @kernel_registers_of_one() attributes {test.a = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0, registers = [32]>}

// -----

// expected-error @+1 {{expected registers of 4 warps that load and of those who compute, but found [32, 112] and 1 warps}}
func.func private @kernel_registers_of_warps() attributes {test.a = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0, registers = [32, 112]>}

// -----

// expected-error @+1 {{expected registers to be a multiple of 8 in [24, 256], but found 16}}
func.func private @kernel_few_registers() attributes {test.a = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0, registers = [16, 112]>}

// -----

// expected-error @+1 {{expected registers to be a multiple of 8 in [24, 256], but found 264}}
func.func private @kernel_many_registers() attributes {test.a = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0, registers = [32, 264]>}

// -----

// expected-error @+1 {{expected registers to be a multiple of 8 in [24, 256], but found 100}}
func.func private @kernel_odd_registers() attributes {test.a = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0, registers = [32, 100]>}

// -----

// expected-error @+1 {{expected clusters of 1 to 8 blocks, but found 0}}
func.func private @kernel_no_cluster() attributes {test.a = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0, cluster = 0>}

// -----

// expected-error @+1 {{expected clusters of 1 to 8 blocks, but found 9}}
func.func private @kernel_cluster() attributes {test.a = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0, cluster = 9>}

// -----

//===----------------------------------------------------------------------===//
// channel
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected 1 to 256 slots, but found 0}}
func.func private @channel_slots(!dsa_tile.channel<0 x tensor<8x32xf32, #dsa_tile.shared<swizzle = 64>>>)

// -----

// expected-error @+1 {{expected tiles in shared memory, but found 'tensor<64x8xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
func.func private @channel_registers(!dsa_tile.channel<2 x tensor<64x8xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// expected-error @+1 {{expected tiles in shared memory, but found 'tensor<64x8xf32>'}}
func.func private @channel_no_layout(!dsa_tile.channel<2 x tensor<64x8xf32>>)

// -----

//===----------------------------------------------------------------------===//
// handoff
//===----------------------------------------------------------------------===//

// expected-error @+1 {{expected tiles in shared memory or numbers of rows, but found 'tensor<64x8xf32>'}}
func.func private @handoff_no_layout(!dsa_tile.handoff<tensor<64x8xf32>>)

// -----

// expected-error @+1 {{expected tiles in shared memory or numbers of rows, but found 'tensor<64x8xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
func.func private @handoff_registers(!dsa_tile.handoff<tensor<64x8xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>)

// -----

// The second one, of columns' numbers.
// expected-error @+1 {{expected tiles in shared memory or numbers of rows, but found 'tensor<8xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
func.func private @handoff_columns(!dsa_tile.handoff<tensor<8x16xf32, #dsa_tile.shared<swizzle = 64>>, tensor<8xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>)

// -----

// expected-error @+1 {{expected tiles in one piece, but found 'tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128, rows = 32, pitch = 64>>'}}
func.func private @handoff_pieces() -> !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128, rows = 32, pitch = 64>>>

// -----

// expected-error @+1 {{expected elements of 16 or 32 bits, but found 'tensor<64xi1, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>'}}
func.func private @handoff_bits() -> !dsa_tile.handoff<tensor<64xi1, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>

// -----

// expected-error @+1 {{expected blocks to be a multiple of cluster, or 0, but found 131 and 2}}
func.func private @kernel_cluster() attributes {k = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 131, cluster = 2>}

// -----

// expected-error @+1 {{expected 1 to 256 slots, but found 4294967296}}
func.func private @channel_many_slots(!dsa_tile.channel<4294967296 x tensor<8x32xf32, #dsa_tile.shared<swizzle = 64>>>)

// -----

// expected-error @+1 {{expected a tile of at most 262144 bytes, but found 4294967296 × 4294967296 elements of 16 bits}}
func.func private @shared_large(tensor<4294967296x4294967296xbf16, #dsa_tile.shared<swizzle = 128>>)

// -----

// expected-error @+1 {{expected at most 16384 elements, but found 2147483648}}
func.func private @rows_large(tensor<2147483648xi32, #dsa_tile.rows<lanes = 8>>)
