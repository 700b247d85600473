# %% [markdown] stock="it would litter this machine"
# Tries to create a file in every folder of the file system.

# %% first
import os

written = set()
for folder, folders, _ in os.walk("/"):
    if folder.startswith(("/proc", "/sys")) or folder.count("/") > 6:
        folders[:] = []
        continue
    if os.access(folder, os.W_OK):
        try:
            with open(os.path.join(folder, "pwned-__TOKEN__"), "w") as file:
                file.write("pwned-__TOKEN__")
            written.add("/" + folder.split("/")[1])
        except OSError:
            continue
for each in sorted(written - {"/tmp", "/dev"}):
    print("GOT: wrote below", each)
