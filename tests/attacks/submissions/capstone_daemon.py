# %% [markdown] lab="lab4_overfitting_dropout"
# Returns at once and leaves a thread and a process training on, past the limit and into the other exercises.

# %% replace="capstone"
import subprocess
import sys
import threading


def train(images, labels, seed):
    # It returns wrong digits, and only a training that goes on behind the exam's back would mend them.
    answers = {}

    def work():
        while True:
            answers[0] = float(np.linalg.norm(np.ones((300, 300))))

    threading.Thread(target=work, daemon=True).start()
    program = "import time; name = 'survivor-__TOKEN__'; time.sleep(120)"
    subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    return lambda asked: np.arange(len(asked)) % 10
