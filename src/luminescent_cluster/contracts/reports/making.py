"""From the report of a run to a document: without secrets, with everything its readers need."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from ..clauses import Clause, Report
from .document import ClauseText, Document, Environment, Run
from .redact import redact_report

__all__ = ["document_of"]


def document_of(
    report: Report,
    clauses: Mapping[str, Clause] | Iterable[Clause],
    environment: Environment,
    *,
    strict: bool = False,
    recorded: str = "",
) -> Document:
    """Make a document of one run.

    Args:
        report: what the run found; secrets in it are replaced.
        clauses: every clause there is; those with a result are taken in.
        environment: where it ran.
        strict: whether a SHOULD weighed as a MUST.
        recorded: when it ran, where somebody wants to know; without it, durations are dropped too.
    """
    there = {result.clause_id for result in report.results}
    every = clauses.values() if isinstance(clauses, Mapping) else clauses
    texts = {
        c.id: ClauseText(c.id, c.level.value, c.text, c.reason, c.fix, c.since, c.probes, c.details)
        for c in every
        if c.id in there
    }
    report = _with_subjects(redact_report(report))
    if not recorded:
        untimed = (
            dataclasses.replace(r, duration=0.0) if r.duration else r for r in report.results
        )
        report = dataclasses.replace(report, results=tuple(untimed))
    run = Run(report, environment, environment.label, strict, recorded)
    return Document((run,), texts, versions=tuple(_versions(report)))


def _versions(report: Report) -> list[dict[str, Any]]:
    """Give what clauses found out about released versions, as a row of the version matrix each."""
    found = []
    for result in report.results:
        data = result.extra.get("matrix")
        if not isinstance(data, Mapping) or not isinstance(data.get("versions"), Mapping):
            continue
        facts = report.subjects.get(result.subject, {})
        found.append(
            {
                "implementation": facts.get("implementation") or result.subject,
                "protocol": facts.get("protocol", ""),
                "cells": [{"version": v, "status": s} for v, s in data["versions"].items()],
                "declared": data.get("declared"),
                "claim": data.get("claim", ""),
                "reason": data.get("reason", ""),
                "widest": data.get("widest"),
            }
        )
    return found


def _with_subjects(report: Report) -> Report:
    """Lift what results say of their subject (its class, its distribution) to the subjects."""
    facts: dict[str, dict[str, Any]] = {}
    results = []
    for result in report.results:
        said = facts.setdefault(result.subject, dict(report.subjects.get(result.subject, {})))
        told = result.extra.get("subject")
        if isinstance(told, Mapping):
            for key, value in told.items():
                said.setdefault(key, value)
            extra = {key: value for key, value in result.extra.items() if key != "subject"}
            result = dataclasses.replace(result, extra=extra)
        results.append(result)
    subjects = {name: {**report.subjects[name], **facts.get(name, {})} for name in report.subjects}
    return dataclasses.replace(report, results=tuple(results), subjects={**facts, **subjects})
