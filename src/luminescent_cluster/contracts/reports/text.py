"""Reports as text: each run as on the terminal, then the matrix and changes, the verdict last."""

from __future__ import annotations

from typing import Any

from .document import Document
from .terminal import clean, painted
from .terminal import render as render_run
from .words import MARKS, column_title, remarks, verdicts

__all__ = ["ending", "heading", "render"]


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
            lines += heading(run.label)
        lines += render_run(
            run.report, texts, colour=colour, width=width, passed=passed, strict=run.strict
        )
        lines.append("")
    if len(document.runs) != 1 or document.changes is not None:
        lines += ending(document, colour=colour)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def heading(label: str) -> list[str]:
    """Give the lines above one of several runs."""
    return [f"== {clean(label)} ==", ""]


def ending(document: Document, *, colour: bool = False) -> list[str]:
    """Give what is said of several runs together: the matrix, changes, and the verdict last."""
    lines = [*_matrix(document), *_verdicts(document), *_changes(document)]
    lines += [f"note: {remark}" for remark in remarks(document)]
    word = painted(document.headline, document.verdict, document.ok, colour=colour)
    return [*lines, f"contracts: {word} ({_runs(document)})"]


def _verdicts(document: Document) -> list[str]:
    """Give a row for each extension, with its verdict in each run."""
    labels, rows = verdicts(document)
    if len(labels) < 2:
        return []
    table = [["verdicts", *labels], *(["  " + name, *cells] for name, cells in rows)]
    table = [[clean(cell) for cell in row] for row in table]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    padded = (zip(row, widths, strict=True) for row in table)
    return [*("  ".join(f"{cell:<{w}}" for cell, w in row).rstrip() for row in padded), ""]


def _matrix(document: Document) -> list[str]:
    columns = document.columns()
    if len(document.runs) < 2:
        return []
    lines = ["matrix (clauses that passed, or were left out, everywhere have no row)"]
    letters = [_letter(number) for number in range(len(columns))]
    lines += [
        f"  {letter}  {clean(column_title(column, document))}: {column.verdict.value}"
        for letter, column in zip(letters, columns, strict=True)
    ]
    lines += ["", "  " + " " * 11 + " ".join(f"{letter:>2}" for letter in letters)]
    for clause_id in document.rows():
        if document.is_uneventful(clause_id):
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
        line = f"  {c.kind:<8} {c.clause_id:<10} {where}: {c.old or '-'} -> {c.new or '-'}"
        lines.append(clean(line))
    return [*(lines if document.changes else [*lines, "  no clause came out differently"]), ""]


def _runs(document: Document) -> str:
    number = len(document.runs)
    if number < 2:
        return f"{number} run{'' if number == 1 else 's'}"
    each = (f"{clean(run.label)} {run.report.verdict.value}" for run in document.runs)
    return f"{number} runs: {', '.join(each)}"


def _letter(number: int) -> str:
    first, second = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
