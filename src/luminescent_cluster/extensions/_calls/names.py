"""From names as written in a hint to what they mean, by looking only: nothing is evaluated."""

from __future__ import annotations

import ast
import builtins
import enum
import functools
import inspect
import sys
import types
from collections.abc import Mapping
from typing import Any

from .default_texts import default_text
from .hints import render
from .spelling import Resolver, dotted_name


def namespaces(subject: Any, owner: type | None = None) -> list[Mapping[str, Any]]:
    """Return where the names in the hints of a function or class are looked up, nearest first."""
    found: list[Mapping[str, Any]] = [_type_parameters(scope) for scope in (subject, owner)]
    if isinstance(subject, types.FunctionType):
        if subject.__closure__:
            names = subject.__code__.co_freevars
            found.append(_cells(names, subject.__closure__))
        found.append(subject.__globals__)
    for klass in (owner, subject):
        if isinstance(klass, type):
            found.append(vars(klass))
            module = sys.modules.get(klass.__module__)
            if module is not None:
                found.append(vars(module))
    found.append(vars(builtins))
    return found


def _type_parameters(scope: Any) -> dict[str, Any]:
    """Return the names that ``def convert[T](...)`` or ``class Store[T]`` brings along."""
    own: Any = ()
    if isinstance(scope, types.FunctionType):
        own = getattr(scope, "__type_params__", ())
    elif isinstance(scope, type):
        own = vars(scope).get("__type_params__", ())
    return {parameter.__name__: parameter for parameter in own}


def _cells(names: tuple[str, ...], cells: tuple[Any, ...]) -> dict[str, Any]:
    filled = {}
    for name, cell in zip(names, cells, strict=True):
        try:
            filled[name] = cell.cell_contents
        except ValueError:  # not assigned yet
            continue
    return filled


def lookup(dotted: str, spaces: list[Mapping[str, Any]]) -> Any:
    """Return what a dotted name means, going through modules and classes only.

    Raises LookupError where the name is not known.
    """
    first, *rest = dotted.split(".")
    for space in spaces:
        if first in space:
            value = space[first]
            break
    else:
        raise LookupError(first)
    for part in rest:
        if not isinstance(value, (types.ModuleType, type)):
            raise LookupError(dotted)
        try:
            value = inspect.getattr_static(value, part)
        except AttributeError:
            raise LookupError(dotted) from None
    return value


def resolver_for(subject: Any, owner: type | None = None, home: str = "") -> Resolver:
    """Return the resolver for the names in a live function's or class's hints.

    A name that is imported only under ``TYPE_CHECKING`` is read from the module's source. An alias
    that holds itself keeps its name.
    """
    spaces = namespaces(subject, owner)
    resolving: set[str] = set()
    recursive: set[str] = set()
    module = getattr(subject, "__module__", None) or getattr(owner, "__module__", None)

    def resolve(dotted: str) -> str | None:
        try:
            value = lookup(dotted, spaces)
        except LookupError:
            return late_import(str(module), dotted)
        if isinstance(value, types.ModuleType):
            return value.__name__
        if isinstance(value, str):
            return None  # an alias kept in quotes: leave the name
        if isinstance(value, enum.Enum):
            return default_text(value, {}, home)[0]  # a member, in a Literal
        if dotted in resolving:
            recursive.add(dotted)
            return None
        resolving.add(dotted)
        try:
            text = render(value, resolve, home)
        finally:
            resolving.discard(dotted)
        return None if dotted in recursive else text

    return resolve


def late_import(module: str, dotted: str) -> str | None:
    """Return what a name is imported as in an ``if TYPE_CHECKING:`` block, or None."""
    first, _, rest = dotted.partition(".")
    target = type_checking_imports(module).get(first)
    if target is None:
        return None
    return f"{target}.{rest}" if rest else target


@functools.lru_cache(maxsize=512)
def type_checking_imports(module: str) -> Mapping[str, str]:
    """Return the names that a loaded module imports only for type checkers, read from source."""
    loaded = sys.modules.get(module)
    if loaded is None:
        return {}
    try:
        tree = ast.parse(inspect.getsource(loaded))
    except (OSError, TypeError, SyntaxError, ValueError):
        return {}
    found: dict[str, str] = {}
    package = getattr(loaded, "__package__", None) or ""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and (dotted_name(node.test) or "").endswith("TYPE_CHECKING"):
            for statement in node.body:
                found.update(imported_names(statement, package))
    return found


def imported_names(statement: ast.stmt, package: str = "") -> dict[str, str]:
    """Return local name to qualified name for one import statement; ``{}`` for any other."""
    if isinstance(statement, ast.Import):
        return {
            alias.asname or alias.name.split(".")[0]: alias.name
            if alias.asname
            else alias.name.split(".")[0]
            for alias in statement.names
        }
    if not isinstance(statement, ast.ImportFrom):
        return {}
    base = statement.module or ""
    if statement.level:
        parts = package.split(".") if package else []
        parents = parts[: len(parts) - statement.level + 1]
        base = ".".join([*parents, base]).strip(".")
    return {
        alias.asname or alias.name: f"{base}.{alias.name}".strip(".") for alias in statement.names
    }


def loaded_late_imports(module: str | None) -> dict[str, Any]:
    """Return what the TYPE_CHECKING imports of a module mean, where it is loaded anyway."""
    found: dict[str, Any] = {}
    for name, target in type_checking_imports(module or "").items():
        if target in sys.modules:
            found[name] = sys.modules[target]
            continue
        parent, _, attribute = target.rpartition(".")
        space = vars(sys.modules[parent]) if parent in sys.modules else {}
        if attribute in space:
            found[name] = space[attribute]
    return found
