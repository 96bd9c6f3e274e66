# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the package raises."""


class CompileError(Exception):
    """A module that does not parse, verify or compile; says why."""


class LaunchError(Exception):
    """A record, a module or a launch that the driver or the launcher refuses."""


class ArgumentError(TypeError, ValueError):
    """Arguments of other shapes, element types or places than a function takes."""
