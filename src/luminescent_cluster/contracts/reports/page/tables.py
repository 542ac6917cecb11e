"""The smaller tables: changes against an earlier report, faults, protocol versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...clauses import Verdict
from ..document import Document
from ..words import verdicts
from .marks import verdict_slug
from .tags import Html, element, join, raw

__all__ = ["changes", "kills", "runs", "versions"]

_CELLS = {
    "satisfied": ("passed", "✓", "runs"),
    "satisfied through defaults": ("waived", "≈", "through defaults"),
    "not satisfied": ("failed", "✗", "does not run"),
}

_CLAIMS = {
    "honest": "passed",
    "under-claimed": "waived",
    "over-claimed": "failed",
    "contradictory": "failed",
}


def runs(document: Document) -> Html:
    """Give the section with each extension's verdict in each run, where there are several."""
    labels, rows = verdicts(document)
    if len(labels) < 2:
        return raw("")
    lines = join(
        element(
            "tr",
            element("th", element("bdi", name), scope="row"),
            join(element("td", _verdict(verdict)) for verdict in found),
        )
        for name, found in rows
    )
    return _section("Verdicts", "verdicts", _table(("extension", *labels), lines, "Verdicts"))


def _verdict(name: str) -> Html:
    if not name:
        return element("span", "not in this run", class_="vh")
    return element("span", name, class_=f"pill {verdict_slug(Verdict(name))}")


def changes(document: Document) -> Html:
    """Give the section with what changed, where somebody compared."""
    if document.changes is None:
        return raw("")
    was = document.compared.value if document.compared else "nothing"
    told = element("p", f"The verdict was {was} and is {document.verdict.value}.")
    if not document.changes:
        table = element("p", "No clause came out differently.")
    else:
        rows = join(
            element(
                "tr",
                element("td", change.kind, class_=f"d-{change.kind}"),
                element("th", element("code", change.clause_id), scope="row"),
                element(
                    "td",
                    element("bdi", change.subject + (f" ({change.run})" if change.run else "")),
                ),
                element("td", change.old or "-"),
                element("td", change.new or "-"),
            )
            for change in document.changes
        )
        table = _table(("change", "clause", "extension", "was", "is"), rows, "Changes")
    return _section("Changes", "changes", told, table)


def kills(document: Document) -> Html:
    """Give the section with the kill matrix, where there is one."""
    if not document.kills:
        return raw("")
    parts = []
    extensions = dict.fromkeys(str(kill.get("extension", "")) for kill in document.kills)
    for extension in extensions:
        mine = [kill for kill in document.kills if str(kill.get("extension", "")) == extension]
        survived = sum(kill.get("outcome") == "survived" for kill in mine)
        killed = sum(kill.get("outcome") == "killed" for kill in mine)
        parts.append(element("h3", element("bdi", extension or "extension")))
        parts.append(element("p", f"{killed} caught, {survived} survived."))
        mine.sort(key=lambda kill: kill.get("outcome") != "survived")
        rows = join(_kill(kill) for kill in mine)
        head = ("fault", "aimed at", "outcome", "caught by")
        parts.append(_table(head, rows, f"Faults put into {extension}"))
    return _section("Would these clauses have caught it?", "faults", *parts)


def _kill(kill: Mapping[str, Any]) -> Html:
    outcome = str(kill.get("outcome", ""))
    status = {"killed": "passed", "survived": "failed"}.get(outcome, "excused")
    word = {"killed": "✓ caught", "survived": "✗ survived"}.get(outcome, outcome)
    by = kill.get("killed_by") or ()
    caught = join((element("code", clause) for clause in by), " ") if by else raw("")
    if outcome == "survived" and kill.get("remedy"):
        caught = element("span", str(kill["remedy"]))
    name = element("th", element("code", kill.get("fault", "")), raw(" "), scope="row")
    if kill.get("text"):
        name = element(
            "th", element("code", kill.get("fault", "")), f" {kill['text']}", scope="row"
        )
    return element(
        "tr",
        name,
        element("td", element("code", kill.get("aim", ""))),
        element("td", word, class_=f"s-{status}"),
        element("td", caught),
    )


def versions(document: Document) -> Html:
    """Give the section with the version matrix, where there is one."""
    if not document.versions:
        return raw("")
    parts = []
    protocols = dict.fromkeys(str(found.get("protocol", "")) for found in document.versions)
    for protocol in protocols:
        mine = [found for found in document.versions if str(found.get("protocol", "")) == protocol]
        names = list(
            dict.fromkeys(str(c.get("version")) for found in mine for c in found.get("cells", ()))
        )
        rows = join(_implementation(found, names) for found in mine)
        head = ("implementation", *names, "declares", "claim")
        parts.append(_table(head, rows, f"Implementations of {protocol} under its versions"))
    return _section("Which versions run together", "versions", *parts)


def _implementation(found: Mapping[str, Any], names: list[str]) -> Html:
    cells = {str(cell.get("version")): cell for cell in found.get("cells", ())}
    status = _CLAIMS.get(str(found.get("claim")), "unverified")
    claim = element(
        "td",
        element("strong", found.get("claim", "")),
        f" {found.get('reason') or ''}",
        class_=f"s-{status}",
    )
    return element(
        "tr",
        element("th", element("code", found.get("implementation", "")), scope="row"),
        join(_version(cells.get(name)) for name in names),
        element("td", element("code", found.get("declared") or "nothing")),
        claim,
    )


def _version(cell: Mapping[str, Any] | None) -> Html:
    if cell is None:
        return element("td", element("span", "not judged", class_="vh"), class_="absent")
    status, letter, word = _CELLS.get(
        str(cell.get("status")), ("excused", "·", str(cell.get("status")))
    )
    inner = join([element("span", letter, class_="m", aria_hidden="true"), f" {word}"])
    rejections = [r for r in cell.get("rejections", ()) if isinstance(r, Mapping)]
    if rejections:
        lines = "\n".join(f"{r.get('witness', '')}: {r.get('reason', '')}" for r in rejections)
        inner = element("details", element("summary", inner), element("pre", lines))
    elif cell.get("defaults"):
        inner = join([inner, element("span", ", ".join(cell["defaults"]), class_="seen")])
    return element("td", inner, class_=f"s-{status}")


def _section(title: str, anchor: str, *content: Html) -> Html:
    return element("section", element("h2", title, id=anchor), *content, aria_labelledby=anchor)


def _table(head: tuple[str, ...], rows: Html, caption: str) -> Html:
    heads = join(element("th", name, scope="col") for name in head)
    table = element(
        "table",
        element("caption", caption, class_="vh"),
        element("thead", element("tr", heads)),
        element("tbody", rows),
        class_="plain",
    )
    return element("div", table, class_="scroll", tabindex="0", role="region", aria_label=caption)
