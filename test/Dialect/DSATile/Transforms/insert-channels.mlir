// RUN: dsa-opt %s -dsa-tile-insert-channels -split-input-file | FileCheck %s

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 128>

// A load becomes copies into a slot, and a wait for them; the slot is given back behind
// the last use of its tile. What is loaded outside of a loop is kept until its end.
// CHECK-LABEL: func @loop(
// CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x128xf8E4M3FN>, %[[QUERIES:[^:]*]]: memref<?x16x128xf8E4M3FN>, %[[N:[^:]*]]: index)
func.func @loop(%keys: memref<?x128xf8E4M3FN>, %queries: memref<?x16x128xf8E4M3FN>, %n: index) {
  // CHECK: %[[C0:.*]] = arith.constant 0
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  // What the copy engine must know is made before the launch.
  // CHECK-DAG: %[[KEY_MAP:.*]] = dsa_tile.tensor_map %[[KEYS]] box = [64, 128] swizzle = 128 : memref<?x128xf8E4M3FN>
  // CHECK-DAG: %[[QUERY_MAP:.*]] = dsa_tile.tensor_map %[[QUERIES]] box = [2, 16, 128] swizzle = 128 : memref<?x16x128xf8E4M3FN>
  // CHECK:     gpu.launch
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %c64, %by = %c1, %bz = %c1) {
    // CHECK-DAG: %[[KEY_CHANNEL:.*]] = dsa_tile.channel : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
    // CHECK-DAG: %[[QUERY_CHANNEL:.*]] = dsa_tile.channel : !dsa_tile.channel<1 x tensor<32x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
    // CHECK:      dsa_tile.channel.acquire %[[QUERY_CHANNEL]] :
    // CHECK-NEXT: dsa_tile.copy %[[QUERY_MAP]][%{{.*}}, %[[C0]], %[[C0]]] extent = [2, 16, 128] box = [2, 16, 128] to %[[QUERY_CHANNEL]] tile = 0 :
    // CHECK-NEXT: dsa_tile.channel.commit %[[QUERY_CHANNEL]] :
    // CHECK-NEXT: %[[Q:.*]] = dsa_tile.channel.wait %[[QUERY_CHANNEL]] :
    %q = dsa_tile.load %queries[%x, %c0, %c0] box = [2, 16, 128] : memref<?x16x128xf8E4M3FN> -> tensor<32x128xf8E4M3FN, #shared>
    // CHECK-NEXT: scf.for %[[S:[^ ]*]] =
    scf.for %s = %c0 to %n step %c64 {
      // CHECK-NEXT: dsa_tile.channel.acquire %[[KEY_CHANNEL]] : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
      // CHECK-NEXT: dsa_tile.copy %[[KEY_MAP]][%[[S]], %[[C0]]] extent = [64, 128] box = [64, 128] to %[[KEY_CHANNEL]] tile = 0 : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
      // CHECK-NEXT: dsa_tile.channel.commit %[[KEY_CHANNEL]] : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
      // CHECK-NEXT: %[[K:.*]] = dsa_tile.channel.wait %[[KEY_CHANNEL]] : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>> -> tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>
      %k = dsa_tile.load %keys[%s, %c0] box = [64, 128] slots = 4 : memref<?x128xf8E4M3FN> -> tensor<64x128xf8E4M3FN, #shared>
      // CHECK-NEXT: dsa_tile.mma %[[K]], %[[Q]] :
      // CHECK-NEXT: dsa_tile.channel.release %[[KEY_CHANNEL]] : !dsa_tile.channel<4 x tensor<64x128xf8E4M3FN, #dsa_tile.shared<swizzle = 128>>>
      // CHECK-NEXT: }
      %p = dsa_tile.mma %k, %q : tensor<64x128xf8E4M3FN, #shared>, tensor<32x128xf8E4M3FN, #shared> -> tensor<64x32xf32, #acc>
    }
    // CHECK-NEXT: dsa_tile.channel.release %[[QUERY_CHANNEL]] :
    // CHECK-NEXT: gpu.terminator
    gpu.terminator
  }
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#wide = #dsa_tile.shared<swizzle = 128>
#narrow = #dsa_tile.shared<swizzle = 32>

// Boxes are as wide as the pattern and have no more than 256 rows.
// CHECK-LABEL: func @boxes(
func.func @boxes(%m: memref<?x128xbf16>, %q: memref<?x320x16xbf16>, %n: index) {
  // CHECK-DAG: dsa_tile.tensor_map {{.*}} box = [64, 64] swizzle = 128 : memref<?x128xbf16>
  // CHECK-DAG: dsa_tile.tensor_map {{.*}} box = [1, 160, 16] swizzle = 32 : memref<?x320x16xbf16>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    // CHECK: dsa_tile.copy {{.*}} extent = [64, 128] box = [64, 64] to
    %a = dsa_tile.load %m[%x, %c0] box = [64, 128] : memref<?x128xbf16> -> tensor<64x128xbf16, #wide>
    // CHECK: dsa_tile.copy {{.*}} extent = [1, 320, 16] box = [1, 160, 16] to
    %b = dsa_tile.load %q[%x, %c0, %c0] box = [1, 320, 16] : memref<?x320x16xbf16> -> tensor<320x16xbf16, #narrow>
    gpu.terminator
  }
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 64>
#between = #dsa_tile.shared<swizzle = 64, rows = 8, pitch = 16>

// Tiles that one product reads together arrive together; one that is read twice, once.
// A box does not go beyond the rows that lie together.
// CHECK-LABEL: func @together(
func.func @together(%k: memref<?x32xbf16>, %n: index) {
  // CHECK-COUNT-2: dsa_tile.tensor_map {{.*}} box = [8, 32] swizzle = 64
  // CHECK:         dsa_tile.tensor_map {{.*}} box = [64, 32] swizzle = 64
  // CHECK-NOT:     dsa_tile.tensor_map
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    // CHECK:      %[[ONE:.*]] = dsa_tile.channel : !dsa_tile.channel<1 x tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64>>>
    // CHECK-NEXT: %[[BOTH:.*]] = dsa_tile.channel : !dsa_tile.channel<3 x tensor<16x32xbf16, #dsa_tile.shared<swizzle = 64, rows = 8, pitch = 16>>, tensor<16x32xbf16, {{.*}}>>
    // CHECK:      dsa_tile.channel.acquire %[[BOTH]] :
    // CHECK-NEXT: dsa_tile.copy {{.*}} extent = [16, 32] box = [8, 32] to %[[BOTH]] tile = 0
    // CHECK-NEXT: dsa_tile.copy {{.*}} extent = [16, 32] box = [8, 32] to %[[BOTH]] tile = 1
    // CHECK-NEXT: dsa_tile.channel.commit %[[BOTH]] :
    // CHECK-NEXT: %[[BS:.*]]:2 = dsa_tile.channel.wait %[[BOTH]] :
    // CHECK-NEXT: dsa_tile.channel.acquire %[[ONE]] :
    %b = dsa_tile.load %k[%x, %c0] box = [16, 32] slots = 3 : memref<?x32xbf16> -> tensor<16x32xbf16, #between>
    %c = dsa_tile.load %k[%c1, %c0] box = [16, 32] slots = 3 : memref<?x32xbf16> -> tensor<16x32xbf16, #between>
    // CHECK:      %[[A:.*]] = dsa_tile.channel.wait %[[ONE]] :
    %a = dsa_tile.load %k[%x, %c0] box = [64, 32] : memref<?x32xbf16> -> tensor<64x32xbf16, #shared>
    // CHECK-NEXT: dsa_tile.mma %[[A]], %[[BS]]#0, %[[BS]]#1 :
    // CHECK-NEXT: dsa_tile.channel.release %[[BOTH]] :
    // CHECK-NEXT: dsa_tile.mma %[[A]], %[[A]], %[[A]] :
    // CHECK-NEXT: dsa_tile.channel.release %[[ONE]] :
    %r:2 = dsa_tile.mma %a, %b, %c : tensor<64x32xbf16, #shared>, tensor<16x32xbf16, #between>, tensor<16x32xbf16, #between>
        -> tensor<64x16xf32, #acc>, tensor<64x16xf32, #acc>
    %s:2 = dsa_tile.mma %a, %a, %a : tensor<64x32xbf16, #shared>, tensor<64x32xbf16, #shared>, tensor<64x32xbf16, #shared>
        -> tensor<64x64xf32, #acc>, tensor<64x64xf32, #acc>
    gpu.terminator
  }
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 128>

// Rows by their numbers: threads that load copy them, without a map.
// CHECK-LABEL: func @gather(
// CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x576xbf16>, %[[LIST:[^:]*]]: memref<?x2048xi32>, %[[N:[^:]*]]: index)
func.func @gather(%keys: memref<?x576xbf16>, %list: memref<?x2048xi32>, %n: index) {
  // CHECK-NOT: dsa_tile.tensor_map
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  gpu.launch blocks(%t, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    // CHECK:      %[[C:.*]] = dsa_tile.channel : !dsa_tile.channel<2 x tensor<64x576xbf16, #dsa_tile.shared<swizzle = 128>>>
    // CHECK-NEXT: scf.for
    scf.for %j = %c0 to %n step %c1 {
      // CHECK-NEXT: %[[NUMBERS:.*]] = dsa_tile.load %[[LIST]]
      %numbers = dsa_tile.load %list[%t, %j] box = [1, 64] : memref<?x2048xi32> -> tensor<64xi32, #dsa_tile.rows<lanes = 8>>
      // CHECK-NEXT: dsa_tile.gather_copy %[[KEYS]] rows %[[NUMBERS]] to %[[C]] : memref<?x576xbf16>, tensor<64xi32, #dsa_tile.rows<lanes = 8>>, !dsa_tile.channel<2 x tensor<64x576xbf16, #dsa_tile.shared<swizzle = 128>>>
      // CHECK-NEXT: dsa_tile.channel.commit %[[C]]
      // CHECK-NEXT: %[[K:.*]] = dsa_tile.channel.wait %[[C]]
      // CHECK-NEXT: dsa_tile.mma %[[K]], %[[K]]
      // CHECK-NEXT: dsa_tile.channel.release %[[C]]
      %k = dsa_tile.gather %keys rows %numbers slots = 2
          : memref<?x576xbf16>, tensor<64xi32, #dsa_tile.rows<lanes = 8>> -> tensor<64x576xbf16, #shared>
      %p = dsa_tile.mma %k, %k : tensor<64x576xbf16, #shared>, tensor<64x576xbf16, #shared> -> tensor<64x64xf32, #acc>
    }
    gpu.terminator
  }
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>

// Loads into registers are left alone, and those without a layout; so are those outside
// of kernels.
// CHECK-LABEL: func @left_alone(
// CHECK-NOT:     dsa_tile.channel
// CHECK-NOT:     dsa_tile.tensor_map
// CHECK:         return
func.func @left_alone(%w: memref<?x8xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %outside = dsa_tile.load %w[%n, %c0] box = [64, 8] : memref<?x8xf32> -> tensor<64x8xf32, #dsa_tile.shared<swizzle = 32>>
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %c1, %gz = %c1)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %c1, %bz = %c1) {
    %registers = dsa_tile.load %w[%x, %c0] box = [64, 8] : memref<?x8xf32> -> tensor<64x8xf32, #acc>
    %a = dsa_tile.load %w[%x, %c0] box = [64, 8] : memref<?x8xf32> -> tensor<64x8xf32>
    %b = dsa_tile.load %w[%x, %c0] box = [64, 8] : memref<?x8xf32> -> tensor<64x8xf32>
    %p:2 = dsa_tile.mma %a, %a, %b : tensor<64x8xf32>, tensor<64x8xf32>, tensor<64x8xf32> -> tensor<64x64xf32>, tensor<64x64xf32>
    gpu.terminator
  }
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 128>

// Both products read one slot, of the columns from the 64th on.
// CHECK-LABEL: func @gather_columns(
// CHECK-SAME:    %[[KEYS:[^:]*]]: memref<?x128xbf16>, %[[NUMBERS:[^:]*]]: tensor<64xi32, {{[^%]*}}, %[[N:[^:]*]]: index,
func.func @gather_columns(%keys: memref<?x128xbf16>, %numbers: tensor<64xi32, #dsa_tile.rows<lanes = 8>>, %n: index,
                          %a: tensor<64x64xbf16, #acc>) {
  gpu.launch blocks(%x, %y, %z) in (%gx = %n, %gy = %n, %gz = %n)
             threads(%tx, %ty, %tz) in (%bx = %n, %by = %n, %bz = %n) {
    // CHECK:      %[[C:.*]] = dsa_tile.channel : !dsa_tile.channel<1 x tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>>
    // CHECK-NEXT: dsa_tile.gather_copy %[[KEYS]] rows %[[NUMBERS]] column = 64 to %[[C]] :
    // CHECK-NEXT: dsa_tile.channel.commit %[[C]] :
    // CHECK-NEXT: %[[K:.*]] = dsa_tile.channel.wait %[[C]] :
    %k = dsa_tile.gather %keys rows %numbers column = 64
        : memref<?x128xbf16>, tensor<64xi32, #dsa_tile.rows<lanes = 8>> -> tensor<64x64xbf16, #shared>
    // CHECK-NEXT: dsa_tile.mma %{{.*}}, %[[K]] :
    %s = dsa_tile.mma %a, %k : tensor<64x64xbf16, #acc>, tensor<64x64xbf16, #shared> -> tensor<64x64xf32, #acc>
    // CHECK-NEXT: dsa_tile.mma %{{.*}}, %[[K]] b_rows :
    %v = dsa_tile.mma %a, %k b_rows : tensor<64x64xbf16, #acc>, tensor<64x64xbf16, #shared> -> tensor<64x64xf32, #acc>
    // CHECK-NEXT: dsa_tile.channel.release %[[C]] :
    gpu.terminator
  } {dsa_tile.kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>}
  return
}
