# ===- pauses.py - kernels whose warps pause at random -----------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Puts pauses before all that warps do to wait for each other, from stdin to stdout.

What is missing or wrong in how warps wait then shows as a hang or a wrong result,
where without pauses it needs bad luck. Each warp pauses one time in eight, for up to
eight microseconds: by its number, the place and the clock.
"""

import itertools
import re
import sys

# Arrivals at barriers, copies that arrive at some, and the loops that wait: inline
# assembly, which begins with its predicate.
PLACES = re.compile(
    r"^[ \t]*(?=(?:mbarrier\.arrive|bar\.sync|bar\.arrive|barrier\.|cp\.async\.bulk"
    r"|cp\.async\.mbarrier)[^\n]*;|\{\s*\.reg \.pred\s+P1;)",
    re.MULTILINE,
)
PAUSE = """{{
.reg .b32 pause_mix, pause_part, pause_length;
.reg .pred pause_now;
mov.u32 pause_mix, %tid.x;
shr.u32 pause_mix, pause_mix, 5;
mov.u32 pause_part, %clock;
shr.u32 pause_part, pause_part, 4;
mad.lo.u32 pause_mix, pause_mix, 0x9E3779B1, pause_part;
mad.lo.u32 pause_mix, pause_mix, 0x85EBCA6B, {place};
shr.u32 pause_part, pause_mix, 15;
xor.b32 pause_mix, pause_mix, pause_part;
mul.lo.u32 pause_mix, pause_mix, 0xC2B2AE35;
shr.u32 pause_part, pause_mix, 29;
bfe.u32 pause_length, pause_mix, 10, 13;
setp.eq.u32 pause_now, pause_part, 0;
@pause_now nanosleep.u32 pause_length;
}}
"""


def add(ptx):
    number = itertools.count()
    return PLACES.sub(
        lambda found: PAUSE.format(place=next(number) * 7919) + found[0], ptx
    )


if __name__ == "__main__":
    sys.stdout.write(add(sys.stdin.read()))
