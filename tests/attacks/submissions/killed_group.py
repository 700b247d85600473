# %% [markdown] stock="it would end the grader"
# Kills its own process group, to which neighbours, the server or the grader may belong.

# %% first
import os
import signal

try:
    os.kill(0, signal.SIGKILL)
except OSError as error:
    print(error)
