//===- DSATileAttributes.td - Layouts and roles --------------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSATILE_IR_DSATILEATTRIBUTES_TD
#define DSA_DIALECT_DSATILE_IR_DSATILEATTRIBUTES_TD

include "dsa/Dialect/DSATile/IR/DSATileDialect.td"
include "dsa/Dialect/DSATile/IR/DSATileInterfaces.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/TensorEncoding.td"
include "mlir/IR/EnumAttr.td"

class DSATile_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<DSATile_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

//===----------------------------------------------------------------------===//
// Layouts in registers
//===----------------------------------------------------------------------===//

class DSATile_Layout<string name, string attrMnemonic>
    : DSATile_Attr<name, attrMnemonic, [
        DeclareAttrInterfaceMethods<VerifiableTensorEncoding>,
        DeclareAttrInterfaceMethods<DSATile_LayoutInterface>]> {
  let genVerifyDecl = 1;
}

def DSATile_AccumulatorAttr : DSATile_Layout<"Accumulator", "accumulator"> {
  let summary = "the result of a warpgroup's matrix product";
  let description = [{
    Threads hold a tile as `wgmma` leaves it (PTX ISA, "Register fragments and shared
    memory matrix layouts"): rows in groups of 64, one to a warpgroup, columns in
    groups of eight, four lanes to a row. The tile is divided among
    `row_groups × column_groups` warpgroups, numbered along columns first. Rows:
    `64 · row_groups`; columns: a multiple of `8 · column_groups`.

    ```mlir
    tensor<64x512xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 4>>
    ```
  }];
  let parameters = (ins "int64_t":$rowGroups, "int64_t":$columnGroups);
  let assemblyFormat = [{
    `<` `row_groups` `=` $rowGroups `,` `column_groups` `=` $columnGroups `>`
  }];
}

def DSATile_SliceAttr : DSATile_Layout<"Slice", "slice"> {
  let summary = "a tile with one dimension fewer";
  let description = [{
    Threads hold those elements of a vector that they need beside a tile of layout
    `parent` when the vector is repeated along dimension `dim`: what `expand` takes and
    `reduce` gives.

    ```mlir
    tensor<512xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>
    ```
  }];
  let parameters = (ins "int64_t":$dim, "::mlir::Attribute":$parent);
  let assemblyFormat = "`<` $dim `,` $parent `>`";
  let extraClassDeclaration = [{
    ::mlir::dsa_tile::LayoutAttrInterface getParentLayout() const;
    /// The shape of the smallest tile that a vector of this shape goes with.
    ::llvm::SmallVector<int64_t> getParentShape(::llvm::ArrayRef<int64_t> shape) const;
  }];
}

def DSATile_ScatterAttr : DSATile_Layout<"Scatter", "scatter"> {
  let summary = "sums over groups of columns, each held by one lane";
  let description = [{
    What is left of an accumulator when groups of adjacent columns have become one
    each. The four lanes that shared a row divide the results: lane bit 0 says which
    of the thread's two rows, bit 1 the parity of the column. Needs an even number of
    columns for each warpgroup.

    ```mlir
    tensor<64x8xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>
    ```
  }];
  let parameters = (ins "::mlir::dsa_tile::AccumulatorAttr":$parent);
  let assemblyFormat = "`<` qualified($parent) `>`";
}

def DSATile_LanesAttr : DSATile_Layout<"Lanes", "lanes"> {
  let summary = "a vector that each warp holds, an element to a lane";
  let description = [{
    Lane `l` of every warp holds the elements `l`, `l + 32`, …: what a warp reads from
    memory at once. Elements: a multiple of 32.

    ```mlir
    tensor<64xi32, #dsa_tile.lanes>
    ```
  }];
  let genVerifyDecl = 0;
}

def DSATile_RowsAttr : DSATile_Layout<"Rows", "rows"> {
  let summary = "a number for each row that the threads of a warpgroup copy";
  let description = [{
    `lanes` neighbouring threads of a warpgroup copy a row together, and all of them hold its
    number: thread `t` those of the rows `t / lanes`, `t / lanes + 128 / lanes`, …. Elements: a
    multiple of `128 / lanes`.

    ```mlir
    tensor<64xi32, #dsa_tile.rows<lanes = 8>>
    ```
  }];
  let parameters = (ins "int64_t":$lanes);
  let assemblyFormat = "`<` `lanes` `=` $lanes `>`";
}

def DSATile_StripedAttr : DSATile_Layout<"Striped", "striped"> {
  let summary = "a vector in pieces, lane after lane";
  let description = [{
    Each of `warps` warps holds a share of the vector that lies together. Its lanes take
    pieces of four elements in turn, so that a load of a piece is one instruction and
    those of a warp adjoin. The extent: a multiple of `128 · warps`.

    ```mlir
    tensor<4096xf32, #dsa_tile.striped<warps = 16>>
    ```
  }];
  let parameters = (ins "int64_t":$warps);
  let assemblyFormat = "`<` `warps` `=` $warps `>`";
  let extraClassDeclaration = [{
    /// Elements of a piece.
    static constexpr int64_t kPiece = 4;
  }];
}

//===----------------------------------------------------------------------===//
// Layouts in shared memory
//===----------------------------------------------------------------------===//

def DSATile_SharedAttr : DSATile_Attr<"Shared", "shared", [
    DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let summary = "a tile in shared memory, as the matrix units read it";
  let description = [{
    Blocks of columns, each `swizzle` bytes wide, follow one another; within a block,
    rows do. The 16-byte pieces of a row are permuted by the row's number
    (PTX ISA, "Swizzling modes"), 32, 64 or 128 bytes at a time. Rows: a multiple of
    eight; the bytes of a row: a multiple of `swizzle`.

    With `rows` and `pitch`, each `rows` rows begin `pitch` rows after those before,
    with others in between.

    ```mlir
    tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>
    ```
  }];
  let parameters = (ins "int64_t":$swizzle,
                        DefaultValuedParameter<"int64_t", "0">:$rows,
                        DefaultValuedParameter<"int64_t", "0">:$pitch);
  let assemblyFormat = [{
    `<` `swizzle` `=` $swizzle (`,` `rows` `=` $rows^ `,` `pitch` `=` $pitch)? `>`
  }];
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

def DSATile_KernelAttr : DSATile_Attr<"Kernel", "kernel"> {
  let summary = "how the warps of a block share its program";
  let description = [{
    `row_groups × column_groups` warpgroups compute, and `load_warps` warps more load: one
    thread of them does where the copy engine takes whole boxes. With `registers =
    [l, c]`, those who load leave registers to those who compute: `l` and `c` for each
    thread; this needs a whole warpgroup (4 warps) that loads. Without warps that load (0), all
    run one program, and bring what they need themselves. With `ordered`, they issue
    matrix products in turn, so that one computes on its results while the next
    multiplies; warpgroups that divide tiles have turns of their own. At most `blocks` blocks run,
    each taking programs in turn; 0: a block a program. `cluster` blocks that follow one another
    run at the same time on neighbouring processors.

    On an `scf.forall` mapped to blocks this marks the tile form of a kernel:

    ```mlir
    scf.forall (%i) in (%n) { … } {
      dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4,
          load_warps = 1, blocks = 132, ordered = true>,
      mapping = [#gpu.block<x>]}
    ```
  }];
  let parameters = (ins "int64_t":$row_groups, "int64_t":$column_groups,
                        "int64_t":$load_warps, "int64_t":$blocks,
                        OptionalParameter<"::mlir::DenseI64ArrayAttr">:$registers,
                        DefaultValuedParameter<"bool", "false">:$ordered,
                        DefaultValuedParameter<"int64_t", "1">:$cluster);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t getGroups() const { return getRowGroups() * getColumnGroups(); }
    /// Threads of a block: those who compute, then those who load.
    int64_t getThreads() const { return 128 * getGroups() + 32 * getLoadWarps(); }
  }];
}

def DSATile_ReductionEnum : I32EnumAttr<"Reduction", "how elements are combined", [
    I32EnumAttrCase<"Add", 0, "add">,
    I32EnumAttrCase<"Max", 1, "max">,
  ]> {
  let cppNamespace = "::mlir::dsa_tile";
  let genSpecializedAttr = 0;
}
def DSATile_ReductionAttr
    : EnumAttr<DSATile_Dialect, DSATile_ReductionEnum, "reduction"> {
  let assemblyFormat = "`<` $value `>`";
}

#endif // DSA_DIALECT_DSATILE_IR_DSATILEATTRIBUTES_TD
