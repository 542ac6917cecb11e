"""The reference is complete: nothing that a user can type is missing from it."""

import ast
import dataclasses
import importlib
import inspect
import re
from pathlib import Path

import pytest
from docs._made import reference

from luminescent_cluster.contracts import config
from luminescent_cluster.contracts.clauses import Waiver
from luminescent_cluster.contracts.options import OPTIONS
from luminescent_cluster.contracts.suites import catalogue

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CONFIGURATION = (ROOT / "docs" / "reference" / "configuration.md").read_text("utf-8")
SOURCES = sorted((ROOT / "src" / "luminescent_cluster").rglob("*.py"))


def test_every_pytest_option_is_listed():
    """With its meaning."""
    page = reference.pytest_options()
    assert all(f"`{name}" in page for name in OPTIONS)
    assert all(about["help"] for about in OPTIONS.values())


def test_every_command_is_listed_with_all_its_arguments():
    """Each has a file, and its own help."""
    commands = importlib.import_module("luminescent_cluster.contracts.cli")
    files = Path(commands.__file__).parent.glob("[a-z]*.py")
    page = reference.command_line()
    assert all(f"## {file.stem}\n" in page for file in files)


@pytest.mark.parametrize("name", reference.MODULES)
def test_every_public_name_says_what_it_is(name):
    """And so does every public method of a public class."""
    module, page = importlib.import_module(name), reference.python()
    for public in module.__all__:
        value = getattr(module, public)
        assert f"### {public}\n" in page
        if callable(value) or inspect.isclass(value):
            assert inspect.getdoc(value), public
    assert re.findall(r"\n\n\w+(?:\([^\n]*)?\n    (?=\n)", page) == []


def test_methods_of_public_classes_are_listed():
    """A class without its methods would say little."""
    page = reference.python()
    assert "override(**extensions: Any)" in page
    assert "\nget_status() -> RegistryStatus\n    Say which slots" in page


def imported(text):
    """Give what the Python blocks of a page import from the distribution."""
    for block in re.findall(r"^```python[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        try:
            nodes = list(ast.walk(ast.parse(block)))
        except SyntaxError:
            continue
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("luminescent"):
                yield from ((node.module, alias.name) for alias in node.names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_pages_import_is_public(page):
    """A reader finds every name of an example in the reference."""
    for module, name in imported(page.read_text("utf-8")):
        if f"{module}.{name}" in reference.MODULES:
            continue
        assert module in reference.MODULES, module
        assert name in importlib.import_module(module).__all__, f"{module}.{name}"


def test_every_key_of_the_table_is_on_its_page():
    """Its own, and those of a waiver; ``place`` is where the waiver was read."""
    keys = {*config._KEYS, *(field.name for field in dataclasses.fields(Waiver))} - {"place"}
    assert {key for key in keys if not re.search(rf"`{key}`|(?m:^{key} =)", CONFIGURATION)} == set()


def test_every_variable_of_the_environment_that_changes_a_run_is_on_its_page():
    """What is read from ``os.environ`` by name."""
    read = re.compile(r"""environ(?:\.get\(|\[)["']([A-Z_]+)["']""")
    found = {name for path in SOURCES for name in read.findall(path.read_text("utf-8"))}
    internal = {"PIXELTABLE_HOME", "TZ"}  # set for processes that the kit starts itself
    assert {
        name for name in found - internal if not re.search(rf"`{name}[`=]", CONFIGURATION)
    } == set()


def test_the_changelog_is_about_the_version_that_is_built():
    """And counts the clauses that there are."""
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (version,) = re.findall(r'^version = "(.+)"$', project, re.MULTILINE)
    newest = re.findall(r"^## (.+)$", changes, re.MULTILINE)[0]
    assert newest.startswith(version)
    assert f"{len(list(catalogue()))} clauses" in changes
