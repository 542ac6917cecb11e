"""Writing pairs of versions to files, and loading them live."""

from __future__ import annotations

import importlib.util
import itertools
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.contracts.compat.compat_pairs import Pair

from luminescent_cluster.contracts.compat import Comparison, compare

_number = itertools.count()


@pytest.fixture
def versions(tmp_path: Path) -> Callable[[Pair], tuple[str, str]]:
    """Write both versions of a pair and name them as a user does."""

    def write(pair: Pair) -> tuple[str, str]:
        for name, new in (("old", False), ("new", True)):
            (tmp_path / f"{name}.py").write_text(pair.source(new), "utf-8")
        return f"{tmp_path}/old.py:P", f"{tmp_path}/new.py:P"

    return write


@pytest.fixture
def compared(versions: Callable[[Pair], tuple[str, str]]) -> Callable[[Pair], Comparison]:
    """Compare the two versions of a pair."""
    return lambda pair: compare(*versions(pair))


@pytest.fixture
def live() -> Iterator[Callable[[str], type]]:
    """Import the class that ``file.py:Class`` names, under a module name of its own."""
    loaded: list[str] = []

    def load(source: str) -> type:
        file, _, name = source.rpartition(":")
        # The module is called as the file, so that both ways of reading see the same names.
        module_name = Path(file).stem
        # Two versions of one class would add up their overloads, which typing files by name.
        getattr(typing, "_overload_registry", {}).pop(module_name, None)
        spec = importlib.util.spec_from_file_location(module_name, file)
        module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
        loaded.append(module_name)
        sys.modules[module_name] = module
        spec.loader.exec_module(module)  # type: ignore[union-attr]
        found: type = getattr(module, name)
        return found

    yield load
    for module_name in loaded:
        sys.modules.pop(module_name, None)


@pytest.fixture
def repository(tmp_path: Path) -> Callable[..., Path]:
    """Make a git repository with one commit, and a tag, for each set of files."""

    def git(*arguments: str) -> None:
        settings = (
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "init.defaultBranch=main",
        )
        subprocess.run(
            ["git", *settings, "-C", str(tmp_path), *arguments], check=True, capture_output=True
        )

    def make(**commits: dict[str, str]) -> Path:
        git("init")
        for tag, files in commits.items():
            for name, text in files.items():
                file = tmp_path / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8")
            git("add", ".")
            git("commit", "-m", tag)
            git("tag", tag)
        return tmp_path

    return make
