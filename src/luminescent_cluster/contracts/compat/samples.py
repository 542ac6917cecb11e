"""Values that know their type: what callers pass to stand-ins and get back from them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

from .flows import mode_of
from .terms import (
    ANY,
    NONE,
    CallableTerm,
    LiteralTerm,
    Named,
    Term,
    TupleTerm,
    UnionTerm,
)

__all__ = ["CallableSample", "Sample", "sample_of", "sample_text"]


class Sample:
    """A value of a type, with nothing else known about it."""

    def __init__(self, term: Term) -> None:
        self.term = term

    def __repr__(self) -> str:
        return sample_text(self.term)


class _AwaitableSample(Sample):
    def __await__(self) -> Generator[Any, Any, Any]:
        yield from ()


class _IterableSample(Sample):
    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> Any:
        raise StopAsyncIteration


class CallableSample(Sample):
    """A value that can be called by position, as ``Callable[[A], B]`` says."""

    def __call__(self, *args: object) -> Sample:
        term = self.term
        if isinstance(term, CallableTerm):
            if term.parameters is not None and len(args) != len(term.parameters):
                raise TypeError(f"{term} takes {len(term.parameters)} argument(s)")
            return sample_of(term.returns)
        return sample_of(ANY)


def sample_of(term: Term) -> Sample:
    """Return a value of the type that can do what callers do with such values."""
    if isinstance(term, CallableTerm) or term is ANY:
        return CallableSample(term)
    mode = mode_of(term)
    if mode == "await":
        return _AwaitableSample(term)
    return _IterableSample(term) if mode == "async for" else Sample(term)


_EXAMPLES: Final = {
    "int": "1", "float": "1.5", "complex": "1j", "bool": "True", "str": '"text"',
    "bytes": 'b"bytes"', "dict": "{}", "list": "[]", "set": "set()", "frozenset": "frozenset()",
    "None": "None", "object": "object()", "datetime.date": "date(2026, 1, 1)",
    "datetime.datetime": "datetime(2026, 1, 1)", "pathlib.Path": 'Path("file")',
    "decimal.Decimal": 'Decimal("1")',
}  # fmt: skip


def sample_text(term: Term) -> str:
    """Return source for a value of the type; ``<type>`` where no plain value says it all."""
    if isinstance(term, LiteralTerm):
        return term.text
    if isinstance(term, UnionTerm):
        return sample_text(next((i for i in term.items if i != NONE), term.items[0]))
    if isinstance(term, TupleTerm):
        if term.variadic:
            return f"({sample_text(term.items[0])},)"
        inner = ", ".join(map(sample_text, term.items))
        return f"({inner},)" if len(term.items) == 1 else f"({inner})"
    if isinstance(term, Named) and not term.arguments and term.name in _EXAMPLES:
        return _EXAMPLES[term.name]
    return "..." if term is ANY else f"<{term}>"
