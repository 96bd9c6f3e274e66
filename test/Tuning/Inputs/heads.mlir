// More heads with the same keys than 32, for which blocks of columns are, and fewer than 64.
func.func @h33(%q: memref<?x33x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x2048xi32>, %o: memref<?x33x512xbf16>, %l: memref<?x33xf32>) {
  dsa.sparse_attention scale = 0.125 ins(%q, %k : memref<?x33x576xbf16>, memref<?x576xbf16>) indices(%i : memref<?x1x2048xi32>)
      outs(%o, %l : memref<?x33x512xbf16>, memref<?x33xf32>)
  return
}

func.func @h41(%q: memref<?x41x128xbf16>, %k: memref<?x128xbf16>, %i: memref<?x1x2048xi32>, %o: memref<?x41x128xbf16>, %l: memref<?x41xf32>) {
  dsa.sparse_attention scale = 0.125 ins(%q, %k : memref<?x41x128xbf16>, memref<?x128xbf16>) indices(%i : memref<?x1x2048xi32>)
      outs(%o, %l : memref<?x41x128xbf16>, memref<?x41xf32>)
  return
}

func.func @h44(%q: memref<?x44x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x2048xi32>, %o: memref<?x44x512xbf16>, %l: memref<?x44xf32>) {
  dsa.sparse_attention scale = 0.125 ins(%q, %k : memref<?x44x576xbf16>, memref<?x576xbf16>) indices(%i : memref<?x1x2048xi32>)
      outs(%o, %l : memref<?x44x512xbf16>, memref<?x44xf32>)
  return
}

func.func @h63(%q: memref<?x63x576xbf16>, %k: memref<?x576xbf16>, %i: memref<?x1x2048xi32>, %o: memref<?x63x512xbf16>, %l: memref<?x63xf32>) {
  dsa.sparse_attention scale = 0.125 ins(%q, %k : memref<?x63x576xbf16>, memref<?x576xbf16>) indices(%i : memref<?x1x2048xi32>)
      outs(%o, %l : memref<?x63x512xbf16>, memref<?x63xf32>)
  return
}

// Values apart, and two sets of 40 heads each.
func.func @sets(%q: memref<?x80x192xbf16>, %k: memref<?x2x192xbf16>, %v: memref<?x2x128xbf16>, %i: memref<?x1x2048xi32>,
                %o: memref<?x80x128xbf16>, %l: memref<?x80xf32>) {
  dsa.sparse_attention scale = 0.125 ins(%q, %k, %v : memref<?x80x192xbf16>, memref<?x2x192xbf16>, memref<?x2x128xbf16>) indices(%i : memref<?x1x2048xi32>)
      outs(%o, %l : memref<?x80x128xbf16>, memref<?x80xf32>)
  return
}
