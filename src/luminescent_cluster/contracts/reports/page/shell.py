"""The page around its sections: head, verdict, filters, footer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ...clauses import Result, Status
from ..document import Column, Document, Run
from ..words import MARKS, column_title, counts, facts_of_run, provenance, remarks, sentence
from .findings import cards
from .grid import grid
from .marks import slug, verdict_slug
from .tables import changes, kills, runs, versions
from .tags import Html, element, join, raw

__all__ = ["render"]

_TILES = 12
"""Up to so many extensions have a tile under the verdict; more are in the matrix only."""


def render(document: Document) -> str:
    """Give a document as one HTML page."""
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    found, anchors = cards(document)
    return "".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">',
            element("title", f"{document.headline}: contracts"),
            f"<style>{style}</style></head><body>",
            '<a class="skip" href="#main">Skip to the findings</a>',
            _verdict(document),
            _toolbar(document),
            '<main id="main">',
            _problems(document),
            runs(document),
            changes(document),
            found,
            _notes(document),
            grid(document, anchors),
            kills(document),
            versions(document),
            '<p id="nothing" hidden>Nothing matches these filters.</p></main>',
            _footer(document),
            f"<script>{script}</script></body></html>\n",
        )
    )


@cache
def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _verdict(document: Document) -> Html:
    columns = document.columns()
    tiles = join(_tile(column, document) for column in columns[:_TILES])
    hidden = len(columns) - _TILES
    if hidden > 0:
        tiles = join([tiles, element("p", f"{hidden} more extensions are in the table below.")])
    return element(
        "header",
        element(
            "div",
            element("p", "Contracts of Luminescent Cluster extensions", class_="kicker"),
            element("h1", document.headline),
            element("p", sentence(document), class_="meaning"),
            class_="word",
        ),
        element("div", tiles, class_="tiles"),
        class_=f"verdict {verdict_slug(document.verdict, document.ok)}",
    )


def _tile(column: Column, document: Document) -> Html:
    return element(
        "section",
        element("h2", element("bdi", column_title(column, document))),
        element("span", column.verdict.value, class_=f"pill {verdict_slug(column.verdict)}"),
        _bar(column.results.values()),
        element("p", counts(column.results.values()), class_="counts"),
        element("p", provenance(column), class_="about"),
        class_="tile",
    )


def _bar(results: Iterable[Result]) -> Html:
    """Draw the shares of the statuses; the same is said in words beside it."""
    number = dict.fromkeys(Status, 0)
    for result in results:
        number[result.status] += 1
    total = sum(number.values())
    if not total:
        return raw("")
    parts, at = [], 0
    for status, count in number.items():
        if count:
            parts.append(
                f'<rect x="{at}" y="0" width="{count}" height="1" class="f-{slug(status)}"/>'
            )
            at += count
    return raw(
        f'<svg class="bar" viewBox="0 0 {total} 1" preserveAspectRatio="none" '
        f'aria-hidden="true">{"".join(parts)}</svg>'
    )


def _toolbar(document: Document) -> Html:
    buttons = join(
        element(
            "button",
            element("span", MARKS[status], class_="m", aria_hidden="true"),
            f" {status.value} ",
            element("b", number),
            type="button",
            aria_pressed="false",
            data_filter=slug(status),
            class_=f"chip s-{slug(status)}",
        )
        for status, number in document.count().items()
    )
    search = element(
        "label",
        element("span", "Search", class_="vh"),
        raw('<input type="search" id="search" placeholder="Search clauses and extensions">'),
    )
    return element(
        "div",
        element("div", buttons, role="group", aria_label="Show only these statuses"),
        search,
        raw('<span id="shown" role="status"></span>'),
        class_="toolbar",
        hidden=True,
        id="toolbar",
    )


def _problems(document: Document) -> Html:
    """Give what is wrong with the run itself: nobody may overlook it."""
    lines = [
        element(
            "li", element("strong", "problem "), _label(document, run) + problem, class_="problem"
        )
        for run in document.runs
        for problem in run.report.problems
    ]
    if not lines:
        return raw("")
    head = element("h2", "Problems of this run", id="problems")
    shown = element("ul", join(lines), class_="about-run")
    return element("section", head, shown, aria_labelledby="problems")


def _notes(document: Document) -> Html:
    """Give what is worth knowing, once the findings are read."""
    lines = [
        element("li", element("strong", "note "), _label(document, run) + note)
        for run in document.runs
        for note in run.report.notes
    ]
    lines += [element("li", remark) for remark in remarks(document)]
    passing = [
        element("li", element("code", r.clause_id), " ", element("bdi", r.subject), f": {note}")
        for run in document.runs
        for r in run.report.results
        if r.status is Status.PASSED
        for note in r.notes
    ]
    parts = [element("ul", join(lines), class_="about-run")] if lines else []
    if passing:
        title = element("summary", f"Remarks of clauses that passed ({len(passing)})")
        parts.append(element("details", title, element("ul", join(passing)), class_="remarks"))
    if not parts:
        return raw("")
    head = element("h2", "About this run", id="about")
    return element("section", head, *parts, aria_labelledby="about")


def _label(document: Document, run: Run) -> str:
    return f"{run.label}: " if len(document.runs) > 1 and run.label else ""


def _footer(document: Document) -> Html:
    parts = []
    for run in document.runs:
        facts = facts_of_run(run)
        if run.label and len(document.runs) > 1:
            facts = {"run": run.label, **facts}
        pairs = join(
            element("div", element("dt", name), element("dd", value))
            for name, value in facts.items()
        )
        parts.append(element("dl", pairs))
    return element("footer", element("h2", "How this was found out"), join(parts))
