"""Several runs as one document, and what changed since an earlier one."""

import dataclasses

import pytest

from contracts.reports.reports_samples import ENVIRONMENT, clauses, document, report
from luminescent_cluster.contracts.clauses import Report, Status, Verdict
from luminescent_cluster.contracts.reports.compare import compare
from luminescent_cluster.contracts.reports.findings import findings
from luminescent_cluster.contracts.reports.formats import FORMATS
from luminescent_cluster.contracts.reports.jsonfile import dumps, loads
from luminescent_cluster.contracts.reports.making import document_of
from luminescent_cluster.contracts.reports.merge import merge


def on(python, made=None):
    environment = dataclasses.replace(ENVIRONMENT, python=python)
    return document_of(made or report(Status.PASSED), clauses(), environment)


def test_runs_of_several_interpreters_stand_side_by_side():
    """A column for each, under its interpreter's name."""
    merged = merge([("a", on("3.10.14")), ("b", on("3.13.1"))])
    assert [run.label for run in merged.runs] == ["Python 3.10", "Python 3.13"]
    assert len(merged.columns()) == 2


def test_runs_with_one_name_are_told_apart_by_their_files():
    """Two machines with the same interpreter."""
    merged = merge([("linux", on("3.11.7")), ("mac", on("3.11.7"))])
    assert [run.label for run in merged.runs] == ["Python 3.11, linux", "Python 3.11, mac"]


@pytest.mark.parametrize("name", ["html", "md", "text"])
def test_runs_of_different_catalogues_are_said_to_be_so(name):
    """Where a run has no result, the clause may not have been there yet."""
    older = document_of(
        report(Status.PASSED),
        clauses(),
        dataclasses.replace(ENVIRONMENT, kit="0.9.0", catalogue="cd" * 32),
    )
    merged = merge([("a", on("3.11.7")), ("b", older)])
    assert "different catalogues of clauses (kits 0.9.0 and 1.0.0)" in FORMATS[name](merged)
    assert "catalogues" not in FORMATS[name](merge([("a", on("3.11.7")), ("b", on("3.12.1"))]))


def test_files_with_one_name_are_numbered():
    """As a last resort: ``a/report.json`` and ``b/report.json``."""
    merged = merge([("report", on("3.11.7")), ("report", on("3.11.7"))])
    assert len({run.label for run in merged.runs}) == 2


def test_parts_of_one_run_keep_its_name():
    """Each extension was checked by a job of its own."""
    other = on("3.11.7", report(Status.PASSED, subject="usage_tracker"))
    merged = merge([("a", on("3.11.7")), ("b", other)])
    assert {run.label for run in merged.runs} == {"Python 3.11"}
    assert [c.subject for c in merged.columns()] == ["audit_logger", "usage_tracker"]


@pytest.mark.parametrize("status", [s for s in Status if s not in (Status.PASSED, Status.WAIVED)])
def test_one_run_that_is_no_success_keeps_the_whole_from_being_one(status):
    """The gravest verdict stands, whatever else passed."""
    alone = on("3.13.1", report(status))
    merged = merge([("a", on("3.10.1")), ("b", alone)])
    assert merged.verdict is alone.verdict
    assert merged.ok is False


def test_a_lost_worker_stays_visible_after_merging():
    """The problem, and INCOMPLETE, in every format."""
    lost = dataclasses.replace(
        report(Status.PASSED),
        verdict=Verdict.INCOMPLETE,
        problems=("worker gw1 was lost: crashed",),
    )
    read = loads(dumps(on("3.13.1", lost)), "b")
    merged = merge([("a", on("3.10.1")), ("b", read)])
    for name in ("html", "md", "text", "github", "junit", "json"):
        shown = FORMATS[name](merged)
        assert "INCOMPLETE" in shown
        assert "gw1 was lost" in shown


def test_a_success_with_problems_is_never_shown_as_success():
    """An expired waiver, for instance: every clause passed, and the run failed."""
    trouble = dataclasses.replace(report(Status.PASSED), problems=("waiver for XX expired",))
    made = on("3.11.7", trouble)
    assert made.verdict is Verdict.CONFORMANT
    for name in ("html", "md", "text", "github", "junit"):
        assert "problems" in FORMATS[name](made)
    assert '"brightgreen"' not in FORMATS["badge"](made)


def test_nothing_at_all_is_incomplete():
    """No run is no success."""
    assert merge([]).verdict is Verdict.INCOMPLETE
    assert not merge([]).ok
    empty = document_of(Report((), Verdict.INCOMPLETE), [], ENVIRONMENT)
    assert "INCOMPLETE" in FORMATS["html"](empty)


def test_the_texts_of_all_catalogues_are_kept_in_order():
    """A later kit has more clauses; they stand beside their neighbours."""
    older = dataclasses.replace(
        document(), clauses={k: v for k, v in document().clauses.items() if k != "XX-STA-03"}
    )
    assert list(merge([("a", older), ("b", document())]).clauses) == list(document().clauses)


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        (Status.PASSED, Status.FAILED, "worse"),
        (Status.PASSED, Status.NOT_RUN, "worse"),
        (Status.WAIVED, Status.FAILED, "worse"),
        (Status.FAILED, Status.WAIVED, "better"),
        (Status.UNVERIFIED, Status.PASSED, "better"),
        (Status.NOT_RUN, Status.FAILED, "worse"),
        (Status.UNVERIFIED, Status.INCONCLUSIVE, "changed"),
    ],
)
def test_a_change_is_worse_better_or_neither(was, now, kind):
    """From one undecided status to another is news, and neither."""

    def with_status(status):
        made = report(Status.PASSED)
        (one,) = made.results
        return on(
            "3.11.7", dataclasses.replace(made, results=(dataclasses.replace(one, status=status),))
        )

    (change,) = compare(with_status(was), with_status(now)).changes
    assert (change.kind, change.old, change.new) == (kind, was.value, now.value)


def test_a_clause_that_disappeared_is_told():
    """A clause that is no longer checked cannot fail any more."""
    compared = compare(on("3.11.7", report(Status.PASSED, Status.FAILED)), on("3.11.7"))
    assert {c.kind for c in compared.changes} == {"gone"}


def test_runs_are_matched_by_name():
    """What holds on one interpreter is not compared with another."""
    old = merge([("a", on("3.10.1")), ("b", on("3.13.1"))])
    new = merge([("a", on("3.13.1", report(Status.FAILED))), ("b", on("3.10.1"))])
    changed = {(c.run, c.kind) for c in compare(old, new).changes}
    assert changed == {("Python 3.13", "gone"), ("Python 3.13", "new")}


def test_a_run_is_found_again_under_another_label():
    """Merged with others, a run has its file's name behind its interpreter's."""
    old = on("3.11.7")
    other = on("3.11.7", report(Status.PASSED, subject="usage_tracker"))
    new = merge([("a", old), ("b", other), ("c", other)])
    assert {c.subject for c in compare(old, new).changes} == {"usage_tracker"}


def test_no_change_is_said_to_be_none():
    """Silence would read as: not compared."""
    compared = compare(on("3.11.7"), on("3.11.7"))
    for name in ("html", "md", "text"):
        assert "came out differently" in FORMATS[name](compared)


@pytest.mark.parametrize(("name", "mark"), [("html", "<details class"), ("md", "<details")])
def test_what_several_runs_say_alike_is_one_finding(name, mark):
    """A defect on three interpreters is one defect; its card names all three."""
    failing = report(Status.FAILED)
    three = merge([(v, on(v, failing)) for v in ("3.10.1", "3.11.7", "3.13.1")])
    (failed, *_) = findings(three)
    assert failed.where(three) == "audit_logger (Python 3.10, Python 3.11, Python 3.13)"
    assert len(findings(three)) == len(findings(on("3.10.1", failing))) == 2
    assert FORMATS[name](three).count(mark) == FORMATS[name](on("3.10.1", failing)).count(mark)


def test_what_runs_say_differently_stays_apart():
    """Another message is another finding."""
    two = merge(
        [
            ("a", on("3.10.1", report(Status.ERROR))),
            ("b", on("3.13.1", report(Status.ERROR, said="!"))),
        ]
    )
    assert [f.where(two) for f in findings(two)] == [
        "audit_logger (Python 3.10)",
        "audit_logger (Python 3.13)",
    ]
