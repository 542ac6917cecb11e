"""Keeping runs apart whose instances share state: restoring it, or looking at what is added."""

from __future__ import annotations

from collections.abc import Sequence

from .execute import Session
from .inspecting import find_readers
from .model import Call, Program
from .oracle import Sequential
from .state import Snapshot
from .varying import Path, Varying

__all__ = ["judge_by_growth", "restore_between_runs"]


def restore_between_runs(session: Session, calls: Sequence[Call], varying: Varying) -> None:
    """Restore state outside the instances before every run, if that makes runs repeat."""
    if not _varying(session, calls):
        return
    snapshot = Snapshot(session.modules())
    session.reset = snapshot.restore
    if _varying(session, calls):
        session.reset = None
        return
    varying.forget()
    session.notes.append(
        "state outside the instances (modules, classes) was put back before every run"
    )


def judge_by_growth(session: Session, calls: Sequence[Call], varying: Varying) -> bool:
    """Judge what a run adds, where runs differ because they find what earlier ones left.

    Only where that explains differences: every value that still varies must be one that varied
    before, or a part of one.
    """
    whole = _varying(session, calls)
    if not whole:
        return False
    session.growing = find_readers(session, calls, Varying())
    session.by_growth = True
    session.growing = find_readers(session, calls, Varying())
    rest = _varying(session, calls)
    if rest != whole and all(any(path[: len(p)] == p for p in whole) for path in rest):
        varying.forget()
        session.remarks.append(
            "instances share state that outlives a run (a database, a file, a server): counts and "
            "lists are judged by what each run adds"
        )
        return True
    session.by_growth = False
    return False


def _varying(session: Session, calls: Sequence[Call]) -> set[Path]:
    """The paths at which three equal sequential runs differ."""
    trial = Sequential(session, Program((tuple(calls),)), Varying())
    known = [outcome for outcome in (trial.outcome_again() for _ in range(3)) if outcome]
    found = Varying()
    if len(known) == 3:
        for other in known[1:]:
            found.learn(known[0], other, trial.roots)
    return found.labelled | found.ignored
