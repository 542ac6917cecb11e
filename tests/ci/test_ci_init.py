"""``init``: what it finds, what it writes, and that what it wrote runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from ci.ci_files import shell
from luminescent_cluster.contracts.cli import main
from luminescent_cluster.contracts.cli._candidates import definitions, implementations
from luminescent_cluster.contracts.cli._project import read_project
from luminescent_cluster.contracts.config import read_settings
from luminescent_cluster.extensions.compatibility import slot_protocols

FILES = {
    "cloud/__init__.py": "",
    "cloud/tenants.py": '''
class HeaderTenants:
    """Tenants by header."""

    def get_tenant_id(self, request_context: dict[str, object]) -> str | None:
        found = request_context.get("x-tenant-id")
        return found if isinstance(found, str) and found.strip() else None

    def get_tenant_filter(self, tenant_id: str) -> dict[str, object]:
        if not tenant_id or not tenant_id.strip():
            raise ValueError("a filter needs a tenant")
        return {"tenant_id": {"$eq": tenant_id}}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return False


class _Hidden(HeaderTenants):
    pass


class RoleTenants(HeaderTenants):
    def __init__(self, roles: dict[str, str], *, strict: bool) -> None:
        self.roles = roles
''',
    "cloud/audit.py": """
from dataclasses import dataclass
from typing import Any, Optional


@dataclass
class HttpAudit:
    endpoint: str
    timeout: float = 1.0

    def log_event(
        self, event_type: str, actor: str, resource: str, action: str, outcome: str,
        details: Optional[dict[str, Any]] = None,
    ) -> None: ...

    def log_security_event(
        self, event_type: str, severity: str, message: str,
        details: Optional[dict[str, Any]] = None,
    ) -> None: ...
""",
    "cloud/own.py": '''
from abc import ABC, abstractmethod
from typing import Protocol


class Mailer(Protocol):
    def send(self, to: str, text: str) -> None: ...
    def pending(self) -> int: ...


class Base(ABC):
    @abstractmethod
    def send(self, to: str, text: str) -> None: ...

    def pending(self) -> int:
        return 0


class SmtpMailer(Base):
    def send(self, to: str, text: str) -> None:
        return None


class HTTPTenants2:
    """Has a method of the protocol, and lacks others."""

    def get_tenant_id(self, request_context: dict[str, object]) -> str | None:
        return None
''',
    "tests/test_cloud.py": "class FakeTenants:\n"
    "    def get_tenant_id(self, c): ...\n"
    "    def get_tenant_filter(self, t): ...\n"
    "    def validate_tenant_access(self, t, u, r): ...\n",
    "broken.py": "def (",
    "pyproject.toml": '[project]\nname = "cloud"\nversion = "1.0"\n',
}


@pytest.fixture
def repository(tmp_path):
    """A cloud repository without contract tests."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "cache" not in str(path)
    }


def test_classes_with_every_method_of_a_protocol_are_found(repository):
    """Inherited methods count; hidden, abstract, partial and tests' classes do not."""
    slots, own = implementations(definitions(repository), slot_protocols())
    assert [(c.definition.name, c.slot) for c in slots] == [
        ("HeaderTenants", "tenant_provider"),
        ("RoleTenants", "tenant_provider"),
        ("HttpAudit", "audit_logger"),
    ]
    assert [(c.definition.name, c.slot) for c in own] == [("SmtpMailer", "cloud.own:Mailer")]


def test_what_a_constructor_needs_is_known(repository):
    """Parameters without defaults, fields of dataclasses."""
    needs = {d.name: d.needs for d in definitions(repository)}
    assert needs["RoleTenants"] == ("roles", "strict")
    assert needs["HttpAudit"] == ("endpoint",)
    assert needs["SmtpMailer"] == ()


def test_modules_under_src_are_named_as_they_are_imported(tmp_path):
    """``src`` is a folder, not a package."""
    path = tmp_path / "src" / "cloud" / "a.py"
    path.parent.mkdir(parents=True)
    path.write_text("class A: ...\n", "utf-8")
    assert [d.module for d in definitions(tmp_path)] == ["cloud.a"]


@pytest.mark.parametrize(
    ("name", "text", "path"),
    [
        ("pyproject.toml", "[[tool.poetry.packages]]\nfrom = 'lib'\n", "lib"),
        ("pyproject.toml", "[tool.setuptools.packages.find]\nwhere = ['lib']\n", "lib"),
        ("pyproject.toml", "[tool.setuptools.package-dir]\n'' = 'lib'\n", "lib"),
        ("pyproject.toml", "[tool.maturin]\npython-source = 'python'\n", "python"),
        ("pyproject.toml", "[tool.hatch.build.targets.wheel]\npackages = ['lib/cloud']\n", "lib"),
        ("setup.cfg", "[options]\npackage_dir =\n  = python\n", "python"),
        ("setup.cfg", "[options.packages.find]\nwhere = lib\n", "lib"),
        ("backend/pyproject.toml", "[project]\nname = 'cloud'\n", "backend"),
        ("packages/acme-cloud/pyproject.toml", "", "packages/acme-cloud/src"),
    ],
    ids=["poetry", "find", "package-dir", "maturin", "hatch", "setup.cfg", "cfg find", "backend",
         "workspace"],
)  # fmt: skip
def test_modules_are_named_as_the_project_is_laid_out(tmp_path, name, text, path):
    """A folder that only holds packages is no part of their names; nor is a project in another."""
    for file, content in ((name, text), (f"{path}/cloud/a.py", "class A: ...\n")):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(content, "utf-8")
    (found,) = definitions(tmp_path)
    assert (found.module, found.source.root) == ("cloud.a", path)


def test_projects_of_a_workspace_are_installed_before_the_run(tmp_path, capsys):
    """Here, and in the workflow."""
    member = tmp_path / "packages" / "acme-cloud"
    (member / "src" / "cloud").mkdir(parents=True)
    (member / "pyproject.toml").write_text(PROJECT, "utf-8")
    (member / "src" / "cloud" / "a.py").write_text(FILES["cloud/tenants.py"], "utf-8")
    main(["init", str(tmp_path)])
    assert "next: python -m pip install -e packages/acme-cloud && " in capsys.readouterr().out
    workflow = (tmp_path / ".github" / "workflows" / "contracts.yml").read_text("utf-8")
    assert "pip install ./packages/acme-cloud " in workflow


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[project\n", "cannot be read"),
        ("\ufeff[project]\n", "byte order mark"),
        ("tool = {ruff = {line-length = 90}}\n", "by hand:\n[tool.luminescent.contracts]"),
    ],
    ids=["no TOML", "byte order mark", "inline table"],
)
def test_nothing_is_written_where_pyproject_cannot_take_the_table(repository, capsys, text, told):
    """A half is worse than nothing: everything is worked out before the first file is written."""
    (repository / "pyproject.toml").write_text(text, "utf-8")
    before = contents(repository)
    assert main(["init", str(repository)]) == 2
    assert contents(repository) == before
    assert told in capsys.readouterr().err


def test_slots_that_the_table_lacks_are_named_until_they_are_there(repository, capsys):
    """A table that somebody wrote is not changed, and what `check` would overlook is said."""
    path = repository / "pyproject.toml"
    path.write_text('[tool.luminescent.contracts]\ntenant_provider = "cloud.tenants:X"\n', "utf-8")
    main(["init", str(repository)])
    wanted = 'audit_logger = "contract_tests.test_contracts:http_audit"'
    assert f"to do: add to [tool.luminescent.contracts]\n  {wanted}" in capsys.readouterr().out
    path.write_text(path.read_text("utf-8") + wanted, "utf-8")
    main(["init", str(repository)])
    assert "audit_logger =" not in capsys.readouterr().out


def test_line_ends_stay_those_of_the_file(repository):
    """A file from Windows is not mixed up."""
    path = repository / "pyproject.toml"
    path.write_bytes(b"[project]\r\nname = 'cloud'\r\n")
    main(["init", str(repository)])
    assert b"contracts]" in path.read_bytes()
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


def test_what_cannot_be_read_is_named(repository, capsys):
    """A class in a file of a newer Python would be overlooked without a word."""
    main(["init", str(repository), "--dry-run"])
    assert "not read: broken.py: line 1 is no Python" in capsys.readouterr().out


def test_a_constructor_that_comes_from_elsewhere_is_not_called_without_arguments(tmp_path):
    """``__new__``, and the fields of another library's models."""
    (tmp_path / "a.py").write_text(
        "from pydantic import BaseModel\nfrom typing import Protocol\n"
        "class Model(BaseModel):\n    url: str\n    ttl: int = 3\n"
        "class Plain(Protocol):\n    url: str\n"
        "class Mine(Plain):\n    kind: str\n"
        "class New:\n    def __new__(cls, dsn, *, retries): ...\n",
        "utf-8",
    )
    needs = {d.name: d.needs for d in definitions(tmp_path)}
    assert needs == {"Model": ("url",), "Plain": (), "Mine": (), "New": ("dsn", "retries")}


def test_doing_it_again_changes_nothing(repository, capsys):
    """Neither does it where everything was written by hand."""
    assert main(["init", str(repository)]) == 0
    first = contents(repository)
    assert main(["init", str(repository)]) == 0
    assert contents(repository) == first
    assert "wrote" not in capsys.readouterr().out.split("found")[-1]


def test_a_dry_run_writes_nothing(repository, capsys):
    """It says what it would write."""
    before = contents(repository)
    assert main(["init", str(repository), "--dry-run"]) == 0
    assert contents(repository) == before
    assert "would write contract_tests/test_contracts.py" in capsys.readouterr().out


def test_the_rest_of_pyproject_stays_as_it_was(repository):
    """The table goes behind it, names what was written, and can be read."""
    before = (repository / "pyproject.toml").read_text("utf-8")
    main(["init", str(repository)])
    assert (repository / "pyproject.toml").read_text("utf-8").startswith(before)
    settings = read_settings(repository / "pyproject.toml")
    assert {t.name: t.factory for t in settings.targets} == {
        "tenant_provider": "contract_tests.test_contracts:header_tenants",
        "audit_logger": "contract_tests.test_contracts:http_audit",
        "cloud.own:Mailer": "contract_tests.test_contracts:smtp_mailer",
    }


def test_contract_tests_that_are_there_are_left_alone(repository, capsys):
    """What they do not mention is named."""
    (repository / "contract_tests").mkdir()
    mine = repository / "contract_tests" / "test_mine.py"
    mine.write_text("# HeaderTenants\n", "utf-8")
    main(["init", str(repository)])
    assert [p.name for p in (repository / "contract_tests").iterdir()] == ["test_mine.py"]
    told = capsys.readouterr().out
    assert "not bound yet: cloud.audit:HttpAudit" in told
    assert "not bound yet: cloud.tenants:HeaderTenants" not in told


def test_a_repository_without_extensions_is_told_so(tmp_path, capsys):
    """Exit code 1, and what to do."""
    assert main(["init", str(tmp_path)]) == 1
    assert "@contract" in capsys.readouterr().out


def tool(name):
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        pytest.skip(f"needs {name}")
    return str(path)


def test_what_is_written_passes_ruff_and_strict_mypy(repository):
    """As a project's own lint would run: line length 88, imports sorted."""
    main(["init", str(repository)])
    for command in (
        [tool("ruff"), "check", "--isolated", "--select", "E,F,I,B,UP,N,W", "contract_tests"],
        [tool("ruff"), "format", "--isolated", "--check", "contract_tests"],
        [tool("mypy"), "--strict", "--cache-dir", str(repository / ".cache"), "contract_tests"],
    ):
        done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_written_runs_and_tells_what_to_do_next(repository):
    """Items for every binding; INCOMPLETE, because arguments and probes are still to be given."""
    main(["init", str(repository)])
    done = shell("python -m pytest contract_tests -p no:randomly -p no:cacheprovider", repository)
    assert "contracts: INCOMPLETE" in done.stdout
    assert "make a RoleTenants here; it needs roles, strict" in done.stdout
    assert done.returncode == 1
    assert done.stdout.count("header_tenants") >= 1


def test_probes_are_written_so_that_they_can_be_uncommented(repository):
    """Taking the mark of a comment away leaves an argument."""
    main(["init", str(repository)])
    path = repository / "contract_tests" / "test_contracts.py"
    text = path.read_text("utf-8").replace(
        '        #   tenants=["acme", "globex"],', '          tenants=["acme", "globex"],'
    )
    assert '          tenants=["acme", "globex"],' in text
    compile(text, str(path), "exec")


SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
PROJECT = '[project]\nname = "cloud"\nversion = "1.0"\n'


@pytest.mark.parametrize(
    ("pyproject", "others", "install", "table"),
    [
        (PROJECT, [], "", ""),
        (PROJECT, ["requirements.txt"], "-r requirements.txt", ""),
        (PROJECT + 'dependencies = ["httpx"]\n', [], ".", 'include = ["cloud", "cloud.*"]'),
        (PROJECT + SETUPTOOLS, [], ".", 'include = ["cloud", "cloud.*"]'),
        (PROJECT + SETUPTOOLS, ["docs/a.md", "tests/test_a.py"], ".", 'include = ["cloud", "clo'),
        (PROJECT + SETUPTOOLS, ["src/cloud/a.py"], ".", ""),
        (PROJECT + SETUPTOOLS + '[tool.setuptools]\npackages = ["cloud"]\n', [], ".", ""),
        (PROJECT + SETUPTOOLS, ["migrations/1.sql"], "", ""),
        (PROJECT + '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
         [], ".", ""),
        ("", ["setup.py"], ".", 'include = ["cloud", "cloud.*"]'),
    ],
    ids=["metadata only", "requirements", "dependencies", "setuptools", "beside docs and tests",
         "src layout", "packages are named", "several packages", "another backend", "setup.py"],
)  # fmt: skip
def test_a_project_stays_installable(tmp_path, pyproject, others, install, table):
    """setuptools, told nothing, refuses to choose between the project and contract_tests."""
    for name in ("cloud/__init__.py", "contract_tests/test_a.py", *others):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    (tmp_path / "pyproject.toml").write_text(pyproject, "utf-8")
    project = read_project(tmp_path, "contract_tests")
    assert project.install == install
    assert table in project.table
    assert bool(project.table) == bool(table)
    assert ("cannot tell" in project.advice) == ("migrations/1.sql" in others)


def test_a_module_without_a_package_stays_installable(tmp_path):
    """Where the whole project is one file, the folder of tests would be taken for the project."""
    (tmp_path / "cloud.py").write_text("", "utf-8")
    (tmp_path / "pyproject.toml").write_text(PROJECT + SETUPTOOLS, "utf-8")
    assert 'py-modules = ["cloud"]' in read_project(tmp_path, "contract_tests").table


def test_gitlab_gets_a_job_where_gitlab_is_used(repository, capsys):
    """The file that is there is not touched; what to add to it is said, until it is done."""
    start = repository / ".gitlab-ci.yml"
    start.write_text("stages: [test]\n", "utf-8")
    main(["init", str(repository)])
    assert start.read_text("utf-8") == "stages: [test]\n"
    assert (repository / ".gitlab" / "contracts.yml").is_file()
    assert not (repository / ".github").exists()
    assert "to do: add to .gitlab-ci.yml" in capsys.readouterr().out
    start.write_text("include:\n  - local: .gitlab/contracts.yml\n", "utf-8")
    main(["init", str(repository)])
    assert "to do" not in capsys.readouterr().out


def test_no_ci_file_is_written_where_none_is_wanted(repository):
    """``--ci none``."""
    main(["init", str(repository), "--ci", "none"])
    assert not (repository / ".github").exists()
    assert not (repository / ".gitlab").exists()
