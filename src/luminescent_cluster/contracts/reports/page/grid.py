"""The matrix: a row for each clause, a column for each extension of each run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ...clauses import Result, Status
from ..document import ClauseText, Column, Document
from ..words import column_title, provenance
from .findings import Anchors, row_id
from .marks import mark, slug, verdict_slug
from .tags import Html, element, join, raw

__all__ = ["grid"]

_WIDE = 4
"""Up to so many columns, cells say their status and what was seen in words."""


def grid(document: Document, anchors: Anchors) -> Html:
    """Give the section with the matrix."""
    columns = document.columns()
    ids = document.rows()
    if not ids:
        return raw("")
    wide = len(columns) <= _WIDE
    bodies = []
    for family, members in groupby(ids, key=lambda clause_id: clause_id.rpartition("-")[0]):
        rows = join(_line(clause_id, document, columns, anchors, wide) for clause_id in members)
        bodies.append(element("tbody", rows, class_="family", data_family=family))
    table = element(
        "table",
        element("caption", "Every clause of every extension", class_="vh"),
        element(
            "thead",
            element(
                "tr",
                element("th", "Clause", scope="col"),
                join(_head(column, document) for column in columns),
            ),
        ),
        join(bodies),
        class_="grid" if wide else "grid dense",
    )
    return element(
        "section",
        element("h2", "Clauses", id="clauses"),
        element(
            "div",
            table,
            class_="scroll flat" if wide else "scroll",
            tabindex="0",
            role="region",
            aria_labelledby="clauses",
        ),
        aria_labelledby="clauses",
    )


def _head(column: Column, document: Document) -> Html:
    return element(
        "th",
        element("bdi", column_title(column, document)),
        element(
            "span",
            column.verdict.value,
            class_=f"pill {verdict_slug(column.verdict)}",
        ),
        scope="col",
        title=provenance(column) or None,
    )


def _line(
    clause_id: str, document: Document, columns: Sequence[Column], anchors: Anchors, wide: bool
) -> Html:
    clause = document.clause(clause_id)
    found = [column.results.get(clause_id) for column in columns]
    statuses = " ".join(dict.fromkeys(slug(r.status) for r in found if r is not None))
    cells = join(
        _cell(result, column, anchors, wide) for result, column in zip(found, columns, strict=True)
    )
    return element(
        "tr",
        element("th", _about(clause), scope="row"),
        cells,
        id=row_id(clause_id),
        data_status=statuses,
        data_text=f"{clause_id} {clause.text}".lower(),
    )


def _about(clause: ClauseText) -> Html:
    weak = element("span", clause.level, class_="level") if clause.level == "SHOULD" else raw("")
    about = join([element("code", clause.id), weak, raw(" "), clause.text])
    pairs = [("Why", clause.reason), ("Fix", clause.fix)]
    if clause.probes:
        pairs.append(("Needs", ", ".join(clause.probes)))
    if clause.since:
        pairs.append(("Since", clause.since))
    said = join(element("dt", name) + element("dd", value) for name, value in pairs if value)
    if not said:
        return element("div", about)
    return element("details", element("summary", about), element("dl", said))


def _cell(result: Result | None, column: Column, anchors: Anchors, wide: bool) -> Html:
    if result is None:
        return element("td", element("span", "not in this run", class_="vh"), class_="absent")
    told = element("span", result.status.value, class_="w" if wide else "vh")
    inner = join([mark(result.status), raw(" "), told])
    anchor = anchors.get((column.run.label, result.subject, result.clause_id))
    if anchor:
        inner = element("a", inner, href=f"#{anchor}")
    seen = raw("")
    if wide and result.status in (Status.PASSED, Status.FAILED):
        seen = _seen(result)
    return element("td", inner, seen, class_=f"s-{slug(result.status)}")


def _seen(result: Result) -> Html:
    parts = [f"{result.examples} examples"] if result.examples else []
    parts += [f"{result.calls} calls"] if result.calls else []
    parts += [f"{result.duration:.1f} s"] if result.duration >= 0.1 else []
    return element("span", ", ".join(parts), class_="seen") if parts else raw("")
