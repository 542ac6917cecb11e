"""What every renderer renders: one run or several, with everything a reader needs who saw none.

A document is plain data. It carries the clauses' texts, so that it can be rendered years later by
a kit whose clauses have moved on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..clauses import Report, Result, Status, Verdict, judge

__all__ = [
    "Change",
    "ClauseText",
    "Column",
    "Document",
    "Environment",
    "Run",
    "left_out",
]

_GRAVITY = (
    Verdict.CONFORMANT,
    Verdict.CONFORMANT_WITH_WAIVERS,
    Verdict.INCOMPLETE,
    Verdict.NON_CONFORMANT,
)
_PLACE = re.compile(r"(?P<file>.+\.[A-Za-z0-9]+):(?P<line>[0-9]+)\Z")


# The words of session.collecting and engine.run.
_LEFT_OUT = ("deselected", "the arguments name other tests", "not selected")


def left_out(result: Result) -> bool:
    """Tell whether a clause did not run because whoever started the run left it out."""
    return result.status is Status.NOT_RUN and result.message in _LEFT_OUT


@dataclass(frozen=True)
class ClauseText:
    """A clause without its check."""

    id: str
    level: str
    text: str
    reason: str = ""
    fix: str = ""
    since: str = ""
    probes: tuple[str, ...] = ()
    details: str = ""

    @property
    def family(self) -> str:
        """The id without its number."""
        return self.id.rpartition("-")[0]


@dataclass(frozen=True)
class Environment:
    """Where a run ran; every field may be empty in a file that somebody else wrote.

    Attributes:
        kit: version of this distribution.
        catalogue: digest of the clauses that the run was held to.
        python: version of the interpreter.
        implementation: ``"CPython"``, …
        free_threaded: whether it ran without a global interpreter lock.
        system: operating system and machine.
    """

    kit: str = ""
    catalogue: str = ""
    python: str = ""
    implementation: str = ""
    free_threaded: bool = False
    system: str = ""

    @property
    def label(self) -> str:
        """How a column of a matrix names it, for instance ``"Python 3.13t"``."""
        if not self.python:
            return ""
        name = "Python" if self.implementation in ("", "CPython") else self.implementation
        version = ".".join(self.python.split(".")[:2])
        return f"{name} {version}{'t' if self.free_threaded else ''}"


@dataclass(frozen=True)
class Run:
    """One run of the kit.

    Attributes:
        report: what it found, without secrets.
        environment: where it ran.
        label: tells it from the other runs of its document.
        strict: whether a SHOULD weighed as a MUST.
        recorded: when it ran, as ISO 8601; empty unless somebody asked for times.
    """

    report: Report
    environment: Environment = field(default_factory=Environment)
    label: str = ""
    strict: bool = False
    recorded: str = ""

    @property
    def subjects(self) -> tuple[str, ...]:
        """The names of its subjects."""
        return tuple(self.report.by_subject())

    def verdict_of(self, subject: str) -> Verdict:
        """Give the verdict over one subject."""
        return self._verdicts[subject]

    @cached_property
    def _verdicts(self) -> dict[str, Verdict]:
        subjects = self.report.by_subject().items()
        return {name: judge(results, strict=self.strict) for name, results in subjects}

    def place_of(self, subject: str) -> tuple[str, int] | None:
        """Give file and line of a subject's binding, where it has one."""
        match = _PLACE.match(str(self.report.subjects.get(subject, {}).get("place", "")))
        return (match["file"], int(match["line"])) if match else None


@dataclass(frozen=True)
class Column:
    """One subject of one run: a column of the matrix."""

    run: Run
    subject: str
    results: Mapping[str, Result]
    verdict: Verdict


@dataclass(frozen=True)
class Change:
    """What became of one clause of one subject between two documents.

    Attributes:
        kind: ``"worse"``, ``"better"``, ``"changed"``, ``"new"`` or ``"gone"``.
        old: the status before; empty where the clause is new.
        new: the status now; empty where it is gone.
    """

    kind: str
    subject: str
    clause_id: str
    old: str = ""
    new: str = ""
    run: str = ""


@dataclass(frozen=True)
class Document:
    """Everything there is to render.

    Attributes:
        runs: at least one, or the verdict is INCOMPLETE.
        clauses: text of each clause, in the catalogue's order.
        versions: implementations under released protocol versions, as ``luminescent-contracts
            matrix --format json`` prints them.
        kills: which clause catches which fault; mappings with ``extension``, ``fault``, ``text``,
            ``aim``, ``killed_by`` (clause ids), ``outcome`` (``"killed"``, ``"survived"``, or why
            it does not apply) and ``remedy``.
        changes: against an earlier document; None where nobody compared.
        compared: the verdict of that earlier document.
    """

    runs: tuple[Run, ...]
    clauses: Mapping[str, ClauseText] = field(default_factory=dict)
    versions: tuple[Mapping[str, Any], ...] = ()
    kills: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[Change, ...] | None = None
    compared: Verdict | None = None

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of all runs."""
        if not self.runs:
            return Verdict.INCOMPLETE
        return max((run.report.verdict for run in self.runs), key=_GRAVITY.index)

    @property
    def ok(self) -> bool:
        """Whether every run was a success and nothing is wrong with any."""
        return bool(self.runs) and all(run.report.ok for run in self.runs)

    @property
    def headline(self) -> str:
        """The verdict, and in the same breath what keeps it from being a success."""
        if self.verdict.ok and not self.ok:
            return f"{self.verdict.value}, but the run has problems"
        return self.verdict.value

    def columns(self) -> tuple[Column, ...]:
        """Give the matrix's columns: every subject of every run."""
        return self._columns

    @cached_property
    def _columns(self) -> tuple[Column, ...]:
        return tuple(
            Column(run, subject, {r.clause_id: r for r in results}, run.verdict_of(subject))
            for run in self.runs
            for subject, results in run.report.by_subject().items()
        )

    def rows(self) -> list[str]:
        """Give the matrix's rows: the ids of all clauses that have a result, in order."""
        there = {result.clause_id for run in self.runs for result in run.report.results}
        return [*(c for c in self.clauses if c in there), *sorted(there - set(self.clauses))]

    def is_uneventful(self, clause_id: str) -> bool:
        """Tell whether a clause passed, or was left out, wherever it applies."""
        statuses: dict[str, set[Status | None]] = {}
        for column in self.columns():
            result = column.results.get(clause_id)
            status = None if result is None else result.status
            if result is not None and left_out(result):
                status = Status.PASSED
            statuses.setdefault(column.subject, set()).add(status)
        return all(found in ({Status.PASSED}, {None}) for found in statuses.values())

    def clause(self, clause_id: str) -> ClauseText:
        """Give a clause's text; an empty one where the document does not know it."""
        return self.clauses.get(clause_id) or ClauseText(clause_id, "", "")

    def count(self) -> dict[Status, int]:
        """Count the results of all runs by status; only those that occur."""
        count = dict.fromkeys(Status, 0)
        for run in self.runs:
            for result in run.report.results:
                count[result.status] += 1
        return {status: number for status, number in count.items() if number}
