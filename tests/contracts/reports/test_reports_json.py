"""The JSON report: a published schema, no times unless asked, the same run the same text."""

import dataclasses
import json
from pathlib import Path

import jsonschema
import pytest

from contracts.reports.reports_samples import (
    ENVIRONMENT,
    clauses,
    document,
    full_document,
    report,
    result,
)
from luminescent_cluster.contracts.clauses import Level, Report, Result, Status, Verdict
from luminescent_cluster.contracts.reports.compare import compare
from luminescent_cluster.contracts.reports.formats import FORMATS
from luminescent_cluster.contracts.reports.jsonfile import ReportFileError, dumps, loads
from luminescent_cluster.contracts.reports.making import document_of
from luminescent_cluster.contracts.reports.merge import merge

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/reference/report-schema.json").read_text("utf-8"))


def test_the_schema_is_a_schema():
    """Of draft 2020-12."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(full_document, id="full"),
        pytest.param(lambda: document(Status.PASSED), id="passed"),
        pytest.param(lambda: merge([("a", document()), ("b", full_document())]), id="merged"),
        pytest.param(lambda: compare(document(), full_document()), id="compared"),
        pytest.param(lambda: merge([]), id="empty"),
        pytest.param(
            lambda: document_of(report(), clauses(), ENVIRONMENT, recorded="2026-11-23T05:00:00Z"),
            id="timed",
        ),
    ],
)
def test_what_is_written_meets_the_published_schema(made):
    """Every kind of document."""
    jsonschema.validate(json.loads(dumps(made())), SCHEMA)


def test_every_field_that_is_written_is_in_the_schema():
    """A field nobody described is one nobody can rely on."""
    data = json.loads(dumps(compare(document(), full_document())))
    assert set(data) <= set(SCHEMA["properties"])
    for name, items in (("runs", "run"), ("clauses", "clause")):
        described = SCHEMA["$defs"][items]["properties"]
        assert {key for item in data[name] for key in item} <= set(described)
    results = {key for run in data["runs"] for r in run["results"] for key in r}
    assert results <= set(SCHEMA["$defs"]["result"]["properties"])


def test_what_is_written_can_be_read_and_written_again():
    """Nothing is lost on the way."""
    text = dumps(full_document())
    assert dumps(loads(text, "file")) == text


def test_the_order_in_which_results_came_in_does_not_show():
    """Workers of a distributed run report in any order."""
    made = report()
    turned = dataclasses.replace(made, results=made.results[::-1])
    texts = {dumps(document_of(r, clauses(), ENVIRONMENT)) for r in (made, turned)}
    assert len(texts) == 1


def test_how_long_it_took_does_not_show():
    """Two runs that differ in nothing but time give the same text."""
    made = report()
    slow = tuple(dataclasses.replace(r, duration=r.duration + 1) for r in made.results)
    slower = dataclasses.replace(made, results=slow)
    texts = {dumps(document_of(r, clauses(), ENVIRONMENT)) for r in (made, slower)}
    assert len(texts) == 1
    assert "duration" not in texts.pop()


def test_times_are_there_when_somebody_asks():
    """When it ran, and how long each clause took."""
    made = document_of(report(), clauses(), ENVIRONMENT, recorded="2026-11-23T05:00:00Z")
    (run,) = json.loads(dumps(made))["runs"]
    assert run["recorded"] == "2026-11-23T05:00:00Z"
    assert {r["duration"] for r in run["results"]} == {0.0, 0.25}


def test_a_verdict_that_is_better_than_its_results_is_not_believed():
    """Somebody edited the one word; the results still say what they say."""
    data = json.loads(dumps(document(Status.PASSED, Status.FAILED)))
    data["runs"][0]["verdict"] = data["verdict"] = "CONFORMANT"
    read = loads(json.dumps(data), "file")
    assert read.verdict is Verdict.NON_CONFORMANT
    assert not read.ok


def test_a_verdict_that_is_worse_than_its_results_stands():
    """A lost module makes a run INCOMPLETE though every result is fine."""
    data = json.loads(dumps(document(Status.PASSED)))
    data["runs"][0]["verdict"] = "INCOMPLETE"
    assert loads(json.dumps(data), "file").verdict is Verdict.INCOMPLETE


def test_a_bare_report_is_read_too():
    """What ``check --format json`` prints has no clauses and no environment."""
    read = loads(json.dumps(report().to_json()), "file")
    assert read.verdict is Verdict.NON_CONFORMANT
    assert "XX-STA-02" in FORMATS["html"](read)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON"),
        ("[]", "no report"),
        ('{"runs": []}', "schema version none"),
        ('{"runs": [], "schema_version": "2.0"}', "schema version 2.0"),
        ('{"runs": [{}], "schema_version": "1.0"}', "KeyError"),
        ('{"runs": 3, "schema_version": "1.7"}', "TypeError"),
        ('{"runs": [{"results": [], "verdict": "FINE"}], "schema_version": "1.0"}', "ValueError"),
        ("[" * 100_000, "this is no JSON"),
        ('{"schema_version": "1.0", "runs": [], "kills": "x"}', "an entry of kills"),
        ('{"schema_version": "1.0", "runs": [], "versions": [{}]}', "an entry of versions"),
    ],
)
def test_a_file_that_is_no_report_is_refused_with_the_cause(text, said):
    """The name of the file, what is wrong, and what to do."""
    with pytest.raises(ReportFileError, match=said) as caught:
        loads(text, "some.json")
    assert str(caught.value).startswith("some.json: ")


def test_a_field_of_a_later_minor_version_is_ignored():
    """Fields are only added within a major version."""
    data = json.loads(dumps(full_document()))
    data["schema_version"] = "1.9"
    data["novelty"] = data["runs"][0]["novelty"] = data["runs"][0]["results"][0]["novelty"] = 1
    assert dumps(loads(json.dumps(data), "file")) == dumps(full_document())


def test_what_an_extension_left_in_extra_is_always_written():
    """Sets, numbers that JSON lacks, objects."""
    odd = {"a": {3, 1}, "b": float("nan"), "c": object, 4: (1, 2)}
    made = Report(
        (dataclasses.replace(result(clauses()[0], Status.PASSED, "x"), extra=odd),),
        Verdict.CONFORMANT,
    )
    json.loads(dumps(document_of(made, clauses(), ENVIRONMENT)))


def test_a_clause_that_no_catalogue_knows_is_still_shown():
    """A report of another kit version names clauses that ours lacks."""
    made = Report(
        (Result("ZZ-99", Level.MUST, Status.FAILED, "gone", subject="x"),), Verdict.NON_CONFORMANT
    )
    shown = document_of(made, [], ENVIRONMENT)
    for name in ("html", "json", "md", "junit", "github", "text"):
        assert "ZZ-99" in FORMATS[name](shown).replace("\\", "")
