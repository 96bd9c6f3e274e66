# ===- make_npy.py - .npy files, good and bad ------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""Writes to a directory k.npy, an f8E4M3FN tensor of 5x4 as its reader wants it, and
variations of it that are wrong in one way each."""

import pathlib
import sys

import ml_dtypes
import numpy as np

directory = pathlib.Path(sys.argv[1])
directory.mkdir(parents=True, exist_ok=True)

good = (np.arange(20).reshape(5, 4) / 4 - 2).astype(ml_dtypes.float8_e4m3fn)
np.save(directory / "k.npy", good)
np.save(directory / "dtype.npy", good.astype(np.float32))
np.save(directory / "double.npy", good.astype(np.float64))
np.save(directory / "big-endian.npy", good.astype(">f4"))
np.save(directory / "rank.npy", good.reshape(5, 2, 2))
np.save(directory / "shape.npy", good.reshape(4, 5))
np.save(directory / "rows.npy", good[:3])
np.save(directory / "order.npy", np.asfortranarray(good))

contents = (directory / "k.npy").read_bytes()
(directory / "short.npy").write_bytes(contents[:-1])
(directory / "long.npy").write_bytes(contents + b"\0")
(directory / "header.npy").write_bytes(contents[:50])
(directory / "text.npy").write_text("1 2 3\n")
(directory / "broken.npy").write_bytes(contents.replace(b"descr", b"desc_"))
