"""Findings as GitHub workflow commands, which show as annotations on the bindings' lines.

GitHub keeps ten errors and ten warnings of a step; what goes beyond is counted in the last one.
"""

from __future__ import annotations

from ..clauses import Status
from .document import Document
from .escape import as_workflow_data, as_workflow_property
from .findings import Finding, findings, heads
from .words import sentence

__all__ = ["render"]

_KEPT = 9
"""Of each kind; the tenth is for the verdict or the rest."""


def render(document: Document, prefix: str = "") -> str:
    """Give a document's findings as workflow commands.

    Args:
        document: what to tell.
        prefix: the project's folder in the repository, where it is not the repository's root.
    """
    lines: dict[str, list[str]] = {"error": [], "warning": []}
    for finding in findings(document):
        kind = _kind(finding)
        if kind:
            lines[kind].append(_annotation(kind, finding, document, prefix))
    shown = []
    for kind, found in lines.items():
        shown += found[:_KEPT]
        if kind == "warning" and len(found) > _KEPT:
            shown.append(_command("warning", "contracts", f"{len(found) - _KEPT} more warnings"))
    more = len(lines["error"]) - _KEPT
    rest = f" {more} more findings are in the report." if more > 0 else ""
    problems = "".join(f"\n{p}" for run in document.runs for p in run.report.problems)
    shown.append(
        _command(
            "notice" if document.ok else "error",
            f"contracts: {document.headline}",
            sentence(document) + rest + problems,
        )
    )
    return "".join(line + "\n" for line in shown)


def _kind(finding: Finding) -> str:
    status = finding.result.status
    if status is Status.EXCUSED:
        return ""
    if not finding.weighs:
        return "warning" if status is Status.FAILED else ""
    return "warning" if status in (Status.WAIVED, Status.UNVERIFIED) else "error"


def _annotation(kind: str, finding: Finding, document: Document, prefix: str) -> str:
    result = finding.result
    title = f"{heads(finding.ids)} {result.status.value}: {finding.where(document)}"
    text = "\n".join([result.message or result.status.value, *result.notes])
    return _command(kind, title, text, finding.run.place_of(result.subject), prefix)


def _command(
    kind: str, title: str, text: str, place: tuple[str, int] | None = None, prefix: str = ""
) -> str:
    properties = {}
    if place:
        folder = prefix.strip("/").removeprefix("./")
        properties = {
            "file": f"{folder}/{place[0]}" if folder and folder != "." else place[0],
            "line": str(place[1]),
        }
    properties["title"] = title
    shown = ",".join(f"{key}={as_workflow_property(value)}" for key, value in properties.items())
    return f"::{kind} {shown}::{as_workflow_data(text)}"
