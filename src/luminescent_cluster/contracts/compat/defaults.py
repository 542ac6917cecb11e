"""Whether two defaults are equal, as far as their text tells."""

from __future__ import annotations

import ast
from dataclasses import MISSING

from luminescent_cluster.contracts.shapes import Default
from luminescent_cluster.extensions._calls.equality import same_default, same_value
from luminescent_cluster.extensions._calls.model import UNKNOWN
from luminescent_cluster.extensions._calls.spelling import dotted_name

from .constants import constant, is_named

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
    if (wanted.value is UNKNOWN) == (given.value is UNKNOWN):
        return False
    # An object shows itself by its repr, which spells out what the source may leave out.
    live, text = (given, wanted) if wanted.value is UNKNOWN else (wanted, given)
    return is_named(text.text, live.value) or _same_call(text.text, live.text, live.value)


def _same_call(written: str, shown: str, value: object) -> bool:
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
    keywords = {k.arg: ast.unparse(k.value) for k in one.keywords}
    left_out = set(list(named)[len(given) :]) - keywords.keys()
    return (
        given == places[: len(given)]
        and all(named.get(name, "") == text for name, text in keywords.items())
        and all(_as_declared(value, name) for name in left_out if name is not None)
    )


def _as_declared(record: object, name: str) -> bool:
    """Return True when a field of a record may have the value that its class gives it."""
    fields = getattr(type(record), "__dataclass_fields__", {})
    known = {f.name: f.default for f in fields.values() if f.default is not MISSING}
    declared = {**getattr(type(record), "_field_defaults", {}), **known}
    if name not in declared:
        return True
    return same_value(declared[name], getattr(record, name, UNKNOWN)) is not False


def _moved(one: str, other: str) -> bool:
    """Return True for one class's name that is written with another module before it."""
    if not (one.replace(".", "").isidentifier() and other.replace(".", "").isidentifier()):
        return False
    left, right = one.split("."), other.split(".")
    short, long = sorted((left, right), key=len)
    return len(short) < len(long) and long[-len(short) :] == short
