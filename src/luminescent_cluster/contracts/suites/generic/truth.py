"""TRU: core guards with ``if registry.slot:``, so an extension must count as true."""

from __future__ import annotations

from typing import Any

from ...clauses import Catalogue, Violation
from ...engine.calls import generated_calls
from ...engine.case import Case, Refused

clauses = Catalogue()


@clauses.must(
    "TRU-01",
    reason="core guards with `if registry.tenant_provider:`; a falsy extension is skipped in "
    "silence, and with it isolation, metering or the audit trail",
    fix="define __bool__ to return True, or drop the __len__ that makes an empty extension falsy",
)
def stays_truthy(case: Case) -> None:
    """The extension is truthy for its whole life: fresh, after any calls, and in an outage."""

    def check(calls: object) -> None:
        _look(case, "a fresh extension")
        for method, args, kwargs in calls:  # type: ignore[attr-defined]
            try:
                case.call(method, *args, **kwargs)
            except Refused:
                continue
            finally:
                _look(case, f"after {case.history[-1] if case.history else method}")

    _look(case, "a fresh extension")
    strategy = generated_calls(case)
    if strategy is not None:
        case.for_all(check, calls=strategy)
    if case.subject.has("break_backend"):
        with case.example():
            _look_in_an_outage(case)


def _look_in_an_outage(case: Case) -> None:
    subject = case.subject
    outage: Any = subject.probe("break_backend")
    if not hasattr(outage, "__enter__"):
        outage = case.perform("break_backend()", outage, subject.deadline, counts=False)
    if hasattr(outage, "__enter__"):
        with outage:
            _look(case, "while the backend is down (break_backend)")
    _look(case, "after an outage of the backend")


def _look(case: Case, when: str) -> None:
    case.looked()
    extension = case.subject.extension
    try:
        truth = case.perform(
            "__bool__()", lambda: bool(extension), case.subject.deadline, counts=False
        )
    except Refused as refusal:
        raise Violation(f"{when}: bool(extension) raises {refusal.error!r}") from refusal.error
    if truth is not True:
        raise Violation(f"{when}: bool(extension) is False")
