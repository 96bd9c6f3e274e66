//===- DSAInterfaces.td - Interfaces of the dsa dialect ------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_IR_DSAINTERFACES_TD
#define DSA_DIALECT_DSA_IR_DSAINTERFACES_TD

include "mlir/IR/OpBase.td"

def DSA_RowOpInterface : OpInterface<"RowOpInterface"> {
  let cppNamespace = "::mlir::dsa";
  let description = [{
    An operation whose rows (query tokens) are independent of one another. It says
    which dimension of each operand counts rows; tiling and buffer slicing follow.
  }];
  let methods = [
    InterfaceMethod<
      "The dimension of operand `number` that counts rows; none if all rows share "
      "the operand.",
      "::std::optional<int64_t>", "getRowDim", (ins "unsigned":$number)>,
  ];
}

def DSA_ScheduleAttrInterface : AttrInterface<"ScheduleAttrInterface"> {
  let cppNamespace = "::mlir::dsa";
  let description = [{
    How one operation is to be executed. The dialect owns this interface; each
    backend owns the attributes that implement it. A schedule sits on its
    operation, so that dumped IR reproduces its kernel.
  }];
  let methods = [
    InterfaceMethod<
      "Reports through `emitError` why the schedule cannot serve `op`.",
      "::llvm::LogicalResult", "verifyFor",
      (ins "::mlir::Operation *":$op,
           "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError)>,
  ];
}

#endif // DSA_DIALECT_DSA_IR_DSAINTERFACES_TD
