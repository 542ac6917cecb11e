"""Known failures that somebody answers for until a date. Strict: a stale waiver is an error."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .model import Status
from .result import Result

__all__ = ["Waiver", "WaiverError", "apply_waivers", "check_waivers", "parse_waiver"]


class WaiverError(ValueError):
    """A waiver that cannot stand; the message names it, the cause and the remedy."""


@dataclass(frozen=True)
class Waiver:
    """A known failure of one clause, with a reason, an owner and an end.

    Attributes:
        clause: clause id.
        reason: why it is tolerated.
        owner: who answers for it.
        expires: last day on which it holds.
        extension: the binding it is for; empty for every binding.
        link: where it is tracked.
        place: where it is written down, for messages; empty where nobody says.
    """

    clause: str
    reason: str
    owner: str
    expires: datetime.date
    extension: str = ""
    link: str = ""
    place: str = dataclasses.field(default="", compare=False)

    @property
    def label(self) -> str:
        """How messages name it."""
        where = f"{self.place}: " if self.place else ""
        whose = f" of {self.extension}" if self.extension else ""
        return f"{where}waiver for {self.clause}{whose}"

    def covers(self, result: Result) -> bool:
        """Tell whether a result is of this waiver's clause and extension.

        The extension may be named in full (``"test_b.py::audit[sqlite]"``), without the file, or
        without the parameters.
        """
        last = result.subject.rpartition("::")[2]
        names = ("", result.subject, last, last.partition("[")[0])
        return self.clause == result.clause_id and self.extension in names


def parse_waiver(table: Mapping[str, Any], place: str) -> Waiver:
    """Read one ``[[tool.luminescent.contracts.waivers]]`` table.

    Args:
        table: the table's keys and values; ``expires`` a date, or a string ``YYYY-MM-DD``.
        place: where it stands, for messages.

    Raises:
        WaiverError: a key is missing, unknown, empty or of the wrong type.
    """
    required = ("clause", "reason", "owner", "expires")
    known = tuple(field.name for field in dataclasses.fields(Waiver) if field.compare)
    for key in table:
        if key not in known:
            raise WaiverError(f"{place}: unknown key {key!r}; a waiver has {', '.join(known)}")
    for key in required:
        if key not in table:
            raise WaiverError(f"{place}: no {key!r}; a waiver needs {', '.join(required)}")
    values = dict(table)
    expires = values["expires"]
    if isinstance(expires, str):
        try:
            expires = datetime.date.fromisoformat(expires)
        except ValueError:
            expires = None
    if isinstance(expires, datetime.datetime):
        expires = expires.date()
    if not isinstance(expires, datetime.date):
        raise WaiverError(
            f"{place}: expires = {table['expires']!r} is not a date; write expires = 2027-03-31"
        )
    values["expires"] = expires
    for key, value in values.items():
        if key != "expires" and (not isinstance(value, str) or not value.strip()):
            raise WaiverError(f"{place}: {key} = {value!r} must be a text that is not empty")
    return Waiver(**values)


def check_waivers(
    waivers: Sequence[Waiver],
    known: Collection[str],
    subjects: Collection[str] | None,
    today: datetime.date,
) -> list[str]:
    """Find what is wrong with waivers before anything runs.

    Args:
        waivers: what the project declares.
        known: every clause id there is.
        subjects: every binding's name, or None where they are not known yet.
        today: the date that expiry is measured against.

    Returns:
        One message for each fault: an unknown clause or extension, an expiry in the past, two
        waivers for the same thing.
    """
    problems = []
    seen = set()
    for waiver in waivers:
        key = (waiver.clause, waiver.extension)
        if key in seen:
            problems.append(f"{waiver.label} stands twice; keep one")
        seen.add(key)
        if waiver.clause not in known:
            problems.append(
                f"{waiver.label}: there is no such clause; `luminescent-contracts clauses` lists "
                "them"
            )
        if subjects is not None and waiver.extension and waiver.extension not in subjects:
            there = ", ".join(sorted(subjects)) or "none"
            problems.append(f"{waiver.label}: no such binding; there are {there}")
        if waiver.expires < today:
            problems.append(
                f"{waiver.label} expired on {waiver.expires} (owner: {waiver.owner}; reason: "
                f"{waiver.reason}); fix the extension and delete the waiver, or renew its date"
            )
    return problems


def apply_waivers(
    results: Iterable[Result], waivers: Sequence[Waiver], today: datetime.date
) -> tuple[list[Result], list[str]]:
    """Turn waived failures into status ``waived``, and find waivers that no longer hold.

    Args:
        results: what ran.
        waivers: what the project declares; expired ones waive nothing.
        today: the date that expiry is measured against.

    Returns:
        The results, and a message for each waiver whose clause passed, or that matched no clause
        that ran or was deselected.
    """
    waived, problems = [], []
    matched: dict[Waiver, set[Status]] = {}
    for result in results:
        outcome = result
        for waiver in waivers:
            if not waiver.covers(result):
                continue
            matched.setdefault(waiver, set()).add(result.status)
            if result.status is Status.FAILED and waiver.expires >= today:
                outcome = dataclasses.replace(
                    result,
                    status=Status.WAIVED,
                    message=f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason}\n"
                    + result.message,
                )
        waived.append(outcome)
    for waiver in waivers:
        statuses = matched.get(waiver)
        if not statuses:
            problems.append(f"{waiver.label} matches nothing that was run; delete it")
        elif Status.PASSED in statuses and Status.FAILED not in statuses:
            problems.append(
                f"{waiver.label}: the clause passes now; delete the waiver, so that it cannot hide "
                "the next failure"
            )
    return waived, problems
