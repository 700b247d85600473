# %% [markdown] repeat="250"
# Prints as much as is kept of one cell, in 250 cells.

# %% last
print("x" * 99_000)
