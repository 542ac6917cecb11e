"""Whether two defaults are equal, as far as their text tells."""

from __future__ import annotations

import ast

from luminescent_cluster.contracts.shapes import Default
from luminescent_cluster.extensions._calls.equality import same_default, same_value
from luminescent_cluster.extensions._calls.hints import dotted_name
from luminescent_cluster.extensions._calls.model import UNKNOWN

from .constants import constant

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
    if _moved(wanted.text, given.text):
        return True
    left, right = constant(wanted.text), constant(given.text)
    if left is not UNKNOWN and right is not UNKNOWN:
        return bool(same_value(left, right))
    live = [default for default in (wanted, given) if default.value is not UNKNOWN]
    # An object shows itself by its repr, which spells out what the source may leave to position.
    return len(live) == 1 and _same_call(*sorted((wanted.text, given.text), key=len))


def _same_call(written: str, shown: str) -> bool:
    """Return True when ``Limit(1)`` may be what is shown as ``Limit(per_day=1, burst=5)``."""
    try:
        one, other = (ast.parse(text, mode="eval").body for text in (written, shown))
    except SyntaxError:
        return False
    if not isinstance(one, ast.Call) or not isinstance(other, ast.Call):
        return False
    if (dotted_name(one.func) or "?").split(".")[-1] != (dotted_name(other.func) or "").split(".")[
        -1
    ]:
        return False
    named = {k.arg: ast.unparse(k.value) for k in other.keywords}
    places = [*(ast.unparse(a) for a in other.args), *named.values()]
    given = [ast.unparse(a) for a in one.args]
    return given == places[: len(given)] and all(
        named.get(k.arg, "") == ast.unparse(k.value) for k in one.keywords
    )


def _moved(one: str, other: str) -> bool:
    """Return True for one class's name that is written with another module before it."""
    if not (one.replace(".", "").isidentifier() and other.replace(".", "").isidentifier()):
        return False
    left, right = one.split("."), other.split(".")
    short, long = sorted((left, right), key=len)
    return len(short) < len(long) and long[-len(short) :] == short
