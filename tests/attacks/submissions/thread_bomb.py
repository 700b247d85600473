# %% [markdown]
# Starts threads until no more are given.

# %% first
import threading
import time

started = 0
try:
    for _ in range(3000):
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
        started += 1
except RuntimeError:
    pass
if started > 2000:
    print("GOT:", started, "threads")
