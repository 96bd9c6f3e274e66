//===- LayoutsTest.cpp - Who holds which element --------------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OwningOpRef.h"
#include "gtest/gtest.h"
#include <map>

using namespace mlir;
using namespace mlir::dsa_tile;

namespace {
using Coordinates = SmallVector<int64_t>;

/// Computes what straight-line integer code gives, by folding.
class Evaluator {
public:
  int64_t operator()(Value value) {
    Attribute constant = evaluate(value);
    auto integer = dyn_cast_if_present<IntegerAttr>(constant);
    EXPECT_TRUE(integer);
    return integer ? integer.getInt() : 0;
  }

private:
  Attribute evaluate(Value value) {
    auto found = known.find(value);
    if (found != known.end())
      return found->second;
    Operation *op = value.getDefiningOp();
    SmallVector<Attribute> operands;
    for (Value operand : op->getOperands())
      operands.push_back(evaluate(operand));
    SmallVector<OpFoldResult> results;
    if (failed(op->fold(operands, results)) || results.size() != 1)
      return {};
    auto operand = dyn_cast<Value>(results[0]);
    Attribute constant =
        operand ? evaluate(operand) : cast<Attribute>(results[0]);
    known[value] = constant;
    return constant;
  }

  DenseMap<Value, Attribute> known;
};

class LayoutsTest : public ::testing::Test {
protected:
  LayoutsTest() { context.loadDialect<arith::ArithDialect, DSATileDialect>(); }

  AccumulatorAttr accumulator(int64_t rowGroups, int64_t columnGroups) {
    return AccumulatorAttr::get(&context, rowGroups, columnGroups);
  }

  /// The elements that a thread holds, in order.
  SmallVector<Coordinates> getElements(LayoutAttrInterface layout,
                                       ArrayRef<int64_t> shape,
                                       int64_t thread) {
    auto loc = UnknownLoc::get(&context);
    OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
    auto b = ImplicitLocOpBuilder::atBlockEnd(loc, module->getBody());
    Value number = arith::ConstantIntOp::create(b, b.getI32Type(), thread);
    Evaluator evaluate;
    Coordinates origin;
    for (Value coordinate : layout.getOrigin(b, shape, number))
      origin.push_back(evaluate(coordinate));
    SmallVector<Coordinates> elements = layout.getOffsets(shape);
    for (Coordinates &element : elements) {
      EXPECT_EQ(element.size(), shape.size());
      for (auto [coordinate, base] : llvm::zip_equal(element, origin))
        coordinate += base;
    }
    return elements;
  }

  /// How many of `threads` threads hold each element.
  std::map<Coordinates, int64_t> countHolders(LayoutAttrInterface layout,
                                              ArrayRef<int64_t> shape,
                                              int64_t threads) {
    std::map<Coordinates, int64_t> holders;
    for (int64_t thread = 0; thread < threads; ++thread)
      for (const Coordinates &element : getElements(layout, shape, thread))
        ++holders[element];
    return holders;
  }

  /// Expects that the elements of a tile, and no others, are held by at least
  /// one thread and at most `most`.
  void expectHeld(LayoutAttrInterface layout, ArrayRef<int64_t> shape,
                  int64_t threads, int64_t most) {
    std::map<Coordinates, int64_t> holders =
        countHolders(layout, shape, threads);
    EXPECT_EQ(static_cast<int64_t>(holders.size()),
              ShapedType::getNumElements(shape));
    for (const auto &[element, count] : holders) {
      for (auto [coordinate, extent] : llvm::zip_equal(element, shape)) {
        EXPECT_GE(coordinate, 0);
        EXPECT_LT(coordinate, extent);
      }
      EXPECT_LE(count, most);
    }
  }

  MLIRContext context;
};

/// Numbers of warpgroups along rows and along columns.
constexpr std::pair<int64_t, int64_t> kGroups[] = {
    {1, 1}, {1, 2}, {1, 4}, {2, 1}, {3, 1}, {2, 2}, {1, 3}, {2, 3}};
} // namespace

//===----------------------------------------------------------------------===//
// Accumulators
//===----------------------------------------------------------------------===//

TEST_F(LayoutsTest, AccumulatorGivesEachElementToOneThread) {
  for (auto [rows, columns] : kGroups)
    for (int64_t width : {8, 24, 64}) {
      SCOPED_TRACE(testing::Message()
                   << rows << " x " << columns << ", " << width);
      expectHeld(accumulator(rows, columns), {64 * rows, width * columns},
                 128 * rows * columns, /*most=*/1);
    }
}

// PTX ISA, "wgmma.mma_async", "Register fragments": the D fragment of
// m64nNk*. Register i of a thread has, with warp = (threadIdx / 32) % 4 and
// lane = threadIdx % 32, the row 16·warp + lane / 4, plus 8 if bit 1 of i is
// set, and the column 8·(i / 4) + 2·(lane % 4) + i % 2.
TEST_F(LayoutsTest, AccumulatorIsWhatProductsLeave) {
  for (auto [rows, columns] : kGroups)
    for (int64_t width : {8, 40, 128})
      for (int64_t thread = 0; thread < 128 * rows * columns; ++thread) {
        SmallVector<Coordinates> elements = getElements(
            accumulator(rows, columns), {64 * rows, width * columns}, thread);
        ASSERT_EQ(static_cast<int64_t>(elements.size()), width / 2);
        int64_t warp = thread / 32 % 4, lane = thread % 32;
        // Warpgroups are numbered along columns first.
        int64_t group = thread / 128;
        int64_t firstRow = group / columns * 64;
        int64_t firstColumn = group % columns * width;
        for (auto [i, element] : llvm::enumerate(elements)) {
          EXPECT_EQ(element[0],
                    firstRow + 16 * warp + lane / 4 + ((i & 2) ? 8 : 0));
          EXPECT_EQ(element[1], static_cast<int64_t>(firstColumn + 8 * (i / 4) +
                                                     2 * (lane % 4) + i % 2));
        }
      }
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

// Four lanes share a row, and all warpgroups that are beside one another do;
// eight lanes of each warp share a column, and all warpgroups below do.
TEST_F(LayoutsTest, SliceHasEveryElement) {
  for (auto [rows, columns] : kGroups)
    for (int64_t width : {8, 24, 64}) {
      SCOPED_TRACE(testing::Message()
                   << rows << " x " << columns << ", " << width);
      AccumulatorAttr parent = accumulator(rows, columns);
      int64_t threads = 128 * rows * columns;
      expectHeld(SliceAttr::get(&context, 0, parent), {width * columns},
                 threads, /*most=*/32 * rows);
      expectHeld(SliceAttr::get(&context, 1, parent), {64 * rows}, threads,
                 /*most=*/4 * columns);
    }
}

// Beside an element of a tile, a thread holds the vector's element that belongs
// to it: what `expand` needs, and what `reduce` leaves.
TEST_F(LayoutsTest, SliceGoesWithItsParent) {
  for (auto [rows, columns] : kGroups)
    for (int64_t width : {8, 40})
      for (int64_t thread = 0; thread < 128 * rows * columns; thread += 5) {
        AccumulatorAttr parent = accumulator(rows, columns);
        SmallVector<int64_t> shape = {64 * rows, width * columns};
        SmallVector<Coordinates> tile = getElements(parent, shape, thread);
        for (int64_t dim : {0, 1}) {
          SmallVector<Coordinates> wanted;
          for (Coordinates element : tile) {
            element.erase(element.begin() + dim);
            if (!llvm::is_contained(wanted, element))
              wanted.push_back(element);
          }
          EXPECT_EQ(getElements(SliceAttr::get(&context, dim, parent),
                                {shape[1 - dim]}, thread),
                    wanted);
        }
      }
}

//===----------------------------------------------------------------------===//
// Scattered sums
//===----------------------------------------------------------------------===//

TEST_F(LayoutsTest, ScatterGivesEachElementToOneThread) {
  for (auto [rows, columns] : kGroups)
    for (int64_t width : {2, 4, 10}) {
      SCOPED_TRACE(testing::Message()
                   << rows << " x " << columns << ", " << width);
      expectHeld(ScatterAttr::get(&context, accumulator(rows, columns)),
                 {64 * rows, width * columns}, 128 * rows * columns,
                 /*most=*/1);
    }
}

// The sums of a thread are of rows that it holds, in its warpgroup's columns:
// they are made by exchanging between the four lanes of a row alone.
TEST_F(LayoutsTest, ScatterStaysWithTheRow) {
  for (auto [rows, columns] : kGroups)
    for (int64_t width : {2, 10})
      for (int64_t thread = 0; thread < 128 * rows * columns; ++thread) {
        AccumulatorAttr parent = accumulator(rows, columns);
        SmallVector<Coordinates> tile =
            getElements(parent, {64 * rows, 8 * columns}, thread);
        int64_t first = thread / 128 % columns * width;
        for (const Coordinates &sum :
             getElements(ScatterAttr::get(&context, parent),
                         {64 * rows, width * columns}, thread)) {
          EXPECT_TRUE(sum[0] == tile[0][0] || sum[0] == tile[2][0]);
          // Bit 0 of the lane says which of the two rows, bit 1 the parity.
          EXPECT_EQ(sum[0], tile[thread % 2 ? 2 : 0][0]);
          EXPECT_EQ((sum[1] - first) % 2, thread / 2 % 2);
          EXPECT_GE(sum[1], first);
          EXPECT_LT(sum[1], first + width);
        }
      }
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

TEST_F(LayoutsTest, LeastExtentsAreLegalAndLeast) {
  ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) {});
  auto emit = [&] { return emitError(UnknownLoc::get(&context)); };
  for (auto [rows, columns] : kGroups) {
    AccumulatorAttr parent = accumulator(rows, columns);
    for (auto layout :
         {LayoutAttrInterface(parent),
          LayoutAttrInterface(ScatterAttr::get(&context, parent))}) {
      SmallVector<int64_t> least = {layout.getLeastExtent(0),
                                    layout.getLeastExtent(1)};
      EXPECT_TRUE(succeeded(layout.verifyShape(least, emit)));
      EXPECT_TRUE(failed(layout.verifyShape({least[0], least[1] - 1}, emit)));
      EXPECT_TRUE(failed(layout.verifyShape({least[0] / 2, least[1]}, emit)));
    }
    for (int64_t dim : {0, 1}) {
      LayoutAttrInterface slice = SliceAttr::get(&context, dim, parent);
      int64_t least = slice.getLeastExtent(0);
      EXPECT_EQ(least, parent.getLeastExtent(1 - dim));
      EXPECT_TRUE(succeeded(slice.verifyShape({least}, emit)));
      EXPECT_TRUE(failed(slice.verifyShape({least - 1}, emit)));
    }
  }
}
