"""Whether stored details say what the caller passed, however they are written down."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import Any

from ...engine.show import show
from ...subjects.audit import AuditSubject
from .records import ABSENT, flat, parsed, rendering
from .spellings import untold

__all__ = ["details_differ", "says_it_was_cut"]

_LONGEST = 200_000  # characters that are read as a Python literal
_LARGE = 1_000  # characters from which on details may be cut
_CUT = re.compile(
    r"trunc|shorten|omitted|elided|too[ _-](large|long|big)|oversize|\bcut\b|clipped"
    r"|(\d|more) (more )?(bytes|chars)|\u2026|\.\.\.|sha256",
    re.IGNORECASE,
)
"""How records say that something was left out."""


def says_it_was_cut(stored: Any) -> bool:
    """Tell whether something stored remarks that a part of it was left out."""
    return bool(_CUT.search(flat(stored)))


def details_differ(
    given: Any, stored: Any, subject: AuditSubject, marks: Callable[[str], bool]
) -> str | None:
    """Say how stored details differ from those given, or None where they say the same.

    What JSON makes equal is equal: tuples and lists, keys of str and of other plain types, None
    and `{}` for no details at all. Masked values are not compared, rendered texts are compared as
    rendered. A mapping may be stored as its pairs, and details as a text: what can read it back
    compares, of what nothing can every key and value has to be in it. The store may add keys of
    its own at the top, and cut what is huge, with a remark.

    Args:
        given: what the caller passed.
        stored: what the record holds.
        subject: declares masks and renderings.
        marks: tells whether a text carries the mark of another event.
    """
    if len(repr(given)) > _LARGE and says_it_was_cut(stored):
        return None  # what is huge may be cut, where the record says so
    if isinstance(stored, str):
        stored = _read_back(stored)
    if stored is None or stored is ABSENT or stored == "":
        stored = {}
    wanted = {} if given is None else given
    if isinstance(stored, str):
        if marks(stored):
            return f"details are {show(stored)}, which belongs to another event"
        lacking = untold(wanted, stored, subject)
        return None if lacking is None else f"details are {show(stored)}, without {lacking}"
    held = _mapping(stored)
    if held is None:
        return f"details are {show(stored)}"
    names = {str(name) for name in wanted}
    if subject.has("renders"):
        names |= {str(rendering(name, subject)) for name in names}
    for key, value in held.items():
        if str(key) not in names and marks(flat({key: value})):
            return f"details hold {key!r}, which belongs to another event"
    return _differ(wanted, held, subject, "details", extra=True)


def _differ(
    given: Any, stored: Any, subject: AuditSubject, where: str, *, extra: bool = False
) -> str | None:
    if isinstance(given, Mapping):
        held = _mapping(stored)
        if held is None:
            return f"{where} is {stored!r}"
        found = {str(key): value for key, value in held.items()}
        seen = set()
        for key, value in given.items():
            name = _key(str(key), found, subject)
            if str(key).casefold() in subject.masks:
                seen.add(name)
                continue
            if name is None:
                return f"{where} lacks {str(key)!r}"
            seen.add(name)
            fault = _differ(value, found[name], subject, f"{where}[{str(key)!r}]")
            if fault:
                return fault
        more = [name for name in found if name not in seen]
        return None if extra or not more else f"{where} also holds {more[0]!r}"
    if isinstance(given, (list, tuple)):
        if not isinstance(stored, (list, tuple)) or len(stored) != len(given):
            return f"{where} is {stored!r}"
        for index, (one, two) in enumerate(zip(given, stored, strict=True)):
            fault = _differ(one, two, subject, f"{where}[{index}]")
            if fault:
                return fault
        return None
    if isinstance(given, str):
        same = isinstance(stored, str) and _same_text(given, stored, subject)
    else:
        same = (type(given) is type(stored) and given == stored) or _numbers(given, stored)
    return None if same else f"{where} is {stored!r}"


def _mapping(stored: Any) -> Mapping[Any, Any] | None:
    """Give what is stored as a mapping: one, or the pairs of one."""
    if isinstance(stored, Mapping):
        return stored
    if isinstance(stored, (list, tuple, set, frozenset)):
        pairs = [tuple(item) for item in stored if isinstance(item, (list, tuple))]
        if len(pairs) == len(stored) and all(len(p) == 2 and _is_key(p[0]) for p in pairs):
            return dict(pairs)
    return None


def _is_key(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float))


def _numbers(given: Any, stored: Any) -> bool:
    if isinstance(given, bool) or isinstance(stored, bool):
        return False
    return isinstance(given, (int, float)) and isinstance(stored, (int, float)) and given == stored


def _key(key: str, found: Mapping[str, Any], subject: AuditSubject) -> str | None:
    rendered = key if key in found else rendering(key, subject)
    return rendered if isinstance(rendered, str) and rendered in found else None


def _same_text(given: str, stored: str, subject: AuditSubject) -> bool:
    return stored == given or (subject.has("renders") and stored == rendering(given, subject))


def _read_back(text: str) -> Any:
    """Give details that are stored as text: JSON, or Python's own way to write them."""
    found = parsed(text)
    if isinstance(found, str) and (text[:1] in "{[(" or text == "None") and len(text) < _LONGEST:
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text
    return found
