"""Marking the methods that a MINOR version added."""

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["optional", "optional_since"]

_F = TypeVar("_F", bound=Any)
_MARK = "__optional_since__"


def optional(*, since: str) -> Callable[[_F], _F]:
    """Mark a protocol's method as optional; its body is the default that core falls back on.

    Without inheritance an extension built for an older version simply lacks the method, so core
    calls it through :func:`with_defaults`.

    Args:
        since: the protocol version that introduced the method, as ``"MAJOR.MINOR.PATCH"``.

    Raises:
        ValueError: ``since`` is not three numbers.
        TypeError: the decorated thing cannot carry the mark.
    """
    if not isinstance(since, str) or [p.isdigit() for p in since.split(".")] != [True] * 3:
        raise ValueError(
            f"@optional(since={since!r}): name the version that introduced the method "
            'as "MAJOR.MINOR.PATCH", for instance "1.1.0"'
        )

    def mark(method: _F) -> _F:
        try:
            setattr(method, _MARK, since)
        except AttributeError:
            raise TypeError(
                f"@optional cannot mark a {type(method).__name__}; "
                "put it directly above the `def`, below @property"
            ) from None
        return method

    return mark


def optional_since(member: object) -> "str | None":
    """Give the version in which a protocol's member became optional, or None if it is required.

    Args:
        member: the raw member, as it lies in the protocol's ``__dict__``.
    """
    if isinstance(member, property):
        member = member.fget
    since = getattr(member, _MARK, None)
    return since if isinstance(since, str) else None
