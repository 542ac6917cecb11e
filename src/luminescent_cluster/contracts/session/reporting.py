"""Between one item's result and what its test report says and carries to the controller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..clauses import Result
from .job import Job
from .wording import Telling

__all__ = ["dress", "plain", "reason_of"]


def dress(
    report: Any,
    job: Job,
    result: Result | None,
    telling: Telling | None,
    *,
    ours: bool,
    long: Callable[[Telling], Any],
) -> dict[str, Any]:
    """Let a test report say what the clause's result says, whatever marks and plugins made of it.

    An xfail mark waives nothing. What fails a test whose clause passed (a strict xpass, an
    exception in a thread under ``-W error``) stays, and is trouble.

    Args:
        report: pytest's report of one phase of the item; changed.
        job: the item's.
        result: the clause's result, where this phase had one.
        telling: how that is to be told.
        ours: whether nothing but the clause itself raised.
        long: makes what pytest shows.

    Returns:
        What the report must carry, as JSON-able data.
    """
    planned, clause = job.planned, job.clause.id
    if telling is not None and (ours or telling.outcome == "failed"):
        if (telling.outcome, report.outcome) != ("passed", "failed"):
            vars(report).pop("wasxfail", None)
            report.outcome = "skipped" if telling.outcome == "tolerated" else telling.outcome
            report.longrepr = long(telling)
        if telling.outcome == "tolerated":
            report.wasxfail = telling.brief
    reason = "" if report.outcome == "passed" else reason_of(report)
    data: dict[str, Any] = {"key": planned.key, "clause": clause}
    data["told"] = report.outcome == "failed"
    if result is not None:
        data["result"] = result.to_json()
        if report.outcome == "failed" and telling is not None and telling.outcome != "failed":
            data["trouble"] = (
                f"{clause} of {planned.name} came out as {result.status.value}, but its test "
                f"failed: {reason}"
            )
    elif report.outcome != "passed" and report.when == "teardown":
        data["trouble"] = f"the teardown after {clause} of {planned.name} failed: {reason}"
    elif report.outcome != "passed":
        verb = "" if report.outcome == "skipped" else f"its {report.when} failed: "
        data["absence"] = verb + reason
    carried: dict[str, Any] = plain(data)
    return carried


def reason_of(report: Any) -> str:
    """Say in one line why a test or a collection was skipped, expected to fail, or failed."""
    xfail = getattr(report, "wasxfail", None)
    if xfail is not None:
        return f"marked xfail ({xfail}), which waives nothing; write a waiver"
    longrepr = report.longrepr
    if isinstance(longrepr, tuple) and len(longrepr) == 3:
        return f"skipped ({str(longrepr[2]).removeprefix('Skipped: ')})"
    crash = getattr(longrepr, "reprcrash", None)
    text = getattr(crash, "message", None) or str(longrepr)
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    if not lines:
        return str(report.outcome)
    return (lines[0] if crash is not None else lines[-1])[:300]


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
