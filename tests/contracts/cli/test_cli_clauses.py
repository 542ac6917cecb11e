"""`clauses` and `explain`: the law can be read without running it."""

from __future__ import annotations

import json

import pytest

from luminescent_cluster.contracts.cli import main
from luminescent_cluster.contracts.suites import catalogue


def test_every_clause_is_listed_with_level_and_text(capsys: pytest.CaptureFixture[str]) -> None:
    """As a table."""
    assert main(["clauses"]) == 0
    out = capsys.readouterr().out
    for clause in catalogue().values():
        assert f"{clause.id:<10} {clause.level.value:<6} {clause.since:<6} {clause.text}" in out


def test_the_list_can_be_read_by_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON, each with what it takes to explain it."""
    assert main(["clauses", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [clause["id"] for clause in listed] == list(catalogue())
    assert {"id", "level", "text", "reason", "fix", "probes", "since"} <= set(listed[0])


@pytest.mark.parametrize(
    ("of", "there", "absent"),
    [
        ("SIG", "SIG-02", "TRU-01"),
        ("tru-01", "TRU-01", "SIG-01"),
        ("tenant_provider", "SIG-01", "RG-ONE-01"),
        ("TenantProvider", "SIG-01", "RG-ONE-01"),
        ("luminescent_cluster.extensions:AuditLogger", "SIG-01", "RG-ONE-01"),
    ],
)
def test_the_list_can_be_narrowed(
    capsys: pytest.CaptureFixture[str], of: str, there: str, absent: str
) -> None:
    """To a family, a slot, or a protocol."""
    assert main(["clauses", of]) == 0
    out = capsys.readouterr().out
    assert f"{there} " in out
    assert f"{absent} " not in out


def test_an_unknown_narrowing_names_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2."""
    assert main(["clauses", "nothing"]) == 2
    assert "there are the slots tenant_provider" in capsys.readouterr().err


def test_every_clause_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Text, reason and fix, in any case of letters."""
    for clause in catalogue().values():
        assert main(["explain", clause.id.lower()]) == 0
        out = " ".join(capsys.readouterr().out.split())
        for part in (clause.id, clause.level.value, clause.text, clause.reason, clause.fix):
            assert " ".join(part.split()) in out


def test_an_unknown_clause_offers_near_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2."""
    assert main(["explain", "SIG-20"]) == 2
    assert "there is no clause SIG-20; did you mean SIG-0" in capsys.readouterr().err


def test_explanations_can_be_read_by_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """Several at once."""
    assert main(["explain", "SIG-01", "TRU-01", "--format", "json"]) == 0
    assert [c["id"] for c in json.loads(capsys.readouterr().out)] == ["SIG-01", "TRU-01"]


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Each module of the package registered itself."""
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    for name in ("check", "clauses", "explain"):
        assert name in out
