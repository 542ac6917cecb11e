"""Interleavings: one column for each thread, one row for each step, in the order they happened.

``Result.extra["schedules"]`` is a list of mappings with ``kind``, ``token``, ``switches``,
``schedules`` (tried until it was found) and ``timeline``: ``threads`` (names, in order), ``titles``
(name to title) and ``events``, each with ``thread``, ``kind``, ``text``, ``file``, ``line``,
``source`` and ``value``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ...clauses import Result
from .tags import Html, element, join, raw

__all__ = ["schedules"]

_MOST = 400
"""Rows drawn of one timeline; a longer one keeps its beginning and its end."""


def schedules(result: Result) -> Html:
    """Draw every schedule that a result carries."""
    found = result.extra.get("schedules", ())
    if not isinstance(found, (list, tuple)):
        return raw("")
    return join(_schedule(one) for one in found if isinstance(one, Mapping))


def _schedule(data: Mapping[str, Any]) -> Html:
    timeline = data.get("timeline")
    if not isinstance(timeline, Mapping):
        return raw("")
    events = [event for event in timeline.get("events", ()) if isinstance(event, Mapping)]
    names = [str(name) for name in timeline.get("threads", ())]
    names = [name for name in names if any(str(e.get("thread")) == name for e in events)]
    if not names:
        return raw("")
    titles = timeline.get("titles") or {}
    head = join(element("th", titles.get(name, f"thread {name}"), scope="col") for name in names)
    facts = [
        f"{data[key]} {word}"
        for key, word in (("switches", "switches"), ("schedules", "schedules tried"))
        if data.get(key)
    ]
    caption = element(
        "caption",
        f"Interleaving: {data.get('kind', 'finding')}",
        f" ({', '.join(facts)})" if facts else "",
    )
    table = element(
        "table",
        caption,
        element("thead", element("tr", element("th", "step", scope="col"), head)),
        element("tbody", join(_rows(events, names))),
        class_="timeline",
    )
    replay = raw("")
    if data.get("token"):
        replay = element(
            "p", "Replay exactly this: ", element("code", f"--contracts-replay={data['token']}")
        )
    return element("div", table, class_="scroll") + replay  # type: ignore[return-value]


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
