//===- Patterns.h - Kernels on tiles as instructions -------------*- C++
//-*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_TILETONVVM_PATTERNS_H
#define DSA_LIB_CONVERSION_TILETONVVM_PATTERNS_H

#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mlir::dsa {

/// Tiles in registers as vectors, tiles in shared memory as addresses (i32), a
/// channel as two places in memory that registers will replace: which slot and
/// phase those who load, and those who compute, have reached.
class TileTypeConverter : public TypeConverter {
public:
  TileTypeConverter();

  /// The warpgroup of the thread, as i32: computed once, at the beginning of a
  /// kernel, in a way that tells the assembler that a warp has but one.
  Value getWarpgroup(Operation *op) const;
  void setWarpgroup(gpu::GPUFuncOp kernel, Value warpgroup) {
    warpgroups[kernel] = warpgroup;
  }

private:
  DenseMap<Operation *, Value> warpgroups;
};

/// A pattern that knows the kernel it is in.
template <typename Op> class TilePattern : public OpConversionPattern<Op> {
public:
  using OpConversionPattern<Op>::OpConversionPattern;

protected:
  Value getWarpgroup(Op op) const {
    return this->template getTypeConverter<TileTypeConverter>()->getWarpgroup(
        op);
  }
};

void populateTileArithmeticPatterns(const TileTypeConverter &converter,
                                    RewritePatternSet &patterns);
void populateTileChannelPatterns(const TileTypeConverter &converter,
                                 RewritePatternSet &patterns);
void populateTileMemoryPatterns(const TileTypeConverter &converter,
                                RewritePatternSet &patterns);
void populateTileMmaPatterns(const TileTypeConverter &converter,
                             RewritePatternSet &patterns);
void populateTileRolePatterns(const TileTypeConverter &converter,
                              RewritePatternSet &patterns);

/// What runs beside a channel in its kernel: its roles, or null.
dsa_tile::WarpSpecializeOp findRoles(dsa_tile::ChannelOp op);

/// The dynamic shared memory of a kernel, which begins at a multiple of 1024.
inline constexpr llvm::StringLiteral kSharedName = "dsa_tile_shared";

//===----------------------------------------------------------------------===//
// Small pieces of code
//===----------------------------------------------------------------------===//

Value createI32(ImplicitLocOpBuilder &b, int64_t value);
/// The thread's number in its block, as i32.
Value getThread(ImplicitLocOpBuilder &b);
/// A vector's elements, and a vector of them.
SmallVector<Value> unpack(ImplicitLocOpBuilder &b, Value vector);
Value pack(ImplicitLocOpBuilder &b, ArrayRef<Value> elements);
/// The elements of a struct that inline assembly gives.
SmallVector<Value> unpackStruct(ImplicitLocOpBuilder &b, Value value,
                                unsigned count);
/// An i32 address `offset` bytes into the kernel's shared memory.
Value getSharedAddress(ImplicitLocOpBuilder &b, int64_t offset);

/// Where a tile's row lies, in bytes from its first one; of a dimension of
/// columns, where its next block does.
int64_t getRowOffset(RankedTensorType tile, int64_t row);
int64_t getBlockStride(RankedTensorType tile);

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_TILETONVVM_PATTERNS_H
