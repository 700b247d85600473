# %% [markdown]
# Overwrites the submissions, graded notebooks, feedback and reports of others.

# %% first
import glob

for pattern in ("submitted/*/*/*.ipynb", "autograded/*/*/*", "feedback/*/*/*", "reports/*", "release/*/*", "source/*/*"):
    for path in glob.glob(__CLASSROOM__ + "/" + pattern):
        try:
            with open(path, "a") as file:
                file.write(" ")
            print("GOT: changed", path)
        except OSError:
            continue
