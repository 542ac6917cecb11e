"""Keys of live TypedDicts."""

from __future__ import annotations

import typing
from typing import Any

from luminescent_cluster.contracts.shapes.typed_dicts import is_typed_dict
from luminescent_cluster.extensions._calls.reflection import own_annotations

__all__ = ["bare", "required_keys", "wrapped"]


def wrapped(hint: Any, name: str) -> bool:
    """Return True for a hint inside of ``Required``, ``NotRequired`` or ``ReadOnly``."""
    while (found := getattr(typing.get_origin(hint), "_name", "")) in _WRAPPERS:
        if found == name:
            return True
        hint = typing.get_args(hint)[0]
    return False


_WRAPPERS = ("Required", "NotRequired", "ReadOnly")


def bare(hint: Any) -> Any:
    """Return the hint without what says how its key is there."""
    while getattr(typing.get_origin(hint), "_name", "") in _WRAPPERS:
        hint = typing.get_args(hint)[0]
    return hint


def required_keys(owner: Any, hints: dict[str, Any]) -> set[str]:
    """Return the keys that must be there.

    ``_required_keys__`` is wrong where annotations are strings (``from __future__``), so each
    class of the TypedDict is asked for its own keys.
    """
    found: set[str] = set()
    for base in getattr(owner, "__orig_bases__", ()):
        if is_typed_dict(base):
            found |= required_keys(base, hints)
    for name in own_annotations(owner):
        if name not in hints or name in found or _inherited(owner, name):
            continue
        if wrapped(hints[name], "Required") or (
            owner.__total__ and not wrapped(hints[name], "NotRequired")
        ):
            found.add(name)
    return found


def _inherited(owner: Any, name: str) -> bool:
    bases = getattr(owner, "__orig_bases__", ())
    return any(is_typed_dict(b) and name in own_annotations(b) for b in bases)
