"""The parts that the suites need and production does not have."""

from __future__ import annotations

import importlib.util

__all__ = ["missing_parts"]

_PARTS = ("hypothesis", "typeguard", "beartype", "mypy", "typing_extensions")
_REMEDY = 'pip install "luminescent-extensions[contracts]"'


def missing_parts() -> str:
    """Say which parts of the ``contracts`` extra are missing and how to get them.

    Returns:
        One line, or an empty text where everything is there.
    """
    missing = [name for name in _PARTS if not _is_there(name)]
    if not missing:
        return ""
    verb = "is" if len(missing) == 1 else "are"
    return f"checking contracts needs {', '.join(missing)}, which {verb} not installed: {_REMEDY}"


def _is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):  # None in sys.modules
        return False
