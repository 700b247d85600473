# %% [markdown]
# Prints and clears its output without end, so that nothing is ever too long.

# %% first
from IPython.display import clear_output

while True:
    print("x" * 100_000)
    clear_output()
