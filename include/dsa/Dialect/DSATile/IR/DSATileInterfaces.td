//===- DSATileInterfaces.td - Interfaces of dsa_tile ---------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_DSATILEINTERFACES_TD
#define DSA_DIALECT_DSATILE_IR_DSATILEINTERFACES_TD

include "mlir/IR/OpBase.td"

def DSATile_LayoutInterface : AttrInterface<"LayoutAttrInterface"> {
  let cppNamespace = "::mlir::dsa_tile";
  let description = [{
    Which elements of a tile each thread holds in registers. Element `i` of a thread
    has the coordinates `origin(thread) + offset(i)`: what depends on the thread and
    what depends on the element add up, so that offsets are known to the compiler.
    A layout may give one element to several threads.
  }];
  let methods = [
    InterfaceMethod<
      "Reports why tiles of this shape cannot have the layout.",
      "::llvm::LogicalResult", "verifyShape",
      (ins "::llvm::ArrayRef<int64_t>":$shape,
           "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError)>,
    InterfaceMethod<
      "The offsets of a thread's elements, in order.",
      "::llvm::SmallVector<::llvm::SmallVector<int64_t>>", "getOffsets",
      (ins "::llvm::ArrayRef<int64_t>":$shape)>,
    InterfaceMethod<
      "The coordinates of a thread's origin, as i32; `thread` is its number among "
      "those who compute.",
      "::llvm::SmallVector<::mlir::Value>", "getOrigin",
      (ins "::mlir::ImplicitLocOpBuilder &":$builder,
           "::llvm::ArrayRef<int64_t>":$shape, "::mlir::Value":$thread)>,
    InterfaceMethod<
      "The least extent that a dimension can have.",
      "int64_t", "getLeastExtent", (ins "unsigned":$dim)>,
  ];
}

#endif // DSA_DIALECT_DSATILE_IR_DSATILEINTERFACES_TD
