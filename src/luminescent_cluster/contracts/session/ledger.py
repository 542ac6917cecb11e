"""What really ran against what ought to, and the verdict over both."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..clauses import (
    Level,
    Report,
    Result,
    Status,
    Verdict,
    Waiver,
    apply_waivers,
    check_waivers,
    judge,
)
from .plan import Plan, Planned

__all__ = ["Conclusion", "Ledger"]

# When a clause comes in more than once (a rerun, `--dist each`), the graver finding stands: a
# clause that failed once is not met because it passed another time.
_GRAVITY = (
    Status.FAILED,
    Status.ERROR,
    Status.NOT_RUN,
    Status.INCONCLUSIVE,
    Status.UNVERIFIED,
    Status.WAIVED,
    Status.EXCUSED,
    Status.PASSED,
)
_NO_REASON = "it was selected, and no result came in"


@dataclass(frozen=True)
class Conclusion:
    """The end of a run.

    Attributes:
        report: every clause of every binding, and the verdict.
        failing: whether the run must not end as a success.
        chosen: subject and clause of what did not run because the user left it out.
        keys: each subject's key in the plan.
        strict: whether a SHOULD weighed as a MUST.
    """

    report: Report
    failing: bool
    chosen: frozenset[tuple[str, str]]
    keys: dict[str, str]
    strict: bool


class Ledger:
    """Takes in results and absences, in any order and from any process, and concludes."""

    def __init__(self) -> None:
        self.plan = Plan()
        self._results: dict[tuple[str, str], Result] = {}
        self._absences: dict[tuple[str, str], str] = {}
        self._troubles: dict[str, None] = {}

    def take_result(self, key: str, result: Result) -> None:
        """Take a clause's result for the binding of that key; the graver of two stands."""
        place = (key, result.clause_id)
        former = self._results.get(place)
        if former is None:
            self._results[place] = result
            return
        graver, lesser = sorted((former, result), key=lambda r: _GRAVITY.index(r.status))
        if graver.status is not lesser.status:
            remark = f"it also came out as {lesser.status.value} in this run"
            if remark not in graver.notes:
                graver = dataclasses.replace(graver, notes=(*graver.notes, remark))
        self._results[place] = graver

    def take_absence(self, key: str, clause: str, reason: str) -> None:
        """Take in why a selected clause gave no result (skipped, fixture failed, worker lost)."""
        self._absences.setdefault((key, clause), reason)

    def take_trouble(self, text: str) -> None:
        """Take in something that went wrong around the clauses; the run cannot be a success."""
        self._troubles[text] = None

    def has_result(self, key: str, clause: str) -> bool:
        """Tell whether a result came in for a clause."""
        return (key, clause) in self._results

    def conclude(
        self,
        *,
        waivers: Sequence[Waiver] = (),
        known: Collection[str] = (),
        elsewhere: Collection[str] = (),
        today: datetime.date,
        strict: bool = False,
        seed: int = 0,
        profile: str = "ci",
        stopped: str = "",
        needed: Collection[Waiver] = (),
    ) -> Conclusion:
        """Complete the results from the plan and give the verdict.

        Args:
            waivers: what the project declares.
            known: every clause id there is.
            elsewhere: names of bindings that the project has but this run did not ask for, so
                that their waivers are left in peace.
            today: the date that waivers' expiry is measured against.
            strict: let a SHOULD weigh as a MUST, and let nothing but success pass.
            seed: for the report.
            profile: for the report.
            stopped: why the run ended early, where it did.
            needed: waivers that this run needs on another interpreter.
        """
        names = _names(self.plan.bindings.values())
        raw: list[Result] = []
        chosen: set[tuple[str, str]] = set()
        for key, binding in self.plan.bindings.items():
            for clause, level in binding.clauses:
                result = self._results.get((key, clause))
                if result is None:
                    why = self.plan.why_left(key, clause)
                    reason = (
                        self._absences.get((key, clause))
                        or (why.reason if why else None)
                        or (f"the run stopped before it: {stopped}" if stopped else _NO_REASON)
                    )
                    result = Result(clause, Level(level), Status.NOT_RUN, reason)
                    if why is not None and why.chosen:
                        chosen.add((names[key], clause))
                raw.append(dataclasses.replace(result, subject=names[key]))
        held, aside = self._waivers_of_this_run(waivers, raw, elsewhere, needed)
        subjects = {name for result in raw for name in _aliases(result.subject)}
        problems = [*self.plan.problems, *self._troubles]
        problems += check_waivers(held, known, subjects, today)
        results, stale = apply_waivers(raw, held, today)
        unknown = {text for text in problems if "no such" in text}
        problems += [text for text in stale if not _said(text, unknown)]
        hollow = [b for b in self.plan.bindings.values() if not b.clauses]
        for binding in hollow:
            why = self.plan.why_left(binding.key, "")
            if why is None or not why.chosen:
                reason = why.reason if why else _NO_REASON
                problems.append(f"{binding.name} ({binding.place}) was not checked: {reason}")
        verdict = judge(results, strict=strict)
        unsure = hollow or self.plan.cuts or self.plan.problems or self._troubles
        if unsure and verdict.ok:
            verdict = Verdict.INCOMPLETE
        report = Report(
            results=tuple(results),
            verdict=verdict,
            problems=tuple(dict.fromkeys(problems)),
            notes=(*_remedies(results, chosen, self.plan), *aside),
            seed=seed,
            profile=profile,
            subjects={
                names[key]: {"protocol": b.protocol, "place": b.place}
                for key, b in self.plan.bindings.items()
            },
        )
        failing = not report.ok if strict else _fails_plainly(report, chosen)
        keys = {name: key for key, name in names.items()}
        return Conclusion(report, failing, frozenset(chosen), keys, strict)

    def needed(self, waivers: Sequence[Waiver]) -> set[Waiver]:
        """Give the waivers that a failure here needs."""
        names = _names(self.plan.bindings.values())
        failed = [
            dataclasses.replace(result, subject=names[key])
            for (key, _), result in self._results.items()
            if result.status is Status.FAILED and key in names
        ]
        return {w for w in waivers if any(w.covers(result) for result in failed)}

    def _waivers_of_this_run(
        self,
        waivers: Sequence[Waiver],
        results: Sequence[Result],
        elsewhere: Collection[str],
        needed: Collection[Waiver],
    ) -> tuple[list[Waiver], list[str]]:
        """Leave waivers in peace whose binding, or failure, may simply not be part of this run."""
        held, aside = [], []
        for waiver in waivers:
            found = [result.status for result in results if waiver.covers(result)]
            here = bool(found)
            if waiver in needed and Status.FAILED not in found:
                aside.append(f"{waiver.label} is needed on another interpreter, and not on this")
            elif here or not (waiver.extension in elsewhere or self.plan.narrowed or elsewhere):
                held.append(waiver)
            else:
                aside.append(f"{waiver.label} concerns nothing in this run")
        return held, aside


def _aliases(subject: str) -> tuple[str, str, str]:
    last = subject.rpartition("::")[2]
    return subject, last, last.partition("[")[0]


def _names(bindings: Collection[Planned]) -> dict[str, str]:
    """Give each binding a name that no other has: its own, or with the file before it."""
    count = Counter(binding.name for binding in bindings)
    return {b.key: b.name if count[b.name] == 1 else b.key for b in bindings}


def _said(stale: str, unknown: Collection[str]) -> bool:
    return any(stale.startswith(text.partition(":")[0]) for text in unknown)


def _fails_plainly(report: Report, chosen: Collection[tuple[str, str]]) -> bool:
    """Plain pytest passes over missing probes and what the user left out, and nothing else."""
    if report.problems or report.verdict is Verdict.NON_CONFORMANT:
        return True
    for result in report.results:
        if result.level is not Level.MUST:
            continue
        if result.status in (Status.INCONCLUSIVE, Status.ERROR):
            return True
        if result.status is Status.NOT_RUN and (result.subject, result.clause_id) not in chosen:
            return True
    return False


def _remedies(
    results: Sequence[Result], chosen: Collection[tuple[str, str]], plan: Plan
) -> list[str]:
    """Say what to do about each kind of gap, once for all clauses that have it."""
    notes = []
    probes: dict[tuple[str, str], list[str]] = {}
    left: Counter[str] = Counter()
    for result in results:
        if result.status is Status.UNVERIFIED:
            probes.setdefault((result.subject, result.probe), []).append(result.clause_id)
        elif (result.subject, result.clause_id) in chosen:
            left[result.message] += 1
    for (subject, probe), clauses in probes.items():
        missing = f"the probe {probe}" if probe else "something the subject can give"
        notes.append(
            f"{subject}: {missing} is missing, so {_counted(len(clauses))} could not be verified "
            f"({', '.join(clauses[:6])}{', …' if len(clauses) > 6 else ''}); "
            f"`luminescent-contracts explain {clauses[0]}` shows how to give it"
        )
    for reason, count in left.items():
        notes.append(f"{_counted(count)} left out: {reason}; run without that for a verdict")
    notes += [f"{text}; run without that for a verdict" for text in plan.cuts]
    return notes


def _counted(number: int) -> str:
    return f"{number} clause{'' if number == 1 else 's'}"
