// Each chip's code says which chip it is for, and asks for no later PTX than needed.

// RUN: rm -rf %t && mkdir %t
// RUN: dsa-compile %s --target sm_80 -o %t/80.ptx --launch %t/80.json
// RUN: dsa-compile %s --target sm_86 -o %t/86.ptx --launch %t/86.json
// RUN: dsa-compile %s --target sm_89 -o %t/89.ptx --launch %t/89.json
// RUN: dsa-compile %s --target sm_90 -o %t/90.ptx --launch %t/90.json
// RUN: dsa-compile %s --target sm_90a -o %t/90a.ptx --launch %t/90a.json
// RUN: dsa-compile %s --target sm_100a -o %t/100a.ptx --launch %t/100a.json
// RUN: dsa-compile %s --target sm_120 -o %t/120.ptx --launch %t/120.json

// RUN: FileCheck %s --check-prefixes=SM_80,ALL < %t/80.ptx
// RUN: FileCheck %s --check-prefixes=SM_86,ALL < %t/86.ptx
// RUN: FileCheck %s --check-prefixes=SM_89,ALL < %t/89.ptx
// RUN: FileCheck %s --check-prefixes=SM_90,ALL < %t/90.ptx
// RUN: FileCheck %s --check-prefixes=SM_90A,ALL < %t/90a.ptx
// RUN: FileCheck %s --check-prefixes=SM_100A,ALL < %t/100a.ptx
// RUN: FileCheck %s --check-prefixes=SM_120,ALL < %t/120.ptx

// SM_80:      .version 7.0
// SM_80-NEXT: .target sm_80{{$}}
// SM_86:      .version 7.1
// SM_86-NEXT: .target sm_86{{$}}
// SM_89:      .version 7.8
// SM_89-NEXT: .target sm_89{{$}}
// SM_90:      .version 8.0
// SM_90-NEXT: .target sm_90{{$}}
// SM_90A:      .version 8.0
// SM_90A-NEXT: .target sm_90a{{$}}
// SM_100A:      .version 8.6
// SM_100A-NEXT: .target sm_100a{{$}}
// SM_120:      .version 8.7
// SM_120-NEXT: .target sm_120{{$}}
// ALL-NEXT:   .address_size 64
// ALL:        .visible .entry scores_0(
// ALL:        .maxntid 256, 1, 1

// The record says it too, and otherwise does not depend on the chip.
// RUN: %check_record %t/80.json --ptx %t/80.ptx
// RUN: %check_record %t/120.json --ptx %t/120.ptx
// RUN: sed 's/sm_80/CHIP/' %t/80.json > %t/80.txt
// RUN: sed 's/sm_120/CHIP/' %t/120.json > %t/120.txt
// RUN: diff %t/80.txt %t/120.txt

func.func @scores(%q: tensor<?x2x8xf32>, %k: tensor<?x8xf32>, %init: tensor<?x?xf32>)
    -> tensor<?x?xf32> {
  %s = dsa.index_scores<relu> ins(%q, %k : tensor<?x2x8xf32>, tensor<?x8xf32>)
      outs(%init : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %s : tensor<?x?xf32>
}
