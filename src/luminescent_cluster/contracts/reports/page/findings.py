"""What needs attention, one card each: the sentence, the evidence, why it matters, what to do."""

from __future__ import annotations

from ...clauses import Result, Status
from ..document import ClauseText, Document
from ..findings import Finding, findings, heads
from .marks import chip, slug
from .tags import Html, element, join, raw
from .timeline import interleaving, without_drawing

__all__ = ["Anchors", "cards", "row_id"]

Anchors = dict[tuple[str, str, str], str]
"""Run, subject and clause of a finding, to the id of its card."""
_OPEN = (Status.FAILED, Status.ERROR, Status.INCONCLUSIVE)


def cards(document: Document) -> tuple[Html, Anchors]:
    """Give the section of findings, and where each finding is in it."""
    anchors: Anchors = {}
    items = []
    for number, finding in enumerate(findings(document), 1):
        anchor = f"f{number}"
        anchors |= {(r.label, x.subject, x.clause_id): anchor for r, x in finding.results}
        items.append(_card(anchor, finding, document))
    if not items:
        return raw(""), anchors
    head = element("h2", "What needs attention", id="attention")
    return element("section", head, join(items), aria_labelledby="attention"), anchors


def _card(anchor: str, finding: Finding, document: Document) -> Html:
    result, every = finding.result, finding.ids
    clause = document.clause(result.clause_id)
    alone = len(every) == 1
    ids = join(
        (element("a", clause_id, href=f"#{row_id(clause_id)}") for clause_id in every[:12]), " "
    )
    if len(every) > 12:
        ids = join([ids, f" and {len(every) - 12} more"])
    where = finding.where(document)
    title = clause.text if alone and clause.text else _gist(result)
    summary = element(
        "summary",
        element("span", chip(result), raw(" "), element("code", ids), class_="ids"),
        element("span", result.level.value, class_="level") if alone else raw(""),
        element("bdi", where, class_="who"),
        element("h3", title),
    )
    body = element(
        "div",
        element("div", *_evidence(result), *_why(clause, alone), class_="evidence"),
        element("div", *_advice(result, clause, alone), class_="advice"),
        class_="body",
    )
    drawing = interleaving(result)
    return element(
        "details",
        summary,
        body,
        drawing,
        class_=f"card edge-{slug(result.status)}",
        id=anchor,
        open=result.status in _OPEN and finding.weighs,
        data_status=slug(result.status),
        data_text=f"{heads(every, 50)} {where} {title}".lower(),
    )


def row_id(clause_id: str) -> str:
    return "c-" + "".join(c for c in clause_id if c.isascii() and (c.isalnum() or c == "-"))


def _gist(result: Result) -> str:
    lines = [line.strip() for line in result.message.splitlines() if line.strip()]
    return lines[0] if lines else result.status.value


def _evidence(result: Result) -> list[Html]:
    """Show the case: structured where the result is, else the whole message."""
    parts = []
    if not result.evidence:
        return [element("pre", result.message or "Nothing was said.")]
    if result.status is Status.WAIVED:
        parts.append(element("p", _gist(result), class_="waiver"))
    parts.append(element("pre", "\n".join(_shown(result))))
    if len(result.history) > 1:
        parts.append(element("h4", "Failing example"))
        parts.append(element("pre", element("code", "\n".join(result.history))))
    return parts


def _shown(result: Result) -> list[str]:
    lines = [line for part in result.evidence for line in part.split("\n")]
    return without_drawing(lines) if interleaving(result) else lines


def _why(clause: ClauseText, alone: bool) -> list[Html]:
    if not alone or not clause.reason:
        return []
    return [element("h4", "Why"), element("p", _sentence(clause.reason))]


def _sentence(text: str) -> str:
    """Begin with a capital where the first word is a word of prose."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text


def _advice(result: Result, clause: ClauseText, alone: bool) -> list[Html]:
    pairs = []
    if alone and (result.fix or clause.fix) and result.status in (Status.FAILED, Status.WAIVED):
        pairs.append(("Fix", result.fix or clause.fix))
    if result.probe:
        pairs.append(("Missing probe", result.probe))
    parts = [element("h4", name) + element("p", _sentence(said)) for name, said in pairs]
    if result.notes:
        notes = join(element("li", note) for note in result.notes)
        parts.append(element("h4", "Notes") + element("ul", notes))
    if result.status is not Status.NOT_RUN:
        parts.append(element("p", element("code", f"luminescent-contracts explain {clause.id}")))
    return parts
