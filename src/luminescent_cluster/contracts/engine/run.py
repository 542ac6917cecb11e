"""A whole run without pytest."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..clauses import Clause, Report, Result, Waiver, apply_waivers, check_waivers, judge
from ..suites import catalogue, suite_for
from .execute import execute
from .instances import Factory, Making
from .profile import profile_named
from .witness import Witness, watched

__all__ = ["run"]


def run(
    protocol: type,
    factory: Factory,
    *,
    profile: str = "ci",
    seed: int = 0,
    clauses: Iterable[str] | None = None,
    waivers: Sequence[Waiver] = (),
    strict: bool = False,
    name: str | None = None,
    progress: Callable[[Result], Any] | None = None,
) -> Report:
    """Check an extension against a protocol, without pytest.

    Args:
        protocol: the protocol class; any ``typing.Protocol``.
        factory: makes a fresh extension, or a subject with probes, at every call; the class
            itself will often do. A generator function's tail is the teardown.
        profile: ``"smoke"``, ``"ci"`` or ``"thorough"``.
        seed: seed of everything random; the same seed gives the same report.
        clauses: ids to check; every clause that applies where omitted. The others count as not
            run.
        waivers: known failures.
        strict: let a SHOULD weigh as a MUST.
        name: the binding's name; the factory's where omitted.
        progress: called with each result as it comes.

    Returns:
        One result for each clause that applies, in the catalogue's order, and the verdict.

    Raises:
        TypeError: ``protocol`` is not a protocol.
        ValueError: no such profile.
        UnknownClauseError: no such clause.
    """
    effort = profile_named(profile)
    suite = suite_for(protocol)
    wanted = set(suite.clauses) if clauses is None else {_known(suite.clauses, c) for c in clauses}
    label = name or getattr(factory, "__name__", None) or protocol.__name__
    today = datetime.date.today()
    problems = check_waivers(waivers, catalogue().keys(), None, today)
    waived = {waiver.clause for waiver in waivers}
    making, witness = Making(), Witness()
    seen = watched(factory, witness.note) if callable(factory) else factory
    results = []
    for clause in suite.clauses.values():
        if clause.id in wanted:
            result = execute(
                clause,
                protocol,
                seen,
                profile=effort,
                seed=seed,
                name=label,
                subject_class=suite.subject,
                shrink=clause.id not in waived,
                making=making,
            )
        else:
            result = _not_selected(clause, label)
        results.append(result)
        if progress is not None:
            progress(result)
    results, stale = apply_waivers(results, waivers, today)
    return Report(
        results=tuple(results),
        verdict=judge(results, strict=strict),
        problems=(*problems, *stale),
        seed=seed,
        profile=profile,
        subjects={label: {"protocol": protocol.__name__, **_place(factory), **witness.facts()}},
    )


def _place(factory: Any) -> dict[str, str]:
    """Name what makes the extension as a binding without test code would."""
    name = getattr(factory, "__qualname__", "")
    module = getattr(factory, "__module__", "")
    return {"place": f"{module}:{name}"} if module and name else {}


def _known(clauses: Any, clause_id: str) -> str:
    clause: Clause = clauses[clause_id]
    return clause.id


def _not_selected(clause: Clause, label: str) -> Result:
    from ..clauses import Status

    return Result(clause.id, clause.level, Status.NOT_RUN, "not selected", subject=label)
