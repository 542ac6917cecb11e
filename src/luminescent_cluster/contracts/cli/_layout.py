"""Where a project's packages are: the folders from which its modules are imported."""

from __future__ import annotations

import configparser
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["PROJECT_FILES", "import_roots", "read_toml", "toml_of"]

PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
"""A folder with one of them is a project of its own."""

# Keys below ``tool`` that name a folder, or a list of them.
_FOLDERS = (
    ("setuptools", "packages", "find", "where"),
    ("maturin", "python-source"),
    ("pdm", "build", "package-dir"),
    ("uv", "build-backend", "module-root"),
    ("hatch", "build", "targets", "wheel", "sources"),
    ("pytest", "ini_options", "pythonpath"),
)


def import_roots(folder: Path) -> list[Path]:
    """Give the folders from which a project's modules are imported, its own folder last.

    What the project's configuration names, and ``src`` where that is no package itself.

    Args:
        folder: the project's.
    """
    named = [*_of_toml(read_toml(folder / "pyproject.toml")), *_of_cfg(folder / "setup.cfg")]
    if not (folder / "src" / "__init__.py").exists():
        named.append("src")
    found = dict.fromkeys((folder / name).resolve() for name in named)
    inside = [path for path in found if path.is_dir() and folder in path.parents]
    return [*inside, folder]


def read_toml(path: Path) -> Mapping[str, Any]:
    """Read a TOML file; nothing where there is none or where it cannot be read."""
    try:
        return toml_of(path.read_text("utf-8")) or {}
    except (OSError, UnicodeDecodeError):
        return {}  # who reads the table of contracts says what is wrong with the file


def toml_of(text: str) -> Mapping[str, Any] | None:
    """Read TOML; None where it is none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found, unused-ignore]
    try:
        data: Mapping[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    return data


def _of_toml(data: Mapping[str, Any]) -> Iterator[str]:
    for keys in _FOLDERS:
        yield from _texts(_dig(data, "tool", *keys))
    for package in _list(_dig(data, "tool", "poetry", "packages")):
        yield from _texts(_dig(package, "from"))
    yield from _texts(_dig(data, "tool", "setuptools", "package-dir", ""))
    for path in _texts(_dig(data, "tool", "hatch", "build", "targets", "wheel", "packages")):
        yield str(Path(path).parent)


def _of_cfg(path: Path) -> Iterator[str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, "utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return
    for line in parser.get("options", "package_dir", fallback="").splitlines():
        package, _, folder = line.partition("=")
        if folder and not package.strip():
            yield folder.strip()
    yield from parser.get("options.packages.find", "where", fallback="").split()


def _dig(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> list[str]:
    return [text for text in _list(value) if isinstance(text, str)]
