"""Values and calls as text that can be pasted, whatever their ``__repr__`` does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["show", "show_call", "show_error"]

_MOST = 300
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")


def show(value: object, most: int = _MOST) -> str:
    """Give a value's repr in one line, shortened in the middle, never raising."""
    try:
        if type(value) is str and len(value) > 2 * most:
            return f"{value[0]!r} * {len(value)}" if len(set(value)) == 1 else _long(value, most)
        text = repr(value)
        if not isinstance(text, str):  # a lying __repr__
            raise TypeError
    except Exception as error:
        text = f"<{type(value).__name__} whose repr() raises {type(error).__name__}>"
    return _shorten(text, most)


def show_call(method: str, args: Sequence[object], kwargs: Mapping[str, object]) -> str:
    """Give a call as the author would write it."""
    parts = [show(value) for value in args]
    parts += [f"{name}={show(value)}" for name, value in kwargs.items()]
    return f"{method}({', '.join(parts)})"


def show_error(error: BaseException) -> str:
    """Give an exception's type and message in one line."""
    try:
        text = str(error)
    except Exception:
        text = "<its str() raises>"
    return _shorten(f"{type(error).__name__}: {text}" if text else type(error).__name__, _MOST)


def _long(value: str, most: int) -> str:
    return _shorten(f"{value[:most]!r} … {len(value) - 2 * most} more … {value[-most:]!r}", most)


def _shorten(text: str, most: int) -> str:
    if " at 0x" in text:
        text = _ADDRESS.sub("", text)  # it differs from run to run, and says nothing
    if len(text) > most:
        text = f"{text[: most * 2 // 3]} … {len(text) - most} more … {text[-most // 3 :]}"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
