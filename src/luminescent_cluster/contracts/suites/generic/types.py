"""TYP: what comes back has the declared type, and a type checker agrees."""

from __future__ import annotations

import inspect
import itertools
from contextlib import suppress
from functools import partial
from types import FunctionType
from typing import Any, ClassVar, Final, get_args, get_origin, get_type_hints

from ...clauses import Catalogue, Excused, Level, Unverified, Violation
from ...engine.apart import Apart
from ...engine.calls import generated_call
from ...engine.case import Case, Refused
from ...engine.chains import linked_calls, with_answer
from ...engine.compare import snapshot
from ...engine.meeting import meeting_calls
from ...engine.meter import Meter
from ...engine.methods import Method, methods_of, specials_of
from ...engine.overloads import method_called
from ...engine.returned import type_fault
from ...engine.selves import with_self
from ...engine.show import show, show_call, show_error
from ._specials import hold_specials

clauses = Catalogue()

_Call = tuple[str, tuple[Any, ...], dict[str, Any]]
_SHARE = 0.2  # of a property's time budget


def _declares_results(protocol: type) -> bool:
    methods = (*methods_of(protocol), *specials_of(protocol))
    returned = any(m.returns is not inspect.Parameter.empty for m in methods)
    return returned or bool(_attributes(protocol))


def _attributes(protocol: type) -> dict[str, Any]:
    """Give the declared types of the protocol's attributes and properties, where resolvable."""
    found: dict[str, Any] = {}
    for base in reversed(protocol.__mro__):
        if base.__module__ in ("typing", "typing_extensions"):
            continue
        with suppress(Exception):  # a name that only a type checker can see
            found |= get_type_hints(base)
        for name, member in vars(base).items():
            if isinstance(member, property):
                found.pop(name, None)
                with suppress(Exception):
                    found[name] = get_type_hints(member.fget)["return"]
    return {name: _bare(told) for name, told in found.items() if not name.startswith("_")}


def _bare(told: Any) -> Any:
    """Give what an attribute may hold, without how it may be assigned."""
    return get_args(told)[0] if get_origin(told) in (ClassVar, Final) else told


@clauses.must(
    "TYP-01",
    reason="core uses the result as the protocol declares it: it iterates the dict, unpacks the "
    "tuple, trusts the bool",
    fix="return what the protocol declares, on every path",
    applies=_declares_results,
)
def returns_the_declared_type(case: Case) -> None:
    """What is returned has the declared type, for generated arguments, on repeated calls too.

    Also when calls before were about the same thing, or answered what this one takes; and so have
    properties and attributes, and what `with`, `len()` and `for` ask for.
    """
    apart = Apart()
    for method in methods_of(case.protocol):
        if method.returns is inspect.Parameter.empty:
            continue
        if not hasattr(case.subject.extension, method.name):
            continue

        def check(call: _Call) -> None:
            for _ in range(2):
                _hold_result(case, call)

        with apart.about(method.name):
            case.for_all(check, call=generated_call(case, method))
    with case.example():
        case.tally.examples += 1
        meeting = meeting_calls(case)
        answered = _after_each_other(case, meeting) | _with_what_others_answered(case, meeting)
        _hold_attributes(case)
        hold_specials(case, partial(_hold_method, case))
    apart.conclude(answered)


def _hold_result(case: Case, call: _Call, told: _Call | None = None) -> Any:
    """Make a call and hold what it returns to its declared type.

    Args:
        case: the clause under way.
        call: the call.
        told: what to show in its place.

    Raises:
        Refused: it raised.
        Violation: it is of another type.
    """
    name, args, kwargs = call
    result = case.call(name, *args, **kwargs)
    method = method_called(methods_of(case.protocol), name, args, kwargs)
    if method is not None:
        _judge(case, method, result, told or call)
    return result


def _hold_method(case: Case, method: Method, args: tuple[Any, ...]) -> None:
    """Make a call that the protocol's statements make, and judge its result."""
    result = case.call(method.name, *args)
    _judge(case, method, result, (method.name, args, {}))


def _judge(case: Case, method: Method, result: Any, told: _Call) -> None:
    fault = type_fault(result, with_self(method.returns, case.protocol))
    if fault:
        raise Violation(
            f"{show_call(*told)} -> {show(result)}",
            f"which is {fault}",
            history=tuple(case.history[-3:]),
        )


def _after_each_other(case: Case, meeting: list[_Call]) -> set[str]:
    """Call everything about the same thing, each after each other: what was stored is found.

    Returns:
        The methods that answered.
    """
    meter = Meter()
    answered = set()
    for former, latter in itertools.product(meeting, meeting):
        if meter.over(_SHARE * case.profile.budget):
            case.note("slow calls: not every call was made after every other")
            break
        for call in (former, latter):
            with suppress(Refused):
                _hold_result(case, snapshot(call))
                answered.add(call[0])
    return answered


def _with_what_others_answered(case: Case, meeting: list[_Call]) -> set[str]:
    """Call with the answers of other calls: their tokens and ids are those that are known here.

    Returns:
        The methods that answered.
    """
    meter = Meter()
    answered = set()
    for former, latter in linked_calls(case, meeting):
        if meter.over(_SHARE * case.profile.budget):
            break
        with suppress(Refused):
            answer = _hold_result(case, snapshot(former))
            _hold_result(case, with_answer(latter, {show_call(*former): answer}), latter)
            answered.add(latter[0])
    return answered


def _hold_attributes(case: Case) -> None:
    """Hold properties and attributes to their declared types, once the extension has been used."""
    extension = case.subject.extension
    for name, declared in _attributes(case.protocol).items():
        try:
            value = case.perform(
                name,
                partial(getattr, extension, name),
                case.subject.deadline,
                awaits=False,
            )
        except Refused as refusal:
            if isinstance(refusal.error, AttributeError):
                raise Violation(f"reading {name} raised {show_error(refusal.error)}") from refusal
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
    from ...shapes.static import check_static
    from ...shapes.type_checker import MissingExtraError

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
