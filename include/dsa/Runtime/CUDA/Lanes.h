//===- Lanes.h - Streams beside a stream ------------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_LANES_H
#define DSA_RUNTIME_CUDA_LANES_H

#include "dsa/Runtime/CUDA/Event.h"

#include <optional>
#include <vector>

namespace mlir::dsa::cuda {

/// Streams for launches of concurrent repetitions. They are made when they are
/// first needed, and may still have work when others are given more.
class Lanes {
public:
  explicit Lanes(const Driver &driver) : driver(driver) {}
  Lanes(const Lanes &) = delete;
  ~Lanes();

  /// The lanes of one run, beside the stream that it is for. One at a time, as
  /// long as it launches.
  class Fork {
  public:
    Fork(Lanes &lanes, StreamHandle stream) : lanes(lanes), stream(stream) {}

    /// The stream for the next launch: that of a lane of a repetition, whose
    /// work waits for what was launched before the repetition; or that of the
    /// run, whose work waits for all lanes, where `repetition` is 0.
    llvm::Expected<StreamHandle> enter(unsigned repetition, unsigned lane);
    /// The run's stream waits for all lanes.
    llvm::Error join();

  private:
    Lanes &lanes;
    StreamHandle stream;
    unsigned repetition = 0;
    /// Which lanes have work of the repetition.
    std::vector<bool> used;
  };

private:
  struct Lane {
    StreamHandle stream;
    Event end;
  };
  llvm::Error makeLanes(size_t count);

  const Driver &driver;
  std::optional<Event> begin;
  std::vector<Lane> lanes;
};

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_LANES_H
