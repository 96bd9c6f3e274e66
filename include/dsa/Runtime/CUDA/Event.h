//===- Event.h - A point in a stream of work --------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_CUDA_EVENT_H
#define DSA_RUNTIME_CUDA_EVENT_H

#include "dsa/Runtime/CUDA/Driver.h"

#include <utility>

namespace mlir::dsa::cuda {

class Event {
public:
  enum class Kind : unsigned { Timed = 0, Untimed = 2 };

  static llvm::Expected<Event> create(const Driver &driver, Kind kind) {
    EventHandle handle;
    if (auto error = driver.call(driver.eventCreate, &handle,
                                 static_cast<unsigned>(kind)))
      return std::move(error);
    return Event(driver, handle);
  }
  Event(Event &&other) noexcept
      : driver(other.driver), handle(std::exchange(other.handle, nullptr)) {}
  ~Event() {
    if (handle)
      driver.eventDestroy.pointer(handle);
  }

  /// Behind what the stream has been given so far.
  llvm::Error record(StreamHandle stream) const {
    return driver.call(driver.eventRecord, handle, stream);
  }
  /// What the stream is given from now on waits for what was recorded last.
  llvm::Error makeWait(StreamHandle stream) const {
    return driver.call(driver.streamWaitEvent, stream, handle, 0u);
  }
  /// Of two timed events that have occurred.
  llvm::Expected<float> getMillisecondsSince(const Event &start) const {
    float passed;
    if (auto error =
            driver.call(driver.eventElapsedTime, &passed, start.handle, handle))
      return std::move(error);
    return passed;
  }

private:
  Event(const Driver &driver, EventHandle handle)
      : driver(driver), handle(handle) {}

  const Driver &driver;
  EventHandle handle;
};

} // namespace mlir::dsa::cuda

#endif // DSA_RUNTIME_CUDA_EVENT_H
