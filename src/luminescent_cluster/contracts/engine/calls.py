"""Generated calls: arguments drawn from a protocol's annotations, or from what the author gives."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import errors as hypothesis_errors
from hypothesis import strategies as st

from ..clauses import Inconclusive
from .generating import is_itself, is_unpacked, strategy_for, without_none
from .methods import Method, methods_of

if TYPE_CHECKING:
    from .case import Case

__all__ = [
    "argument_strategies",
    "arguments_for",
    "generated_call",
    "generated_calls",
    "given_values",
    "smallest",
]


def generated_calls(case: Case, most: int = 6) -> Any:
    """Give a strategy of short histories: lists of ``(method, args, kwargs)``.

    Methods for which no arguments can be generated are left out, and a note says so.

    Returns:
        The strategy, or None where the protocol has no method that can be called.
    """
    each = []
    for method in methods_of(case.protocol):
        try:
            each.append(generated_call(case, method))
        except Inconclusive as reason:
            case.note(str(reason))
    return st.lists(st.one_of(each), min_size=1, max_size=most) if each else None


def generated_call(case: Case, method: Method, *, full: bool = False) -> Any:
    """Give a strategy of calls of one method: ``(name, args, kwargs)``.

    Optional arguments are given or omitted, and each is passed by position or by keyword, as the
    protocol allows.

    Args:
        case: the clause under way.
        method: the method to call.
        full: give every argument, not None where something else is possible, and containers that
            hold something.

    Raises:
        Inconclusive: no value can be generated for a parameter; the message names the remedy.
    """
    strategies = argument_strategies(case, method, full=full)

    @st.composite
    def build(draw: st.DrawFn) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        by_position = draw(st.integers(0, len(method.parameters)))
        for index, parameter in enumerate(method.parameters):
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                if len(args) == index:
                    args += draw(_several(method, parameter, strategies[parameter.name]))
                continue
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                kwargs |= draw(_named(method, parameter, strategies[parameter.name]))
                continue
            only_position = parameter.kind is inspect.Parameter.POSITIONAL_ONLY
            optional = parameter.default is not inspect.Parameter.empty
            if optional and not full and draw(st.booleans()):
                if only_position:
                    break  # what follows by position would land in its place
                by_position = min(by_position, index)
                continue
            value = draw(strategies[parameter.name])
            if only_position or (
                parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
                and index < by_position
                and len(args) == index
            ):
                args.append(value)
            else:
                kwargs[parameter.name] = value
        return method.name, tuple(args), kwargs

    return build()


def _several(method: Method, parameter: inspect.Parameter, strategy: Any) -> Any:
    """Give a strategy of what ``*args`` takes."""
    if is_unpacked(method.hints.get(parameter.name)):
        return strategy
    return st.lists(strategy, max_size=2)


def _named(method: Method, parameter: inspect.Parameter, strategy: Any) -> Any:
    """Give a strategy of what ``**kwargs`` takes."""
    if is_unpacked(method.hints.get(parameter.name)):
        return strategy
    return st.dictionaries(st.sampled_from(("extra_a", "extra_b")), strategy, max_size=2)


def arguments_for(case: Case, method: Method) -> Any:
    """Give a strategy of dicts that hold every plain argument of a method, by name."""
    strategies = argument_strategies(case, method)
    plain = [
        p.name
        for p in method.parameters
        if p.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    ]
    return st.fixed_dictionaries({name: strategies[name] for name in plain})


def argument_strategies(case: Case, method: Method, *, full: bool = False) -> dict[str, Any]:
    """Give a strategy for each parameter of a method.

    The author's ``arguments`` go first (``"method.parameter"`` before ``"parameter"``), then what
    the subject declares, then the annotation; for one of its own kind, another instance.

    Raises:
        Inconclusive: there is none for a parameter; the message names the remedy.
    """
    found = {}
    for parameter in method.parameters:
        given = given_values(case, method, parameter)
        if given is not None:
            found[parameter.name] = _as_strategy(given)
        elif is_itself(method.hints.get(parameter.name), case.protocol):
            found[parameter.name] = st.builds(lambda: case.another().extension)
        else:
            found[parameter.name] = _from_annotation(method, parameter, full)
    return found


def given_values(case: Case, method: Method, parameter: inspect.Parameter) -> Any:
    """Give what the author, or else the subject's declarations, say for a parameter, or None."""
    subject = case.subject
    for source in (subject.arguments, subject.default_arguments()):
        given = source.get(f"{method.name}.{parameter.name}", source.get(parameter.name))
        if given is not None:
            return given
    return None


def _as_strategy(given: Any) -> Any:
    if isinstance(given, st.SearchStrategy):
        return given
    if isinstance(given, (str, bytes)) or not isinstance(given, Sequence):
        return st.just(given)
    return st.sampled_from(list(given))


def _from_annotation(method: Method, parameter: inspect.Parameter, full: bool) -> Any:
    remedy = (
        f'give some: Subject(extension, arguments={{"{method.name}.{parameter.name}": '
        "[value, …]}})"
    )
    annotation = method.hints.get(parameter.name, parameter.annotation)
    if isinstance(annotation, str):
        raise Inconclusive(
            f"{method.name}({parameter.name}: {annotation}): the annotation cannot be resolved at "
            f"run time; {remedy}"
        )
    try:
        strategy = strategy_for(without_none(annotation) if full else annotation)
        if full:
            strategy = strategy.filter(_holds_something)
        strategy.validate()
    except (hypothesis_errors.HypothesisException, TypeError, NameError) as error:
        raise Inconclusive(
            f"{method.name}({parameter.name}: {annotation}): no value can be generated "
            f"({error}); {remedy}"
        ) from error
    return strategy


def _holds_something(value: Any) -> bool:
    return not isinstance(value, (dict, list, set)) or bool(value)


def smallest(strategy: Any) -> Any:
    """Give the plainest value of a strategy, the same one every time."""
    return find(
        strategy,
        lambda value: True,
        settings=settings(
            database=None,
            derandomize=True,
            max_examples=20,
            phases=[Phase.generate],  # Hypothesis tries the plainest value first
            suppress_health_check=list(HealthCheck),
        ),
    )
