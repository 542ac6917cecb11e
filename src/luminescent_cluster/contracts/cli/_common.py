"""What several commands need."""

from __future__ import annotations

import os
import sys
from typing import TextIO

__all__ = ["CommandError", "import_from_here", "uses_colour"]


class CommandError(Exception):
    """A command cannot do what it was asked; the message gives cause and remedy. Exit code 2."""


def import_from_here() -> None:
    """Let modules of the current folder be imported, as under ``python -m``; a script does not."""
    here = os.getcwd()
    if here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)


def uses_colour(stream: TextIO) -> bool:
    """Tell whether a stream shows colours: a terminal, unless NO_COLOR or FORCE_COLOR say more."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()
