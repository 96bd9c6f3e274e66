/*===- dsa-c/Launch.h - Launches compiled modules -----------------*- C -*-===*\
|*                                                                            *|
|* Part of the DSA compiler, under the Apache License v2.0 with LLVM          *|
|* Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception        *|
|*                                                                            *|
|* Runs PTX, as its launch record says, on a GPU's memory that the caller     *|
|* owns and in a stream of the caller's. The library, libDSALaunch, needs     *|
|* neither LLVM nor a compiler, and finds the driver when it runs.            *|
|*                                                                            *|
|* Functions that can fail say why through a callback, if one is given, and   *|
|* return null or false.                                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef DSA_C_LAUNCH_H
#define DSA_C_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DSA_LAUNCH_EXPORTED __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/// Receives a message that ends with a zero and lives as long as the call.
typedef void (*DsaErrorCallback)(const char *message, void *user);

/// A launch record. No GPU is needed to read and plan.
typedef struct DsaLaunchRecord {
  void *ptr;
} DsaLaunchRecord;

/// What to do for arguments of given sizes.
typedef struct DsaLaunchPlan {
  void *ptr;
} DsaLaunchPlan;

/// A module that is loaded on a GPU, in its primary context.
typedef struct DsaLauncher {
  void *ptr;
} DsaLauncher;

typedef enum DsaBufferKind {
  DsaBufferArgument = 0,
  DsaBufferResult = 1,
  DsaBufferWorkspace = 2,
} DsaBufferKind;

/// Memory that a plan needs. `argument` is the number of an argument, else 0.
typedef struct DsaBuffer {
  DsaBufferKind kind;
  size_t argument;
  size_t bytes;
  /// "bf16", and the extents; both live as long as the plan.
  const char *element;
  size_t rank;
  const int64_t *shape;
} DsaBuffer;

DSA_LAUNCH_EXPORTED DsaLaunchRecord dsaLaunchRecordParse(const char *text,
                                                         size_t length,
                                                         DsaErrorCallback error,
                                                         void *user);
DSA_LAUNCH_EXPORTED void dsaLaunchRecordDestroy(DsaLaunchRecord record);

/// Plans the function called `name`, or the only one if that is empty or null,
/// for arguments of these ranks and shapes. The record must outlive the plan.
DSA_LAUNCH_EXPORTED DsaLaunchPlan dsaLaunchPlanCreate(
    DsaLaunchRecord record, const char *name, size_t numArguments,
    const size_t *ranks, const int64_t *const *shapes, DsaErrorCallback error,
    void *user);
DSA_LAUNCH_EXPORTED size_t dsaLaunchPlanGetNumBuffers(DsaLaunchPlan plan);
DSA_LAUNCH_EXPORTED DsaBuffer dsaLaunchPlanGetBuffer(DsaLaunchPlan plan,
                                                     size_t number);
DSA_LAUNCH_EXPORTED size_t dsaLaunchPlanGetNumResults(DsaLaunchPlan plan);
/// The number of the buffer that is the result; it may be an argument's.
DSA_LAUNCH_EXPORTED size_t dsaLaunchPlanGetResult(DsaLaunchPlan plan,
                                                  size_t position);
DSA_LAUNCH_EXPORTED void dsaLaunchPlanDestroy(DsaLaunchPlan plan);

/// Loads PTX (or a cubin) of `length` bytes on the GPU called `device`.
/// `driver` is the path of the driver's library; null is the system's.
DSA_LAUNCH_EXPORTED DsaLauncher dsaLauncherCreate(const char *image,
                                                  size_t length, int device,
                                                  const char *driver,
                                                  DsaErrorCallback error,
                                                  void *user);
/// 90 for compute capability 9.0.
DSA_LAUNCH_EXPORTED int dsaLauncherGetCapability(DsaLauncher launcher);
/// Starts the plan's launches in `stream`, a CUstream, for buffers at these
/// addresses, one for each of the plan's, and does not wait for them. What may
/// run at the same time has streams of its own, which begin and end in this
/// one. What is not an argument's may hold anything. Not for several threads at
/// once.
DSA_LAUNCH_EXPORTED bool dsaLauncherLaunch(DsaLauncher launcher,
                                           DsaLaunchPlan plan,
                                           const uint64_t *addresses,
                                           void *stream, DsaErrorCallback error,
                                           void *user);
DSA_LAUNCH_EXPORTED void dsaLauncherDestroy(DsaLauncher launcher);

#ifdef __cplusplus
}
#endif

#endif // DSA_C_LAUNCH_H
