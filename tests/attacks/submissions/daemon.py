# %% [markdown] stock="it would outlive the run on this machine"
# Starts a daemon by forking twice, in a session of its own, that ignores signals and outlives the run.

# %% first
import os
import signal
import subprocess

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (1, 2, 3, 13, 15):
            signal.signal(number, signal.SIG_IGN)
        os.execv("/bin/sh", ["attack-survivor-__TOKEN__", "-c", "while :; do sleep 1; done"])
    os._exit(0)
subprocess.Popen(["setsid", "nohup", "sh", "-c", "exec -a attack-survivor-__TOKEN__ sleep 1000"], start_new_session=True,
                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

# %% last
import os

os._exit(0)
