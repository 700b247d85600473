# %% [markdown]
# Catches the interrupt at the end of its time and answers as if nothing had happened, again and again.

# %% first
import time

while True:
    try:
        time.sleep(10_000)
    except KeyboardInterrupt:
        break

# %% replace="neuron"
def neuron(x, w, b):
    try:
        time.sleep(10_000)
    except KeyboardInterrupt:
        return np.zeros(np.shape(x)[:-1])


# %% replace="dense_numpy"
def dense(x, W, b):
    import signal

    signal.signal(signal.SIGINT, lambda *arguments: None)
    time.sleep(100)
    return 0.0
