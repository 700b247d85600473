# %% [markdown] stock="it would harm this machine"
# Hides memory in anonymous files that no process maps.

# %% first
import os
import time

chunk = b"x" * 10_000_000
written, files = 0, []
try:
    while written < 3_000_000_000:
        files.append(os.memfd_create(f"part-{len(files)}"))
        for _ in range(10):
            written += os.write(files[-1], chunk)
except (OSError, AttributeError):
    pass
time.sleep(0.5)
if written > 2_000_000_000:
    print("GOT:", written, "bytes")
