"""Signatures as text shows them: aliases written out, constants put in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from luminescent_cluster.contracts.shapes import (
    Annotation,
    Default,
    Parameter,
    Signature,
    canonical,
    signature_from_node,
)

from ..constants import as_shown
from .bodies import FunctionNode, self_type, with_self
from .constants import value_text
from .names import Names

__all__ = ["managed", "signature"]


def signature(node: FunctionNode, names: Names, drop: bool) -> Signature:
    """Return the signature of a ``def``: aliases written out, constants put in."""
    plain = signature_from_node(node, names.qualify, names.home, drop_first=drop)
    arguments = node.args
    hints = {
        a.arg: a.annotation
        for a in (
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            *(x for x in (arguments.vararg, arguments.kwarg) if x),
        )
    }
    given = dict(_defaults(arguments))

    def complete(parameter: Parameter) -> Parameter:
        hint, default = hints.get(parameter.name), given.get(parameter.name)
        annotation = None if hint is None else Annotation(names.hint(hint))
        value = parameter.default
        if value is not None and default is not None:
            value = Default(*as_shown(value_text(default, names)))
        return replace(parameter, annotation=annotation, default=value)

    returns = None if node.returns is None else Annotation(names.hint(node.returns))
    whole = Signature(tuple(map(complete, plain.parameters)), returns)
    own = self_type(node) if drop else None
    if own is not None and names.is_type_variable(own):
        return with_self(whole, own)
    return whole


def _defaults(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    if arguments.defaults:
        for arg, default in zip(
            positional[-len(arguments.defaults) :], arguments.defaults, strict=True
        ):
            yield arg.arg, default
    for arg, keyword in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if keyword is not None:
            yield arg.arg, keyword


def managed(signature: Signature, kind: str) -> Signature:
    """Return the signature of a generator under ``@contextmanager``, as its callers see it."""
    text = signature.returns.text if signature.returns else ""
    given = re.fullmatch(r"[\w.]*(?:Iterator|Iterable|Generator)\[(.*)\]", text)
    item = split_arguments(given[1])[0] if given else "typing.Any"
    returns = canonical(f"contextlib.Abstract{kind}ContextManager[{item}]", lambda _: None)
    return replace(signature, returns=Annotation(returns))


def split_arguments(text: str) -> list[str]:
    """Split the arguments of a subscript at its own commas."""
    node = ast.parse(f"x[{text}]", mode="eval").body
    index: ast.expr = node.slice  # type: ignore[attr-defined]
    items = index.elts if isinstance(index, ast.Tuple) else [index]
    return [ast.unparse(item) for item in items]
