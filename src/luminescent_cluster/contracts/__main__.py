"""``python -m luminescent_cluster.contracts``: the same as ``luminescent-contracts``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
