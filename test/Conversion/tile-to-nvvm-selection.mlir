// RUN: dsa-opt %s -dsa-tile-to-nvvm -split-input-file -verify-diagnostics | FileCheck %s

!i = tensor<512xi32, #dsa_tile.striped<warps = 4>>
!m = tensor<512xi1, #dsa_tile.striped<warps = 4>>
!f = tensor<512xf32, #dsa_tile.striped<warps = 4>>

!columns = tensor<64xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>

gpu.module @kernels {
  // A thread's four elements, each counted if its mask is true.
  // CHECK-LABEL: gpu.func @histogram(
  // CHECK-COUNT-4: llvm.atomicrmw add %{{.*}}, %{{.*}} syncscope("block") monotonic : !llvm.ptr<3>, i32
  // CHECK-NOT: llvm.atomicrmw
  // CHECK: gpu.return
  gpu.func @histogram(%x_memory: memref<512xi32>, %m_memory: memref<512xi32>) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %zero = arith.constant 0 : index
    %x = dsa_tile.load %x_memory[%zero] box = [512] : memref<512xi32> -> !i
    %m_number = dsa_tile.load %m_memory[%zero] box = [512] : memref<512xi32> -> !i
    %m_limit = arith.constant dense<0> : !i
    %m = arith.cmpi ne, %m_number, %m_limit : !i
    %counts = dsa_tile.scratch offset = 0 : memref<512xi32>
    dsa_tile.histogram %x mask(%m : !m) in %counts : !i, memref<512xi32>
    gpu.return
  }

  // Four counts a thread, summed over lanes and warps; who finds the place tells the others.
  // CHECK-LABEL: gpu.func @search(
  // CHECK: llvm.load %{{.*}} {alignment = 16 : i64} : !llvm.ptr<3> -> vector<4xi32>
  // CHECK-COUNT-5: nvvm.shfl.sync up
  // CHECK: nvvm.shfl.sync idx
  // CHECK: gpu.barrier
  // CHECK-COUNT-2: nvvm.redux.sync add
  // CHECK-COUNT-12: llvm.store
  // CHECK: gpu.barrier
  // CHECK-COUNT-3: llvm.load
  gpu.func @search(%rank: i32, %to: memref<3xi32>) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %c0 = arith.constant 0 : index
    %counts = dsa_tile.scratch offset = 0 : memref<512xi32>
    %p, %b, %c = dsa_tile.search %counts for %rank offset = 2048 : memref<512xi32>
    memref.store %p, %to[%c0] : memref<3xi32>
    memref.store %b, %to[%c0] : memref<3xi32>
    memref.store %c, %to[%c0] : memref<3xi32>
    gpu.return
  }

  // Lanes add up one word, for up to four pieces.
  // CHECK-LABEL: gpu.func @scan(
  // CHECK-COUNT-5: nvvm.shfl.sync up
  // CHECK-NOT: nvvm.shfl.sync up
  // CHECK: gpu.barrier
  // CHECK-COUNT-2: nvvm.redux.sync add
  // CHECK-COUNT-16: memref.store
  gpu.func @scan(%m_memory: memref<2048xi32>, %to: memref<2048xi32>) kernel
      attributes {known_block_size = array<i32: 128, 1, 1>} {
    %zero = arith.constant 0 : index
    %m_number = dsa_tile.load %m_memory[%zero] box = [2048] : memref<2048xi32> -> tensor<2048xi32, #dsa_tile.striped<warps = 4>>
    %m_limit = arith.constant dense<0> : tensor<2048xi32, #dsa_tile.striped<warps = 4>>
    %m = arith.cmpi ne, %m_number, %m_limit : tensor<2048xi32, #dsa_tile.striped<warps = 4>>
    %c0 = arith.constant 0 : index
    %p, %n = dsa_tile.scan %m offset = 0
        : tensor<2048xi1, #dsa_tile.striped<warps = 4>> -> tensor<2048xi32, #dsa_tile.striped<warps = 4>>
    dsa_tile.scatter %p at %p to %to[%c0]
        : tensor<2048xi32, #dsa_tile.striped<warps = 4>>, tensor<2048xi32, #dsa_tile.striped<warps = 4>>, memref<2048xi32>
    gpu.return
  }

  // CHECK-LABEL: gpu.func @scatter(
  // CHECK-COUNT-4: llvm.store %{{.*}}, %{{.*}} : f32, !llvm.ptr<3>
  // CHECK-NOT: llvm.store
  // CHECK: gpu.return
  gpu.func @scatter(%x_memory: memref<512xf32>, %p_memory: memref<512xi32>, %m_memory: memref<512xi32>, %n: index) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %zero = arith.constant 0 : index
    %x = dsa_tile.load %x_memory[%zero] box = [512] : memref<512xf32> -> !f
    %p = dsa_tile.load %p_memory[%zero] box = [512] : memref<512xi32> -> !i
    %m_number = dsa_tile.load %m_memory[%zero] box = [512] : memref<512xi32> -> !i
    %m_limit = arith.constant dense<0> : !i
    %m = arith.cmpi ne, %m_number, %m_limit : !i
    %list = dsa_tile.scratch offset = 0 : memref<1024xf32>
    dsa_tile.scatter %x at %p mask(%m : !m) to %list[%n] : !f, !i, memref<1024xf32>
    gpu.return
  }

  // Pieces of scratch memory are loaded whole where a loop's steps are known to keep them whole.
  // CHECK-LABEL: gpu.func @pieces(
  // CHECK: scf.for
  // CHECK: llvm.load %{{.*}} {alignment = 16 : i64} : !llvm.ptr<3> -> vector<4xf32>
  // CHECK: llvm.store %{{.*}}, %{{.*}} {alignment = 16 : i64} : vector<4xf32>, !llvm.ptr<3>
  // CHECK-COUNT-4: llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr<3> -> f32
  // CHECK-NOT: llvm.load
  // CHECK: gpu.return
  gpu.func @pieces(%n: index, %any: index) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %c0 = arith.constant 0 : index
    %c512 = arith.constant 512 : index
    %list = dsa_tile.scratch offset = 0 : memref<1024xf32>
    scf.for %i = %c0 to %n step %c512 {
      %x = dsa_tile.load %list[%i] box = [512] : memref<1024xf32> -> !f
      dsa_tile.store %x, %list[%c0] : !f, memref<1024xf32>
      %y = dsa_tile.load %list[%any] box = [512] : memref<1024xf32> -> !f
      dsa_tile.store %y, %list[%c0] : !f, memref<1024xf32>
    }
    gpu.return
  }

  // So are the pairs of columns that a thread has of products.
  // CHECK-LABEL: gpu.func @pairs(
  // CHECK-COUNT-8: llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr<3> -> vector<2xf32>
  // CHECK-NOT: llvm.load
  // CHECK: gpu.return
  gpu.func @pairs(%to: memref<64xf32>) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %c0 = arith.constant 0 : index
    %kept = dsa_tile.scratch offset = 0 : memref<64xf32>
    %x = dsa_tile.load %kept[%c0] box = [64] : memref<64xf32> -> !columns
    dsa_tile.store %x, %to[%c0] : !columns, memref<64xf32>
    gpu.return
  }

  // Memory is loaded in pieces if all of the tile is there, at a place where that can be.
  // CHECK-LABEL: gpu.func @wide(
  // CHECK: memref.extract_aligned_pointer_as_index
  // CHECK: scf.if
  // CHECK: vector.load %{{.*}} {alignment = 16 : i64} : memref<?xf32>, vector<4xf32>
  // CHECK: } else {
  // CHECK-COUNT-4: memref.load
  // CHECK-NOT: memref.load
  // CHECK: gpu.return
  gpu.func @wide(%from: memref<?xf32>, %n: index) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %c0 = arith.constant 0 : index
    %list = dsa_tile.scratch offset = 0 : memref<512xf32>
    %x = dsa_tile.load %from[%n] box = [512] : memref<?xf32> -> !f
    dsa_tile.store %x, %list[%c0] : !f, memref<512xf32>
    gpu.return
  }
}

// -----

!i = tensor<512xi32, #dsa_tile.striped<warps = 4>>
gpu.module @kernels {
  gpu.func @no_place(%x_memory: memref<512xi32>) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %zero = arith.constant 0 : index
    %x = dsa_tile.load %x_memory[%zero] box = [512] : memref<512xi32> -> !i
    // expected-error @+1 {{expected a place in shared memory: run dsa-tile-allocate-shared}}
    %counts = dsa_tile.scratch : memref<512xi32>
    dsa_tile.histogram %x in %counts : !i, memref<512xi32>
    gpu.return
  }
}

// -----

gpu.module @kernels {
  gpu.func @no_place_for_sums(%m_memory: memref<512xi32>) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %zero = arith.constant 0 : index
    %m_number = dsa_tile.load %m_memory[%zero] box = [512] : memref<512xi32> -> tensor<512xi32, #dsa_tile.striped<warps = 4>>
    %m_limit = arith.constant dense<0> : tensor<512xi32, #dsa_tile.striped<warps = 4>>
    %m = arith.cmpi ne, %m_number, %m_limit : tensor<512xi32, #dsa_tile.striped<warps = 4>>
    // expected-error @+1 {{expected a place in shared memory: run dsa-tile-allocate-shared}}
    %p, %n = dsa_tile.scan %m : tensor<512xi1, #dsa_tile.striped<warps = 4>> -> tensor<512xi32, #dsa_tile.striped<warps = 4>>
    gpu.return
  }
}

// -----

gpu.module @kernels {
  gpu.func @other_user() kernel {
    %c0 = arith.constant 0 : index
    %counts = dsa_tile.scratch offset = 0 : memref<512xi32>
    // expected-error @+1 {{cannot use scratch memory of a kernel on tiles}}
    %x = memref.load %counts[%c0] : memref<512xi32>
    gpu.return
  }
}

// -----

!i = tensor<512xi32, #dsa_tile.striped<warps = 4>>
gpu.module @kernels {
  gpu.func @other_counts(%x_memory: memref<512xi32>, %counts: memref<512xi32>) kernel {
    %zero = arith.constant 0 : index
    %x = dsa_tile.load %x_memory[%zero] box = [512] : memref<512xi32> -> !i
    // expected-error @+1 {{expected counts in scratch memory}}
    dsa_tile.histogram %x in %counts : !i, memref<512xi32>
    gpu.return
  }
}

// -----

gpu.module @kernels {
  gpu.func @threads(%rank: i32) kernel {
    %counts = dsa_tile.scratch offset = 0 : memref<512xi32>
    // expected-error @+1 {{expected to be in a 'gpu.func' of known block size, with whole warps}}
    %p, %b, %c = dsa_tile.search %counts for %rank offset = 2048 : memref<512xi32>
    gpu.return
  }
}

// -----

gpu.module @kernels {
  gpu.func @counts(%rank: i32) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %counts = dsa_tile.scratch offset = 0 : memref<100xi32>
    // expected-error @+1 {{expected a multiple of 128 counts, but found 'memref<100xi32>'}}
    %p, %b, %c = dsa_tile.search %counts for %rank offset = 2048 : memref<100xi32>
    gpu.return
  }
}

// -----

!m = tensor<64xi1, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>
!i = tensor<64xi32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>
gpu.module @kernels {
  gpu.func @layout(%m_memory: memref<64xi32>) kernel attributes {known_block_size = array<i32: 128, 1, 1>} {
    %zero = arith.constant 0 : index
    %m_number = dsa_tile.load %m_memory[%zero] box = [64] : memref<64xi32> -> !i
    %m_limit = arith.constant dense<0> : !i
    %m = arith.cmpi ne, %m_number, %m_limit : !i
    // expected-error @+1 {{expected a striped tile to scan}}
    %p, %n = dsa_tile.scan %m offset = 0 : !m -> !i
    gpu.return
  }
}
