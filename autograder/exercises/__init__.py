"""The definitions of all exercises, one module a lab, each with its ``EXERCISES`` in the order of the lab."""
