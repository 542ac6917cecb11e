"""What stored times mean, in the forms in which people write times."""

from __future__ import annotations

import datetime
import re
import time
from contextlib import suppress
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

from ...subjects.audit import AuditSubject

__all__ = ["instants", "moment", "present"]

_UTC = datetime.timezone.utc
_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{8})"
    r"(?:[Tt ](?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?"
    r" ?(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)
_APACHE = "%d/%b/%Y:%H:%M:%S %z"


def moment(value: Any) -> Any:
    """Give what a stored time says: a datetime, a number since 1970, or None where it is no time.

    Takes datetimes, numbers, and texts: ISO 8601 as one finds it (any fraction, `+0000`, `UTC`),
    RFC 5322, as web servers log it, ctime's, and numbers as text.
    """
    if isinstance(value, str):
        return _from_text(value.strip())
    if isinstance(value, (datetime.datetime, int, float, Decimal)) and not isinstance(value, bool):
        return value
    return None


def instants(value: Any) -> list[float]:
    """Give the instants that a stored time can mean, as seconds since 1970.

    A number counts seconds, milliseconds, microseconds or nanoseconds, whichever gives this age. A
    time without a zone may be UTC or the machine's own.
    """
    said = moment(value)
    if isinstance(said, datetime.datetime):
        if said.tzinfo is not None:
            return [said.timestamp()]
        return [said.replace(tzinfo=_UTC).timestamp(), said.timestamp()]
    if said is None:
        return []
    for unit in (1, 10**3, 10**6, 10**9):
        if abs(said / unit) < 1e11:
            return [float(said / unit)]
    return []


def present(subject: AuditSubject) -> float:
    """Give the time that a subject's logger sees, as seconds since 1970."""
    if subject.has("clock"):
        return (instants(subject.probe("clock")()) or [time.time()])[0]
    return time.time()


def _from_text(text: str) -> Any:
    found = _ISO.fullmatch(text)
    if found:
        with suppress(ValueError):
            return _from_parts(found.groupdict())
    with suppress(ValueError):
        return float(text)
    with suppress(ValueError):
        return datetime.datetime.strptime(text, _APACHE)
    with suppress(ValueError, TypeError, IndexError):
        return parsedate_to_datetime(text)
    return None


def _from_parts(parts: dict[str, str | None]) -> datetime.datetime:
    date = (parts["date"] or "").replace("-", "")
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    return datetime.datetime(
        year=int(date[:4]),
        month=int(date[4:6]),
        day=int(date[6:]),
        hour=hour,
        minute=minute,
        second=second,
        microsecond=int(f"{parts['fraction'] or '':0<6}"[:6]),
        tzinfo=_zone(parts["zone"]),
    )


def _zone(text: str | None) -> datetime.timezone | None:
    if text is None or text[0] not in "+-":
        return None if text is None else _UTC
    digits = text[1:].replace(":", "")
    offset = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return datetime.timezone(offset if text[0] == "+" else -offset)
