# %% [markdown]
# Uses IPython's magics, shell commands and other interpreters to get at files and the network.

# %% first
get_ipython().system("cat " + __CLASSROOM__ + "/secret " + __CLASSROOM__ + "/gradebook.db 2>/dev/null | tr -d '\\000' | head -c 20000")
get_ipython().run_cell_magic("bash", "", "ls " + __CLASSROOM__ + " && echo GOT: the folder; exec 3<>/dev/tcp/127.0.0.1/__PORT__"
                             " && echo GOT: connected")
get_ipython().run_line_magic("run", __CLASSROOM__ + "/solved/lab1_perceptron/lab1_perceptron.ipynb")
