// RUN: dsa-opt %s -dsa-tile-assign-layouts -split-input-file -verify-diagnostics | FileCheck %s

// Products are accumulators, what they read lies in shared memory, and all else
// follows: vectors beside an accumulator are slices of it, sums of groups scattered.
// CHECK-LABEL: func @kernel(
func.func @kernel(%k: memref<?x32xf16>, %q: memref<?x32xf16>, %w: memref<?xf32>, %out: memref<?x?xf32>,
                  %n: index) {
  %c0 = arith.constant 0 : index
  %true = arith.constant true
  scf.forall (%i) in (%n) {
    // CHECK:      dsa_tile.load {{.*}} box = [64, 32] slots = 2 : {{.*}} -> tensor<64x32xf16, #[[SHARED:dsa_tile.shared<swizzle = 64>]]>
    // CHECK-NEXT: dsa_tile.load {{.*}} -> tensor<32x32xf16, #[[SHARED]]>
    // CHECK-NEXT: dsa_tile.mma {{.*}} : tensor<64x32xf16, #[[SHARED]]>, tensor<32x32xf16, #[[SHARED]]> -> tensor<64x32xf32, #[[ACC:dsa_tile.accumulator<row_groups = 1, column_groups = 2>]]>
    %a = dsa_tile.load %k[%i, %c0] box = [64, 32] slots = 2 : memref<?x32xf16> -> tensor<64x32xf16>
    %b = dsa_tile.load %q[%c0, %c0] box = [32, 32] : memref<?x32xf16> -> tensor<32x32xf16>
    %x = dsa_tile.mma %a, %b : tensor<64x32xf16>, tensor<32x32xf16> -> tensor<64x32xf32>
    // CHECK-NEXT: arith.constant dense<0.000000e+00> : tensor<64x32xf32, #[[ACC]]>
    // CHECK-NEXT: arith.maximumf {{.*}} : tensor<64x32xf32, #[[ACC]]>
    %zero = arith.constant dense<0.0> : tensor<64x32xf32>
    %y = arith.maximumf %x, %zero : tensor<64x32xf32>
    // CHECK-NEXT: dsa_tile.load {{.*}} -> tensor<32xf32, #dsa_tile.slice<0, #[[ACC]]>>
    // CHECK-NEXT: dsa_tile.expand {{.*}} dim = 0 : tensor<32xf32, #dsa_tile.slice<0, #[[ACC]]>> -> tensor<64x32xf32, #[[ACC]]>
    // CHECK-NEXT: arith.mulf {{.*}} : tensor<64x32xf32, #[[ACC]]>
    %v = dsa_tile.load %w[%c0] box = [32] : memref<?xf32> -> tensor<32xf32>
    %e = dsa_tile.expand %v dim = 0 : tensor<32xf32> -> tensor<64x32xf32>
    %z = arith.mulf %y, %e : tensor<64x32xf32>
    // CHECK-NEXT: dsa_tile.reduce<add> {{.*}} group = 8 : tensor<64x32xf32, #[[ACC]]> -> tensor<64x4xf32, #dsa_tile.scatter<#[[ACC]]>>
    %s = dsa_tile.reduce<add> %z group = 8 : tensor<64x32xf32> -> tensor<64x4xf32>
    // What is stored with a tile has its layout.
    // CHECK-NEXT: dsa_tile.splat {{.*}} : i1 -> tensor<64x4xi1, #dsa_tile.scatter<#[[ACC]]>>
    // CHECK-NEXT: dsa_tile.store {{.*}} mask(%{{.*}} : tensor<64x4xi1, #dsa_tile.scatter<#[[ACC]]>>) : tensor<64x4xf32, #dsa_tile.scatter<#[[ACC]]>>
    %m = dsa_tile.splat %true : i1 -> tensor<64x4xi1>
    dsa_tile.store %s, %out[%i, %c0] mask(%m : tensor<64x4xi1>) : tensor<64x4xf32>, memref<?x?xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>,
     mapping = [#gpu.block<x>]}
  return
}

// -----

// Where all warps run one program, tiles are striped over them, those that loops carry too.
// CHECK-LABEL: func @striped(
func.func @striped(%m: memref<?xf32>, %n: index) {
  // CHECK-DAG: dsa_tile.scratch : memref<1024xf32>
  %list = dsa_tile.scratch : memref<1024xf32>
  scf.forall (%i) in (%n) {
    // CHECK-DAG: arith.constant dense<0.000000e+00> : tensor<1024xf32, #dsa_tile.striped<warps = 8>>
    %zero = arith.constant dense<0.0> : tensor<1024xf32>
    // CHECK: scf.for {{.*}} -> (tensor<1024xf32, #dsa_tile.striped<warps = 8>>)
    %last = scf.for %j = %i to %n step %n iter_args(%x = %zero) -> tensor<1024xf32> {
      // CHECK: dsa_tile.load {{.*}} -> tensor<1024xf32, #dsa_tile.striped<warps = 8>>
      %y = dsa_tile.load %m[%j] box = [1024] : memref<?xf32> -> tensor<1024xf32>
      %hit = arith.cmpf ogt, %y, %x : tensor<1024xf32>
      // CHECK: dsa_tile.scan %{{.*}} : tensor<1024xi1, #dsa_tile.striped<warps = 8>> -> tensor<1024xi32, #dsa_tile.striped<warps = 8>>
      %p, %all = dsa_tile.scan %hit : tensor<1024xi1> -> tensor<1024xi32>
      dsa_tile.scatter %y at %p mask(%hit : tensor<1024xi1>) to %list[%i] : tensor<1024xf32>, tensor<1024xi32>, memref<1024xf32>
      scf.yield %y : tensor<1024xf32>
    }
    dsa_tile.store %last, %list[%i] : tensor<1024xf32>, memref<1024xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 0, blocks = 0>}
  return
}

// -----

func.func @not_striped(%m: memref<?xf32>, %n: index) {
  scf.forall (%i) in (%n) {
    // expected-error @+1 {{expected a multiple of 1024 elements, but found 1000}}
    %y = dsa_tile.load %m[%i] box = [1000] : memref<?xf32> -> tensor<1000xf32>
    dsa_tile.store %y, %m[%i] : tensor<1000xf32>, memref<?xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 0, blocks = 0>}
  return
}

// -----

// Layouts follow values through loops and branches, in both directions.
// CHECK-LABEL: func @control_flow(
func.func @control_flow(%k: memref<?x64xf16>, %q: memref<?x64xf16>, %out: memref<?xf32>, %n: index, %any: i1) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  scf.forall (%i) in (%n) {
    %b = dsa_tile.load %q[%c0, %c0] box = [8, 64] : memref<?x64xf16> -> tensor<8x64xf16>
    // CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<64x8xf32, #[[ACC:dsa_tile.accumulator<row_groups = 1, column_groups = 1>]]>
    // CHECK: %[[LOW:.*]] = arith.constant dense<-1.000000e+00> : tensor<64xf32, #dsa_tile.slice<1, #[[ACC]]>>
    %zero = arith.constant dense<0.0> : tensor<64x8xf32>
    %low = arith.constant dense<-1.0> : tensor<64xf32>
    // CHECK: scf.for {{.*}} iter_args(%[[SUM:.*]] = %[[ZERO]], %[[MOST:.*]] = %[[LOW]]) -> (tensor<64x8xf32, #[[ACC]]>, tensor<64xf32, #dsa_tile.slice<1, #[[ACC]]>>) {
    %r:2 = scf.for %j = %c0 to %n step %c64 iter_args(%sum = %zero, %most = %low) -> (tensor<64x8xf32>, tensor<64xf32>) {
      %a = dsa_tile.load %k[%j, %c0] box = [64, 64] : memref<?x64xf16> -> tensor<64x64xf16>
      // CHECK: dsa_tile.mma {{.*}} acc(%[[SUM]] : tensor<64x8xf32, #[[ACC]]>) :
      %x = dsa_tile.mma %a, %b acc(%sum : tensor<64x8xf32>) : tensor<64x64xf16>, tensor<8x64xf16> -> tensor<64x8xf32>
      // CHECK: dsa_tile.reduce<max> {{.*}} -> tensor<64xf32, #dsa_tile.slice<1, #[[ACC]]>>
      %m = dsa_tile.reduce<max> %x : tensor<64x8xf32> -> tensor<64xf32>
      // CHECK: scf.if %{{.*}} -> (tensor<64xf32, #dsa_tile.slice<1, #[[ACC]]>>) {
      %next = scf.if %any -> tensor<64xf32> {
        %both = arith.maximumf %m, %most : tensor<64xf32>
        scf.yield %both : tensor<64xf32>
      } else {
        scf.yield %m : tensor<64xf32>
      }
      scf.yield %x, %next : tensor<64x8xf32>, tensor<64xf32>
    }
    // CHECK: dsa_tile.store {{.*}} : tensor<64xf32, #dsa_tile.slice<1, #[[ACC]]>>
    dsa_tile.store %r#1, %out[%i] : tensor<64xf32>, memref<?xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

// What every thread can make for itself is made once for each layout, and loaded once
// more where it is read from registers too.
// CHECK-LABEL: func @two_layouts(
func.func @two_layouts(%k: memref<?x8xf32>, %h: memref<?x16xf16>, %out: memref<?x?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    // CHECK-DAG: arith.constant dense<1.000000e+00> : tensor<64x16xf32, #[[ACC:dsa_tile.accumulator<row_groups = 1, column_groups = 1>]]>
    // CHECK-DAG: arith.constant dense<1.000000e+00> : tensor<64x16xf32, #dsa_tile.scatter<#[[ACC]]>>
    %one = arith.constant dense<1.0> : tensor<64x16xf32>
    // CHECK-DAG: dsa_tile.load {{.*}} -> tensor<64x16xf16, #dsa_tile.shared<swizzle = 32>>
    // CHECK-DAG: %[[COPY:.*]] = dsa_tile.load {{.*}} -> tensor<64x16xf16, #[[ACC]]>
    %a = dsa_tile.load %h[%i, %c0] box = [64, 16] : memref<?x16xf16> -> tensor<64x16xf16>
    %b = dsa_tile.load %h[%c0, %c0] box = [16, 16] : memref<?x16xf16> -> tensor<16x16xf16>
    // CHECK: dsa_tile.mma
    %x = dsa_tile.mma %a, %b : tensor<64x16xf16>, tensor<16x16xf16> -> tensor<64x16xf32>
    %y = arith.addf %x, %one : tensor<64x16xf32>
    // CHECK: arith.extf %[[COPY]] : tensor<64x16xf16, #[[ACC]]> to tensor<64x16xf32, #[[ACC]]>
    %e = arith.extf %a : tensor<64x16xf16> to tensor<64x16xf32>
    %z = arith.addf %y, %e : tensor<64x16xf32>
    %s = dsa_tile.reduce<add> %z group = 1 : tensor<64x16xf32> -> tensor<64x16xf32>
    // CHECK: arith.addf {{.*}} : tensor<64x16xf32, #dsa_tile.scatter<#[[ACC]]>>
    %t = arith.addf %s, %one : tensor<64x16xf32>
    dsa_tile.store %t, %out[%i, %c0] : tensor<64x16xf32>, memref<?x?xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

// Numbers of rows to gather lie with those who copy: as many threads a row as it has pieces of 16
// bytes in the pattern. What says which columns count lies in lanes.
// CHECK-LABEL: func @gather(
func.func @gather(%k: memref<?x128xbf16>, %q: memref<?x128xbf16>, %list: memref<?xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    // CHECK-DAG:  %[[NONE:.*]] = arith.constant dense<-1> : tensor<64xi32, #dsa_tile.rows<lanes = 8>>
    // CHECK-DAG:  %[[NOBODY:.*]] = arith.constant dense<-1> : tensor<64xi32, #dsa_tile.lanes>
    %none = arith.constant dense<-1> : tensor<64xi32>
    %nobody = arith.constant dense<-1> : tensor<64xi32>
    // CHECK:      %[[NUMBERS:.*]] = dsa_tile.load {{.*}} -> tensor<64xi32, #dsa_tile.rows<lanes = 8>>
    // CHECK-NEXT: %[[MOST:.*]] = arith.maxsi %[[NUMBERS]], %[[NONE]] : tensor<64xi32, #dsa_tile.rows<lanes = 8>>
    // CHECK-NEXT: %[[KEYS:.*]] = dsa_tile.gather %{{.*}} rows %[[MOST]] : memref<?x128xbf16>, tensor<64xi32, #dsa_tile.rows<lanes = 8>> -> tensor<64x128xbf16, #dsa_tile.shared<swizzle = 128>>
    %numbers = dsa_tile.load %list[%i] box = [64] : memref<?xi32> -> tensor<64xi32>
    %most = arith.maxsi %numbers, %none : tensor<64xi32>
    %keys = dsa_tile.gather %k rows %most : memref<?x128xbf16>, tensor<64xi32> -> tensor<64x128xbf16>
    // With no slots, queries lie in registers.
    // CHECK-NEXT: %[[QUERIES:.*]] = dsa_tile.load {{.*}} slots = 0 : memref<?x128xbf16> -> tensor<64x128xbf16, #[[ACC:dsa_tile.accumulator<row_groups = 1, column_groups = 1>]]>
    // CHECK-NEXT: %[[X:.*]] = dsa_tile.mma %[[QUERIES]], %[[KEYS]] :
    %queries = dsa_tile.load %q[%i, %c0] box = [64, 128] slots = 0 : memref<?x128xbf16> -> tensor<64x128xbf16>
    %x = dsa_tile.mma %queries, %keys : tensor<64x128xbf16>, tensor<64x128xbf16> -> tensor<64x64xf32>
    // CHECK-NEXT: %[[AGAIN:.*]] = dsa_tile.load {{.*}} -> tensor<64xi32, #dsa_tile.lanes>
    // CHECK-NEXT: %[[THERE:.*]] = arith.cmpi ne, %[[AGAIN]], %[[NOBODY]] : tensor<64xi32, #dsa_tile.lanes>
    // CHECK-NEXT: dsa_tile.mask_columns %[[X]] by %[[THERE]] : tensor<64x64xf32, #[[ACC]]>, tensor<64xi1, #dsa_tile.lanes>
    %again = dsa_tile.load %list[%i] box = [64] : memref<?xi32> -> tensor<64xi32>
    %there = arith.cmpi ne, %again, %nobody : tensor<64xi32>
    %y = dsa_tile.mask_columns %x by %there : tensor<64x64xf32>, tensor<64xi1>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>}
  return
}

// Columns that several warpgroups divide, or that do not fill warps, are where the tile's are.
// Shorter rows have fewer threads.
// CHECK-LABEL: func @columns(
func.func @columns(%k: memref<?x32xbf16>, %list: memref<?xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    // CHECK: dsa_tile.load {{.*}} -> tensor<64xi32, #dsa_tile.rows<lanes = 4>>
    %numbers = dsa_tile.load %list[%i] box = [64] : memref<?xi32> -> tensor<64xi32>
    %a = dsa_tile.gather %k rows %numbers : memref<?x32xbf16>, tensor<64xi32> -> tensor<64x32xbf16>
    %b = dsa_tile.load %k[%i, %c0] box = [48, 32] : memref<?x32xbf16> -> tensor<48x32xbf16>
    // CHECK:      dsa_tile.mma {{.*}} -> tensor<64x64xf32, #[[DIVIDED:dsa_tile.accumulator<row_groups = 1, column_groups = 2>]]>
    // CHECK:      dsa_tile.mask_columns {{.*}} : tensor<64x64xf32, #[[DIVIDED]]>, tensor<64xi1, #dsa_tile.slice<0, #[[DIVIDED]]>>
    %x = dsa_tile.mma %a, %a : tensor<64x32xbf16>, tensor<64x32xbf16> -> tensor<64x64xf32>
    %i64 = dsa_tile.iota dim = 0 : tensor<64xi32>
    %t64 = arith.cmpi ult, %i64, %i64 : tensor<64xi32>
    %y = dsa_tile.mask_columns %x by %t64 : tensor<64x64xf32>, tensor<64xi1>
    // CHECK:      dsa_tile.mma {{.*}} -> tensor<64x48xf32, #[[ACC:dsa_tile.accumulator<row_groups = 1, column_groups = 1>]]>
    // CHECK:      dsa_tile.mask_columns {{.*}} : tensor<64x48xf32, #[[ACC]]>, tensor<48xi1, #dsa_tile.slice<0, #[[ACC]]>>
    %u = dsa_tile.mma %a, %b {replicated} : tensor<64x32xbf16>, tensor<48x32xbf16> -> tensor<64x48xf32>
    %i48 = dsa_tile.iota dim = 0 : tensor<48xi32>
    %t48 = arith.cmpi ult, %i48, %i48 : tensor<48xi32>
    %v = dsa_tile.mask_columns %u by %t48 : tensor<64x48xf32>, tensor<48xi1>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>}
  return
}

// -----

// The widest pattern that a row is a multiple of.
// CHECK-LABEL: func @patterns(
func.func @patterns(%m: memref<?x384xf8E4M3FN>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    // CHECK: -> tensor<64x384xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>
    %a = dsa_tile.load %m[%i, %c0] box = [64, 384] : memref<?x384xf8E4M3FN> -> tensor<64x384xf8E4M3FN>
    %x = dsa_tile.mma %a, %a : tensor<64x384xf8E4M3FN>, tensor<64x384xf8E4M3FN> -> tensor<64x64xf32>
    // CHECK: -> tensor<64x192xf8E4M3FN, #dsa_tile.shared<swizzle = 64>>
    %b = dsa_tile.load %m[%i, %c0] box = [64, 192] : memref<?x384xf8E4M3FN> -> tensor<64x192xf8E4M3FN>
    %y = dsa_tile.mma %b, %b : tensor<64x192xf8E4M3FN>, tensor<64x192xf8E4M3FN> -> tensor<64x64xf32>
    // CHECK: -> tensor<64x96xf8E4M3FN, #dsa_tile.shared<swizzle = 32>>
    %c = dsa_tile.load %m[%i, %c0] box = [64, 96] : memref<?x384xf8E4M3FN> -> tensor<64x96xf8E4M3FN>
    %z = dsa_tile.mma %c, %c : tensor<64x96xf8E4M3FN>, tensor<64x96xf8E4M3FN> -> tensor<64x64xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

// Loops that are no kernels are left alone, as is what no product leads to.
// CHECK-LABEL: func @left_alone(
// CHECK-NOT:     #dsa_tile.accumulator
// CHECK-NOT:     #dsa_tile.shared
// CHECK:         return
func.func @left_alone(%k: memref<?x32xf16>, %out: memref<?xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    %a = dsa_tile.load %k[%i, %c0] box = [64, 32] : memref<?x32xf16> -> tensor<64x32xf16>
    %x = dsa_tile.mma %a, %a : tensor<64x32xf16>, tensor<64x32xf16> -> tensor<64x64xf32>
  }
  scf.forall (%i) in (%n) {
    %numbers = dsa_tile.iota dim = 0 : tensor<64xi32>
    dsa_tile.store %numbers, %out[%i] : tensor<64xi32>, memref<?xi32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @different(%k: memref<?x16xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    %a = dsa_tile.load %k[%i, %c0] box = [64, 16] : memref<?x16xf16> -> tensor<64x16xf16>
    %b = dsa_tile.load %k[%i, %c0] box = [16, 16] : memref<?x16xf16> -> tensor<16x16xf16>
    %x = dsa_tile.mma %a, %b : tensor<64x16xf16>, tensor<16x16xf16> -> tensor<64x16xf32>
    // expected-error @+1 {{tile needs two layouts: #dsa_tile.accumulator<row_groups = 1, column_groups = 1> and #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 1>>}}
    %s = dsa_tile.reduce<add> %x group = 1 : tensor<64x16xf32> -> tensor<64x16xf32>
    %y = arith.addf %x, %s : tensor<64x16xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @not_loaded(%k: memref<?x16xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    %a = dsa_tile.load %k[%i, %c0] box = [64, 16] : memref<?x16xf32> -> tensor<64x16xf32>
    %b = arith.negf %a : tensor<64x16xf32>
    // expected-error @+1 {{'dsa_tile.mma' op expected b to be loaded from memory}}
    %x = dsa_tile.mma %a, %b : tensor<64x16xf32>, tensor<64x16xf32> -> tensor<64x64xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @in_registers(%k: memref<?x16xbf16>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    %a = dsa_tile.load %k[%i, %c0] box = [64, 16] slots = 0 : memref<?x16xbf16> -> tensor<64x16xbf16>
    // expected-error @+1 {{'dsa_tile.mma' op expected b to be loaded from memory}}
    %x = dsa_tile.mma %a, %a : tensor<64x16xbf16>, tensor<64x16xbf16> -> tensor<64x64xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @sums_of_sums(%k: memref<?x16xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    %a = dsa_tile.load %k[%i, %c0] box = [64, 16] : memref<?x16xf16> -> tensor<64x16xf16>
    %x = dsa_tile.mma %a, %a : tensor<64x16xf16>, tensor<64x16xf16> -> tensor<64x64xf32>
    %s = dsa_tile.reduce<add> %x group = 8 : tensor<64x64xf32> -> tensor<64x8xf32>
    // expected-error @+1 {{'dsa_tile.reduce' op expected an accumulator to sum groups of}}
    %t = dsa_tile.reduce<add> %s group = 4 : tensor<64x8xf32> -> tensor<64x2xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @other_user(%k: memref<?x16xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    %a = dsa_tile.load %k[%i, %c0] box = [64, 16] : memref<?x16xf16> -> tensor<64x16xf16>
    %x = dsa_tile.mma %a, %a : tensor<64x16xf16>, tensor<64x16xf16> -> tensor<64x64xf32>
    // expected-error @+1 {{'tensor.extract' op cannot work on tiles}}
    %e = tensor.extract %x[%c0, %c0] : tensor<64x64xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @other_definition(%k: memref<?x16xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    %a = dsa_tile.load %k[%i, %c0] box = [64, 16] : memref<?x16xf16> -> tensor<64x16xf16>
    %x = dsa_tile.mma %a, %a : tensor<64x16xf16>, tensor<64x16xf16> -> tensor<64x64xf32>
    // expected-error @+1 {{'tensor.empty' op cannot make a tile with a layout}}
    %e = tensor.empty() : tensor<64x64xf32>
    %y = arith.addf %x, %e : tensor<64x64xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @shape(%k: memref<?x16xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    %a = dsa_tile.load %k[%i, %c0] box = [32, 16] : memref<?x16xf16> -> tensor<32x16xf16>
    // expected-error @+1 {{expected 64 rows, but found 32}}
    %x = dsa_tile.mma %a, %a : tensor<32x16xf16>, tensor<32x16xf16> -> tensor<32x32xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

func.func @constant(%k: memref<?x16xf16>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    %a = dsa_tile.load %k[%i, %c0] box = [64, 16] : memref<?x16xf16> -> tensor<64x16xf16>
    %b = dsa_tile.load %k[%i, %c0] box = [8, 16] : memref<?x16xf16> -> tensor<8x16xf16>
    %x = dsa_tile.mma %a, %b : tensor<64x16xf16>, tensor<8x16xf16> -> tensor<64x8xf32>
    // expected-error @+1 {{'arith.constant' op expected all elements to be equal}}
    %v = arith.constant dense<[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]> : tensor<8xf32>
    %e = dsa_tile.expand %v dim = 0 : tensor<8xf32> -> tensor<64x8xf32>
    %y = arith.addf %x, %e : tensor<64x8xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 1, blocks = 0>}
  return
}

// -----

// Columns of a tile in shared memory are tiles there, and so is what all who compute write.
// CHECK-LABEL: func @transposed(
func.func @transposed(%k: memref<?x128xbf16>, %q: memref<?x128xbf16>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.forall (%i) in (%n) {
    // CHECK:      %[[K:.*]] = dsa_tile.load {{.*}} -> tensor<64x128xbf16, #[[WIDE:dsa_tile.shared<swizzle = 128>]]>
    %a = dsa_tile.load %k[%i, %c0] box = [64, 128] : memref<?x128xbf16> -> tensor<64x128xbf16>
    %b = dsa_tile.load %q[%c0, %c0] box = [16, 128] : memref<?x128xbf16> -> tensor<16x128xbf16>
    %x = dsa_tile.mma %a, %b : tensor<64x128xbf16>, tensor<16x128xbf16> -> tensor<64x16xf32>
    // CHECK:      dsa_tile.reduce<max> {{.*}} dim = 0 : tensor<64x16xf32, #[[ACC:.*]]> -> tensor<16xf32, #dsa_tile.slice<0, #[[ACC]]>>
    %m = dsa_tile.reduce<max> %x dim = 0 : tensor<64x16xf32> -> tensor<16xf32>
    %e = dsa_tile.expand %m dim = 0 : tensor<16xf32> -> tensor<64x16xf32>
    %y = arith.subf %x, %e : tensor<64x16xf32>
    %p = arith.truncf %y : tensor<64x16xf32> to tensor<64x16xbf16>
    // CHECK:      dsa_tile.stage {{.*}} : tensor<64x16xbf16, #[[ACC]]> -> tensor<64x16xbf16, #[[NARROW:dsa_tile.shared<swizzle = 32>]]>
    %s = dsa_tile.stage %p : tensor<64x16xbf16> -> tensor<64x16xbf16>
    // CHECK:      dsa_tile.extract %[[K]] dim = 1 offset = 64 : tensor<64x128xbf16, #[[WIDE]]> -> tensor<64x64xbf16, #[[WIDE]]>
    %v = dsa_tile.extract %a dim = 1 offset = 64 : tensor<64x128xbf16> -> tensor<64x64xbf16>
    // CHECK:      dsa_tile.mma {{.*}} a_rows b_rows : tensor<64x64xbf16, #[[WIDE]]>, tensor<64x16xbf16, #[[NARROW]]> -> tensor<64x16xf32, #[[ACC]]>
    %o = dsa_tile.mma %v, %s a_rows b_rows : tensor<64x64xbf16>, tensor<64x16xbf16> -> tensor<64x16xf32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>}
  return
}

// -----

// One constant may be needed by threads that copy rows and by those that mask scores: each has its own.
// CHECK-LABEL: func @shared_constant(
func.func @shared_constant(%k: memref<?x64xbf16>, %q: memref<?x64xbf16>, %i: memref<?xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %none = arith.constant dense<-1> : tensor<64xi32>
  %keys = arith.constant dense<100> : tensor<64xi32>
  scf.forall (%t) in (%n) {
    // CHECK-DAG:  arith.constant dense<-1> : tensor<64xi32, #dsa_tile.rows<lanes = 8>>
    // CHECK-DAG:  arith.constant dense<100> : tensor<64xi32, #dsa_tile.rows<lanes = 8>>
    // CHECK-DAG:  arith.constant dense<-1> : tensor<64xi32, #dsa_tile.lanes>
    // CHECK-DAG:  arith.constant dense<100> : tensor<64xi32, #dsa_tile.lanes>
    %a = dsa_tile.load %q[%t, %c0] box = [64, 64] : memref<?x64xbf16> -> tensor<64x64xbf16>
    %l = dsa_tile.load %i[%t] box = [64] : memref<?xi32> -> tensor<64xi32>
    %known = arith.cmpi slt, %l, %keys : tensor<64xi32>
    %rows = arith.select %known, %l, %none : tensor<64xi1>, tensor<64xi32>
    // CHECK:      dsa_tile.gather {{.*}} tensor<64xi32, #dsa_tile.rows<lanes = 8>>
    %b = dsa_tile.gather %k rows %rows slots = 2 : memref<?x64xbf16>, tensor<64xi32> -> tensor<64x64xbf16>
    %x = dsa_tile.mma %a, %b : tensor<64x64xbf16>, tensor<64x64xbf16> -> tensor<64x64xf32>
    %again = arith.cmpi slt, %l, %keys : tensor<64xi32>
    %masked = arith.select %again, %l, %none : tensor<64xi1>, tensor<64xi32>
    %there = arith.cmpi ne, %masked, %none : tensor<64xi32>
    // CHECK:      dsa_tile.mask_columns {{.*}}#dsa_tile.lanes
    %y = dsa_tile.mask_columns %x by %there : tensor<64x64xf32>, tensor<64xi1>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>}
  return
}

// -----

// What is listed lies as the sums do, and so does what lists go by, from one tile to the next.
#sums = #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>
// CHECK-LABEL: func @lists(
func.func @lists(%k: memref<?x64xbf16>, %q: memref<?x64xbf16>, %i: memref<?x1x64xi32>, %c: memref<?x1xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %ends = arith.constant dense<0> : tensor<64x8xi32>
  %none = arith.constant dense<0xFF800000> : tensor<64x8xf32>
  scf.forall (%t) in (%n) {
    %b = dsa_tile.load %q[%c0, %c0] box = [64, 64] : memref<?x64xbf16> -> tensor<64x64xbf16>
    %lists = dsa_tile.workspace : memref<8x4x2x320xi32>
    // CHECK-DAG:  arith.constant dense<0> : tensor<64x8xi32, #[[SUMS:.*]]>
    // CHECK-DAG:  arith.constant dense<0xFF800000> : tensor<64x8xf32, #[[SUMS]]>
    // CHECK:      scf.for {{.*}} -> (tensor<64x8xi32, #[[SUMS]]>, tensor<64x8xf32, #[[SUMS]]>)
    %e, %f = scf.for %s = %c0 to %n step %c64 iter_args(%d = %ends, %g = %none) -> (tensor<64x8xi32>, tensor<64x8xf32>) {
      %a = dsa_tile.load %k[%s, %c0] box = [64, 64] : memref<?x64xbf16> -> tensor<64x64xbf16>
      %x = dsa_tile.mma %a, %b : tensor<64x64xbf16>, tensor<64x64xbf16> -> tensor<64x64xf32>
      %y = dsa_tile.reduce<add> %x group = 8 : tensor<64x64xf32> -> tensor<64x8xf32>
      // CHECK:    dsa_tile.shortlist.add {{.*}} : tensor<64x8xf32, #[[SUMS]]>, tensor<64x8xi32, #[[SUMS]]>
      %h = dsa_tile.shortlist.add %y from %s to %lists ends(%d) floors(%g)
          : tensor<64x8xf32>, tensor<64x8xi32>, memref<8x4x2x320xi32>
      // CHECK:    dsa_tile.shortlist.full {{.*}} tensor<64x8xi32, #[[SUMS]]>
      %full = dsa_tile.shortlist.full %lists ends(%h) : memref<8x4x2x320xi32>, tensor<64x8xi32>
      // CHECK:    scf.if {{.*}} -> (tensor<64x8xi32, #[[SUMS]]>, tensor<64x8xf32, #[[SUMS]]>)
      %l, %m = scf.if %full -> (tensor<64x8xi32>, tensor<64x8xf32>) {
        // CHECK:  dsa_tile.shortlist.shorten {{.*}} tensor<64x8xi32, #[[SUMS]]>, tensor<64x8xf32, #[[SUMS]]>
        %l, %m = dsa_tile.shortlist.shorten %lists ends(%h) floors(%g) keep = 64
            : memref<8x4x2x320xi32>, tensor<64x8xi32>, tensor<64x8xf32>
        scf.yield %l, %m : tensor<64x8xi32>, tensor<64x8xf32>
      } else {
        scf.yield %h, %g : tensor<64x8xi32>, tensor<64x8xf32>
      }
      scf.yield %l, %m : tensor<64x8xi32>, tensor<64x8xf32>
    }
    // CHECK:      dsa_tile.shortlist.end {{.*}} tensor<64x8xi32, #[[SUMS]]>
    dsa_tile.shortlist.end %lists ends(%e) keep = 64 to %i, %c at %t
        : memref<8x4x2x320xi32>, tensor<64x8xi32>, memref<?x1x64xi32>, memref<?x1xi32>
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 132>}
  return
}

// -----

// What is kept in scratch memory is stored as it is loaded: threads read what they have written.
// CHECK-LABEL: func @kept(
func.func @kept(%k: memref<?x64xbf16>, %q: memref<?x64xbf16>, %w: memref<?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  scf.forall (%t) in (%n) {
    // CHECK:      %[[KEPT:.*]] = dsa_tile.scratch
    %kept = dsa_tile.scratch : memref<64xf32>
    // CHECK:      dsa_tile.load {{.*}} -> tensor<64xf32, #[[COLUMNS:.*]]>
    %v = dsa_tile.load %w[%c0] box = [64] : memref<?xf32> -> tensor<64xf32>
    // CHECK:      dsa_tile.store {{.*}} tensor<64xf32, #[[COLUMNS]]>, memref<64xf32>
    dsa_tile.store %v, %kept[%c0] : tensor<64xf32>, memref<64xf32>
    %b = dsa_tile.load %q[%c0, %c0] box = [64, 64] : memref<?x64xbf16> -> tensor<64x64xbf16>
    scf.for %s = %c0 to %n step %c64 {
      %a = dsa_tile.load %k[%s, %c0] box = [64, 64] : memref<?x64xbf16> -> tensor<64x64xbf16>
      %x = dsa_tile.mma %a, %b : tensor<64x64xbf16>, tensor<64x64xbf16> -> tensor<64x64xf32>
      // CHECK:    dsa_tile.load %[[KEPT]]{{.*}} -> tensor<64xf32, #[[COLUMNS]]>
      %u = dsa_tile.load %kept[%c0] box = [64] : memref<64xf32> -> tensor<64xf32>
      %e = dsa_tile.expand %u dim = 0 : tensor<64xf32> -> tensor<64x64xf32>
      %y = arith.mulf %x, %e : tensor<64x64xf32>
    }
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 4, blocks = 132>}
  return
}
