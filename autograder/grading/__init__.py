"""From what was handed in to gradebook, feedback and reports."""
