"""What a text of unknown syntax (YAML, XML, key=value) says of details."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from ...engine.show import show
from ...subjects.audit import AuditSubject
from .records import rendering

__all__ = ["untold"]

_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: json.dumps(text)[1:-1],
    lambda text: repr(text)[1:-1],
    lambda text: text.encode("unicode_escape").decode("ascii"),
    html.escape,
    lambda text: quote(text, errors="surrogatepass"),
    lambda text: quote_plus(text, errors="surrogatepass"),
)


def untold(given: Any, text: str, subject: AuditSubject) -> str | None:
    """Say which key or value of details does not stand in a text; None where all do.

    Lines may be wrapped, and what is written the same in many ways (True, None) is not looked for.

    Args:
        given: what the caller passed.
        text: what is stored.
        subject: declares masks and renderings.
    """
    line = _line(text)
    pending = [given]
    while pending:
        value = pending.pop()
        if isinstance(value, Mapping):
            for key, inner in value.items():
                if not _stands(str(key), line, subject):
                    return f"the key {show(key)}"
                if str(key).casefold() not in subject.masks:
                    pending.append(inner)
        elif isinstance(value, (list, tuple)):
            pending += value
        elif not isinstance(value, (bool, type(None))) and not _stands(str(value), line, subject):
            return show(value)
    return None


def _stands(word: str, line: str, subject: AuditSubject) -> bool:
    spelled = [spell(word) for spell in _SPELLINGS]
    spelled += [str(rendering(text, subject)) for text in spelled]  # of details, then of the line
    return any(_line(text) in line for text in spelled)


def _line(text: str) -> str:
    return " ".join(text.split())
