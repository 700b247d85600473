# %% [markdown] lab="lab3_gradient_descent"
# Talks to the grader's machine through TensorFlow: a data service, a cluster's server, remote file systems, raw sockets.

# %% last
import subprocess
import sys
import tensorflow as tf

tries = (
    lambda: tf.data.experimental.service.DispatchServer(),
    lambda: tf.distribute.Server({"worker": ["127.0.0.1:__PORT__"]}, job_name="worker", task_index=0),
    lambda: tf.config.experimental_connect_to_host("127.0.0.1:" + str(__PORT__)),
)
program = """
import sys
import tensorflow as tf
number = int(sys.argv[1])
if number == 0:
    dataset = tf.data.Dataset.range(3).apply(
        tf.data.experimental.service.distribute("parallel_epochs", "grpc://127.0.0.1:" + sys.argv[2], timeout_ms=500))
    next(iter(dataset))
elif number == 1:
    tf.config.experimental_connect_to_host("127.0.0.1:" + sys.argv[2])
else:
    tf.io.read_file("http://127.0.0.1:" + sys.argv[2] + "/x")
"""
for number in range(3):
    try:
        subprocess.run([sys.executable, "-c", program, str(number), str(__PORT__)], timeout=1, capture_output=True)
    except Exception as error:
        print(type(error).__name__)
import socket

try:
    socket.create_connection(("127.0.0.1", __PORT__), timeout=0.5).send(b"pwned")
    print("GOT: a connection")
except OSError as error:
    print(type(error).__name__)
