//===- DSAAttributes.td - Attributes of the dsa dialect ------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_IR_DSAATTRIBUTES_TD
#define DSA_DIALECT_DSA_IR_DSAATTRIBUTES_TD

include "dsa/Dialect/DSA/IR/DSADialect.td"
include "dsa/Dialect/DSA/IR/DSAInterfaces.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

def DSA_ActivationEnum : I32EnumAttr<"Activation",
    "what is applied to a head's dot product before the weighted sum", [
      I32EnumAttrCase<"None", 0, "none">,
      I32EnumAttrCase<"Relu", 1, "relu">,
      I32EnumAttrCase<"HalfAbs", 2, "half_abs">,
    ]> {
  let cppNamespace = "::mlir::dsa";
  let genSpecializedAttr = 0;
}

def DSA_ActivationAttr
    : EnumAttr<DSA_Dialect, DSA_ActivationEnum, "activation"> {
  let assemblyFormat = "`<` $value `>`";
}

class DSA_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<DSA_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

def DSA_LoopScheduleAttr : DSA_Attr<"LoopSchedule", "loop_schedule", [
    DeclareAttrInterfaceMethods<DSA_ScheduleAttrInterface>]> {
  let summary = "tile sizes of the decomposition into loops";
  let description = [{
    The schedule of `dsa-decompose`: `block_rows` rows share one pass over the keys
    (of use to scoring, where a converted tile of keys then serves several rows),
    keys are taken `block_keys` at a time, and work on one row that has an order
    (compaction) is split into `threads` parts.

    ```mlir
    #dsa.loop_schedule<block_rows = 4, block_keys = 64>
    ```
  }];
  let parameters = (ins "int64_t":$blockRows, "int64_t":$blockKeys,
                        DefaultValuedParameter<"int64_t", "1">:$threads);
  let assemblyFormat = [{
    `<` `block_rows` `=` $blockRows `,` `block_keys` `=` $blockKeys
    (`,` `threads` `=` $threads^)? `>`
  }];
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Candidates
//===----------------------------------------------------------------------===//

def DSA_RefusedScheduleAttr : DSA_Attr<"RefusedSchedule", "refused_schedule"> {
  let summary = "a schedule that cannot serve an operation, and why";
  let description = [{
    What `dsa-enumerate-schedules` says of illegal candidates.

    ```mlir
    #dsa.refused_schedule<#dsa_tile.attention_schedule<block_keys = 128, slots = 4, groups = 2>,
                          "needs 294976 bytes of shared memory, sm_90a has 232448">
    ```
  }];
  let parameters = (ins "::mlir::dsa::ScheduleAttrInterface":$schedule,
                        StringRefParameter<"why">:$reason);
  let assemblyFormat = "`<` $schedule `,` $reason `>`";
}

#endif // DSA_DIALECT_DSA_IR_DSAATTRIBUTES_TD
