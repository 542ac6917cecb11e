"""Whose code an exception comes from, where no guarded call was under way."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path

__all__ = ["author_place"]

_KIT = str(Path(__file__).parents[1])
_FAKES = str(Path(_KIT, "fakes"))
_STANDARD = tuple(
    {str(Path(sysconfig.get_path(name)).resolve()) for name in ("stdlib", "platstdlib")}
)
_TOOLS = ("hypothesis", "typeguard", "beartype", "mypy", "_pytest", "pluggy")


def author_place(error: BaseException) -> str:
    """Give where the author's code raised: a probe, say, that the kit had called.

    Args:
        error: with its traceback.

    Returns:
        ``file:line``, or nothing where the kit or a tool of its own raised.
    """
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = frame.filename
        parts = Path(path).parts
        installed = "site-packages" in parts or "dist-packages" in parts
        if path.startswith("<") or (path.startswith(_STANDARD) and not installed):
            continue
        if path.startswith(_KIT) and not path.startswith(_FAKES):
            return ""
        if installed and any(tool in parts for tool in _TOOLS):
            return ""
        return f"{path}:{frame.lineno}"
    return ""
