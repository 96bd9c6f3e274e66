//===- LaunchRecord.cpp - How to launch a compiled module -----------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Target/LaunchRecord.h"
#include "BufferView.h"
#include "HostBranches.h"
#include "SharedExpressions.h"
#include "SizeExpression.h"
#include "dsa/Config.h"
#include "dsa/Dialect/DSA/IR/DSA.h"
#include "dsa/Dialect/DSATile/IR/ConcurrentLoops.h"
#include "dsa/Dialect/DSATile/IR/DSATile.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::dsa;
using llvm::json::Array;
using llvm::json::Object;
using Json = llvm::json::Value;

/// Whether arguments and results may have the element type.
static bool isHostElement(Type type) {
  return isa<Float8E4M3FNType>(type) || type.isF32() || type.isF16() ||
         type.isBF16() || type.isInteger(32);
}

/// The element type as records spell it.
static FailureOr<std::string> getElementName(Value memref) {
  Type type = getElementTypeOrSelf(memref.getType());
  if (type.isIndex())
    return std::string("i64");
  if (isHostElement(type) || type.isInteger(64) || type.isInteger(1)) {
    std::string name;
    llvm::raw_string_ostream(name) << type;
    return name;
  }
  return emitError(memref.getLoc(), "cannot have memory of element type ")
         << type << " in a launch record";
}

namespace {
/// Turns one host function into its part of the record.
class FunctionRecord {
public:
  explicit FunctionRecord(func::FuncOp function) : function(function) {}

  FailureOr<Object> build();

private:
  LogicalResult addArguments();
  LogicalResult addResults(func::ReturnOp op);
  LogicalResult addAllocation(memref::AllocOp op);
  LogicalResult addRequirement(cf::AssertOp op);
  /// What an operation and those of its regions add, but for launches.
  LogicalResult addOperation(Operation *op);
  FailureOr<Object> getLaunch(gpu::LaunchFuncOp op);
  FailureOr<Json> getParameter(Value operand);
  /// A parameter that is a view of a buffer.
  FailureOr<Json> getView(Value memref, Object parameter);
  FailureOr<Array> getGrid(gpu::KernelDim3 dims);
  /// The buffer that `memref` is all of.
  FailureOr<int64_t> getBuffer(Value memref);
  LogicalResult addBuffer(Value memref, StringRef kind);

  func::FuncOp function;
  llvm::MapVector<Value, Object> buffers;
  Array arguments, requirements, results;
};
} // namespace

static StringRef getName(DictionaryAttr attributes) {
  if (!attributes)
    return {};
  auto name = attributes.getAs<StringAttr>(kNameAttrName);
  return name ? name.getValue() : StringRef();
}

LogicalResult FunctionRecord::addBuffer(Value memref, StringRef kind) {
  FailureOr<std::string> element = getElementName(memref);
  FailureOr<BufferView> view = getBufferView(memref);
  if (failed(element) || failed(view))
    return failure();
  buffers[memref] = Object{
      {"kind", kind}, {"element", *element}, {"shape", std::move(view->sizes)}};
  return success();
}

LogicalResult FunctionRecord::addArguments() {
  for (BlockArgument argument : function.getArguments()) {
    auto type = dyn_cast<MemRefType>(argument.getType());
    unsigned number = argument.getArgNumber();
    if (!type || !type.getLayout().isIdentity() ||
        !isHostElement(type.getElementType()))
      return function.emitError("cannot have a launch record: expected "
                                "argument ")
             << number
             << " to be a tensor of f32, f16, bf16, f8E4M3FN or i32, but found "
             << argument.getType();
    if (failed(addBuffer(argument, "argument")))
      return failure();
    buffers[argument]["argument"] = static_cast<int64_t>(number);
    StringRef name = getName(function.getArgAttrDict(number));
    Array shape;
    for (int64_t extent : type.getShape())
      shape.push_back(ShapedType::isDynamic(extent) ? Json(nullptr)
                                                    : Json(extent));
    arguments.push_back(Object{
        {"name", name.empty() ? "arg" + std::to_string(number) : name.str()},
        {"element", *getElementName(argument)},
        {"shape", std::move(shape)}});
  }
  return success();
}

FailureOr<int64_t> FunctionRecord::getBuffer(Value memref) {
  while (auto cast = memref.getDefiningOp<memref::CastOp>())
    memref = cast.getSource();
  auto *found = buffers.find(memref);
  if (found == buffers.end())
    return emitError(memref.getLoc(),
                     "cannot express this memory in a launch record: expected "
                     "a whole argument or allocation");
  return std::distance(buffers.begin(), found);
}

LogicalResult FunctionRecord::addResults(func::ReturnOp op) {
  for (auto [number, value] : llvm::enumerate(op.getOperands())) {
    FailureOr<int64_t> buffer = getBuffer(value);
    if (failed(buffer))
      return failure();
    if (!isHostElement(getElementTypeOrSelf(value.getType())))
      return function.emitError("cannot have a launch record: expected result ")
             << number
             << " to be a tensor of f32, f16, bf16, f8E4M3FN or i32, but found "
             << value.getType();
    Object &object = (buffers.begin() + *buffer)->second;
    if (object["kind"] == "workspace")
      object["kind"] = "result";
    StringRef name = getName(function.getResultAttrDict(number));
    results.push_back(Object{
        {"name", name.empty() ? "result" + std::to_string(number) : name.str()},
        {"buffer", *buffer}});
  }
  return success();
}

FailureOr<Json> FunctionRecord::getView(Value memref, Object parameter) {
  FailureOr<BufferView> view = getBufferView(memref);
  if (failed(view))
    return failure();
  FailureOr<int64_t> buffer = getBuffer(view->whole);
  if (failed(buffer))
    return failure();
  parameter["buffer"] = *buffer;
  parameter["offset"] = std::move(view->offset);
  parameter["strides"] = std::move(view->strides);
  parameter["sizes"] = std::move(view->sizes);
  return Json(std::move(parameter));
}

FailureOr<Json> FunctionRecord::getParameter(Value operand) {
  if (isa<MemRefType>(operand.getType()))
    return getView(operand, Object{{"kind", "memref"}});
  if (auto map = operand.getDefiningOp<dsa_tile::TensorMapOp>()) {
    FailureOr<Json> view =
        getView(map.getSource(), Object{{"kind", "tensor_map"},
                                        {"box", Array(map.getBox())},
                                        {"swizzle", map.getSwizzle()}});
    // What is absent is 0.
    if (succeeded(view) && *view->getAsObject()->get("offset") == Json(0))
      view->getAsObject()->erase("offset");
    return view;
  }
  if (operand.getType().isF32()) {
    APFloat value(0.0f);
    if (!matchPattern(operand, m_ConstantFloat(&value)))
      return emitError(operand.getLoc(), "cannot express this value in a "
                                         "launch record: expected a constant");
    return Json(Object{{"kind", "f32"}, {"value", value.convertToDouble()}});
  }
  bool isWide = operand.getType().isIndex() || operand.getType().isInteger(64);
  if (!isWide && !operand.getType().isInteger(32))
    return emitError(operand.getLoc(), "cannot have a kernel parameter of "
                                       "type ")
           << operand.getType() << " in a launch record";
  FailureOr<Json> value = getExpression(operand);
  if (failed(value))
    return failure();
  return Json(
      Object{{"kind", isWide ? "i64" : "i32"}, {"value", std::move(*value)}});
}

FailureOr<Array> FunctionRecord::getGrid(gpu::KernelDim3 dims) {
  Array grid;
  for (Value extent : {dims.x, dims.y, dims.z}) {
    FailureOr<Json> expression = getExpression(extent);
    if (failed(expression))
      return failure();
    grid.push_back(std::move(*expression));
  }
  return grid;
}

FailureOr<Object> FunctionRecord::getLaunch(gpu::LaunchFuncOp op) {
  FailureOr<Array> grid = getGrid(op.getGridSizeOperandValues());
  FailureOr<Array> block = getGrid(op.getBlockSizeOperandValues());
  if (failed(grid) || failed(block))
    return failure();
  Array cluster{1, 1, 1};
  if (op.hasClusterSize()) {
    FailureOr<Array> size = getGrid(op.getClusterSizeOperandValues());
    if (failed(size))
      return failure();
    cluster = std::move(*size);
  }
  Json sharedMemory = 0;
  if (Value dynamic = op.getDynamicSharedMemorySize()) {
    FailureOr<Json> size = getExpression(dynamic);
    if (failed(size))
      return failure();
    sharedMemory = std::move(*size);
  }
  Array parameters;
  for (Value operand : op.getKernelOperands()) {
    FailureOr<Json> parameter = getParameter(operand);
    if (failed(parameter))
      return failure();
    parameters.push_back(std::move(*parameter));
  }
  return Object{{"kernel", op.getKernelName().getValue()},
                {"grid", std::move(*grid)},
                {"block", std::move(*block)},
                {"cluster", std::move(cluster)},
                {"shared_memory", std::move(sharedMemory)},
                {"parameters", std::move(parameters)}};
}

/// What a branch allocates takes no memory where it is not taken; what a loop
/// does is the same memory in all iterations but those under way at a time.
LogicalResult FunctionRecord::addAllocation(memref::AllocOp op) {
  FailureOr<Json> runs = getRunCondition(op);
  if (failed(runs) || failed(addBuffer(op, "workspace")))
    return failure();
  Array &shape = *buffers[op]["shape"].getAsArray();
  if (dependsOnIteration(shape) || dependsOnIteration(*runs))
    return op.emitOpError("cannot be expressed in a launch record: expected "
                          "memory of one size in all iterations of a loop");
  if (*runs != Json(1) && !shape.empty())
    shape[0] = Array{"select", std::move(*runs), shape[0], 0};
  if (scf::ForOp loop = dsa_tile::findConcurrentLoop(op))
    buffers[op]["copies"] = dsa_tile::getConcurrency(loop);
  return success();
}

LogicalResult FunctionRecord::addRequirement(cf::AssertOp op) {
  FailureOr<Json> condition = getExpression(op.getArg());
  FailureOr<Json> runs = getRunCondition(op);
  if (failed(condition) || failed(runs))
    return failure();
  if (dependsOnIteration(*condition) || dependsOnIteration(*runs))
    return op.emitOpError("cannot be expressed in a launch record: expected a "
                          "condition that is the same in all iterations of a "
                          "loop");
  if (*runs != Json(1))
    condition = Json(
        Array{"or", Array{"eq", std::move(*runs), 0}, std::move(*condition)});
  requirements.push_back(
      Object{{"condition", std::move(*condition)}, {"message", op.getMsg()}});
  return success();
}

LogicalResult FunctionRecord::addOperation(Operation *op) {
  if (auto alloc = dyn_cast<memref::AllocOp>(op))
    return addAllocation(alloc);
  if (auto assertion = dyn_cast<cf::AssertOp>(op))
    return addRequirement(assertion);
  if (auto ret = dyn_cast<func::ReturnOp>(op))
    return addResults(ret);
  if (isa<scf::IfOp, scf::ForOp>(op) && !op->getNumResults()) {
    for (Region &region : op->getRegions())
      for (Operation &inner : region.getOps())
        if (failed(addOperation(&inner)))
          return failure();
    return success();
  }
  if (isa<gpu::LaunchFuncOp, dsa_tile::TensorMapOp, scf::YieldOp>(op) ||
      (isMemoryEffectFree(op) && op->getNumRegions() == 0))
    return success();
  return op->emitOpError("cannot be expressed in a launch record");
}

FailureOr<Object> FunctionRecord::build() {
  if (failed(addArguments()))
    return failure();
  for (Operation &op : function.getBody().front())
    if (failed(addOperation(&op)))
      return failure();
  FailureOr<Array> variants = getVariants(
      function, [&](gpu::LaunchFuncOp op) { return getLaunch(op); });
  if (failed(variants))
    return failure();
  Array bufferList;
  for (auto &[value, buffer] : buffers)
    bufferList.push_back(std::move(buffer));
  Object record{{"name", function.getName()},
                {"arguments", std::move(arguments)},
                {"requires", std::move(requirements)},
                {"results", std::move(results)},
                {"buffers", std::move(bufferList)},
                {"variants", std::move(*variants)}};
  shareExpressions(record);
  return record;
}

FailureOr<Object> dsa::buildLaunchRecord(ModuleOp module) {
  auto target = module->getAttrOfType<NVVM::NVVMTargetAttr>(kTargetAttrName);
  if (!target)
    return module.emitError("expected a module compiled for a chip: it has no "
                            "'dsa.target'");
  for (auto nested : module.getOps<ModuleOp>())
    return nested.emitError("cannot have a launch record: it is nested");
  Array functions;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal() || function.isPrivate())
      continue;
    if (!function.getBody().hasOneBlock())
      return function.emitError("cannot have a launch record: it branches on "
                                "the host");
    FailureOr<Object> record = FunctionRecord(function).build();
    if (failed(record))
      return failure();
    functions.push_back(std::move(*record));
  }
  return Object{{"version", 1},
                {"producer", "dsa " DSA_VERSION_STRING},
                {"chip", target.getChip()},
                {"functions", std::move(functions)}};
}

FailureOr<StringRef> dsa::getDeviceCode(ModuleOp module) {
  auto binaries = module.getOps<gpu::BinaryOp>();
  if (!llvm::hasSingleElement(binaries))
    return module.emitError("expected one binary with all kernels, but found ")
           << std::distance(binaries.begin(), binaries.end());
  ArrayAttr objects = (*binaries.begin()).getObjects();
  StringRef code = cast<gpu::ObjectAttr>(objects[0]).getObject().getValue();
  // PTX comes with the terminating zero that the driver wants.
  return code.rtrim('\0');
}
