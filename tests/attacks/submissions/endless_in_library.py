# %% [markdown]
# Keeps the processor in one call of a library, where Python looks at no signal.

# %% first
import re

re.match(r"(a|aa|aaa)+$", "a" * 60 + "b")
