# %% [markdown] stock="it would change this machine's name and litter it"
# Leaves messages for a later submission in every place that might be shared.

# %% first
import contextlib
import ctypes
import os

for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/dev/mqueue", os.path.expanduser("~"), "..", "/proc/self/cwd/.."):
    with contextlib.suppress(OSError), open(os.path.join(folder, "mailbox-__TOKEN__"), "w") as file:
        file.write("a message")
libc = ctypes.CDLL(None)
shared = libc.shmget(0x5EA1ED, 4096, 0o1666)
libc.msgget(0x5EA1ED, 0o1666)
libc.sethostname(b"mailbox", 7)
with contextlib.suppress(Exception):
    import matplotlib

    with open(os.path.join(matplotlib.get_cachedir(), "mailbox-__TOKEN__"), "w") as file:
        file.write("a message")
