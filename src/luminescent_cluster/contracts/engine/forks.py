"""Whether this process is a copy that the author's code forked and let come back."""

from __future__ import annotations

import os

from .originals import real_exit

__all__ = ["forks", "leave_if_forked"]

_forks = 0


def _count() -> None:
    global _forks
    _forks += 1


if hasattr(os, "register_at_fork"):  # elsewhere nothing forks
    os.register_at_fork(after_in_child=_count)


def forks() -> int:
    """Give how many forks this process is away from the one that imported the kit.

    Asked twice for every call, where the process's id would be two calls of the system.
    """
    return _forks


def leave_if_forked(before: int) -> None:
    """End this process where it is a copy, made since :func:`forks` gave ``before``.

    The copy would run the rest of the clauses as well, forking again at every call.
    """
    if _forks != before:
        real_exit(0)
