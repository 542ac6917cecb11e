"""Documents with every status, and texts that want to be more than text."""

from __future__ import annotations

import dataclasses

from luminescent_cluster.contracts.clauses import Clause, Level, Report, Result, Status, judge
from luminescent_cluster.contracts.reports.document import Document, Environment
from luminescent_cluster.contracts.reports.making import document_of

ENVIRONMENT = Environment("1.0.0", "ab" * 32, "3.11.7", "CPython", False, "Linux x86_64")

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'); alert(1); ('",
    "</pre></details></style></script><h1>out</h1>",
    "{{7*7}} ${7*7} <!-- --> ]]> <![CDATA[",
    "\x1b[31mred\x1b[0m\x07\x00\x9b31m",
    "::error file=x,line=1::forged",
    "##[error]forged\r::set-output name=x::y",
    "@maintainer #1 [click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "```\nforged\n```\n# heading\n| a | b |",
    "\u202egnirts desrever\u202c\u200b\ufeff",
    "lone \ud800 surrogate \ufffe",
    "line\u2028separator\u2029",
    "https://evil.example/?x=1 www.evil.example",
)


def clauses() -> list[Clause]:
    """Give a clause for each status, and a SHOULD."""

    def check(case: object) -> None: ...

    made = [
        Clause(
            f"XX-STA-{number:02d}",
            Level.MUST,
            f"The clause that came out as {status.value}",
            "readers want to know",
            "do what it says",
            "1.0.0",
            ("recorded",) if status is Status.UNVERIFIED else (),
            check,
        )
        for number, status in enumerate(Status, 1)
    ]
    shy = dataclasses.replace(made[1], id="XX-STA-09", level=Level.SHOULD, text="A lesser clause")
    return [*made, shy]


def result(clause: Clause, status: Status, subject: str, said: str = "it is so") -> Result:
    """Give a result such as the engine makes."""
    if status is Status.PASSED:
        return Result(clause.id, clause.level, status, examples=15, calls=31, subject=subject)
    if status in (Status.FAILED, Status.WAIVED):
        evidence = (f"ask({said!r}) -> 1" if said == "it is so" else said, "expected 2")
        head = f"{clause.id} {clause.level.value}  {clause.text}"
        if status is Status.WAIVED:
            head = f"waived until 2027-03-31 by audit team: known\n{head}"
        message = "\n".join([head, *(f"  {line}" for line in evidence), f"  fix: {clause.fix}"])
        return Result(
            clause.id,
            clause.level,
            status,
            message,
            examples=3,
            calls=5,
            duration=0.25,
            subject=subject,
            evidence=evidence,
            fix=clause.fix,
            history=("prepare()", f"ask({said!r})  # -> 1"),
        )
    probe = "recorded" if status is Status.UNVERIFIED else ""
    return Result(clause.id, clause.level, status, said, subject=subject, probe=probe)


def report(*only: Status, subject: str = "audit_logger", said: str = "it is so") -> Report:
    """Give a report with a result of each status, or of some."""
    known = clauses()
    wanted = only or tuple(Status)
    results = [
        result(clause, status, subject, said)
        for clause, status in zip(known, Status)  # noqa: B905 - the SHOULD comes below
        if status in wanted
    ]
    if Status.FAILED in wanted:
        results.append(result(known[-1], Status.FAILED, subject, said))
    subjects = {subject: {"protocol": "AuditLogger", "place": "contract_tests/test_it.py:12"}}
    return Report(tuple(results), judge(results), subjects=subjects, seed=7)


def document(*only: Status, subject: str = "audit_logger", said: str = "it is so") -> Document:
    """Give a document with a result of each status, or of some."""
    return document_of(report(*only, subject=subject, said=said), clauses(), ENVIRONMENT)


def interleaving() -> dict[str, object]:
    """Give ``extra`` of a clause that found a race."""

    def event(thread: str, kind: str, text: str = "", **more: object) -> dict[str, object]:
        return {"thread": thread, "kind": kind, "text": text, **more}

    place = {"file": "cloud/tracker.py", "line": 12, "source": "total = self.totals[tenant]"}
    events = [
        event("a", "call", 'track("query", 1)'),
        event("a", "access", "reads self.totals", value="0", **place),
        event("a", "preempted", "before it writes self.totals"),
        event("b", "call", 'track("query", 2)'),
        event("b", "result", "None"),
        event("a", "result", "None"),
    ]
    titles = {"a": "thread a", "b": "thread b"}
    return {
        "timeline": {"threads": ["a", "b"], "titles": titles, "events": events},
        "token": "L1.x.0_0.a-3-b.f50858f7",
        "schedules": {"schedules": 83, "programs": 22},
    }


def full_document() -> Document:
    """Give a document that has every section."""
    made = report()
    results = [
        dataclasses.replace(r, extra=interleaving()) if r.clause_id == "XX-STA-02" else r
        for r in made.results
    ]
    made = dataclasses.replace(
        made,
        results=tuple(results),
        problems=("worker gw1 was lost: crashed",),
        notes=("audit_logger: the probe recorded is missing, so 1 clause could not be verified",),
    )
    versions = (
        {
            "implementation": "cloud.audit:CloudAuditLogger",
            "protocol": "AuditLogger",
            "declared": ">=1.0,<3",
            "claim": "over-claimed",
            "reason": "it admits 2.0.0, which it does not satisfy",
            "widest": ">=1.0,<2",
            "cells": [
                {"version": "1.0.0", "status": "satisfied"},
                {"version": "1.1.0", "status": "satisfied through defaults", "defaults": ["flush"]},
                {
                    "version": "2.0.0",
                    "status": "not satisfied",
                    "rejections": [{"witness": "log_event(kind=…)", "reason": "no such parameter"}],
                },
            ],
        },
    )
    kills = (
        {
            "extension": "audit_logger",
            "fault": "drop-every-third",
            "text": "every third event is dropped",
            "aim": "AL-EVT-02",
            "killed_by": ["AL-EVT-02", "AL-THR-01"],
            "outcome": "killed",
        },
        {
            "extension": "audit_logger",
            "fault": "alias-details",
            "text": "details are kept by reference",
            "aim": "AL-EVT-06",
            "killed_by": [],
            "outcome": "survived",
            "remedy": "give the probe recorded",
        },
    )
    made_document = document_of(made, clauses(), ENVIRONMENT)
    return dataclasses.replace(made_document, versions=versions, kills=kills)


def document_that_says(said: str) -> Document:
    """Give a document every text of which, the catalogue's included, is the same.

    The file of a report may come from anywhere: clauses, labels and sections are as foreign then as
    what an extension says.
    """
    made = document(subject=said, said=said)
    (run,) = made.runs
    told = dataclasses.replace(run.report, problems=(said,), notes=(said,), profile=said)
    texts = {
        clause_id: dataclasses.replace(text, text=said, reason=said, fix=said, details=said)
        for clause_id, text in made.clauses.items()
    }
    full = full_document()
    names = ("extension", "fault", "text", "aim", "remedy", "implementation", "declared", "reason")
    kills, versions = (
        tuple({**entry, **{name: said for name in names if name in entry}} for entry in part)
        for part in (full.kills, full.versions)
    )
    run = dataclasses.replace(run, report=told, label=said)
    return dataclasses.replace(made, runs=(run,), clauses=texts, kills=kills, versions=versions)
