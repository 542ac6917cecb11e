"""A report of five thousand results costs ten times what one of five hundred costs, not more."""

import sys

import pytest

from contracts.reports.reports_browser import BINARY, Browser
from contracts.reports.reports_samples import ENVIRONMENT, clauses, result
from luminescent_cluster.contracts.clauses import Report, Status, judge
from luminescent_cluster.contracts.reports.formats import FORMATS
from luminescent_cluster.contracts.reports.making import document_of


def many(number):
    """Give a report of so many results, a third of which need attention."""
    statuses = [s for s in Status if s is not Status.PASSED]
    known = clauses()[:8]
    results = []
    for n in range(number // 8):
        for m, clause in enumerate(known):
            status = Status.PASSED if (n + m) % 3 else statuses[(n + m) // 3 % len(statuses)]
            results.append(result(clause, status, f"extension_{n}", f"api_key='k{n}' at {m}"))
    return Report(tuple(results), judge(results))


def calls_of(work):
    """Count the calls that some work makes; unlike time, the same on every machine."""
    count = 0

    def profiler(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profiler)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", ["document", *(n for n in FORMATS if n != "intoto")])
def test_work_grows_with_the_report_and_no_faster(name):
    """Ten times the results, at most twelve times the calls."""

    def work(number):
        report = many(number)
        if name == "document":
            return lambda: document_of(report, clauses(), ENVIRONMENT)
        made = document_of(report, clauses(), ENVIRONMENT)
        return lambda: FORMATS[name](made)

    FORMATS["html"](document_of(many(80), clauses(), ENVIRONMENT))  # caches of the modules
    assert calls_of(work(5000)) < 12 * calls_of(work(500)) + 20_000


@pytest.mark.skipif(BINARY is None, reason="needs Chromium (apt install chromium)")
def test_a_page_of_five_thousand_results_can_still_be_filtered(tmp_path):
    """It loads without a complaint, and a filter shows what it should."""
    report = many(5000)
    path = tmp_path / "report.html"
    path.write_text(FORMATS["html"](document_of(report, clauses(), ENVIRONMENT)), "utf-8")
    browser = Browser(tmp_path / "profile")
    try:
        browser.open(path)
        assert browser.complaints() == []
        browser.ask("document.querySelector('[data-filter=waived]').click()")
        told = browser.ask("document.getElementById('shown').textContent")
        waived = sum(r.status is Status.WAIVED for r in report.results)
        assert told.startswith(f"{waived} of ")
    finally:
        browser.close()
