"""Audit loggers that rotate and compact files, seal batches and lose their place in an outage."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .audit_base import EXHIBITS, Down, Exhibit, Logger, breaks
from .audit_failures import Chained, InFile, durable, sealed

# -- AL-EVT-03 ------------------------------------------------------------------------------


class Rotating(Logger):
    """Right: begins another file where one is full."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, list[str]] = {}

    def store(self, record: dict) -> None:
        super().store(record)
        if len(self.lines) == 15:
            self.files[self.name(len(self.files))] = self.lines
            self.lines = []

    def name(self, number: int) -> str:
        return f"audit.{number:06d}"

    def recorded(self) -> list[Any]:
        files = [self.files[name] for name in sorted(self.files)]
        return [json.loads(line) for lines in (*files, self.lines) for line in lines]


@breaks("AL-EVT-03", "the other way round", "more such calls")
class SortsFilesByNumbersAsText(Rotating):
    """Reads `audit.10` before `audit.2`."""

    def name(self, number: int) -> str:
        return f"audit.{number}"


# -- AL-DUR-01 ------------------------------------------------------------------------------


class Compacts(InFile):
    """Writes the file anew once it holds thirty records of this process, and only those."""

    def store(self, record: dict) -> None:
        super().store(record)
        self.lines.append(json.dumps(record))
        if len(self.lines) == 30:
            with open(self.path, "w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in self.lines)


EXHIBITS.append(Exhibit("AL-DUR-01", durable(Compacts), ("no longer stored", "more such calls")))

# -- AL-TAM-01 ------------------------------------------------------------------------------


class Batched(Logger):
    """Right: the hash of a batch covers its records and the batches before."""

    full = 4

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.batches: list[tuple[list[str], str]] = []
        self.head = ""

    def store(self, record: dict) -> None:
        if self.down:
            raise Down("store")
        self.open.append(json.dumps(record))
        if len(self.open) == self.full:
            self.flush()

    def flush(self) -> None:
        if self.open:
            self.head = self.seal(self.head, self.open)
            self.batches.append((self.open, self.head))
            self.open = []

    def seal(self, before: str, lines: list[str]) -> str:
        return hashlib.sha256("\n".join([before, *lines]).encode()).hexdigest()

    def recorded(self) -> list[Any]:
        return [json.loads(line) for lines, _ in self.batches for line in lines]

    def verify(self) -> bool:
        before = ""
        for lines, digest in self.batches:
            before = self.seal(before, lines)
            if before != digest:
                return False
        return before == self.head

    def tamper(self, kind: str) -> None:
        places = [(lines, n) for lines, _ in self.batches for n in range(len(lines))]
        (first, a), (second, b) = places[:2]
        if kind == "change":
            first[a] = first[a].replace("event_type", "event-type")
        elif kind == "remove":
            del first[a]
        elif kind == "reorder":
            first[a], second[b] = second[b], first[a]
        else:
            del self.batches[-1][0][-1]


class SortsTheBatch(Batched):
    """What a batch holds is a set to the one who hashes it."""

    def seal(self, before: str, lines: list[str]) -> str:
        return super().seal(before, sorted(lines))


EXHIBITS.append(Exhibit("AL-TAM-01", sealed(SortsTheBatch), ("tamper('reorder')", "verify()")))


class MovesTheHeadFirst(Chained):
    """A record that could not be stored is in the chain."""

    def store(self, record: dict) -> None:
        if self.down:
            self.head = self.link(self.head, json.dumps(record))
        super().store(record)


EXHIBITS.append(Exhibit("AL-TAM-01", sealed(MovesTheHeadFirst), ("after an outage", "cries wolf")))
