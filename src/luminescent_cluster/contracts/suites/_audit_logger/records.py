"""Stored records as the author's probe shows them, and what they say about an event."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from typing import Any

from ...engine.show import show
from ...subjects.audit import AuditSubject

__all__ = ["ABSENT", "Record", "flat", "parsed", "rendering", "says", "unmasked"]

ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "absent"})()
"""The value of a field that a record does not have."""

_NAMES = (
    "event_type", "actor", "resource", "action", "outcome", "severity", "message", "details",
)  # fmt: skip
_TIMES = (
    "timestamp", "time", "ts", "at", "when", "recorded_at", "created_at", "occurred_at",
    "event_time", "logged_at", "datetime", "@timestamp", "date",
)  # fmt: skip


_LEAVES = frozenset({str, int, float, bool, type(None)})


class Record:
    """One stored record, seen through the subject's ``fields``."""

    def __init__(self, raw: Any, subject: AuditSubject) -> None:
        self.raw = raw
        self._subject = subject
        self._parsed = parsed(raw)
        self._text: str | None = None

    def __repr__(self) -> str:
        return repr(self.raw)

    def field(self, name: str) -> Any:
        """Give the value of a field by the protocol's name, or ``ABSENT``."""
        found = self._subject.fields.get(name, name)
        if callable(found):
            try:
                return _plain(found(self.raw))
            except (LookupError, AttributeError, TypeError, ValueError):
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
        """Give everything that the record holds as one text, to look for marks in.

        What only ``fields`` or properties can read in it (an encoded line, a view) is held, too.
        """
        if self._text is None:
            self._text = flat(self._parsed)
            if self._subject.fields or not isinstance(self._parsed, (str, bytes, Mapping)):
                shown = (self.field(name) for name in _NAMES)
                self._text += "\n" + flat([value for value in shown if value is not ABSENT])
        return self._text


def parsed(raw: Any) -> Any:
    """Give what a record is as JSON says it, where it is a text of JSON."""
    if isinstance(raw, (str, bytes, bytearray)):
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            return raw
    return raw


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
        kind = type(part)
        if kind in _LEAVES:  # first, since asking for a Mapping takes ten times as long
            parts.append(part if kind is str else _shown(part))
        elif isinstance(part, str):
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


def rendering(text: str, subject: AuditSubject) -> Any:
    """Give how the subject says that a text is stored."""
    if not subject.has("renders"):
        return text
    try:
        return subject.probe("renders")(text)
    except Exception:  # what the author's function does not take is stored as it came
        return text


def says(text: str, phrase: str, subject: AuditSubject) -> bool:
    """Tell whether a record's text holds a whole value, as it came or as the subject renders it."""
    return phrase in text or str(rendering(phrase, subject)) in text


def unmasked(name: str, subject: AuditSubject) -> str:
    """Give a key for details that the subject does not mask."""
    while name.casefold() in subject.masks:
        name += "_"
    return name
