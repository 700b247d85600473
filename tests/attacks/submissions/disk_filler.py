# %% [markdown] stock="it would harm this machine"
# Fills every folder in which it may write, with large files and with very many small ones.

# %% first
import os

total = 0
for folder in ("/tmp", "/dev/shm", "/var/tmp", ".", os.path.expanduser("~")):
    written = 0
    try:
        for number in range(40):
            with open(os.path.join(folder, f"filler-{number}"), "wb") as file:
                for _ in range(5):
                    written += file.write(b"x" * 10_000_000)
    except OSError as error:
        print(folder, type(error).__name__)
    total += written
if total > 1_000_000_000:
    print("GOT:", total, "bytes")
small = 0
try:
    for number in range(60_000):
        os.symlink("x" * 10, f"/tmp/small-{number}")
        small += 1
except OSError:
    pass
if small == 60_000:
    print("GOT:", small, "files")
