"""Performing a witness: it must work on one version's implementer and fail on the other's."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from luminescent_cluster.contracts.shapes import Attribute, Default, Method
from luminescent_cluster.extensions._calls.calls import Argument, only_by_position, sample

from .acceptance import protocol_fits
from .attributes import attribute_term
from .defaults import equal_defaults
from .edition import Edition
from .flows import mode_of, result_mode, result_term
from .protocol_witnesses import instance_check, perform, type_arguments_text
from .rejections import Rejection, Use
from .samples import Sample, sample_of, sample_text
from .signatures import hint_of, signatures_of
from .standins import HintError, StandIns
from .subtyping import Relation
from .terms import Scope, own_definition, scope_of, told_apart

__all__ = ["confirm", "use_text"]


def confirm(
    rejection: Rejection, provider: Edition, demander: Edition, *, provider_is_newer: bool
) -> tuple[str, str] | None:
    """Perform a rejection's witness on stand-ins of both sides.

    Args:
        rejection: what one direction of the comparison found.
        provider: the version whose implementer rejects the use.
        demander: the version which permits it.
        provider_is_newer: which of them is the newer.

    Returns:
        The use as source and what the provider's stand-in said; None when the use fails where it
        should work, or works where it should fail: the finding does not hold.
    """
    if rejection.aspect == "isinstance":
        return instance_check(provider.name)
    if rejection.use.kind in ("fill", "take"):
        old, new = (demander, provider) if provider_is_newer else (provider, demander)
        failure = perform(rejection.use, new, 1)
        if failure is None or perform(rejection.use, old, 0) is not None:
            return None
        return type_arguments_text(rejection.use, old.name), f"TypeError: {failure.reason}"
    sides = (1, 0) if provider_is_newer else (0, 1)
    provider, demander = (_only(e, rejection.member) for e in (provider, demander))
    lacking = frozenset({rejection.member} if rejection.aspect == "missing" else ())
    good = StandIns(demander, sides[1])
    bad = StandIns(provider, sides[0], lacking)
    caller = _Caller(demander, sides[1])
    if caller.perform(rejection.use, good) is not None:
        return None
    outcome = caller.perform(rejection.use, bad)
    if outcome is None:
        return None
    return caller.text(rejection.use), outcome


def _only(edition: Edition, member: str) -> Edition:
    """Return the edition with one member: what a witness needs of a stand-in."""
    members = tuple(m for m in edition.shape.members if m.name == member)
    whole = {edition.name: own_definition(edition), **edition.definitions}
    return replace(edition, shape=replace(edition.shape, members=members), definitions=whole)


def use_text(use: Use, demander: Edition) -> str:
    """Return a use as source, as callers of ``demander`` write it."""
    return _Caller(demander, 1).text(use)


class _Caller:
    """A caller who believes to have an object of one version."""

    def __init__(self, edition: Edition, side: int) -> None:
        self.edition = edition
        self.scope: Scope = scope_of(edition, side)

    def perform(self, use: Use, standin: StandIns) -> str | None:
        """Do what the use says; return what went wrong, or None."""
        try:
            self._perform(use, standin)
        except (TypeError, AttributeError) as error:
            kind = "TypeError" if isinstance(error, HintError) else type(error).__name__
            return f"{kind}: {_plain(str(error))}"
        return None

    def _perform(self, use: Use, standin: StandIns) -> None:
        target = type(standin.instance) if use.on_class else standin.instance
        member = self.edition.shape.member(use.member)
        if use.kind == "write":
            setattr(target, use.member, sample_of(use.value) if use.value else None)
        elif use.kind == "read on the class":
            if isinstance(getattr(type(standin.instance), use.member), property):
                raise AttributeError(f"{use.member} is a property, which the class has no value of")
        elif use.kind == "read":
            value = getattr(target, use.member)
            if isinstance(member, Attribute):
                expected = attribute_term(member, self.scope)
                self._expect(standin.term_of_member(use.member, value), expected, standin)
        elif isinstance(member, Method):
            self._call(use, member, target, standin)

    def _call(self, use: Use, method: Method, target: Any, standin: StandIns) -> None:
        terms = dict(use.arguments)
        values: dict[Argument, Sample] = {}
        for at, argument in enumerate(use.call.arguments):
            values[argument] = sample_of(terms.get(at) or hint_of(argument.parameter, self.scope))
        positional = [values[a] for a in use.call.positional]
        named = {a.keyword or "": values[a] for a in use.call.keywords}
        function = getattr(target, use.member)
        standin.given = {}
        result = function(*positional, **named)
        signature = signatures_of(method)[use.signature]
        mode = result_mode(method, signature, self.scope)
        _use_result(result, mode)
        if not isinstance(function, Sample):
            if _awaited(result):
                _finish(result)
            self._landed(use, values, standin)
            self._defaulted(use, method, standin)
        expected = result_term(method, signature, self.scope)
        if len(signatures_of(method)) > 1 and use.arguments:
            expected = self._expected(use, method)
        answer = standin.answer if not isinstance(function, Sample) else result.term
        self._expect(answer, expected, standin)

    def _expected(self, use: Use, method: Method) -> Any:
        own = StandIns(self.edition, self.scope.side)
        terms = dict(use.arguments)
        samples = [
            sample_of(terms.get(at) or hint_of(a.parameter, self.scope))
            for at, a in enumerate(use.call.arguments)
        ]
        count = len(use.call.positional)
        named = {
            a.keyword or "": v for a, v in zip(use.call.keywords, samples[count:], strict=True)
        }
        result = getattr(own.instance, method.name)(*samples[:count], **named)
        if _awaited(result):
            _finish(result)
        return own.answer

    def _expect(self, term: Any, expected: Any, standin: StandIns) -> None:
        relation = Relation(standin.scope.side, protocol_fits)
        if term is not None and not relation.fits(term, expected):
            texts = told_apart(term, standin.scope.side, expected, self.scope.side)
            raise HintError(f"the result is {texts[0]}, not {texts[1]}")

    def _landed(self, use: Use, values: dict[Argument, Sample], standin: StandIns) -> None:
        from .calls import is_astray

        signature = signatures_of(self.edition.shape.member(use.member))[use.signature]  # type: ignore[arg-type]
        named = {p.name for p, _ in standin.given.values() if not p.variadic}
        for argument, value in values.items():
            for parameter, got in standin.given.values():
                inside = got if isinstance(got, tuple) else ()
                inside = tuple(got.values()) if isinstance(got, dict) else inside
                here = got is value or any(item is value for item in inside)
                if here and is_astray(argument, parameter, named, signature):
                    raise TypeError(
                        f"the argument for {argument.name!r} arrives in {parameter.name!r}"
                    )

    def _defaulted(self, use: Use, method: Method, standin: StandIns) -> None:
        signature = signatures_of(method)[use.signature]
        many = len(signatures_of(method)) > 1
        places = [p.name for p, _ in standin.given.values() if p.positional]
        for at, parameter in enumerate(signature.parameters):
            wanted = parameter.default
            found = standin.given.get(parameter.name)
            if found is None and parameter.positional and at < len(places):
                reached = standin.given[places[at]]
                if only_by_position(parameter) or only_by_position(reached[0]):
                    found = reached
            if wanted is None or found is None or not isinstance(found[1], Default):
                continue
            if many and found[1].text == "...":
                continue
            if not equal_defaults(wanted, found[1]):
                raise TypeError(
                    f"omitting {parameter.name!r} gave {found[1].text}, not {wanted.text}"
                )

    def text(self, use: Use) -> str:
        """Return the use as source."""
        if use.kind == "read":
            return f".{use.member}"
        if use.kind == "write":
            return f".{use.member} = {sample_text(use.value) if use.value else '...'}"
        if use.kind == "read on the class":
            return f"type(extension).{use.member}"
        terms = dict(use.arguments)
        parts = []
        for at, argument in enumerate(use.call.arguments):
            value = sample_text(terms[at]) if at in terms else sample(argument.parameter)
            parts.append(f"{argument.keyword}={value}" if argument.keyword else value)
        member = self.edition.shape.member(use.member)
        call = f"{use.member}({', '.join(parts)})"
        if isinstance(member, Method):
            signature = signatures_of(member)[use.signature]
            if result_mode(member, signature, self.scope) == "await":
                call = f"await {call}"
        return f"type(extension).{call}" if use.on_class else call


def _plain(message: str) -> str:
    return message.replace("StandIns._function.<locals>.", "").replace("standin()", "it")


def _awaited(result: object) -> bool:
    return isinstance(result, Coroutine)


def _use_result(result: Any, mode: str) -> None:
    """Do with a result what callers of this kind do."""
    if mode == "await":
        if not hasattr(type(result), "__await__"):
            raise TypeError("the result cannot be awaited")
    elif mode == "async for":
        if _awaited(result):
            result.close()
        if not hasattr(type(result), "__aiter__"):
            raise TypeError("the result cannot be iterated with async for")
    elif _awaited(result) or (isinstance(result, Sample) and mode_of(result.term) != "plain"):
        if _awaited(result):
            result.close()
        raise TypeError("the result must be awaited or iterated with async for")


def _finish(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine of a stand-in to its end; it waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
