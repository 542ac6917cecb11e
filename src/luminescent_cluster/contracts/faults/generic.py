"""Faults that any protocol's extension may have."""

from __future__ import annotations

import inspect
import time
from typing import Any

from ..engine.compare import snapshot
from ..engine.methods import Method
from .injection import Injection, NotApplicable
from .model import Faults

__all__ = ["faults"]

faults = Faults()

_Kind = inspect.Parameter


def _by_name(parameter: inspect.Parameter) -> bool:
    return parameter.kind is _Kind.POSITIONAL_OR_KEYWORD


def _is_required(parameter: inspect.Parameter) -> bool:
    return _by_name(parameter) and parameter.default is _Kind.empty


def _with_required(into: Injection, least: int = 1) -> Method:
    return into.method(lambda m: sum(_is_required(p) for p in m.parameters) >= least)


def _with_optional(into: Injection) -> Method:
    return into.method(lambda m: any(p.default is not _Kind.empty for p in m.parameters))


def _takes_dict(method: Method) -> bool:
    return any("dict" in str(method.hints.get(p.name, p.annotation)) for p in method.parameters)


def _gives(method: Method) -> bool:
    return method.returns not in (_Kind.empty, None, type(None))


def _gives_dict(method: Method) -> bool:
    return any(name in str(method.returns) for name in ("dict", "list"))


@faults.add("TRU-01")
def is_falsy(into: Injection) -> None:
    """The extension counts as false, so that core skips it."""
    into.member("__bool__", lambda self: False)


@faults.add("TRU-01")
def becomes_falsy(into: Injection) -> None:
    """The extension counts as false once it has been called."""
    into.memory.calls = 0
    for method in into.methods:

        def count(call: Any, values: dict[str, Any]) -> Any:
            into.memory.calls += 1
            return call()

        into.around(method.name, count)
    into.member("__bool__", lambda self: not into.memory.calls)


@faults.add("SIG-01")
def lacks_a_method(into: Injection) -> None:
    """A method of the protocol is missing."""
    into.remove(into.method(lambda m: not m.optional).name)


@faults.add("SIG-02", "SIG-03")
def renames_a_parameter(into: Injection) -> None:
    """A parameter bears another name, so that calls by keyword fail."""
    name = _with_required(into).name
    parameters = into.parameters(name)
    first = parameters[0]
    parameters[0] = first.replace(name=f"the_{first.name}")
    into.resign(name, parameters, {f"the_{first.name}": first.name})


@faults.add("SIG-03", "SIG-02")
def swaps_parameters(into: Injection) -> None:
    """Two parameters stand in each other's place, so that calls by position mix them up."""
    name = _with_required(into, 2).name
    parameters = into.parameters(name)
    parameters[0], parameters[1] = parameters[1], parameters[0]
    into.resign(name, parameters)


@faults.add("SIG-02")
def takes_keywords_only(into: Injection) -> None:
    """A method takes its arguments by keyword only."""
    name = _with_required(into).name
    parameters = [p.replace(kind=_Kind.KEYWORD_ONLY) for p in into.parameters(name) if _by_name(p)]
    into.resign(name, parameters)


@faults.add("DEF-03", "SIG-02")
def asks_for_more(into: Injection) -> None:
    """A method insists on an argument that the protocol does not have."""
    name = into.method().name
    parameters = into.parameters(name)
    more = inspect.Parameter("region", _Kind.KEYWORD_ONLY)
    if parameters and parameters[-1].kind is _Kind.VAR_KEYWORD:
        parameters.insert(-1, more)
    else:
        parameters.append(more)
    into.around(name, lambda call, values: call())
    into.resign(name, parameters, {"region": "_"})


@faults.add("DEF-01", "SIG-02")
def insists_on_the_optional(into: Injection) -> None:
    """What the protocol calls optional is required."""
    name = _with_optional(into).name
    into.resign(name, [p.replace(default=_Kind.empty) for p in into.parameters(name)])


@faults.add("DEF-02", "DEF-04")
def shifts_a_default(into: Injection) -> None:
    """An optional parameter has another default than the protocol's."""
    name = _with_optional(into).name
    into.resign(
        name,
        [
            p if p.default is _Kind.empty else p.replace(default=_other(p.default))
            for p in into.parameters(name)
        ],
    )


def _other(default: Any) -> Any:
    return default + 1 if isinstance(default, int) else "" if default is None else None


@faults.add("SIG-04")
def returns_a_coroutine(into: Injection) -> None:
    """A method became a coroutine function, and nobody awaits it."""
    into.make_async(into.method(lambda m: not m.is_async).name)


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


def _odd(value: Any) -> bool:
    """Tell whether a value is one that tests with plain values never meet."""
    if isinstance(value, str):
        return any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in value) or len(value) > 5000
    if isinstance(value, dict):
        return any(_odd(key) or _odd(part) for key, part in list(value.items())[:50])
    if isinstance(value, (list, tuple)):
        return any(_odd(part) for part in value[:50])
    return not isinstance(value, (str, int, float, bool, type(None)))


def _at_odd_values(into: Injection, act: Any) -> None:
    for method in into.methods:

        def watch(call: Any, values: dict[str, Any], act: Any = act) -> Any:
            if any(_guarded_odd(value) for value in values.values()):
                act()
            return call()

        into.around(method.name, watch)


def _guarded_odd(value: Any) -> bool:
    try:
        return _odd(value)
    except (RecursionError, TypeError, ValueError):
        return True


@faults.add("ERR-01")
def hangs_on_odd_values(into: Injection) -> None:
    """A value that is no plain text or number keeps the request for ever."""

    def hang() -> None:
        while True:
            time.sleep(1)

    _at_odd_values(into, hang)


@faults.add("ERR-01")
def exits_on_odd_values(into: Injection) -> None:
    """A value that is no plain text or number ends the process."""

    def leave() -> None:
        raise SystemExit(3)

    _at_odd_values(into, leave)


@faults.add("ERR-01")
def breaks_after_odd_values(into: Injection) -> None:
    """After a value that is no plain text or number, every call fails."""
    into.memory.broken = False
    for method in into.methods:

        def watch(call: Any, values: dict[str, Any]) -> Any:
            if into.memory.broken:
                raise RuntimeError("left in a bad state by an earlier call")
            into.memory.broken = any(_guarded_odd(value) for value in values.values())
            return call()

        into.around(method.name, watch)


@faults.add("ERR-02")
def patches_the_process(into: Injection) -> None:
    """The first call replaces `time.sleep` for everybody."""
    original = time.sleep

    def patch(call: Any, values: dict[str, Any]) -> Any:
        if time.sleep is original:
            time.sleep = lambda seconds: None
        return call()

    into.around(into.method().name, patch)


@faults.add("VER-01")
def was_built_for_the_future(into: Injection) -> None:
    """The extension declares that it needs a version of its protocol that does not exist yet."""
    name = into.protocol.__name__
    if name not in ("TenantProvider", "UsageTracker", "AuditLogger"):
        raise NotApplicable("only protocols with released versions can be declared")
    into.member("__protocols__", (f"{name}>=99",))


@faults.add("UT-THR-01", "TP-THR-01", "AL-THR-01", "THR-02", "THR-01")
def keeps_arguments_on_itself(into: Injection) -> None:
    """Arguments pass through an attribute of the extension, where concurrent calls mix them up."""
    for method in into.methods:

        def through(call: Any, values: dict[str, Any], name: str = method.name) -> Any:
            setattr(into.memory, name, values)
            return call(**getattr(into.memory, name))

        into.around(method.name, through)


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
