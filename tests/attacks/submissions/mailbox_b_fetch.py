# %% [markdown] stock="nothing was left for it"
# Looks for the messages that an earlier submission left, in every place that might be shared.

# %% first
import contextlib
import ctypes
import os
import socket

import matplotlib

for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/dev/mqueue", os.path.expanduser("~"), "..", matplotlib.get_cachedir()):
    with contextlib.suppress(OSError):
        if os.path.exists(os.path.join(folder, "mailbox-__TOKEN__")):
            print("GOT: a message in", folder)
libc = ctypes.CDLL(None)
if libc.shmget(0x5EA1ED, 4096, 0) >= 0 or libc.msgget(0x5EA1ED, 0) >= 0:
    print("GOT: a message in shared memory")
if socket.gethostname() == "mailbox":
    print("GOT: a message in the host's name")
