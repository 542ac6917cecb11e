"""A new user's road, from an empty environment to a waiver that has expired.

Real processes throughout: the wheel is built and installed, ``init`` writes, and what it wrote is
run as the CI systems run it. With ``LUMINESCENT_THOROUGH`` in an environment that pip fills from
the index, and with every clause.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from ci.ci_files import shell
from ci.ci_fresh import THOROUGH, Fresh, build_wheel

DEFECT = 'return {"tenant_id": {"$eq": tenant_id}}'
MENDED = f"""if not isinstance(tenant_id, str) or not tenant_id.strip():
            raise ValueError("there is no filter for nobody")
        {DEFECT}"""
TENANTS = f'''"""Tenants of the cloud."""

from __future__ import annotations

from typing import Any

GRANTS = {{("acme", "alice", "kb/report"), ("globex", "dora", "kb/plan")}}


class HeaderTenants:
    """Finds the tenant in a header."""

    __protocols__ = ("TenantProvider>=1.0,<2",)

    def __init__(self) -> None:
        self.down = False

    def get_tenant_id(self, request_context: dict[str, Any]) -> str | None:
        value = request_context.get("x-tenant-id")
        return value if isinstance(value, str) and value.strip() else None

    def get_tenant_filter(self, tenant_id: str) -> dict[str, Any]:
        {DEFECT}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        if self.down:
            raise ConnectionError("the store of grants is down")
        return (tenant_id, user_id, resource) in GRANTS
'''
PROBES = """        extension,
        tenants=["acme", "globex"],
        allowed=GRANTS,
        denied=[("acme", "dora", "kb/plan"), ("globex", "alice", "kb/report")],
        resources_closed=True,
        break_backend=functools.partial(mock.patch.object, extension, "down", True),
"""
PROJECT = """[project]
name = "luminescent-cloud"
version = "0.1.0"
"""
BUILT = """
[build-system]
requires = ["setuptools>=64"]
build-backend = "setuptools.build_meta"
"""
WAIVER = """
[[tool.luminescent.contracts.waivers]]
clause = "TP-FLT-05"
reason = "core guards against it until 2.0"
owner = "tenancy team"
expires = {}
"""


class Desk:
    """A cloud repository, and the environment of whoever works on it."""

    def __init__(self, repository: Path, environment: Fresh) -> None:
        self.repository = repository
        self.environment = environment
        self.table = repository / "pyproject.toml"
        self.extension = repository / "cloud" / "tenants.py"
        self.tests = repository / "contract_tests" / "test_contracts.py"
        self.extension.parent.mkdir(parents=True)
        self.extension.write_text(TENANTS, "utf-8")
        (self.extension.parent / "__init__.py").write_text("", "utf-8")
        # pip builds it where there is an index to fetch setuptools from.
        self.table.write_text(PROJECT + BUILT * THOROUGH, "utf-8")
        self.installed: set[str] = set()

    def run(self, command: str, *, exits: int = 0, **variables: str) -> str:
        """Run a command; it must end as it should. Gives what it printed.

        The same installation is made once.
        """
        if " pip install " in command:
            if command in self.installed:
                return ""
            self.installed.add(command)
        done = shell(
            command,
            self.repository,
            python=self.environment.python,
            all_clauses=THOROUGH,
            **{**self.environment.variables, "COLUMNS": "120", **variables},
        )
        assert done.returncode == exits, f"$ {command}\n{done.stdout}"
        return done.stdout

    def github(self, *, exits: list[int]) -> list[str]:
        """Run the steps of the workflow that ``init`` wrote, as GitHub does."""
        text = (self.repository / ".github/workflows/contracts.yml").read_text("utf-8")
        (job,) = yaml.safe_load(text)["jobs"].values()
        steps = [step for step in job["steps"] if "run" in step]
        summary = str(self.repository / "summary.md")
        told, failed = [], False
        for step, code in zip(steps, exits, strict=True):
            assert not failed or step["if"] == "always()"
            variables = {"GITHUB_STEP_SUMMARY": summary, "GITHUB_ACTIONS": "true", "CI": "true"}
            told.append(self.run(_quick(step["run"]), exits=code, **variables))
            failed = failed or bool(code)
        return told

    def gitlab(self) -> list[str]:
        """Run the script of the job that ``init`` wrote, as GitLab does."""
        start = yaml.safe_load((self.repository / ".gitlab-ci.yml").read_text("utf-8"))
        (included,) = start["include"]
        job = yaml.safe_load((self.repository / included["local"]).read_text("utf-8"))["contracts"]
        told = [self.run(_quick(line), CI="true") for line in job["script"]]
        for path in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
            assert (self.repository / path).exists()
        return told

    def contents(self) -> dict[str, bytes]:
        """Give every file, but for caches."""
        files = (p for p in sorted(self.repository.rglob("*")) if p.is_file())
        return {str(p): p.read_bytes() for p in files if "cache" not in str(p)}


def _quick(command: str) -> str:
    """Give a command as it is written, with less effort."""
    return command if THOROUGH else command.replace("--contracts-profile ci", "")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.skipif(os.name != "posix", reason="runs bash, as the CI systems do")
def test_a_new_users_road(tmp_path):
    """Install, init, red, mend, green, waiver, expiry: each says the next step."""
    desk = Desk(tmp_path / "cloud", Fresh(tmp_path / "venv", build_wheel(tmp_path / "dist")))
    assert not desk.environment.has_kit()
    desk.run('python -m pip install "luminescent-extensions[contracts]"')
    assert desk.environment.has_kit()

    told = desk.run("luminescent-contracts init")
    assert "found cloud.tenants:HeaderTenants for tenant_provider" in told
    before = desk.contents()
    desk.run("luminescent-contracts init --ci gitlab")
    assert before.items() <= desk.contents().items()
    if not THOROUGH:  # the effort of the project's own runs
        _replace(desk.table, 'profile = "ci"', 'profile = "smoke"\nseed = 0')

    # Red: the planted defect, by its clause, call and row; the fix; and what cannot be seen yet.
    _, told, verdict, *_ = desk.github(exits=[0, 1, 1])
    assert "TP-FLT-05 MUST  For None or a blank id it raises or matches nothing" in told
    assert "get_tenant_filter(None) -> {'tenant_id': {'$eq': None}}" in told
    assert "fix: raise ValueError" in told
    assert "contracts: NON-CONFORMANT" in told
    assert "the probe break_backend is missing" in told
    assert "::error file=contract_tests/test_contracts.py" in verdict
    assert "NON-CONFORMANT" in (desk.repository / "summary.md").read_text("utf-8")

    # Green: mended, and the probes given.
    _replace(desk.extension, DEFECT, MENDED)
    text = desk.tests.read_text("utf-8")
    head, start, _ = text.partition("        extension,\n")
    assert start
    head = head.replace(
        "from luminescent", "import functools\nfrom unittest import mock\n\nfrom luminescent", 1
    ).replace("HeaderTenants\n", "GRANTS, HeaderTenants\n", 1)
    desk.tests.write_text(f"{head}{PROBES}    )\n", "utf-8")
    assert "contracts: CONFORMANT (" in desk.gitlab()[1]

    # The defect is back, and the release is today: a waiver.
    _replace(desk.extension, MENDED, DEFECT)
    table = desk.table.read_text("utf-8")
    desk.table.write_text(table + WAIVER.format("2999-03-31"), "utf-8")
    told = desk.run("luminescent-contracts check")
    assert "contracts: CONFORMANT WITH WAIVERS" in told
    assert "tenancy team" in told

    # The day after: red again, and who answers for it.
    desk.table.write_text(table + WAIVER.format("2020-03-31"), "utf-8")
    told = desk.run("python -m pytest contract_tests", exits=1)
    assert "contracts: NON-CONFORMANT" in told
    assert "waiver for TP-FLT-05 expired on 2020-03-31 (owner: tenancy team" in told
