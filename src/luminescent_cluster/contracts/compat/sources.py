"""From what a user names to an edition: a class, a file, a revision, an archive, a snapshot."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path, PurePosixPath
from typing import Any

from luminescent_cluster.contracts.shapes import Shape

from .edition import Edition, edition_from_json
from .errors import SourceError
from .live import edition_of
from .released import read_released
from .static import read_edition
from .static.module import Tree, load_module
from .trees import ArchiveTree, FolderTree, GitTree

__all__ = ["Source", "load", "read_snapshot"]

Source = str | type | Edition | Shape | Path
"""What :func:`load` takes."""

_HOW = (
    "write path/to/file.py:Class, REV:path/to/file.py:Class, package.module:Class, "
    "dist.whl:package/module.py:Class, snapshot.json or Name@1.0.0"
)
_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz")


def load(
    source: Source,
    *,
    released: Path | None = None,
    folder: Path | None = None,
    protocol: bool = True,
) -> Edition:
    """Return the edition that a source names. No source text is ever executed.

    Args:
        source: a class, an :class:`Edition`, a shape, or text: ``path/to/file.py:Class``,
            ``REV:path/to/file.py:Class`` (a git revision), ``package.module:Class`` (found on
            ``sys.path``, read as text), ``dist.whl:package/module.py:Class``, ``snapshot.json``,
            or ``Name@1.0.0`` (a released version).
        released: a folder of snapshots for ``Name@version``; our own where omitted.
        folder: what relative paths start from; the current folder where omitted.
        protocol: demand that the class is a protocol.

    Raises:
        SourceError: it cannot be read; the message names the place and the remedy.
    """
    if isinstance(source, Edition):
        return source
    if isinstance(source, Shape):
        return Edition(source, origin=source.name)
    if isinstance(source, type):
        return edition_of(source, protocol=protocol)
    if isinstance(source, Path):
        return read_snapshot(source)
    if not isinstance(source, str):
        raise SourceError(repr(source), "it names no version of a protocol", _HOW)
    base = folder or Path.cwd()
    if found := re.fullmatch(r"([A-Za-z_][\w.]*)@(.+)", source):
        return read_released(found[1], found[2], released)
    if source.endswith(".json") and ":" not in source.replace(":\\", ""):
        return read_snapshot(base / source)
    place, colon, name = source.rpartition(":")
    if not colon or not place or not re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*", name):
        raise SourceError(source or "''", "it does not name a class", _HOW)
    tree, path = _find(place, base, source)
    return read_edition(load_module(tree, path), name, source, protocol=protocol)


def read_snapshot(file: Path) -> Edition:
    """Read a snapshot file.

    Raises:
        SourceError: there is no such file, or it is no snapshot of a format known here.
    """
    try:
        data: Any = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise SourceError(str(file), "there is no such file", "check the path") from None
    except (OSError, ValueError) as error:
        raise SourceError(
            str(file),
            f"it is no snapshot: {error}",
            "write it with `luminescent-contracts snapshot`",
        ) from None
    if not isinstance(data, dict):
        raise SourceError(
            str(file), "it is no snapshot", "write it with `luminescent-contracts snapshot`"
        )
    try:
        return edition_from_json(data, str(file))
    except ValueError as error:
        newer = "format" in str(error) and "up to" in str(error)
        remedy = (
            "upgrade luminescent-extensions"
            if newer
            else "write it anew with `luminescent-contracts snapshot`"
        )
        raise SourceError(str(file), str(error), remedy) from None


def _find(place: str, base: Path, source: str) -> tuple[Tree, str]:
    file = base / place
    if file.suffix in (".py", ".pyi"):
        if file.is_file():
            return FolderTree(), file.resolve().as_posix()
        if ":" not in place:
            raise SourceError(source, f"there is no file {place}", "check the path")
    for ending in _ARCHIVES:
        archive, found, inner = place.partition(f"{ending}:")
        if found:
            return _in_archive(base / f"{archive}{ending}", inner, source)
    if ":" in place:
        revision, _, path = place.partition(":")
        return _in_git(revision, path, base, source)
    if file.is_dir():
        raise SourceError(source, f"{place} is a folder", "name the .py file in it")
    if re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*", place):
        return FolderTree(), _on_path(place, base, source)
    raise SourceError(source, f"there is no file {place}", _HOW)


def _in_git(revision: str, path: str, base: Path, source: str) -> tuple[Tree, str]:
    if not revision or revision.startswith("-"):
        raise SourceError(source, "it names no revision", _HOW)
    folder = base
    pure = PurePosixPath(Path(path).as_posix())
    if pure.is_absolute():
        existing = Path(path).parent
        while not existing.is_dir():
            existing = existing.parent
        folder, pure = existing, PurePosixPath(Path(path).relative_to(existing).as_posix())
    tree = GitTree(revision, folder)
    relative = _normal(PurePosixPath(tree.prefix) / pure)
    if tree.read(relative) is None and tree.read(str(pure)) is not None:
        relative = str(pure)  # given from the repository's top, as `git show` takes it
    return tree, relative


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _in_archive(file: Path, inner: str, source: str) -> tuple[Tree, str]:
    tree = ArchiveTree(file)
    if inner.endswith((".py", ".pyi")):
        for path in (inner, f"src/{inner}"):
            if tree.read(path) is not None:
                return tree, path
        raise SourceError(source, f"the archive holds no {inner}", "check the path in it")
    found = tree.find(inner)
    if found is None:
        raise SourceError(source, f"the archive holds no module {inner}", "check the name")
    return tree, found


def _on_path(module: str, base: Path, source: str) -> str:
    relative = module.replace(".", "/")
    for entry in dict.fromkeys([str(base), *sys.path]):
        for ending in (".py", "/__init__.py"):
            file = Path(entry or ".") / f"{relative}{ending}"
            if file.is_file():
                return file.resolve().as_posix()
    raise SourceError(
        source, f"there is no module {module} on sys.path", "install it, or give the path of a file"
    )
