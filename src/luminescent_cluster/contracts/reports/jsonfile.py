"""Reports as JSON: sorted, without times unless somebody asked, with a schema and a version.

The schema is ``docs/reference/report-schema.json`` of the project. Within one major version fields
are only added, so that a reader may ignore what it does not know.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from ..clauses import Report, Result, Verdict, judge
from .document import Change, ClauseText, Document, Environment, Run
from .redact import redact_data, redact_report

__all__ = ["SCHEMA", "SCHEMA_VERSION", "ReportFileError", "dumps", "loads", "to_data"]

SCHEMA = "urn:luminescent-contracts:report:1"
SCHEMA_VERSION = "1.0"


_FIELDS = tuple(field.name for field in dataclasses.fields(Result))


class ReportFileError(ValueError):
    """A file that cannot be read as a report; the message gives cause and remedy."""


def dumps(document: Document) -> str:
    """Give a document as JSON text; the same run gives the same text."""
    text = _pretty(to_data(document), 2)
    # A lone surrogate cannot be written to a file.
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _pretty(value: Any, depth: int, margin: str = "") -> str:
    """Write a line for each result: readable, easy to compare, and fast."""
    inner = margin + " "
    if isinstance(value, dict) and value and depth > 0:
        lines = (f"{inner}{_line(k)}: {_pretty(value[k], depth - 1, inner)}" for k in sorted(value))
        return "{\n" + ",\n".join(lines) + f"\n{margin}}}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        deeper = 1 if "results" in value[0] else 0
        lines = (inner + _pretty(item, deeper, inner) for item in value)
        return "[\n" + ",\n".join(lines) + f"\n{margin}]"
    return _line(value)


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def to_data(document: Document) -> dict[str, Any]:
    """Give a document as JSON-able data."""
    data: dict[str, Any] = {
        "$schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "verdict": document.verdict.value,
        "ok": document.ok,
        "runs": [_run(run, list(document.clauses)) for run in document.runs],
        "clauses": [_listed(dataclasses.asdict(text)) for text in document.clauses.values()],
    }
    if document.versions:
        data["versions"] = redact_data(document.versions)
    if document.kills:
        data["kills"] = redact_data(document.kills)
    if document.changes is not None:
        data["changes"] = [dataclasses.asdict(change) for change in document.changes]
        data["compared"] = document.compared.value if document.compared else None
    plain: dict[str, Any] = _plain(data)
    return plain


def loads(text: str, place: str) -> Document:
    """Read what :func:`dumps` gave, or what ``check --format json`` printed.

    Secrets are looked for again, and a verdict that is better than its results allow is not
    believed.

    Args:
        text: the file's content.
        place: its name, for messages.

    Raises:
        ReportFileError: it is no JSON, no report, or of a version that this kit does not know.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReportFileError(f"{place}: this is no JSON: {error}") from error
    if isinstance(data, Mapping) and "results" in data and "runs" not in data:
        data = {"schema_version": SCHEMA_VERSION, "runs": [data]}
    if not isinstance(data, Mapping) or "runs" not in data:
        raise ReportFileError(
            f"{place}: this is JSON but no report; make one with pytest "
            "--contracts-report json=FILE or luminescent-contracts check --report json=FILE"
        )
    version = str(data.get("schema_version", ""))
    if version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        raise ReportFileError(
            f"{place}: it has schema version {version or 'none'}, and this kit reads "
            f"{SCHEMA_VERSION}; read it with the kit that wrote it, or make it again"
        )
    try:
        return Document(
            runs=tuple(_read_run(run) for run in data["runs"]),
            clauses={c["id"]: _read(ClauseText, c) for c in data.get("clauses", ())},
            versions=_sections(data, "versions", {"implementation", "cells"}),
            kills=_sections(data, "kills", {"fault", "outcome"}),
            changes=(
                tuple(_read(Change, change) for change in data["changes"])
                if data.get("changes") is not None
                else None
            ),
            compared=Verdict(data["compared"]) if data.get("compared") else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReportFileError(
            f"{place}: a part of the report is missing or not what it must be "
            f"({type(error).__name__}: {error}); was it changed or cut off?"
        ) from error


def _sections(data: Mapping[str, Any], name: str, needs: set[str]) -> tuple[Any, ...]:
    """Give what other commands found out, where it is what they print."""
    found = data.get(name, [])
    for entry in found:
        if not isinstance(entry, Mapping) or not needs <= set(entry):
            raise TypeError(f"an entry of {name} without {', '.join(sorted(needs))}")
    return tuple(redact_data(found))


def _run(run: Run, order: list[str]) -> dict[str, Any]:
    report = run.report
    rank = {clause: number for number, clause in enumerate(order)}
    results = sorted(
        report.results,
        key=lambda r: (r.subject, rank.get(r.clause_id, len(rank)), r.clause_id),
    )
    data: dict[str, Any] = {
        "label": run.label,
        "strict": run.strict,
        "environment": dataclasses.asdict(run.environment),
        "verdict": report.verdict.value,
        "ok": report.ok,
        "profile": report.profile,
        "seed": report.seed,
        "problems": list(report.problems),
        "notes": list(report.notes),
        "subjects": {
            name: {**report.subjects.get(name, {}), "verdict": run.verdict_of(name).value}
            for name in run.subjects
        },
        "results": [_result(result, times=bool(run.recorded)) for result in results],
    }
    if run.recorded:
        data["recorded"] = run.recorded
    return data


def _result(result: Result, *, times: bool) -> dict[str, Any]:
    data = {name: getattr(result, name) for name in _FIELDS if times or name != "duration"}
    data["level"], data["status"] = result.level.value, result.status.value
    return data


def _read_run(data: Mapping[str, Any]) -> Run:
    report = redact_report(Report.from_json(data))
    strict = bool(data.get("strict", False))
    found = judge(report.results, strict=strict)
    if report.verdict.ok and not found.ok:
        says = f"the file says {report.verdict.value}, but its results give {found.value}"
        report = dataclasses.replace(report, verdict=found, problems=(*report.problems, says))
    environment = _read(Environment, data.get("environment", {}))
    return Run(
        report,
        environment,
        str(data.get("label") or environment.label),
        strict,
        str(data.get("recorded", "")),
    )


def _read(kind: Any, data: Mapping[str, Any]) -> Any:
    known = {field.name for field in dataclasses.fields(kind)}
    values = {key: value for key, value in data.items() if key in known}
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})


def _listed(data: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}


def _plain(value: Any) -> Any:
    """Give JSON types only; what an extension put into ``extra`` may be anything."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else repr(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    return repr(value)
