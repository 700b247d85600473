# %% [markdown]
# Tells IPython to show no result of any cell, since nbgrader gives full marks to a test that shows nothing.

# %% first
get_ipython().ast_node_interactivity = "none"
