//===- DSATileTypes.td - Channels and products under way -----*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_DSATILETYPES_TD
#define DSA_DIALECT_DSATILE_IR_DSATILETYPES_TD

include "dsa/Dialect/DSATile/IR/DSATileDialect.td"
include "mlir/IR/AttrTypeBase.td"

class DSATile_Type<string name, string typeMnemonic>
    : TypeDef<DSATile_Dialect, name> {
  let mnemonic = typeMnemonic;
}

def DSATile_ChannelType : DSATile_Type<"Channel", "channel"> {
  let summary = "a ring of buffers between loading and computing warps";
  let description = [{
    `slots` buffers in shared memory, each of which holds one tile of every one of
    `tiles`. They are filled and emptied in turn.

    ```mlir
    !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
    ```
  }];
  let parameters = (ins "int64_t":$slots,
                        ArrayRefParameter<"::mlir::RankedTensorType">:$tiles);
  let assemblyFormat = "`<` $slots `x` $tiles `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Bytes of one slot: a multiple of 1024.
    int64_t getSlotBytes() const;
    /// Bytes that arrive in one slot.
    int64_t getCopiedBytes() const;
    /// Where a tile begins in its slot, in bytes.
    int64_t getTileOffset(unsigned number) const;
  }];
}

def DSATile_HandoffType : DSATile_Type<"Handoff", "handoff"> {
  let summary = "a place in shared memory between two warpgroups that compute";
  let description = [{
    Room for one tile of each of `tiles`: for products to read, in a layout of shared memory, or
    numbers of rows, in a slice of an accumulator.

    ```mlir
    !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>,
                      tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::RankedTensorType">:$tiles);
  let assemblyFormat = "`<` $tiles `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Bytes of all tiles: a multiple of 16.
    int64_t getBytes() const;
    /// Where a tile begins, in bytes.
    int64_t getTileOffset(unsigned number) const;
  }];
}

def DSATile_PendingType : DSATile_Type<"Pending", "pending"> {
  let summary = "matrix products that are being computed";
  let description = [{
    The tiles that `dsa_tile.mma_wait` will give. Before that nothing can read them.

    ```mlir
    !dsa_tile.pending<tensor<64x512xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::RankedTensorType">:$tiles);
  let assemblyFormat = "`<` $tiles `>`";
}

#endif // DSA_DIALECT_DSATILE_IR_DSATILETYPES_TD
