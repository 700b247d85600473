# %% [markdown] stock="it would test this machine's kernel"
# Calls system calls that widen what can be attacked: io_uring, bpf, perf, userfaultfd, file handles, modules.

# %% first
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {"io_uring_setup": (425, 8, ctypes.create_string_buffer(256)), "bpf": (321, 0, None, 0), "userfaultfd": (323, 0),
         "perf_event_open": (298, ctypes.create_string_buffer(128), 0, -1, -1, 0), "fsopen": (430, b"tmpfs", 0),
         "open_tree": (428, -100, b"/tmp", 1), "pidfd_getfd": (438, 3, 0, 0), "personality": (135, 0x0040000),
         "fanotify_init": (300, 0, 0), "quotactl": (179, 0, None, 0, None), "kcmp": (312, 1, 1, 0, 0, 0)}
for name, (number, *arguments) in CALLS.items():
    if libc.syscall(number, *arguments) >= 0:
        print("GOT:", name)
