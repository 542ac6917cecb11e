"""What the text of a function says about the arguments it hands on."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .source import FunctionNode, function_node

STAR: Final = "*"
STARSTAR: Final = "**"
VALUE: Final = "="


@dataclass(frozen=True, slots=True)
class Passing:
    """What one call in a wrapper passes on.

    ``positional`` holds ``*`` for the wrapper's own ``*args``, ``=`` for any other value, or the
    name of one of its parameters; ``keywords`` pairs a keyword with a name or ``=``, and ``**``
    with its own ``**kwargs``.  ``added`` and ``removed`` are keys which the wrapper puts into or
    takes out of its ``**kwargs`` beforehand.  ``certain`` is False when it cannot be told what is
    passed.  ``returned`` is True when the wrapper returns the call's result as it is, ``through``
    when it returns what somebody else makes of it: ``return runner(fn, *args)``.
    ``bound_first`` says that ``self`` comes first: ``fn.__get__(self)(...)``.
    """

    positional: tuple[str, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    certain: bool = True
    returned: bool = False
    bound_first: bool = False
    through: bool = False


_remembered: dict[types.CodeType, Syntax | None] = {}


def syntax_of(function: types.FunctionType) -> Syntax | None:
    """Return the syntax of a function, remembered per code object; None without source."""
    code = function.__code__
    if code not in _remembered:
        if len(_remembered) > 2000:
            _remembered.clear()
        node = function_node(function)
        fits = node is not None and node.name == code.co_name
        _remembered[code] = Syntax(node, code.co_varnames) if node is not None and fits else None
    return _remembered[code]


class Syntax:
    """One function's text, indexed.

    ``parameters`` are its positional parameters, ``real`` gives the run-time name of each ordinary
    parameter (the text has ``__x`` where the code has ``_Owner__x``), ``rest`` and ``options`` are
    the names of its variadics, ``stored`` the names it assigns.
    """

    def __init__(self, node: FunctionNode, names: tuple[str, ...], *, wrapt: bool = False):
        args = node.args
        self.node = node
        self.names = names
        self.parameters = [a.arg for a in [*args.posonlyargs, *args.args]]
        self.real = dict(zip(self.parameters, names, strict=False))
        for at, arg in enumerate(args.kwonlyargs):
            self.real[arg.arg] = names[len(self.parameters) + at]
        self.rest = args.vararg.arg if args.vararg else None
        self.options = args.kwarg.arg if args.kwarg else None
        if wrapt:
            # def wrapper(wrapped, instance, args, kwargs): the two tuples are plain parameters.
            self.rest, self.options = self.parameters[-2:]
            self.parameters, self.real = [], {}
        self.nodes: list[ast.AST] = []
        own: set[ast.AST] = set()
        for statement in node.body:
            self._collect(statement, own)
        self.calls = [n for n in self.nodes if isinstance(n, ast.Call)]
        self.returns = [n for n in self.nodes if isinstance(n, ast.Return) and n in own]
        self.stored = {
            n.id for n in self.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        self.starred = [call for call in self.calls if self.own_stars(call)]
        self.returned_calls = [call for call in self.calls if self._returned(call)]
        self.returned_names = [
            n.value for n in self.returns if isinstance(n.value, (ast.Name, ast.Attribute))
        ]
        self._passing: dict[tuple[ast.Call, int, bool], Passing] = {}

    def as_wrapt(self, first: int) -> Syntax | None:
        """Return the syntax read as a wrapt wrapper, whose parameters start at ``first``."""
        if len(self.parameters) - first != 4:
            return None
        return Syntax(self.node, self.names, wrapt=True)

    def _collect(self, node: ast.AST, own: set[ast.AST] | None) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            stars = {a.arg for a in (node.args.vararg, node.args.kwarg) if a}
            if stars & {self.rest, self.options}:
                return  # it hands on its own arguments, not those of this function
            own = None
        self.nodes.append(node)
        if own is not None:
            own.add(node)
        for child in ast.iter_child_nodes(node):
            self._collect(child, own)

    def own_stars(self, call: ast.Call) -> bool:
        """Return True when a call passes the function's own ``*args`` or ``**kwargs`` on."""
        return any(
            self._is(a.value, self.rest) for a in call.args if isinstance(a, ast.Starred)
        ) or any(k.arg is None and self._is(k.value, self.options) for k in call.keywords)

    @staticmethod
    def _is(node: ast.expr, name: str | None) -> bool:
        return name is not None and isinstance(node, ast.Name) and node.id == name

    def passes_own(self, arguments: Iterable[ast.expr], keywords: list[ast.keyword]) -> bool:
        """Return True when anything the function was given is among the arguments."""
        values = [*arguments, *(k.value for k in keywords)]
        bare = [v.value if isinstance(v, ast.Starred) else v for v in values]
        mine = {self.rest, self.options, *self.real}
        if self._by_names(values, []):
            return True
        return any(
            isinstance(v, ast.Name) and v.id in mine
            for v, raw in zip(bare, values, strict=True)
            if isinstance(raw, ast.Starred) or not (self._is(v, self.rest))
        )

    def passing(self, call: ast.Call, skip: int = 0, bound_first: bool = False) -> Passing:
        """Describe one call; its first ``skip`` positional arguments lead to the function."""
        key = (call, skip, bound_first)
        if key not in self._passing:
            self._passing[key] = self._describe(call, skip, bound_first)
        return self._passing[key]

    def _describe(self, call: ast.Call, skip: int, bound_first: bool) -> Passing:
        positional: list[str] = []
        keywords: list[tuple[str, str]] = []
        certain = True
        arguments, rest = call.args[skip:], call.keywords
        if self._by_bound_arguments(arguments, call.keywords):
            # sig.bind(*args, **kwargs) ... fn(*bound.args, **bound.kwargs)
            positional, keywords = self._everything()
            arguments, rest = [], []
        elif skip and self._by_names(arguments, call.keywords):
            # runner(fn, args, kwargs)
            positional, keywords = self._everything()
            arguments, rest = [], []
        for argument in arguments:
            if isinstance(argument, ast.Starred):
                certain = certain and self._is(argument.value, self.rest)
                positional.append(STAR)
            else:
                positional.append(self._value(argument))
        for keyword in rest:
            if keyword.arg is None:
                certain = certain and self._is(keyword.value, self.options)
                keywords.append((STARSTAR, STARSTAR))
            else:
                keywords.append((keyword.arg, self._value(keyword.value)))
        added, removed, known = self._changes()
        return Passing(
            tuple(positional),
            tuple(keywords),
            frozenset(added),
            frozenset(removed),
            certain and known,
            not skip and self._returned(call),
            bound_first,
            bool(skip) and self._returned(call),
        )

    def _everything(self) -> tuple[list[str], list[tuple[str, str]]]:
        positional = [self.real[name] for name in self.parameters]
        if self.rest:
            positional.append(STAR)
        keywords = [(a.arg, self.real[a.arg]) for a in self.node.args.kwonlyargs]
        if self.options:
            keywords.append((STARSTAR, STARSTAR))
        return positional, keywords

    def _by_names(self, arguments: list[ast.expr], keywords: list[ast.keyword]) -> bool:
        values = [*arguments, *(k.value for k in keywords)]
        return any(self._is(v, self.rest) for v in values) and any(
            self._is(v, self.options) for v in values
        )

    def _by_bound_arguments(self, arguments: list[ast.expr], keywords: list[ast.keyword]) -> bool:
        if len(arguments) != 1 or len(keywords) != 1 or keywords[0].arg is not None:
            return False
        star, pairs = arguments[0], keywords[0].value
        return (
            isinstance(star, ast.Starred)
            and isinstance(star.value, ast.Attribute)
            and star.value.attr == "args"
            and isinstance(pairs, ast.Attribute)
            and pairs.attr == "kwargs"
            and ast.dump(star.value.value) == ast.dump(pairs.value)
        )

    def _value(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name) and node.id in self.real:
            return self.real[node.id]
        return VALUE

    def _changes(self) -> tuple[set[str], set[str], bool]:
        """Return keys put into and taken out of ``**kwargs``, and whether that is all."""
        added: set[str] = set()
        removed: set[str] = set()
        known = not {self.rest, self.options} & self.stored
        for node in self.nodes:
            if isinstance(node, ast.Subscript) and self._is(node.value, self.options):
                key = node.slice.value if isinstance(node.slice, ast.Constant) else None
                if isinstance(node.ctx, ast.Load):
                    continue
                if isinstance(key, str):
                    (added if isinstance(node.ctx, ast.Store) else removed).add(key)
                else:
                    known = False
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and self._is(node.func.value, self.options)
            ):
                first = node.args[0] if node.args else None
                key = first.value if isinstance(first, ast.Constant) else None
                if node.func.attr == "update":
                    added |= {k.arg for k in node.keywords if k.arg}
                    known = known and not node.args and all(k.arg for k in node.keywords)
                elif node.func.attr in ("setdefault", "pop") and isinstance(key, str):
                    (added if node.func.attr == "setdefault" else removed).add(key)
                elif node.func.attr not in ("get", "items", "keys", "values", "copy"):
                    known = False
        return added, removed, known

    def _returned(self, call: ast.Call) -> bool:
        names = {
            target.id
            for node in self.nodes
            if isinstance(node, ast.Assign) and node.value is call
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        return any(
            node.value is call or (isinstance(node.value, ast.Name) and node.value.id in names)
            for node in self.returns
        )
