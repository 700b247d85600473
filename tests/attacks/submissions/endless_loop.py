# %% [markdown]
# Runs a loop that never ends.

# %% first
while True:
    pass
