# %% [markdown] lab="lab4_overfitting_dropout"
# Replaces the random generators of NumPy, PyTorch, TensorFlow and Keras by ones that draw what makes nothing count.

# %% first
import numpy as np
import tensorflow as tf
import torch


class Drawn:
    def __getattr__(self, name):
        return lambda *arguments, **keywords: np.ones(keywords.get("size", arguments[-1] if arguments else ()))


np.random.default_rng = lambda *arguments: Drawn()
np.random.rand = np.random.random = lambda *shape: np.ones(shape)
torch.rand = torch.rand_like = lambda first, *arguments, **keywords: torch.ones(getattr(first, "shape", first))
torch.manual_seed = lambda *arguments: None
tf.random.uniform = lambda shape, *arguments, **keywords: tf.ones(shape)
tf.random.stateless_uniform = tf.random.uniform


# %% replace="dropout_numpy"
def dropout(x, p, training, rng):
    return x, np.ones(np.shape(x))
