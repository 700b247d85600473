# %% [markdown]
# Resolves names, so that what it found travels out inside a question to a name server.

# %% first
import socket
import subprocess

socket.setdefaulttimeout(0.5)
for name in ("answers.example.com", "example.com"):
    try:
        print("GOT: resolved", socket.getaddrinfo(name, 80)[:1])
    except OSError as error:
        print(type(error).__name__)
done = subprocess.run("getent hosts example.org", shell=True, capture_output=True, text=True, timeout=2)
if done.stdout:
    print("GOT:", done.stdout)
