"""The oracle of acceptance: calls that are really performed."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from luminescent_cluster.contracts.shapes import Method, Parameter, Signature, accepts, shape_of

CALL_CLAUSES = {"SIG-01", "SIG-02", "DEF-01", "DEF-03"}


def value_for(parameter: Parameter) -> object:
    """Return a value that the parameter's hint admits."""
    text = parameter.annotation.text if parameter.annotation else ""
    values: dict[str, object] = {"int": 1, "dict": {}, "list": [], "bool": True, "float": 0.5}
    return values.get(text.split(" | ")[0].split("[")[0], "text")


def all_calls(signature: Signature) -> Iterator[tuple[list[object], dict[str, object]]]:
    """Yield every call of a small signature: brute force, independent of the engine's cover."""
    positional = [p for p in signature.parameters if p.positional]
    named = [p for p in signature.parameters if p.kind == "keyword-only"]
    rest = any(p.kind == "var-positional" for p in signature.parameters)
    options = next((p for p in signature.parameters if p.kind == "var-keyword"), None)
    if options is not None and options.fields:
        named += [
            Parameter(f.name, "keyword-only", None if f.required else Parameter, f.annotation)  # type: ignore[arg-type]
            for f in options.fields
        ]
    free = options is not None and options.fields is None
    for count in range(len(positional) + 1):
        tail = positional[count:]
        if any(p.required and p.kind == "positional-only" for p in tail):
            continue
        by_name = [p for p in tail if p.kind != "positional-only"] + named
        may = [p for p in by_name if not p.required]
        head = [value_for(p) for p in positional[:count]]
        for size in range(len(may) + 1):
            for chosen in itertools.combinations(may, size):
                given = {p.name: value_for(p) for p in by_name if p.required or p in chosen}
                yield head, given
                if free:
                    yield head, {**given, "surprise": 1}
        if rest and count == len(positional):
            must = {p.name: value_for(p) for p in named if p.required}
            for extra in (1, 2, 7, 40):
                yield [*head, *["more"] * extra], must


def perform(method: Callable[..., Any], args: list[object], kwargs: dict[str, object]) -> str:
    """Call, and return what went wrong, or ``""``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = method(*args, **kwargs)
            if inspect.iscoroutine(result):
                result = asyncio.run(result)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if hasattr(result, "close") and not isinstance(result, type):
        result.close()
    return ""


def refused_calls(implementation: object, protocol: type) -> list[str]:
    """Perform all permitted calls and return those that raise."""
    found = []
    for method in shape_of(protocol).methods:
        for signature in method.signatures:
            for args, kwargs in all_calls(signature):
                called = _callable(implementation, method)
                problem = perform(called, args, kwargs) if called else "missing"
                if problem:
                    found.append(f"{method.name}(*{args}, **{kwargs}): {problem}")
    return found


def _callable(implementation: object, method: Method) -> Callable[..., Any] | None:
    return getattr(implementation, method.name, None)


@pytest.fixture
def check_pair() -> Callable[..., None]:
    """Judge one protocol/implementation pair and compare with the calls themselves."""

    def check(protocol: Any, implementation: Any, expected: set[str], *, perform: bool) -> None:
        answer = accepts(implementation, protocol)
        found = {r.clause_id for r in answer.rejections}
        if not expected:
            assert answer.ok, str(answer)
        else:
            assert expected <= found, f"expected {expected}, found {answer}"
        for rejection in answer.rejections:
            assert rejection.reason
            assert rejection.member
        if perform:
            refused = refused_calls(implementation, protocol)
            assert bool(refused) == bool(found & CALL_CLAUSES), (refused[:3], str(answer))

    return check
