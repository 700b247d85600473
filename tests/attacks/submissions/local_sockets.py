# %% [markdown]
# Connects to the grader's sockets on the same machine: abstract names, paths, and those that /proc/net lists.

# %% first
import os
import socket

names = ["\0attack-__TOKEN__", "/tmp/attack-__TOKEN__.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket"]
with open("/proc/net/unix") as file:
    names += [line.split()[7].replace("@", "\0", 1) for line in file if len(line.split()) > 7 and "__TOKEN__" in line]
for name in names:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(0.3)
            connection.connect(name)
            connection.sendall(b"exfiltrated")
            print("GOT: connected to", repr(name))
    except OSError:
        continue
