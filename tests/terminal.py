"""Runs a command on a pseudo-terminal, as `python3 terminal.py COLUMNS COMMAND…`.

What the command shows comes out on stdout, what comes in on stdin is typed, and the end of stdin hangs the
terminal up. The exit code is the command's, or 128 plus the number of the signal that ended it.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

LIMIT = 120  # seconds after which a command that hangs is killed

pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    for name in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(name, signal.SIG_DFL)
    os.execvp(sys.argv[2], sys.argv[2:])

until = time.monotonic() + LIMIT
keys = 0
while True:
    ready, _, _ = select.select([terminal, keys], [], [], max(0, until - time.monotonic()))
    if not ready:
        os.kill(pid, signal.SIGKILL)
        break
    if terminal in ready:
        try:
            shown = os.read(terminal, 65536)
        except OSError:  # the command has ended
            break
        os.write(1, shown)
    if keys in ready:
        typed = os.read(keys, 4096)
        if not typed:
            os.close(terminal)
            break
        os.write(terminal, typed)

ended, status = os.waitpid(pid, os.WNOHANG)
while ended == 0:
    if time.monotonic() > until:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.01)
    ended, status = os.waitpid(pid, os.WNOHANG)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
