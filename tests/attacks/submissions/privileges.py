# %% [markdown] stock="it would change this machine's settings"
# Becomes root by set-uid programs and system calls, and writes to the kernel's settings.

# %% first
import ctypes
import os
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
for action in (lambda: os.setuid(0), lambda: os.setgroups([0]), lambda: os.setresuid(0, 0, 0), lambda: os.setgid(0),
               lambda: os.nice(-5), lambda: os.chown("/tmp", 0, 0), lambda: os.mknod("/tmp/sda", 0o60666, 2048)):
    try:
        action()
        print("GOT: a privilege")
    except OSError:
        continue
for command in ("sudo -n id -u", "su -c 'id -u' root", "pkexec id -u", "passwd -S root"):
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=2, stdin=subprocess.DEVNULL)
    if done.stdout.strip() == "0":
        print("GOT: root by", command)
for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger", "/proc/self/uid_map",
             "/sys/devices/system/cpu/cpu1/online", "/proc/sys/vm/overcommit_memory", "/proc/self/setgroups"):
    try:
        with open(path, "a") as file:
            file.write("")
        if os.access(path, os.W_OK) and not path.startswith("/proc/self"):
            print("GOT: may write", path)
    except OSError:
        continue
with open("/proc/self/status") as file:
    print(*(line.strip() for line in file if line.startswith(("CapEff", "CapBnd", "NoNewPrivs", "Seccomp:"))))
