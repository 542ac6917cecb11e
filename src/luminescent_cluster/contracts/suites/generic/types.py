"""TYP: what comes back has the declared type, and a type checker agrees."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any

from ...clauses import Catalogue, Excused, Level, Unverified, Violation
from ...engine.calls import generated_call
from ...engine.case import Case
from ...engine.methods import methods_of
from ...engine.returned import type_fault
from ...engine.show import show, show_call

clauses = Catalogue()


def _declares_results(protocol: type) -> bool:
    return any(m.returns is not inspect.Parameter.empty for m in methods_of(protocol))


@clauses.must(
    "TYP-01",
    reason="core uses the result as the protocol declares it: it iterates the dict, unpacks the "
    "tuple, trusts the bool",
    fix="return what the protocol declares, on every path",
    applies=_declares_results,
)
def returns_the_declared_type(case: Case) -> None:
    """What is returned has the declared type, for generated arguments, on repeated calls too."""
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
