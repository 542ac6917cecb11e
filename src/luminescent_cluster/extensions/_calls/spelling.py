"""One spelling for each name in a hint: qualified, without aliases, unions in order."""

from __future__ import annotations

import ast
import collections.abc
import re
import sys
from collections.abc import Callable, Iterable
from typing import Final

Resolver = Callable[[str], "str | None"]
"""From a dotted name as written to its fully qualified form; None where it is not known."""

_BUILTIN_ALIASES: Final = {
    "typing.Dict": "dict",
    "typing.FrozenSet": "frozenset",
    "typing.List": "list",
    "typing.Set": "set",
    "typing.Text": "str",
    "typing.Tuple": "tuple",
    "typing.Type": "type",
    "typing.ChainMap": "collections.ChainMap",
    "typing.Counter": "collections.Counter",
    "typing.DefaultDict": "collections.defaultdict",
    "typing.Deque": "collections.deque",
    "typing.OrderedDict": "collections.OrderedDict",
    "typing.AbstractSet": "collections.abc.Set",
    "typing.AsyncContextManager": "contextlib.AbstractAsyncContextManager",
    "typing.ContextManager": "contextlib.AbstractContextManager",
    "typing.Match": "re.Match",
    "typing.Pattern": "re.Pattern",
    "types.NoneType": "None",
    "builtins.NoneType": "None",
    "NoneType": "None",
}
_ABCS: Final = frozenset(collections.abc.__all__) - {"Set"}


# Type arguments that may be left out (PEP 696); some interpreters show them, others do not.
_DEFAULTS: Final = {
    "collections.abc.AsyncGenerator": ("typing.Any", "None"),
    "collections.abc.Generator": ("typing.Any", "None", "None"),
    "contextlib.AbstractAsyncContextManager": ("typing.Any", "bool | None"),
    "contextlib.AbstractContextManager": ("typing.Any", "bool | None"),
}


def qualified(name: str, home: str = "") -> str:
    """Return the canonical form of a fully qualified dotted name.

    ``home`` is the protocol's own module; names in it become relative to it.
    """
    if name.startswith("typing_extensions."):
        name = "typing." + name.removeprefix("typing_extensions.")
    name = _BUILTIN_ALIASES.get(name, name)
    if name.startswith("typing.") and name.removeprefix("typing.") in _ABCS:
        return "collections.abc." + name.removeprefix("typing.")
    if name.startswith("builtins."):
        return name.removeprefix("builtins.")
    if home and name.startswith(home + "."):
        return name.removeprefix(home + ".")
    return name


def union(parts: Iterable[str]) -> str:
    """Join the members of a union: flat, without duplicates, sorted, ``None`` last."""
    flat: set[str] = set()
    for part in parts:
        flat.update(split_union(part))
    return " | ".join(sorted(flat, key=lambda text: (text == "None", text)))


def split_union(text: str) -> list[str]:
    """Return the members of a union in canonical text."""
    parts, depth, start, quote = [], 0, 0, ""
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote and text[at - 1] != "\\" else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "|" and not depth:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def subscript(name: str, parts: list[str]) -> str:
    """Return a generic with its arguments; unions in order, left-out arguments left out."""
    if name == "typing.Union":
        return union(parts)
    if name == "typing.Optional":
        return union([*parts, "None"])
    if name == "typing.Annotated":
        return parts[0]
    if name == "typing.Literal":
        parts = sorted(set(parts))
    parts = [*parts, *_DEFAULTS.get(name, ())[len(parts) :]]
    return f"{name}[{', '.join(parts)}]"


def dotted_name(node: ast.expr) -> str | None:
    """Return ``a.b.c`` for a name or a chain of attributes, else None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := dotted_name(node.value)) is not None:
        return f"{left}.{node.attr}"
    return None


def name_of(hint: object, home: str) -> str:
    """Return the canonical name of a live class, function or type variable."""
    if type(hint).__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple"):
        return str(getattr(hint, "__name__", ""))
    name = getattr(hint, "__qualname__", None) or getattr(hint, "__name__", None)
    name = name or getattr(hint, "_name", None)
    if not isinstance(name, str):
        return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(hint)).lstrip("~+-")
    module = getattr(hint, "__module__", "") or ""
    if not isinstance(module, str):
        module = ""
    return qualified(f"{public_module(module, name, hint)}.{name}" if module else name, home)


def public_module(module: str, name: str, value: object) -> str:
    """Return the shortest parent package of ``module`` that offers the same object by this name.

    ``pathlib._local`` is where a class lies, ``pathlib`` is what people write.
    """
    if "." not in module or "." in name:
        return module
    parts = module.split(".")
    for end in range(1, len(parts)):
        parent = sys.modules.get(".".join(parts[:end]))
        if parent is not None and vars(parent).get(name) is value:
            return ".".join(parts[:end])
    return module
