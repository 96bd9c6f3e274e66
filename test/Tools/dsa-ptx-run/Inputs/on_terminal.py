# ===- on_terminal.py - what a command shows on a terminal -----------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""on_terminal.py COMMAND…: runs it with a terminal of 100 columns for its standard error
stream, and prints all that it shows there, each state of a line as a line."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
environment = os.environ | {"TERM": "xterm"}
process = subprocess.Popen(
    sys.argv[1:], stderr=slave, stdout=subprocess.DEVNULL, env=environment
)
os.close(slave)
shown = b""
while True:
    try:
        part = os.read(master, 65536)
    except OSError:  # Linux says so when nobody has the terminal open.
        break
    if not part:
        break
    shown += part
text = shown.decode().replace("\x1b[K", "\r")
print("\n".join(line for line in text.replace("\n", "\r").split("\r") if line))
sys.exit(process.wait())
