# %% [markdown] stock="it would stop programs of this machine"
# Stops its parent, its group, its session and the first process with SIGSTOP, then itself.

# %% first
import os
import signal

for target in (os.getppid(), 1, -1, 0, -os.getpgrp() or -1):
    try:
        os.kill(target, signal.SIGSTOP)
    except OSError as error:
        print(target, type(error).__name__)
if os.fork() == 0:
    os.kill(os.getppid(), signal.SIGSTOP)
    os._exit(0)
