"""TYP: what comes back has the declared type, and a type checker agrees."""

from __future__ import annotations

import inspect
import itertools
from functools import partial
from types import FunctionType
from typing import Any, get_type_hints

from ...clauses import Catalogue, Excused, Level, Unverified, Violation
from ...engine.calls import generated_call
from ...engine.case import Case, Raised, Refused
from ...engine.compare import snapshot
from ...engine.meeting import meeting_calls
from ...engine.meter import Meter
from ...engine.methods import methods_of
from ...engine.returned import type_fault
from ...engine.show import show, show_call

clauses = Catalogue()

_SHARE = 0.2  # of a property's time budget


def _declares_results(protocol: type) -> bool:
    returned = any(m.returns is not inspect.Parameter.empty for m in methods_of(protocol))
    return returned or bool(_properties(protocol))


def _properties(protocol: type) -> dict[str, Any]:
    """Give the declared types of the protocol's properties that can be resolved."""
    found = {}
    for base in reversed(protocol.__mro__):
        for name, member in vars(base).items():
            if isinstance(member, property) and not name.startswith("_"):
                try:
                    found[name] = get_type_hints(member.fget)["return"]
                except Exception:  # a name that only a type checker can see
                    found.pop(name, None)
    return found


@clauses.must(
    "TYP-01",
    reason="core uses the result as the protocol declares it: it iterates the dict, unpacks the "
    "tuple, trusts the bool",
    fix="return what the protocol declares, on every path",
    applies=_declares_results,
)
def returns_the_declared_type(case: Case) -> None:
    """What is returned has the declared type, for generated arguments, on repeated calls too.

    Also when calls before were about the same thing; and so have properties.
    """
    for method in methods_of(case.protocol):
        if method.returns is inspect.Parameter.empty:
            continue
        if not hasattr(case.subject.extension, method.name):
            continue

        def check(
            call: tuple[str, tuple[Any, ...], dict[str, Any]], returns: Any = method.returns
        ) -> None:
            name, args, kwargs = call
            for _ in range(2):
                result = case.call(name, *args, **kwargs)
                fault = type_fault(result, returns)
                if fault:
                    raise Violation(
                        f"{show_call(name, args, kwargs)} -> {show(result)}",
                        f"which is {fault}",
                    )

        case.for_all(check, call=generated_call(case, method))
    with case.example():
        case.tally.examples += 1
        _after_each_other(case)


def _after_each_other(case: Case) -> None:
    """Call everything about the same thing, each after each other: what was stored is found."""
    declared = {method.name: method.returns for method in methods_of(case.protocol)}
    meeting = meeting_calls(case)
    meter = Meter()
    for former, latter in itertools.product(meeting, meeting):
        if meter.spent() > _SHARE * case.profile.budget:
            case.note("slow calls: not every call was made after every other")
            return
        for name, args, kwargs in (former, latter):
            result = case.attempt(name, *snapshot(args), **snapshot(kwargs))
            if isinstance(result, Raised) or declared[name] is inspect.Parameter.empty:
                continue
            fault = type_fault(result, declared[name])
            if fault:
                raise Violation(
                    f"{show_call(name, args, kwargs)} -> {show(result)}",
                    f"which is {fault}",
                    history=tuple(case.history[-3:]),
                )
        _hold_properties(case)


def _hold_properties(case: Case) -> None:
    extension = case.subject.extension
    for name, declared in _properties(case.protocol).items():
        try:
            value = case.perform(
                name,
                partial(getattr, extension, name),
                case.subject.deadline,
                awaits=False,
            )
        except Refused:
            continue
        fault = type_fault(value, declared)
        if fault:
            raise Violation(f"{name} is {show(value)}", f"which is {fault}")


@clauses.must(
    "TYP-02",
    reason="the cloud repository assigns the extension to a slot typed with the protocol; what a "
    "type checker refuses there breaks its build",
    fix="annotate the methods as the protocol does, with the same parameter names",
)
def type_checker_agrees(case: Case) -> None:
    """A static type checker accepts an instance where the protocol is asked for.

    Each method is also held to the protocol's own method, names of parameters included, which a
    type checker does not compare otherwise. For an implementation without annotations this weighs
    as a SHOULD, as it does for methods that a decorator replaced by an object of its own class,
    whose types the decorator's library chose. What a type checker cannot name (a class inside a
    function, a proxy) is excused: to it, such an object is `Any`.
    """
    from ...shapes.static import MissingExtraError, check_static

    extension = case.subject.extension
    try:
        (found,) = check_static([(extension, case.protocol)], defaults=True)
    except MissingExtraError as error:
        raise Unverified("mypy", str(error)) from error
    if found.cannot_judge:
        raise Excused(f"a type checker cannot see this extension: {found.cannot_judge}")
    case.looked()
    if found.rejections:
        members = {rejection.member for rejection in found.rejections} - {""}
        decorated = members and all(_is_wrapped(extension, member) for member in members)
        raise Violation(
            *(f"{r.witness or r.member}: {r.reason}" for r in found.rejections),
            level=Level.SHOULD if decorated else Level(found.level),
        )


def _is_wrapped(extension: object, member: str) -> bool:
    """Tell whether a method is an object of a decorator's class, whose types its library chose."""
    raw = inspect.getattr_static(type(extension), member.rpartition(".")[2], None)
    # The type itself: some such objects claim another one through __class__.
    return type(raw) not in (FunctionType, classmethod, staticmethod, property)
