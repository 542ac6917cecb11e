"""How a repository is installed, and what a new folder does to that; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ._layout import import_roots, read_toml

__all__ = ["Project", "is_installable", "read_project"]

# What setuptools passes over when it looks for the packages of a flat layout by itself
# (setuptools/discovery.py, FlatLayoutPackageFinder and FlatLayoutModuleFinder).
_NO_PACKAGES = (
    "ci bin debian doc docs documentation manpages news newsfragments changelog test tests "
    "unit_test unit_tests example examples scripts tools util utils python build benchmark "
    "benchmarks exercise exercises htmlcov tasks fabfile site_scons"
)
_NO_MODULES = (
    "setup conftest test tests example examples build toxfile noxfile pavement dodo tasks fabfile"
)


@dataclass(frozen=True)
class Project:
    """What ``pip`` can do with a repository.

    Attributes:
        install: arguments of ``pip install`` that bring the project's own needs; may be empty.
        table: TOML that keeps a further folder out of the distribution, or empty.
        advice: what its author has to do, or empty.
    """

    install: str = ""
    table: str = ""
    advice: str = ""


def read_project(root: Path, ours: str) -> Project:
    """Find out how a repository is installed.

    setuptools, told nothing, packs the one folder that it finds, and refuses to choose among
    several: a folder of tests that is added to a flat layout breaks its build.

    Args:
        root: the repository.
        ours: the folder that is added to it.
    """
    data = read_toml(root / "pyproject.toml")
    project = data.get("project")
    build = data.get("build-system")
    needs = "-r requirements.txt" if (root / "requirements.txt").is_file() else ""
    wanted = build is not None or _has_setup(root) or (is_installable(root) and _has_root(root))
    if not wanted and not (isinstance(project, Mapping) and project.get("dependencies")):
        return Project(needs)
    if not wanted and needs:
        return Project(needs)
    backend = build.get("build-backend", "setuptools") if isinstance(build, Mapping) else ""
    if not str(backend or "setuptools").startswith("setuptools") or _is_explicit(root, data):
        return Project(".")
    return _discovered(root, ours, data)


def is_installable(folder: Path) -> bool:
    """Tell whether ``pip install`` takes a folder for a project."""
    data = read_toml(folder / "pyproject.toml")
    project = data.get("project")
    named = isinstance(project, Mapping) and "name" in project
    return named or "build-system" in data or _has_setup(folder)


def _has_setup(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("setup.py", "setup.cfg"))


def _has_root(folder: Path) -> bool:
    """Tell whether modules are imported from a folder inside the project, such as ``src``."""
    return len(import_roots(folder)) > 1


def _discovered(root: Path, ours: str, data: Mapping[str, Any]) -> Project:
    """Judge a project whose packages setuptools finds by itself."""
    if _has_root(root):
        return Project(".")
    folders = [
        p.name
        for p in sorted(root.iterdir())
        if p.is_dir() and p.name.isidentifier() and p.name not in _NO_PACKAGES.split()
    ]
    folders = [name for name in folders if name != ours and not name.startswith("_")]
    modules = [
        p.stem
        for p in sorted(root.glob("*.py"))
        if p.stem.isidentifier()
        and p.stem not in _NO_MODULES.split()
        and not p.stem.startswith("_")
    ]
    if len(folders) == 1:
        (name,) = folders
        return Project(".", f'[tool.setuptools.packages.find]\ninclude = ["{name}", "{name}.*"]\n')
    if not folders and len(modules) == 1 and "setuptools" not in data.get("tool", {}):
        return Project(".", f'[tool.setuptools]\npy-modules = ["{modules[0]}"]\n')
    found = ", ".join(folders or modules) or "nothing"
    return Project(
        advice=f"setuptools cannot tell which packages are the project's ({found}), so that pip "
        "cannot install it: name them in [tool.setuptools], and add the project to the workflow's "
        "pip install"
    )


def _is_explicit(root: Path, data: Mapping[str, Any]) -> bool:
    """Tell whether the project says what its packages are."""
    tool = data.get("tool")
    table = tool.get("setuptools", {}) if isinstance(tool, Mapping) else {}
    if isinstance(table, Mapping) and {"packages", "py-modules", "package-dir"} & set(table):
        return True
    said = re.compile(r"\b(packages|py_modules|ext_modules|package_dir)\s*=")
    files = (root / "setup.py", root / "setup.cfg")
    return any(said.search(p.read_text("utf-8", "replace")) for p in files if p.is_file())
