//===- HostTensor.h - Tensors in host memory --------------------*- C++ -*-===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dense row-major tensor that owns its memory, and exact conversions between
// its element types and double. Needs LLVM's support library, but nothing of
// MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef DSA_RUNTIME_HOSTTENSOR_H
#define DSA_RUNTIME_HOSTTENSOR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace mlir::dsa {

/// The element types that host tensors may have.
enum class ElementKind { F32, F16, BF16, F8E4M3FN, I32 };
inline constexpr ElementKind kElementKinds[] = {
    ElementKind::F32, ElementKind::F16, ElementKind::BF16,
    ElementKind::F8E4M3FN, ElementKind::I32};

/// The element type's MLIR spelling, e.g. "bf16".
llvm::StringRef getName(ElementKind kind);
int64_t getByteSize(ElementKind kind);
inline bool isFloat(ElementKind kind) { return kind != ElementKind::I32; }

/// The value of one element; exact for every kind.
double decodeElement(ElementKind kind, const void *element);
/// Stores `value`, rounded to nearest even. What is too large becomes an
/// infinity, or NaN where the kind has no infinity. Integers must be exact.
void encodeElement(ElementKind kind, double value, void *element);

/// A size that is not known; `ShapedType::kDynamic`.
inline constexpr int64_t kDynamicSize = std::numeric_limits<int64_t>::min();

/// How far a result of the kind may be from its exact value, relative to the
/// largest magnitude in its row: what computing it in f32 and rounding it take.
double getTolerance(ElementKind kind);

/// "2x?x64"; "" for rank 0. Dynamic sizes print as `?`.
std::string shapeToString(llvm::ArrayRef<int64_t> shape);

/// The number of bytes of a tensor; none if that does not fit in 63 bits.
std::optional<int64_t> getTensorBytes(int64_t elementBytes,
                                      llvm::ArrayRef<int64_t> shape);
inline std::optional<int64_t> getTensorBytes(ElementKind kind,
                                             llvm::ArrayRef<int64_t> shape) {
  return getTensorBytes(getByteSize(kind), shape);
}

/// A dense row-major tensor that owns its memory, unless it was borrowed.
/// Movable, not copyable: a copy is spelled `clone`.
class HostTensor {
public:
  static constexpr size_t kAlignment = 64;

  /// Zeros. Fails if the size overflows or the memory cannot be had.
  static llvm::Expected<HostTensor> create(ElementKind kind,
                                           llvm::ArrayRef<int64_t> shape);
  /// Takes over memory that `malloc` returned as `allocated`; the elements
  /// begin at `aligned`, inside it.
  static HostTensor adopt(ElementKind kind, llvm::ArrayRef<int64_t> shape,
                          void *allocated, void *aligned);
  /// Refers to elements of another owner, which must outlive the tensor.
  static HostTensor borrow(ElementKind kind, llvm::ArrayRef<int64_t> shape,
                           void *elements);
  llvm::Expected<HostTensor> clone() const;

  ElementKind getKind() const { return kind; }
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getRank() const { return shape.size(); }
  int64_t getNumElements() const;
  int64_t getNumBytes() const { return getNumElements() * getByteSize(kind); }

  char *getData() { return elements; }
  const char *getData() const { return elements; }

  /// Element `index` in row-major order.
  double get(int64_t index) const {
    return decodeElement(kind, elements + index * getByteSize(kind));
  }
  void set(int64_t index, double value) {
    encodeElement(kind, value, elements + index * getByteSize(kind));
  }
  /// All elements from `begin` on, as many as `values` holds.
  void decode(int64_t begin, llvm::MutableArrayRef<double> values) const;

  /// "tensor<2x64xbf16>".
  std::string getTypeString() const;

private:
  struct Free {
    void operator()(void *pointer) const;
  };
  HostTensor(ElementKind kind, llvm::ArrayRef<int64_t> shape, void *allocated,
             void *elements)
      : kind(kind), shape(shape), allocated(allocated),
        elements(static_cast<char *>(elements)) {}

  ElementKind kind;
  llvm::SmallVector<int64_t, 4> shape;
  std::unique_ptr<void, Free> allocated;
  char *elements;
};

} // namespace mlir::dsa

#endif // DSA_RUNTIME_HOSTTENSOR_H
