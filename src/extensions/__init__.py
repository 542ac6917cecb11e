"""The in-repository import path of the extension guide: ``from src.extensions import …``.

It gives the very same objects as ``luminescent_cluster.extensions`` and is not in the wheel.
"""

import sys
from pathlib import Path

try:
    from luminescent_cluster import extensions as _extensions
except ModuleNotFoundError as missing:  # a bare checkout, nothing installed
    if missing.name not in {"luminescent_cluster", "luminescent_cluster.extensions"}:
        raise
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    from luminescent_cluster import extensions as _extensions

from luminescent_cluster.extensions import *  # noqa: F403 - the same public names, whatever they are

__all__ = list(_extensions.__all__)
