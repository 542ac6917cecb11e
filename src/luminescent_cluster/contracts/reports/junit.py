"""Reports as JUnit XML: one suite per extension, one case per clause, and one for the verdict.

The last suite fails unless the whole is a success, because many readers of JUnit take skipped
cases for green ones.
"""

from __future__ import annotations

from ..clauses import Result, Status
from .document import Column, Document, Run
from .escape import as_xml
from .findings import weighs
from .words import column_title, facts_of_run, first_line, sentence

__all__ = ["render"]


def render(document: Document) -> str:
    """Give a document as JUnit XML."""
    suites = [_suite(column, document) for column in document.columns()]
    suites.append(_verdict(document))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="contracts">\n'
        + "".join(suites)
        + "</testsuites>\n"
    )


def _suite(column: Column, document: Document) -> str:
    name = column_title(column, document)
    place = column.run.place_of(column.subject)
    cases, count = [], {"failure": 0, "error": 0, "skipped": 0}
    total = 0.0
    for result in column.results.values():
        inner, kind = _outcome(result, column.run)
        if kind:
            count[kind] += 1
        total += result.duration
        at = f' file="{as_xml(place[0])}" line="{place[1]}"' if place else ""
        time = f' time="{result.duration:.3f}"' if column.run.recorded else ""
        cases.append(
            f'<testcase classname="{as_xml(name)}" name="{as_xml(result.clause_id)}"{at}{time}>'
            f"{inner}{_output(result, kind)}</testcase>\n"
        )
    time = f' time="{total:.3f}" timestamp="{as_xml(column.run.recorded)}"'
    facts = "".join(
        f'<property name="{as_xml(key)}" value="{as_xml(value)}"/>'
        for key, value in facts_of_run(column.run).items()
    )
    return (
        f'<testsuite name="{as_xml(name)}" tests="{len(cases)}" failures="{count["failure"]}" '
        f'errors="{count["error"]}" skipped="{count["skipped"]}"'
        f"{time if column.run.recorded else ''}>\n<properties>{facts}</properties>\n"
        + "".join(cases)
        + "</testsuite>\n"
    )


def _outcome(result: Result, run: Run) -> tuple[str, str]:
    """Give the element that tells a result, and what it counts as."""
    if result.status is Status.PASSED:
        return "", ""
    line = f"{result.status.value}: {first_line(result)}"
    if not weighs(result, run) or result.status in (
        Status.WAIVED,
        Status.UNVERIFIED,
        Status.EXCUSED,
    ):
        return f'<skipped message="{as_xml(line)}"/>', "skipped"
    kind = "failure" if result.status is Status.FAILED else "error"
    return (
        f'<{kind} type="{result.level.value}" message="{as_xml(line)}">'
        f"{as_xml(result.message)}</{kind}>",
        kind,
    )


def _output(result: Result, kind: str) -> str:
    told = [*result.notes]
    if kind == "skipped" and result.message:
        told.insert(0, result.message)
    return f"<system-out>{as_xml(chr(10).join(told))}</system-out>" if told else ""


def _verdict(document: Document) -> str:
    inner, failures = "", 0
    if not document.ok:
        failures = 1
        problems = [p for run in document.runs for p in run.report.problems]
        text = "\n".join([sentence(document), *problems])
        inner = f'<failure type="verdict" message="{document.headline}">{as_xml(text)}</failure>'
    return (
        f'<testsuite name="verdict" tests="1" failures="{failures}" errors="0" skipped="0">\n'
        f'<testcase classname="contracts" name="{document.headline}">{inner}</testcase>\n'
        "</testsuite>\n"
    )
