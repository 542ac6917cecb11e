"""All calls that one signature permits, against one callable."""

from __future__ import annotations

import re
from typing import Any, Final

from .binding import Layer
from .calls import Argument, Call, is_param_spec, only_by_position, permitted_calls
from .default_texts import default_text
from .equality import same_default
from .model import POSITIONAL_OR_KEYWORD, Parameter, Signature
from .nodes import FunctionNode, Node, PrefixNode
from .trace import Problem, Trace
from .verdict import Judgement, Rejection

_MANGLED: Final = re.compile(r"^_(?!_)\w*?[^_]__(?=\w)")  # `_Owner__x` for `__x`


class Calls:
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
        reason = problem.reason
        for name in ("self", "cls"):
            token = bound.filled.get(name)
            if isinstance(token, Argument) and problem.layer.names[:1] == (name,):
                reason += f": the first argument, for {token.name!r}, arrives in {name!r}"
        self._reject(clause, culprit, call, reason)

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
                and name not in ("self", "cls")
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
            if named and (swallower := _swallower(argument, trace)):
                what = f"the argument for {argument.name!r} ends in {swallower}, and "
                what += f"{argument.name!r} keeps its default"
                self._reject("SIG-03", argument.name, call, what)
            elif named and not _is_field(argument, trace, self.own):
                reason = "the implementation takes anything and does not show what it expects"
                self._unsure("SIG-03", call, reason)
            return
        layer, name, _ = place
        if argument in trace.crossed:
            what = f"the argument for {argument.name!r} arrives in {trace.crossed[argument]!r}"
            self._reject("SIG-03", argument.name, call, what + " (behind a decorator)")
        if argument.keyword is not None or name == argument.name:
            return
        by_keyword = name not in layer.names[: layer.positional_only]
        if argument.extra:
            if by_keyword:
                what = f"an argument for *{argument.parameter.name} arrives in {name!r}"
                self._reject("SIG-03", argument.parameter.name, call, what)
        elif only_by_position(argument.parameter):
            if self._swapped(argument, layer, name):
                what = f"the argument for {argument.name!r} arrives in {name!r}, and that for "
                what += f"{name!r} in {argument.name!r}"
                self._reject("SIG-03", argument.name, call, what)
        else:
            what = f"the argument for {argument.name!r} arrives in {name!r}"
            if by_keyword or layer.options is None:
                self._reject("SIG-03", argument.name, call, what)
            else:
                self._unsure("SIG-03", call, what)

    def _swapped(self, argument: Argument, layer: Layer, name: str) -> bool:
        """Return True for two positional-only parameters that changed places, names and all.

        Their names are no part of a call and may be anything else; but a method that has both, the
        other way round, takes each argument for the other.
        """
        mine = [n for n, p in self.own.items() if only_by_position(p)]
        names = [_MANGLED.sub("__", n) for n in layer.names]
        there = _MANGLED.sub("__", name)
        if there == argument.name or there not in mine:
            return False
        first = names.index(there) - mine.index(argument.name)
        return argument.name in names[max(first, 0) : first + len(mine)]

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
        if self.verdict.first(clause, self.name, culprit):
            self.verdict.rejections.append(
                Rejection(clause, self.name, call.text(self.name), reason, culprit)
            )

    def _unsure(self, clause: str, call: Call, reason: str) -> None:
        if self.verdict.first(clause, self.name, "?"):
            self.verdict.inconclusive.append(
                Rejection(clause, self.name, call.text(self.name), reason)
            )


def _swallower(argument: Argument, trace: Trace) -> str:
    """Return what took an argument past the parameter of its name, ``""`` where nothing did.

    ``def m(self, a, *args, b=0)`` collects the second positional argument and never gives it to b,
    ``def m(self, a=0, /, **kwargs)`` collects ``a=1`` and never gives it to a.
    """
    layers = [layer for layer, _, _ in trace.landed.values()]
    layers.extend(trace.collected.get(argument, ()))
    for layer in layers:
        if argument.keyword is None:
            if layer.rest and argument.name in layer.keyword_only:
                return f"*{layer.rest}"
        elif layer.options and argument.name in layer.names[: layer.positional_only]:
            return f"**{layer.options}"
    return ""


def _is_field(argument: Argument, trace: Trace, own: dict[str, Parameter]) -> bool:
    """Return True for a key of ``Unpack[TypedDict]`` that arrives in ``**kwargs``, as it should."""
    return argument.name not in own and argument in trace.collected
