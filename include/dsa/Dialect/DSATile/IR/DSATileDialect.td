//===- DSATileDialect.td - The dsa_tile dialect --------------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_DSATILEDIALECT_TD
#define DSA_DIALECT_DSATILE_IR_DSATILEDIALECT_TD

include "mlir/IR/DialectBase.td"

def DSATile_Dialect : Dialect {
  let name = "dsa_tile";
  let cppNamespace = "::mlir::dsa_tile";
  let summary = "how a kernel works on tiles";
  let description = [{
    Kernels as operations on tiles: small tensors of static shape that the threads of
    a block hold together, in registers or in shared memory. The dialect says only
    what upstream dialects cannot: loads of boxes, matrix products of tiles,
    reductions and broadcasts along a dimension, buffers that one group of warps fills
    and others read. All other arithmetic on tiles is `arith` and `math` on tensors,
    and control flow is `scf`. Nothing here knows about attention.

    A kernel goes through these forms, each checked by the verifiers:

    * The *tile form*: an `scf.forall` mapped to blocks (`#gpu.block<x>`) with a
      `dsa_tile.kernel` attribute, whose body is the program of one block, in
      order, on tensors without a layout. `dsa-tile-to-linalg` runs it on a CPU.
    * With *layouts*: each tensor's encoding says which thread holds which element, or
      how it lies in shared memory.
    * *Specialised*: loads into shared memory have become channels, and a
      `dsa_tile.warp_specialize` has one region for those who load and one for those
      who compute.

    Kernels may be launched in a loop on the host, an `scf.for`. With `dsa_tile.concurrent = n : i64` (1 to 64) its iterations are
    independent: up to `n` may run at the same time, each with memory of its own for what the loop allocates.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
  let useDefaultAttributePrinterParser = 1;
  let useDefaultTypePrinterParser = 1;
  let hasOperationAttrVerify = 1;
}

#endif // DSA_DIALECT_DSATILE_IR_DSATILEDIALECT_TD
