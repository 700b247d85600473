# %% [markdown] stock="it would harm this machine"
# Takes memory and shares each piece with a child by fork, so that no process seems to own it.

# %% first
import os
import time

held = [bytearray(b"x") * 1_000_000_000]
if os.fork() == 0:
    time.sleep(30)
    os._exit(0)
held += [bytearray(b"y") * 1_000_000_000]
if os.fork() == 0:
    time.sleep(30)
    os._exit(0)
held += [bytearray(b"z") * 1_000_000_000]
if os.fork() == 0:
    time.sleep(30)
    os._exit(0)
time.sleep(1.2)
print("GOT: 3 GB")
