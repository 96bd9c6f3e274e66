//===- DSA.h - The dsa dialect ----------------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_IR_DSA_H
#define DSA_DIALECT_DSA_IR_DSA_H

#include "dsa/Dialect/DSA/IR/Clauses.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dsa/Dialect/DSA/IR/DSADialect.h.inc"
#include "dsa/Dialect/DSA/IR/DSAEnums.h.inc"

#include "dsa/Dialect/DSA/IR/DSAAttrInterfaces.h.inc"
#include "dsa/Dialect/DSA/IR/DSAOpInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dsa/Dialect/DSA/IR/DSAAttributes.h.inc"

namespace mlir::dsa {
/// The attribute of a function argument or result that names it for tools.
inline constexpr llvm::StringLiteral kNameAttrName = "dsa.name";
/// The attribute of a module that says what chip it is compiled for.
inline constexpr llvm::StringLiteral kTargetAttrName = "dsa.target";
/// The attributes of an operation that list schedules which could serve it, and
/// which could not.
inline constexpr llvm::StringLiteral kSchedulesAttrName = "dsa.schedules";
inline constexpr llvm::StringLiteral kRefusedSchedulesAttrName =
    "dsa.refused_schedules";
/// The attribute of the `gpu.module` that kernels are put into.
inline constexpr llvm::StringLiteral kKernelModuleAttrName = "dsa.kernels";
} // namespace mlir::dsa

#define GET_OP_CLASSES
#include "dsa/Dialect/DSA/IR/DSAOps.h.inc"

#endif // DSA_DIALECT_DSA_IR_DSA_H
