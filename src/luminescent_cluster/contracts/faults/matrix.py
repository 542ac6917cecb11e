"""The kill matrix: which clause notices which standard fault, with an author's own probes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..clauses import Clause, Result, Status
from ..engine.execute import execute
from ..engine.instances import Factory, instance
from ..engine.profile import profile_named
from ..subjects import Subject
from ..suites import suite_for
from .injection import Injection, NotApplicable
from .model import Fault

__all__ = ["Fate", "Matrix", "faults_for", "faulty", "kill_matrix"]


@dataclass(frozen=True)
class Fate:
    """What became of one fault.

    Attributes:
        fault: the fault.
        verdicts: how the clauses came out that were tried on it, by id, in the order of trial.
        open: clauses that would have to notice and could not judge even the working extension:
            id to why.
        probes: probes that these need, by clause id.
        applies: whether the fault has anything to bite on here.
    """

    fault: Fault
    verdicts: Mapping[str, Status]
    open: Mapping[str, str]
    probes: Mapping[str, str]
    applies: bool = True

    @property
    def killers(self) -> tuple[str, ...]:
        """The clauses that noticed."""
        return tuple(c for c, status in self.verdicts.items() if status is Status.FAILED)

    @property
    def killed(self) -> bool:
        """Whether a clause that has to notice did."""
        return any(clause in self.fault.killers for clause in self.killers)

    @property
    def survived(self) -> bool:
        """Whether nobody noticed."""
        return self.applies and not self.killed

    def to_json(self) -> dict[str, Any]:
        """Give the fate as JSON-able data."""
        return {
            "fault": self.fault.name,
            "text": self.fault.text,
            "expected": list(self.fault.killers),
            "applies": self.applies,
            "killed": self.killed,
            "killed_by": list(self.killers),
            "verdicts": {clause: status.value for clause, status in self.verdicts.items()},
            "open": dict(self.open),
            "probes": dict(self.probes),
        }


@dataclass(frozen=True)
class Matrix:
    """What became of all faults.

    Attributes:
        name: of the binding.
        fates: one for each fault.
        baseline: how the clauses that were needed came out on the working extension.
    """

    name: str
    fates: tuple[Fate, ...]
    baseline: Mapping[str, Result]

    @property
    def survivors(self) -> tuple[Fate, ...]:
        """The faults that nobody noticed."""
        return tuple(fate for fate in self.fates if fate.survived)

    def to_json(self) -> dict[str, Any]:
        """Give the matrix as JSON-able data."""
        return {
            "name": self.name,
            "faults": [fate.to_json() for fate in self.fates],
            "survivors": [fate.fault.name for fate in self.survivors],
            "baseline": {clause: r.status.value for clause, r in self.baseline.items()},
        }


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
    baseline: dict[str, Result] = {}

    def check(clause: Clause, fault: Fault | None) -> Result:
        return execute(
            clause,
            protocol,
            faulty(protocol, factory, fault),
            profile=effort,
            seed=seed,
            name=label,
            subject_class=suite.subject,
            shrink=False,
        )

    fates = []
    for fault in chosen:
        clauses = [suite.clauses[c] for c in fault.killers if c in suite.clauses]
        if every_clause:
            clauses += [c for c in suite.clauses.values() if c not in clauses]
        fate = _fate(fault, clauses, check, baseline, every_clause)
        fates.append(fate)
        if progress is not None:
            progress(fate)
    return Matrix(label, tuple(fates), baseline)


def _fate(
    fault: Fault,
    clauses: list[Clause],
    check: Callable[[Clause, Fault | None], Result],
    baseline: dict[str, Result],
    every_clause: bool,
) -> Fate:
    verdicts: dict[str, Status] = {}
    open_: dict[str, str] = {}
    probes: dict[str, str] = {}
    applies = bool(clauses)
    for clause in clauses:
        if clause.id not in baseline:
            baseline[clause.id] = check(clause, None)
        working = baseline[clause.id]
        if working.status is not Status.PASSED:
            if clause.id in fault.killers:
                open_[clause.id] = f"{working.status}: {working.message}".splitlines()[0]
                if working.probe:
                    probes[clause.id] = working.probe
            continue
        result = check(clause, fault)
        if result.status is Status.NOT_RUN and NotApplicable.__name__ in result.message:
            applies = False
            break
        verdicts[clause.id] = result.status
        if result.status is Status.FAILED and not every_clause:
            break
    return Fate(fault, verdicts, open_, probes, applies)
