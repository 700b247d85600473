"""``python -m tests.attacks``: run the attack suite and print its table.

With ``--user`` it runs as an ordinary user with ordinary limits, also where root starts it.
"""

import sys

if "--user" in sys.argv[1:]:
    from .ordinary import run

    run([argument for argument in sys.argv[1:] if argument != "--user"])

from .harness import main

sys.exit(main())
