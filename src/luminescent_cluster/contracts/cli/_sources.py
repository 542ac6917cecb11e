"""The Python files of a repository, each with the name under which it is imported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from ._layout import PROJECT_FILES, import_roots

__all__ = ["Source", "sources"]

_SKIPPED = frozenset(
    ("node_modules", "site-packages", "build", "dist", "tests", "test", "contract_tests", "docs")
)
_MOST = 20_000
"""Files read at most; a repository has fewer, a home folder by mistake has more."""


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes:
        path: where it is.
        module: its dotted name.
        root: the folder from which it is imported, relative to the repository; empty for that.
        project: the folder of its project, relative to the repository; empty for that.
    """

    path: Path
    module: str
    root: str
    project: str


def sources(repository: Path) -> Iterator[Source]:
    """Give every file that can be imported and is not a test's.

    A repository may hold several projects (a workspace, a ``backend`` beside a ``frontend``); each
    has folders of its own from which its modules are imported.
    """
    roots: dict[Path, Path] = {}
    for path in islice(_files(repository, roots), _MOST):
        root = next(folder for folder in path.parents if folder in roots)
        parts = list(path.relative_to(root).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        if parts and all(part.isidentifier() for part in parts):
            yield Source(
                path, ".".join(parts), _below(repository, root), _below(repository, roots[root])
            )


def _files(repository: Path, roots: dict[Path, Path]) -> Iterator[Path]:
    """Walk, and note where modules are imported from, with the project that says so."""
    for folder, folders, files in os.walk(repository):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _SKIPPED
            and not (here / name / "pyvenv.cfg").exists()
        )
        if here == repository or not set(files).isdisjoint(PROJECT_FILES):
            roots |= dict.fromkeys(import_roots(here), here)
        for name in sorted(files):
            if name.endswith(".py") and not name.startswith(("test_", "conftest", "setup.")):
                yield here / name


def _below(repository: Path, folder: Path) -> str:
    return "" if folder == repository else folder.relative_to(repository).as_posix()
