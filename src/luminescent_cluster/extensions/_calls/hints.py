"""Canonical text of annotations and defaults, the same from source text and from live objects.

Two spellings of one hint give one text: ``Optional[Dict[str, "X"]]`` and ``dict[str, X] | None``.
"""

from __future__ import annotations

import ast
import collections.abc
import copy
import enum
import re
import sys
import types
import typing
from collections.abc import Callable, Iterable
from typing import Any, Final

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


def _subscript(name: str, parts: list[str]) -> str:
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


# --- from source text -------------------------------------------------------------------------


def canonical(source: str | ast.expr, resolve: Resolver, home: str = "") -> str:
    """Return the canonical text of a hint given as source.

    ``resolve`` gets each dotted name as written (``Optional``, ``t.Dict``) and returns its
    qualified form (``typing.Optional``), from the imports of the module.  Unknown names stay as
    they are.  Source that is no expression is returned stripped: nothing is raised.
    """
    if isinstance(source, str):
        try:
            source = ast.parse(source.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return source.strip() if isinstance(source, str) else ""
    return _node(source, resolve, home)


def _node(node: ast.expr, resolve: Resolver, home: str) -> str:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return canonical(node.value, resolve, home)
        return "..." if node.value is Ellipsis else repr(node.value)
    if (dotted := dotted_name(node)) is not None:
        return qualified(resolve(dotted) or dotted, home)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return union(_node(side, resolve, home) for side in (node.left, node.right))
    if isinstance(node, ast.Subscript):
        name = _node(node.value, resolve, home)
        index = node.slice
        items = index.elts if isinstance(index, ast.Tuple) and index.elts else [index]
        if name == "typing.Literal":
            return _subscript(name, [_literal_text(item, resolve, home) for item in items])
        return _subscript(name, [_node(item, resolve, home) for item in items])
    if isinstance(node, ast.List):
        return f"[{', '.join(_node(item, resolve, home) for item in node.elts)}]"
    if isinstance(node, ast.Starred):
        return f"typing.Unpack[{_node(node.value, resolve, home)}]"
    return ast.unparse(node)


def _literal_text(node: ast.expr, resolve: Resolver, home: str) -> str:
    return default_from_source(node, resolve, home)[0]


def dotted_name(node: ast.expr) -> str | None:
    """Return ``a.b.c`` for a name or a chain of attributes, else None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := dotted_name(node.value)) is not None:
        return f"{left}.{node.attr}"
    return None


_EMPTY: Final = {  # `dict()` is `{}`
    "bool": "False",
    "bytes": "b''",
    "dict": "{}",
    "float": "0.0",
    "int": "0",
    "list": "[]",
    "str": "''",
    "tuple": "()",
}


def default_from_source(
    source: str | ast.expr, resolve: Resolver, home: str = ""
) -> tuple[str, bool]:
    """Return the canonical text of a default given as source, and whether it is a literal."""
    node = ast.parse(source.strip(), mode="eval").body if isinstance(source, str) else source
    try:
        return literal_text(ast.literal_eval(node)), True
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        pass
    if isinstance(node, ast.Call) and not node.args and not node.keywords:
        made = dotted_name(node.func) or ""
        empty = _EMPTY.get((resolve(made) or made).removeprefix("builtins."))
        if empty is not None:
            return empty, True

    class Qualify(ast.NodeTransformer):
        def visit_Name(self, name: ast.Name) -> ast.expr:
            return ast.Name(qualified(resolve(name.id) or name.id, home), ast.Load())

        def visit_Attribute(self, attribute: ast.Attribute) -> ast.expr:
            dotted = dotted_name(attribute)
            if dotted is not None:
                return ast.Name(qualified(resolve(dotted) or dotted, home), ast.Load())
            self.generic_visit(attribute)
            return attribute

    text = ast.unparse(Qualify().visit(copy.deepcopy(node)))
    joined = isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)
    return union([text]) if joined else text, False


# --- from live objects ------------------------------------------------------------------------


def render(hint: object, resolve: Resolver, home: str = "") -> str:
    """Return the canonical text of a live hint; strings and forward references are parsed."""
    if hint is None or hint is type(None):
        return "None"
    if hint is Ellipsis:
        return "..."
    if isinstance(hint, (typing.ParamSpecArgs, typing.ParamSpecKwargs)):
        ending = "args" if isinstance(hint, typing.ParamSpecArgs) else "kwargs"
        return f"{hint.__origin__.__name__}.{ending}"
    if isinstance(hint, str):
        return canonical(hint, resolve, home)
    if isinstance(hint, typing.ForwardRef):
        return canonical(hint.__forward_arg__, resolve, home)
    if isinstance(hint, (list, tuple)):
        inner = ", ".join(render(item, resolve, home) for item in hint)
        return f"[{inner}]" if isinstance(hint, list) else f"({inner})"
    origin = typing.get_origin(hint)
    if origin is None:
        return _plain(hint, home)
    return _generic(hint, origin, resolve, home)


def _generic(hint: object, origin: Any, resolve: Resolver, home: str) -> str:
    args = typing.get_args(hint)
    if origin is typing.Union or origin is types.UnionType:
        return union(render(item, resolve, home) for item in args)
    if hasattr(hint, "__metadata__"):
        return render(args[0], resolve, home) if args else render(origin, resolve, home)
    name = _plain(origin, home)
    if name == "typing.Literal":
        return _subscript(name, [default_text(item, {}, home)[0] for item in args])
    parts = [render(item, resolve, home) for item in args]
    return _subscript(name, parts) if parts else _bare(hint, name)


def _bare(hint: object, name: str) -> str:
    # tuple[()] has an origin and no arguments, so has a bare typing.Dict.
    return f"{name}[()]" if name == "tuple" and str(hint).endswith("[()]") else name


def _plain(hint: object, home: str) -> str:
    if isinstance(hint, typing.TypeVar | typing.ParamSpec):
        return hint.__name__
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


def literal_text(value: object) -> str:
    """Return the ``repr`` of a literal, the same for equal sets whatever their hash order."""
    if isinstance(value, (set, frozenset)) and value:
        inner = "{" + ", ".join(sorted(map(literal_text, value))) + "}"
        return inner if isinstance(value, set) else f"frozenset({inner})"
    if isinstance(value, tuple):
        return f"({', '.join(map(literal_text, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal_text, value))}]"
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{literal_text(k)}: {literal_text(v)}" for k, v in value.items()) + "}"
        )
    return "..." if value is Ellipsis else repr(value)


_SCALARS: Final = (int, float, complex, str, bytes, bool, type(None), type(Ellipsis))


def is_literal(value: object) -> bool:
    """Return True for what can be written as a literal: exact builtin types, at any depth."""
    kind = type(value)
    if kind in _SCALARS:
        # inf and nan have no literal.
        return kind not in (float, complex) or repr(value).strip("()-+0123456789.ej") == ""
    if kind in (tuple, list, set):
        return (kind is not set or bool(value)) and all(
            is_literal(item) for item in typing.cast("Iterable[object]", value)
        )
    if kind is dict:
        mapping = typing.cast("dict[object, object]", value)
        return all(is_literal(k) and is_literal(v) for k, v in mapping.items())
    return False


def default_text(
    value: object, namespace: typing.Mapping[str, object], home: str = ""
) -> tuple[str, bool]:
    """Return the canonical text of a live default, and whether it is a literal.

    A sentinel is looked up by identity in ``namespace`` (the function's globals), so that
    ``_MISSING = object()`` is called ``_MISSING`` as in the source.  Never raises.
    """
    if is_literal(value):
        return literal_text(value), True
    if isinstance(value, enum.Enum) and (names := _member_names(value)):
        return union(f"{_plain(type(value), home)}.{name}" for name in names), False
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return _plain(value, home), False
    if type(value) in _CONTAINERS:
        return _container_text(value, namespace, home), False
    for name, candidate in () if _shows_itself(value) else namespace.items():
        if candidate is value and not name.startswith("__"):
            return name, False
    try:
        text = repr(value)
    except Exception:  # a user's repr may raise anything
        text = f"<{type(value).__name__}>"
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    if type(value) in (float, complex):
        text = f"{type(value).__name__}({text!r})"
    return text, False


_CONTAINERS: Final = (tuple, list, dict, set, frozenset)


def _member_names(value: enum.Enum) -> list[str]:
    """Return the name of an enum's member; of joined flags, those of its parts."""
    if not isinstance(value, enum.Flag):
        return [value.name]
    parts = [m.name for m in type(value) if m.value & value.value and m.value.bit_count() == 1]
    return [name for name in parts if name] or [value.name or str(value.value)]


def _container_text(value: Any, namespace: typing.Mapping[str, object], home: str) -> str:
    """Return a container as its source would write it, enums and sentinels in it by name."""

    def text(item: object) -> str:
        return default_text(item, namespace, home)[0]

    if type(value) is dict:
        return "{" + ", ".join(f"{text(k)}: {text(v)}" for k, v in value.items()) + "}"
    items = [text(item) for item in value]
    if type(value) is tuple:
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    if type(value) is list:
        return f"[{', '.join(items)}]"
    inner = "{" + ", ".join(sorted(items)) + "}" if items else ""
    return inner if type(value) is set and items else f"{type(value).__name__}({inner})"


def _shows_itself(value: object) -> bool:
    """Return True for what is told by its value: not an object that counts for being itself."""
    kind = type(value)
    plain = kind in (float, complex) or kind.__module__ in ("datetime", "decimal", "fractions")
    return plain or hasattr(kind, "__dataclass_fields__") or hasattr(kind, "_fields")
