"""What ran where: versions, read from the running interpreter and from installed distributions."""

from __future__ import annotations

import platform
import sys
from importlib import metadata

from .document import Environment

__all__ = ["environment"]

DISTRIBUTION = "luminescent-extensions"


def environment(catalogue: str) -> Environment:
    """Describe this interpreter and this kit.

    Args:
        catalogue: digest of the clauses in use.
    """
    try:
        kit = metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:  # run from a copy of the sources
        kit = ""
    enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
    return Environment(
        kit=kit,
        catalogue=catalogue,
        python=platform.python_version(),
        implementation=platform.python_implementation(),
        free_threaded=not enabled,
        system=f"{platform.system()} {platform.machine()}".strip(),
    )
