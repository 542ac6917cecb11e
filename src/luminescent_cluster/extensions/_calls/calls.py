"""The calls that a signature permits: a finite set that stands for all of them.

Whether a Python signature takes a call depends on the number of positional arguments and, for each
keyword by itself, on whether it is there.  So for every number of positional arguments it is
enough to leave all optional keywords out, to give each one alone, and to give them all.  Variadic
parameters are probed with a growing number of extra arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from .model import (
    KEYWORD_ONLY,
    POSITIONAL_ONLY,
    VAR_KEYWORD,
    VAR_POSITIONAL,
    Default,
    Parameter,
    Signature,
)
from .source import hidden

EXTRA_COUNTS: Final = (1, 2, 3, 5, 10, 30)


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """One argument of a permitted call, and the protocol's parameter that it is meant for.

    ``extra`` marks an argument for ``*args`` or ``**kwargs``; ``keyword`` is the name it is given
    by, None by position.
    """

    parameter: Parameter
    keyword: str | None = None
    extra: bool = False

    @property
    def name(self) -> str:
        """The name of the parameter it is meant for; of the key, for ``**kwargs``."""
        return self.keyword if self.extra and self.keyword else self.parameter.name


@dataclass(frozen=True, slots=True)
class Call:
    """A call that a protocol permits."""

    positional: tuple[Argument, ...] = ()
    keywords: tuple[Argument, ...] = ()
    size: tuple[int, int] = field(default=(0, 0))

    def text(self, name: str) -> str:
        """Return the call as source, with a plausible value for each argument."""
        parts = [sample(a.parameter) for a in self.positional]
        parts += [f"{a.keyword}={sample(a.parameter)}" for a in self.keywords]
        return f"{name}({', '.join(parts)})"

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """All arguments, positional ones first."""
        return self.positional + self.keywords


_SAMPLES: Final = {
    "int": "1",
    "float": "1.0",
    "complex": "1j",
    "bool": "True",
    "bytes": 'b""',
    "dict": "{}",
    "list": "[]",
    "set": "set()",
    "tuple": "()",
    "frozenset": "frozenset()",
    "None": "None",
    "collections.abc.Mapping": "{}",
    "collections.abc.MutableMapping": "{}",
    "collections.abc.Sequence": "[]",
    "collections.abc.Iterable": "[]",
}


def sample(parameter: Parameter) -> str:
    """Return source for a value that fits the parameter's hint; ``...`` where that is unknown."""
    text = parameter.annotation.text if parameter.annotation else ""
    head = text.split(" | ")[0].split("[")[0]
    if head == "str":
        return f'"{parameter.name}"'
    if head == "typing.Literal":
        return text.split("[", 1)[1].split(",")[0].rstrip("]")
    return _SAMPLES.get(head, "...")


def param_spec_name(parameter: Parameter) -> str:
    """Return ``P`` for ``*args: P.args`` and ``**kwargs: P.kwargs``, else ``""``."""
    text = parameter.annotation.text if parameter.annotation else ""
    ending = ".args" if parameter.kind == VAR_POSITIONAL else ".kwargs"
    return text.removesuffix(ending) if parameter.variadic and text.endswith(ending) else ""


def is_param_spec(parameter: Parameter) -> bool:
    """Return True for ``*args: P.args`` and ``**kwargs: P.kwargs``.

    What ``P`` stands for is the implementation's choice, so nothing may be demanded of it.
    """
    return bool(param_spec_name(parameter))


@lru_cache(maxsize=2048)
def permitted_calls(signature: Signature) -> tuple[Call, ...]:
    """Return calls that stand for all calls which ``signature`` permits, shortest first."""
    calls = {_key(call): call for call in _all_calls(signature)}
    return tuple(sorted(calls.values(), key=lambda call: call.size))


def _key(call: Call) -> object:
    names = frozenset((a.keyword, a.extra) for a in call.keywords)
    return len(call.positional), names


def _all_calls(signature: Signature) -> Iterator[Call]:
    positional = [p for p in signature.parameters if p.positional]
    named = [p for p in signature.parameters if p.kind == KEYWORD_ONLY]
    rest = next((p for p in signature.parameters if p.kind == VAR_POSITIONAL), None)
    options = next((p for p in signature.parameters if p.kind == VAR_KEYWORD), None)
    if options is not None and options.fields is not None:
        named += [
            Parameter(f.name, KEYWORD_ONLY, None if f.required else Default("..."), f.annotation)
            for f in options.fields
        ]
    for count in range(len(positional) + 1):
        left = positional[count:]
        if any(p.required and only_by_position(p) for p in left):
            continue
        head = tuple(Argument(p) for p in positional[:count])
        free = [p for p in left if not only_by_position(p)] + named
        yield from _with_keywords(head, free)
    everything = tuple(Argument(p) for p in positional)
    must = [p for p in named if p.required]
    if rest is not None and not is_param_spec(rest):
        for extra in EXTRA_COUNTS:
            more = tuple(Argument(rest, None, True) for _ in range(extra))
            yield _call(everything + more, must)
            yield _call(everything + more, named)
    if options is not None and options.fields is None and not is_param_spec(options):
        yield from _with_extra_names(everything, must, options, signature)
        if not any(only_by_position(p) for p in positional):
            yield from _with_extra_names((), [*positional, *named], options, signature)
        for hidden_name in (p for p in positional if p.kind == POSITIONAL_ONLY):
            if not hidden(hidden_name.name):
                # `def f(a, /, **options)` permits f(1, a=2).
                yield _call(everything, must, (Argument(options, hidden_name.name, True),))


def only_by_position(parameter: Parameter) -> bool:
    """Return True where a caller has no keyword for it: ``x, /`` and the mangled ``__x``."""
    return parameter.kind == POSITIONAL_ONLY or (parameter.positional and hidden(parameter.name))


def _with_keywords(head: tuple[Argument, ...], free: list[Parameter]) -> Iterator[Call]:
    must = [p for p in free if p.required]
    may = [p for p in free if not p.required]
    yield _call(head, must)
    for one in may:
        yield _call(head, [*must, one])
    if len(may) > 1:
        yield _call(head, free)


def _with_extra_names(
    head: tuple[Argument, ...], named: list[Parameter], options: Parameter, signature: Signature
) -> Iterator[Call]:
    taken = {p.name for p in signature.parameters}
    names = [n for n in ("extra", "extra_2", "other", "other_2") if n not in taken][:2]
    for many in (1, 2):
        extra = tuple(Argument(options, name, True) for name in names[:many])
        yield _call(head, named, extra)


def _call(
    head: tuple[Argument, ...], named: Iterable[Parameter], extra: tuple[Argument, ...] = ()
) -> Call:
    keywords = tuple(Argument(p, p.name) for p in named) + extra
    return Call(head, keywords, (len(head) + len(keywords), len(keywords)))
