"""Stored records as the author's probe shows them, and what they say about an event."""

from __future__ import annotations

import ast
import enum
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ...engine.show import show
from ...subjects.audit import AuditSubject

__all__ = ["ABSENT", "Record", "details_differ", "flat", "rendering", "unmasked"]

ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "absent"})()
"""The value of a field that a record does not have."""

_NAMES = (
    "event_type", "actor", "resource", "action", "outcome", "severity", "message", "details",
)  # fmt: skip
_TIMES = (
    "timestamp", "time", "ts", "at", "when", "recorded_at", "created_at", "occurred_at",
    "event_time", "logged_at", "datetime", "@timestamp", "date",
)  # fmt: skip

_LONGEST = 200_000  # characters that are read as a Python literal
_LARGE = 1_000  # characters from which on details may be cut
_CUT = re.compile(
    r"trunc|shorten|omitted|elided|too[ _-](large|long|big)|oversize|\bcut\b|clipped"
    r"|(\d|more) (more )?(bytes|chars)|\u2026|\.\.\.|sha256",
    re.IGNORECASE,
)
"""How records say that something was left out."""


class Record:
    """One stored record, seen through the subject's ``fields``."""

    def __init__(self, raw: Any, subject: AuditSubject) -> None:
        self.raw = raw
        self._subject = subject
        self._parsed = _parsed(raw)
        self._text: str | None = None

    def __repr__(self) -> str:
        return repr(self.raw)

    def field(self, name: str) -> Any:
        """Give the value of a field by the protocol's name, or ``ABSENT``."""
        found = self._subject.fields.get(name, name)
        if callable(found):
            try:
                return _plain(found(self.raw))
            except (LookupError, AttributeError, TypeError):
                return ABSENT
        return _plain(_at(self._parsed, found))

    def brief(self) -> str:
        """Give what the record says under the protocol's names, as text, without its time."""
        held = {name: self.field(name) for name in _NAMES}
        return show(
            {name: value for name, value in held.items() if value is not ABSENT} or self.raw
        )

    def time(self) -> Any:
        """Give the record's time, or ``ABSENT``."""
        if "timestamp" in self._subject.fields:
            return self.field("timestamp")
        for name in _TIMES:
            value = _at(self._parsed, name)
            if value is not ABSENT:
                return value
        return ABSENT

    def text(self) -> str:
        """Give everything that the record holds as one text, to look for marks in."""
        if self._text is None:
            self._text = flat(self._parsed)
        return self._text


def _parsed(raw: Any) -> Any:
    if isinstance(raw, (str, bytes, bytearray)):
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            return raw
    return raw


def _read_back(text: str) -> Any:
    """Give details that are stored as text: JSON, or Python's own way to write them."""
    found = _parsed(text)
    if isinstance(found, str) and text[:1] in "{[(" and len(text) < _LONGEST:
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text
    return found


def _at(record: Any, path: str) -> Any:
    if isinstance(record, Mapping) and path in record:
        return record[path]
    value = record
    for name in path.split("."):
        if isinstance(value, Mapping):
            if name not in value:
                return ABSENT
            value = value[name]
        else:
            value = getattr(value, name, ABSENT)
            if value is ABSENT:
                return ABSENT
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "surrogateescape")
    return value


def flat(value: Any) -> str:
    """Give every text and number inside a value, at every depth, joined.

    An object at the top shows its attributes, further inside its repr.
    """
    parts: list[str] = []
    pending: list[Any] = [_attributes(value)]
    seen: set[int] = set()
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, (bytes, bytearray)):
            parts.append(bytes(part).decode("utf-8", "surrogateescape"))
        elif isinstance(part, (Mapping, list, tuple, set, frozenset)):
            if id(part) not in seen:
                seen.add(id(part))
                items = list(part.items()) if isinstance(part, Mapping) else list(part)
                pending += (
                    [x for pair in items for x in pair] if isinstance(part, Mapping) else (items)
                )
        else:
            parts.append(_shown(part))
    return "\n".join(parts)


def _attributes(value: Any) -> Any:
    if isinstance(value, (str, bytes, bytearray, Mapping, list, tuple, int, float, type(None))):
        return value
    state = getattr(value, "__dict__", None)
    slots = getattr(type(value), "__slots__", ())
    names = [slots] if isinstance(slots, str) else list(slots)
    return {**(state or {}), **{name: getattr(value, name, None) for name in names}} or value


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except Exception:
        return type(value).__name__


def details_differ(
    given: Any, stored: Any, subject: AuditSubject, marks: Callable[[str], bool]
) -> str | None:
    """Say how stored details differ from those given, or None where they say the same.

    What JSON makes equal is equal: tuples and lists, keys of str and of other plain types, None
    and `{}` for no details at all. Masked values are not compared, rendered texts are compared as
    rendered. The store may add keys of its own at the top, and cut what is huge, with a remark.

    Args:
        given: what the caller passed.
        stored: what the record holds.
        subject: declares masks and renderings.
        marks: tells whether a text carries the mark of another event.
    """
    if len(repr(given)) > _LARGE and _CUT.search(flat(stored)):
        return None  # what is huge may be cut, where the record says so
    if isinstance(stored, str):
        stored = _read_back(stored)
    if stored is None or stored is ABSENT or stored == "":
        stored = {}
    wanted = {} if given is None else given
    if not isinstance(stored, Mapping):
        return f"details are {stored!r}"
    for key, value in stored.items():
        if not any(_same_text(str(name), str(key), subject) for name in wanted) and marks(
            flat({key: value})
        ):
            return f"details hold {key!r}, which belongs to another event"
    return _differ(wanted, stored, subject, "details", extra=True)


def _differ(
    given: Any, stored: Any, subject: AuditSubject, where: str, *, extra: bool = False
) -> str | None:
    if isinstance(given, Mapping):
        if not isinstance(stored, Mapping):
            return f"{where} is {stored!r}"
        found = {str(key): value for key, value in stored.items()}
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


def _numbers(given: Any, stored: Any) -> bool:
    if isinstance(given, bool) or isinstance(stored, bool):
        return False
    return isinstance(given, (int, float)) and isinstance(stored, (int, float)) and given == stored


def _key(key: str, found: Mapping[str, Any], subject: AuditSubject) -> str | None:
    if key in found:
        return key
    return next((name for name in found if _same_text(key, name, subject)), None)


def _same_text(given: str, stored: str, subject: AuditSubject) -> bool:
    return stored == given or (subject.has("renders") and stored == rendering(given, subject))


def rendering(text: str, subject: AuditSubject) -> Any:
    """Give how the subject says that a text is stored."""
    if not subject.has("renders"):
        return text
    try:
        return subject.probe("renders")(text)
    except Exception:  # what the author's function does not take is stored as it came
        return text


def unmasked(name: str, subject: AuditSubject) -> str:
    """Give a key for details that the subject does not mask."""
    while name.casefold() in subject.masks:
        name += "_"
    return name
