"""Values as they come with a request: equal to the literals in a program, and not the same."""

from __future__ import annotations

from typing import Any

__all__ = ["received"]


def received(value: Any) -> Any:
    """Give a text as an object of its own, and anything else as it is.

    Python keeps one object for equal literals, so that who compares with ``is`` would be right
    here, and wrong in production.
    """
    return value[:1] + value[1:] if type(value) is str else value
