"""Several documents as one, each run under a name of its own."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence

from .document import ClauseText, Document, Run

__all__ = ["merge"]


def merge(documents: Sequence[tuple[str, Document]]) -> Document:
    """Put the runs of several documents side by side.

    Runs with the same label that share a subject are told apart by their file's name. Nothing is
    judged anew: one incomplete run keeps the whole INCOMPLETE.

    Args:
        documents: each with the name it goes by (its file's), in order.
    """
    found = [(name, run) for name, document in documents for run in document.runs]
    clauses: dict[str, ClauseText] = {}
    for _, document in documents:
        for clause_id, text in document.clauses.items():
            clauses.setdefault(clause_id, text)
    return Document(
        runs=tuple(_named(found)),
        clauses=_in_order(clauses, [list(document.clauses) for _, document in documents]),
        versions=tuple(v for _, document in documents for v in document.versions),
        kills=tuple(k for _, document in documents for k in document.kills),
    )


def _named(found: Sequence[tuple[str, Run]]) -> list[Run]:
    runs = [dataclasses.replace(run, label=run.label or name) for name, run in found]
    crowded = _crowded(runs)
    runs = [
        dataclasses.replace(run, label=f"{run.label}, {name}") if run.label in crowded else run
        for run, (name, _) in zip(runs, found, strict=True)
    ]
    crowded = _crowded(runs)
    seen: Counter[str] = Counter()
    for number, run in enumerate(runs):
        if run.label in crowded:
            seen[run.label] += 1
            runs[number] = dataclasses.replace(run, label=f"{run.label} #{seen[run.label]}")
    return runs


def _crowded(runs: Iterable[Run]) -> set[str]:
    count = Counter((run.label, subject) for run in runs for subject in run.subjects or ("",))
    return {label for (label, _), number in count.items() if number > 1}


def _in_order(
    clauses: dict[str, ClauseText], orders: Sequence[Sequence[str]]
) -> dict[str, ClauseText]:
    """Keep each catalogue's order; what only a later one has goes behind its neighbour there."""
    order: list[str] = []
    for one in orders:
        at = 0
        for clause_id in one:
            if clause_id in order:
                at = order.index(clause_id) + 1
            else:
                order.insert(at, clause_id)
                at += 1
    return {clause_id: clauses[clause_id] for clause_id in order}
