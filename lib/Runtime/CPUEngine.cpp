//===- CPUEngine.cpp - Compile for this machine and run -------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/CPUEngine.h"

#include "CompilerRuntime.h"
#include "dsa/Pipelines/DSATileToCPU.h"
#include "dsa/Pipelines/DSAToCPU.h"
#include "dsa/Target/HostCode.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

// Compiled kernels call the OpenMP runtime; that it is used here makes sure
// that it is part of the process.
#include <dlfcn.h>
#include <omp.h>

using namespace mlir;
using namespace mlir::dsa;

char DiagnosedError::ID = 0;
void DiagnosedError::log(llvm::raw_ostream &os) const {
  os << "compilation failed";
}
std::error_code DiagnosedError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

unsigned CPUEngine::getNumThreads() { return omp_get_max_threads(); }

/// A target machine for the host, with its processor's own instructions.
static llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createHostMachine() {
  static const bool initialized = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    return true;
  }();
  (void)initialized;
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  builder->setCodeGenOptLevel(llvm::CodeGenOptLevel::Aggressive);
  return builder->createTargetMachine();
}

/// The module of `entry`, copied, with no other entry point and with arguments
/// that may not be written to.
static OwningOpRef<ModuleOp> copyModule(const EntryPoint &entry) {
  auto source = entry.function->getParentOfType<ModuleOp>();
  OwningOpRef<ModuleOp> module = source.clone();
  StringRef name = func::FuncOp(entry.function).getName();
  for (auto function : module->getOps<func::FuncOp>()) {
    bool isEntry = function.getName() == name;
    function.setVisibility(isEntry ? SymbolTable::Visibility::Public
                                   : SymbolTable::Visibility::Private);
    for (unsigned i = 0; isEntry && i < function.getNumArguments(); ++i)
      function.setArgAttr(
          i, bufferization::BufferizationDialect::kWritableAttrName,
          BoolAttr::get(function.getContext(), false));
  }
  return module;
}

static void buildPipeline(PassManager &manager, StringRef tileChip) {
  if (tileChip.empty()) {
    DSAToCPUOptions options;
    options.vectorBits = getHostVectorBits();
    return buildDSAToCPUPipeline(manager, options);
  }
  DSATileToCPUOptions options;
  options.chip = tileChip.str();
  options.vectorBits = getHostVectorBits();
  buildDSATileToCPUPipeline(manager, options);
}

static llvm::Error lower(ModuleOp module, StringRef tileChip) {
  // A pass tells what is wrong as a diagnostic; then there is nothing to add.
  bool told = false;
  ScopedDiagnosticHandler listener(module.getContext(), [&](Diagnostic &diag) {
    told |= diag.getSeverity() == DiagnosticSeverity::Error;
    return failure();
  });
  PassManager manager(module.getContext(), ModuleOp::getOperationName());
  buildPipeline(manager, tileChip);
  if (succeeded(manager.run(module)))
    return llvm::Error::success();
  if (told)
    return llvm::make_error<DiagnosedError>();
  return llvm::createStringError("compilation failed in the pipeline");
}

/// The functions of the OpenMP runtime that the code calls.
static llvm::StringSet<> collectRuntimeCalls(const llvm::Module &code) {
  llvm::StringSet<> names;
  for (const llvm::Function &function : code)
    if (function.isDeclaration() && function.getName().starts_with("__kmpc_"))
      names.insert(function.getName());
  return names;
}

/// Tells the engine where they are. It finds by itself what the process shows
/// to everybody, but a program that loaded us may have loaded the runtime for
/// us alone.
static void registerRuntime(ExecutionEngine &engine,
                            const llvm::StringSet<> &names) {
  Dl_info info;
  void *runtime = nullptr;
  if (dladdr(reinterpret_cast<void *>(&omp_get_max_threads), &info))
    runtime = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
  if (!runtime)
    return;
  engine.registerSymbols([&](llvm::orc::MangleAndInterner interner) {
    llvm::orc::SymbolMap symbols;
    for (const auto &name : names)
      if (void *address = dlsym(runtime, name.getKey().str().c_str()))
        symbols[interner(name.getKey())] = {
            llvm::orc::ExecutorAddr::fromPtr(address),
            llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
    return symbols;
  });
  // It stays loaded, for we use it.
  dlclose(runtime);
}

llvm::Expected<std::unique_ptr<CPUEngine>>
CPUEngine::compile(const EntryPoint &entry, StringRef tileChip) {
  DialectRegistry registry;
  registerAllToLLVMIRTranslations(registry);
  func::FuncOp source = entry.function;
  MLIRContext *context = source.getContext();
  context->appendDialectRegistry(registry);
  context->loadDialect<bufferization::BufferizationDialect>();

  OwningOpRef<ModuleOp> module = copyModule(entry);
  if (auto error = lower(*module, tileChip))
    return std::move(error);
  auto codegen = createHostMachine(), optimizer = createHostMachine();
  if (!codegen || !optimizer)
    return llvm::joinErrors(codegen.takeError(), optimizer.takeError());
  auto optimize = makeOptimizingTransformer(3, 0, optimizer->get());
  llvm::StringSet<> runtimeCalls;
  auto transform = [&](llvm::Module *code) -> llvm::Error {
    if (auto error = optimize(code))
      return error;
    runtimeCalls = collectRuntimeCalls(*code);
    return llvm::Error::success();
  };
  ExecutionEngineOptions options;
  options.transformer = transform;
  options.enableGDBNotificationListener = false;
  options.enablePerfNotificationListener = false;
  auto engine = ExecutionEngine::create(*module, options, std::move(*codegen));
  if (!engine)
    return engine.takeError();
  registerRuntime(**engine, runtimeCalls);
  (*engine)->registerSymbols(getCompilerRuntimeSymbols);
  auto function =
      (*engine)->lookupPacked("_mlir_ciface_" + source.getName().str());
  if (!function)
    return function.takeError();
  return std::unique_ptr<CPUEngine>(
      new CPUEngine(entry, std::move(*engine), *function));
}

CPUEngine::CPUEngine(const EntryPoint &entry,
                     std::unique_ptr<ExecutionEngine> engine,
                     void (*function)(void **))
    : results(entry.results), engine(std::move(engine)), function(function) {}
CPUEngine::~CPUEngine() = default;
