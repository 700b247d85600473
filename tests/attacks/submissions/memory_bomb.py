# %% [markdown] stock="it would harm this machine"
# Takes memory until no more is given.

# %% first
import time

held = []
for _ in range(40):
    held.append(bytearray(b"x") * 100_000_000)
time.sleep(0.5)
print("GOT: 4 GB")
