"""What chance allows: a judge of random results asks for what a right answer fails less than once in a million times.

``tests/labs/test_lab4_chances.py`` and the test of this module compute these chances.
"""

import numpy as np

DEVIATIONS = 6.5  # a share of dropped values may lie this many standard deviations from the rate
REPEATED = 14.0  # so many standard deviations may the values at one distance from each other agree too well
DEPENDENT = 2.0  # independent draws come out near 1, see `dependence`


def allowed_drops(count: int, p: float) -> tuple[float, float]:
    """Return the smallest and the largest number of dropped values that a judge takes for chance."""
    spread = DEVIATIONS * np.sqrt(count * p * (1 - p)) + 1
    return count * p - spread, count * p + spread


def repetition(dropped: np.ndarray) -> float:
    """Return by how many standard deviations the fates of values agree, at the distance where they agree best.

    All distances in reading order count, up to three quarters of the whole: neighbours, rows, and one call after
    another. Values that share a draw, and masks that repeat or shift a pattern, agree at some distance.

    Args:
        dropped: truth values, true where a value was dropped; some are, and some are not.
    """
    share = np.mean(dropped)
    away = dropped.ravel() - share
    padded = 2 * len(away)
    agreements = np.fft.irfft(np.abs(np.fft.rfft(away, padded)) ** 2, padded)
    distances = np.arange(1, 3 * len(away) // 4)
    return float(
        np.max(np.abs(agreements[distances]) / (share * (1 - share) * np.sqrt(len(away) - distances)), initial=0.0)
    )


def dependence(draws: np.ndarray, expected: np.ndarray | float) -> float:
    """Return how far the mean of draws lies from what is expected, as a multiple of what chance explains.

    It is the squared length of their summed deviations, divided by the sum of the squared lengths: about 1 for
    independent draws, and as large as their number where all of them deviate alike.

    Args:
        draws: the first axis counts them.
    """
    away = (draws - expected).reshape(len(draws), -1)
    return float(np.sum(away.sum(axis=0) ** 2) / max(np.sum(away**2), 1e-12))
