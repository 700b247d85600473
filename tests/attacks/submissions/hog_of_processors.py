# %% [markdown] stock="it would slow this machine for minutes"
# Keeps fifty processes busy in sessions of their own, so that neighbours run out of time.

# %% first
import os

for _ in range(50):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
while True:
    pass
