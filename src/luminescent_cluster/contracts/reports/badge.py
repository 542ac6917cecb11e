"""The verdict as a badge: the JSON that shields.io's endpoint reads, or an SVG of our own."""

from __future__ import annotations

import json

from ..clauses import Verdict
from .document import Document

__all__ = ["render", "render_svg"]

_COLOURS = {
    Verdict.CONFORMANT: ("brightgreen", "#2e7d32"),
    Verdict.CONFORMANT_WITH_WAIVERS: ("yellow", "#8d6e00"),
    Verdict.NON_CONFORMANT: ("red", "#c62828"),
    Verdict.INCOMPLETE: ("orange", "#b45309"),
}


def _told(document: Document) -> tuple[str, tuple[str, str]]:
    if document.verdict.ok and not document.ok:
        return "problems", _COLOURS[Verdict.NON_CONFORMANT]
    return document.verdict.value.lower(), _COLOURS[document.verdict]


def render(document: Document) -> str:
    """Give the badge as shields.io endpoint JSON."""
    message, colours = _told(document)
    data = {"schemaVersion": 1, "label": "contracts", "message": message, "color": colours[0]}
    if not document.ok:
        data["isError"] = True
    return json.dumps(data, sort_keys=True) + "\n"


def render_svg(document: Document) -> str:
    """Give the badge as SVG; it holds no text but the verdict's."""
    message, colours = _told(document)
    left, right = 70, round(6.6 * len(message)) + 18
    text = 'y="14" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" fill="#fff"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="contracts: {message}"><title>contracts: {message}</title>'
        f'<clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colours[1]}"/></g>'
        f'<g text-anchor="middle" {text}><text x="{left / 2:g}" y="14">contracts</text>'
        f'<text x="{left + right / 2:g}" y="14">{message}</text></g></svg>\n'
    ).replace('middle" y="14" font', 'middle" font')
