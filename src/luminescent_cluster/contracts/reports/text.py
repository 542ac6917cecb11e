"""Reports as text: each run as on the terminal, then the matrix and changes, the verdict last."""

from __future__ import annotations

from typing import Any

from .document import Document
from .terminal import clean
from .terminal import render as render_run
from .words import MARKS, column_title

__all__ = ["render"]


def render(
    document: Document, *, colour: bool = False, width: int = 100, passed: bool = False
) -> str:
    """Give a document as text.

    Args:
        document: what to show.
        colour: whether to use ANSI colours.
        width: columns.
        passed: whether to list the clauses that passed.
    """
    lines: list[str] = []
    texts: Any = document.clauses
    for run in document.runs:
        if len(document.runs) > 1:
            lines += [f"== {clean(run.label)} ==", ""]
        lines += render_run(
            run.report, texts, colour=colour, width=width, passed=passed, strict=run.strict
        )
        lines.append("")
    lines += _matrix(document)
    lines += _changes(document)
    if len(document.runs) != 1 or document.changes is not None:
        lines.append(f"contracts: {document.headline} ({_runs(len(document.runs))})")
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _matrix(document: Document) -> list[str]:
    columns = document.columns()
    if len(document.runs) < 2:
        return []
    lines = ["matrix (clauses that passed everywhere are left out)"]
    letters = [_letter(number) for number in range(len(columns))]
    lines += [
        f"  {letter}  {clean(column_title(column, document))}: {column.verdict.value}"
        for letter, column in zip(letters, columns, strict=True)
    ]
    lines += ["", "  " + " " * 11 + " ".join(f"{letter:>2}" for letter in letters)]
    for clause_id in document.rows():
        if document.passed_everywhere(clause_id):
            continue
        found = [column.results.get(clause_id) for column in columns]
        marks = (" " if r is None else MARKS[r.status] for r in found)
        lines.append(
            f"  {clean(clause_id):<11}" + " ".join(f"{mark:>2}" for mark in marks).rstrip()
        )
    lines.append("  " + "  ".join(f"{mark} {status.value}" for status, mark in MARKS.items()))
    return [*lines, ""]


def _changes(document: Document) -> list[str]:
    if document.changes is None:
        return []
    was = document.compared.value if document.compared else "nothing"
    lines = [f"changes: the verdict was {was} and is {document.verdict.value}"]
    for c in document.changes:
        where = f"{c.subject} ({c.run})" if c.run else c.subject
        lines.append(
            f"  {c.kind:<8} {c.clause_id:<10} {clean(where)}: {c.old or '-'} -> {c.new or '-'}"
        )
    return [*(lines if document.changes else [*lines, "  no clause came out differently"]), ""]


def _runs(number: int) -> str:
    return f"{number} run{'' if number == 1 else 's'}"


def _letter(number: int) -> str:
    first, second = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
