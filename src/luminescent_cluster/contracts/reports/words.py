"""What several renderers say in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..clauses import Result, Status, Verdict
from .document import Column, Document, Run
from .findings import weighs

__all__ = [
    "MARKS",
    "MEANING",
    "column_title",
    "counts",
    "facts_of_run",
    "first_line",
    "provenance",
    "remarks",
    "sentence",
    "verdicts",
]

MARKS: Mapping[Status, str] = {
    Status.PASSED: "✓",
    Status.FAILED: "✗",
    Status.WAIVED: "≈",
    Status.INCONCLUSIVE: "?",
    Status.UNVERIFIED: "○",
    Status.NOT_RUN: "-",
    Status.ERROR: "!",
    Status.EXCUSED: "·",
}
"""One letter for each status, so that colour is never all there is."""

MEANING: Mapping[Verdict, str] = {
    Verdict.CONFORMANT: "Every MUST clause passed.",
    Verdict.CONFORMANT_WITH_WAIVERS: "Every MUST clause passed, or is a known failure that "
    "somebody answers for until a date.",
    Verdict.NON_CONFORMANT: "At least one MUST clause failed.",
    Verdict.INCOMPLETE: "No MUST clause failed, and at least one was not decided: this is no "
    "success.",
}


def sentence(document: Document) -> str:
    """Say in a sentence or two what made the verdict."""
    told = MEANING[document.verdict]
    if not any(run.report.results for run in document.runs):
        return "Nothing was checked: no extension is bound, or none could be collected."
    number = dict.fromkeys(Status, 0)
    for run in document.runs:
        for result in run.report.results:
            if weighs(result, run):
                number[result.status] += 1
    undecided = [
        f"{number[status]} {_UNDECIDED[status]}" for status in _UNDECIDED if number[status]
    ]
    open_ones = f"{_listed(undecided)}." if undecided else ""
    failed = number[Status.FAILED]
    if document.verdict is Verdict.NON_CONFORMANT and failed:
        clauses = "clause that must hold" if failed == 1 else "clauses that must hold"
        told = f"{failed} {clauses} failed."
        return f"{told} Besides, {open_ones}" if open_ones else told
    if document.verdict is Verdict.INCOMPLETE and open_ones:
        return f"No clause that must hold failed, but {open_ones} This is no success."
    return told


def remarks(document: Document) -> list[str]:
    """Say what a reader has to know before comparing the runs of a document."""
    catalogues = {r.environment.catalogue for r in document.runs if r.environment.catalogue}
    if len(catalogues) < 2:
        return []
    kits = sorted({run.environment.kit for run in document.runs if run.environment.kit})
    by = f" (kits {_listed(kits)})" if len(kits) > 1 else ""
    return [
        f"These runs were held to different catalogues of clauses{by}: "
        "what a run has no result for may not have been asked of it."
    ]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


_UNDECIDED = {
    Status.UNVERIFIED: "could not be verified for want of a probe",
    Status.INCONCLUSIVE: "saw nothing to judge",
    Status.NOT_RUN: "did not run",
    Status.ERROR: "hit an error of the kit itself",
}


def first_line(result: Result) -> str:
    """Give a result's gist in one line."""
    lines = [line.strip() for part in result.evidence for line in part.splitlines()]
    lines = [line for line in lines if line] or [
        line.strip() for line in result.message.splitlines() if line.strip()
    ]
    return lines[0] if lines else result.status.value


def counts(results: Iterable[Result]) -> str:
    """Count results by status, in words: ``12 passed, 1 failed``."""
    number = dict.fromkeys(Status, 0)
    for result in results:
        number[result.status] += 1
    return ", ".join(f"{n} {status.value}" for status, n in number.items() if n)


def column_title(column: Column, document: Document) -> str:
    """Name a column: its subject, and its run where there are several labels."""
    labels = {run.label for run in document.runs}
    label = f" ({column.run.label})" if len(labels) > 1 and column.run.label else ""
    return (column.subject or "extension") + label


def verdicts(document: Document) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Give the verdict of each extension in each run.

    Returns:
        The runs' labels; each extension's name, with a verdict for each label, empty where the run
        does not have it.
    """
    labels = list(dict.fromkeys(run.label for run in document.runs))
    rows: dict[str, dict[str, str]] = {}
    for column in document.columns():
        rows.setdefault(column.subject, {})[column.run.label] = column.verdict.value
    return labels, [(name, [row.get(one, "") for one in labels]) for name, row in rows.items()]


def facts_of_run(run: Run) -> dict[str, str]:
    """Say of a run what a reader needs to repeat it; only what is known."""
    environment = run.environment
    python = " ".join(part for part in (environment.implementation, environment.python) if part)
    if environment.free_threaded:
        python += " free-threaded"
    facts = {
        "kit": environment.kit,
        "catalogue": environment.catalogue[:12],
        "interpreter": python,
        "system": environment.system,
        "profile": run.report.profile,
        "seed": str(run.report.seed),
        "strict": "yes" if run.strict else "",
        "recorded": run.recorded,
    }
    return {key: value for key, value in facts.items() if value}


def provenance(column: Column) -> str:
    """Say what a column's subject is: protocol, class, distribution and place."""
    facts = column.run.report.subjects.get(column.subject, {})
    parts = [str(facts[key]) for key in ("protocol", "implementation") if facts.get(key)]
    if facts.get("distribution"):
        parts.append(f"{facts['distribution']} {facts.get('version', '')}".strip())
    if facts.get("place"):
        parts.append(f"bound at {facts['place']}")
    return ", ".join(parts)
