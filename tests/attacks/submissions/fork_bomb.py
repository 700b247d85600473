# %% [markdown] stock="it would harm this machine"
# Starts processes as fast as it can, each of which starts more.

# %% first
import os
import time

children = 0
for _ in range(300):
    try:
        if os.fork() == 0:
            try:
                for _ in range(3):
                    os.fork()
            except OSError:
                pass
            time.sleep(30)
            os._exit(0)
        children += 1
    except OSError:
        break
time.sleep(1)
print("GOT:", children, "processes with their children")
