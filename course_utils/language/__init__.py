"""What Lab 5a trains a language model with, and what it compares."""

from .comparing import compare_bars, compare_counts, compare_fresh, compare_slopes, perform, share_of_full_bars
from .training import Adam, batches, cut, encoded, held_out_bits, start_parameters, surprises, table_of

__all__ = [
    "Adam",
    "batches",
    "compare_bars",
    "compare_counts",
    "compare_fresh",
    "compare_slopes",
    "cut",
    "encoded",
    "held_out_bits",
    "perform",
    "share_of_full_bars",
    "start_parameters",
    "surprises",
    "table_of",
]
