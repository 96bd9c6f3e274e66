//===- BuildersTest.cpp - Operations with defaults ------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSA/IR/DSA.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Verifier.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::dsa;

namespace {
class BuildersTest : public testing::Test {
protected:
  BuildersTest() : b(&context), loc(b.getUnknownLoc()) {
    context.loadDialect<DSADialect, func::FuncDialect, tensor::TensorDialect>();
    module = ModuleOp::create(loc);
    b.setInsertionPointToEnd(module->getBody());
  }

  /// Begins a function of arguments of these types.
  Block *begin(ArrayRef<Type> types) {
    auto function =
        func::FuncOp::create(b, loc, "f", b.getFunctionType(types, {}));
    Block *body = function.addEntryBlock();
    b.setInsertionPointToStart(body);
    return body;
  }
  Type tensor(ArrayRef<int64_t> shape, Type element) {
    return RankedTensorType::get(shape, element);
  }
  bool isValid() {
    func::ReturnOp::create(b, loc);
    return succeeded(verify(*module));
  }

  static constexpr int64_t kAny = ShapedType::kDynamic;
  MLIRContext context;
  OpBuilder b;
  Location loc;
  OwningOpRef<ModuleOp> module;
};

TEST_F(BuildersTest, IndexScoresMakesScores) {
  Block *body = begin({tensor({kAny, 4, 32}, b.getBF16Type()),
                       tensor({7, kAny, 32}, b.getBF16Type()),
                       tensor({kAny}, b.getI32Type())});
  auto scores =
      IndexScoresOp::create(b, loc, body->getArgument(0), body->getArgument(1),
                            {.seq = body->getArgument(2)});
  EXPECT_EQ(scores.getActivation(), Activation::Relu);
  EXPECT_EQ(scores.getResult(0).getType(),
            tensor({kAny, kAny}, b.getF32Type()));
  // The keys of a sequence are its second dimension.
  auto empty = scores.getInits()[0].getDefiningOp<tensor::EmptyOp>();
  ASSERT_TRUE(empty);
  auto keys = empty.getDynamicSizes()[1].getDefiningOp<tensor::DimOp>();
  EXPECT_EQ(keys.getSource(), body->getArgument(1));
  EXPECT_EQ(keys.getConstantIndex(), 1);
  EXPECT_TRUE(isValid());
}

TEST_F(BuildersTest, IndexScoresCountsKeysOfPages) {
  Block *body = begin(
      {tensor({kAny, 4, 32}, b.getBF16Type()),
       tensor({kAny, 16, 32}, b.getBF16Type()), tensor({kAny}, b.getI32Type()),
       tensor({3, kAny}, b.getI32Type()), tensor({5}, b.getI32Type())});
  Value q = body->getArgument(0), k = body->getArgument(1);
  auto ofSequences = IndexScoresOp::create(
      b, loc, q, k,
      {.seq = body->getArgument(2), .table = body->getArgument(3)});
  EXPECT_EQ(ofSequences.getPageKeys(), 16);
  auto empty = ofSequences.getInits()[0].getDefiningOp<tensor::EmptyOp>();
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty.getDynamicSizes()[1].getDefiningOp<arith::MulIOp>());
  auto ofOne =
      IndexScoresOp::create(b, loc, q, k, {.table = body->getArgument(4)});
  EXPECT_EQ(ofOne.getResult(0).getType(), tensor({kAny, 80}, b.getF32Type()));
  EXPECT_TRUE(isValid());
}

TEST_F(BuildersTest, LinearPartMakesTerms) {
  Block *body = begin({tensor({3, 4, 32}, b.getF16Type())});
  auto part = LinearPartOp::create(b, loc, body->getArgument(0), /*terms=*/2);
  EXPECT_EQ(part.getResult(0).getType(), tensor({3, 2, 32}, b.getF16Type()));
  EXPECT_EQ(part.getResult(1).getType(), tensor({3, 2}, b.getF32Type()));
  EXPECT_TRUE(isValid());
}

TEST_F(BuildersTest, TopkTakesClauses) {
  Block *body = begin(
      {tensor({kAny, 3, 99}, b.getBF16Type()), tensor({kAny}, b.getI32Type())});
  auto best = TopkOp::create(b, loc, body->getArgument(0), /*k=*/8,
                             {.positions = body->getArgument(1),
                              .window = {{2, 0}},
                              .first = 1,
                              .values = true});
  EXPECT_EQ(best.getK(), 8);
  EXPECT_EQ(best.getGroups(), 3);
  EXPECT_EQ(best.getResult(2).getType(), tensor({kAny, 3, 8}, b.getBF16Type()));
  EXPECT_EQ(best.getFirst(), 1);
  EXPECT_FALSE(best.getUnordered());
  EXPECT_TRUE(isValid());
}

TEST_F(BuildersTest, SelectBuildsItsRegion) {
  Block *body = begin({tensor({kAny, 4, 32}, b.getF32Type()),
                       tensor({kAny, 32}, b.getF32Type())});
  auto best = SelectOp::create(b, loc, body->getArgument(0), /*k=*/16,
                               [&](OpBuilder &b, Location loc) -> Value {
                                 return IndexScoresOp::create(
                                            b, loc, body->getArgument(0),
                                            body->getArgument(1))
                                     .getResult(0);
                               });
  EXPECT_EQ(best.getResult(0).getType(), tensor({kAny, 1, 16}, b.getI32Type()));
  // What follows comes after the operation, not into its region.
  EXPECT_EQ(b.getInsertionBlock(), body);
  EXPECT_TRUE(isValid());
}

TEST_F(BuildersTest, AttentionInTheTypeOfItsQueries) {
  Block *body = begin({tensor({kAny, 8, 96}, b.getF16Type()),
                       tensor({kAny, 96}, b.getF16Type()),
                       tensor({kAny, 1, 32}, b.getI32Type())});
  Value q = body->getArgument(0), keys = body->getArgument(1);
  auto sparse =
      SparseAttentionOp::create(b, loc, q, keys, body->getArgument(2),
                                /*valueWidth=*/64, 0.5, {.max = true});
  EXPECT_EQ(sparse.getResult(0).getType(),
            tensor({kAny, 8, 64}, b.getF16Type()));
  EXPECT_EQ(sparse.getResult(2).getType(), tensor({kAny, 8}, b.getF32Type()));
  EXPECT_EQ(sparse.getScale().convertToFloat(), 0.5f);
  auto dense = AttentionOp::create(b, loc, q, keys, /*valueWidth=*/96, 0.5);
  EXPECT_EQ(dense->getNumResults(), 2u);
  EXPECT_TRUE(isValid());
}

TEST_F(BuildersTest, MergeDropsTheParts) {
  Block *body = begin({tensor({2, kAny, 8, 64}, b.getF32Type()),
                       tensor({2, kAny, 8}, b.getF32Type())});
  auto merged =
      MergeOp::create(b, loc, body->getArgument(0), body->getArgument(1));
  EXPECT_EQ(merged.getResult(0).getType(),
            tensor({kAny, 8, 64}, b.getF32Type()));
  EXPECT_TRUE(isValid());
}

TEST_F(BuildersTest, DestinationsMayBeMemory) {
  auto memory = [&](ArrayRef<int64_t> shape) -> Type {
    return MemRefType::get(shape, b.getF32Type());
  };
  Block *body =
      begin({memory({kAny, 4, 32}), memory({kAny, 32}), memory({kAny, kAny})});
  auto scores =
      IndexScoresOp::create(b, loc, body->getArgument(0), body->getArgument(1),
                            {.outs = {body->getArgument(2)}});
  EXPECT_EQ(scores->getNumResults(), 0u);
  EXPECT_TRUE(isValid());
}

TEST_F(BuildersTest, MistakesAreForTheVerifier) {
  context.getDiagEngine().registerHandler([](Diagnostic &) {});
  // Keys without a second dimension, queries that are none.
  Block *body = begin({tensor({4}, b.getF32Type()), b.getF32Type()});
  IndexScoresOp::create(b, loc, body->getArgument(1), body->getArgument(0));
  EXPECT_FALSE(isValid());
}
} // namespace
