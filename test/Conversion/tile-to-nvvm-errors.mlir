// What cannot be expressed in instructions.

// RUN: dsa-opt %s -dsa-tile-to-nvvm -split-input-file -verify-diagnostics

// Without roles a product is one of all warpgroups. Its tiles are nothing that a kernel makes.
#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
gpu.module @errors {
  gpu.func @no_roles(%a: tensor<64x16xf16, #shared>, %b: tensor<8x16xf16, #shared>) kernel {
    // expected-error @+2 {{failed to legalize unresolved materialization}}
    // expected-note @+1 {{see existing live user}}
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<8x16xf16, #shared> -> <tensor<64x8xf32, #acc>>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
gpu.module @errors {
  func.func @no_kernel(%a: tensor<64x16xf16, #shared>, %b: tensor<8x16xf16, #shared>) {
    // expected-error @+1 {{'dsa_tile.mma_start' op expected to be in a 'gpu.func'}}
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<8x16xf16, #shared> -> <tensor<64x8xf32, #acc>>
    return
  }
}

// -----

gpu.module @errors {
  gpu.func @no_layout(%m: memref<?x?xf32>, %i: index) kernel {
    // expected-error @+1 {{'dsa_tile.load' op expected tiles in registers, but found 'tensor<64x8xf32>'}}
    %x = dsa_tile.load %m[%i, %i] box = [64, 8] : memref<?x?xf32> -> tensor<64x8xf32>
    gpu.return
  }
}

// -----

gpu.module @errors {
  gpu.func @load_shared(%m: memref<?x?xf32>, %i: index) kernel {
    // expected-error @+1 {{'dsa_tile.load' op expected tiles in registers, but found 'tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>'}}
    %x = dsa_tile.load %m[%i, %i] box = [64, 8] : memref<?x?xf32> -> tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>
    gpu.return
  }
}

// -----

#scatter = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>
gpu.module @errors {
  gpu.func @reduce_scatter(%x: f32) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #scatter>
    // expected-error @+1 {{'dsa_tile.reduce' op expected an accumulator to reduce}}
    %z = dsa_tile.reduce<add> %y : tensor<64x8xf32, #scatter> -> tensor<64xf32, #dsa_tile.slice<1, #scatter>>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
gpu.module @errors {
  gpu.func @small_groups(%x: f32) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x8xf32, #acc>
    // expected-error @+1 {{'dsa_tile.reduce' op expected groups of 4 or of a multiple of 8 columns, but found 2}}
    %z = dsa_tile.reduce<add> %y group = 2 : tensor<64x8xf32, #acc> -> tensor<64x4xf32, #dsa_tile.scatter<#acc>>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>
gpu.module @errors {
  gpu.func @several_warpgroups(%x: f32) kernel {
    %y = dsa_tile.splat %x : f32 -> tensor<64x16xf32, #acc>
    // expected-error @+1 {{'dsa_tile.reduce' op cannot combine columns of several warpgroups}}
    %z = dsa_tile.reduce<add> %y : tensor<64x16xf32, #acc> -> tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<1 x tensor<8x32xf8E4M3FN, #dsa_tile.shared<swizzle = 32>>>
gpu.module @errors {
  gpu.func @no_place() kernel {
    // expected-error @+1 {{'dsa_tile.channel' op expected a place in shared memory: run dsa-tile-allocate-shared}}
    %c = dsa_tile.channel : !channel
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<1 x tensor<8x32xf8E4M3FN, #dsa_tile.shared<swizzle = 32>>>
gpu.module @errors {
  gpu.func @no_roles() kernel {
    // expected-error @+1 {{'dsa_tile.channel' op expected a kernel with roles: run dsa-tile-specialize-warps}}
    %c = dsa_tile.channel offset = 0 barriers = 1024 : !channel
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<1 x tensor<8x32xf8E4M3FN, #dsa_tile.shared<swizzle = 32>>>
gpu.module @errors {
  gpu.func @other_channel(%c: !channel) kernel {
    // expected-error @+1 {{'dsa_tile.channel.acquire' op expected a channel or handoff that the kernel makes}}
    dsa_tile.channel.acquire %c : !channel
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
gpu.module @errors {
  gpu.func @element(%a: tensor<64x8xf32, #shared>) kernel {
    // expected-error @+2 {{'dsa_tile.mma_start' op cannot be computed by wgmma: expected operands of f8E4M3FN, bf16 or f16}}
    // expected-error @+1 {{failed to legalize operation 'dsa_tile.mma_start'}}
    %p = dsa_tile.mma_start %a, %a : tensor<64x8xf32, #shared>, tensor<64x8xf32, #shared> -> <tensor<64x64xf32, #acc>>
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<2 x tensor<16x128xbf16, #dsa_tile.shared<swizzle = 128>>>
!numbers = tensor<16xi32, #dsa_tile.rows<lanes = 8>>
gpu.module @errors {
  gpu.func @gathering_warps(%keys: memref<?x128xbf16>, %number: i32) kernel {
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
      %numbers = dsa_tile.splat %number : i32 -> !numbers
      // expected-error @+2 {{'dsa_tile.gather_copy' op expected 4 warps that load}}
      // expected-error @+1 {{failed to legalize operation 'dsa_tile.gather_copy'}}
      dsa_tile.gather_copy %keys rows %numbers to %c : memref<?x128xbf16>, !numbers, !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>
    gpu.return
  }
}

// -----

// The threads that copy a row have its number, eight of 16 bytes each.
!channel = !dsa_tile.channel<2 x tensor<32x128xbf16, #dsa_tile.shared<swizzle = 128>>>
!numbers = tensor<32xi32, #dsa_tile.rows<lanes = 4>>
gpu.module @errors {
  gpu.func @gathered_numbers(%keys: memref<?x128xbf16>, %number: i32) kernel {
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
      %numbers = dsa_tile.splat %number : i32 -> !numbers
      // expected-error @+2 {{'dsa_tile.gather_copy' op expected numbers of layout #dsa_tile.rows<lanes = 8>, but found 'tensor<32xi32, #dsa_tile.rows<lanes = 4>>'}}
      // expected-error @+1 {{failed to legalize operation 'dsa_tile.gather_copy'}}
      dsa_tile.gather_copy %keys rows %numbers to %c : memref<?x128xbf16>, !numbers, !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
gpu.module @errors {
  gpu.func @columns(%a: tensor<64x16xf16, #shared>, %b: tensor<264x16xf16, #shared>) kernel {
    // expected-error @+2 {{'dsa_tile.mma_start' op cannot be computed by wgmma: expected at most 256 columns for a warpgroup, but found 264}}
    // expected-error @+1 {{failed to legalize operation 'dsa_tile.mma_start'}}
    %p = dsa_tile.mma_start %a, %b : tensor<64x16xf16, #shared>, tensor<264x16xf16, #shared> -> <tensor<64x264xf32, #acc>>
    gpu.return
  }
}

// -----

// Columns of several b are for warpgroups with programs of their own, each of which keeps its own.
#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
gpu.module @errors {
  gpu.func @several_b(%a: tensor<64x16xf16, #shared>, %b: tensor<16x16xf16, #shared>) kernel {
    // expected-error @+2 {{'dsa_tile.mma_start' op cannot be computed by wgmma}}
    // expected-error @+1 {{failed to legalize operation 'dsa_tile.mma_start'}}
    %p = dsa_tile.mma_start %a, %b, %b b_rows
        : tensor<64x16xf16, #shared>, tensor<16x16xf16, #shared>, tensor<16x16xf16, #shared> -> <tensor<64x32xf32, #acc>>
    gpu.return
  }
}

// -----

gpu.module @errors {
  gpu.func @scale_rows(%x: tensor<64x8xf32>, %f: tensor<64xf32>) kernel {
    // expected-error @+1 {{'dsa_tile.scale_rows' op expected tiles in registers, but found 'tensor<64x8xf32>'}}
    %y = dsa_tile.scale_rows %x by %f : tensor<64x8xf32>, tensor<64xf32>
    gpu.return
  }
}

// -----

!handoff = !dsa_tile.handoff<tensor<64x16xbf16, #dsa_tile.shared<swizzle = 32>>>
gpu.module @errors {
  gpu.func @handoff_offset() kernel {
    // expected-error @+1 {{'dsa_tile.handoff' op expected a place in shared memory: run dsa-tile-allocate-shared}}
    %h = dsa_tile.handoff barrier = 3 : !handoff
    gpu.return
  }
}

// -----

!handoff = !dsa_tile.handoff<tensor<64x16xbf16, #dsa_tile.shared<swizzle = 32>>>
gpu.module @errors {
  gpu.func @handoff_barrier() kernel {
    // expected-error @+1 {{'dsa_tile.handoff' op expected a place in shared memory: run dsa-tile-allocate-shared}}
    %h = dsa_tile.handoff offset = 0 : !handoff
    gpu.return
  }
}

// -----

!place = tensor<64x16xbf16, #dsa_tile.shared<swizzle = 32>>
gpu.module @errors {
  gpu.func @other_handoff(%h: !dsa_tile.handoff<!place>) kernel {
    // expected-error @+1 {{'dsa_tile.handoff.take' op expected a channel or handoff that the kernel makes}}
    %p = dsa_tile.handoff.take %h : !dsa_tile.handoff<!place> -> !place
    gpu.return
  }
}

// -----

!channel = !dsa_tile.channel<2 x tensor<16x64xbf16, #dsa_tile.shared<swizzle = 128>>>
!numbers = tensor<16xi32, #dsa_tile.rows<lanes = 8>>
gpu.module @errors {
  gpu.func @gathered_alignment(%keys: memref<?x65xbf16>, %number: i32) kernel {
    %c = dsa_tile.channel offset = 0 barriers = 16384 : !channel
    dsa_tile.warp_specialize load {
      %numbers = dsa_tile.splat %number : i32 -> !numbers
      // expected-error @+2 {{'dsa_tile.gather_copy' op expected rows and a column at multiples of 16 bytes, but found 'memref<?x65xbf16>' and column 1}}
      // expected-error @+1 {{failed to legalize operation 'dsa_tile.gather_copy'}}
      dsa_tile.gather_copy %keys rows %numbers column = 1 to %c : memref<?x65xbf16>, !numbers, !channel
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

gpu.module @errors {
  gpu.func @handoff_groups() kernel {
    // expected-error @+1 {{'dsa_tile.handoff' op expected two warpgroups to pass on tiles}}
    %h = dsa_tile.handoff offset = 0 barrier = 4 : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
    dsa_tile.warp_specialize load {
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 3, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

gpu.module @errors {
  gpu.func @handoff_barrier() kernel {
    // expected-error @+1 {{'dsa_tile.handoff' op expected a named barrier in [1, 15], but found 16}}
    %h = dsa_tile.handoff offset = 0 barrier = 16 : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
    dsa_tile.warp_specialize load {
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

// Barrier 0 is everybody's.
gpu.module @errors {
  gpu.func @handoff_first_barrier() kernel {
    // expected-error @+1 {{'dsa_tile.handoff' op expected a named barrier in [1, 15], but found 0}}
    %h = dsa_tile.handoff offset = 0 barrier = 0 : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
    dsa_tile.warp_specialize load {
    } compute {
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

gpu.module @errors {
  gpu.func @mask_without_layout(%x: tensor<64x8xf32>, %t: tensor<8xi1>) kernel {
    // expected-error @+1 {{'dsa_tile.mask_columns' op expected tiles in registers, but found 'tensor<64x8xf32>'}}
    %y = dsa_tile.mask_columns %x by %t : tensor<64x8xf32>, tensor<8xi1>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
gpu.module @errors {
  gpu.func @reduce_not_all(%x: f32) kernel {
    dsa_tile.warp_specialize load {
    } compute {
      %t = dsa_tile.splat %x : f32 -> tensor<64x16xf32, #acc>
      // expected-error @+1 {{'dsa_tile.reduce' op expected an accumulator whose rows all who compute divide, but found 'tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>'}}
      %r = dsa_tile.reduce<max> %t dim = 0 offset = 0 : tensor<64x16xf32, #acc> -> tensor<16xf32, #dsa_tile.slice<0, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
gpu.module @errors {
  gpu.func @reduce_without_place(%x: f32) kernel {
    dsa_tile.warp_specialize load {
    } compute {
      %t = dsa_tile.splat %x : f32 -> tensor<64x16xf32, #acc>
      // expected-error @+1 {{'dsa_tile.reduce' op expected a place in shared memory: run dsa-tile-allocate-shared}}
      %r = dsa_tile.reduce<max> %t dim = 0 : tensor<64x16xf32, #acc> -> tensor<16xf32, #dsa_tile.slice<0, #acc>>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}

// -----

gpu.module @errors {
  gpu.func @stage_without_layout(%x: tensor<64x16xbf16>) kernel {
    dsa_tile.warp_specialize load {
    } compute {
      // expected-error @+1 {{'dsa_tile.stage' op expected an accumulator whose rows all who compute divide, but found 'tensor<64x16xbf16>'}}
      %s = dsa_tile.stage %x offset = 0 : tensor<64x16xbf16> -> tensor<64x16xbf16>
    } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
    gpu.return
  }
}
