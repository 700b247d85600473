# %% [markdown] stock="it would read this machine's disks"
# Opens the memory, disks and other devices of the machine.

# %% first
import os

for name in ("mem", "kmem", "port", "sda", "vda", "vda1", "nvme0n1", "kvm", "fuse", "net/tun", "tty", "console", "ptmx", "kmsg",
             "loop-control", "mapper/control", "nvidia0", "vsock", "userfaultfd"):
    for flags in (os.O_RDONLY, os.O_RDWR):
        try:
            os.close(os.open(f"/dev/{name}", flags))
            print("GOT: the device", name)
        except OSError:
            continue
