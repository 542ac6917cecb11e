"""What a name in a module's text stands for: followed through imports, aliases and constants."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from luminescent_cluster.contracts.shapes import canonical
from luminescent_cluster.extensions._calls.hints import dotted_name

from .constants import fold
from .module import Module
from .stars import offers

__all__ = ["Names"]

_MARK: Final = "!"
"""Starts a name that is qualified already and must not be looked up again."""


class Names:
    """The names of one module, written as one protocol's own module sees them.

    Args:
        module: where the names are written.
        home: the module of the protocol; names in it are written without it.
    """

    def __init__(self, module: Module, home: str) -> None:
        self.module = module
        self.home = home
        self.open: set[str] = set()

    def hint(self, node: ast.expr) -> str:
        """Return the canonical text of a hint, its aliases written out."""
        return canonical(self.expand(node), self.qualify, self.home)

    def qualify(self, dotted: str) -> str | None:
        """Return the qualified form of a dotted name as written here; None where it is unknown."""
        if dotted.startswith(_MARK):
            return dotted.removeprefix(_MARK)
        first, _, rest = dotted.partition(".")
        return self.origin(first, rest)

    def origin(self, first: str, rest: str = "") -> str | None:
        """Return where ``first.rest`` is defined, as the shortest public name of it."""
        module = self.module
        tail = f".{rest}" if rest else ""
        if first in module.classes or first in module.type_aliases or first in module.assigned:
            return f"{module.name}.{first}{tail}" if module.name else f"{first}{tail}"
        if first in module.imports:
            return self._imported(module.imports[first] + tail)
        for star in module.stars:
            if offers(module, star, first):
                return self._imported(f"{star}.{first}{tail}")
        return None

    def _imported(self, target: str) -> str:
        owner, attribute = self.locate(target)
        if owner is None:
            return target
        return _shortest(owner, attribute) if attribute else target

    def locate(self, target: str) -> tuple[Module | None, str]:
        """Return the module that defines a qualified name and the name there.

        ``(None, target)`` where its source cannot be read.
        """
        parts = target.split(".")
        for end in range(len(parts) - 1, 0, -1):
            module = self.module.find(".".join(parts[:end]))
            if module is None:
                continue
            name = parts[end]
            further = Names(module, self.home)
            if name in module.classes or name in module.assigned or name in module.type_aliases:
                return module, ".".join(parts[end:])
            if name in module.imports and module.imports[name] != target:
                rest = ".".join(parts[end + 1 :])
                return further.locate(module.imports[name] + (f".{rest}" if rest else ""))
            for star in module.stars:
                if offers(module, star, name):
                    return further.locate(f"{star}." + ".".join(parts[end:]))
        return None, target

    # --- aliases -------------------------------------------------------------------------------

    def expand(self, node: ast.expr) -> ast.expr:
        """Return the hint with every alias that is assigned in the source written out."""
        return _Expand(self).visit(ast.parse(ast.unparse(node), mode="eval").body)  # type: ignore[no-any-return]

    def alias(self, dotted: str) -> tuple[Names, ast.expr] | None:
        """Return where an alias is written and what it stands for; None for any other name."""
        first, _, rest = dotted.partition(".")
        owner: Module | None = self.module
        name = first
        if first in self.module.imports or not self._local(first):
            target = self.module.imports.get(first)
            if target is None:
                star = next((s for s in self.module.stars if offers(self.module, s, first)), None)
                target = f"{star}.{first}" if star else None
            if target is None:
                return None
            owner, name = self.locate(target + (f".{rest}" if rest else ""))
        elif rest:
            return None
        if owner is None or "." in name or name in owner.classes:
            return None
        values = owner.assigned.get(name, [])
        # What is kept in quotes keeps its name, as it does in live hints; see the definitions.
        if len(values) != 1 or not _is_type_expression(values[0]) or _quoted(values[0]):
            return None
        return Names(owner, self.home), values[0]

    def is_type_variable(self, name: str) -> bool:
        """Return True for a name that ``TypeVar`` made."""
        found = self.value_of(name)
        return found is not None and _maker(found[1]) == "TypeVar"

    def _local(self, name: str) -> bool:
        module = self.module
        return name in module.assigned or name in module.classes or name in module.type_aliases

    # --- constants -----------------------------------------------------------------------------

    def constant(self, node: ast.expr) -> ast.expr:
        """Return an expression with constants of the source put in and arithmetic done."""
        return fold(node, self)

    def value_of(self, dotted: str) -> tuple[Names, ast.expr] | None:
        """Return where a once assigned name is written and its value, or None."""
        first, _, rest = dotted.partition(".")
        if first in self.module.imports:
            target = self.module.imports[first] + (f".{rest}" if rest else "")
            owner, name = self.locate(target)
        else:
            owner, name = self.module, dotted
        values = owner.assigned.get(name, []) if owner is not None else []
        return (Names(owner, self.home), values[0]) if owner and len(values) == 1 else None


class _Expand(ast.NodeTransformer):
    def __init__(self, names: Names) -> None:
        self.names = names

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str):
            try:
                inner = ast.parse(node.value.strip(), mode="eval").body
            except (SyntaxError, ValueError):
                return node
            return self.visit(inner)  # type: ignore[no-any-return]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        name = dotted_name(node.value)
        if name is not None and self.names.qualify(name) in (
            "typing.Literal",
            "typing_extensions.Literal",
        ):
            return node
        if name is not None and (found := self.names.alias(name)) is not None:
            return self._fill(node, *found)
        if name is not None and self.names.qualify(name) in (
            "typing.Annotated",
            "typing_extensions.Annotated",
        ):
            first: ast.expr = (
                node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
            )
            return self.visit(first)  # type: ignore[no-any-return]
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._plain(node, node.id)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        name = dotted_name(node)
        return self._plain(node, name) if name else node

    def _plain(self, node: ast.expr, name: str) -> ast.expr:
        found = self.names.alias(name)
        if found is None:
            return node
        return self._inside(name, *found) or node

    def _inside(self, name: str, names: Names, value: ast.expr) -> ast.expr | None:
        key = f"{names.module.name}.{name}"
        if key in self.names.open:
            return None  # a recursive alias
        names.open = self.names.open | {key}
        text = names.hint(value)
        try:
            return _Known(text)
        except SyntaxError:
            return None

    def _fill(self, node: ast.Subscript, names: Names, value: ast.expr) -> ast.expr:
        variables = list(dict.fromkeys(_variables(value, names)))
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        texts = dict(zip(variables, (self.names.hint(g) for g in given), strict=False))
        inside = names.hint(value)
        return _Known(canonical(inside, lambda n: texts.get(n)))


def _Known(text: str) -> ast.expr:  # noqa: N802 - reads like the node it makes
    """Return canonical text as a tree whose names are already qualified."""

    class Mark(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.Name(_MARK + node.id, ast.Load())

        def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
            name = dotted_name(node)
            return ast.Name(_MARK + name, ast.Load()) if name else node

        def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
            if dotted_name(node.value) == "typing.Literal":
                node.value = self.visit(node.value)
                return node
            self.generic_visit(node)
            return node

    return Mark().visit(ast.parse(text, mode="eval").body)  # type: ignore[no-any-return]


def _variables(value: ast.expr, names: Names) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Name):
            found = names.value_of(node.id)
            if found and _maker(found[1]) in ("TypeVar", "ParamSpec", "TypeVarTuple"):
                yield node.id


def _maker(value: ast.expr) -> str:
    if isinstance(value, ast.Call):
        return (dotted_name(value.func) or "").rpartition(".")[2]
    return ""


def _is_type_expression(value: ast.expr) -> bool:
    if isinstance(value, (ast.Name, ast.Attribute)):
        return dotted_name(value) is not None
    if isinstance(value, ast.Subscript):
        return dotted_name(value.value) is not None
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        return all(map(_is_type_expression, (value.left, value.right)))
    return isinstance(value, ast.Constant) and (
        value.value is None or (isinstance(value.value, str) and _looks_like_hint(value.value))
    )


def _quoted(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _looks_like_hint(text: str) -> bool:
    return text.replace(".", "").isidentifier() or ("[" in text and "]" in text) or " | " in text


def _shortest(owner: Module, attribute: str) -> str:
    """Return the shortest parent package that offers the same name, as live names are written."""
    parts = owner.name.split(".")
    head = attribute.split(".")[0]
    for end in range(1, len(parts)):
        parent = owner.find(".".join(parts[:end]))
        if parent is not None and head in parent.imports and "." not in attribute:
            found, name = Names(parent, "").locate(parent.imports[head])
            if found is not None and found.name == owner.name and name == attribute:
                return f"{'.'.join(parts[:end])}.{attribute}"
    return f"{owner.name}.{attribute}"
