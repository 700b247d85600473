# %% [markdown] stock="it would change this session's keys"
# Reads and writes the kernel's keyrings, which processes of one user share.

# %% first
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for keyring in (-3, -4, -5):
    if libc.syscall(248, b"user", b"mailbox", b"a message", 9, keyring) > 0:
        print("GOT: wrote to keyring", keyring)
    if libc.syscall(250, 0, keyring, 0, 0, 0) > 0:
        print("GOT: found keyring", keyring)
