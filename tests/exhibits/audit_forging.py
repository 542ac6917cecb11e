"""Broken audit loggers: fields that forge, split or hide."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from typing import Any

from .audit_base import Logger, breaks


class Lines(Logger):
    """Keeps one text, and reads its lines back."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def store(self, record: dict) -> None:
        self.text += self.line(record) + "\n"

    def line(self, record: dict) -> str:
        return json.dumps(record)

    def recorded(self) -> list[Any]:
        return [self.read(line) for line in self.split() if line]

    def split(self) -> list[str]:
        return self.text.split("\n")

    def read(self, line: str) -> Any:
        return json.loads(line)


class KeyValue(Lines):
    """``key=value`` pairs, joined."""

    joint = "\t"

    def line(self, record: dict) -> str:
        flat = {**record, "details": json.dumps(record["details"])}
        return self.joint.join(f"{key}={value}" for key, value in flat.items())

    def read(self, line: str) -> Any:
        return dict(part.split("=", 1) for part in line.split(self.joint) if "=" in part)


@breaks("AL-EVT-05", "log_event(")
class PlainLines(KeyValue):
    """A new line in a field begins a record."""


@breaks("AL-EVT-05", "log_")
class Bars(KeyValue):
    joint = "|"

    def line(self, record: dict) -> str:
        return super().line(record).replace("\n", "\\n")


@breaks("AL-EVT-05", "log_")
class FormattedJson(Lines):
    def line(self, record: dict) -> str:
        pairs = ", ".join(
            f'"{key}": {json.dumps(value) if key == "details" else chr(34) + value + chr(34)}'
            for key, value in record.items()
        )
        return "{" + pairs + "}"


@breaks("AL-EVT-05", "log_")
class SplitsAtEveryLineEnd(Lines):
    def line(self, record: dict) -> str:
        return json.dumps(record, ensure_ascii=False)

    def split(self) -> list[str]:
        return self.text.splitlines()


@breaks("AL-EVT-05", "log_")
class CsvWithoutQuotes(Lines):
    names = ("event_type", "actor", "resource", "action", "outcome", "severity", "message")

    def line(self, record: dict) -> str:
        cells = [str(record.get(name, "")).replace("\n", " ") for name in self.names]
        return ",".join([*cells, json.dumps(record["details"]).replace(",", ";")])

    def read(self, line: str) -> Any:
        cells = next(csv.reader(io.StringIO(line), quoting=csv.QUOTE_NONE))
        found = dict(zip(self.names, cells, strict=False))
        return {**found, "details": json.loads(",".join(cells[7:]).replace(";", ",") or "{}")}


@breaks("AL-EVT-05", "log_")
class ForgetsTheBackslash(Lines):
    """Escapes the quotes of ``key="value"``, as in structured syslog, but not the escape."""

    def line(self, record: dict) -> str:
        flat = {**record, "details": json.dumps(record["details"]).replace("\\", "\\\\")}
        return " ".join(f'{key}="{_escaped(value)}"' for key, value in flat.items())

    def read(self, line: str) -> Any:
        pairs = re.findall(r'([a-z_]+)="((?:\\.|[^"\\])*)"', line)
        found = {key: value.replace('\\"', '"').replace("\\n", "\n") for key, value in pairs}
        return {**found, "details": found.get("details", "").replace("\\\\", "\\")}


def _escaped(text: str) -> str:
    return text.replace('"', '\\"').replace("\n", "\\n")


def _conflating(name: str, change: Any) -> type:
    def store(self: Logger, record: dict) -> None:
        changed = {
            key: change(value) if isinstance(value, str) and key != "timestamp" else value
            for key, value in record.items()
        }
        Logger.store(self, changed)

    return breaks("AL-EVT-05", "nobody can tell which it was")(
        type(name, (Logger,), {"store": store})
    )


NewLinesBecomeSpaces = _conflating("NewLinesBecomeSpaces", lambda text: text.replace("\n", " "))
ControlsVanish = _conflating("ControlsVanish", lambda text: re.sub(r"[\x00-\x1f]", "", text))
EscapesHalfway = _conflating("EscapesHalfway", lambda text: text.replace("\n", "\\n"))
CutsAtThousand = _conflating("CutsAtThousand", lambda text: text[:1000])
ComposesText = _conflating("ComposesText", lambda text: unicodedata.normalize("NFC", text))
Latin = _conflating("Latin", lambda text: text.encode("ascii", "replace").decode())
TrimsText = _conflating("TrimsText", str.strip)
GuardsSpreadsheets = _conflating(
    "GuardsSpreadsheets", lambda text: re.sub("^(?=[=+@-])", "'", text)
)
DashForNothing = _conflating("DashForNothing", lambda text: text or "-")
ReadsQuoted = _conflating("ReadsQuoted", lambda text: re.sub('^"(.*)"$', r"\1", text))
EscapesInFourDigits = _conflating(
    "EscapesInFourDigits",
    lambda text: re.sub(r"[^ -\[\]-~]", lambda at: f"\\u{ord(at[0]):04x}", text),
)
StopsAtNul = _conflating("StopsAtNul", lambda text: text.partition("\0")[0])


@breaks("AL-EVT-05", "nobody can tell which it was")
class NullMarker(Logger):
    """As a table that is exported for a database: an empty cell is none, and so is a marker."""

    def recorded(self) -> list[Any]:
        return [
            {key: value for key, value in record.items() if value not in ("", "\\N")}
            for record in super().recorded()
        ]


@breaks("AL-EVT-05", "nobody can tell which it was")
class FoldsTheActor(Logger):
    def store(self, record: dict) -> None:
        super().store({k: v.lower() if k == "actor" else v for k, v in record.items()})


@breaks("AL-EVT-05", "log_")
class ErasesTheLineBefore(Logger):
    def store(self, record: dict) -> None:
        if "\x1b[1A" in json.dumps(record, ensure_ascii=False).replace("\\u001b", "\x1b"):
            self.lines.pop()
        super().store(record)
