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
    (compaction) is split into `threads` parts. Scoring divides the keys into chunks of
    `chunk_keys`, a multiple of `block_keys`, which are independent of one another as rows
    are; 0, the default, is one chunk.

    ```mlir
    #dsa.loop_schedule<block_rows = 4, block_keys = 64>
    ```
  }];
  let parameters = (ins "int64_t":$block_rows, "int64_t":$block_keys,
                        DefaultValuedParameter<"int64_t", "1">:$threads,
                        DefaultValuedParameter<"int64_t", "0">:$chunk_keys);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Schedules by run-time size
//===----------------------------------------------------------------------===//

def DSA_SizesAttr : DSA_Attr<"Sizes", "sizes"> {
  let summary = "a range of rows and one of keys";
  let description = [{
    Operations with `least_rows` to `most_rows` rows (`T`) and `least_keys` to `most_keys`
    keys (`N`), both ends included. What is not given is no limit.

    ```mlir
    #dsa.sizes<most_rows = 63, least_keys = 65536>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "0">:$least_rows,
                        DefaultValuedParameter<"int64_t", "INT64_MAX">:$most_rows,
                        DefaultValuedParameter<"int64_t", "0">:$least_keys,
                        DefaultValuedParameter<"int64_t", "INT64_MAX">:$most_keys);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Whether the sizes of `other` are among these.
    bool contains(SizesAttr other) const;
    bool dependsOnRows() const;
    bool dependsOnKeys() const;
  }];
}

def DSA_VariantAttr : DSA_Attr<"Variant", "variant"> {
  let summary = "a schedule for some sizes";
  let description = [{
    ```mlir
    #dsa.variant<#dsa.sizes<most_rows = 63>, #dsa.loop_schedule<block_rows = 1, block_keys = 64>>
    ```
  }];
  let parameters = (ins "::mlir::dsa::SizesAttr":$sizes,
                        "::mlir::dsa::ScheduleAttrInterface":$schedule);
  let assemblyFormat = "`<` qualified($sizes) `,` $schedule `>`";
  let genVerifyDecl = 1;
}

def DSA_VariantsAttr : DSA_Attr<"Variants", "variants", [
    DeclareAttrInterfaceMethods<DSA_ScheduleAttrInterface>]> {
  let summary = "schedules of which sizes choose one";
  let description = [{
    The schedule of the first of `variants` among whose sizes the operation's are, else
    `otherwise`. `dsa-expand-variants` turns the operation into one for each schedule, and
    branches. What a selection scores, row by row, takes `otherwise`.

    ```mlir
    #dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 63>,
                                #dsa.loop_schedule<block_rows = 1, block_keys = 64>>],
                  otherwise = #dsa.loop_schedule<block_rows = 4, block_keys = 64>>
    ```

    Legal where all of its schedules are, and the operation has the sizes that decide.
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::dsa::VariantAttr">:$variants,
                        "::mlir::dsa::ScheduleAttrInterface":$otherwise);
  let assemblyFormat = [{
    `<` `[` qualified($variants) `]` `,` `otherwise` `=` $otherwise `>`
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
