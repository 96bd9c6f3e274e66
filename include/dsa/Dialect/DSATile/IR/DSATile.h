//===- DSATile.h - The dsa_tile dialect -------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_DSATILE_H
#define DSA_DIALECT_DSATILE_IR_DSATILE_H

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TensorEncoding.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dsa/Dialect/DSATile/IR/DSATileDialect.h.inc"
#include "dsa/Dialect/DSATile/IR/DSATileEnums.h.inc"

#include "dsa/Dialect/DSATile/IR/DSATileAttrInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dsa/Dialect/DSATile/IR/DSATileAttributes.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dsa/Dialect/DSATile/IR/DSATileTypes.h.inc"

#define GET_OP_CLASSES
#include "dsa/Dialect/DSATile/IR/DSATileOps.h.inc"

namespace mlir::dsa_tile {

/// The attribute of an `scf.forall` or `gpu.launch` that is a kernel on tiles.
inline constexpr llvm::StringLiteral kKernelAttrName = "dsa_tile.kernel";

/// The attribute of an `scf.for` by which a block takes programs in turn.
inline constexpr llvm::StringLiteral kProgramsAttrName = "dsa_tile.programs";

/// The attribute of an `scf.for` whose undivided products warpgroups divide
/// among themselves.
inline constexpr llvm::StringLiteral kSplitAttrName = "dsa_tile.split";

/// The layout of a tile in registers, or null.
LayoutAttrInterface getLayout(Type type);
/// The layout of a tile in shared memory, or null.
SharedAttr getSharedLayout(Type type);
/// The same tile with another layout.
RankedTensorType withLayout(Type type, Attribute layout);

/// Reports numbers of warpgroups that no block has.
LogicalResult verifyGroups(function_ref<InFlightDiagnostic()> emitError,
                           int64_t rowGroups, int64_t columnGroups);

/// Reports clusters that not every chip runs, or that do not divide `blocks`.
LogicalResult verifyCluster(function_ref<InFlightDiagnostic()> emitError,
                            int64_t cluster, int64_t blocks);

/// Reports numbers of programs that cannot divide a row's keys, or have no turn
/// of blocks to fill.
LogicalResult verifySplits(function_ref<InFlightDiagnostic()> emitError,
                           int64_t splits, int64_t blocks);

/// The layout of a vector beside a tile of layout `parent`, which is repeated
/// along `dim`. Rows of one row group lie the same way whatever the columns do.
Attribute getSliceLayout(int64_t dim, Attribute parent);

/// The widest pattern in shared memory that the rows of a tile can have.
SharedAttr getWidestSharedLayout(RankedTensorType type);

/// Bytes of a tile's row.
int64_t getRowBytes(RankedTensorType type);

} // namespace mlir::dsa_tile

#endif // DSA_DIALECT_DSATILE_IR_DSATILE_H
