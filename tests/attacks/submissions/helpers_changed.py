# %% [markdown] stock="it would change the course's own files"
# Changes the files of course_utils, recorded cases and compiled code included, for the submissions that come after.

# %% first
import glob
import os

import course_utils

folder = os.path.dirname(course_utils.__file__)
for path in [*glob.glob(folder + "/**/*", recursive=True), folder + "/pwned-__TOKEN__.py"]:
    try:
        with open(path, "a") as file:
            file.write("")
        os.utime(path)
        print("GOT: changed", path)
    except OSError:
        continue
for action in (lambda: os.chmod(folder, 0o777), lambda: os.rename(folder, folder + "-pwned"),
               lambda: os.remove(course_utils.__file__)):
    try:
        action()
        print("GOT: changed the folder")
    except OSError:
        continue
