//===- Passes.td - Conversions to GPU kernels ----------------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_CONVERSION_PASSES_TD
#define DSA_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttachTargetPass : Pass<"dsa-attach-target", "::mlir::ModuleOp"> {
  let summary = "Say what chip a module is compiled for";
  let description = [{
    Sets `dsa.target = #nvvm.target<…>` on the module, with the least PTX version
    that knows the chip. Kernels made from the module inherit it. Reports an unknown
    chip.
  }];
  let options = [
    Option<"chip", "chip", "std::string", /*default=*/"\"sm_80\"",
           "The chip, such as sm_90a.">,
  ];
  let dependentDialects = [
    "::mlir::dsa::DSADialect", "::mlir::NVVM::NVVMDialect"
  ];
}

def DSAToTilePass : Pass<"dsa-to-tile"> {
  let summary = "Operations with a schedule for tiles as kernels on tiles";
  let description = [{
    Expands each operation on memrefs whose `schedule` is one of the `dsa_tile` dialect into an
    `scf.forall` over programs, one for each block of rows and part of the keys, whose body
    works on tiles. Destinations that no program writes (keys outside of all bounds)
    are filled by a loop over rows. A selection whose schedule has `candidates` becomes one kernel, which
    scores and lists; what its region computes beside the scores is done before it. Where several programs
    divide what a row has, scores of top-k or listed keys of attention, they leave results in memory,
    which another kernel merges. Other operations are left for `dsa-decompose`.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::dsa_tile::DSATileDialect", "::mlir::gpu::GPUDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def TileToLinalgPass : Pass<"dsa-tile-to-linalg"> {
  let summary = "Kernels on tiles as structured operations on tensors";
  let description = [{
    Rewrites the tile form, in which tiles are tensors without layouts, into upstream
    operations: a load reads element by element and gives zero outside of the memory, a
    store is a loop over the tile, arithmetic is `linalg` with products and sums in f32.
    So kernels run on a CPU, where their numbers can be checked without a GPU. A store
    whose mask promises to be `inside` of the memory asserts that it is (`cf.assert`).
    Loops and branches copy tiles that they yield into one place each, so that
    `one-shot-bufferize` gives them one buffer.

    Elementwise arithmetic stays as it is, for `convert-elementwise-to-linalg`.
    Reports tiles that have layouts, and operations of the later forms.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
}

def ProgramsToBlocksPass : Pass<"dsa-programs-to-blocks", "::mlir::ModuleOp"> {
  let summary = "Launch kernels on tiles";
  let description = [{
    Turns every `scf.forall` that is a kernel on tiles (`dsa_tile.kernel`) into a `gpu.launch` with
    its warpgroups that compute, and its warps that load. Its blocks take programs in turn where
    the kernel limits their number. A `dsa_tile.workspace` becomes a block's part of memory that is
    allocated before the launch. Kernels are named `<function>_tiles_<number>`, in
    `gpu.module @kernels`, which inherits the module's `dsa.target`.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::gpu::GPUDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def TileToNVVMPass : Pass<"dsa-tile-to-nvvm"> {
  let summary = "Kernels on tiles as the instructions of a Hopper GPU";
  let description = [{
    Inside `gpu.func`: a tile in registers becomes a vector of the elements that a thread
    holds, one in shared memory its address, a channel buffers and barriers
    (`mbarrier`) with a place and a phase for each role, a matrix product `wgmma`, a copy
    `cp.async.bulk.tensor`. Roles are branches on the number of the warpgroup, with
    registers moved from those who load to those who compute.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::gpu::GPUDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect",
    "::mlir::NVVM::NVVMDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def PassTensorMapsPass : Pass<"dsa-pass-tensor-maps"> {
  let summary = "Pass tensor maps to kernels by value";
  let description = [{
    Marks the arguments of kernels that copies use as tensor maps: 128 bytes, passed by
    value (`llvm.byval`), and read where they lie (`nvvm.grid_constant`).
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ExpandCopiesPass : Pass<"dsa-expand-copies"> {
  let summary = "Copies of memory as structured operations";
  let description = [{
    Turns each `memref.copy` into a `linalg` operation. Its own lowering calls a
    run-time library where memory is strided.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def LinalgToParallelPass : Pass<"dsa-linalg-to-parallel"> {
  let summary = "Structured operations on memrefs as parallel loops";
  let description = [{
    Turns each `linalg` operation on memrefs into an `scf.parallel` loop over its
    parallel dimensions. Reductions are sequential loops inside that carry their
    accumulator as a value.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def RowsToBlocksPass : Pass<"dsa-rows-to-blocks", "::mlir::ModuleOp"> {
  let summary = "Give each iteration of a parallel loop over rows to a thread block";
  let description = [{
    Each `scf.forall`, and each `scf.parallel` outside of one, becomes a `gpu.launch`
    whose blocks take its iterations in turn. The grid is bounded, so that memory
    reserved for each block is too; a grid of size zero stands for no launch. All
    threads of a block run the body: `dsa-loops-to-threads` divides it.

    Kernels are named `<function>_<number>`, in one `gpu.module @kernels` that
    inherits the module's `dsa.target`.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::gpu::GPUDialect", "::mlir::scf::SCFDialect"
  ];
}

def LoopsToThreadsPass : Pass<"dsa-loops-to-threads"> {
  let summary = "Divide the loops within a row among the threads of its block";
  let description = [{
    Inside `gpu.launch`: `scf.parallel` loops are strided over the threads, their sums
    are combined across the block, and other stores are left to one thread. Barriers
    stand around everything that writes, so that every thread sees the same
    memory wherever it reads; `gpu-eliminate-barriers` removes those that order
    nothing. Other loops and branches are run by all threads alike.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::gpu::GPUDialect", "::mlir::scf::SCFDialect"
  ];
}

def PlaceScratchPass : Pass<"dsa-place-scratch"> {
  let summary = "Give scratch memory of kernels a place";
  let description = [{
    Each allocation inside `gpu.launch` becomes shared memory if it is static and
    there is room (48 KiB a block, smallest first), and otherwise a part of a
    workspace that is allocated before the launch, one part a block. Reports scratch
    whose size is not known before the launch.
  }];
  let dependentDialects = [
    "::mlir::gpu::GPUDialect", "::mlir::memref::MemRefDialect"
  ];
}

def CarryElementsPass : Pass<"dsa-carry-elements"> {
  let summary = "Carry elements, not vectors, through loops and branches";
  let description = [{
    Where loops and branches of kernels carry or give vectors with elements of 32 bits, they carry
    the elements, so that what takes vectors apart meets what put them together. Later passes,
    LLVM's above all, would look at thousands of elements that nobody needs as a vector.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect",
    "::mlir::vector::VectorDialect"
  ];
}

def FreeRegistersPass : Pass<"dsa-free-registers"> {
  let summary = "Let each thread have the registers that it needs";
  let description = [{
    Asks for one block a processor (`nvvm.minctasm = 1`) on kernels that do not say how
    many. Without a word, the assembler spills a few registers to fit more blocks, which here would wait
    for the same memory.
  }];
}

def DeviceMathPass : Pass<"dsa-device-math"> {
  let summary = "Exponentials and logarithms by the device's instructions";
  let description = [{
    Inside GPU modules, rewrites `math.exp2`, `math.exp`, `math.log`, `math.absf` and
    `math.fma` on f32 into what the chip computes itself (`ex2.approx`, `lg2.approx`,
    `abs`, `fma`), so that no device library is needed.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect"
  ];
}

def CheckKernelsPass : Pass<"dsa-check-kernels"> {
  let summary = "Refuse kernels with parts that no GPU can run";
  let description = [{
    Reports what upstream conversions leave behind in kernels without a word: parallel
    loops that were not mapped, allocations, calls of functions that the module does
    not define, unconverted operations.
  }];
}

#endif // DSA_CONVERSION_PASSES_TD
