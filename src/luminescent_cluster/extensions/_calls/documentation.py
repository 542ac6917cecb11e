"""What is said about a member to its readers."""

from __future__ import annotations

import inspect
from typing import Any

__all__ = ["documentation_of", "with_deprecation"]


def documentation_of(documented: Any, decorated: Any = None) -> str:
    """Return the doc string of an object, with what ``@deprecated`` says of it.

    Args:
        documented: what has the doc string.
        decorated: what the decorator was put on, where that is another object.
    """
    doc = inspect.cleandoc(getattr(documented, "__doc__", None) or "")
    marked = decorated if decorated is not None else documented
    said = getattr(marked, "__dict__", {}).get("__deprecated__")
    return with_deprecation(doc, said if isinstance(said, str) else None)


def with_deprecation(doc: str, message: str | None) -> str:
    """Return documentation with the message of a deprecation, None where there is none."""
    return doc if message is None else f"{doc}\n\nDeprecated: {message}".strip()
