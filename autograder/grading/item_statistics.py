"""What the results of a class say about an exercise: how hard it is, and whether it tells who is good at the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atanh, sqrt

import numpy as np

FEW = 10  # fewer who tried an exercise say nothing about it
WEAK = 0.2  # below this, an exercise hardly tells those who are good at the rest from the others
HARD, EASY = 0.4, 0.97  # mean shares of the points


@dataclass(frozen=True)
class ItemStatistics:
    """What is known about one exercise.

    Args:
        tried: how many students handed in something for it.
        share: the mean share of its points that those reached, from 0 to 1; None where nobody tried it.
        discrimination: correlation between that share and the share of the other points of the lab that the same
            students tried for; None where too few did, or all of them did alike.
    """

    tried: int
    share: float | None
    discrimination: float | None

    @property
    def doubt(self) -> str:
        """Why the exercise itself may be at fault, in a sentence; "" where nothing says so."""
        if self.discrimination is None or self.share is None:
            return ""
        if _surely_below(self.discrimination, self.tried, WEAK):
            return "Who is good at the rest does no better here: read the exercise and its hints as a student would."
        return ""

    @property
    def level(self) -> str:
        """A word for how hard it is, or "" where too few tried it."""
        if self.share is None or self.tried < FEW:
            return ""
        return "hard" if self.share < HARD else "easy" if self.share > EASY else "fair"


def item_statistics(shares: Mapping[str, Sequence[float]], points: Mapping[str, float]) -> dict[str, ItemStatistics]:
    """Return the statistics of each exercise of a lab.

    Args:
        shares: by grade id, the share of the points that each student reached, in the same order of students; NaN
            where a student did not try the exercise, or was excused from it.
        points: by grade id, what can be earned.
    """
    if not shares:
        return {}
    reached = np.array([shares[name] for name in shares], dtype=float)  # (exercises, students)
    worth = np.array([points[name] for name in shares])[:, None]
    tried = ~np.isnan(reached)
    earned = np.where(tried, reached * worth, 0.0)
    all_earned, all_worth = earned.sum(axis=0), (tried * worth).sum(axis=0)
    found = {}
    for row, name in enumerate(shares):
        own = reached[row][tried[row]]
        others = (all_worth - worth[row])[tried[row]]
        rest = (all_earned - earned[row])[tried[row]]
        compared = others > 0
        found[name] = ItemStatistics(
            len(own),
            float(own.mean()) if len(own) else None,
            correlation(own[compared], rest[compared] / others[compared]),
        )
    return found


def correlation(first: np.ndarray, second: np.ndarray) -> float | None:
    """Return Pearson's correlation (for a right-or-wrong exercise: the point-biserial one), or None if it says nothing.

    Args:
        first, second: shape (students,).
    """
    if len(first) < FEW or first.std() < 1e-9 or second.std() < 1e-9:
        return None
    return float(np.corrcoef(first, second)[0, 1])


def _surely_below(found: float, count: int, limit: float) -> bool:
    """Return whether a correlation is below a limit by more than one standard error (Fisher's transformation)."""
    return atanh(max(min(found, 0.999), -0.999)) + 1 / sqrt(max(count - 3, 1)) < atanh(limit)
