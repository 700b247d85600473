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


def repetition(dropped: np.ndarray) -> tuple[float, float]:
    """Return by how many standard deviations fates agree too well: of values in one call, and of values in two calls.

    The distance in reading order at which they agree best decides. Values that share a draw, or a pattern, agree at
    some distance in each call, whatever the calls have in common. Calls that use one mask agree at some distance from
    call to call, at 0 where the mask is not shifted.

    Args:
        dropped: truth values, true where a value was dropped. The first axis counts the two calls.
    """
    away = dropped.reshape(2, -1) - np.mean(dropped)
    length, variance = away.shape[1], max(float(np.var(dropped)), 1e-12)
    spectra = np.fft.rfft(away, 2 * length)
    inside, across = np.fft.irfft([np.sum(np.abs(spectra) ** 2, axis=0), spectra[0] * spectra[1].conj()], 2 * length)
    near, far = distances_compared(length)
    return (
        float(np.max(np.abs(inside[near]) / np.sqrt(2 * (length - near))) / variance),
        float(np.max(np.abs([across[far], across[-far]]) / np.sqrt(length - far)) / variance),
    )


def distances_compared(length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the distances at which values are compared in one call, and from call to call.

    Few values agree well by chance, so that a distance counts only where enough of them lie so far apart. A mask
    that is shifted round agrees with itself on half of a call at least.

    Args:
        length: values in a call.
    """
    return np.arange(1, 3 * length // 4), np.arange(max(length // 2 + 1, length - 1000))


def dependence(draws: np.ndarray, expected: np.ndarray | float) -> float:
    """Return how far the mean of draws lies from what is expected, as a multiple of what chance explains.

    It is the squared length of their summed deviations, divided by the sum of the squared lengths: about 1 for
    independent draws, and as large as their number where all of them deviate alike.

    Args:
        draws: the first axis counts them.
    """
    away = (draws - expected).reshape(len(draws), -1)
    return float(np.sum(away.sum(axis=0) ** 2) / max(np.sum(away**2), 1e-12))
