//===- LoadTest.cpp - What loading the C API does to a process ------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/CommandLine.h"
#include "gtest/gtest.h"
#include <dlfcn.h>

TEST(LoadTest, AddsNoOptionsAndNoPasses) {
  const size_t before = llvm::cl::getRegisteredOptions().size();
  ASSERT_GT(before, 0u);
  void *library = dlopen(DSA_CAPI_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  ASSERT_TRUE(library) << dlerror();
  EXPECT_EQ(llvm::cl::getRegisteredOptions().size(), before);
  EXPECT_EQ(mlir::PassInfo::lookup("dsa-decompose"), nullptr);
  EXPECT_TRUE(dlsym(library, "dsaCompileToPTX"));
  EXPECT_TRUE(dlsym(library, "mlirContextCreate"));
  // Nothing else of ours is seen.
  EXPECT_FALSE(dlsym(library, "_ZN4mlir3dsa17registerAllPassesEv"));
}
