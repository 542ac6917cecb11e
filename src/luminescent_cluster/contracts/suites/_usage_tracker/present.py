"""The present, told in words that hold whenever a report is read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from ...engine.case import Case

__all__ = ["tell_near", "this_hour", "today"]

_HOUR = "HOUR = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)"


def this_hour(case: Case) -> datetime:
    """Give the beginning of the hour, and say in the history what it is called."""
    case.history.append(f"# {_HOUR}")
    return datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)


def today() -> datetime:
    """Give the beginning of the day in UTC; evidence calls it TODAY."""
    return datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)


def tell_near(case: Case, when: datetime, start: datetime, name: str = "HOUR") -> None:
    """Let evidence show an instant by its distance from the present, wherever it is shown.

    So the same seed tells the same tomorrow, and what is told can be tried tomorrow.

    Args:
        case: the clause under way.
        when: the instant, in any zone; a naive one is in UTC.
        start: what it is told by: the beginning of the hour or the day.
        name: how that is called.
    """
    utc = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
    hours = (utc - start) / timedelta(hours=1)
    length = f"hours={hours:g}" if hours % 24 else f"days={hours / 24:g}"
    code = f"({name} + timedelta({length}))" if hours else name
    text = f"{name} {hours:+g} h"
    if when.tzinfo is None:
        code, text = f"{code}.replace(tzinfo=None)", f"{text} (naive)"
    elif when.tzinfo is not timezone.utc:
        zone = repr(when.tzinfo).replace("datetime.", "")
        code, text = f"{code}.astimezone({zone})", f"{text} ({zone})"
    case.tell(re.escape(repr(when)) + r"(?!\w)", code)
    case.tell(re.escape(when.isoformat()) + r"(?![\d:+.])", text)
