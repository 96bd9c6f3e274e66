//===- Driver.cpp - The CUDA driver, loaded at run time -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CUDA/Driver.h"

#include <dlfcn.h>

using namespace mlir::dsa::cuda;
using llvm::StringRef;

/// Finds a function's symbol; its pointer stays null if there is none.
template <typename... Parameters>
static bool find(void *handle, DriverFunction<Parameters...> &function) {
  function.pointer = reinterpret_cast<decltype(function.pointer)>(
      dlsym(handle, function.symbol));
  return function.pointer;
}

llvm::Expected<std::unique_ptr<Driver>> Driver::load(StringRef library) {
  std::unique_ptr<Driver> driver(new Driver);
  const std::string name = library.str();
  void *handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    // The loader begins most of its messages with the name.
    StringRef why = dlerror();
    why.consume_front(name + ": ");
    return llvm::createStringError(
        "cannot load %s: %s: is the CUDA driver installed?", name.c_str(),
        why.str().c_str());
  }
  const char *missing = nullptr;
  auto require = [&](auto &function) {
    if (!find(handle, function) && !missing)
      missing = function.symbol;
  };
  require(driver->getErrorName);
  require(driver->getErrorString);
#define DSA_CUDA_FUNCTION(NAME, SYMBOL, ...) require(driver->NAME);
#define DSA_CUDA_LATER_FUNCTION(NAME, SYMBOL, ...) find(handle, driver->NAME);
#include "dsa/Runtime/CUDA/DriverFunctions.def"
  if (missing)
    return llvm::createStringError(
        "expected the driver of CUDA 11 or later, found a %s without %s",
        name.c_str(), missing);
  if (auto error = driver->call(driver->init, 0))
    return std::move(error);
  return driver;
}

llvm::Error Driver::check(const char *symbol, Status status) const {
  if (status == kSuccess)
    return llvm::Error::success();
  const char *name = nullptr, *text = nullptr;
  getErrorName.pointer(status, &name);
  getErrorString.pointer(status, &text);
  return llvm::createStringError("%s failed: %s (%s)", symbol,
                                 text ? text : "unknown error",
                                 name ? name : std::to_string(status).c_str());
}

llvm::Error Driver::lacks(const char *symbol) const {
  return llvm::createStringError(
      "expected a driver that has %s, found an older one", symbol);
}
