# %% [markdown] lab="lab3_gradient_descent"
# Talks to the grader's machine through TensorFlow: a data service, a cluster, remote file systems, a raw socket.

# %% last
import socket
import threading
import time

import tensorflow as tf

ADDRESS = "127.0.0.1:" + str(__PORT__)


def service():
    distribute = tf.data.experimental.service.distribute("parallel_epochs", "grpc://" + ADDRESS, timeout_ms=500)
    next(iter(tf.data.Dataset.range(3).apply(distribute)))


def connection():
    socket.create_connection(("127.0.0.1", __PORT__), timeout=0.5).send(b"pwned")
    print("GOT: a connection")


def quietly(reach):
    try:
        reach()
    except Exception as error:
        print(type(error).__name__)


for reach in (connection, service, lambda: tf.io.read_file("http://" + ADDRESS + "/x"),
              lambda: tf.config.experimental_connect_to_host(ADDRESS)):
    threading.Thread(target=quietly, args=(reach,), daemon=True).start()
time.sleep(2)
