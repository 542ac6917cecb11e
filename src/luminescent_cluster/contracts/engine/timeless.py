"""Texts without the present time, which no two runs share."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

__all__ = ["timeless"]

_NEAR = timedelta(hours=27)  # local times of any zone, and a run that takes a while
_ISO = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{3,6})?")
_REPR = re.compile(r"\bdatetime\.datetime\((\d+(?:, \d+){2,6})")
_EPOCH = re.compile(r"(?<![\w.])1[5-9]\d{8}(?:\.\d+|\d{3}|\d{6}|\d{9})?(?![\w.]|\.\d)")
_FORM = "YYYY-MM-DDTHH:MM:SS.ffffff"


def timeless(text: str) -> str:
    """Give a text in which the present is told by its form: ``YYYY-MM-DDTHH:MM:SS``.

    Times of another day stay as they are: they come from an example, and are the same in every
    run. A time keeps its length, so that columns stay where they are.
    """
    text = _ISO.sub(_iso, text)
    text = _REPR.sub(_repr, text)
    return _EPOCH.sub(_epoch, text)


def _iso(found: re.Match[str]) -> str:
    try:
        when = datetime.fromisoformat(found[0].partition(".")[0])
    except ValueError:
        return found[0]
    return _FORM[: len(found[0])] if _is_present(when) else found[0]


def _repr(found: re.Match[str]) -> str:
    try:
        when = datetime(*map(int, found[1].split(", ")))  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return found[0]
    return "datetime.datetime(…" if _is_present(when) and when.second else found[0]


def _epoch(found: re.Match[str]) -> str:
    number = float(found[0])
    for unit in (1.0, 1e3, 1e6, 1e9):
        if number / unit < 1e11:
            when = datetime.fromtimestamp(number / unit, timezone.utc).replace(tzinfo=None)
            return "NOW" if _is_present(when) else found[0]
    return found[0]


def _is_present(when: datetime) -> bool:
    return abs(datetime.now(timezone.utc).replace(tzinfo=None) - when) < _NEAR
