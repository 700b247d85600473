# %% [markdown] stock="it would harm this machine"
# Fills the buffers of as many sockets as many processes can hold.

# %% first
import os
import socket
import time

filled = 0
for _ in range(20):
    if os.fork() == 0:
        pairs = []
        try:
            while True:
                pairs.append(socket.socketpair())
                pairs[-1][0].setblocking(False)
                pairs[-1][1].setblocking(False)
                for side in pairs[-1]:
                    try:
                        while True:
                            side.send(b"x" * 65536)
                    except BlockingIOError:
                        continue
        except OSError:
            time.sleep(30)
        os._exit(0)
time.sleep(1.7)
print("GOT: the buffers of 20 processes full of sockets")
