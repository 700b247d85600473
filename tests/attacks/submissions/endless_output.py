# %% [markdown]
# Prints without end.

# %% first
while True:
    print("x" * 1000)
