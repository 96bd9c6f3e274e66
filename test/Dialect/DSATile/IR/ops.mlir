// Every operation, type and attribute, printed and parsed, in the custom and in the
// generic form.

// RUN: dsa-opt %s | dsa-opt | FileCheck %s
// RUN: dsa-opt %s -mlir-print-op-generic | dsa-opt | FileCheck %s

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @load(
// CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x128xf8E4M3FN>, %[[W:[^:]*]]: memref<?x?xf32>, %[[Q:[^:]*]]: memref<?x64x128xbf16>, %[[N:[^:]*]]: memref<?xi32>, %[[S:[^:]*]]: index, %[[C0:[^:]*]]: index)
func.func @load(%keys: memref<?x128xf8E4M3FN>, %w: memref<?x?xf32>, %q: memref<?x64x128xbf16>,
                %n: memref<?xi32>, %s: index, %c0: index) {
  // CHECK: dsa_tile.load %[[KEYS]][%[[S]], %[[C0]]] box = [64, 128] slots = 4 : memref<?x128xf8E4M3FN> -> tensor<64x128xf8E4M3FN>
  %k = dsa_tile.load %keys[%s, %c0] box = [64, 128] slots = 4
      : memref<?x128xf8E4M3FN> -> tensor<64x128xf8E4M3FN>
  // One slot need not be said.
  // CHECK: dsa_tile.load %[[W]][%[[S]], %[[C0]]] box = [8, 64] : memref<?x?xf32> -> tensor<512xf32>
  %all = dsa_tile.load %w[%s, %c0] box = [8, 64] slots = 1 : memref<?x?xf32> -> tensor<512xf32>
  // CHECK: dsa_tile.load %[[Q]][%[[S]], %[[C0]], %[[C0]]] box = [8, 64, 128] : memref<?x64x128xbf16> -> tensor<512x128xbf16>
  %but_last = dsa_tile.load %q[%s, %c0, %c0] box = [8, 64, 128] : memref<?x64x128xbf16> -> tensor<512x128xbf16>
  // CHECK: dsa_tile.load %[[Q]][%[[S]], %[[C0]], %[[C0]]] box = [1, 1, 16] : memref<?x64x128xbf16> -> tensor<1x1x16xbf16>
  %same = dsa_tile.load %q[%s, %c0, %c0] box = [1, 1, 16] : memref<?x64x128xbf16> -> tensor<1x1x16xbf16>
  // CHECK: dsa_tile.load %[[N]][%[[S]]] box = [8] {test.note} : memref<?xi32> -> tensor<8xi32>
  %vector = dsa_tile.load %n[%s] box = [8] {test.note} : memref<?xi32> -> tensor<8xi32>
  // CHECK: dsa_tile.load %[[N]][%[[S]]] box = [8] slots = 0 inside : memref<?xi32> -> tensor<8xi32>
  %registers = dsa_tile.load %n[%s] box = [8] slots = 0 inside : memref<?xi32> -> tensor<8xi32>
  return
}

// CHECK-LABEL: func @gather(
// CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x576xbf16>, %[[NUMBERS:[^:]*]]: tensor<64xi32>)
func.func @gather(%keys: memref<?x576xbf16>, %numbers: tensor<64xi32>) {
  // CHECK: dsa_tile.gather %[[KEYS]] rows %[[NUMBERS]] slots = 2 : memref<?x576xbf16>, tensor<64xi32> -> tensor<64x576xbf16>
  %k = dsa_tile.gather %keys rows %numbers slots = 2
      : memref<?x576xbf16>, tensor<64xi32> -> tensor<64x576xbf16>
  // A part of wider rows.
  // CHECK: dsa_tile.gather %[[KEYS]] rows %[[NUMBERS]] column = 256 slots = 2 : memref<?x576xbf16>, tensor<64xi32> -> tensor<64x320xbf16>
  %m = dsa_tile.gather %keys rows %numbers column = 256 slots = 2
      : memref<?x576xbf16>, tensor<64xi32> -> tensor<64x320xbf16>
  // Neither the first column nor one slot need be said.
  // CHECK: dsa_tile.gather %[[KEYS]] rows %[[NUMBERS]] : memref<?x576xbf16>, tensor<64xi32> -> tensor<64x256xbf16>
  %o = dsa_tile.gather %keys rows %numbers column = 0 slots = 1
      : memref<?x576xbf16>, tensor<64xi32> -> tensor<64x256xbf16>
  return
}

// CHECK-LABEL: func @store(
// CHECK-SAME:    %[[SCORES:[^:]*]]: tensor<64x8xf32>, %[[M:[^:]*]]: tensor<64x8xi1>, %[[X:[^:]*]]: tensor<8xf32>, %[[OUT:[^:]*]]: memref<?x?xf32>, %[[V:[^:]*]]: memref<?xf32>, %[[ROW:[^:]*]]: index, %[[S:[^:]*]]: index)
func.func @store(%scores: tensor<64x8xf32>, %m: tensor<64x8xi1>, %x: tensor<8xf32>,
                 %out: memref<?x?xf32>, %v: memref<?xf32>, %row: index, %s: index) {
  // CHECK: dsa_tile.store %[[SCORES]], %[[OUT]][%[[ROW]], %[[S]]] mask(%[[M]] : tensor<64x8xi1>) inside transposed : tensor<64x8xf32>, memref<?x?xf32>
  dsa_tile.store %scores, %out[%row, %s] mask(%m : tensor<64x8xi1>) inside transposed
      : tensor<64x8xf32>, memref<?x?xf32>
  // CHECK: dsa_tile.store %[[SCORES]], %[[OUT]][%[[ROW]], %[[S]]] mask(%[[M]] : tensor<64x8xi1>) : tensor<64x8xf32>, memref<?x?xf32>
  dsa_tile.store %scores, %out[%row, %s] mask(%m : tensor<64x8xi1>) : tensor<64x8xf32>, memref<?x?xf32>
  // CHECK: dsa_tile.store %[[SCORES]], %[[OUT]][%[[ROW]], %[[S]]] transposed : tensor<64x8xf32>, memref<?x?xf32>
  dsa_tile.store %scores, %out[%row, %s] transposed : tensor<64x8xf32>, memref<?x?xf32>
  // CHECK: dsa_tile.store %[[X]], %[[V]][%[[S]]] : tensor<8xf32>, memref<?xf32>
  dsa_tile.store %x, %v[%s] : tensor<8xf32>, memref<?xf32>
  return
}

// CHECK-LABEL: func @store_box(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<128x64xbf16>, %[[Y:[^:]*]]: tensor<128xf32>, %[[OUT:[^:]*]]: memref<?x5x64xbf16>, %[[LSE:[^:]*]]: memref<?x5xf32>, %[[ROW:[^:]*]]: index, %[[H:[^:]*]]: index, %[[C0:[^:]*]]: index)
func.func @store_box(%x: tensor<128x64xbf16>, %y: tensor<128xf32>, %out: memref<?x5x64xbf16>,
                     %lse: memref<?x5xf32>, %row: index, %h: index, %c0: index) {
  // CHECK: dsa_tile.store %[[X]], %[[OUT]][%[[ROW]], %[[H]], %[[C0]]] box = [128, 1, 64] : tensor<128x64xbf16>, memref<?x5x64xbf16>
  dsa_tile.store %x, %out[%row, %h, %c0] box = [128, 1, 64] : tensor<128x64xbf16>, memref<?x5x64xbf16>
  // CHECK: dsa_tile.store %[[Y]], %[[LSE]][%[[ROW]], %[[H]]] box = [128, 1] : tensor<128xf32>, memref<?x5xf32>
  dsa_tile.store %y, %lse[%row, %h] box = [128, 1] : tensor<128xf32>, memref<?x5xf32>
  return
}

// CHECK-LABEL: func @tensor_map(
// CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x128xf8E4M3FN>, %[[Q:[^:]*]]: memref<?x64x128xbf16>)
func.func @tensor_map(%keys: memref<?x128xf8E4M3FN>, %q: memref<?x64x128xbf16>) {
  // CHECK: dsa_tile.tensor_map %[[KEYS]] box = [64, 128] swizzle = 128 : memref<?x128xf8E4M3FN>
  %map = dsa_tile.tensor_map %keys box = [64, 128] swizzle = 128 : memref<?x128xf8E4M3FN>
  // CHECK: dsa_tile.tensor_map %[[Q]] box = [1, 256, 16] swizzle = 32 : memref<?x64x128xbf16>
  %narrow = dsa_tile.tensor_map %q box = [1, 256, 16] swizzle = 32 : memref<?x64x128xbf16>
  return
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func @mma(
// CHECK-SAME:    %[[K:[^:]*]]: tensor<64x128xf8E4M3FN>, %[[Q:[^:]*]]: tensor<512x128xf8E4M3FN>, %[[R:[^:]*]]: tensor<8x128xf8E4M3FN>, %[[C:[^:]*]]: tensor<64x512xf32>, %[[D:[^:]*]]: tensor<64x8xf32>)
func.func @mma(%k: tensor<64x128xf8E4M3FN>, %q: tensor<512x128xf8E4M3FN>, %r: tensor<8x128xf8E4M3FN>,
               %c: tensor<64x512xf32>, %d: tensor<64x8xf32>) {
  // CHECK: dsa_tile.mma %[[K]], %[[Q]] : tensor<64x128xf8E4M3FN>, tensor<512x128xf8E4M3FN> -> tensor<64x512xf32>
  %x = dsa_tile.mma %k, %q
      : tensor<64x128xf8E4M3FN>, tensor<512x128xf8E4M3FN> -> tensor<64x512xf32>
  // CHECK: dsa_tile.mma %[[K]], %[[Q]], %[[R]] acc(%[[C]], %[[D]] : tensor<64x512xf32>, tensor<64x8xf32>) : tensor<64x128xf8E4M3FN>, tensor<512x128xf8E4M3FN>, tensor<8x128xf8E4M3FN> -> tensor<64x512xf32>, tensor<64x8xf32>
  %y:2 = dsa_tile.mma %k, %q, %r acc(%c, %d : tensor<64x512xf32>, tensor<64x8xf32>)
      : tensor<64x128xf8E4M3FN>, tensor<512x128xf8E4M3FN>, tensor<8x128xf8E4M3FN>
      -> tensor<64x512xf32>, tensor<64x8xf32>
  // CHECK: %[[PENDING:.*]] = dsa_tile.mma_start %[[K]], %[[Q]], %[[R]] acc(%[[C]], %[[D]] : tensor<64x512xf32>, tensor<64x8xf32>) : tensor<64x128xf8E4M3FN>, tensor<512x128xf8E4M3FN>, tensor<8x128xf8E4M3FN> -> <tensor<64x512xf32>, tensor<64x8xf32>>
  %pending = dsa_tile.mma_start %k, %q, %r acc(%c, %d : tensor<64x512xf32>, tensor<64x8xf32>)
      : tensor<64x128xf8E4M3FN>, tensor<512x128xf8E4M3FN>, tensor<8x128xf8E4M3FN>
      -> <tensor<64x512xf32>, tensor<64x8xf32>>
  // CHECK: %[[MORE:.*]] = dsa_tile.mma_start %[[K]], %[[Q]], %[[R]] continues(%[[PENDING]] : !dsa_tile.pending<tensor<64x512xf32>, tensor<64x8xf32>>) : tensor<64x128xf8E4M3FN>, {{.*}} -> <tensor<64x512xf32>, tensor<64x8xf32>>
  %more = dsa_tile.mma_start %k, %q, %r
      continues(%pending : !dsa_tile.pending<tensor<64x512xf32>, tensor<64x8xf32>>)
      : tensor<64x128xf8E4M3FN>, tensor<512x128xf8E4M3FN>, tensor<8x128xf8E4M3FN>
      -> <tensor<64x512xf32>, tensor<64x8xf32>>
  // No tiles of what another product continues.
  // CHECK: dsa_tile.mma_wait %[[PENDING]] outstanding = 1 : !dsa_tile.pending<tensor<64x512xf32>, tensor<64x8xf32>>{{$}}
  dsa_tile.mma_wait %pending outstanding = 1 : !dsa_tile.pending<tensor<64x512xf32>, tensor<64x8xf32>>
  // CHECK: dsa_tile.mma_wait %[[MORE]] outstanding = 1 : !dsa_tile.pending<tensor<64x512xf32>, tensor<64x8xf32>> -> tensor<64x512xf32>, tensor<64x8xf32>
  %z:2 = dsa_tile.mma_wait %more outstanding = 1
      : !dsa_tile.pending<tensor<64x512xf32>, tensor<64x8xf32>> -> tensor<64x512xf32>, tensor<64x8xf32>
  return
}

#halves = #dsa_tile.accumulator<row_groups = 1, column_groups = 2>

// Several b are columns of one result, equally many each: of wider ones, the first.
// CHECK-LABEL: func @mma_rows(
// CHECK-SAME:    %[[P:[^:]*]]: tensor<64x64xbf16>, %[[V:[^:]*]]: tensor<64x32xbf16>, %[[U:[^:]*]]: tensor<64x40xbf16>, %[[C:[^:]*]]: tensor<64x64xf32>)
func.func @mma_rows(%p: tensor<64x64xbf16>, %v: tensor<64x32xbf16>, %u: tensor<64x40xbf16>, %c: tensor<64x64xf32>) {
  // CHECK: dsa_tile.mma %[[P]], %[[V]], %[[U]] acc(%[[C]] : tensor<64x64xf32>) b_rows : tensor<64x64xbf16>, tensor<64x32xbf16>, tensor<64x40xbf16> -> tensor<64x64xf32>
  %x = dsa_tile.mma %p, %v, %u acc(%c : tensor<64x64xf32>) b_rows
      : tensor<64x64xbf16>, tensor<64x32xbf16>, tensor<64x40xbf16> -> tensor<64x64xf32>
  // CHECK: %[[PENDING:.*]] = dsa_tile.mma_start %[[P]], %[[V]], %[[U]] acc(%[[C]] : tensor<64x64xf32>) b_rows : tensor<64x64xbf16>, tensor<64x32xbf16>, tensor<64x40xbf16> -> <tensor<64x64xf32>>
  %pending = dsa_tile.mma_start %p, %v, %u acc(%c : tensor<64x64xf32>) b_rows
      : tensor<64x64xbf16>, tensor<64x32xbf16>, tensor<64x40xbf16> -> <tensor<64x64xf32>>
  // CHECK: dsa_tile.mma_start %[[P]], %[[V]], %[[U]] continues(%[[PENDING]] : !dsa_tile.pending<tensor<64x64xf32>>) b_rows : tensor<64x64xbf16>, {{.*}} -> <tensor<64x64xf32>>
  %more = dsa_tile.mma_start %p, %v, %u continues(%pending : !dsa_tile.pending<tensor<64x64xf32>>) b_rows
      : tensor<64x64xbf16>, tensor<64x32xbf16>, tensor<64x40xbf16> -> <tensor<64x64xf32>>
  // Of two column groups, each has its own b.
  // CHECK: dsa_tile.mma %[[P]], %[[V]] b_rows {own_columns} : tensor<64x64xbf16>, tensor<64x32xbf16> -> tensor<64x64xf32, #[[HALVES:.*]]>
  %y = dsa_tile.mma %p, %v b_rows {own_columns}
      : tensor<64x64xbf16>, tensor<64x32xbf16> -> tensor<64x64xf32, #halves>
  // CHECK: dsa_tile.mma_start %[[P]], %[[V]] b_rows {own_columns} : tensor<64x64xbf16>, tensor<64x32xbf16> -> <tensor<64x64xf32, #[[HALVES]]>>
  %z = dsa_tile.mma_start %p, %v b_rows {own_columns}
      : tensor<64x64xbf16>, tensor<64x32xbf16> -> <tensor<64x64xf32, #halves>>
  return
}

// Every column group computes all scores; of the keys, the first columns are values.
// CHECK-LABEL: func @mma_keys_as_values(
// CHECK-SAME:    %[[Q:[^:]*]]: tensor<64x576xbf16>, %[[K:[^:]*]]: tensor<32x576xbf16>, %[[P:[^:]*]]: tensor<64x32xbf16>)
func.func @mma_keys_as_values(%q: tensor<64x576xbf16>, %k: tensor<32x576xbf16>, %p: tensor<64x32xbf16>) {
  // CHECK: dsa_tile.mma %[[Q]], %[[K]] {replicated} : tensor<64x576xbf16>, tensor<32x576xbf16> -> tensor<64x32xf32>
  %x = dsa_tile.mma %q, %k {replicated} : tensor<64x576xbf16>, tensor<32x576xbf16> -> tensor<64x32xf32>
  // CHECK: dsa_tile.mma %[[P]], %[[K]] b_rows : tensor<64x32xbf16>, tensor<32x576xbf16> -> tensor<64x512xf32>
  %y = dsa_tile.mma %p, %k b_rows : tensor<64x32xbf16>, tensor<32x576xbf16> -> tensor<64x512xf32>
  return
}

// CHECK-LABEL: func @transposed(
// CHECK-SAME:    %[[P:[^:]*]]: tensor<64x16xbf16>, %[[V:[^:]*]]: tensor<64x128xbf16>)
func.func @transposed(%p: tensor<64x16xbf16>, %v: tensor<64x128xbf16>) {
  // CHECK: %[[S:.*]] = dsa_tile.stage %[[P]] : tensor<64x16xbf16> -> tensor<64x16xbf16>
  %s = dsa_tile.stage %p : tensor<64x16xbf16> -> tensor<64x16xbf16>
  // CHECK: dsa_tile.stage %[[P]] offset = 1024 : tensor<64x16xbf16> -> tensor<64x16xbf16>
  %placed = dsa_tile.stage %p offset = 1024 : tensor<64x16xbf16> -> tensor<64x16xbf16>
  // CHECK: %[[PART:.*]] = dsa_tile.extract %[[V]] dim = 1 offset = 64 : tensor<64x128xbf16> -> tensor<64x64xbf16>
  %part = dsa_tile.extract %v dim = 1 offset = 64 : tensor<64x128xbf16> -> tensor<64x64xbf16>
  // CHECK: dsa_tile.mma %[[PART]], %[[S]] a_rows b_rows : tensor<64x64xbf16>, tensor<64x16xbf16> -> tensor<64x16xf32>
  %o = dsa_tile.mma %part, %s a_rows b_rows : tensor<64x64xbf16>, tensor<64x16xbf16> -> tensor<64x16xf32>
  return
}

// CHECK-LABEL: func @reduce(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<64x512xf32>, %[[Y:[^:]*]]: tensor<64x128xf32>)
func.func @reduce(%x: tensor<64x512xf32>, %y: tensor<64x128xf32>) {
  // CHECK: dsa_tile.reduce<add> %[[X]] group = 64 : tensor<64x512xf32> -> tensor<64x8xf32>
  %s = dsa_tile.reduce<add> %x group = 64 : tensor<64x512xf32> -> tensor<64x8xf32>
  // CHECK: dsa_tile.reduce<max> %[[Y]] : tensor<64x128xf32> -> tensor<64xf32>
  %m = dsa_tile.reduce<max> %y : tensor<64x128xf32> -> tensor<64xf32>
  // CHECK: dsa_tile.reduce<max> %[[Y]] dim = 0 : tensor<64x128xf32> -> tensor<128xf32>
  %c = dsa_tile.reduce<max> %y dim = 0 : tensor<64x128xf32> -> tensor<128xf32>
  // CHECK: dsa_tile.reduce<max> %[[Y]] dim = 0 offset = 512 : tensor<64x128xf32> -> tensor<128xf32>
  %placed = dsa_tile.reduce<max> %y dim = 0 offset = 512 : tensor<64x128xf32> -> tensor<128xf32>
  return
}

// CHECK-LABEL: func @scale_rows(
// CHECK-SAME:    %[[OUT:[^:]*]]: tensor<64x512xf32>, %[[DECAY:[^:]*]]: tensor<64xf32>)
func.func @scale_rows(%out: tensor<64x512xf32>, %decay: tensor<64xf32>) {
  // CHECK: dsa_tile.scale_rows %[[OUT]] by %[[DECAY]] : tensor<64x512xf32>, tensor<64xf32>
  %o = dsa_tile.scale_rows %out by %decay : tensor<64x512xf32>, tensor<64xf32>
  return
}

// CHECK-LABEL: func @mask_columns(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<64x64xf32>, %[[THERE:[^:]*]]: tensor<64xi1>)
func.func @mask_columns(%x: tensor<64x64xf32>, %there: tensor<64xi1>) {
  // CHECK: dsa_tile.mask_columns %[[X]] by %[[THERE]] : tensor<64x64xf32>, tensor<64xi1>
  %y = dsa_tile.mask_columns %x by %there : tensor<64x64xf32>, tensor<64xi1>
  return
}

#one = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#lanes = #dsa_tile.lanes

// With layouts, the truth values are in lanes, or where the tile's columns are.
// CHECK-LABEL: func @mask_layouts(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<64x64xf32, #{{[^:]*}}>, %[[L:[^:]*]]: tensor<64xi1, #{{[^:]*}}>, %[[S:[^:]*]]: tensor<64xi1, #{{[^:]*}}>)
func.func @mask_layouts(%x: tensor<64x64xf32, #one>, %l: tensor<64xi1, #lanes>,
                        %s: tensor<64xi1, #dsa_tile.slice<0, #one>>) {
  // CHECK: dsa_tile.mask_columns %[[X]] by %[[L]] : tensor<64x64xf32, #[[ONE:.*]]>, tensor<64xi1, #dsa_tile.lanes>
  %y = dsa_tile.mask_columns %x by %l : tensor<64x64xf32, #one>, tensor<64xi1, #lanes>
  // CHECK: dsa_tile.mask_columns %[[X]] by %[[S]] : tensor<64x64xf32, #[[ONE]]>, tensor<64xi1, #dsa_tile.slice<0, #[[ONE]]>>
  %z = dsa_tile.mask_columns %x by %s : tensor<64x64xf32, #one>, tensor<64xi1, #dsa_tile.slice<0, #one>>
  return
}

// CHECK-LABEL: func @parts(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<64x64xf32, #{{[^:]*}}>, %[[V:[^:]*]]: tensor<64x128xbf16, #{{[^:]*}}>)
func.func @parts(%x: tensor<64x64xf32, #one>, %v: tensor<64x128xbf16, #dsa_tile.shared<swizzle = 128>>) {
  // CHECK: %[[PART:.*]] = dsa_tile.extract %[[X]] dim = 1 offset = 48 : tensor<64x64xf32, #[[ONE:.*]]> -> tensor<64x16xf32, #[[ONE]]>
  %part = dsa_tile.extract %x dim = 1 offset = 48 : tensor<64x64xf32, #one> -> tensor<64x16xf32, #one>
  // Rows lie where they did: `pitch` says how many the whole has.
  // CHECK: dsa_tile.extract %[[V]] dim = 0 offset = 32 : tensor<64x128xbf16, #dsa_tile.shared<swizzle = 128>> -> tensor<16x128xbf16, #dsa_tile.shared<swizzle = 128, rows = 16, pitch = 64>>
  %rows = dsa_tile.extract %v dim = 0 offset = 32
      : tensor<64x128xbf16, #dsa_tile.shared<swizzle = 128>>
      -> tensor<16x128xbf16, #dsa_tile.shared<swizzle = 128, rows = 16, pitch = 64>>
  // CHECK: dsa_tile.concat %[[PART]], %[[X]] : tensor<64x16xf32, #[[ONE]]>, tensor<64x64xf32, #[[ONE]]> -> tensor<64x80xf32, #[[ONE]]>
  %all = dsa_tile.concat %part, %x
      : tensor<64x16xf32, #one>, tensor<64x64xf32, #one> -> tensor<64x80xf32, #one>
  return
}

// CHECK-LABEL: func @make(
// CHECK-SAME:    %[[W:[^:]*]]: tensor<512xf32>, %[[X:[^:]*]]: f32, %[[N:[^:]*]]: i32)
func.func @make(%w: tensor<512xf32>, %x: f32, %n: i32) {
  // CHECK: dsa_tile.expand %[[W]] dim = 0 : tensor<512xf32> -> tensor<64x512xf32>
  %y = dsa_tile.expand %w dim = 0 : tensor<512xf32> -> tensor<64x512xf32>
  // CHECK: dsa_tile.expand %[[W]] dim = 1 : tensor<512xf32> -> tensor<512x3xf32>
  %z = dsa_tile.expand %w dim = 1 : tensor<512xf32> -> tensor<512x3xf32>
  // CHECK: dsa_tile.iota dim = 0 : tensor<64x8xi32>
  %i = dsa_tile.iota dim = 0 : tensor<64x8xi32>
  // CHECK: dsa_tile.iota dim = 2 : tensor<2x3x4xi32>
  %j = dsa_tile.iota dim = 2 : tensor<2x3x4xi32>
  // CHECK: dsa_tile.splat %[[X]] : f32 -> tensor<64x8xf32>
  %t = dsa_tile.splat %x : f32 -> tensor<64x8xf32>
  // CHECK: dsa_tile.splat %[[N]] : i32 -> tensor<8xi32>
  %u = dsa_tile.splat %n : i32 -> tensor<8xi32>
  return
}

//===----------------------------------------------------------------------===//
// Channels, handoffs and roles
//===----------------------------------------------------------------------===//

#shared = #dsa_tile.shared<swizzle = 128>
!tile = tensor<64x128xf8E4M3FN, #shared>

// CHECK-LABEL: func @roles(
// CHECK-SAME:    %[[MAP:[^:]*]]: !llvm.ptr, %[[S:[^:]*]]: index, %[[C0:[^:]*]]: index)
func.func @roles(%map: !llvm.ptr, %s: index, %c0: index) {
  // CHECK: %[[C:.*]] = dsa_tile.channel : !dsa_tile.channel<2 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>, tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
  %c = dsa_tile.channel : !dsa_tile.channel<2 x !tile, !tile>
  // CHECK: dsa_tile.channel offset = 0 barriers = 32768 : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
  %placed = dsa_tile.channel offset = 0 barriers = 32768 : !dsa_tile.channel<4 x !tile>
  // CHECK: dsa_tile.warp_specialize load {
  dsa_tile.warp_specialize load {
    // CHECK: dsa_tile.channel.acquire %[[C]] : !dsa_tile.channel<2 x
    dsa_tile.channel.acquire %c : !dsa_tile.channel<2 x !tile, !tile>
    // CHECK: dsa_tile.copy %[[MAP]][%[[S]], %[[C0]]] extent = [64, 128] box = [64, 128] to %[[C]] tile = 0 : !dsa_tile.channel<2 x
    dsa_tile.copy %map[%s, %c0] extent = [64, 128] box = [64, 128] to %c tile = 0
        : !dsa_tile.channel<2 x !tile, !tile>
    // CHECK: dsa_tile.copy %[[MAP]][%[[S]], %[[S]], %[[C0]]] extent = [8, 8, 128] box = [1, 8, 128] to %[[C]] tile = 1 : !dsa_tile.channel<2 x
    dsa_tile.copy %map[%s, %s, %c0] extent = [8, 8, 128] box = [1, 8, 128] to %c tile = 1
        : !dsa_tile.channel<2 x !tile, !tile>
    // CHECK: dsa_tile.channel.commit %[[C]] : !dsa_tile.channel<2 x
    dsa_tile.channel.commit %c : !dsa_tile.channel<2 x !tile, !tile>
  // CHECK: } compute {
  } compute {
    // CHECK: dsa_tile.channel.wait %[[C]] : !dsa_tile.channel<2 x {{.*}} -> tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>, tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>
    %k:2 = dsa_tile.channel.wait %c : !dsa_tile.channel<2 x !tile, !tile> -> !tile, !tile
    // CHECK: dsa_tile.turn_wait groups = 4
    dsa_tile.turn_wait groups = 4
    // CHECK: dsa_tile.turn_pass groups = 4
    dsa_tile.turn_pass groups = 4
    // CHECK: dsa_tile.channel.release %[[C]] : !dsa_tile.channel<2 x
    dsa_tile.channel.release %c : !dsa_tile.channel<2 x !tile, !tile>
    // The end need not be said.
    // CHECK-NOT: role_end
    dsa_tile.role_end
  // CHECK: } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0> {test.note}
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 0> {test.note}
  return
}

!rows = tensor<64xi32, #dsa_tile.rows<lanes = 8>>

// CHECK-LABEL: func @gather_copy(
// CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x64xbf16>, %[[NUMBERS:[^:]*]]: tensor<64xi32, #{{[^:]*}}>)
func.func @gather_copy(%keys: memref<?x64xbf16>, %numbers: !rows) {
  // CHECK: %[[C:.*]] = dsa_tile.channel
  %c = dsa_tile.channel : !dsa_tile.channel<2 x tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
  // CHECK: dsa_tile.gather_copy %[[KEYS]] rows %[[NUMBERS]] to %[[C]] : memref<?x64xbf16>, tensor<64xi32, #dsa_tile.rows<lanes = 8>>, !dsa_tile.channel<2 x tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
  dsa_tile.gather_copy %keys rows %numbers to %c
      : memref<?x64xbf16>, !rows, !dsa_tile.channel<2 x tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
  // CHECK: dsa_tile.gather_copy %[[KEYS]] rows %[[NUMBERS]] column = 32 to %{{.*}} : memref<?x64xbf16>, tensor<64xi32, #dsa_tile.rows<lanes = 8>>, !dsa_tile.channel<1 x
  %part = dsa_tile.channel : !dsa_tile.channel<1 x tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64>>>
  dsa_tile.gather_copy %keys rows %numbers column = 32 to %part
      : memref<?x64xbf16>, !rows, !dsa_tile.channel<1 x tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64>>>
  return
}

#rows = #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>
#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!handoff = !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64xf32, #rows>>

// Each warpgroup has a program of its own.
// CHECK-LABEL: func @handoff(
// CHECK-SAME:    %[[P:[^:]*]]: tensor<64x64xbf16, #{{[^:]*}}>, %[[DECAY:[^:]*]]: tensor<64xf32, #{{[^:]*}}>)
func.func @handoff(%p: tensor<64x64xbf16, #acc>, %decay: tensor<64xf32, #rows>) {
  // CHECK: %[[H:.*]] = dsa_tile.handoff : !dsa_tile.handoff<tensor<64x64xbf16, #{{.*}}>, tensor<64xf32, #{{.*}}>>
  %h = dsa_tile.handoff : !handoff
  // CHECK: dsa_tile.handoff offset = 0 barrier = 3 : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
  %placed = dsa_tile.handoff offset = 0 barrier = 3
      : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
  // CHECK:      dsa_tile.warp_specialize load {
  // CHECK-NEXT: } compute {
  // CHECK-NEXT:   dsa_tile.handoff.give %[[P]], %[[DECAY]] to %[[H]] : tensor<64x64xbf16, #{{.*}}>, tensor<64xf32, #{{.*}}> to !dsa_tile.handoff<
  // CHECK-NEXT: }, {
  // CHECK-NEXT:   %{{.*}}:2 = dsa_tile.handoff.take %[[H]] : !dsa_tile.handoff<{{.*}}> -> tensor<64x64xbf16, #{{.*}}>, tensor<64xf32, #{{.*}}>
  // CHECK-NEXT: } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
  dsa_tile.warp_specialize load {
  } compute {
    dsa_tile.handoff.give %p, %decay to %h : tensor<64x64xbf16, #acc>, tensor<64xf32, #rows> to !handoff
  }, {
    %q, %d = dsa_tile.handoff.take %h
        : !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64xf32, #rows>>
        -> tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64xf32, #rows>
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 1, blocks = 0>
  return
}

// CHECK-LABEL: func @split(
func.func @split(%n: index) {
  // CHECK:      scf.for
  // CHECK:      } {dsa_tile.split}
  scf.for %i = %n to %n step %n {
  } {dsa_tile.split}
  return
}

// A kernel's attribute, on what becomes a kernel and what is one.
// CHECK-LABEL: func @kernel(
func.func @kernel(%n: index) {
  // CHECK:      scf.forall
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4, load_warps = 1, blocks = 132, ordered = true>, mapping = [#gpu.block<x>]}
  scf.forall (%i) in (%n) {
  } {
    dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 4,
        load_warps = 1, blocks = 132, ordered = true>,
    mapping = [#gpu.block<x>]}
  // CHECK:      gpu.launch
  // CHECK:      } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 4, blocks = 0, registers = [24, 240], cluster = 2>}
  gpu.launch blocks(%a, %b, %c) in (%d = %n, %e = %n, %f = %n)
             threads(%g, %h, %i) in (%j = %n, %k = %n, %l = %n) {
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 2, column_groups = 1, load_warps = 4, blocks = 0,
                                        registers = [24, 240], ordered = false, cluster = 2>}
  return
}

//===----------------------------------------------------------------------===//
// Layouts and types
//===----------------------------------------------------------------------===//

// CHECK-LABEL: func private @layouts(
// CHECK-SAME:    tensor<64x512xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 4>>,
// CHECK-SAME:    tensor<512xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>,
// CHECK-SAME:    tensor<64x8xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>,
// CHECK-SAME:    tensor<64xi32, #dsa_tile.lanes>,
// CHECK-SAME:    tensor<64xi32, #dsa_tile.rows<lanes = 8>>,
// CHECK-SAME:    tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>,
// CHECK-SAME:    tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64, rows = 16, pitch = 48>>)
func.func private @layouts(
    tensor<64x512xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 4>>,
    tensor<512xf32, #dsa_tile.slice<0, #dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>,
    tensor<64x8xf32, #dsa_tile.scatter<#dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>,
    tensor<64xi32, #dsa_tile.lanes>,
    tensor<64xi32, #dsa_tile.rows<lanes = 8>>,
    tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>,
    tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64, rows = 16, pitch = 48>>)

// CHECK-LABEL: func private @types(
// CHECK-SAME:    !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>,
// CHECK-SAME:    !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>, tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>,
// CHECK-SAME:    !dsa_tile.pending<tensor<64x512xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>)
func.func private @types(
    !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>,
    !dsa_tile.handoff<tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>,
                      tensor<64xf32, #dsa_tile.slice<1, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>>>,
    !dsa_tile.pending<tensor<64x512xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 4>>>)

// CHECK-LABEL: module @schedules
// CHECK-SAME:    test.schedules = [
// CHECK-SAME:      #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6, groups = 4, blocks = 132, ordered = true, whole_rows = true>,
// CHECK-SAME:      #dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 1, groups = 1, blocks = 0>,
// CHECK-SAME:      #dsa_tile.attention_schedule<block_keys = 128, slots = 2, groups = 2, ordered = true>,
// CHECK-SAME:      #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true, cluster = 2, blocks = 132>,
// CHECK-SAME:      #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2>,
// CHECK-SAME:      #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132>,
// CHECK-SAME:      #dsa_tile.topk_schedule<block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 4>,
// CHECK-SAME:      #dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8, topk = <block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 4>, concurrent = 3>,
// CHECK-SAME:      #dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8, candidates = 2560>]
// CHECK-SAME:    test.tile = tensor<4096xf32, #dsa_tile.striped<warps = 16>>
module @schedules attributes {
  test.schedules = [
    #dsa_tile.scores_schedule<block_rows = 8, split_keys = 4096, slots = 6, groups = 4,
                              blocks = 132, ordered = true, whole_rows = true>,
    #dsa_tile.scores_schedule<block_rows = 2, split_keys = 64, slots = 1, groups = 1, blocks = 0,
                              ordered = false>,
    #dsa_tile.attention_schedule<block_keys = 128, slots = 2, groups = 2, ordered = true>,
    #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 1, groups = 2, split = true,
                                        cluster = 2, blocks = 132>,
    #dsa_tile.sparse_attention_schedule<block_keys = 64, slots = 2, groups = 2, split = false,
                                        cluster = 1, blocks = 0>,
    #dsa_tile.transposed_attention_schedule<block_heads = 16, slots = 2, groups = 1, blocks = 132>,
    #dsa_tile.topk_schedule<block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048,
                            groups = 4>,
    #dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8,
      topk = <block_keys = 2048, candidates = 8192, sample = 2048, bins = 2048, groups = 4>, concurrent = 3>,
    #dsa_tile.select_schedule<most_rows = 8192, most_bytes = 117440512, unit_rows = 8, candidates = 2560>],
  test.tile = tensor<4096xf32, #dsa_tile.striped<warps = 16>>
} {}
