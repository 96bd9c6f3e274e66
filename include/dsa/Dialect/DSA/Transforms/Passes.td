//===- Passes.td - Passes over the dsa dialect ---------------*- tablegen -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===------------------------------------------------------------------------===//

#ifndef DSA_DIALECT_DSA_TRANSFORMS_PASSES_TD
#define DSA_DIALECT_DSA_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def FuseSelectionPass : Pass<"dsa-fuse-selection"> {
  let summary = "Fuse scores and top-k into a selection";
  let description = [{
    Rewrites `dsa.topk` of scores that nothing else uses into `dsa.select`, whose
    region computes them: the `T×N` score matrix need not exist then. Elementwise
    `linalg` operations between scorer and top-k move along. A scorer without bounds
    gets those of the top-k. The result is the same.

    ```mlir
    %s = dsa.index_scores<relu> ins(%q, %k : …) outs(%init : …) -> tensor<?x?xf32>
    %i, %n = dsa.topk ins(%s : tensor<?x?xf32>) outs(…) -> …
    ```
    becomes
    ```mlir
    %i, %n = dsa.select outs(…) scores {
      %e = tensor.empty(%t, %keys) : tensor<?x?xf32>
      %s = dsa.index_scores<relu> ins(%q, %k : …) outs(%e : …) -> tensor<?x?xf32>
      dsa.yield %s : tensor<?x?xf32>
    } -> …
    ```
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}


def AssertSizesPass : Pass<"dsa-assert-sizes"> {
  let summary = "Assert that operands agree about their sizes";
  let description = [{
    Before each operation on memrefs, asserts (`cf.assert`) that operands which share
    a size have the same one, where types do not say so already. For code that is
    called from outside with sizes that nobody has compared.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::memref::MemRefDialect"
  ];
}

def AssignSchedulePass : Pass<"dsa-assign-schedule"> {
  let summary = "Give a default schedule to every operation without one";
  let description = [{
    Sets the `schedule` of operations that have none to the default
    `#dsa.loop_schedule` of the target: tiles for the cache of a processor core, or
    for the shared memory of a thread block.
  }];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"cpu\"",
           "What will run the loops: 'cpu' or 'gpu'.">,
  ];
  let dependentDialects = ["::mlir::dsa::DSADialect"];
}

def EnumerateSchedulesPass : Pass<"dsa-enumerate-schedules"> {
  let summary = "List the schedules that operations could have";
  let description = [{
    Lists on each operation, as `dsa.schedules`, those schedules of the spaces that backends
    document which can serve it on the chip that the module's `dsa.target` names; with `with-illegal`
    also, as `dsa.refused_schedules`, those which cannot, and why. It leaves the operation's `schedule`
    alone, and operations without a space. Verifiers and `dsa-tile-assign-schedules` ask the
    same code whether a schedule is legal. A remark of category `dsa-schedule` counts.

    ```mlir
    dsa.attention scale = 1.0 ins(%q, %k : …) outs(%o, %l : …)
        {dsa.schedules = [#dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 1>, …]}
    ```
  }];
  let options = [
    Option<"withIllegal", "with-illegal", "bool", /*default=*/"false",
           "Also list what is not legal, with the reason.">,
  ];
}

def ExpandVariantsPass : Pass<"dsa-expand-variants"> {
  let summary = "Branch on sizes where schedules depend on them";
  let description = [{
    Turns each operation on memrefs whose `schedule` is `#dsa.variants` into one operation for
    each of the schedules, in branches (`scf.if`) on its numbers of rows and keys. Static sizes
    choose at once. What a selection scores takes the schedule of all other sizes.

    ```mlir
    dsa.topk ins(%s : memref<?x?xf32>)
        schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_keys = 1023>, #a>], otherwise = #b>) …
    ```
    becomes
    ```mlir
    %keys = memref.dim %s, %c1 : memref<?x?xf32>
    %few = arith.cmpi sle, %keys, %c1023 : index
    scf.if %few {
      dsa.topk ins(%s : memref<?x?xf32>) schedule(#a) …
    } else {
      dsa.topk ins(%s : memref<?x?xf32>) schedule(#b) …
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def DecomposePass : Pass<"dsa-decompose"> {
  let summary = "Expand dsa operations on memrefs into loops over static tiles";
  let description = [{
    Expands each operation into a parallel loop over rows (`scf.forall`) whose body
    works on tiles of static shape in scratch memory: `linalg` operations for the
    arithmetic, `scf` and `memref` for what depends on data (bounds, lists). Loops
    within a row whose iterations are independent are `scf.parallel`: a target may
    give a row to one thread or to many.
    Attention keeps a running maximum and sum per head, so that no list of logits is
    stored; selection keeps the scores of `block_rows` rows. Tile sizes are those of
    the operation's `#dsa.loop_schedule`, or the defaults.

    The result holds allocations without deallocations: run the
    buffer-deallocation pipeline after it. Operations must be on memrefs;
    others are reported.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def SerializeThreadsPass : Pass<"dsa-serialize-threads"> {
  let summary = "Run the loops within a row one iteration after another";
  let description = [{
    Turns each `scf.parallel` inside an `scf.forall` into nested `scf.for` loops that
    carry its reductions: for a CPU, where one thread has a whole row.
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect"];
}

def StripNamesPass : Pass<"dsa-strip-names"> {
  let summary = "Remove the names of function arguments and results";
  let description = [{
    Removes `dsa.name` from functions. Tools read the names before compilation;
    translation to LLVM IR knows nothing of them.
  }];
}

def CheckVectorsPass : Pass<"dsa-check-vectors"> {
  let summary = "Refuse vectors that are too large to be lowered";
  let description = [{
    Reports values that are vectors of more than 1,024 rows (all dimensions but the
    last) or 8,192 elements. Upstream conversions turn a vector into an operation for
    each of its rows, and code generation a row into as many registers as it takes:
    without an end for very large ones. Pipelines begin with it.
  }];
}

def VectorizePass : Pass<"dsa-vectorize"> {
  let summary = "Write structured operations on static memrefs as loops over vectors";
  let description = [{
    Replaces each `linalg` operation on memrefs of static shape whose body is
    elementwise by loops over vectors. The dimension that is contiguous in memory
    becomes vectors; reductions are loops that carry their accumulators as values,
    several rows of them at once, so that they stay in registers. What is left over
    at the end of a dimension uses narrower vectors. Operations without such a form
    (dynamic extents, transpositions) are left alone.
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "unsigned", /*default=*/"256",
           "Width of the target's vector registers.">,
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

def ExpandFloat8Pass : Pass<"dsa-expand-float8"> {
  let summary = "Convert eight-bit floats by integer arithmetic";
  let description = [{
    Rewrites `arith.extf` from f8E4M3FN, on scalars and vectors, into integer
    operations and one subtraction: exact for all 256 values, subnormals and NaN
    among them. Likewise `arith.truncf` to f8E4M3FN from types of at most 32 bits:
    to nearest even, and to NaN from what then is larger than 448. For targets
    without a conversion instruction.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def ApproximateMathPass : Pass<"dsa-approximate-math"> {
  let summary = "Evaluate exponentials by polynomials";
  let description = [{
    Rewrites `math.exp2` and `math.exp`, on scalars and vectors of f32, into
    arithmetic: a vector of them is otherwise a library call for each element.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
    "::mlir::vector::VectorDialect"
  ];
}

#endif // DSA_DIALECT_DSA_TRANSFORMS_PASSES_TD
