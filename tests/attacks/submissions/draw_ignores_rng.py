# %% [markdown] lab="lab5a_tunes"
# Draws with the right shares by a generator of its own, and never asks the one that it is given.

# %% replace="draw"
own = np.random.default_rng(0)


def draw(p, rng):
    return int(own.choice(len(p), p=p))
