"""The house: which room may import which, what is exported, and what production costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import luminescent_cluster.contracts
import luminescent_cluster.extensions

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(luminescent_cluster.extensions.__file__).parents[1]

# For each room of `contracts`, the rooms it may import besides itself and `extensions`.
ARROWS = {
    "clauses": set(),
    "shapes": set(),
    "schedules": set(),
    "filters": set(),
    "subjects": {"clauses"},
    "fakes": {"shapes"},
    "compat": {"shapes"},
    "engine": {"clauses", "subjects", "suites"},  # `run` looks its suite up
    "suites": {"clauses", "subjects", "engine", "shapes", "compat", "schedules", "filters"},
    "faults": {"clauses", "subjects", "engine", "suites", "shapes"},
    "reports": {"clauses", "compat"},
    "session": {
        "clauses",
        "subjects",
        "suites",
        "engine",
        "binding",
        "config",
        "options",
        "reports",
    },
}
PLUGIN = {"plugin", "plugin_fixtures", "plugin_items"}
TOP = {*PLUGIN, "cli", "binding", "config", "options", "__init__", "__main__"}


def imports_of(path):
    """Give the absolute names of all modules that a file imports, lazily or not."""
    package = ["luminescent_cluster", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{name}.{alias.name}" for alias in node.names)


def room_of(name):
    """Give the room of `contracts` that a dotted name lies in, or None."""
    parts = name.split(".")
    if parts[:2] == ["luminescent_cluster", "contracts"] and len(parts) > 2:
        return parts[2]
    return None


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_imports_only_what_its_arrows_allow(room):
    """Pure cores stay pure: the arrows between rooms are fixed."""
    found = {}
    for path in (PACKAGE / "contracts" / room).rglob("*.py"):
        for name in imports_of(path):
            target = room_of(name)
            if target not in {None, room, *ARROWS[room]}:
                found.setdefault(target, []).append(path.name)
    assert found == {}


def test_every_room_has_its_arrows():
    """A new room states what it may import."""
    rooms = {path.parent.name for path in (PACKAGE / "contracts").glob("*/__init__.py")}
    files = {path.stem for path in (PACKAGE / "contracts").glob("*.py")}
    assert (rooms | files) - TOP <= set(ARROWS)


def test_only_the_plugin_and_its_fixtures_import_pytest():
    """Everything else runs without it."""
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for name in imports_of(path)
        if name.split(".")[0] in ("pytest", "_pytest", "xdist")
    }
    assert users == {f"contracts/{name}.py" for name in PLUGIN}


def test_the_runtime_imports_only_the_standard_library_and_packaging():
    """What ships to production pulls nothing in, and never the contracts."""
    # annotationlib joined the standard library in 3.14.
    allowed = {*sys.stdlib_module_names, "annotationlib", "packaging", "luminescent_cluster"}
    for path in (PACKAGE / "extensions").rglob("*.py"):
        for name in imports_of(path):
            assert name.split(".")[0] in allowed, (path, name)
            assert room_of(name) is None and not name.endswith(".contracts"), (path, name)


def test_shipped_code_has_no_bare_assert():
    """`python -O` would strip it."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not isinstance(node, ast.Assert), f"{path}:{node.lineno}"


@pytest.mark.parametrize("package", [luminescent_cluster.extensions, luminescent_cluster.contracts])
def test_public_names_exist_and_are_listed_once_in_order(package):
    """What is exported is there, typed, sorted and named once."""
    names = package.__all__
    assert len(names) == len(set(names))
    assert names == sorted(
        names, key=lambda name: (not name.isupper(), not name[0].isupper(), name)
    )
    for name in names:
        assert getattr(package, name) is not None
    assert set(names) <= set(dir(package))


def test_the_namespace_package_has_no_init():
    """Other distributions may own other parts of luminescent_cluster."""
    assert not (PACKAGE / "__init__.py").exists()


def _modules_after(statement):
    script = f"{statement}\nimport sys\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_the_runtime_loads_nothing_heavy():
    """Milliseconds: no inspect, no dataclasses, no packaging."""
    loaded = _modules_after("import luminescent_cluster.extensions")
    assert loaded.isdisjoint({"inspect", "dataclasses", "packaging", "threading", "asyncio", "ast"})


def test_importing_the_contracts_loads_no_checker():
    """The plugin costs nothing where it is not used."""
    loaded = _modules_after("import luminescent_cluster.contracts")
    assert loaded.isdisjoint({"hypothesis", "mypy", "typeguard", "beartype", "pytest"})


def test_importing_the_plugin_loads_no_checker():
    """A pytest run that binds nothing pays for nothing."""
    loaded = _modules_after("import luminescent_cluster.contracts.plugin")
    assert loaded.isdisjoint({"hypothesis", "mypy", "typeguard", "beartype", "asyncio"})
