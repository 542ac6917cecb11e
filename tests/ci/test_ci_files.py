"""The CI files do what they say: each test runs the very commands in them."""

import json
import shlex
from xml.etree import ElementTree

import pytest

from ci.ci_files import Action, load, sample, shell
from contracts.reports.reports_samples import document
from luminescent_cluster.contracts.clauses import Status
from luminescent_cluster.contracts.reports.jsonfile import dumps, loads


def test_the_action_passes_a_conformant_extension(tmp_path):
    """Verdict, reports, summary and badge; nothing is annotated but the verdict."""
    sample(tmp_path / "repo")
    action = Action(tmp_path / "repo", install="", profile="smoke")
    assert action.run() == 0, action.log
    assert action.output("verdict") == "CONFORMANT"
    assert action.commands() == [
        "::notice title=contracts%3A CONFORMANT::Every MUST clause passed."
    ]
    folder = tmp_path / "repo" / action.output("report")
    assert loads((folder / "report.json").read_text("utf-8"), "it").ok
    assert ElementTree.parse(folder / "junit.xml").getroot().tag == "testsuites"
    assert json.loads((folder / "badge.json").read_text("utf-8"))["message"] == "conformant"
    assert (folder / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_the_action_blocks_a_broken_extension_and_says_why(tmp_path):
    """It fails, annotates, adds to the step's summary, and obeys nothing that was printed."""
    sample(tmp_path / "repo", broken=True)
    action = Action(tmp_path / "repo", install="", profile="smoke")
    assert action.run() == 1, action.log
    assert action.output("verdict") == "NON-CONFORMANT"
    summary = action.summary.read_text("utf-8")
    assert summary.startswith("before\n## ❌ Contracts: NON-CONFORMANT")
    assert "SIG-03" in summary
    assert any(c.startswith("::error") and "SIG-03" in c for c in action.commands())
    assert "forged by an extension" in action.log
    assert not any(c.startswith("::error::forged") for c in action.commands())


def test_the_action_takes_a_folder_and_targets(tmp_path):
    """One of several projects in a repository, without a table: slot=module:attribute."""
    project = sample(tmp_path / "repo" / "services" / "cloud")
    (project / "pyproject.toml").unlink()
    action = Action(
        tmp_path / "repo",
        install="",
        profile="smoke",
        targets="sample.protocols:Greeter=sample.greeting:Greeting",
        **{"working-directory": "services/cloud"},
    )
    assert action.run() == 0, action.log
    assert (tmp_path / "repo" / action.output("report") / "report.html").is_file()


def test_the_action_fails_where_the_check_leaves_no_report(tmp_path):
    """Wrong usage, a crash: whatever keeps the report away is no success."""
    repo = sample(tmp_path / "repo")
    action = Action(repo, install="", targets="nonsense")
    assert action.run() == 1
    assert action.output("verdict") == "INCOMPLETE"
    assert any(command.startswith("::error") for command in action.commands())


def test_a_report_of_an_earlier_run_is_not_taken_for_this_one(tmp_path):
    """A cached workspace holds a green report; the check that follows never ran."""
    repo = sample(tmp_path / "repo")
    (repo / "contracts-report").mkdir()
    green = dumps(document(Status.PASSED))
    (repo / "contracts-report" / "report.json").write_text(green, "utf-8")
    action = Action(repo, install="", targets="nonsense")
    assert action.run() == 1
    assert action.output("verdict") == "INCOMPLETE"


def test_inputs_of_the_action_reach_no_shell_as_code(tmp_path):
    """They go through the environment; none is written into a script."""
    for step in load("action.yml")["runs"]["steps"]:
        assert "${{" not in step["run"]


@pytest.mark.parametrize("broken", [False, True])
def test_the_gitlab_job_gives_the_verdict(tmp_path, broken):
    """Its check, as written, and the artifacts that it names."""
    job = load(".gitlab/contracts.yml")["contracts"]
    repo = sample(tmp_path / "repo", broken=broken)
    variables = dict(job["variables"], CONTRACTS_PROFILE="smoke")
    install, check = job["script"]
    assert install.startswith("python -m pip install")
    done = shell(check, repo, **variables)
    assert done.returncode == (1 if broken else 0), done.stdout
    assert (repo / job["artifacts"]["reports"]["junit"]).is_file()
    (folder,) = job["artifacts"]["paths"]
    assert {p.name for p in (repo / folder).iterdir()} == {
        "report.json",
        "report.html",
        "report.md",
        "junit.xml",
    }


@pytest.mark.parametrize("broken", [False, True])
def test_the_pre_commit_hook_gives_the_verdict(tmp_path, broken):
    """Its entry, without file names."""
    (hook,) = load(".pre-commit-hooks.yaml")
    assert hook["pass_filenames"] is False
    repo = sample(tmp_path / "repo", broken=broken)
    done = shell(shlex.join(shlex.split(hook["entry"])), repo)
    assert done.returncode == (1 if broken else 0), done.stdout
