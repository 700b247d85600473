# %% [markdown]
# Sets locks and leases on files that all submissions read, so that the next could read a message in them.

# %% first
import contextlib
import fcntl
import os
import struct

first, second = open(os.__file__), open(os.__file__)
fcntl.flock(first, fcntl.LOCK_EX)
try:
    fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    print("GOT: a lock that another can see")
question = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 1, 0)
with contextlib.suppress(OSError):
    fcntl.fcntl(first, 37, question)  # F_OFD_SETLK
answer = fcntl.fcntl(second, 36, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0))  # F_OFD_GETLK
if struct.unpack("hhqqi4x", answer)[0] != fcntl.F_UNLCK:
    print("GOT: a range that another sees locked")
with contextlib.suppress(OSError):
    fcntl.fcntl(first, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    print("GOT: a lease")
