// A whole layer: what it selects is checked up to near-ties, and what follows on the
// keys that were selected. Inputs must survive the run that --check follows.

// RUN: dsa-run %s --random 5 --shape iq=7x2x8 --shape ik=50x8 --shape lo=7 --shape hi=7 \
// RUN:   --shape q=7x4x16 --shape kv=50x16 --check --bench 2 | FileCheck %s

// CHECK:      result type checked error tolerance verdict
// CHECK-NEXT: indices tensor<7x1x12xi32> up to near-ties {{[0-9.e+-]+}} 1.0e-05 ok
// CHECK-NEXT: count tensor<7x1xi32> exact ok
// CHECK-NEXT: out tensor<7x4x8xbf16> relative {{[0-9.e+-]+}} 5.0e-03 ok
// CHECK-NEXT: lse tensor<7x4xf32> relative {{[0-9.e+-]+}} 1.0e-05 ok
// CHECK-NOT:  note

func.func @layer(%iq: tensor<?x2x8xf8E4M3FN> {dsa.name = "iq"},
                 %ik: tensor<?x8xf8E4M3FN> {dsa.name = "ik"},
                 %lo: tensor<?xi32> {dsa.name = "lo"},
                 %hi: tensor<?xi32> {dsa.name = "hi"},
                 %q: tensor<?x4x16xbf16> {dsa.name = "q"},
                 %kv: tensor<?x16xbf16> {dsa.name = "kv"})
    -> (tensor<?x1x12xi32> {dsa.name = "indices"}, tensor<?x1xi32> {dsa.name = "count"},
        tensor<?x4x8xbf16> {dsa.name = "out"}, tensor<?x4xf32> {dsa.name = "lse"}) {
  %c0 = arith.constant 0 : index
  %t = tensor.dim %iq, %c0 : tensor<?x2x8xf8E4M3FN>
  %n = tensor.dim %ik, %c0 : tensor<?x8xf8E4M3FN>
  %si = tensor.empty(%t, %n) : tensor<?x?xf32>
  %s = dsa.index_scores<relu> ins(%iq, %ik : tensor<?x2x8xf8E4M3FN>, tensor<?x8xf8E4M3FN>)
      bounds(%lo, %hi : tensor<?xi32>, tensor<?xi32>)
      outs(%si : tensor<?x?xf32>) -> tensor<?x?xf32>
  %ii = tensor.empty(%t) : tensor<?x1x12xi32>
  %ci = tensor.empty(%t) : tensor<?x1xi32>
  %idx, %cnt = dsa.topk ins(%s : tensor<?x?xf32>)
      outs(%ii, %ci : tensor<?x1x12xi32>, tensor<?x1xi32>)
      -> tensor<?x1x12xi32>, tensor<?x1xi32>
  %oi = tensor.empty(%t) : tensor<?x4x8xbf16>
  %li = tensor.empty(%t) : tensor<?x4xf32>
  %o, %l = dsa.sparse_attention scale = 0.25 ins(%q, %kv : tensor<?x4x16xbf16>, tensor<?x16xbf16>)
      indices(%idx : tensor<?x1x12xi32>) lengths(%cnt : tensor<?x1xi32>)
      outs(%oi, %li : tensor<?x4x8xbf16>, tensor<?x4xf32>)
      -> tensor<?x4x8xbf16>, tensor<?x4xf32>
  return %idx, %cnt, %o, %l
      : tensor<?x1x12xi32>, tensor<?x1xi32>, tensor<?x4x8xbf16>, tensor<?x4xf32>
}
