"""Deciding whether an object takes every call that a protocol permits."""

from __future__ import annotations

import collections.abc as abc
import functools
import typing
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from .asynchrony import flow_problem
from .binding import Layer
from .calls import Argument, Call, is_param_spec, only_by_position, permitted_calls
from .equality import same_default
from .hints import render
from .live import shape_of
from .lookup import find_attribute, find_method, is_operator
from .model import (
    POSITIONAL_ONLY,
    POSITIONAL_OR_KEYWORD,
    UNKNOWN,
    Annotation,
    Attribute,
    Method,
    Parameter,
    Shape,
    Signature,
)
from .nodes import FunctionNode, Node, PrefixNode, Problem, Trace
from .peek import is_mock, raw_attribute, really


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an implementation does not satisfy a protocol.

    Attributes:
        clause_id: the clause that is violated, for instance ``SIG-02``.
        member: the protocol's member.
        witness: the shortest call that shows it, as source; ``""`` where no call is needed.
        reason: what happens instead, in words.
        parameter: the parameter that is to blame, ``""`` where none is.
    """

    clause_id: str
    member: str
    witness: str
    reason: str
    parameter: str = ""

    @property
    def level(self) -> str:
        """``MUST``, or ``SHOULD`` for annotations."""
        return "SHOULD" if self.clause_id == "SIG-05" else "MUST"

    def __str__(self) -> str:
        return f"{self.clause_id} {self.witness or self.member}: {self.reason}"


@dataclass(slots=True)
class Judgement:
    """All that was found about one implementation.

    ``inconclusive`` names what could not be decided, with the clause concerned.  ``places`` says
    for each method where the protocol's parameters landed, for the comparison of annotations.
    """

    rejections: list[Rejection] = field(default_factory=list)
    inconclusive: list[Rejection] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    places: dict[str, dict[str, tuple[Layer, str, Any]]] = field(default_factory=dict)


_shapes: WeakKeyDictionary[type, Shape] = WeakKeyDictionary()


def cached_shape(protocol: type) -> Shape:
    """Return the shape of a protocol without looking at method bodies, remembered per class."""
    try:
        return _shapes[protocol]
    except KeyError:
        return _shapes.setdefault(protocol, shape_of(protocol, read_bodies=False))


def check_calls(extension: object, protocol: type) -> tuple[Rejection, ...]:
    """Return why an extension does not take the calls that a protocol permits; no call is made.

    Args:
        extension: an instance (or a class, for its instances).
        protocol: a ``typing.Protocol`` class.

    Returns:
        Rejections of SIG-01 to SIG-04 and DEF-01 to DEF-03, empty when every call is taken.
        Annotations are not compared.
    """
    return tuple(judge(extension, cached_shape(protocol), protocol).rejections)


def judge(extension: Any, shape: Shape, protocol: type | None = None) -> Judgement:
    """Judge an extension against a shape; ``protocol`` is the live class where there is one."""
    verdict = Judgement()
    for method in shape.methods:
        _judge_method(extension, method, protocol, verdict)
    for attribute in shape.attributes:
        found = find_attribute(extension, attribute.name)
        if found.node is None and attribute.optional_since is None:
            verdict.rejections.append(
                Rejection("SIG-01", attribute.name, f".{attribute.name}", found.reason)
            )
        elif found.unsure:
            verdict.inconclusive.append(Rejection("SIG-01", attribute.name, "", found.unsure))
        elif (called := callable_method(attribute)) is not None:
            _judge_callable(extension, called, verdict)
    return verdict


def callable_method(attribute: Attribute) -> Method | None:
    """Return the method that an attribute hinted ``Callable[[A, B], R]`` amounts to, else None."""
    hint = attribute.annotation.hint if attribute.annotation else UNKNOWN
    if typing.get_origin(hint) is not abc.Callable:
        return None
    arguments = typing.get_args(hint)
    if not arguments or not isinstance(arguments[0], list):
        return None
    parameters = tuple(
        Parameter(f"argument {at}", POSITIONAL_ONLY, None, Annotation(_shown(part), part))
        for at, part in enumerate(arguments[0], 1)
    )
    if any("Unpack" in p.annotation.text for p in parameters if p.annotation):
        return None
    returns = Annotation(_shown(arguments[1]), arguments[1])
    return Method(attribute.name, Signature(parameters, returns))


def _shown(hint: object) -> str:
    return render(hint, lambda name: None)


def _judge_callable(extension: Any, method: Method, verdict: Judgement) -> None:
    klass = extension if really(extension, type) else type(extension)
    if isinstance(raw_attribute(klass, method.name), (property, functools.cached_property)):
        return  # looking would run it
    found = find_method(extension, method.name, None)
    if found.node is not None and not found.unsure:
        verdict.nodes[method.name] = found.node
        _Calls(method.name, method.signature, found.node, verdict).judge()
    elif found.node is None:
        verdict.rejections.append(Rejection("SIG-01", method.name, "", found.reason))


def _judge_method(
    extension: Any, method: Method, protocol: type | None, verdict: Judgement
) -> None:
    found = find_method(extension, method.name, protocol)
    if found.node is None:
        if method.optional_since is None or "has no" not in found.reason:
            call = (
                "" if method.opaque else permitted_calls(method.signatures[0])[0].text(method.name)
            )
            verdict.rejections.append(Rejection("SIG-01", method.name, call, found.reason))
        return
    verdict.nodes[method.name] = found.node
    if found.unsure:
        verdict.inconclusive.append(Rejection("SIG-01", method.name, "", found.unsure))
        return
    if method.opaque:
        reason = "the protocol does not tell which calls it permits"
        verdict.inconclusive.append(Rejection("SIG-02", method.name, "", reason))
    else:
        for signature in method.signatures:
            if is_operator(method.name):
                signature = by_position(signature)
            _Calls(method.name, signature, found.node, verdict).judge()
    problem, sure = flow_problem(method, found.node)
    if problem and not (is_mock(found.value) or is_mock(extension)):
        call = "" if method.opaque else permitted_calls(method.signatures[0])[0].text(method.name)
        into = verdict.rejections if sure else verdict.inconclusive
        into.append(Rejection("SIG-04", method.name, call, problem))


@functools.lru_cache(maxsize=512)
def by_position(signature: Signature) -> Signature:
    """Return the signature as operators use it: the interpreter passes no keywords."""
    return replace(
        signature,
        parameters=tuple(
            replace(p, kind=POSITIONAL_ONLY) if p.kind == POSITIONAL_OR_KEYWORD else p
            for p in signature.parameters
        ),
    )


class _Calls:
    """All permitted calls of one signature against one callable."""

    def __init__(self, name: str, signature: Signature, node: Node, verdict: Judgement):
        self.name = name
        self.signature = signature
        self.node = node
        self.verdict = verdict
        self.own = {p.name: p for p in signature.parameters}
        self.names = set(self.own).union(
            f.name for p in signature.parameters for f in p.fields or ()
        )
        self.seen: set[tuple[str, str]] = set()
        self.places = verdict.places.setdefault(name, {})
        self.presets: dict[str, Any] = {}
        self.renamed: set[str] = set()
        self.open = any(is_param_spec(p) for p in signature.parameters)

    def judge(self) -> None:
        """Add to the verdict what the calls show."""
        if not self._identical():
            traced = [(call, self._trace(call)) for call in permitted_calls(self.signature)]
            for call, trace in traced:
                self._note_places(call, trace)
            for call, trace in traced:
                if trace.problems:
                    self._refused(call, trace.problems[0])
                else:
                    self._taken(call, trace)
        self._defaults()

    def _identical(self) -> bool:
        """Return True when the implementation is written exactly like the protocol."""
        node = self.node
        skip = 0
        if isinstance(node, PrefixNode) and len(node.prefix) == 1:
            node, skip = node.inner, 1
        if not isinstance(node, FunctionNode) or type(node) is not FunctionNode:
            return False
        layer = node.layer
        if node.has_layers or layer.positional_only or layer.rest or layer.options:
            return False
        if any(p.kind != POSITIONAL_OR_KEYWORD for p in self.signature.parameters):
            return False
        if layer.keyword_only or layer.names[skip:] != tuple(self.own) or len(layer.names) < skip:
            return False
        required = {p.name for p in self.own.values() if p.required}
        if layer.required.difference(layer.names[:skip]) != required:
            return False
        for name in self.own:
            self.places[name] = (layer, name, node.function)
        return True

    def _trace(self, call: Call) -> Trace:
        trace = Trace()
        keywords = {a.keyword or "": a for a in call.keywords}
        self.node.run(call.positional, keywords, trace, 0)
        return trace

    def _note_places(self, call: Call, trace: Trace) -> None:
        for argument in call.arguments:
            place = trace.landed.get(argument)
            if place is None or argument.extra:
                continue
            self.presets.update(trace.presets)
            if place[1] != argument.name:
                self.renamed.add(place[1])
            if place[1] == argument.name or only_by_position(argument.parameter):
                self.places.setdefault(argument.parameter.name, place)

    # --- what a refusal means ------------------------------------------------------------------

    def _refused(self, call: Call, problem: Problem) -> None:
        bound = problem.bound
        if self.open and not (bound.unexpected or bound.twice or bound.too_many):
            return  # what is missing may be what the ParamSpec stands for
        clause, culprit = self._classify(call, problem)
        self._reject(clause, culprit, call, problem.reason)

    def _classify(self, call: Call, problem: Problem) -> tuple[str, str]:
        bound = problem.bound
        if bound.unexpected:
            name = bound.unexpected[0]
            return "SIG-02", name if name in self.names else "**"
        if bound.twice:
            return "SIG-02", bound.twice[0]
        if bound.too_many:
            return "SIG-02", "*" if any(a.extra for a in call.positional) else ""
        if not bound.missing:
            return "SIG-02", ""
        given = {a.name for a in call.arguments}
        for name in bound.missing:
            if name in self.names and name not in given:
                return "DEF-01", name
        for name in bound.missing:
            if name not in self.names and name not in self.renamed:
                return "DEF-03", name
        # An extra required parameter in front pushes the others out of their places.
        for name, token in bound.filled.items():
            if (
                isinstance(token, Argument)
                and name not in self.names
                and name in problem.layer.required
            ):
                return "DEF-03", name
        return "SIG-02", bound.missing[0]

    def _taken(self, call: Call, trace: Trace) -> None:
        if trace.doubts:
            reason = f"a decorator decides what arrives: {trace.doubts[0].reason}"
            self._unsure("SIG-02", call, reason)
        for argument in call.arguments:
            self._landing(call, argument, trace)

    def _landing(self, call: Call, argument: Argument, trace: Trace) -> None:
        place = trace.landed.get(argument)
        if place is None:
            named = not (argument.extra or only_by_position(argument.parameter))
            if named and not _is_field(argument, trace, self.own):
                reason = "the implementation takes anything and does not show what it expects"
                self._unsure("SIG-03", call, reason)
            return
        layer, name, _ = place
        if argument.keyword is not None or name == argument.name:
            return
        by_keyword = name not in layer.names[: layer.positional_only]
        if argument.extra:
            if by_keyword:
                what = f"an argument for *{argument.parameter.name} arrives in {name!r}"
                self._reject("SIG-03", argument.parameter.name, call, what)
        elif not only_by_position(argument.parameter):
            what = f"the argument for {argument.name!r} arrives in {name!r}"
            if by_keyword or layer.options is None:
                self._reject("SIG-03", argument.name, call, what)
            else:
                self._unsure("SIG-03", call, what)

    # --- defaults ------------------------------------------------------------------------------

    def _defaults(self) -> None:
        for parameter in self.own.values():
            place = self.places.get(parameter.name)
            if parameter.default is None or place is None:
                continue
            layer, name, _ = place
            if parameter.name in self.presets:
                given = self.presets[parameter.name]
            elif name in layer.defaults:
                given = layer.defaults[name]
            else:
                continue
            self._compare(parameter, given)

    def _compare(self, parameter: Parameter, given: Any) -> None:
        from .hints import default_text

        wanted = parameter.default
        if wanted is None:
            return
        same = same_default(wanted, given)
        if same is True:
            return
        text = getattr(given, "text", None) or default_text(given, {})[0]
        reason = f"omitting {parameter.name!r} means {text}, the protocol says {wanted.text}"
        call = next(
            c
            for c in permitted_calls(self.signature)
            if all(a.name != parameter.name for a in c.arguments)
        )
        if same is False:
            self._reject("DEF-02", parameter.name, call, reason)
        else:
            self._unsure("DEF-02", call, f"{reason}; they cannot be compared")

    def _reject(self, clause: str, culprit: str, call: Call, reason: str) -> None:
        if (clause, culprit) not in self.seen:
            self.seen.add((clause, culprit))
            self.verdict.rejections.append(
                Rejection(clause, self.name, call.text(self.name), reason, culprit)
            )

    def _unsure(self, clause: str, call: Call, reason: str) -> None:
        if (clause, "?") not in self.seen:
            self.seen.add((clause, "?"))
            self.verdict.inconclusive.append(
                Rejection(clause, self.name, call.text(self.name), reason)
            )


def _is_field(argument: Argument, trace: Trace, own: dict[str, Parameter]) -> bool:
    """Return True for a key of ``Unpack[TypedDict]`` that arrives in ``**kwargs``, as it should."""
    return argument.name not in own and argument in trace.collected
