//===- Lanes.cpp - Streams beside a stream --------------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/Lanes.h"

using namespace mlir::dsa;
using namespace mlir::dsa::cuda;

Lanes::~Lanes() {
  for (Lane &lane : lanes)
    driver.streamDestroy.pointer(lane.stream);
}

llvm::Error Lanes::makeLanes(size_t count) {
  if (!begin) {
    auto event = Event::create(driver, Event::Kind::Untimed);
    if (!event)
      return event.takeError();
    begin.emplace(std::move(*event));
  }
  // The default stream waits for others unless these say otherwise.
  constexpr unsigned kNonBlocking = 1;
  while (lanes.size() < count) {
    auto end = Event::create(driver, Event::Kind::Untimed);
    if (!end)
      return end.takeError();
    StreamHandle stream;
    if (auto error = driver.call(driver.streamCreate, &stream, kNonBlocking))
      return error;
    lanes.push_back({stream, std::move(*end)});
  }
  return llvm::Error::success();
}

llvm::Expected<StreamHandle> Lanes::Fork::enter(unsigned next, unsigned lane) {
  if (next != repetition)
    if (auto error = join())
      return std::move(error);
  if (!next)
    return stream;
  if (auto error = lanes.makeLanes(lane + 1))
    return std::move(error);
  if (next != repetition)
    if (auto error = lanes.begin->record(stream))
      return std::move(error);
  repetition = next;
  StreamHandle chosen = lanes.lanes[lane].stream;
  used.resize(lanes.lanes.size());
  if (!used[lane])
    if (auto error = lanes.begin->makeWait(chosen))
      return std::move(error);
  used[lane] = true;
  return chosen;
}

llvm::Error Lanes::Fork::join() {
  for (size_t lane = 0; lane < used.size(); ++lane) {
    if (!used[lane])
      continue;
    Lane &joined = lanes.lanes[lane];
    if (auto error = joined.end.record(joined.stream))
      return error;
    if (auto error = joined.end.makeWait(stream))
      return error;
  }
  used.clear();
  repetition = 0;
  return llvm::Error::success();
}
