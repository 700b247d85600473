# %% [markdown]
# Forges results in exit handlers, finalizers and destructors.

# %% first
import atexit
import weakref


class Last:
    def __del__(self):
        print(3.0)


last = Last()
atexit.register(print, 3.0)
finalizer = weakref.finalize(last, print, 3.0)


# %% replace="count_parameters"
def count_parameters(widths):
    import sys

    sys.exit(0)
