"""DEF: what is optional stays optional, and means the same."""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any

from luminescent_cluster.extensions import with_defaults
from luminescent_cluster.extensions.optional import optional_members

from ...clauses import Catalogue, Excused, Inconclusive, Violation
from ...engine.apart import Apart
from ...engine.calls import arguments_for, generated_call
from ...engine.case import Case, Refused
from ...engine.compare import same
from ...engine.meeting import meeting_calls
from ...engine.methods import Method, methods_of
from ...engine.show import show_call, show_error
from ._histories import Call, after_others, agree, alike, observed, tell
from ._passing import try_each
from .signatures import judge

clauses = Catalogue()

_SURE = 6


def _optional_parameters(method: Method) -> list[inspect.Parameter]:
    """Give the parameters whose default the protocol tells; `...` leaves it to implementations."""
    empty = inspect.Parameter.empty
    return [p for p in method.parameters if p.default is not empty and p.default is not ...]


def _has_optional_parameters(protocol: type) -> bool:
    return any(
        parameter.default is not inspect.Parameter.empty
        for method in methods_of(protocol)
        for parameter in method.parameters
    )


def _tells_defaults(protocol: type) -> bool:
    return any(_optional_parameters(method) for method in methods_of(protocol))


def _optional_methods(protocol: type) -> list[Method]:
    served = optional_members(protocol)
    return [method for method in methods_of(protocol) if method.name in served]


def _has_optional_methods(protocol: type) -> bool:
    return bool(_optional_methods(protocol))


@clauses.must(
    "DEF-01",
    reason="core omits what the protocol calls optional; an extension that insists on it fails in "
    "the middle of a request",
    fix="give the parameter the protocol's default",
    applies=_has_optional_parameters,
)
def optional_stays_optional(case: Case) -> None:
    """A parameter that is optional in the protocol is optional in the implementation."""
    judge(case)


@clauses.must(
    "DEF-02",
    reason="an omitted argument must mean the same whichever extension is registered",
    fix="use the protocol's default value",
    applies=_has_optional_parameters,
)
def default_is_equal(case: Case) -> None:
    """An optional parameter has the protocol's default value."""
    judge(case)


@clauses.must(
    "DEF-03",
    reason="core knows only the protocol's parameters and cannot pass any other",
    fix="give the extra parameter a default, or take it in the constructor",
)
def extra_is_optional(case: Case) -> None:
    """A parameter that the protocol does not have is optional."""
    judge(case)


@clauses.must(
    "DEF-04",
    reason="a default that is replaced inside the method (a sentinel, a mutable default that "
    "remembers) makes the same call mean two things",
    fix="let the omitted argument take the same path as its default passed on purpose",
    applies=_tells_defaults,
)
def omitting_is_passing_the_default(case: Case) -> None:
    """Omitting an optional argument behaves as passing its default.

    Judged on what the call answers and on what the protocol's other methods answer afterwards.
    Where two equal histories already differ (ids, clocks), nothing is concluded from a difference.
    """
    judged = False
    apart = Apart()
    meeting = meeting_calls(case, variants=1)
    for method in methods_of(case.protocol):
        optional = _optional_parameters(method)
        if not optional or not hasattr(case.subject.extension, method.name):
            continue
        judged = True

        def check(
            given: dict[str, Any],
            method: Method = method,
            names: tuple[str, ...] = tuple(p.name for p in optional),
            defaults: dict[str, Any] = {p.name: p.default for p in optional},  # noqa: B006 - bound per method
            before: Call | None = None,
        ) -> None:
            plain = {name: value for name, value in given.items() if name not in names}
            observe = partial(observed, case, method, plain=plain, before=before)
            omitted = observe(plain)
            passed = observe(plain | defaults)
            if same(omitted, passed) or case.tally.varying[method.name] >= 3:
                return
            steady = alike(omitted, observe(plain))
            if agree(omitted, passed, steady):
                case.note(f"{method.name} answers differently to equal histories; not compared")
                case.tally.varying[method.name] += 1
                return
            for pause in (0.05, 0.5):  # what settles in the background gets time to do so
                omitted = observe(plain, pause=pause)
                passed = observe(plain | defaults, pause=pause)
                if agree(omitted, passed, steady):
                    case.tally.varying[method.name] += 1
                    return
            for _ in range(_SURE):  # what is drawn at random may be alike a few times
                steady &= alike(omitted, observe(plain))
                steady &= alike(passed, observe(plain | defaults))
                if agree(omitted, passed, steady):
                    case.note(f"{method.name} answers at random; not compared")
                    case.tally.varying[method.name] += 1
                    return
            raise Violation(
                *([f"after {show_call(*before)}"] if before else []),
                f"{show_call(method.name, (), plain)} -> {tell(omitted)}",
                f"{show_call(method.name, (), plain | defaults)} -> {tell(passed)}",
                "passing the default on purpose answers differently from omitting it",
            )

        with apart.about(method.name):
            case.for_all(check, given=arguments_for(case, method))
            # What reads has more to tell once others have stored something.
            after = after_others(method, meeting)
            try_each(case, after, lambda pair, check=check: check(pair[1], before=pair[0]))
    if not judged:
        raise Excused("the extension leaves out the methods with optional parameters")
    apart.conclude()


@clauses.must(
    "DEF-05",
    reason="core calls optional methods through with_defaults; the default has to get along with "
    "what this extension has",
    fix="implement the method, or keep what its default calls working",
    applies=_has_optional_methods,
)
def default_serves(case: Case) -> None:
    """An optional method that the extension lacks is served by the protocol's default, and works.

    A default that always raises, or that misses something on the extension, does not work.
    """
    lacking = [
        method
        for method in _optional_methods(case.protocol)
        if not hasattr(case.subject.extension, method.name)
    ]
    # Building the proxy also refuses unrelated members that bear an optional method's name.
    try:
        with_defaults(case.subject.extension, case.protocol)
    except TypeError as error:
        raise Violation(*str(error).splitlines()) from error
    case.looked()
    for method in lacking:
        refusals: list[Refused] = []
        answers: list[Any] = []

        def check(
            call: tuple[str, tuple[Any, ...], dict[str, Any]],
            answers: list[Any] = answers,
            refusals: list[Refused] = refusals,
        ) -> None:
            name, args, kwargs = call
            subject = case.subject
            served = with_defaults(subject.extension, case.protocol)
            text = show_call(name, args, kwargs)
            try:
                result = case.perform(
                    text,
                    lambda: getattr(served, name)(*args, **kwargs),
                    subject.deadline,
                    awaits=case.is_async(name),
                )
            except Refused as refusal:
                refusals.append(refusal)
                if isinstance(refusal.error, (AttributeError, NotImplementedError, NameError)):
                    raise Violation(
                        f"the default of {text} raised {show_error(refusal.error)}"
                    ) from refusal.error
                raise
            answers.append(result)

        try:
            case.for_all(check, call=generated_call(case, method))
        except Inconclusive:
            if refusals and not answers:
                raise Violation(
                    f"the default of {refusals[-1].call} raised "
                    f"{show_error(refusals[-1].error)}, as it did for every other example"
                ) from None
            raise
