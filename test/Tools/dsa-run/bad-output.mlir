// Results are written all together, or not at all; whether they can be is found out
// before anything runs. (Who runs the tests may be root, who may write anywhere.)

// RUN: rm -rf %t && mkdir %t && mkdir -p %t/taken/out.npy && touch %t/file

// RUN: not dsa-run %s --random 1 --output /dev/null/x 2>&1 | %one_error BELOW
// BELOW: dsa-run: error: cannot write '/dev/null/x': Not a directory

// RUN: not dsa-run %s --output %t/new/new 2>&1 | FileCheck %s --check-prefix=NEW
// RUN: not ls %t/new
// NEW: dsa-run: error: argument 'arg0'

// RUN: not dsa-run %s --random 1 --output %t/file 2>&1 | %one_error FILE
// FILE: dsa-run: error: cannot write '{{.*}}file': expected a directory, found a file

// RUN: not dsa-run %s --random 1 --output %t/taken 2>&1 | %one_error TAKEN
// TAKEN: dsa-run: error: cannot write '{{.*}}out.npy': expected a file, found a directory
// RUN: ls -A %t/taken | FileCheck %s --check-prefix=LEFT
// LEFT:     out.npy
// LEFT-NOT: {{.}}

// A directory that is there already keeps its other files; a result replaces an
// older one.
// RUN: mkdir %t/good && touch %t/good/other %t/good/lse.npy
// RUN: dsa-run %s --random 1 --output %t/good > %t/table
// RUN: ls -A %t/good | FileCheck %s --check-prefix=GOOD
// GOOD:      lse.npy
// GOOD-NEXT: other
// GOOD-NEXT: out.npy
// GOOD-NOT:  {{.}}
// RUN: %python -c "import numpy, sys; print(numpy.load(sys.argv[1]).shape)" %t/good/lse.npy | FileCheck %s --check-prefix=LSE
// LSE: (2, 2)

func.func @attention(%q: tensor<2x2x4xf32>, %k: tensor<3x4xf32>,
                     %out: tensor<2x2x4xf32>, %lse: tensor<2x2xf32>)
    -> (tensor<2x2x4xf32> {dsa.name = "out"}, tensor<2x2xf32> {dsa.name = "lse"}) {
  %o, %l = dsa.attention scale = 0.5 ins(%q, %k : tensor<2x2x4xf32>, tensor<3x4xf32>)
      outs(%out, %lse : tensor<2x2x4xf32>, tensor<2x2xf32>)
      -> tensor<2x2x4xf32>, tensor<2x2xf32>
  return %o, %l : tensor<2x2x4xf32>, tensor<2x2xf32>
}
