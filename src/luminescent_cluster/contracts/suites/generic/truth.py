"""TRU: core guards with ``if registry.slot:``, so an extension must count as true."""

from __future__ import annotations

import contextlib
from typing import Any

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.calls import generated_call, generated_calls, smallest
from ...engine.case import Case, Refused
from ...engine.meter import Meter
from ...engine.methods import methods_of
from .._sweep import shortened
from ._nasty import Call, nasty_calls, plainest_call

clauses = Catalogue()

_MANY = 120  # more than the smaller buffers people write hold
_SHARE = 0.25  # of a property's time budget


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
        _look_all_along(case)
        _look_after_nasty_calls(case)
    if case.subject.has("break_backend"):
        with case.example():
            _look_in_an_outage(case)


def _look_all_along(case: Case) -> None:
    """After as many calls as fill a buffer, the extension still counts as true."""
    meter = Meter()
    with case.example():
        case.tally.examples += 1
        for name, args, kwargs in _plain_calls(case):
            for number in range(1, _MANY + 1):
                case.attempt(name, *args, **kwargs)
                try:
                    _look(case, f"after {number} calls of {name}")
                except Violation as violation:
                    violation.history = shortened(case.history)
                    raise
                if meter.over(_SHARE * case.profile.budget):
                    case.note(f"slow calls: {number} of {name} in a row")
                    return


def _look_after_nasty_calls(case: Case) -> None:
    """Nor does an argument that nobody sends make it false."""
    methods, ordinary = [], []
    for method in methods_of(case.protocol):
        with contextlib.suppress(Inconclusive):
            ordinary.append(plainest_call(case, method))
            methods.append(method)
    meter = Meter()
    with case.example():
        for make in nasty_calls(methods, ordinary):
            if not _look_after(case, make()) or meter.over(_SHARE * case.profile.budget):
                return


def _look_in_an_outage(case: Case) -> None:
    subject = case.subject
    outage: Any = subject.probe("break_backend")
    if not hasattr(outage, "__enter__"):
        outage = case.perform("break_backend()", outage, subject.deadline, counts=False)
    if hasattr(outage, "__enter__"):
        calls = _plain_calls(case)  # now: a probe that lists names may need the backend
        with outage:
            _look(case, "while the backend is down (break_backend)")
            for call in calls:
                if not _look_after(case, call, "with the backend down (break_backend), "):
                    return
    _look(case, "after an outage of the backend")


def _look_after(case: Case, call: Call, when: str = "") -> bool:
    """Make a call, then look; gives False where it did not come back, which ERR-01 judges."""
    name, args, kwargs = call
    try:
        case.attempt(name, *args, **kwargs)
    except Violation:
        return False
    try:
        _look(case, f"{when}after {case.history[-1]}")
    except Violation as violation:
        violation.history = shortened(case.history)
        raise
    return True


def _plain_calls(case: Case) -> list[Call]:
    """Give one call of each method, where one can be generated."""
    calls = []
    for method in methods_of(case.protocol):
        with contextlib.suppress(Inconclusive):
            calls.append(smallest(generated_call(case, method)))
    return calls


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
