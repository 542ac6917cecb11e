"""Faults of values: what goes in, what comes out, and who may change it."""

from __future__ import annotations

import inspect
from typing import Any

from ...engine.compare import snapshot
from ...engine.methods import Method
from ..injection import Injection
from ..model import Faults

__all__ = ["faults"]

faults = Faults()

_Kind = inspect.Parameter


def _takes_dict(method: Method) -> bool:
    return any("dict" in str(method.hints.get(p.name, p.annotation)) for p in method.parameters)


def _gives(method: Method) -> bool:
    return method.returns not in (_Kind.empty, None, type(None))


def _gives_dict(method: Method) -> bool:
    return any(name in str(method.returns) for name in ("dict", "list"))


@faults.add("TYP-01", "UT-TRK-01", "AL-EVT-01")
def returns_another_type(into: Injection) -> None:
    """A method returns something else than declared."""
    name = into.method(lambda m: "str" not in str(m.returns)).name
    into.after(name, lambda result, values: "ok")


@faults.add("TYP-01")
def forgets_to_return(into: Injection) -> None:
    """A method that has to answer returns None the second time."""
    name = into.method(
        lambda m: _gives(m) and type(None) not in getattr(m.returns, "__args__", ())
    ).name
    into.memory.calls = 0

    def forget(result: Any, values: dict[str, Any]) -> Any:
        into.memory.calls += 1
        return result if into.memory.calls < 2 else None

    into.after(name, forget)


def _dicts(values: Any, depth: int = 0) -> list[dict[Any, Any]]:
    found: list[dict[Any, Any]] = []
    if isinstance(values, dict):
        found.append(values)
        for value in values.values():
            found += _dicts(value, depth + 1)
    elif isinstance(values, list):
        for value in values:
            found += _dicts(value, depth + 1)
    return found


@faults.add("PUR-01")
def changes_its_argument(into: Injection) -> None:
    """A dict that is passed in gets a key more."""
    name = into.method(_takes_dict).name

    def mark(call: Any, values: dict[str, Any]) -> Any:
        result = call()
        for value in values.values():
            if isinstance(value, dict):
                value["seen"] = True
        return result

    into.around(name, mark)


@faults.add("PUR-01")
def changes_its_argument_inside(into: Injection) -> None:
    """A dict inside an argument loses its keys."""
    name = into.method(_takes_dict).name

    def clear(call: Any, values: dict[str, Any]) -> Any:
        result = call()
        for value in values.values():
            for inside in _dicts(value)[1:]:
                inside.clear()
        return result

    into.around(name, clear)


@faults.add("PUR-02", "UT-SUM-06")
def shares_its_result(into: Injection) -> None:
    """Equal calls get the same object back, which each caller may change."""
    name = into.method(_gives_dict).name
    into.memory.results = {}

    def share(result: Any, values: dict[str, Any]) -> Any:
        if not isinstance(result, (dict, list)):
            return result
        key = repr((values, result))
        kept = into.memory.results.get(repr(values))
        if kept is None or kept[0] != key:
            kept = into.memory.results[repr(values)] = (key, result)
        return kept[1]

    into.after(name, share)


@faults.add("PUR-02", "TP-FLT-02", "UT-TRK-02")
def remembers_the_first_answer(into: Injection) -> None:
    """The first answer of a method is given to everybody, and each caller may change it."""
    name = into.method(_gives_dict).name
    into.memory.first = None

    def first(result: Any, values: dict[str, Any]) -> Any:
        if into.memory.first is None:
            into.memory.first = snapshot(result)
        return into.memory.first

    into.after(name, first)


@faults.add("PUR-03", "UT-TRK-02", "AL-EVT-06", "AL-EVT-02")
def records_late(into: Injection) -> None:
    """What is to be recorded is written with the next call, as it looks by then."""
    name = into.method(lambda m: _takes_dict(m) and not _gives(m)).name
    into.memory.late = None

    def late(call: Any, values: dict[str, Any]) -> Any:
        before, into.memory.late = into.memory.late, call
        if before is not None:
            before()
        return None

    into.around(name, late)
