"""Memory that a limit can see."""

import mmap


def take(megabytes: int) -> int:
    """Take so many MB from the kernel for a moment and return their bytes.

    ``bytearray`` would not do: a process that has freed as much may be given it again, and no limit counts that.

    Raises:
        MemoryError: a limit refuses them.
    """
    try:
        with mmap.mmap(-1, megabytes << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
            return len(memory)
    except OSError as error:
        raise MemoryError(f"{megabytes} MB") from error
