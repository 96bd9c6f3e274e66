// RUN: dsa-opt %s -dsa-tile-split-depth -split-input-file | FileCheck %s

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!x = tensor<64x32xf32, #acc>
!values = tensor<32x128xbf16, #dsa_tile.shared<swizzle = 128>>
!sum = tensor<64x128xf32, #acc>

// Each 16 columns of the operand are computed from as many of what it is computed of, and
// multiplied by as many rows of the values, before the next ones are. Vectors of rows are
// repeated, and constants made, for a part alone.
// CHECK-LABEL: func @parts(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<64x32xf32, #[[ACC:dsa_tile.accumulator<row_groups = 1, column_groups = 1>]]>, %[[BASE:[^:]*]]: tensor<64xf32, {{[^%]*}}, %[[V:[^:]*]]: tensor<32x128xbf16, {{[^%]*}}, %[[SUM:[^:]*]]: tensor<64x128xf32, #{{[^%]*}})
func.func @parts(%x: !x, %base: tensor<64xf32, #dsa_tile.slice<1, #acc>>, %v: !values, %sum: !sum) {
  // CHECK:      } compute {
  // CHECK-NOT:  arith.mulf
  // CHECK:      %[[PART:.*]] = dsa_tile.extract %[[X]] dim = 1 offset = 0 : tensor<64x32xf32, #[[ACC]]> -> tensor<64x16xf32, #[[ACC]]>
  // CHECK-NEXT: %[[TWO:.*]] = arith.constant dense<2.000000e+00> : tensor<64x16xf32, #[[ACC]]>
  // CHECK-NEXT: %[[SCALED:.*]] = arith.mulf %[[PART]], %[[TWO]] fastmath<contract> : tensor<64x16xf32, #[[ACC]]>
  // CHECK-NEXT: %[[EXPANDED:.*]] = dsa_tile.expand %[[BASE]] dim = 1 : {{.*}} -> tensor<64x16xf32, #[[ACC]]>
  // CHECK-NEXT: %[[EXPONENT:.*]] = arith.subf %[[SCALED]], %[[EXPANDED]] : tensor<64x16xf32, #[[ACC]]>
  // CHECK-NEXT: %[[POWER:.*]] = math.exp2 %[[EXPONENT]] : tensor<64x16xf32, #[[ACC]]>
  // CHECK-NEXT: %[[WEIGHTS:.*]] = arith.truncf %[[POWER]] : tensor<64x16xf32, #[[ACC]]> to tensor<64x16xbf16, #[[ACC]]>
  // CHECK-NEXT: %[[ROWS:.*]] = dsa_tile.extract %[[V]] dim = 0 offset = 0 : tensor<32x128xbf16, #dsa_tile.shared<swizzle = 128>> -> tensor<16x128xbf16, #dsa_tile.shared<swizzle = 128, rows = 16, pitch = 32>>
  // CHECK-NEXT: %[[FIRST:.*]] = dsa_tile.mma %[[WEIGHTS]], %[[ROWS]] acc(%[[SUM]] : {{.*}}) b_rows :
  // CHECK-NEXT: dsa_tile.extract %[[X]] dim = 1 offset = 16 :
  // CHECK:      %[[OTHER:.*]] = math.exp2
  // CHECK:      %[[MORE:.*]] = arith.truncf
  // CHECK-NEXT: %[[REST:.*]] = dsa_tile.extract %[[V]] dim = 0 offset = 16 :
  // CHECK-NEXT: %[[ALL:.*]] = dsa_tile.mma %[[MORE]], %[[REST]] acc(%[[FIRST]] : {{.*}}) b_rows :
  // Others take the parts side by side, behind the products.
  // CHECK:      %[[POWERS:.*]] = dsa_tile.concat %[[POWER]], %[[OTHER]] : tensor<64x16xf32, #[[ACC]]>, tensor<64x16xf32, #[[ACC]]> -> tensor<64x32xf32, #[[ACC]]>
  // CHECK-NEXT: dsa_tile.reduce<add> %[[POWERS]]
  // CHECK-NEXT: arith.negf %[[ALL]]
  // CHECK-NEXT: }
  dsa_tile.warp_specialize load {
  } compute {
    %two = arith.constant dense<2.0> : !x
    %scaled = arith.mulf %x, %two fastmath<contract> : !x
    %expanded = dsa_tile.expand %base dim = 1 : tensor<64xf32, #dsa_tile.slice<1, #acc>> -> !x
    %exponent = arith.subf %scaled, %expanded : !x
    %power = math.exp2 %exponent : !x
    %added = dsa_tile.reduce<add> %power : !x -> tensor<64xf32, #dsa_tile.slice<1, #acc>>
    %p = arith.truncf %power : !x to tensor<64x32xbf16, #acc>
    %all = dsa_tile.mma %p, %v acc(%sum : !sum) b_rows : tensor<64x32xbf16, #acc>, !values -> !sum
    %used = arith.negf %all : !sum
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
!x = tensor<64x64xf32, #acc>

// What leads to the operand in another way too is whole before the first part.
// CHECK-LABEL: func @whole(
// CHECK:         %[[Y:.*]] = arith.negf %{{.*}} : tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>
// CHECK-NEXT:    %[[MOST:.*]] = dsa_tile.reduce<max> %[[Y]]
// CHECK:         %[[BASE:.*]] = dsa_tile.expand %[[MOST]] dim = 1 : {{.*}} -> tensor<64x16xf32
// CHECK:         dsa_tile.mma
// CHECK-NEXT:    %[[PART:.*]] = dsa_tile.extract %[[Y]] dim = 1 offset = 16 : tensor<64x64xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>> -> tensor<64x16xf32, #dsa_tile.accumulator<row_groups = 1, column_groups = 1>>
// CHECK:         arith.subf %[[PART]],
// CHECK-COUNT-3: dsa_tile.mma
// CHECK-NOT:     dsa_tile.mma
// CHECK-NOT:     dsa_tile.concat {{.*}} -> tensor<64x64xf32
// CHECK:         return
func.func @whole(%x: !x, %v: tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>>) {
  dsa_tile.warp_specialize load {
  } compute {
    %y = arith.negf %x : !x
    %most = dsa_tile.reduce<max> %y : !x -> tensor<64xf32, #dsa_tile.slice<1, #acc>>
    %base = dsa_tile.expand %most dim = 1 : tensor<64xf32, #dsa_tile.slice<1, #acc>> -> !x
    %z = arith.subf %y, %base : !x
    %p = arith.truncf %z : !x to tensor<64x64xbf16, #acc>
    %all = dsa_tile.mma %p, %v b_rows
        : tensor<64x64xbf16, #acc>, tensor<64x64xbf16, #dsa_tile.shared<swizzle = 128>> -> !x
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 1, load_warps = 4, blocks = 0>
  return
}

// -----

#acc = #dsa_tile.accumulator<row_groups = 1, column_groups = 1>
#shared = #dsa_tile.shared<swizzle = 32>
#rows = #dsa_tile.accumulator<row_groups = 2, column_groups = 1>
!x = tensor<64x32xf32, #acc>
!p = tensor<64x32xbf16, #acc>
!v = tensor<32x16xbf16, #shared>
!pieces = tensor<32x16xbf16, #dsa_tile.shared<swizzle = 32, rows = 16, pitch = 64>>
!sum = tensor<64x16xf32, #acc>

// All else stays whole.
// CHECK-LABEL: func @stays(
// CHECK-NOT:     dsa_tile.extract
// CHECK:         return
func.func @stays(%x: !x, %p: !p, %narrow: tensor<64x16xf32, #acc>, %tall: tensor<128x32xf32, #rows>, %v: !v,
                 %left: tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64>>, %rows16: tensor<16x16xbf16, #shared>,
                 %columns: tensor<16x32xbf16, #dsa_tile.shared<swizzle = 64>>, %pieces: !pieces,
                 %h: !dsa_tile.handoff<tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64>>>) {
  dsa_tile.warp_specialize load {
  } compute {
    // What nobody computes, or lies in shared memory; what is one part, or several warpgroups'.
    %0 = dsa_tile.mma %p, %v b_rows : !p, !v -> !sum
    %1 = dsa_tile.mma %left, %v b_rows : tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64>>, !v -> !sum
    %2 = arith.truncf %narrow : tensor<64x16xf32, #acc> to tensor<64x16xbf16, #acc>
    %3 = dsa_tile.mma %2, %rows16 b_rows : tensor<64x16xbf16, #acc>, tensor<16x16xbf16, #shared> -> !sum
    %4 = arith.truncf %tall : tensor<128x32xf32, #rows> to tensor<128x32xbf16, #rows>
    %5 = dsa_tile.mma %4, %v b_rows : tensor<128x32xbf16, #rows>, !v -> tensor<128x16xf32, #rows>
    // Columns of b, several b, and one that lies in pieces.
    %6 = arith.truncf %x : !x to !p
    %7 = dsa_tile.mma %6, %columns : !p, tensor<16x32xbf16, #dsa_tile.shared<swizzle = 64>> -> !sum
    %8 = dsa_tile.mma %6, %v, %v b_rows : !p, !v, !v -> tensor<64x32xf32, #acc>
    %9 = dsa_tile.mma %6, %pieces b_rows : !p, !pieces -> !sum
    // What is multiplied by a constant that is not the same everywhere.
    %some = arith.constant sparse<[[0, 0]], [1.0]> : !x
    %scaled = arith.mulf %x, %some : !x
    %12 = arith.truncf %scaled : !x to !p
    %13 = dsa_tile.mma %12, %v b_rows : !p, !v -> !sum
    // What is passed on as a whole before the product.
    %10 = arith.truncf %x : !x to !p
    dsa_tile.handoff.give %10 to %h : !p to !dsa_tile.handoff<tensor<64x32xbf16, #dsa_tile.shared<swizzle = 64>>>
    %11 = dsa_tile.mma %10, %v b_rows : !p, !v -> !sum
  } kernel = #dsa_tile.kernel<row_groups = 1, column_groups = 2, load_warps = 4, blocks = 0>
  // Outside of kernels.
  %outside = arith.truncf %x : !x to !p
  %sum = dsa_tile.mma %outside, %v b_rows : !p, !v -> !sum
  return
}
