//===- Patterns.h - Kernels on tiles as instructions ------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_CONVERSION_TILETONVVM_PATTERNS_H
#define DSA_LIB_CONVERSION_TILETONVVM_PATTERNS_H

#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mlir::dsa {

/// Tiles in registers as vectors, tiles in shared memory and handoffs as
/// addresses (i32), a channel as places in memory that registers will replace:
/// which slot and phase its roles have reached.
class TileTypeConverter : public TypeConverter {
public:
  TileTypeConverter();

  /// What patterns must know of the kernel around them.
  struct Kernel {
    /// The warpgroup of the thread, as i32: computed once, at the beginning, in
    /// a way that tells the assembler that a warp has but one.
    Value warpgroup;
    /// The first thread that loads, and how many do.
    int64_t firstLoader = 0;
    int64_t loadThreads = 0;
    /// Whether all threads that load run the `load` region, rather than one,
    /// because some channel is filled row by row.
    bool gathers = false;
  };
  const Kernel &getKernel(Operation *op) const;
  Kernel &addKernel(gpu::GPUFuncOp kernel) { return kernels[kernel]; }

  /// Whether a channel is filled row by row, by all threads that load.
  bool isGathered(Value channel) const { return gathered.contains(channel); }
  void addGathered(Value channel) { gathered.insert(channel); }

private:
  DenseMap<Operation *, Kernel> kernels;
  DenseSet<Value> gathered;
};

/// A pattern that knows the kernel it is in.
template <typename Op> class TilePattern : public OpConversionPattern<Op> {
public:
  using OpConversionPattern<Op>::OpConversionPattern;

protected:
  const TileTypeConverter &getConverter() const {
    return *this->template getTypeConverter<TileTypeConverter>();
  }
  Value getWarpgroup(Op op) const {
    return getConverter().getKernel(op).warpgroup;
  }
};

void populateTileArithmeticPatterns(const TileTypeConverter &converter,
                                    RewritePatternSet &patterns);
void populateTileChannelPatterns(const TileTypeConverter &converter,
                                 RewritePatternSet &patterns);
void populateTileColumnPatterns(const TileTypeConverter &converter,
                                RewritePatternSet &patterns);
void populateTileGatherPatterns(const TileTypeConverter &converter,
                                RewritePatternSet &patterns);
void populateTileHandoffPatterns(const TileTypeConverter &converter,
                                 RewritePatternSet &patterns);
void populateTileMaskPatterns(const TileTypeConverter &converter,
                              RewritePatternSet &patterns);
void populateTileMemoryPatterns(const TileTypeConverter &converter,
                                RewritePatternSet &patterns);
void populateTileMmaPatterns(const TileTypeConverter &converter,
                             RewritePatternSet &patterns);

/// Loads of pairs of 16-bit elements; others are for the patterns of memory.
void populateTilePairLoadPatterns(const TileTypeConverter &converter,
                                  RewritePatternSet &patterns);

void populateTilePartPatterns(const TileTypeConverter &converter,
                              RewritePatternSet &patterns);
void populateTileRolePatterns(const TileTypeConverter &converter,
                              RewritePatternSet &patterns);

void populateTileSelectionPatterns(const TileTypeConverter &converter,
                                   RewritePatternSet &patterns);

void populateTileShortlistPatterns(const TileTypeConverter &converter,
                                   RewritePatternSet &patterns);
void populateTileShortlistEndPatterns(const TileTypeConverter &converter,
                                      RewritePatternSet &patterns);

/// Loads from and stores to scratch memory; others are for those of memory.
void populateTileScratchPatterns(const TileTypeConverter &converter,
                                 RewritePatternSet &patterns);

/// Loads of striped tiles from memory; others are for the patterns of memory.
void populateTileWideLoadPatterns(const TileTypeConverter &converter,
                                  RewritePatternSet &patterns);

/// Stores of rows of 16-bit elements; others are for the patterns of memory.
void populateTileWideStorePatterns(const TileTypeConverter &converter,
                                   RewritePatternSet &patterns);

/// What runs beside a channel in its kernel: its roles, or null.
dsa_tile::WarpSpecializeOp findRoles(dsa_tile::ChannelOp op);

/// The dynamic shared memory of a kernel, which begins at a multiple of 1024.
inline constexpr llvm::StringLiteral kSharedName = "dsa_tile_shared";

//===----------------------------------------------------------------------===//
// Channels
//===----------------------------------------------------------------------===//

/// How far one role has come in a channel: a slot and a phase, in memory.
class Progress {
public:
  Progress(ImplicitLocOpBuilder &b, Value pointer) : b(b), pointer(pointer) {}

  static Value create(ImplicitLocOpBuilder &b);

  Value getSlot() { return load(0); }
  Value getPhase() { return load(1); }
  void advance(int64_t slots);

private:
  Value getPlace(int32_t number);
  Value load(int32_t number);
  void store(int32_t number, Value value);
  void mark(Operation *access);

  ImplicitLocOpBuilder &b;
  Value pointer;
};

/// The parts of a channel, for one role.
class ChannelParts {
public:
  ChannelParts(ImplicitLocOpBuilder &b, Value channel, Value progress)
      : b(b), op(channel.getDefiningOp<dsa_tile::ChannelOp>()),
        type(cast<dsa_tile::ChannelType>(channel.getType())),
        progress(b, progress) {}

  dsa_tile::ChannelType getType() const { return type; }
  Progress &getProgress() { return progress; }

  /// The address of the current slot.
  Value getBuffer();
  Value getFull() { return getBarrier(0); }
  Value getEmpty() { return getBarrier(type.getSlots()); }
  /// Waits until the current slot is empty.
  void waitForEmpty();

private:
  Value at(int64_t offset, Value number, int64_t stride);
  Value getBarrier(int64_t first);

  ImplicitLocOpBuilder &b;
  dsa_tile::ChannelOp op;
  dsa_tile::ChannelType type;
  Progress progress;
};

/// Which of the values that stand for a channel is which role's: those who
/// load, and those who compute, as they wait for slots and release them. The
/// last two are the same where each slot is released before the next is waited
/// for.
enum Role { Load = 0, Wait = 1, Release = 2 };

//===----------------------------------------------------------------------===//
// Places in memory
//===----------------------------------------------------------------------===//

/// The coordinates of an element, `offset` behind the thread's first one.
SmallVector<Value> getCoordinates(ImplicitLocOpBuilder &b,
                                  ArrayRef<Value> origin,
                                  ArrayRef<int64_t> offset);
/// Where in memory the element of a tile at `coordinates` belongs; the tile is
/// the box that begins at `indices`. `condition`, which may be null, also asks
/// that there is memory, unless that is known.
SmallVector<Value> getPlaces(ImplicitLocOpBuilder &b, Value memref,
                             ValueRange indices, ArrayRef<int64_t> box,
                             ArrayRef<Value> coordinates, Value &condition);

/// Bytes of a row in shared memory that stay together.
inline constexpr int64_t kPieceBytes = 16;
/// Where the pattern of a tile in shared memory puts a row's piece.
Value permutePiece(ImplicitLocOpBuilder &b, RankedTensorType tile, Value row,
                   Value piece);

/// Element `number` of scratch memory that has a place.
Value getScratchPlace(ImplicitLocOpBuilder &b, dsa_tile::ScratchOp scratch,
                      Value number);

//===----------------------------------------------------------------------===//
// Small pieces of code
//===----------------------------------------------------------------------===//

/// An address in shared memory, or in that of the cluster, as a pointer.
Value toPointer(ImplicitLocOpBuilder &b, Value address,
                NVVM::NVVMMemorySpace space);
/// Builds `body` for the first thread that loads.
void inFirstLoader(ImplicitLocOpBuilder &b,
                   const TileTypeConverter::Kernel &kernel,
                   function_ref<void()> body);

/// Writes the elements of a tile in registers where products read it, as the
/// layout of `place` says, from address `begin` on.
void storeShared(ImplicitLocOpBuilder &b, RankedTensorType tile,
                 RankedTensorType place, Value begin, Value vector);
/// Lets products, which read memory by another way, see what was stored.
void fenceShared(ImplicitLocOpBuilder &b);

/// Where all who compute meet; handoffs have barriers below.
inline constexpr int64_t kMeetingBarrier = 15;

/// Waits at a named barrier until as many threads have arrived.
void synchronize(ImplicitLocOpBuilder &b, Value barrier, int64_t threads);

/// The threads of the blocks that run `op`, whole warps in one dimension; 0 if
/// the kernel around it does not say that.
int64_t getBlockThreads(Operation *op);

Value createI32(ImplicitLocOpBuilder &b, int64_t value);
/// The thread's number in its block, as i32.
Value getThread(ImplicitLocOpBuilder &b);
/// The same, read here: LLVM does not know that it is always the same, so that
/// nothing that depends on it is kept in registers from before a loop.
Value readThread(ImplicitLocOpBuilder &b);
/// The sum or the larger one.
Value combine(ImplicitLocOpBuilder &b, dsa_tile::Reduction kind, Value left,
              Value right);
/// The value of the lane whose number differs in the bits of `mask`.
Value exchangeLanes(ImplicitLocOpBuilder &b, Value value, int64_t mask);
/// A vector's elements, and a vector of them.
SmallVector<Value> unpack(ImplicitLocOpBuilder &b, Value vector);
Value pack(ImplicitLocOpBuilder &b, ArrayRef<Value> elements);
/// For each of the thread's elements of a tile, its element of the vector that
/// is repeated along `dim`.
SmallVector<Value> repeat(ArrayRef<Value> vector, RankedTensorType from,
                          RankedTensorType to, int64_t dim);
/// A vector's elements of 16 bits, two to a register.
SmallVector<Value> unpackPairs(ImplicitLocOpBuilder &b, Value vector);
/// The elements of a struct that inline assembly gives.
SmallVector<Value> unpackStruct(ImplicitLocOpBuilder &b, Value value,
                                unsigned count);
/// An i32 address `offset` bytes into the kernel's shared memory.
Value getSharedAddress(ImplicitLocOpBuilder &b, int64_t offset);

/// Where a tile's row lies, in bytes from its first one; of a dimension of
/// columns, where its next block does.
int64_t getRowOffset(RankedTensorType tile, int64_t row);
int64_t getBlockStride(RankedTensorType tile);
/// Where a tile's column lies, in bytes from its first one.
int64_t getColumnOffset(RankedTensorType tile, int64_t column);

} // namespace mlir::dsa

#endif // DSA_LIB_CONVERSION_TILETONVVM_PATTERNS_H
