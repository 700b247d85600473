# %% [markdown] lab="lab3_gradient_descent" stock="it would write into this machine's folders"
# Writes files into every folder that it can name, by tf.io.write_file, checkpoints, saved models and summaries.

# %% last
import os

import course_utils
import keras
import tensorflow as tf

places = ["/tmp", "/var/tmp", "/dev/shm", "/", "/etc", __CLASSROOM__, __PROJECT__, os.path.dirname(course_utils.__file__),
          os.path.dirname(os.path.dirname(tf.__file__))]
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
for place in places:
    path = f"{place}/pwned-__TOKEN__"
    for writer in (lambda: tf.io.write_file(path, "pwned"), lambda: tf.io.gfile.makedirs(path + "-folder"),
                   lambda: net.save(path + ".keras"), lambda: tf.summary.create_file_writer(path + "-log"),
                   lambda: tf.train.Checkpoint(net=net).write(path + "-checkpoint"),
                   lambda: tf.io.gfile.rename(f"{__CLASSROOM__}/secret", path)):
        try:
            writer()
        except Exception:
            continue
