"""ERR: whatever comes in, a result or an ordinary exception comes out, and the process survives."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.apart import Apart
from ...engine.calls import generated_calls
from ...engine.case import Case, Raised
from ...engine.compare import shares, snapshot
from ...engine.hostile_calls import hostile_call
from ...engine.methods import methods_of
from ...engine.overloads import method_called
from ...engine.returned import type_fault
from ...engine.selves import with_self
from ...engine.show import show, show_call, show_error
from ...subjects import Subject
from ._nasty import Call, nasty_calls, plainest_call

clauses = Catalogue()


@clauses.must(
    "ERR-01",
    reason="requests carry what attackers send; one of them must not take the worker down, or "
    "leave it broken for everybody else",
    fix="validate what comes in and raise ValueError, or record it in some rendering",
)
def survives_hostile_arguments(case: Case) -> None:
    """Hostile arguments give a declared result or an ordinary exception, in time.

    Afterwards calls that worked before still work.
    """
    methods = [m for m in methods_of(case.protocol) if hasattr(case.subject.extension, m.name)]
    plain = generated_calls(case, most=3)
    if not methods or plain is None:
        raise Inconclusive("the extension has no method that could be called")
    apart = Apart()
    ordinary: list[Call] = []
    for method in methods:
        with apart.about(method.name):
            ordinary.append(plainest_call(case, method))
    if not ordinary:
        apart.conclude()
    methods = [m for m in methods if m.name in {name for name, _, _ in ordinary}]

    # Every nasty value once in every place, each on a fresh extension; then mixtures.
    sweep = list(nasty_calls(methods, ordinary))
    if sweep:
        case.for_all(
            lambda index: _survives(case, [sweep[index]()], ordinary, ordinary),
            examples=2 * len(sweep),
            index=st.integers(0, len(sweep) - 1),
        )
    mixed = st.one_of([hostile_call(case, method) for method in methods])
    case.for_all(
        lambda hostile, calls: _survives(case, hostile, calls, ordinary),
        hostile=st.lists(mixed, min_size=1, max_size=3),
        calls=plain,
    )
    apart.conclude()


def _survives(case: Case, hostile: list[Call], ordinary: list[Call], plainest: list[Call]) -> None:
    """Make hostile calls, then ordinary ones; ``plainest`` has one call of each method."""
    disturbed = case.subject
    for name, args, kwargs in hostile:
        result = case.attempt(name, *args, _on=disturbed, **kwargs)
        if isinstance(result, Raised):
            continue
        method = method_called(methods_of(case.protocol), name, args, kwargs)
        fault = method and type_fault(result, with_self(method.returns, case.protocol))
        if fault and not _comes_from_outside(case, result, name, args, kwargs):
            raise Violation(
                f"{show_call(name, args, kwargs)} -> {show(result)}", f"which is {fault}"
            )
    after = _outcomes(case, disturbed, ordinary)
    if not any(isinstance(outcome, Raised) for outcome in after):
        return
    undisturbed = _undisturbed(case, [], ordinary)
    names = {name for name, _, _ in hostile}
    # What is full, closed or there already after ordinary calls refuses just as rightly.
    usage = [*(call for call in plainest if call[0] in names), *ordinary]
    used = _undisturbed(case, usage, ordinary)
    for call, then, later, now in zip(ordinary, undisturbed, used, after, strict=True):
        if isinstance(now, Raised) and not any(isinstance(calm, Raised) for calm in (then, later)):
            raise Violation(
                f"{show_call(*call)} raised {show_error(now.error)} after hostile calls",
                "without them it answers " + show(then),
            )


def _comes_from_outside(
    case: Case, result: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> bool:
    """Tell whether a call was given what is not of its declared type, and gave it back."""
    method = method_called(methods_of(case.protocol), name, args, kwargs)
    hints = method.hints if method else {}
    strange = any(type_fault(value, hints[key]) for key, value in kwargs.items() if key in hints)
    return strange and shares(result, (args, kwargs))


_calm: WeakKeyDictionary[Case, dict[str, list[Any]]] = WeakKeyDictionary()


def _undisturbed(case: Case, before: list[Call], ordinary: list[Call]) -> list[Any]:
    """Give what the calls come to on a fresh instance, also where instances are shared.

    Those ``before`` are made first. What is shared may be what was disturbed. Making a fresh one
    is dear then, and done once for the same calls.
    """
    calls = [*before, *ordinary]
    if case.subject.fresh == "example":
        return _outcomes(case, case.another(), calls)[len(before) :]
    known = _calm.setdefault(case, {})
    key = " ".join(show_call(*call) for call in calls)
    if key not in known:
        fresh, close = case.separate()
        try:
            known[key] = _outcomes(case, fresh, calls)[len(before) :]
        finally:
            close()
    return known[key]


def _outcomes(case: Case, subject: Subject, calls: list[Call]) -> list[Any]:
    return [
        case.attempt(name, *args, _on=subject, **kwargs) for name, args, kwargs in snapshot(calls)
    ]


@clauses.must(
    "ERR-02",
    reason="an extension shares its process with core and with other extensions; a patched clock "
    "or a lost trace function breaks them all",
    fix="leave the process as it was found; patch in tests only, and undo it",
)
def leaves_the_process_alone(case: Case) -> None:
    """Constructing and calling the extension patches nothing of the process.

    Watched are `threading`, `time`, `sys`, `os`, `signal`, `socket`, `asyncio`, `datetime`,
    `random` and the builtins.
    """

    def check(calls: list[Call]) -> None:
        for name, args, kwargs in calls:
            case.attempt(name, *args, **kwargs)
        changed = case.guard.check()
        if changed:
            raise Violation(f"{', '.join(changed)} changed while the extension was used")

    case.subject  # noqa: B018 - made here, so that the constructor is watched too
    case.looked()
    strategy = generated_calls(case, most=2)
    if strategy is not None:
        case.for_all(check, calls=strategy)
