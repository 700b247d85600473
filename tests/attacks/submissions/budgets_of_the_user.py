# %% [markdown] stock="it would stop other programs of this user"
# Uses up what the kernel counts for a user: descriptors on their way through sockets, pipes, watches on files.

# %% first
import ctypes
import fcntl
import os
import socket

libc = ctypes.CDLL(None)
kept = []
try:
    for _ in range(40):
        ends = socket.socketpair()
        socket.send_fds(ends[0], [b"x"], [0] * 250)
        kept.append(ends)
except OSError:
    pass
for _ in range(20):
    try:
        pipe = os.pipe()
        kept.append(pipe)
        fcntl.fcntl(pipe[1], fcntl.F_SETPIPE_SZ, 2**20)
        print("GOT: a larger pipe")
    except OSError:
        break
if libc.inotify_init() >= 0 or libc.fanotify_init(0, 0) >= 0:
    print("GOT: a watch on files")
try:
    fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS)
    print("GOT: notice of who opens a file")
except OSError:
    pass
