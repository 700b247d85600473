"""Lab 4: images that are moved by lot, each on its own."""

import numpy as np

from ..probes.lab4_overfitting_dropout import numbered_images
from ..protocol import Reply, Test
from ..remarks import shape_in_words
from ..verdict import Assessment
from .faults import Fault, array_or_none, assess_parts

MOVES = 9  # that an image may make: by -1, 0 or 1 pixels in both directions
UNEVEN = 50.0  # chi squared of how often each move comes; a right answer exceeds it less than once in a million times


def shifts_each_image(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """Each image is moved by up to one pixel, what moves in is 0, and the lot decides for each on its own."""
    faults: dict[str, Fault | None] = {"the moves": None, "the draw": None}
    for case, reply in zip(test["cases"], replies):
        values, images = reply["values"], numbered_images(case["arguments"]["count"])
        first, second, again, after = (
            array_or_none(values, name, images.shape) for name in ("first", "second", "again", "after")
        )
        if first is None or second is None or again is None or after is None:
            got = shape_in_words(getattr(values.get("first"), "shape", None), images.shape, reveal)
            return Assessment(0.0, "failed", f"expected images of shape {images.shape}, got {got}.", "wrong_shape")
        if not np.array_equal(after, images):
            return Assessment(0.0, "failed", "your function changes its input: work on a new array.", "input_changed")
        if np.array_equal(first, images) and np.array_equal(second, images):
            return Assessment(0.0, "failed", "no image moves.", "unchanged")
        traced = [_traced(each, images) for each in (first, second)]
        for moves, fault in traced:
            if moves is None:
                return Assessment(0.0, "failed", *(fault or ("the images are not those that came.", "other_values")))
            faults["the moves"] = faults["the moves"] or fault
        lot = _lot_fault(np.array([moves for moves, _ in traced]))
        if not lot and not np.array_equal(first, again):
            lot = (
                "a generator that starts from the same seed moved the images otherwise: draw from `rng`, and from "
                "nothing else.",
                "rng_ignored",
            )
        faults["the draw"] = faults["the draw"] or lot
    return assess_parts(faults, "right.")


def _traced(outputs: np.ndarray, images: np.ndarray) -> tuple[np.ndarray | None, Fault | None]:
    """Return by how much each image was moved, down and to the right, shape (images, 2), and what is wrong with it.

    Every pixel of the inputs is another number, so that each pixel of an output tells where it came from.
    """
    count, (height, width) = len(images), images.shape[1:]
    numbers = outputs * images.size
    whole = np.rint(np.nan_to_num(numbers, nan=-1.0, posinf=-1.0, neginf=-1.0)).astype(int)
    if whole.min() < 0 or whole.max() > images.size or not np.all(np.abs(numbers - whole) < 0.05):
        return None, (
            "there are values that no image held: move the images, and add nothing to them.",
            "other_values",
        )
    ink, (owner, pixel) = whole > 0, np.divmod(whole - 1, height * width)
    if np.any(ink & (owner != np.arange(count)[:, None, None])):
        return None, ("pixels of one image ended in another one: is it the first axis that you move along?", "mixed")
    down, right = np.divmod(pixel, width)
    away = np.stack([np.arange(height)[:, None] - down, np.arange(width) - right])
    middle = (slice(None), slice(2, -2), slice(2, -2))
    moves = away[:, :, height // 2, width // 2]
    if not np.all(ink[middle]) or np.any(away[(slice(None), *middle)] != moves[..., None, None]):
        return None, ("the pixels of an image do not all move alike.", "torn")
    if np.any(np.abs(moves) > 1):
        return None, ("images move by more than one pixel.", "too_far")
    return moves.T, _edge_fault(moves, ink, away)


def _edge_fault(moves: np.ndarray, ink: np.ndarray, away: np.ndarray) -> Fault | None:
    """Return what is wrong at the edges.

    Args:
        moves: of each image, shape (2, images).
        ink: whether a pixel of the output is not 0, shape (images, height, width).
        away: the way that it came, shape (2, images, height, width).
    """
    came = ink & np.any(away != moves[..., None, None], axis=0)
    if np.any(came & np.any(np.abs(away) > 2, axis=0)):
        return (
            "what leaves an image on one side comes back on the other, as with `np.roll`; what moves in is paper, 0.",
            "wraps_around",
        )
    if np.any(came):
        return "at the edge pixels are repeated; what moves in is paper, 0.", "edge_repeated"
    kept = [size - np.abs(move) for size, move in zip(ink.shape[1:], moves)]
    if np.any(ink.sum(axis=(1, 2)) != kept[0] * kept[1]):
        return "pixels at the edge are lost.", "pixels_lost"
    return None


def _lot_fault(moves: np.ndarray) -> Fault | None:
    """Return what is wrong with how the moves were drawn.

    Args:
        moves: of two calls, shape (2, images, 2).
    """
    number = 3 * (moves[..., 0] + 1) + moves[..., 1] + 1
    if any(len(np.unique(each)) == 1 for each in number):
        return "all images of a call move alike: draw for each image on its own.", "shift_shared"
    for axis, direction in ((0, "up and down"), (1, "to the left and right")):
        seen = len(np.unique(moves[..., axis]))
        if seen == 1:
            return f"images never move {direction}.", "one_direction"
        if seen == 2:
            return "of -1, 0 and 1 one never comes: `rng.integers(low, high)` leaves `high` out.", "move_missing"
    if np.array_equal(number[0], number[1]):
        return "two calls moved the images alike: draw anew at each call.", "repeated"
    if np.all(moves[..., 0] == moves[..., 1]):
        return "images move along a diagonal only: draw for each direction on its own.", "diagonal"
    counts, even = np.bincount(number.ravel(), minlength=MOVES), number.size / MOVES
    if np.sum((counts - even) ** 2) / even > UNEVEN:
        return "the nine moves do not come equally often: draw -1, 0 or 1 for each direction.", "uneven"
    return None
