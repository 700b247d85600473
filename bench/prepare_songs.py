"""``python -m bench.prepare_songs``: draw Lab 5b's tunes, and ask the grammar what each held-out character costs.

Both take some seconds that no student needs to wait.
"""

import json

import numpy as np

from course_utils import datasets, tunes
from course_utils.songs import PREPARED

TRAINING, HELD_OUT = 400, 50  # tunes of the seeds 0 and 1


def main():
    """Draw the tunes and write them."""
    held_out = datasets.tunes(1, HELD_OUT)
    bits = [np.round(-tunes.log_probabilities(tune) / np.log(2), 4).tolist() for tune in held_out]
    parts = {"training": datasets.tunes(0, TRAINING), "held_out": held_out, "bits": bits}
    lines = ",\n".join(f'"{name}": {json.dumps(part, separators=(",", ":"))}' for name, part in parts.items())
    PREPARED.write_text(f"{{{lines}}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
