"""Classes of a repository that look like extensions, found by reading; nothing is imported."""

from __future__ import annotations

import ast
import dataclasses
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ._sources import Source, sources

__all__ = ["Candidate", "Definition", "definitions", "implementations"]

# Bases of these packages make no constructor out of a class's fields.
_PLAIN_HOMES = ("typing", "typing_extensions", "abc", "luminescent_cluster")


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
        source: its file.
        fields: names that are annotated and have no value.
        foreign: names of bases that other distributions define.
    """

    module: str
    name: str
    methods: frozenset[str]
    needs: tuple[str, ...]
    bases: tuple[str, ...]
    is_protocol: bool
    is_abstract: bool
    source: Source
    fields: tuple[str, ...] = ()
    foreign: frozenset[str] = frozenset()


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


def definitions(root: Path, unread: list[str] | None = None) -> list[Definition]:
    """Read every public class of a repository that is not a test's, by module and name.

    Args:
        root: the repository.
        unread: takes in what could not be read, and why.
    """
    found: dict[tuple[str, str], Definition] = {}
    for source in sources(root):
        try:
            tree = ast.parse(source.path.read_bytes())
        except (SyntaxError, ValueError, OSError) as error:
            if unread is not None:
                unread.append(f"{source.path.relative_to(root).as_posix()}: {_why(error)}")
            continue
        homes = _imported(tree)
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found[source.module, node.name] = _definition(source, node, homes)
    ordered = sorted(found.values(), key=lambda d: (d.module, d.name))
    return [_with_bases(d, ordered) for d in ordered]


def _why(error: Exception) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        version = ".".join(map(str, sys.version_info[:2]))
        return f"line {error.lineno} is no Python {version}: {error.msg}"
    return str(error)


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


def _imported(tree: ast.Module) -> dict[str, str]:
    """Give the distribution's package from which a module imports a name."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and not node.level:
            home = (node.module or "").partition(".")[0]
            found |= {alias.asname or alias.name: home for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                home = alias.name.partition(".")[0]
                found[alias.asname or home] = home
    return found


def _definition(source: Source, node: ast.ClassDef, homes: Mapping[str, str]) -> Definition:
    functions = [n for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    bases = tuple(_last(base) for base in node.bases)
    foreign = {
        _last(b) for b in node.bases if homes.get(_first(b), _PLAIN_HOMES[0]) not in _PLAIN_HOMES
    }
    abstract = any(_last(d).startswith("abstract") for f in functions for d in f.decorator_list)
    makers = [f for name in ("__new__", "__init__") for f in functions if f.name == name]
    fields = tuple(_fields(node))
    needs = tuple(_needs(makers[-1])) if makers else fields if _is_dataclass(node) else ()
    return Definition(
        source.module,
        node.name,
        frozenset(f.name for f in functions),
        needs,
        bases,
        "Protocol" in bases,
        abstract,
        source,
        fields,
        frozenset(foreign),
    )


def _with_bases(definition: Definition, every: list[Definition]) -> Definition:
    """Add what bases give that were read; one of the same module goes before another's."""
    methods, needs = set(definition.methods), definition.needs
    is_abstract = definition.is_abstract
    foreign, fields = set(definition.foreign), list(definition.fields)
    seen, waiting = {definition.name}, list(definition.bases)
    while waiting:
        name = waiting.pop(0)
        homes = [d for d in every if d.name == name and name not in seen]
        homes.sort(key=lambda d: d.module != definition.module)
        seen.add(name)
        for base in homes[:1]:
            foreign.discard(name)
            if base.is_protocol:
                continue
            if methods.isdisjoint(("__init__", "__new__")):
                needs = base.needs or needs
            methods |= base.methods
            is_abstract = is_abstract or (base.is_abstract and not base.methods <= methods)
            waiting += base.bases
            foreign |= base.foreign
            fields += base.fields
    if foreign and not needs and methods.isdisjoint(("__init__", "__new__")):
        needs = tuple(dict.fromkeys(fields))  # pydantic's models and their like
    return dataclasses.replace(
        definition, methods=frozenset(methods), needs=needs, is_abstract=is_abstract
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


def _first(node: ast.expr) -> str:
    """Give the first part of a name that is called, subscripted or dotted."""
    while isinstance(node, (ast.Call, ast.Subscript, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
