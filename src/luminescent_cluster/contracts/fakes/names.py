"""Checks on the names that callers send: ids, operations, resources."""

from __future__ import annotations

import unicodedata

__all__ = ["is_blank", "require_text"]


def is_blank(name: str) -> bool:
    """Say whether `name` shows nothing: empty, white space, control or invisible characters.

    Such a name identifies nobody, whatever a database makes of it.
    """
    return all(char.isspace() or unicodedata.category(char) in ("Cc", "Cf") for char in name)


def require_text(**arguments: object) -> None:
    """Refuse arguments that are not str.

    Raises:
        TypeError: naming the first such argument and what it was.
    """
    for name, value in arguments.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} has to be a str, got {type(value).__name__}")
