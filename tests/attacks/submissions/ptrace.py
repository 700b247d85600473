# %% [markdown] stock="it would stop other programs of this machine"
# Attaches to every process with ptrace, and reads others' memory with process_vm_readv and /proc.

# %% first
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(4096)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


own = os.getpid()
for process in [os.getppid(), *range(1, 400)]:
    if process in (0, own):
        continue
    if libc.ptrace(16, process, 0, 0) == 0:
        print("GOT: attached to", process)
        libc.ptrace(17, process, 0, 0)
    local, remote = Vector(ctypes.addressof(buffer), 4096), Vector(0x400000, 4096)
    if libc.process_vm_readv(process, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
        print("GOT: read", process)
    try:
        with open(f"/proc/{process}/mem", "rb", 0):
            print("GOT: the memory of", process)
    except OSError:
        continue
if libc.ptrace(0, 0, 0, 0) == 0:
    print("may be traced")
