"""Interleavings: one column for each thread, one row for each step, in the order they happened.

``Result.extra["timeline"]`` has ``threads`` (names, in order), ``titles`` (name to title) and
``events``, each with ``thread``, ``kind``, ``text``, ``file``, ``line``, ``source`` and ``value``;
``extra["token"]`` replays it, and ``extra["schedules"]`` says how many were tried.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...clauses import Result
from .tags import Html, element, join, raw

__all__ = ["interleaving", "without_drawing"]

_MOST = 400
"""Rows drawn of one timeline; a longer one keeps its beginning and its end."""
_RULE = re.compile(r"-{3,}(\+-+)*\Z")


def interleaving(result: Result) -> Html:
    """Draw the interleaving that a result carries; nothing where there is none."""
    timeline = result.extra.get("timeline")
    if not isinstance(timeline, Mapping):
        return raw("")
    events = [event for event in timeline.get("events", ()) if isinstance(event, Mapping)]
    names = [str(name) for name in timeline.get("threads", ())]
    names = [name for name in names if any(str(e.get("thread")) == name for e in events)]
    if not names:
        return raw("")
    titles = timeline.get("titles") or {}
    head = join(element("th", titles.get(name, f"thread {name}"), scope="col") for name in names)
    tried = result.extra.get("schedules")
    number = tried.get("schedules") if isinstance(tried, Mapping) else None
    told = f"Interleaving, found by schedule {number}" if number else "Interleaving"
    table = element(
        "table",
        element("caption", told),
        element("thead", element("tr", element("th", "step", scope="col"), head)),
        element("tbody", join(_rows(events, names))),
        class_="timeline",
    )
    replay = raw("")
    token = result.extra.get("token")
    if token:
        command = f"pytest --contracts-replay={token}"
        replay = element("p", "Replay exactly this: ", element("code", command))
    return element("div", table, class_="scroll") + replay


def without_drawing(evidence: Sequence[str]) -> list[str]:
    """Give a result's evidence without the timeline that terminals show, and its replay line."""
    lines = list(evidence)
    rules = [n for n, line in enumerate(lines) if _RULE.match(line)]
    if not rules:
        return lines
    ends = [n for n in range(rules[0], len(lines)) if lines[n].startswith("replay:")]
    end = ends[0] + 1 if ends else len(lines)
    return [*lines[: max(rules[0] - 1, 0)], *lines[end:]]


def _rows(events: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[Html]:
    numbered = list(enumerate(events, 1))
    skipped = len(numbered) - _MOST
    if skipped > 0:
        half = _MOST // 2
        numbered = [*numbered[:half], (0, {}), *numbered[-half:]]
    rows = []
    before = ""
    for number, event in numbered:
        if not number:
            gap = element("td", f"{skipped} more steps", colspan=len(names) + 1, class_="gap")
            rows.append(element("tr", gap))
            continue
        thread = str(event.get("thread"))
        turn = bool(before) and thread != before
        before = thread
        cells = [_cell(event) if thread == name else element("td", class_="idle") for name in names]
        row = join([element("th", number, scope="row"), *cells])
        rows.append(element("tr", row, class_="turn" if turn else None))
    return rows


def _cell(event: Mapping[str, Any]) -> Html:
    kind = str(event.get("kind", ""))
    said = str(event.get("text", ""))
    value = str(event.get("value", ""))
    parts: list[Html] = []
    if event.get("source"):
        place = f"{os.path.basename(str(event.get('file', '')))}:{event.get('line', '')}"
        parts.append(element("span", place, class_="place"))
        parts.append(element("code", str(event["source"]).strip()))
    told = {
        "call": f"call {said}",
        "result": f"→ {said}",
        "preempted": f"⤳ {said or 'preempted here'}",
    }.get(kind, f"{said} = {value}" if value else said)
    if told and (not event.get("source") or kind != "access" or value):
        parts.append(element("span", told, class_=f"k-{_word(kind)}"))
    return element("td", join(parts, " "))


def _word(kind: str) -> str:
    known = ("call", "result", "access", "takes", "gives", "waits", "preempted", "stands")
    return kind if kind in known else "other"
