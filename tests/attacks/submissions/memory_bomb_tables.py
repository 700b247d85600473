# %% [markdown] stock="it would harm this machine"
# Makes the kernel take memory for page tables, by touching one page in each of very many.

# %% first
import mmap
import time

touched, maps = 0, []
try:
    while touched < 2_500_000_000:
        part = mmap.mmap(-1, 2**36, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ)
        maps.append(part)
        for place in range(0, 2**36, 2**21):
            part[place]
        touched += 2**36 // 2**21 * 4096
except (OSError, ValueError):
    pass
time.sleep(0.3)
if touched >= 2_500_000_000:
    print("GOT:", touched, "bytes of page tables")
