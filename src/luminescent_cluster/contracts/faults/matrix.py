"""The kill matrix: which clause notices which standard fault, with an author's own probes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..clauses import Clause, Result, Status
from ..engine.execute import execute
from ..engine.instances import Factory, instance
from ..engine.profile import Profile, profile_named
from ..subjects import Subject
from ..suites import suite_for
from .fate import Fate, Matrix, brief
from .injection import Injection, NotApplicable
from .model import Fault

__all__ = ["Unusable", "faults_for", "faulty", "kill_matrix"]


_HANGS = 2  # clauses in which a call hangs, after which nobody waits for more


class Unusable(Exception):
    """There is no working extension to put faults into; the message says why."""


def faults_for(protocol: type) -> dict[str, Fault]:
    """Give the standard faults that a protocol's extensions may have, by name.

    Faults for any protocol come first. Those of one of core's protocols are also those of a
    protocol that extends it.
    """
    from . import audit, generic, tenant, usage

    names = {base.__name__ for base in protocol.__mro__}
    found = dict(generic.faults)
    for module in (tenant, usage, audit):
        if module.faults.protocol in names:
            found.update(module.faults)
    return found


def faulty(protocol: type, factory: Factory, fault: Fault | None) -> Factory:
    """Give a factory of faulty extensions.

    Args:
        protocol: the protocol class.
        factory: makes working ones; as under ``@contract``.
        fault: what is put in; only the wrapper where None.

    Returns:
        A factory of subjects. It raises :class:`NotApplicable` where the fault has nothing to
        bite on.
    """
    subject_class = suite_for(protocol).subject

    def make() -> Iterator[Subject]:
        with instance(factory, subject_class, _run_async) as subject:
            injection = Injection(subject, protocol)
            if fault is not None:
                fault.put(injection)
            yield injection.build()

    return make


def _run_async(awaitable: Any) -> Any:
    import asyncio

    async def wait() -> Any:
        return await awaitable

    return asyncio.run(wait())


def kill_matrix(
    protocol: type,
    factory: Factory,
    *,
    faults: Iterable[str] | None = None,
    profile: str = "ci",
    seed: int = 0,
    every_clause: bool = False,
    name: str | None = None,
    progress: Callable[[Fate], Any] | None = None,
) -> Matrix:
    """Put standard faults into a working extension, one at a time, and see who notices.

    Args:
        protocol: the protocol class.
        factory: makes working extensions, or subjects with probes; as under ``@contract``.
        faults: names; all that apply where omitted.
        profile: ``"smoke"``, ``"ci"`` or ``"thorough"``.
        seed: seed of everything random.
        every_clause: try every clause on every fault, rather than those that have to notice until
            one does.
        name: the binding's name; the factory's where omitted.
        progress: called with each fate as it comes.

    Raises:
        KeyError: there is no such fault; the message offers near ones.
        TypeError: ``protocol`` is not a protocol.
        Unusable: no extension can be made, or its calls hang before any fault is put in.
    """
    suite = suite_for(protocol)
    effort = profile_named(profile)
    label = name or getattr(factory, "__name__", None) or protocol.__name__
    known = faults_for(protocol)
    chosen = []
    for wanted in known if faults is None else faults:
        if wanted not in known:
            near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "`--list` shows them"
            raise KeyError(f"{protocol.__name__} has no standard fault {wanted!r}; {hint}")
        chosen.append(known[wanted])
    bench = _Bench(protocol, factory, effort, seed, label)
    fates = []
    for fault in chosen:
        clauses = [suite.clauses[c] for c in fault.killers if c in suite.clauses]
        if every_clause:
            clauses += [c for c in suite.clauses.values() if c not in clauses]
        fate = _fate(fault, clauses, bench, every_clause)
        fates.append(fate)
        if progress is not None:
            progress(fate)
    return Matrix(label, tuple(fates), bench.baseline)


class _Bench:
    """Tries clauses on the working extension, once each, and on faulty ones.

    Attributes:
        baseline: how clauses came out on the working extension.
    """

    def __init__(
        self, protocol: type, factory: Factory, effort: Profile, seed: int, label: str
    ) -> None:
        self.baseline: dict[str, Result] = {}
        self._protocol, self._factory = protocol, factory
        self._effort, self._seed, self._label = effort, seed, label
        self._hung: list[Result] = []

    def check(self, clause: Clause, fault: Fault | None) -> Result:
        """Try a clause on the extension with a fault in it, or without one."""
        return execute(
            clause,
            self._protocol,
            faulty(self._protocol, self._factory, fault),
            profile=self._effort,
            seed=self._seed,
            name=self._label,
            subject_class=suite_for(self._protocol).subject,
            shrink=False,
        )

    def working(self, clause: Clause) -> Result:
        """Give how a clause comes out on the working extension.

        Raises:
            Unusable: there is no extension, or its calls hang.
        """
        if clause.id not in self.baseline:
            result = self.check(clause, None)
            if result.status is Status.NOT_RUN:
                raise Unusable(f"{self._label}: {result.message}")
            if result.status is Status.FAILED and "did not come back" in result.message:
                self._hung.append(result)
                if len(self._hung) == _HANGS:
                    told = "; ".join(f"{r.clause_id}: {brief(r)}" for r in self._hung)
                    raise Unusable(
                        f"{self._label}: calls hang before any fault is put in ({told}); "
                        "`luminescent-contracts check` shows where"
                    )
            self.baseline[clause.id] = result
        return self.baseline[clause.id]


def _fate(fault: Fault, clauses: list[Clause], bench: _Bench, every_clause: bool) -> Fate:
    verdicts: dict[str, Status] = {}
    open_: dict[str, str] = {}
    probes: dict[str, str] = {}
    excuses: list[str] = []
    aims = [clause for clause in clauses if clause.id in fault.killers]
    if not aims:
        return Fate(fault, {}, {}, {}, "no clause of this protocol speaks of it")
    for clause in clauses:
        working = bench.working(clause)
        aimed = clause in aims
        if aimed and working.status is Status.EXCUSED:
            excuses.append(f"{clause.id} is excused: {brief(working)}")
            continue
        if working.status is not Status.PASSED:
            if aimed:
                open_[clause.id] = _why(working)
                if working.probe:
                    probes[clause.id] = working.probe
            continue
        result = bench.check(clause, fault)
        if result.status is Status.NOT_RUN and NotApplicable.__name__ in result.message:
            why = result.message.partition(f"{NotApplicable.__name__}: ")[2].rpartition(" at ")[0]
            return Fate(fault, {}, {}, {}, why or "nothing here that it could change")
        verdicts[clause.id] = result.status
        if result.status is Status.FAILED and not every_clause:
            break
    beside = excuses[0] if len(excuses) == len(aims) else ""
    return Fate(fault, verdicts, open_, probes, beside)


def _why(working: Result) -> str:
    if working.status is Status.FAILED:
        return f"failed by the extension as it is, without any fault: {brief(working)}"
    return f"{working.status}: {brief(working)}"
