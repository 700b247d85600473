"""From the gradebook to files that learning platforms take."""
