"""Audit loggers that are right, and write details and times in forms of their own."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from .audit_base import Logger, probed

__all__ = ["RENDERINGS"]

RENDERINGS: dict[str, Callable[[], Any]] = {}
"""Factories by name."""


def _writes(name: str, form: Callable[[Any], Any]) -> None:
    def store(self: Logger, record: dict) -> None:
        Logger.store(self, {**record, "details": form(record["details"])})

    kind = type(name, (Logger,), {"store": store})
    RENDERINGS[name] = lambda: probed(kind())


def _pairs(value: Any) -> Any:
    if isinstance(value, dict):
        return [[key, _pairs(inner)] for key, inner in value.items()]
    return [_pairs(inner) for inner in value] if isinstance(value, list) else value


def _indented(value: Any, depth: int = 0) -> str:
    """Write a value as YAML does, but for its finer points."""
    if not value or not isinstance(value, (dict, list)):
        return f" {json.dumps(value, ensure_ascii=False)}"
    items = value.items() if isinstance(value, dict) else (("-", inner) for inner in value)
    return "".join(f"\n{'  ' * depth}{key}:{_indented(inner, depth + 1)}" for key, inner in items)


_writes("details_as_pairs", _pairs)
_writes("details_as_yaml", _indented)
_writes("details_as_repr_or_none", lambda details: repr(details or None))
_writes(
    "details_as_key_value",
    lambda details: " ".join(f"{key}={value!r}" for key, value in details.items()) or "-",
)


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii").replace('"', "\\x22")


class EscapedLines(Logger):
    """Details are a text of JSON, and each text is escaped to fit into a line."""

    def store(self, record: dict) -> None:
        texts = {**record, "details": json.dumps(record["details"])}
        at = texts.pop("timestamp")
        super().store({"timestamp": at, **{name: _escaped(text) for name, text in texts.items()}})


def _quoted(value: Any) -> Any:
    if isinstance(value, dict):
        return {_quoted(key): _quoted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_quoted(inner) for inner in value]
    return quote(value, safe="", errors="surrogatepass") if isinstance(value, str) else value


class QuotedTexts(Logger):
    """Every text, blanks included, is quoted as in a URL."""

    def write(self, record: dict) -> None:
        super().write(_quoted(record))


def quoted_texts() -> Any:
    return probed(QuotedTexts(), renders=_quoted)


RENDERINGS["quoted_texts"] = quoted_texts


def escaped_lines() -> Any:
    return probed(EscapedLines(), renders=_escaped)


RENDERINGS["escaped_lines"] = escaped_lines


_NAMES = (
    "event_type", "actor", "resource", "action", "outcome", "severity", "message", "details",
    "timestamp",
)  # fmt: skip


class View:
    """A record that is taken apart as somebody asks."""

    __slots__ = ("_line",)

    def __init__(self, line: bytes) -> None:
        self._line = line

    def __getitem__(self, name: str) -> Any:
        return json.loads(base64.b64decode(self._line))[name]


def _get(name: str) -> Callable[[View], Any]:
    def get(view: View) -> Any:
        try:
            return view[name]
        except KeyError as error:
            raise AttributeError(name) from error

    return get


for _name in _NAMES:
    setattr(View, _name, property(_get(_name)))


class EncodedLines(Logger):
    """No text of an event stands in its line."""

    def store(self, record: dict) -> None:
        super().store(record)
        self.lines[-1] = base64.b64encode(self.lines[-1].encode()).decode()

    def recorded(self) -> list[Any]:
        return list(self.lines)


def encoded_lines() -> Any:
    return probed(EncodedLines(), fields={name: partial(_decoded, name) for name in _NAMES})


def _decoded(name: str, line: Any) -> Any:
    return View(line)[name]


def views() -> Any:
    logger = EncodedLines()
    return probed(logger, recorded=lambda: [View(line) for line in logger.lines])


RENDERINGS.update(encoded_lines=encoded_lines, views=views)


def _stamps(name: str, form: Callable[[datetime], Any], resolution: float) -> None:
    def now(self: Logger) -> Any:
        return form(datetime.fromisoformat(Logger.now(self)))

    kind = type(name, (Logger,), {"now": now})
    RENDERINGS[name] = lambda: probed(kind(), resolution=resolution)


_stamps("times_of_mail", format_datetime, 1)
_stamps("times_of_web_servers", lambda at: at.strftime("%d/%b/%Y:%H:%M:%S %z"), 1)
_stamps("times_of_logging", lambda at: f"{at:%Y-%m-%d %H:%M:%S,%f}Z", 0.001)
_stamps("times_without_colons", lambda at: at.strftime("%Y%m%dT%H%M%S.%f%z"), 0.001)
_stamps("times_in_words", lambda at: at.strftime("%Y-%m-%d %H:%M:%S UTC"), 1)
_stamps("times_in_nanoseconds", lambda at: int(at.timestamp() * 10**9), 0.001)
