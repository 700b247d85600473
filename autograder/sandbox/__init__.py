"""The sandbox: a process of its own for each submission, behind two walls, and the trusted side that drives it."""
