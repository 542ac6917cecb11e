"""The keys of a TypedDict, as type checkers see them."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Key:
    """One key: whether it must be there, whether it may be written, and its hint."""

    required: bool
    read_only: bool
    hint: Any


def is_typed_dict(hint: Any) -> bool:
    """Return True for a TypedDict class, that of ``typing_extensions`` included."""
    return isinstance(hint, type) and hasattr(hint, "__required_keys__")


def typed_dict_keys(hint: Any) -> dict[str, Key] | None:
    """Return the keys of a TypedDict, None where its hints cannot be resolved."""
    try:
        hints = typing.get_type_hints(hint, include_extras=True)
    except Exception:  # names that are not there; whatever somebody's hint may raise
        return None
    return {name: _key(part, name in hint.__required_keys__) for name, part in hints.items()}


def _key(hint: Any, required: bool) -> Key:
    read_only = False
    for _ in range(4):
        wrapper = getattr(typing.get_origin(hint), "_name", "")
        if wrapper in ("Required", "NotRequired"):
            # With quoted hints the class itself does not see them.
            required = wrapper == "Required"
        elif wrapper == "ReadOnly":
            read_only = True
        else:
            break
        hint = typing.get_args(hint)[0]
    return Key(required, read_only, hint)
