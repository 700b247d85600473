# %% [markdown]
# Never returns from a function that a test calls.

# %% replace="neuron"
def neuron(*arguments):
    while True:
        try:
            while True:
                pass
        except KeyboardInterrupt:
            continue


# %% replace="dense_numpy"
def dense(*arguments):
    import time

    time.sleep(10_000)
