"""How one result is told as the outcome of a test."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ..clauses import Level, Result, Status, Waiver
from .plan import Planned

__all__ = ["Telling", "carried", "reason_of", "tell", "waiver_for"]


class Telling(NamedTuple):
    """What a test runner should say about a result.

    Attributes:
        outcome: ``"passed"``, ``"failed"``, ``"skipped"`` or ``"tolerated"`` (a known failure).
        text: the whole message.
        brief: one line of it.
    """

    outcome: Literal["passed", "failed", "skipped", "tolerated"]
    text: str
    brief: str


def waiver_for(result: Result, waivers: Sequence[Waiver], today: datetime.date) -> Waiver | None:
    """Give the waiver that tolerates a failure, or None."""
    if result.status is not Status.FAILED:
        return None
    for waiver in waivers:
        if waiver.covers(result) and waiver.expires >= today:
            return waiver
    return None


def tell(result: Result, text: str, waiver: Waiver | None, *, strict: bool) -> Telling:
    """Decide how a result is told.

    Only a clause that passed is ever told as passed. A failed SHOULD is tolerated, unless strict.

    Args:
        result: the clause's.
        text: the clause's sentence.
        waiver: what tolerates it, or None.
        strict: whether a SHOULD weighs as a MUST.
    """
    weighs = strict or result.level is Level.MUST
    notes = "".join(f"\n  note: {note}" for note in result.notes)
    head = f"{result.clause_id} {result.level.value}  {text}"
    first = (result.evidence or (result.message,))[0].partition("\n")[0]
    if result.status is Status.PASSED:
        return Telling("passed", "", "")
    if result.status is Status.FAILED:
        if waiver is not None:
            brief = f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason}"
            return Telling("tolerated", result.message + notes, brief)
        if not weighs:
            return Telling("tolerated", result.message + notes, f"SHOULD not met: {first}")
        return Telling("failed", result.message + notes, first)
    if result.status in (Status.UNVERIFIED, Status.EXCUSED):
        return Telling("skipped", result.message, f"{result.status.value}: {first}")
    body = "\n".join(f"  {line}" for line in result.message.splitlines())
    whole = f"{head}\n  {result.status.value}:\n{body}{notes}"
    brief = f"{result.status.value}: {first}"
    if result.status is Status.INCONCLUSIVE and not weighs:
        return Telling("skipped", result.message, brief)
    return Telling("failed", whole, "kit " + brief if result.status is Status.ERROR else brief)


def reason_of(longrepr: Any, outcome: str, xfail: str | None) -> str:
    """Say in one line why a test was skipped, expected to fail, or failed.

    Args:
        longrepr: what the runner shows: a ``(file, line, reason)`` of a skip, a text, or an object
            with a ``reprcrash``.
        outcome: ``"skipped"`` or ``"failed"``.
        xfail: the reason of an xfail mark, where that is why.
    """
    if xfail is not None:
        return f"marked xfail ({xfail}), which waives nothing; write a waiver"
    if isinstance(longrepr, tuple) and len(longrepr) == 3:
        return f"skipped ({str(longrepr[2]).removeprefix('Skipped: ')})"
    crash = getattr(longrepr, "reprcrash", None)
    text = getattr(crash, "message", None) or str(longrepr)
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    return (lines[0] if crash is not None else lines[-1])[:300] if lines else outcome


def carried(
    planned: Planned,
    clause: str,
    result: Result | None,
    when: str | None,
    outcome: str,
    reason: str,
    telling: Telling | None,
) -> dict[str, Any]:
    """Give what the report of one phase of one item tells the ledger, as JSON-able data.

    Args:
        planned: the item's binding.
        clause: its clause.
        result: the clause's result, where this phase had one.
        when: ``"setup"``, ``"call"`` or ``"teardown"``.
        outcome: what the report says in the end.
        reason: why, where it did not pass.
        telling: how the result is told.
    """
    data: dict[str, Any] = {"key": planned.key, "clause": clause}
    if result is not None:
        data["result"] = plain(result.to_json())
        data["told"] = outcome == "failed"
        if outcome == "failed" and telling is not None and telling.outcome != "failed":
            data["trouble"] = (
                f"{clause} of {planned.name} came out as {result.status.value}, but its test "
                f"failed: {reason}"
            )
    elif outcome != "passed" and when == "teardown":
        data["trouble"] = f"the teardown after {clause} of {planned.name} failed: {reason}"
    elif outcome != "passed":
        verb = "" if outcome == "skipped" else f"its {when} failed: "
        data["absence"] = verb + reason
        data["told"] = outcome == "failed"
    return plain(data)  # type: ignore[no-any-return]


def plain(value: Any) -> Any:
    """Give data that every transport carries: JSON types only, and no lone surrogates."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(inner) for inner in value]
    return plain(repr(value))
