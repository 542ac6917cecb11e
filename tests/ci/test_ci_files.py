"""The CI files do what they say: each test runs the very commands in them."""

import json
import shlex
import shutil
import sys
from xml.etree import ElementTree

import pytest

from ci.ci_files import Action, load, sample, shell
from ci.ci_fresh import ROOT, THOROUGH, Fresh, build_wheel
from contracts.reports.reports_samples import document
from luminescent_cluster.contracts.clauses import Status
from luminescent_cluster.contracts.reports.jsonfile import dumps, loads


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A fresh virtual environment, and the wheel where the published package would be."""
    folder = tmp_path_factory.mktemp("fresh")
    return Fresh(folder / "venv", build_wheel(folder / "dist"))


@pytest.fixture
def fresh(environment):
    """The same, without what an earlier test installed."""
    environment.remove_kit()
    assert not environment.has_kit()
    return environment


def test_the_action_installs_the_kit_and_passes_a_conformant_extension(tmp_path, fresh):
    """Verdict, reports, summary and badge; nothing is annotated but the verdict."""
    sample(tmp_path / "repo")
    action = Action(tmp_path / "repo", fresh, profile="smoke")
    assert action.run() == 0, action.log
    assert fresh.has_kit()
    assert action.output("verdict") == "CONFORMANT"
    assert action.commands() == [
        "::notice title=contracts%3A CONFORMANT::Every MUST clause passed."
    ]
    folder = tmp_path / "repo" / action.output("report")
    assert loads((folder / "report.json").read_text("utf-8"), "it").ok
    assert ElementTree.parse(folder / "junit.xml").getroot().tag == "testsuites"
    assert json.loads((folder / "badge.json").read_text("utf-8"))["message"] == "conformant"
    assert (folder / "report.html").read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("pytest_", ["", "contract_tests -p no:cacheprovider"])
def test_the_action_is_as_strict_as_it_is_told(tmp_path, pytest_):
    """A broken SHOULD blocks with strict, whoever runs the clauses."""
    repo = sample(tmp_path / "repo", untyped=True)
    action = Action(repo, install="", profile="smoke", strict="true", pytest=pytest_)
    assert action.run() == 1, action.log
    assert action.output("verdict") == "NON-CONFORMANT"
    assert any("SIG-05" in command for command in action.commands())


def test_the_action_runs_pytest_where_it_is_told_to(tmp_path):
    """Its arguments are several words; without strict, a SHOULD does not block."""
    repo = sample(tmp_path / "repo", untyped=True)
    (repo / "pyproject.toml").unlink()  # nothing to check but what the test module binds
    given = {"pytest": "contract_tests -p no:cacheprovider", "profile": "smoke"}
    action = Action(repo, install="", **given)
    assert action.run() == 0, action.log
    assert action.output("verdict") == "CONFORMANT"
    assert "greeting (Greeter, contract_tests/test_greeting.py" in action.log


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


def gitlab(repo, python=sys.executable, **variables):
    """Run the job's script as a runner does: line by line, until one fails."""
    job = load(".gitlab/contracts.yml")["contracts"]
    assert {v for v in variables if v.startswith("CONTRACTS")} <= set(job["variables"])
    given = {**job["variables"], "CONTRACTS_PROFILE": "smoke", **variables}
    log = ""
    for line in job["script"]:
        if " pip install " in line and not given["CONTRACTS_INSTALL"]:
            continue
        done = shell(line, repo, python=python, **given)
        log += done.stdout
        if done.returncode:
            return done.returncode, log
    return 0, log


def test_the_gitlab_job_installs_project_and_kit_and_gives_the_verdict(tmp_path, fresh):
    """Its script, as written, and the artifacts that it names."""
    repo = sample(tmp_path / "repo")
    code, log = gitlab(repo, fresh.python, **fresh.variables)
    assert code == 0, log
    assert fresh.has_kit()
    artifacts = load(".gitlab/contracts.yml")["contracts"]["artifacts"]
    assert (repo / artifacts["reports"]["junit"]).is_file()
    (folder,) = artifacts["paths"]
    assert {p.name for p in (repo / folder).iterdir()} == {
        "badge.json",
        "junit.xml",
        "report.html",
        "report.json",
        "report.md",
    }


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"CONTRACTS_TARGETS": "sample.protocols:Greeter=sample.absent:Greeting"}, 2),
        ({"CONTRACTS_STRICT": "true", "CONTRACTS_PYTEST": "contract_tests -q"}, 1),
        ({"CONTRACTS_PYTEST": "contract_tests -q"}, 0),
    ],
    ids=["no extension", "strict", "pytest"],
)
def test_the_gitlab_job_does_what_its_variables_say(tmp_path, variables, code):
    """A broken SHOULD blocks with strict only; wrong usage always."""
    repo = sample(tmp_path / "repo", untyped=True)
    assert gitlab(repo, CONTRACTS_INSTALL="", **variables)[0] == code


def test_the_gitlab_job_blocks_a_broken_extension(tmp_path):
    """And leaves the report for the merge request."""
    repo = sample(tmp_path / "repo", broken=True)
    code, log = gitlab(repo, CONTRACTS_INSTALL="")
    assert code == 1, log
    assert "SIG-03" in (repo / "contracts-report" / "junit.xml").read_text("utf-8")


@pytest.mark.parametrize("broken", [False, True])
def test_the_pre_commit_hook_gives_the_verdict(tmp_path, broken):
    """Its entry, without file names."""
    (hook,) = load(".pre-commit-hooks.yaml")
    assert hook["pass_filenames"] is False
    repo = sample(tmp_path / "repo", broken=broken)
    done = shell(shlex.join(shlex.split(hook["entry"])), repo)
    assert done.returncode == (1 if broken else 0), done.stdout


@pytest.mark.skipif(not THOROUGH, reason="installs pre-commit; set LUMINESCENT_THOROUGH=1")
@pytest.mark.parametrize("broken", [False, True])
def test_the_real_pre_commit_runs_the_hook(tmp_path, fresh, broken):
    """As a repository that names this one in its configuration."""
    hooks, repo = tmp_path / "hooks", sample(tmp_path / "repo", broken=broken)
    hooks.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    who = {
        f"GIT_{role}_{what}": "x" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    variables = {**fresh.variables, **who, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    for command, folder in (
        ('python -m pip install "luminescent-extensions[contracts]" pre-commit', repo),
        ("git init -q . && git add -A && git commit -q -m hooks", hooks),
        ("git init -q . && git add -A", repo),
    ):
        done = shell(command, folder, python=fresh.python, **variables)
        assert done.returncode == 0, done.stdout
    command = f"pre-commit try-repo {hooks} luminescent-contracts --all-files"
    done = shell(command, repo, python=fresh.python, **variables)
    assert done.returncode == (1 if broken else 0), done.stdout
    assert ("SIG-03" in done.stdout) == broken
