# %% [markdown]
# Prints one line of 200 MB, displays an object as large, and raises an error as long.

# %% first
print("x" * 200_000_000)

# %% last
from IPython.display import display

display({"text/plain": "x" * 50_000_000, "text/html": "<p>" * 10_000_000, "image/png": b"x" * 30_000_000}, raw=True)
raise ValueError("x" * 50_000_000)
