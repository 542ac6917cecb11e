"""TYP: what comes back has the declared type, and a type checker agrees."""

from __future__ import annotations

import inspect
from typing import Any

from ...clauses import Catalogue, Violation
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
