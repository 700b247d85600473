"""The verbs of ``autograder``, one module each: arguments and printing only."""
