# %% [markdown] stock="it would print to this terminal without end"
# Writes without end to the descriptors themselves, past Python's own streams.

# %% first
import os

while True:
    os.write(1, b"x" * 65536)
    os.write(2, b"y" * 65536)
