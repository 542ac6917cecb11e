"""The report command: several files, several formats, honest exit codes."""

import hashlib
import json

import pytest

from contracts.reports.reports_samples import document, full_document
from luminescent_cluster.contracts.clauses import Status
from luminescent_cluster.contracts.cli import main
from luminescent_cluster.contracts.compat.matrix import matrix
from luminescent_cluster.contracts.compat.rendering import matrices
from luminescent_cluster.contracts.reports.formats import FORMATS
from luminescent_cluster.contracts.reports.jsonfile import dumps, loads


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Two reports, in the current folder: one that passed, one with everything."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    (tmp_path / "good.json").write_text(dumps(document(Status.PASSED)), "utf-8")
    (tmp_path / "full.json").write_text(dumps(full_document()), "utf-8")
    return tmp_path


@pytest.mark.parametrize(("name", "code"), [("good", 0), ("full", 1)])
def test_the_exit_code_is_the_verdict(files, name, code):
    """Rendering again does not make a failure a success."""
    assert main(["report", f"{name}.json"]) == code


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("intoto", "text")])
def test_a_format_is_printed_as_it_was_written(files, capsys, name):
    """From the file, by another process, the same text as from the run."""
    main(["report", "full.json", "--format", name])
    assert capsys.readouterr().out == FORMATS[name](full_document())


def test_several_files_become_one_matrix_and_one_verdict(files, capsys):
    """In every format at once; the exit code is that of the gravest."""
    code = main(["report", "good.json", "full.json", "--output", "html=m.html,json=m.json,md=m.md"])
    assert code == 1
    assert capsys.readouterr().out == ""
    merged = loads((files / "m.json").read_text("utf-8"), "m")
    assert [run.label for run in merged.runs] == ["Python 3.11, good", "Python 3.11, full"]
    assert "### Matrix" in (files / "m.md").read_text("utf-8")


def test_what_changed_is_shown_against_an_older_report(files, capsys):
    """The verdict then and now, and each clause that came out differently."""
    main(["report", "full.json", "--compare", "good.json"])
    told = capsys.readouterr().out
    assert "the verdict was CONFORMANT and is NON-CONFORMANT" in told
    assert "new      XX-STA-02  audit_logger: - -> failed" in told


def test_an_attestation_is_about_the_artifact_that_was_named(files, capsys):
    """By its digest; without one, and without an installed distribution, there is none."""
    (files / "cloud.whl").write_bytes(b"wheel")
    main(["report", "good.json", "--format", "intoto", "--artifact", "cloud.whl"])
    (subject,) = json.loads(capsys.readouterr().out)["subject"]
    assert subject["name"] == "cloud.whl"
    assert subject["digest"] == {"sha256": hashlib.sha256(b"wheel").hexdigest()}
    assert main(["report", "good.json", "--format", "intoto"]) == 2
    assert "--artifact" in capsys.readouterr().err


def test_a_version_matrix_among_the_files_becomes_a_section(files, capsys):
    """Output of ``matrix --format json``, as it is."""

    class Greeter:
        def greet(self, name: str) -> str:
            return name

    class V1:
        def greet(self, name: str) -> str: ...

    made = matrix(Greeter, {"1.0.0": _protocol(V1)}, ">=1.0,<2", protocol="Greeter")
    (files / "matrix.json").write_text(matrices.as_json([made]), "utf-8")
    assert main(["report", "good.json", "matrix.json", "--format", "md"]) == 0
    told = capsys.readouterr().out
    assert "### Versions" in told
    assert "1.0.0: satisfied" in told


def _protocol(cls):
    from typing import Protocol

    return type(cls.__name__, (Protocol,), dict(vars(cls)))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["absent.json"], "absent.json: cannot be read"),
        (["good.json", "--output", "nonsense=x"], "there is no format"),
        (["good.json", "--output", "html"], "names no file"),
        (["good.json", "--artifact", "absent.whl"], "absent.whl: cannot be read"),
        (["notes.txt"], "no JSON"),
        (["good.json", "full.json", "good.json"], "good.json is named twice"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(files, capsys, arguments, said):
    """Cause and remedy on standard error."""
    (files / "notes.txt").write_text("hello", "utf-8")
    assert main(["report", *arguments]) == 2
    assert said in capsys.readouterr().err
