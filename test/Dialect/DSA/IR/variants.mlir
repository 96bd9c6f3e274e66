// Schedules by run-time size: what is written, what is refused, and what they can serve.

// RUN: dsa-opt %s -verify-diagnostics -split-input-file | FileCheck %s
// RUN: dsa-opt %s -verify-diagnostics -split-input-file -mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

// CHECK: test.sizes = [#dsa.sizes<>, #dsa.sizes<most_rows = 63, least_keys = 65536>, #dsa.sizes<least_rows = 1, most_rows = 2, least_keys = 3, most_keys = 3>]
module attributes {
  test.sizes = [#dsa.sizes<>, #dsa.sizes<least_keys = 65536, most_rows = 63>,
                #dsa.sizes<least_rows = 1, most_rows = 2, least_keys = 3, most_keys = 3>]
} {
  // CHECK-LABEL: func @topk(
  func.func @topk(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
    // CHECK: schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 63>, #dsa.loop_schedule<block_rows = 1, block_keys = 64>>, #dsa.variant<#dsa.sizes<least_keys = 1024>, #dsa.loop_schedule<block_rows = 2, block_keys = 64>>], otherwise = #dsa.loop_schedule<block_rows = 4, block_keys = 64>>)
    // GENERIC: schedule = #dsa.variants<[
    dsa.topk ins(%s : memref<?x?xf32>)
        schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 63>, #dsa.loop_schedule<block_rows = 1, block_keys = 64>>,
                                #dsa.variant<#dsa.sizes<least_keys = 1024>, #dsa.loop_schedule<block_rows = 2, block_keys = 64>>],
                               otherwise = #dsa.loop_schedule<block_rows = 4, block_keys = 64>>)
        outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
    return
  }

  // CHECK-LABEL: func @refused(
  // CHECK: {dsa.refused_schedules = [#dsa.refused_schedule<#dsa.loop_schedule<block_rows = 1, block_keys = 16>, "says \22no\22">], dsa.schedules = [#dsa.loop_schedule<block_rows = 2, block_keys = 16>]}
  func.func @refused(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
    dsa.topk ins(%s : memref<?x?xf32>)
        {dsa.schedules = [#dsa.loop_schedule<block_rows = 2, block_keys = 16>],
         dsa.refused_schedules = [#dsa.refused_schedule<#dsa.loop_schedule<block_rows = 1, block_keys = 16>, "says \"no\"">]}
        outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
    return
  }
}

// -----

// expected-error @+1 {{expected least_rows to be 0 or more, but found -1}}
func.func private @negative() attributes {test.a = #dsa.sizes<least_rows = -1>}

// -----

// expected-error @+1 {{expected most_rows to be at least 2 (least_rows), but found 1}}
func.func private @no_rows() attributes {test.a = #dsa.sizes<least_rows = 2, most_rows = 1>}

// -----

// expected-error @+1 {{expected most_keys to be at least 0 (least_keys), but found -5}}
func.func private @no_keys() attributes {test.a = #dsa.sizes<most_keys = -5>}

// -----

#one = #dsa.loop_schedule<block_rows = 4, block_keys = 64>
#few = #dsa.variant<#dsa.sizes<most_rows = 63>, #one>
#fewer = #dsa.variant<#dsa.sizes<most_rows = 31, least_keys = 64>, #one>
// expected-error @+1 {{expected sizes that no earlier variant has, but all those of variant 1 are among those of variant 0}}
func.func private @never() attributes {test.a = #dsa.variants<[#few, #fewer], otherwise = #one>}

// -----

#one = #dsa.loop_schedule<block_rows = 4, block_keys = 64>
#all = #dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 63>, #one>], otherwise = #one>
// expected-error @+1 {{expected one schedule in a variant, but found #dsa.variants}}
func.func private @nested() attributes {test.a = #dsa.variant<#dsa.sizes<most_rows = 1>, #all>}

// -----

#one = #dsa.loop_schedule<block_rows = 4, block_keys = 64>
#few = #dsa.variant<#dsa.sizes<most_rows = 63>, #one>
#all = #dsa.variants<[#few], otherwise = #one>
// expected-error @+1 {{expected one schedule in 'otherwise', but found #dsa.variants}}
func.func private @nested_otherwise() attributes {test.a = #dsa.variants<[#few], otherwise = #all>}

// -----

func.func @no_keys(%o: memref<2x?x4x8xf32>, %l: memref<2x?x4xf32>, %out: memref<?x4x8xf32>, %lse: memref<?x4xf32>) {
  // expected-error @+1 {{'dsa.merge' op variant 0: expected sizes of rows alone, for the operation has no keys}}
  dsa.merge ins(%o, %l : memref<2x?x4x8xf32>, memref<2x?x4xf32>)
      schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_keys = 63>, #dsa.loop_schedule<block_rows = 1, block_keys = 64>>],
                             otherwise = #dsa.loop_schedule<block_rows = 4, block_keys = 64>>)
      outs(%out, %lse : memref<?x4x8xf32>, memref<?x4xf32>)
  return
}

// -----

func.func @illegal(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{'dsa.topk' op variant 1: expected 'dsa.attention' for an attention_schedule}}
  dsa.topk ins(%s : memref<?x?xf32>)
      schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 1>, #dsa.loop_schedule<block_rows = 1, block_keys = 64>>,
                              #dsa.variant<#dsa.sizes<most_rows = 2>, #dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 1>>],
                             otherwise = #dsa.loop_schedule<block_rows = 4, block_keys = 64>>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @illegal_otherwise(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{'dsa.topk' op otherwise: expected 'dsa.attention' for an attention_schedule}}
  dsa.topk ins(%s : memref<?x?xf32>)
      schedule(#dsa.variants<[#dsa.variant<#dsa.sizes<most_rows = 1>, #dsa.loop_schedule<block_rows = 1, block_keys = 64>>],
                             otherwise = #dsa_tile.attention_schedule<block_keys = 64, slots = 2, groups = 1>>)
      outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @no_schedules(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{'dsa.topk' op expected 'dsa.schedules' to be an array of schedules, but found [1]}}
  dsa.topk ins(%s : memref<?x?xf32>) {dsa.schedules = [1]} outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @no_refused(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{'dsa.topk' op expected 'dsa.refused_schedules' to be an array of #dsa.refused_schedule, but found "none"}}
  dsa.topk ins(%s : memref<?x?xf32>) {dsa.refused_schedules = "none"} outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

func.func @no_times(%s: memref<?x?xf32>, %i: memref<?x1x8xi32>, %n: memref<?x1xi32>) {
  // expected-error @+1 {{'dsa.topk' op expected 'dsa.times' to be an array<f64: …>, but found 3 : i32}}
  dsa.topk ins(%s : memref<?x?xf32>) {dsa.times = 3 : i32} outs(%i, %n : memref<?x1x8xi32>, memref<?x1xi32>)
  return
}

// -----

// expected-error @+1 {{'func.func' op cannot carry the attribute 'dsa.schedules'}}
func.func private @no_operation() attributes {dsa.schedules = []}
