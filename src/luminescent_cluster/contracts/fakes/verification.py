"""Checking stored records against their chain and their anchor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .chain import START, Head, Stored, link

__all__ = ["Verification", "verify"]

_MOST_PROBLEMS = 20


@dataclass(frozen=True)
class Verification:
    """What a check of the log found. True in a condition exactly when nothing is wrong."""

    records: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the log is as it was written."""
        return not self.problems

    def __bool__(self) -> bool:
        return self.ok


def verify(records: Sequence[Stored], anchored: Head, key: bytes | None) -> Verification:
    """Check `records`, in stored order, against their chain and the anchored head.

    Records after the anchored head are in order: a process may die between storing an event and
    moving the anchor.
    """
    problems: list[str] = []
    head = START
    anchor_met = anchored.count == 0
    for record in records:
        expected = link(head, record.body, key)
        if record.sequence != expected.count:
            problems.append(f"record {record.sequence} stands where {expected.count} belongs")
        elif record.digest != expected.digest:
            problems.append(f"record {record.sequence} is not what was stored, or what precedes it")
        # go on from what is stored, so that one change is reported once and not for all that follow
        head = Head(record.sequence, record.digest)
        if record.sequence == anchored.count:
            anchor_met = True
            if record.digest != anchored.digest:
                problems.append(f"record {record.sequence} is not the one that was anchored")
        if len(problems) >= _MOST_PROBLEMS:
            problems.append("and perhaps more")
            return Verification(len(records), tuple(problems))
    if not anchor_met:
        problems.append(f"the log ends at {head.count}, but {anchored.count} records were anchored")
    return Verification(len(records), tuple(problems))
