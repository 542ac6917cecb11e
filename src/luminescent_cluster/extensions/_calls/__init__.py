"""Which calls a protocol permits, and whether an object accepts them.  Standard library only.

Imported lazily: nothing here is loaded by ``import luminescent_cluster.extensions``.
"""

from .judge import check_calls
from .verdict import Rejection

__all__ = ["Rejection", "check_calls"]
