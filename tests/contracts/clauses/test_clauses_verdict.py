"""The verdict: one honest word, and waivers that cannot rot."""

import datetime
import itertools

import pytest

from luminescent_cluster.contracts.clauses import (
    Catalogue,
    Level,
    Result,
    Status,
    Verdict,
    Waiver,
    WaiverError,
    apply_waivers,
    check_waivers,
    complete,
    judge,
    parse_waiver,
)

TODAY = datetime.date(2026, 11, 23)
MUST, SHOULD = Level.MUST, Level.SHOULD


def result(status, level=MUST, id="AAA-01", subject="x"):
    """Give a result."""
    return Result(id, level, status, subject=subject)


def waiver(**changes):
    """Give a waiver that holds today."""
    words = {"clause": "AAA-01", "reason": "r", "owner": "o", "expires": datetime.date(2027, 1, 1)}
    return Waiver(**{**words, **changes})


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (Status.PASSED, Verdict.CONFORMANT),
        (Status.WAIVED, Verdict.CONFORMANT_WITH_WAIVERS),
        (Status.FAILED, Verdict.NON_CONFORMANT),
        (Status.INCONCLUSIVE, Verdict.INCOMPLETE),
        (Status.UNVERIFIED, Verdict.INCOMPLETE),
        (Status.NOT_RUN, Verdict.INCOMPLETE),
        (Status.ERROR, Verdict.INCOMPLETE),
        (Status.EXCUSED, Verdict.CONFORMANT),
    ],
)
def test_one_must_decides(status, verdict):
    """Among passed clauses, one other MUST gives the verdict."""
    others = [result(Status.PASSED, id="BBB-01")]
    assert judge([result(status), *others]) is verdict
    assert judge([*others, result(status)]) is verdict


def test_a_should_decides_only_when_strict():
    """A SHOULD is reported; strict runs count it."""
    results = [result(Status.PASSED), result(Status.FAILED, SHOULD, "BBB-01")]
    assert judge(results) is Verdict.CONFORMANT
    assert judge(results, strict=True) is Verdict.NON_CONFORMANT


def test_nothing_is_incomplete():
    """No result, or only excuses, is no success."""
    assert judge([]) is Verdict.INCOMPLETE
    assert judge([result(Status.EXCUSED)]) is Verdict.INCOMPLETE
    assert judge([result(Status.PASSED, SHOULD)]) is Verdict.INCOMPLETE


def test_failure_outweighs_everything():
    """Whatever else is there, one failed MUST is NON-CONFORMANT."""
    for other in Status:
        assert judge([result(other), result(Status.FAILED)]) is Verdict.NON_CONFORMANT


def test_only_two_verdicts_are_ok():
    """INCOMPLETE is never a success."""
    assert [v for v in Verdict if v.ok] == [Verdict.CONFORMANT, Verdict.CONFORMANT_WITH_WAIVERS]


def test_complete_adds_what_never_ran():
    """A clause without a result counts as not run, with the reason given."""
    catalogue = Catalogue()
    for id in ("AAA-01", "BBB-01"):
        catalogue.must(id, reason="r", fix="f")(type("C", (), {"__doc__": "Text"}))
    ran = [result(Status.PASSED, id="BBB-01"), result(Status.PASSED, id="AAA-01", subject="other")]
    completed = complete(catalogue.values(), ran, "x", "deselected")
    assert [(r.clause_id, r.status) for r in completed] == [
        ("AAA-01", Status.NOT_RUN),
        ("BBB-01", Status.PASSED),
    ]
    assert completed[0].message == "deselected"


def test_a_waiver_turns_a_failure_into_waived_with_its_reason():
    """The reader sees who answers for it and until when."""
    results, problems = apply_waivers([result(Status.FAILED)], [waiver()], TODAY)
    assert results[0].status is Status.WAIVED
    assert "until 2027-01-01 by o: r" in results[0].message
    assert not problems


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.FAILED])
def test_a_waiver_changes_nothing_but_failures(status):
    """What was not decided stays undecided."""
    results, _ = apply_waivers([result(status)], [waiver()], TODAY)
    assert results[0].status is status


def test_a_waived_clause_that_passes_is_a_problem():
    """The waiver would hide the next failure."""
    _, problems = apply_waivers([result(Status.PASSED)], [waiver()], TODAY)
    assert "passes now" in problems[0]


def test_a_waiver_that_matches_nothing_is_a_problem():
    """Neither another clause nor another extension counts as a match."""
    for stale in (waiver(clause="BBB-01"), waiver(extension="other")):
        results, problems = apply_waivers([result(Status.FAILED)], [stale], TODAY)
        assert results[0].status is Status.FAILED
        assert "matches nothing" in problems[0]


def test_an_expired_waiver_waives_nothing_and_is_a_problem():
    """The last day counts; the day after does not."""
    for days, status in ((0, Status.WAIVED), (-1, Status.FAILED)):
        expiring = waiver(expires=TODAY + datetime.timedelta(days=days))
        results, _ = apply_waivers([result(Status.FAILED)], [expiring], TODAY)
        assert results[0].status is status
        problems = check_waivers([expiring], {"AAA-01"}, None, TODAY)
        assert bool(problems) is (days < 0)


def test_unknown_clause_unknown_extension_and_doubles_are_problems():
    """Each is said in its own words."""
    waivers = [waiver(clause="ZZZ-99"), waiver(extension="nobody"), waiver(extension="nobody")]
    text = "\n".join(check_waivers(waivers, {"AAA-01"}, {"x"}, TODAY))
    for words in ("no such clause", "no such binding", "stands twice"):
        assert words in text


GOOD = {"clause": "AAA-01", "reason": "r", "owner": "o", "expires": "2027-03-31"}


def test_a_waiver_is_read_from_its_table():
    """Dates may be TOML dates, date-times or strings."""
    day = datetime.date(2027, 3, 31)
    for expires in ("2027-03-31", day, datetime.datetime(2027, 3, 31, 12)):
        assert parse_waiver({**GOOD, "expires": expires}, "here").expires == day


@pytest.mark.parametrize(
    ("change", "words"),
    [
        *(({key: None}, f"no '{key}'") for key in GOOD),
        ({"expires": "soon"}, "is not a date"),
        ({"expires": 5}, "is not a date"),
        ({"reason": " "}, "must be a text"),
        ({"owner": 3}, "must be a text"),
        ({"clauses": "x"}, "unknown key 'clauses'"),
    ],
)
def test_a_waiver_with_a_fault_is_refused_with_its_place(change, words):
    """Missing, unknown, empty or mistyped keys name the table."""
    table = {k: v for k, v in {**GOOD, **change}.items() if v is not None}
    with pytest.raises(WaiverError, match=f"waivers\\[0\\].*{words}"):
        parse_waiver(table, "waivers[0]")


def test_a_result_survives_json():
    """Results cross process borders."""
    for status, level in itertools.product(Status, Level):
        original = Result("AAA-01", level, status, "m", 1, 2, 3, 0.5, "x", ("e",), "f", ("h",))
        assert Result.from_json(original.to_json()) == original
