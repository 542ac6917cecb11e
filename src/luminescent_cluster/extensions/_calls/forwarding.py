"""What a wrapper hands on, read from its source.

A wrapper in ``*args, **kwargs`` takes every call; whether the *real* call succeeds is decided by
the function behind it.  ``__wrapped__`` says which function that is, but not what it is given: a
decorator may add a connection or drop a token.  So the wrapper's own text is read: the calls to
the wrapped function, and which of the wrapper's parameters they pass on.  Nothing is run.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .model import UNKNOWN
from .peek import free_name, peek, really, same_function
from .source import FunctionNode, function_node

STAR: Final = "*"
STARSTAR: Final = "**"
VALUE: Final = "="


@dataclass(frozen=True, slots=True)
class Forward:
    """One call from a wrapper to the function behind it.

    ``positional`` holds ``*`` for the wrapper's own ``*args``, ``=`` for any other value, or the
    name of one of its parameters; ``keywords`` pairs a keyword with a name or ``=``, and ``**``
    with its own ``**kwargs``.  ``added`` and ``removed`` are keys which the wrapper puts into or
    takes out of its ``**kwargs`` beforehand.  ``certain`` is False when it cannot be told what is
    passed.  ``returned`` is True when the wrapper returns the call's result as it is.
    """

    target: Any
    positional: tuple[str, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    certain: bool = True
    returned: bool = False
    bound_first: bool = False


_trees: dict[types.CodeType, FunctionNode | None] = {}


def tree_of(function: types.FunctionType) -> FunctionNode | None:
    """Return the syntax tree of a function, remembered per code object; None without source."""
    code = function.__code__
    if code not in _trees:
        if len(_trees) > 2000:
            _trees.clear()
        node = function_node(function)
        fits = node is not None and node.name == code.co_name
        _trees[code] = node if fits else None
    return _trees[code]


class _Reader:
    """Reads the forwards of one function; ``live`` are its leading arguments where known."""

    def __init__(self, function: types.FunctionType, live: Sequence[Any], node: FunctionNode):
        self.function = function
        self.node = node
        args = node.args
        self.parameters = [a.arg for a in [*args.posonlyargs, *args.args]]
        names = function.__code__.co_varnames
        # Mangled names: the syntax tree has `__x`, the code `_Owner__x`.
        self.real = dict(zip(self.parameters, names, strict=False))
        for at, arg in enumerate(args.kwonlyargs):
            self.real[arg.arg] = names[len(self.parameters) + at]
        self.rest = args.vararg.arg if args.vararg else None
        self.options = args.kwarg.arg if args.kwarg else None
        self.live = dict(zip(self.parameters, live, strict=False))
        self.nodes: list[ast.AST] = []
        self.own: set[ast.AST] = set()
        for statement in node.body:
            self._collect(statement, own=True)
        self.stored = {
            n.id for n in self.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }

    def _collect(self, node: ast.AST, *, own: bool) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            stars = {a.arg for a in (node.args.vararg, node.args.kwarg) if a}
            if stars & {self.rest, self.options}:
                return  # it hands on its own arguments, not those of this function
            own = False
        self.nodes.append(node)
        if own:
            self.own.add(node)
        for child in ast.iter_child_nodes(node):
            self._collect(child, own=own)

    def calls(self) -> Iterator[ast.Call]:
        return (n for n in self.nodes if isinstance(n, ast.Call))

    def resolve(self, node: ast.expr) -> Any:
        """Return the live object an expression stands for, by looking only, else UNKNOWN."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Call) and self._is_super(node.value):
                return self._super(node.attr)
            base = self.resolve(node.value)
            return UNKNOWN if base is UNKNOWN else peek(base, node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "getattr" and len(node.args) == 2:
                base, name = map(self.resolve, node.args)
                if base is not UNKNOWN and isinstance(name, str):
                    return peek(base, name)
            if node.func.id == "type" and len(node.args) == 1:
                base = self.resolve(node.args[0])
                return UNKNOWN if base is UNKNOWN else type(base)
        return UNKNOWN

    def _name(self, name: str) -> Any:
        if name in self.stored or name in (self.rest, self.options):
            return UNKNOWN
        if name in self.live:
            return self.live[name]
        if name in self.real:
            return UNKNOWN
        return free_name(self.function, name)

    def _is_super(self, node: ast.Call) -> bool:
        return isinstance(node.func, ast.Name) and node.func.id == "super" and not node.keywords

    def _super(self, name: str) -> Any:
        klass = free_name(self.function, "__class__")
        first = self.live.get(self.parameters[0], UNKNOWN) if self.parameters else UNKNOWN
        if not isinstance(klass, type) or first is UNKNOWN:
            return UNKNOWN
        order = (first if isinstance(first, type) else type(first)).__mro__
        if klass not in order:
            return UNKNOWN
        for base in order[order.index(klass) + 1 :]:
            if name in vars(base):
                raw = vars(base)[name]
                if really(raw, types.FunctionType):
                    return types.MethodType(raw, first)
                if really(raw, staticmethod):
                    return raw.__func__
                if really(raw, classmethod):
                    return types.MethodType(raw.__func__, type(first))
                return UNKNOWN
        return UNKNOWN

    def own_stars(self, call: ast.Call) -> bool:
        """Return True when a call passes the function's own ``*args`` or ``**kwargs`` on."""
        return any(
            self._is(a.value, self.rest) for a in call.args if isinstance(a, ast.Starred)
        ) or any(k.arg is None and self._is(k.value, self.options) for k in call.keywords)

    @staticmethod
    def _is(node: ast.expr, name: str | None) -> bool:
        return name is not None and isinstance(node, ast.Name) and node.id == name

    def forward(
        self, target: Any, call: ast.Call, skip: int = 0, bound_first: bool = False
    ) -> Forward:
        """Describe one call to ``target``; the first ``skip`` positional arguments lead to it."""
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
        return Forward(
            target,
            tuple(positional),
            tuple(keywords),
            frozenset(added),
            frozenset(removed),
            certain and known,
            not skip and self._returned(call),
            bound_first,
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
        for node in self.nodes:
            value = node.value if isinstance(node, ast.Return) and node in self.own else None
            if value is call or (isinstance(value, ast.Name) and value.id in names):
                return True
        return False


def forwards_of(
    function: types.FunctionType, wrapped: Any, live: Sequence[Any]
) -> tuple[Forward, ...] | None:
    """Return the calls with which a wrapper reaches the function behind it.

    Args:
        function: the wrapper.
        wrapped: what its ``__wrapped__`` holds, or UNKNOWN.
        live: its leading positional arguments as far as known (``self``), else UNKNOWN.

    Returns:
        None when the source is not there; an empty tuple when no such call is found.
    """
    node = tree_of(function)
    if node is None:
        return None
    reader = _Reader(function, live, node)
    found: list[Forward] = []
    if wrapped is not UNKNOWN:
        for call in reader.calls():
            found.extend(_to_wrapped(reader, call, wrapped))
    if found:
        return tuple(found)
    starred = [call for call in reader.calls() if reader.own_stars(call)]
    if len(starred) != 1:
        return ()
    call = starred[0]
    target = reader.resolve(call.func)
    if target is UNKNOWN or not callable(target):
        return ()
    return (reader.forward(target, call),)


def _to_wrapped(reader: _Reader, call: ast.Call, wrapped: Any) -> Iterator[Forward]:
    if same_function(reader.resolve(call.func), wrapped):
        yield reader.forward(wrapped, call)
        return
    inner = call.func
    if (
        isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Attribute)
        and inner.func.attr == "__get__"
        and same_function(reader.resolve(inner.func.value), wrapped)
    ):
        # fn.__get__(self, type(self))(*args, **kwargs)
        yield reader.forward(wrapped, call, bound_first=True)
        return
    for at, argument in enumerate(call.args):
        value = UNKNOWN if isinstance(argument, ast.Starred) else reader.resolve(argument)
        if value is not UNKNOWN and same_function(value, wrapped):
            # to_thread(fn, *args, **kwargs) calls; inspect.signature(fn) only looks.
            if len(call.args) > at + 1 or call.keywords:
                yield reader.forward(wrapped, call, skip=at + 1)
            return


def returned_callees(function: types.FunctionType, live: Sequence[Any]) -> list[Any] | None:
    """Return what the calls in a function's ``return`` statements call; UNKNOWN for each unknown.

    None when the source is not there; an empty list when no call is returned.
    """
    node = tree_of(function)
    if node is None:
        return None
    reader = _Reader(function, live, node)
    return [
        reader.resolve(item.value.func)
        for item in reader.nodes
        if isinstance(item, ast.Return) and item in reader.own and isinstance(item.value, ast.Call)
    ]


def wrapt_forwards(user: Any, wrapped: Any) -> tuple[Forward, ...] | None:
    """Return how a wrapt wrapper, ``def wrapper(wrapped, instance, args, kwargs)``, hands on.

    None when its source is not there.
    """
    function = getattr(user, "__func__", user)
    node = tree_of(function) if really(function, types.FunctionType) else None
    if node is None:
        return None
    reader = _Reader(function, (), node)
    names = reader.parameters[really(user, types.MethodType) :]
    if len(names) != 4:
        return None
    reader.rest, reader.options = names[2:]
    reader.live = {names[0]: wrapped}
    reader.parameters, reader.real = [], {}
    return tuple(f for call in reader.calls() for f in _to_wrapped(reader, call, wrapped))
