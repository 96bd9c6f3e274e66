//===- Slots.h - Which slot an operation gives back -------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_LIB_DIALECT_DSATILE_TRANSFORMS_SLOTS_H
#define DSA_LIB_DIALECT_DSATILE_TRANSFORMS_SLOTS_H

#include "dsa/Dialect/DSATile/IR/DSATile.h"

namespace mlir::dsa_tile {

/// The wait whose slot `release` gives back: slots are released in the order in
/// which they were waited for. Null if it is not in the block.
ChannelWaitOp getWait(ChannelReleaseOp release);

/// The channel in a slot of which a tile lies, which loops may have carried, or
/// null.
Value getChannel(Value tile);

/// The last operation in the block of `op` that uses a result of it, itself or
/// in a region; `op` if there is none.
Operation *getLastUser(Operation *op);

} // namespace mlir::dsa_tile

#endif // DSA_LIB_DIALECT_DSATILE_TRANSFORMS_SLOTS_H
