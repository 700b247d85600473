# %% [markdown]
# Opens sockets of every family: to the machine that hosts this one, to its devices, to the kernel's ciphers.

# %% first
import socket

for family in set(range(1, 64)) - {1, 2, 10, 16}:
    for kind in (1, 2, 3, 5):
        for protocol in (0, 1):
            try:
                socket.socket(family, kind, protocol)
                print("GOT: a socket of family", family)
            except OSError:
                pass
