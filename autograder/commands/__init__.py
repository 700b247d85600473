"""The verbs of ``autograder``, one module each: arguments and printing only.

A module is named like its verb; its docstring begins with what `autograder --help` says of it. It has
``add_arguments(parser)`` and ``run(args)``, which returns the exit code.
"""
