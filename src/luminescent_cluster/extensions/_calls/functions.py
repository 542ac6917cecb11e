"""Signatures and asynchrony of live callables, one layer at a time."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import re
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from .default_texts import default_text
from .hints import render
from .model import (
    KEYWORD_ONLY,
    POSITIONAL_ONLY,
    POSITIONAL_OR_KEYWORD,
    UNKNOWN,
    VAR_KEYWORD,
    VAR_POSITIONAL,
    Annotation,
    Default,
    Field,
    Flow,
    Kind,
    Parameter,
    Signature,
)
from .names import loaded_late_imports, namespaces, resolver_for
from .reflection import needs_evaluation, own_annotations, signature_of
from .source import positional_by_convention

_KINDS: Final[Mapping[Any, Kind]] = {
    inspect.Parameter.POSITIONAL_ONLY: POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD: POSITIONAL_OR_KEYWORD,
    inspect.Parameter.VAR_POSITIONAL: VAR_POSITIONAL,
    inspect.Parameter.KEYWORD_ONLY: KEYWORD_ONLY,
    inspect.Parameter.VAR_KEYWORD: VAR_KEYWORD,
}


def function_signature(
    function: Any,
    drop_first: bool,
    *,
    home: str = "",
    substitute: Mapping[Any, Any] | None = None,
    owner: type | None = None,
) -> Signature | None:
    """Return the signature of a callable as its callers see it, with texts and live values.

    Args:
        function: any callable; ``__wrapped__`` is not followed.
        drop_first: drop ``self`` or ``cls``.
        home: the module whose names are written relative.
        substitute: what type variables stand for.
        owner: the class in whose body the function lies.

    Returns None when the callable does not tell its signature.
    """
    try:
        found = signature_of(function)
    except (ValueError, TypeError):
        return None
    filled = substitute or {}
    scope = getattr(function, "__globals__", {})
    parameters = []
    for raw in found.parameters.values():
        default = annotation = None
        if raw.default is not raw.empty:
            default = Default(*default_text(raw.default, scope, home), raw.default)
        if raw.annotation is not raw.empty:
            annotation = type_hint(raw.annotation, function, owner, home, filled)
        parameters.append(
            Parameter(
                unmangled(raw.name, owner),
                _KINDS[raw.kind],
                default,
                annotation,
                _unpacked(annotation, function, home) if raw.kind is raw.VAR_KEYWORD else None,
            )
        )
    if drop_first and parameters and not parameters[0].variadic:
        del parameters[0]
    returns = None
    if found.return_annotation is not found.empty:
        returns = type_hint(found.return_annotation, function, owner, home, filled)
    return Signature(tuple(positional_by_convention(parameters)), returns)


def unmangled(name: str, owner: type | None) -> str:
    """Return ``__x`` for ``_Owner__x``, as it is written in the class body."""
    if owner is not None:
        prefix = f"_{owner.__name__.lstrip('_')}__"
        if name.startswith(prefix) and len(name) > len(prefix):
            return "__" + name[len(prefix) :]
    return name


def type_hint(
    raw: object,
    function: Any,
    owner: type | None,
    home: str,
    substitute: Mapping[Any, Any],
) -> Annotation:
    """Return text and live form of a hint; a name that cannot be resolved leaves only the text."""
    resolve = resolver_for(function, owner, home)
    live = live_hint(raw, function, owner)
    if live is not UNKNOWN and substitute:
        live = fill(live, substitute)
        return Annotation(render(live, resolve, home), live)
    return Annotation(render(raw, resolve, home), live)


def live_hint(raw: object, function: Any, owner: type | None) -> Any:
    """Return a hint with its strings evaluated where it was written; UNKNOWN when that fails."""
    if raw is None or is_class(raw) or not needs_evaluation(raw):
        return raw
    if isinstance(raw, str) and type(function) is types.FunctionType:
        known = _evaluated.setdefault(function, {})
        if raw not in known:
            hint = _evaluate(raw, function, owner)
            if hint is UNKNOWN:
                return hint  # the name may be defined later
            known[raw] = hint
        return known[raw]
    return _evaluate(raw, function, owner)


_evaluated: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def _evaluate(raw: object, function: Any, owner: type | None) -> Any:
    globals_, locals_ = _scopes(function, owner)
    holder: Any = types.SimpleNamespace(__annotations__={"hint": raw})
    for late in (False, True):
        if late:
            missing = loaded_late_imports(getattr(function, "__module__", None))
            if not missing:
                break
            locals_ = {**missing, **locals_}
        try:
            return typing.get_type_hints(holder, globals_, locals_, include_extras=True)["hint"]
        except Exception:  # whatever evaluating somebody's annotation may raise
            continue
    return UNKNOWN


def _scopes(function: Any, owner: type | None) -> tuple[dict[str, Any], dict[str, Any]]:
    spaces = namespaces(function, owner)
    if isinstance(function, types.FunctionType):
        globals_ = function.__globals__
    else:
        globals_ = vars(sys.modules.get(getattr(function, "__module__", None) or "", builtins))
    locals_: dict[str, Any] = {}
    for space in reversed(spaces):
        if space is not globals_ and space is not vars(builtins):
            locals_.update(space)
    for name in vars(owner) if owner is not None else ():
        # Class names hide only what the module does not define: `def list(self) -> list[int]`.
        if name in globals_ or hasattr(builtins, name):
            locals_.pop(name, None)
    return globals_, locals_


def is_class(hint: object) -> bool:
    """Return True for a class; ``list[int]`` passes for one on Python 3.10."""
    return isinstance(hint, type) and typing.get_origin(hint) is None


def fill(hint: Any, substitute: Mapping[Any, Any]) -> Any:
    """Return a hint with type variables replaced; UNKNOWN where that is not possible."""
    if isinstance(hint, typing.TypeVar):
        return substitute.get(hint, hint)
    parameters = getattr(hint, "__parameters__", ())
    if is_class(hint) or not any(parameter in substitute for parameter in parameters):
        return hint
    try:
        return hint[tuple(substitute.get(p, p) for p in parameters)]
    except TypeError:
        return UNKNOWN


def copied_annotations(function: Any) -> bool:
    """Return True when ``functools.wraps`` put another function's annotations on this one."""
    inner = function.__dict__.get("__wrapped__", UNKNOWN)
    if inner is UNKNOWN:
        return False
    mine, code = own_annotations(function), function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + 2]
    return mine == own_annotations(inner) or bool(set(mine) - {"return", *names})


def is_context_manager(function: Any) -> bool:
    """Return True for what ``@contextmanager`` and ``@asynccontextmanager`` make."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_filename == contextlib.__file__


def context_manager_hint(function: Any, hint: Any) -> Any:
    """Return the result of a ``@contextmanager`` function whose generator returns ``hint``."""
    item: Any = (typing.get_args(hint) or (Any,))[0] if hint is not UNKNOWN else Any
    inner = getattr(function, "__wrapped__", None)
    manager: Any = contextlib.AbstractContextManager
    if inspect.isasyncgenfunction(inner):
        manager = contextlib.AbstractAsyncContextManager
    return manager[item]


def _unpacked(annotation: Annotation | None, function: Any, home: str) -> tuple[Field, ...] | None:
    if annotation is None or not annotation.text.startswith("typing.Unpack["):
        return None
    arguments = typing.get_args(annotation.hint) if annotation.hint is not UNKNOWN else ()
    if not arguments or not hasattr(arguments[0], "__required_keys__"):
        return None
    keys = arguments[0]
    fields = []
    for name, raw in own_annotations(keys).items():
        hint = type_hint(raw, keys, None, home, {})
        # With quoted hints the class itself sees neither Required nor NotRequired.
        told = re.match(r"(?:typing\.ReadOnly\[)?typing\.(NotRequired|Required)\b", hint.text)
        required = told[1] == "Required" if told else name in keys.__required_keys__
        fields.append(Field(name, required, _bare_field(hint)))
    return tuple(sorted(fields, key=lambda item: item.name))


def _bare_field(hint: Annotation) -> Annotation:
    for wrapper in ("typing.Required[", "typing.NotRequired[", "typing.ReadOnly["):
        if hint.text.startswith(wrapper):
            arguments = typing.get_args(hint.hint) if hint.hint is not UNKNOWN else ()
            live = arguments[0] if arguments else UNKNOWN
            return _bare_field(Annotation(hint.text[len(wrapper) : -1], live))
    return hint


def plain_flow(function: Any) -> Flow:
    """Return how one layer answers, by its flags alone."""
    if inspect.isasyncgenfunction(function):
        return "async-generator"
    if inspect.iscoroutinefunction(function):
        return "coroutine"
    return "generator" if inspect.isgeneratorfunction(function) else "sync"
