# %% [markdown] stock="it would change this machine's mounts"
# Makes namespaces of its own to become root there, mounts and unmounts, changes root, and enters others' namespaces.

# %% first
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
MOUNTS, USERS, PROCESSES, NETWORK = 0x20000, 0x10000000, 0x20000000, 0x40000000
for flags in (USERS, USERS | MOUNTS, MOUNTS, PROCESSES, NETWORK, USERS | NETWORK | MOUNTS):
    if libc.unshare(flags) == 0:
        print("GOT: namespaces", hex(flags))
if libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) == 0:
    print("GOT: mounted")
if libc.mount(None, b"/", None, 32 | 4096, None) == 0:
    print("GOT: the file system is writable")
for path in (b"/tmp", b"/proc", b"/dev/shm"):
    if libc.umount2(path, 2) == 0:
        print("GOT: unmounted", path)
if libc.chroot(b"/tmp") == 0:
    print("GOT: changed root")
for name in ("mnt", "pid", "net", "user"):
    for process in ("1", "self"):
        try:
            if libc.setns(os.open(f"/proc/{process}/ns/{name}", os.O_RDONLY), 0) == 0:
                print("GOT: entered", name)
        except OSError:
            continue
stack = ctypes.create_string_buffer(65536)
if libc.syscall(56, USERS | MOUNTS | 17, 0, 0, 0, 0) == 0:
    print("GOT: cloned into a new user namespace")
    os._exit(0)
