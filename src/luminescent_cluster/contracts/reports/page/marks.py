"""Statuses as the page shows them: a class for the colour, a mark and a word."""

from __future__ import annotations

from ...clauses import Result, Status, Verdict
from ..words import MARKS
from .tags import Html, element, raw

__all__ = ["chip", "mark", "slug", "verdict_slug"]


def slug(status: Status) -> str:
    """Give a status as a name for classes and data attributes."""
    return status.value.replace(" ", "-")


def verdict_slug(verdict: Verdict, ok: bool = True) -> str:
    """Give the class of a verdict's colours; a success with problems has those of a failure."""
    if verdict.ok and not ok:
        return "v-bad"
    return {
        Verdict.CONFORMANT: "v-good",
        Verdict.CONFORMANT_WITH_WAIVERS: "v-waived",
        Verdict.NON_CONFORMANT: "v-bad",
        Verdict.INCOMPLETE: "v-open",
    }[verdict]


def mark(status: Status) -> Html:
    """Give a status' mark, which a screen reader need not read: the word stands beside it."""
    return element("span", MARKS[status], class_="m", aria_hidden="true")


def chip(result: Result) -> Html:
    """Give a result's status as a small label."""
    return element(
        "span",
        mark(result.status),
        raw(" "),
        result.status.value,
        class_=f"chip s-{slug(result.status)}",
    )
