"""What a name in a module's text stands for: followed through imports, aliases and constants."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from luminescent_cluster.contracts.shapes import canonical
from luminescent_cluster.extensions._calls.spelling import dotted_name

from .hint_nodes import MARK, is_quoted, is_type_expression, known, words
from .module import Module
from .stars import offers

__all__ = ["Names"]


class Names:
    """The names of one module, written as one protocol's own module sees them.

    Args:
        module: where the names are written.
        home: the module of the protocol; names in it are written without it.
        owner: the class in whose body they are written, ``""`` outside of classes.
    """

    def __init__(self, module: Module, home: str, owner: str = "") -> None:
        self.module = module
        self.home = home
        self.owner = owner
        self.open: set[str] = set()

    def inside(self, module: Module, owner: str = "") -> Names:
        """Return the names of another place, for the same protocol."""
        return Names(module, self.home, owner)

    def hint(self, node: ast.expr) -> str:
        """Return the canonical text of a hint, its aliases written out."""
        return canonical(self.expand(node), self.qualify, self.home)

    def qualify(self, dotted: str) -> str | None:
        """Return the qualified form of a dotted name as written here; None where it is unknown."""
        if dotted.startswith(MARK):
            return dotted.removeprefix(MARK)
        first, _, rest = dotted.partition(".")
        return self.origin(first, rest)

    def origin(self, first: str, rest: str = "") -> str | None:
        """Return where ``first.rest`` is defined, as the shortest public name of it."""
        module = self.module
        tail = f".{rest}" if rest else ""
        local = self._local(first)
        if local is not None or first in module.functions:
            name = (local or first) + tail
            return f"{module.name}.{name}" if module.name else name
        if first in module.imports:
            return self._imported(module.imports[first] + tail)
        for star in module.stars:
            if offers(module, star, first):
                return self._imported(f"{star}.{first}{tail}")
        return None

    def _imported(self, target: str) -> str:
        owner, attribute = self.locate(target)
        if owner is None:
            return attribute  # as far as it could be followed
        return _shortest(owner, attribute) if attribute else target

    def locate(self, target: str) -> tuple[Module | None, str]:
        """Return the module that defines a qualified name and the name there.

        The module is None, and the name qualified, where the source cannot be read any further.
        """
        parts = target.split(".")
        for end in range(len(parts) - 1, 0, -1):
            module = self.module.find(".".join(parts[:end]))
            if module is None:
                continue
            name = parts[end]
            further = self.inside(module)
            if further._local(name) is not None:
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
        return _Expand(self).visit(copy.deepcopy(node))  # type: ignore[no-any-return]

    def alias(self, dotted: str) -> tuple[Names, ast.expr] | None:
        """Return where an alias is written and what it stands for; None for any other name."""
        owner, name = self.find(dotted)
        if owner is None or name in owner.classes:
            return None
        values = owner.assigned.get(name, [])
        # What is kept in quotes keeps its name, as it does in live hints; see the definitions.
        if len(values) != 1 or not is_type_expression(values[0]) or is_quoted(values[0]):
            return None
        return self.inside(owner, name.rpartition(".")[0]), values[0]

    def find(self, dotted: str) -> tuple[Module | None, str]:
        """Return the module that defines a name as written here (or qualified), and its name there.

        The module is None where its source is out of reach.
        """
        first, _, rest = dotted.partition(".")
        tail = f".{rest}" if rest else ""
        local = self._local(first)
        if local is not None:
            return self.module, local + tail
        target = self.module.imports.get(first)
        if target is None:
            star = next((s for s in self.module.stars if offers(self.module, s, first)), None)
            target = f"{star}.{first}" if star is not None else first
        return self.locate(target + tail)

    def is_type_variable(self, name: str) -> bool:
        """Return True for a name that ``TypeVar`` made."""
        found = self.value_of(name)
        return found is not None and _maker(found[1]) == "TypeVar"

    def _local(self, first: str) -> str | None:
        """Return the name under which the module has ``first``: of this class body or its own."""
        module = self.module
        for name in (f"{self.owner}.{first}", first) if self.owner else (first,):
            if name in module.classes or name in module.assigned or name in module.type_aliases:
                return name
        return None

    def made_by(self, node: ast.expr) -> ast.expr:
        """Return the call that a name was assigned, or the expression itself."""
        found = self.value_of(dotted_name(node) or "")
        return found[1] if found is not None and isinstance(found[1], ast.Call) else node

    def value_of(self, dotted: str) -> tuple[Names, ast.expr] | None:
        """Return where a once assigned name is written and its value, or None."""
        owner, name = self.find(dotted)
        values = owner.assigned.get(name, []) if owner is not None else []
        if owner is None or len(values) != 1:
            return None
        return self.inside(owner, name.rpartition(".")[0]), values[0]


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
            return None
        names.open = self.names.open | {key}
        text = names.hint(value)
        own = canonical(name, self.names.qualify, self.names.home)
        # An alias that holds itself keeps its name; see the definitions.
        return None if own in words(text) else known(text)

    def _fill(self, node: ast.Subscript, names: Names, value: ast.expr) -> ast.expr:
        variables = list(dict.fromkeys(_variables(value, names)))
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        texts = dict(zip(variables, (self.names.hint(g) for g in given), strict=False))
        inside = names.hint(value)
        return known(canonical(inside, lambda n: texts.get(n)))


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
