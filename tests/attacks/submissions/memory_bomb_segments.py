# %% [markdown] stock="it would harm this machine"
# Hides memory in System V segments, message queues and semaphores, which outlive the process that made them.

# %% first
import ctypes
import time

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
taken = 0
for _ in range(30):
    segment = libc.shmget(0, 100_000_000, 0o1600)
    if segment < 0:
        break
    address = libc.shmat(segment, None, 0)
    ctypes.memset(address, 1, 100_000_000)
    libc.shmdt(ctypes.c_void_p(address))
    taken += 100_000_000
queues = 0
while queues < 2000 and libc.msgget(0, 0o1600) >= 0:
    queues += 1
time.sleep(0.5)
if taken > 2_000_000_000:
    print("GOT:", taken, "bytes")
if queues == 2000:
    print("GOT:", queues, "message queues")
