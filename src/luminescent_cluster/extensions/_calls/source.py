"""Signatures and stubs from syntax trees, for readers of source text."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable
from typing import Any

from .default_texts import default_from_source
from .hints import canonical
from .model import (
    KEYWORD_ONLY,
    POSITIONAL_ONLY,
    POSITIONAL_OR_KEYWORD,
    VAR_KEYWORD,
    VAR_POSITIONAL,
    Annotation,
    Default,
    Flow,
    Kind,
    Parameter,
    Signature,
)
from .spelling import Resolver, dotted_name

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def signature_from_node(
    node: FunctionNode, resolve: Resolver, home: str = "", *, drop_first: bool
) -> Signature:
    """Return the signature of a ``def`` as a caller sees it.

    ``drop_first`` drops ``self`` or ``cls``.  ``fields`` of ``Unpack[TypedDict]`` are left open.
    """
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    missing = len(positional) - len(args.defaults)
    defaults: list[ast.expr | None] = [*[None] * missing, *args.defaults]

    def make(arg: ast.arg, kind: Kind, default: ast.expr | None = None) -> Parameter:
        return Parameter(
            arg.arg,
            kind,
            None if default is None else Default(*default_from_source(default, resolve, home)),
            None if arg.annotation is None else _hint(arg.annotation, resolve, home),
        )

    parameters = []
    for at, (arg, default) in enumerate(zip(positional, defaults, strict=True)):
        kind: Kind = POSITIONAL_ONLY if at < len(args.posonlyargs) else POSITIONAL_OR_KEYWORD
        parameters.append(make(arg, kind, default))
    if drop_first and parameters:
        del parameters[0]
    parameters = positional_by_convention(parameters)
    if args.vararg:
        parameters.append(make(args.vararg, VAR_POSITIONAL))
    for arg, keyword_default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        parameters.append(make(arg, KEYWORD_ONLY, keyword_default))
    if args.kwarg:
        parameters.append(make(args.kwarg, VAR_KEYWORD))
    returns = None if node.returns is None else _hint(node.returns, resolve, home)
    return Signature(tuple(parameters), returns)


def _hint(node: ast.expr, resolve: Resolver, home: str) -> Annotation:
    return Annotation(canonical(node, resolve, home))


def positional_by_convention(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Turn leading ``__x`` parameters into positional-only ones (PEP 484's convention)."""
    result: list[Parameter] = []
    leading = True
    for parameter in parameters:
        if parameter.kind == POSITIONAL_OR_KEYWORD:
            leading = leading and hidden(parameter.name)
            if leading:
                parameter = Parameter(
                    parameter.name,
                    POSITIONAL_ONLY,
                    parameter.default,
                    parameter.annotation,
                    parameter.fields,
                )
        result.append(parameter)
    return result


def hidden(name: str) -> bool:
    """Return True for ``__x``, False for ``_x``, ``__x__`` and ``x``."""
    return name.startswith("__") and not name.endswith("__")


def flow_from_node(node: FunctionNode) -> Flow:
    """Return how the function answers: see :data:`~.model.Flow`."""
    yields = _yields(node.body)
    if isinstance(node, ast.AsyncFunctionDef):
        return "async-generator" if yields else "coroutine"
    return "generator" if yields else "sync"


def _yields(nodes: Iterable[ast.AST]) -> bool:
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    return any(
        isinstance(node, (ast.Yield, ast.YieldFrom))
        or (not isinstance(node, scopes) and _yields(ast.iter_child_nodes(node)))
        for node in nodes
    )


def is_stub(body: Iterable[ast.stmt]) -> bool:
    """Return True for ``...``, a docstring, ``pass``, ``raise NotImplementedError``, ``yield``.

    ``if False: yield``, which only makes a generator of it, does nothing either.
    """

    def idle(statement: ast.stmt) -> bool:
        if isinstance(statement, ast.Expr):
            value = statement.value
            if isinstance(value, ast.Yield):
                return value.value is None or isinstance(value.value, ast.Constant)
            return isinstance(value, ast.Constant)
        if isinstance(statement, ast.Raise):
            error = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
            return isinstance(error, ast.Name) and error.id == "NotImplementedError"
        if isinstance(statement, ast.If):
            test = statement.test
            return isinstance(test, ast.Constant) and not test.value and not statement.orelse
        return isinstance(statement, ast.Pass)

    return all(map(idle, body))


def body_does_something(function: Any) -> bool:
    """Return True when the body of a live function is not a stub.

    Bytecode cannot tell ``return None`` from ``pass``, so a body that may be a stub is looked up
    in the source; without source it counts as a stub.
    """
    function = inspect.unwrap(function)
    code = getattr(function, "__code__", None)
    if code is None:
        return function is not None
    if set(code.co_names) - {"NotImplementedError"} or code.co_cellvars or code.co_freevars:
        return True
    node = function_node(function)
    if node is not None:
        return not is_stub(node.body)
    return bool(set(code.co_consts[1:]) - {None, Ellipsis} or code.co_consts[:1] == ())


def function_node(function: Any) -> FunctionNode | None:
    """Return the syntax tree of a live function's ``def``, or None without source."""
    try:
        # By the code: for a function, getsource would look through __wrapped__.
        text = textwrap.dedent(inspect.getsource(function.__code__))
        tree = ast.parse(text)
    except (OSError, AttributeError, TypeError, SyntaxError, ValueError, IndexError):
        return None
    first = tree.body[0] if tree.body else None
    if isinstance(first, FunctionNode):
        return first
    lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    if len(lambdas) != 1 or function.__code__.co_name != "<lambda>":
        return None  # which of several it is cannot be told
    only = lambdas[0]
    return ast.FunctionDef("<lambda>", only.args, [ast.Return(only.body)], [])


def overload_nodes(owner: type, name: str) -> list[FunctionNode]:
    """Return the ``@overload`` definitions of a method in the source of its class."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    except (OSError, TypeError, SyntaxError, ValueError, IndexError):
        return []
    body = tree.body[0].body if tree.body and isinstance(tree.body[0], ast.ClassDef) else []
    return [
        node
        for node in body
        if isinstance(node, FunctionNode)
        and node.name == name
        and any((dotted_name(d) or "").endswith("overload") for d in node.decorator_list)
    ]
