"""What happened in one run, as data and as a text with one column per thread."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Event", "Timeline"]


@dataclass
class Event:
    """One thing a thread did.

    ``kind`` is call, result, access, takes, gives, waits, preempted or stands; ``line`` and
    ``source`` say where, ``text`` what, ``value`` what was read or written, as far as known.
    """

    thread: str
    kind: str
    text: str
    file: str = ""
    line: int = 0
    source: str = ""
    value: str = ""


@dataclass(frozen=True)
class Timeline:
    """The events of a run in the order in which they happened."""

    threads: tuple[str, ...]
    events: tuple[Event, ...]
    titles: dict[str, str] = field(default_factory=dict)

    def text(self, width: int = 100, limit: int = 60) -> str:
        """A column per thread, a row per source line; long undisturbed stretches are cut."""
        names = [name for name in self.threads if any(e.thread == name for e in self.events)]
        if not names:
            return ""
        column = max(24, min(60, (width - 3 * (len(names) - 1)) // len(names)))
        rows = _shorten(_rows(self.events), limit)
        lines = [_line({name: self.titles.get(name, name) for name in names}, names, column)]
        lines.append("-+-".join("-" * column for _ in names))
        for thread, cells in rows:
            lines += [_line({thread: cell}, names, column) for cell in cells]
        return "\n".join(line.rstrip() for line in lines)


def _rows(events: Sequence[Event]) -> list[tuple[str, list[str]]]:
    rows: list[tuple[str, list[str]]] = []
    last: tuple[str, str, int] | None = None
    for event in events:
        place = (event.thread, event.file, event.line)
        if event.kind == "call":
            rows.append((event.thread, [f"call {event.text}"]))
            last = None
            continue
        if event.kind == "result":
            rows.append((event.thread, [f"-> {event.text}"]))
            last = None
            continue
        cells = []
        if event.source and place != last:
            cells.append(f"{os.path.basename(event.file)}:{event.line}  {event.source}")
            last = place
        elif not event.source:
            last = None
        detail = f"{event.text} = {event.value}" if event.value else event.text
        if event.kind == "preempted":
            cells.append(f">> {detail}")
            last = None
        elif event.kind == "access":
            if event.value:
                cells.append(f"     {detail}")
        else:
            cells.append(f"     {detail}")
        if rows and rows[-1][0] == event.thread and last == place and not event.source:
            rows[-1][1].extend(cells)
        elif cells:
            rows.append((event.thread, cells))
    return rows


def _shorten(rows: list[tuple[str, list[str]]], limit: int) -> list[tuple[str, list[str]]]:
    if len(rows) <= limit:
        return rows
    turns = {
        index
        for index in range(1, len(rows))
        if rows[index][0] != rows[index - 1][0]
        or rows[index][1][0].startswith((">>", "call", "->"))
    }
    near = 2
    kept = {i for turn in turns for i in range(turn - near, turn + near + 1)} | {0, len(rows) - 1}
    shown: list[tuple[str, list[str]]] = []
    skipped = 0
    for index, row in enumerate(rows):
        if index in kept:
            if skipped:
                shown.append((row[0], [f"     ... {skipped} more lines"]))
            skipped = 0
            shown.append(row)
        else:
            skipped += 1
    return shown


def _line(cells: dict[str, str], names: Sequence[str], column: int) -> str:
    wrapped = {
        name: textwrap.wrap(
            cell.replace("\n", " ").strip(),
            column,
            subsequent_indent="       ",
            max_lines=4,
            placeholder="...",
            drop_whitespace=True,
            initial_indent=" " * (len(cell) - len(cell.lstrip())),
        )
        for name, cell in cells.items()
    }
    height = max(1, *(len(parts) for parts in wrapped.values()))
    lines = []
    for row in range(height):
        parts = []
        for name in names:
            cell = wrapped.get(name, [])
            parts.append((cell[row] if row < len(cell) else "").ljust(column))
        lines.append(" | ".join(parts).rstrip())
    return "\n".join(lines)
