# %% [markdown]
# Stops answering at all, so that the host's questions fill the channel.

# %% first
import gc
import time

for each in gc.get_objects():
    if type(each).__name__ == "Channel":
        kind = type(each)
        kind.receive = lambda self, *arguments: time.sleep(10_000)
