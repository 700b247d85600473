"""``python -m tests.attacks``: run the attack suite and print its table."""

import sys

from .harness import main

sys.exit(main())
