"""Classes of a repository that look like extensions, found by reading; nothing is imported."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Candidate", "Definition", "definitions", "implementations"]

_SKIPPED = frozenset(
    ("node_modules", "site-packages", "build", "dist", "tests", "test", "contract_tests", "docs")
)
_MOST = 20_000
"""Files read at most; a repository has fewer, a home folder by mistake has more."""


@dataclass(frozen=True)
class Definition:
    """A class at the top of a module.

    Attributes:
        module: the module's dotted name.
        name: the class's.
        methods: names of its methods, those of bases that were read included.
        needs: names of constructor parameters without a default.
        bases: names of its bases, as they are written.
        is_protocol: whether it is a ``typing.Protocol``.
        is_abstract: whether it has abstract methods.
    """

    module: str
    name: str
    methods: frozenset[str]
    needs: tuple[str, ...]
    bases: tuple[str, ...]
    is_protocol: bool
    is_abstract: bool


@dataclass(frozen=True)
class Candidate:
    """A class and the protocol that it seems to satisfy.

    Attributes:
        definition: the class.
        protocol: the protocol's name.
        home: module from which the protocol is imported.
        slot: the registry's slot, or ``module:Protocol`` for a protocol of the repository.
    """

    definition: Definition
    protocol: str
    home: str
    slot: str


def definitions(root: Path) -> list[Definition]:
    """Read every public class of a repository that is not a test's, by module and name."""
    found: dict[tuple[str, str], Definition] = {}
    for number, path in enumerate(_files(root)):
        if number >= _MOST:
            break
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, OSError):
            continue
        module = _module(root, path)
        if module:
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    definition = _definition(module, node)
                    found[module, node.name] = definition
    ordered = sorted(found.values(), key=lambda d: (d.module, d.name))
    return [_with_bases(d, ordered) for d in ordered]


def implementations(
    found: Iterable[Definition], slots: Mapping[str, type]
) -> tuple[list[Candidate], list[Candidate]]:
    """Pair classes with protocols whose methods they all have.

    A method with a wrong signature counts: that is what contracts are to find out. Protocols of
    the repository count where a class names one as its base, or has two or more of its methods.

    Args:
        found: the repository's classes.
        slots: the registry's slots and their protocols.

    Returns:
        Candidates for the slots, and for the repository's own protocols.
    """
    every = list(found)
    concrete = [d for d in every if not (d.is_protocol or d.is_abstract or d.name.startswith("_"))]
    ours = [
        Candidate(d, protocol.__name__, "luminescent_cluster.extensions", slot)
        for slot, protocol in slots.items()
        for d in concrete
        if _public(vars(protocol)) <= d.methods
    ]
    names = {protocol.__name__ for protocol in slots.values()}
    own = []
    for protocol in every:
        wanted = _public(protocol.methods)
        if not protocol.is_protocol or not wanted or protocol.name in names:
            continue
        if protocol.name.startswith("_"):
            continue
        own += [
            Candidate(d, protocol.name, protocol.module, f"{protocol.module}:{protocol.name}")
            for d in concrete
            if wanted <= d.methods and (len(wanted) > 1 or protocol.name in d.bases)
        ]
    return ours, own


def _public(names: Iterable[str]) -> set[str]:
    return {name for name in names if not name.startswith("_")}


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _SKIPPED
            and not (here / name / "pyvenv.cfg").exists()
        )
        for name in sorted(files):
            if name.endswith(".py") and not name.startswith(("test_", "conftest", "setup.")):
                yield here / name


def _module(root: Path, path: Path) -> str:
    """Give a file's dotted name, as it is imported from the root or from ``src``; or nothing."""
    base = root / "src"
    if base not in path.parents or (base / "__init__.py").exists():
        base = root
    parts = list(path.relative_to(base).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else ""


def _definition(module: str, node: ast.ClassDef) -> Definition:
    functions = [n for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    bases = tuple(_last(base) for base in node.bases)
    abstract = any(_last(d).startswith("abstract") for f in functions for d in f.decorator_list)
    makers = [f for f in functions if f.name == "__init__"]
    needs = tuple(_needs(makers[-1])) if makers else tuple(_fields(node))
    if not makers and not _is_dataclass(node):
        needs = ()
    return Definition(
        module,
        node.name,
        frozenset(f.name for f in functions),
        needs,
        bases,
        "Protocol" in bases,
        abstract,
    )


def _with_bases(definition: Definition, every: list[Definition]) -> Definition:
    """Add what bases give that were read; one of the same module goes before another's."""
    methods, needs = set(definition.methods), definition.needs
    is_abstract = definition.is_abstract
    seen, waiting = {definition.name}, list(definition.bases)
    while waiting:
        name = waiting.pop(0)
        homes = [d for d in every if d.name == name and name not in seen]
        homes.sort(key=lambda d: d.module != definition.module)
        seen.add(name)
        for base in homes[:1]:
            if base.is_protocol:
                continue
            if "__init__" not in methods:
                needs = base.needs
            methods |= base.methods
            is_abstract = is_abstract or (base.is_abstract and not base.methods <= methods)
            waiting += base.bases
    return Definition(
        definition.module,
        definition.name,
        frozenset(methods),
        needs,
        definition.bases,
        definition.is_protocol,
        is_abstract,
    )


def _needs(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    given = function.args
    positional = [*given.posonlyargs, *given.args][1:]
    required = positional[: max(len(positional) - len(given.defaults), 0)]
    yield from (a.arg for a in required)
    pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    yield from (a.arg for a, default in pairs if default is None)


def _fields(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            hint = ast.unparse(statement.annotation)
            if statement.value is None and "ClassVar" not in hint:
                yield statement.target.id


def _is_dataclass(node: ast.ClassDef) -> bool:
    names = {_last(decorator) for decorator in node.decorator_list}
    return bool(names & {"dataclass", "define", "frozen", "mutable", "s"})


def _last(node: ast.expr) -> str:
    """Give the last part of a name that is called, subscripted or dotted."""
    while isinstance(node, (ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
