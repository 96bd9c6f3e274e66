//===- TileToNVVM.cpp - Kernels on tiles as instructions ------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileToNVVM/Patterns.h"
#include "dsa/Conversion/Passes.h"
#include "dsa/Dialect/DSA/IR/TargetChip.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::dsa {
#define GEN_PASS_DEF_TILETONVVMPASS
#include "dsa/Conversion/Passes.h.inc"
} // namespace mlir::dsa

using namespace mlir;
using namespace mlir::dsa;
using namespace mlir::dsa_tile;

TileTypeConverter::TileTypeConverter() {
  addConversion([](Type type) { return type; });
  addConversion([](RankedTensorType type) -> std::optional<Type> {
    if (getSharedLayout(type))
      return IntegerType::get(type.getContext(), 32);
    if (LayoutAttrInterface layout = getLayout(type)) {
      auto elements =
          static_cast<int64_t>(layout.getOffsets(type.getShape()).size());
      return VectorType::get({elements}, type.getElementType());
    }
    return std::nullopt;
  });
  addConversion([this](PendingType type, SmallVectorImpl<Type> &types) {
    for (RankedTensorType tile : type.getTiles())
      types.push_back(convertType(tile));
    return success();
  });
  addConversion([](HandoffType type) -> Type {
    return IntegerType::get(type.getContext(), 32);
  });
  addConversion([](ChannelType type, SmallVectorImpl<Type> &types) {
    types.append(3, LLVM::LLVMPointerType::get(type.getContext()));
    return success();
  });
}

const TileTypeConverter::Kernel &
TileTypeConverter::getKernel(Operation *op) const {
  return kernels.find(op->getParentOfType<gpu::GPUFuncOp>())->second;
}

/// Shuffling from lane 0 changes nothing but what the assembler knows.
static Value createWarpgroup(gpu::GPUFuncOp kernel) {
  ImplicitLocOpBuilder b = ImplicitLocOpBuilder::atBlockBegin(
      kernel.getLoc(), &kernel.getBody().front());
  Value group = arith::DivUIOp::create(b, getThread(b), createI32(b, 128));
  return NVVM::ShflOp::create(b, b.getI32Type(), createI32(b, -1), group,
                              createI32(b, 0), createI32(b, 31),
                              NVVM::ShflKind::idx, UnitAttr());
}

//===----------------------------------------------------------------------===//
// Small pieces of code
//===----------------------------------------------------------------------===//

void dsa::synchronize(ImplicitLocOpBuilder &b, Value barrier, int64_t threads) {
  NVVM::BarrierOp::create(b, TypeRange(), barrier, createI32(b, threads),
                          NVVM::BarrierReductionAttr(), Value());
}

Value dsa::permutePiece(ImplicitLocOpBuilder &b, RankedTensorType tile,
                        Value row, Value piece) {
  int64_t swizzle = getSharedLayout(tile).getSwizzle();
  Value period = arith::DivUIOp::create(
      b, arith::MulIOp::create(b, row, createI32(b, swizzle)),
      createI32(b, 128));
  return arith::XOrIOp::create(
      b, piece,
      arith::RemUIOp::create(b, period, createI32(b, swizzle / kPieceBytes)));
}

Value dsa::createI32(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIntOp::create(b, b.getI32Type(), value);
}

static constexpr StringLiteral kReadThread = "mov.u32 $0, %tid.x;";

Value dsa::readThread(ImplicitLocOpBuilder &b) {
  return LLVM::InlineAsmOp::create(
             b, TypeRange(b.getI32Type()), ValueRange(), kReadThread, "=r",
             /*has_side_effects=*/true, /*is_align_stack=*/false,
             LLVM::TailCallKind::None, LLVM::AsmDialectAttr(), ArrayAttr())
      .getResult(0);
}

/// What is read where a program begins, for all loops in it.
static Value readThreadOnce(ImplicitLocOpBuilder &b, Block *program) {
  if (auto first = dyn_cast<LLVM::InlineAsmOp>(program->front());
      first && first.getAsmString() == kReadThread)
    return first.getResult(0);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(program);
  return readThread(b);
}

// Places are soon computed again for each program, and where it ends. LLVM
// would keep them: in memory, for want of registers, from where they come
// after all that is being stored.
Value dsa::getThread(ImplicitLocOpBuilder &b) {
  Operation *parent = b.getInsertionBlock()->getParentOp();
  auto nearest = dyn_cast<scf::ForOp>(parent);
  if (!nearest)
    nearest = parent->getParentOfType<scf::ForOp>();
  scf::ForOp programs = nearest;
  while (programs && !programs->hasAttr(kProgramsAttrName))
    programs = programs->getParentOfType<scf::ForOp>();
  if (programs)
    return programs == nearest ? readThread(b)
                               : readThreadOnce(b, programs.getBody());
  return arith::IndexCastUIOp::create(
      b, b.getI32Type(), gpu::ThreadIdOp::create(b, gpu::Dimension::x));
}

SmallVector<Value> dsa::unpack(ImplicitLocOpBuilder &b, Value vector) {
  // What `pack` has put together is at hand: thousands of elements that no
  // later pass needs to look at.
  if (auto packed = vector.getDefiningOp<vector::FromElementsOp>())
    return packed.getElements();
  return vector::ToElementsOp::create(b, vector).getElements();
}

Value dsa::pack(ImplicitLocOpBuilder &b, ArrayRef<Value> elements) {
  auto type = VectorType::get({static_cast<int64_t>(elements.size())},
                              elements.front().getType());
  return vector::FromElementsOp::create(b, type, elements);
}

SmallVector<Value> dsa::unpackPairs(ImplicitLocOpBuilder &b, Value vector) {
  int64_t count = cast<VectorType>(vector.getType()).getDimSize(0) / 2;
  return unpack(b, LLVM::BitcastOp::create(
                       b, VectorType::get({count}, b.getI32Type()), vector));
}

Value dsa::exchangeLanes(ImplicitLocOpBuilder &b, Value value, int64_t mask) {
  return NVVM::ShflOp::create(b, value.getType(), createI32(b, -1), value,
                              createI32(b, mask), createI32(b, 31),
                              NVVM::ShflKind::bfly, UnitAttr());
}

SmallVector<Value> dsa::unpackStruct(ImplicitLocOpBuilder &b, Value value,
                                     unsigned count) {
  SmallVector<Value> elements;
  for (int64_t i = 0; i < count; ++i)
    elements.push_back(LLVM::ExtractValueOp::create(b, value, i));
  return elements;
}

Value dsa::getSharedAddress(ImplicitLocOpBuilder &b, int64_t offset) {
  auto type = LLVM::LLVMPointerType::get(
      b.getContext(), static_cast<unsigned>(NVVM::NVVMMemorySpace::Shared));
  Value base = LLVM::AddressOfOp::create(b, type, kSharedName);
  Value address = LLVM::PtrToIntOp::create(b, b.getI32Type(), base);
  return arith::AddIOp::create(b, address, createI32(b, offset));
}

int64_t dsa::getRowOffset(RankedTensorType tile, int64_t row) {
  SharedAttr layout = getSharedLayout(tile);
  if (int64_t rows = layout.getRows())
    row = row / rows * layout.getPitch() + row % rows;
  return row * layout.getSwizzle();
}

int64_t dsa::getBlockStride(RankedTensorType tile) {
  return getRowOffset(tile, tile.getDimSize(0));
}

namespace {
struct TileToNVVMPass : public dsa::impl::TileToNVVMPassBase<TileToNVVMPass> {
  void runOnOperation() override {
    getOperation()->walk([&](gpu::GPUModuleOp module) {
      if (failed(convert(module)))
        signalPassFailure();
    });
  }

private:
  LogicalResult convert(gpu::GPUModuleOp module);
};
} // namespace

static bool hasTiles(Operation *op) {
  auto isTile = [](Type type) {
    return isa<PendingType, ChannelType, HandoffType>(type) ||
           (isa<RankedTensorType>(type) &&
            (getSharedLayout(type) || getLayout(type)));
  };
  return isa_and_present<DSATileDialect>(op->getDialect()) ||
         llvm::any_of(op->getOperandTypes(), isTile) ||
         llvm::any_of(op->getResultTypes(), isTile);
}

/// All who compute hold a part of the tile, whole rows, and exchange what they
/// have.
static LogicalResult verifyMeeting(Operation *op, Value tile,
                                   std::optional<uint64_t> offset) {
  auto type = cast<RankedTensorType>(tile.getType());
  auto layout = dyn_cast_if_present<AccumulatorAttr>(type.getEncoding());
  auto roles = op->getParentOfType<WarpSpecializeOp>();
  if (!roles || !layout || layout.getColumnGroups() != 1 ||
      roles.getKernel().getGroups() != layout.getRowGroups())
    return op->emitOpError("expected an accumulator whose rows all who compute "
                           "divide, but found ")
           << type;
  if (!offset)
    return op->emitOpError("expected a place in shared memory: run "
                           "dsa-tile-allocate-shared");
  return success();
}

/// Four lanes share eight columns: they combine what all of them, or each two,
/// have.
static LogicalResult verifyReduction(ReduceOp op) {
  auto layout = dyn_cast<AccumulatorAttr>(
      cast<RankedTensorType>(op.getSource().getType()).getEncoding());
  if (!layout)
    return op.emitOpError("expected an accumulator to reduce");
  if (op.getDim() == 0)
    return verifyMeeting(op, op.getSource(), op.getOffset());
  if (op.getGroup() && *op.getGroup() != 4 && *op.getGroup() % 8 != 0)
    return op.emitOpError("expected groups of 4 or of a multiple of 8 columns, "
                          "but found ")
           << *op.getGroup();
  if (!op.getGroup() && layout.getColumnGroups() != 1)
    return op.emitOpError("cannot combine columns of several warpgroups");
  return success();
}

/// Whether it depends on which warpgroup runs it.
static bool dividesWarpgroups(Operation *op) {
  return isa<MmaStartOp, TurnWaitOp, TurnPassOp, WarpSpecializeOp>(op);
}

static LogicalResult verifyHandoff(HandoffOp op) {
  auto function = op->getParentOfType<gpu::GPUFuncOp>();
  WalkResult result = function.walk([&](WarpSpecializeOp roles) {
    return roles.getKernel().getGroups() == 2 ? WalkResult::advance()
                                              : WalkResult::interrupt();
  });
  if (result.wasInterrupted())
    return op.emitOpError("expected two warpgroups to pass on tiles");
  // Barrier 0 is everybody's.
  if (*op.getBarrier() < 1 || *op.getBarrier() > 15)
    return op.emitOpError("expected a named barrier in [1, 15], but found ")
           << *op.getBarrier();
  return success();
}

/// Counts and sums are in shared memory, and threads divide what is there.
static LogicalResult verifySelection(Operation *op) {
  auto needsPlace = [&](std::optional<uint64_t> offset) -> LogicalResult {
    if (offset)
      return success();
    return op->emitOpError("expected a place in shared memory: run "
                           "dsa-tile-allocate-shared");
  };
  if (auto scratch = dyn_cast<ScratchOp>(op)) {
    for (Operation *user : op->getUsers())
      if (!isa_and_present<DSATileDialect>(user->getDialect()))
        return user->emitOpError("cannot use scratch memory of a kernel on "
                                 "tiles");
    return needsPlace(scratch.getOffset());
  }
  auto histogram = dyn_cast<HistogramOp>(op);
  auto search = dyn_cast<SearchOp>(op);
  Value counts = histogram ? histogram.getCounts()
                           : (search ? search.getCounts() : Value());
  if (counts && !counts.getDefiningOp<ScratchOp>())
    return op->emitOpError("expected counts in scratch memory");
  if (histogram || isa<ScatterOp>(op))
    return success();
  int64_t threads = getBlockThreads(op);
  if (threads == 0)
    return op->emitOpError("expected to be in a 'gpu.func' of known block "
                           "size, with whole warps");
  if (search &&
      cast<MemRefType>(counts.getType()).getNumElements() % threads != 0)
    return op->emitOpError("expected a multiple of ")
           << threads << " counts, but found " << counts.getType();
  return needsPlace(search ? search.getOffset() : cast<ScanOp>(op).getOffset());
}

/// Lists are divided among the warps of the warpgroups that have their rows.
static LogicalResult verifyShortlist(Operation *op, Value ends) {
  auto type = cast<RankedTensorType>(ends.getType());
  auto layout = dyn_cast_if_present<ScatterAttr>(type.getEncoding());
  auto roles = op->getParentOfType<WarpSpecializeOp>();
  if (!roles || !layout || layout.getParent().getRowGroups() != 1 ||
      roles.getKernel().getGroups() != layout.getParent().getColumnGroups())
    return op->emitOpError("expected sums of groups of columns that all who "
                           "compute divide, but found ")
           << type;
  auto full = dyn_cast<ShortlistFullOp>(op);
  auto shorten = dyn_cast<ShortlistShortenOp>(op);
  auto end = dyn_cast<ShortlistEndOp>(op);
  if ((full && !full.getBarrier()) || (shorten && !shorten.getOffset()) ||
      (end && !end.getOffset()))
    return op->emitOpError("expected a place in shared memory: run "
                           "dsa-tile-allocate-shared");
  return success();
}

/// Reports what no pattern can convert.
static LogicalResult verifyReady(Operation *op) {
  if (dividesWarpgroups(op) && !op->getParentOfType<gpu::GPUFuncOp>())
    return op->emitOpError("expected to be in a 'gpu.func'");
  for (Value operand : op->getOperands())
    if ((isa<ChannelType>(operand.getType()) &&
         !operand.getDefiningOp<ChannelOp>()) ||
        (isa<HandoffType>(operand.getType()) &&
         !operand.getDefiningOp<HandoffOp>()))
      return op->emitOpError("expected a channel or handoff that the kernel "
                             "makes");
  if (auto channel = dyn_cast<ChannelOp>(op)) {
    if (!channel.getOffset() || !channel.getBarriers())
      return op->emitOpError("expected a place in shared memory: run "
                             "dsa-tile-allocate-shared");
    if (!findRoles(channel))
      return op->emitOpError("expected a kernel with roles: run "
                             "dsa-tile-specialize-warps");
  }
  if (auto handoff = dyn_cast<HandoffOp>(op)) {
    if (!handoff.getOffset() || !handoff.getBarrier())
      return op->emitOpError("expected a place in shared memory: run "
                             "dsa-tile-allocate-shared");
    if (failed(verifyHandoff(handoff)))
      return failure();
  }
  if (isa<ScratchOp, HistogramOp, SearchOp, ScanOp, ScatterOp>(op) &&
      failed(verifySelection(op)))
    return failure();
  if (isa<ShortlistAddOp, ShortlistFullOp, ShortlistShortenOp, ShortlistEndOp>(
          op))
    for (Value operand : op->getOperands())
      if (isa<RankedTensorType>(operand.getType()))
        return verifyShortlist(op, operand);
  if (auto stage = dyn_cast<StageOp>(op))
    return verifyMeeting(op, stage.getSource(), stage.getOffset());
  if (!isa<LoadOp, StoreOp, ReduceOp, ExpandOp, IotaOp, SplatOp, ScaleRowsOp,
           MaskColumnsOp, ConcatOp, HistogramOp, ScanOp, ScatterOp>(op))
    return success();
  for (Type type :
       llvm::concat<Type>(op->getOperandTypes(), op->getResultTypes()))
    if (isa<RankedTensorType>(type) && !getLayout(type))
      return op->emitOpError("expected tiles in registers, but found ") << type;
  if (auto scan = dyn_cast<ScanOp>(op);
      scan &&
      !isa<StripedAttr>(
          cast<RankedTensorType>(scan.getMask().getType()).getEncoding()))
    return op->emitOpError("expected a striped tile to scan");
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return verifyReduction(reduce);
  return success();
}

/// The symbol that stands for all of a kernel's dynamic shared memory.
static void declareShared(gpu::GPUModuleOp module) {
  if (module.lookupSymbol(kSharedName))
    return;
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  auto type =
      LLVM::LLVMArrayType::get(IntegerType::get(module.getContext(), 8), 0);
  LLVM::GlobalOp::create(builder, module.getLoc(), type, /*isConstant=*/false,
                         LLVM::Linkage::External, kSharedName, Attribute(),
                         /*alignment=*/1024,
                         static_cast<unsigned>(NVVM::NVVMMemorySpace::Shared));
}

/// Asks for as many blocks a processor as have room for their scratch memory.
static void setOccupancy(gpu::GPUFuncOp function) {
  // Those who compute and those who load divide all registers of a processor.
  if (function.walk([](WarpSpecializeOp) { return WalkResult::interrupt(); })
          .wasInterrupted())
    return;
  int64_t bytes = 0;
  function.walk([&](ScratchOp op) {
    auto type = cast<MemRefType>(op.getResult().getType());
    bytes = std::max(bytes, static_cast<int64_t>(*op.getOffset()) +
                                type.getNumElements() *
                                    type.getElementTypeBitWidth() / 8);
  });
  int64_t threads =
      getBlockThreads(function.getFunctionBody().front().getTerminator());
  const Chip *chip = findTargetChip(function);
  if (bytes == 0 || threads == 0 || !chip)
    return;
  // Each block takes 1 KiB more. With more threads, they would not have 32
  // registers.
  constexpr int64_t kReserved = 1024, kThreads = 2048;
  int64_t blocks =
      std::min((chip->sharedMemory + kReserved) / (bytes + kReserved),
               kThreads / threads);
  function->setAttr(
      NVVM::NVVMDialect::getMinctasmAttrName(),
      IntegerAttr::get(IntegerType::get(function.getContext(), 32), blocks));
}

LogicalResult TileToNVVMPass::convert(gpu::GPUModuleOp module) {
  WalkResult any = module.walk([](Operation *op) {
    return hasTiles(op) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (!any.wasInterrupted())
    return success();
  WalkResult ready = module.walk([](Operation *op) {
    return failed(verifyReady(op)) ? WalkResult::interrupt()
                                   : WalkResult::advance();
  });
  if (ready.wasInterrupted())
    return failure();
  declareShared(module);
  TileTypeConverter converter;
  for (auto function : module.getOps<gpu::GPUFuncOp>()) {
    setOccupancy(function);
    WalkResult found = function.walk([](Operation *op) {
      return dividesWarpgroups(op) ? WalkResult::interrupt()
                                   : WalkResult::advance();
    });
    if (found.wasInterrupted())
      converter.addKernel(function).warpgroup = createWarpgroup(function);
  }
  module.walk([&](WarpSpecializeOp roles) {
    auto function = roles->getParentOfType<gpu::GPUFuncOp>();
    TileTypeConverter::Kernel &kernel = converter.addKernel(function);
    kernel.firstLoader = 128 * roles.getKernel().getGroups();
    kernel.loadThreads = 32 * roles.getKernel().getLoadWarps();
    if (int64_t cluster = roles.getKernel().getCluster(); cluster > 1)
      function->setAttr(
          NVVM::NVVMDialect::getClusterDimAttrName(),
          DenseI32ArrayAttr::get(&getContext(),
                                 {static_cast<int32_t>(cluster), 1, 1}));
    roles.walk([&](GatherCopyOp op) {
      kernel.gathers = true;
      converter.addGathered(op.getChannel());
    });
  });
  RewritePatternSet patterns(&getContext());
  populateTileArithmeticPatterns(converter, patterns);
  populateTileChannelPatterns(converter, patterns);
  populateTileColumnPatterns(converter, patterns);
  populateTileGatherPatterns(converter, patterns);
  populateTileHandoffPatterns(converter, patterns);
  populateTileMaskPatterns(converter, patterns);
  populateTileMemoryPatterns(converter, patterns);
  populateTileMmaPatterns(converter, patterns);
  populateTilePairLoadPatterns(converter, patterns);
  populateTilePartPatterns(converter, patterns);
  populateTileRolePatterns(converter, patterns);
  populateTileScratchPatterns(converter, patterns);
  populateTileSelectionPatterns(converter, patterns);
  populateTileShortlistEndPatterns(converter, patterns);
  populateTileShortlistPatterns(converter, patterns);
  populateTileWideLoadPatterns(converter, patterns);
  populateTileWideStorePatterns(converter, patterns);
  ConversionTarget target(getContext());
  target.markUnknownOpDynamicallyLegal(
      [](Operation *op) { return isa<ScratchOp>(op) || !hasTiles(op); });
  scf::populateSCFStructuralTypeConversionsAndLegality(converter, patterns,
                                                       target);
  if (failed(applyPartialConversion(module, target, std::move(patterns))))
    return failure();
  // They were places, which nobody asks for any more.
  module.walk([](ScratchOp op) { op.erase(); });
  return success();
}
