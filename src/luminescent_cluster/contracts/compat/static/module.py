"""One module as text: what its top-level names mean, and where they come from."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final, Protocol

from luminescent_cluster.extensions._calls.names import imported_names
from luminescent_cluster.extensions._calls.spelling import dotted_name

from ..errors import SourceError

__all__ = ["Module", "Tree", "active", "load_module"]


class Tree(Protocol):
    """Where source files come from: a folder, a revision, an archive."""

    @property
    def label(self) -> str:
        """How the place is named in messages."""
        ...

    def read(self, path: str) -> str | None:
        """Return the text of the file at a path with ``/``, or None where there is no such file.

        Raises:
            SourceError: the file is there and cannot be read as text.
        """
        ...


@dataclass(slots=True)
class Module:
    """The parsed text of one module.

    ``classes`` and ``assigned`` hold all definitions of a name, in order: of the module, and as
    ``Outer.name`` those in the bodies of its classes. ``imports`` maps a local name to the
    qualified name that it stands for. ``loaded`` and ``unread`` are shared by all that were read:
    modules by their names, and why others could not be read.
    """

    name: str
    path: str
    tree: Tree
    classes: dict[str, list[ast.ClassDef]] = field(default_factory=dict)
    assigned: dict[str, list[ast.expr]] = field(default_factory=dict)
    type_aliases: dict[str, ast.AST] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    loaded: dict[str, Module | None] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    @property
    def trouble(self) -> str:
        """The end of a sentence on what is missing: what could not be read, if anything."""
        return f" ({'; '.join(self.unread)})" if self.unread else ""

    @property
    def package(self) -> str:
        """The dotted name of the package that holds the module."""
        if PurePosixPath(self.path).name == "__init__.py":
            return self.name
        return self.name.rpartition(".")[0]

    def find(self, name: str) -> Module | None:
        """Return another module by its absolute dotted name, read from the same tree, or None.

        One that does not parse, as it is written for a later Python, is out of reach like one that
        is not there; a note tells.

        Looked for next to this module and in every folder above it, so that namespace packages
        and ``src`` folders need no settings.
        """
        if name not in self.loaded:
            self.loaded[name] = None  # import cycles end here
            try:
                self.loaded[name] = self._find(name)
            except SourceError as error:
                self.unread.append(f"{error.place}: {error.problem}")
        return self.loaded[name]

    def _find(self, name: str) -> Module | None:
        if name.split(".")[0] in sys.stdlib_module_names:
            return None
        relative = name.replace(".", "/")
        for folder in PurePosixPath(self.path).parents:
            for candidate in (f"{relative}.py", f"{relative}.pyi", f"{relative}/__init__.py"):
                path = str(folder / candidate)
                text = self.tree.read(path)
                if text is not None:
                    module = parse_module(text, path, self.tree, name)
                    module.loaded, module.unread = self.loaded, self.unread
                    return module
        return None


def load_module(tree: Tree, path: str) -> Module:
    """Read and parse one file of a tree.

    Raises:
        SourceError: there is no such file, or it does not parse.
    """
    text = tree.read(path)
    if text is None:
        raise SourceError(
            f"{tree.label}{path}", "there is no such file", "check the path and the revision"
        )
    return parse_module(text, path, tree, _module_name(tree, path))


def _module_name(tree: Tree, path: str) -> str:
    pure = PurePosixPath(path)
    parts = [] if pure.stem == "__init__" else [pure.stem]
    for folder in pure.parents:
        if not folder.name or tree.read(str(folder / "__init__.py")) is None:
            break
        parts.insert(0, folder.name)
    return ".".join(parts)


def parse_module(text: str, path: str, tree: Tree, name: str) -> Module:
    """Parse the text of a module.

    Raises:
        SourceError: it does not parse; the message says where.
    """
    try:
        parsed = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f"{tree.label}{path}" + (f", line {line}" if line else "")
        version = ".".join(map(str, sys.version_info[:2]))
        problem = f"it does not parse as Python {version}: {getattr(error, 'msg', error)}"
        remedy = "correct the file, or run this under the Python version it is written for"
        raise SourceError(where, problem, remedy) from None
    module = Module(name, path, tree)
    for statement in active(parsed.body):
        _note(statement, module)
    return module


def _note(statement: ast.stmt, module: Module) -> None:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        module.functions.add(statement.name)
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        found = imported_names(statement, module.package)
        star = found.pop("*", None)
        if star is not None:
            module.stars.append(star.removesuffix("*").rstrip("."))
        module.imports.update(found)
    else:
        _define(statement, module, "")


def _define(statement: ast.stmt, module: Module, owner: str) -> None:
    """Note what a statement of a module or of a class body makes under a name."""
    if isinstance(statement, ast.ClassDef):
        name = owner + statement.name
        module.classes.setdefault(name, []).append(statement)
        for inner in active(statement.body):
            _define(inner, module, f"{name}.")
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                module.assigned.setdefault(owner + target.id, []).append(statement.value)
    elif isinstance(statement, ast.AnnAssign):
        if isinstance(statement.target, ast.Name) and statement.value is not None:
            module.assigned.setdefault(owner + statement.target.id, []).append(statement.value)
    elif type(statement).__name__ == "TypeAlias":
        alias: Any = statement
        module.type_aliases[owner + alias.name.id] = alias


def active(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that count: of ``if`` the branch that holds, of ``try`` the body.

    ``TYPE_CHECKING`` holds, and so do comparisons of ``sys.version_info`` that the running
    interpreter fulfils; of any other condition the first branch is read.
    """
    for statement in body:
        if isinstance(statement, ast.If):
            chosen = statement.body if holds(statement.test) else statement.orelse
            yield from active(chosen)
        elif isinstance(statement, ast.Try):
            yield from active([*statement.body, *statement.orelse, *statement.finalbody])
        elif isinstance(statement, ast.With):
            yield from active(statement.body)
        else:
            yield statement


_COMPARE: Final[dict[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.GtE: lambda a, b: a >= b,
    ast.Gt: lambda a, b: a > b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}


def holds(test: ast.expr) -> bool:
    """Return whether a condition of a module or class body holds, as far as text can tell."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return not holds(test.operand)
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        left = dotted_name(test.left)
        known: object = {
            "sys.version_info": sys.version_info[:3],
            "version_info": sys.version_info[:3],
            "sys.platform": sys.platform,
        }.get(left or "")
        compare = _COMPARE.get(type(test.ops[0]))
        try:
            if known is not None and compare is not None:
                return bool(compare(known, ast.literal_eval(test.comparators[0])))
        except (ValueError, TypeError):
            return True
    return True
