"""Whether two defaults are equal, as far as their text tells."""

from __future__ import annotations

import ast

from luminescent_cluster.contracts.shapes import Default
from luminescent_cluster.extensions._calls.equality import same_default, same_value
from luminescent_cluster.extensions._calls.model import UNKNOWN

__all__ = ["equal_defaults"]


def equal_defaults(wanted: Default, given: Default) -> bool:
    """Return True when omitting the argument means the same on both sides.

    Literals are compared as values (``1.0`` is ``1``), other expressions as text: what cannot be
    told apart from a change is a change. ``...`` on the wanted side stands for any default.
    """
    if wanted.text == "...":
        return True
    if wanted.value is not UNKNOWN and given.value is not UNKNOWN:
        same = same_default(wanted, given)
        return wanted.text == given.text if same is None else same
    if wanted.text == given.text:
        return True
    if wanted.literal and given.literal:
        try:
            return bool(same_value(ast.literal_eval(wanted.text), ast.literal_eval(given.text)))
        except (ValueError, SyntaxError):
            return False
    return _moved(wanted.text, given.text)


def _moved(one: str, other: str) -> bool:
    """Return True for one class's name that is written with another module before it."""
    if not (one.replace(".", "").isidentifier() and other.replace(".", "").isidentifier()):
        return False
    left, right = one.split("."), other.split(".")
    short, long = sorted((left, right), key=len)
    return len(short) < len(long) and long[-len(short) :] == short
