"""Reports as GitHub-flavoured Markdown, for a step summary or a merge request."""

from __future__ import annotations

from collections.abc import Sequence

from ..clauses import Status
from .document import Document
from .escape import as_markdown, as_markdown_block, as_markdown_html
from .findings import Finding, findings, heads
from .words import (
    MARKS,
    column_title,
    counts,
    facts_of_run,
    first_line,
    provenance,
    remarks,
    sentence,
    verdicts,
)

__all__ = ["render"]

_ROOM = 900_000
"""GitHub drops a step summary of more than 1 MiB as a whole."""
_MANY = 30
"""Columns that a table has at most; more are unreadable."""
_OPEN = (Status.FAILED, Status.ERROR)


def render(document: Document) -> str:
    """Give a document as Markdown: the verdict, a table of extensions, what needs attention."""
    mark = "✅" if document.ok else "❌"
    parts = [
        f"## {mark} Contracts: {document.headline}",
        sentence(document),
        "\n".join(_problems(document)),
        *remarks(document),
        _extensions(document),
        *_changes(document),
        _verdicts(document),
        *_grid(document),
        *_findings(document),
        *_kills(document),
        *_versions(document),
        _colophon(document),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join([' --- '] * len(head))}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _problems(document: Document) -> list[str]:
    lines = []
    for run in document.runs:
        where = f" ({as_markdown(run.label)})" if len(document.runs) > 1 else ""
        lines += [f"- **problem**{where}: {as_markdown(p)}" for p in run.report.problems]
    return lines


def _extensions(document: Document) -> str:
    rows = [
        [
            f"**{as_markdown(column_title(column, document))}**",
            column.verdict.value,
            counts(column.results.values()),
            as_markdown(provenance(column)),
        ]
        for column in document.columns()
    ]
    return _table(["extension", "verdict", "clauses", "what it is"], rows) if rows else ""


def _verdicts(document: Document) -> str:
    labels, rows = verdicts(document)
    if not 1 < len(labels) <= _MANY:
        return ""
    cells = [[f"**{as_markdown(name)}**", *found] for name, found in rows]
    return f"### Verdicts\n\n{_table(['extension', *map(as_markdown, labels)], cells)}"


def _changes(document: Document) -> list[str]:
    if document.changes is None:
        return []
    was = document.compared.value if document.compared else "nothing"
    lines = [f"### Changes\n\nThe verdict was {was} and is {document.verdict.value}."]
    rows = [
        [
            f"**{c.kind}**" if c.kind == "worse" else c.kind,
            as_markdown(f"{c.subject} ({c.run})" if c.run else c.subject),
            as_markdown(c.clause_id),
            c.old or "",
            c.new or "",
        ]
        for c in document.changes[:500]
    ]
    lines.append(
        _table(["change", "extension", "clause", "was", "is"], rows)
        if rows
        else "No clause came out differently."
    )
    if len(document.changes) > 500:
        lines.append(f"{len(document.changes) - 500} more changes are left out.")
    return lines


def _grid(document: Document) -> list[str]:
    columns = document.columns()
    labels = {run.label for run in document.runs}
    if len(labels) < 2 or len(columns) > _MANY:
        return []  # the table of extensions says it all
    rows = []
    for clause_id in document.rows():
        if document.is_uneventful(clause_id):
            continue
        found = [column.results.get(clause_id) for column in columns]
        cells = ["" if r is None else f"{MARKS[r.status]} {r.status.value}" for r in found]
        rows.append([as_markdown(clause_id), *cells])
    if not rows:
        return []
    head = ["clause", *(as_markdown(column_title(c, document)) for c in columns)]
    return [
        "### Matrix",
        "Clauses that passed, or were left out, everywhere have no row.",
        _table(head, rows),
    ]


def _findings(document: Document) -> list[str]:
    found = findings(document)
    if not found:
        return []
    parts, room, left = ["### What needs attention"], _ROOM, 0
    for finding in found:
        part = _finding(finding, document)
        room -= len(part.encode("utf-8", "replace"))
        if room < 0:
            left += 1
        else:
            parts.append(part)
    if left:
        parts.append(f"{left} more are left out here; the HTML and JSON reports have them all.")
    return parts


def _finding(finding: Finding, document: Document) -> str:
    result, ids = finding.result, finding.ids
    clause = document.clause(result.clause_id)
    status = result.status.value + ("" if finding.weighs else f", {result.level.value}")
    text = clause.text if len(ids) == 1 else first_line(result)
    opened = " open" if result.status in _OPEN and finding.weighs else ""
    lines = [
        f"<details{opened}><summary>{MARKS[result.status]} <b>{as_markdown_html(heads(ids))}</b> "
        f"{as_markdown_html(status)}: {as_markdown_html(text)} "
        f"<i>({as_markdown_html(finding.where(document))})</i></summary>",
        "",
        as_markdown_block(result.message or result.status.value, "text"),
    ]
    if clause.reason and len(ids) == 1:
        lines += ["", f"Why: {as_markdown(clause.reason)}"]
    lines += [f"\nNote: {as_markdown(note)}" for note in result.notes]
    return "\n".join([*lines, "", "</details>"])


def _kills(document: Document) -> list[str]:
    if not document.kills:
        return []
    survivors = [kill for kill in document.kills if kill.get("outcome") == "survived"]
    killed = sum(kill.get("outcome") == "killed" for kill in document.kills)
    parts = ["### Faults", f"{killed} caught, {len(survivors)} survived."]
    if survivors:
        rows = [
            [as_markdown(str(kill.get(key, ""))) for key in ("extension", "fault", "aim", "remedy")]
            for kill in survivors
        ]
        parts.append(_table(["extension", "surviving fault", "clause", "remedy"], rows))
    return parts


def _versions(document: Document) -> list[str]:
    if not document.versions:
        return []
    rows = []
    for found in document.versions:
        cells = "; ".join(f"{c.get('version')}: {c.get('status')}" for c in found.get("cells", ()))
        names = ("implementation", "protocol", "declared", "claim")
        rows.append([*(as_markdown(str(found.get(n) or "nothing")) for n in names)])
        rows[-1].insert(2, as_markdown(cells))
    head = ["implementation", "protocol", "versions", "declared", "claim"]
    return ["### Versions", _table(head, rows)]


def _colophon(document: Document) -> str:
    lines = []
    for run in document.runs:
        facts = ", ".join(f"{key} {as_markdown(value)}" for key, value in facts_of_run(run).items())
        label = f"{as_markdown(run.label)}: " if len(document.runs) > 1 else ""
        lines += [f"<sub>{label}{facts}</sub>"] if facts else []
        lines += [f"<sub>note: {as_markdown(note)}</sub>" for note in run.report.notes]
    return "\n\n".join(lines)
