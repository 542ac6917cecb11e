"""Comparing the annotations of an implementation with those of the protocol (SIG-05)."""

from __future__ import annotations

import contextlib
import functools
import inspect
import types
import typing
from typing import Any

from luminescent_cluster.extensions._calls.asynchrony import flow_of, speaking
from luminescent_cluster.extensions._calls.functions import (
    context_manager_hint,
    copied_annotations,
    fill,
    live_hint,
)
from luminescent_cluster.extensions._calls.judge import callable_method
from luminescent_cluster.extensions._calls.live import type_arguments
from luminescent_cluster.extensions._calls.lookup import Found
from luminescent_cluster.extensions._calls.model import (
    UNKNOWN,
    Annotation,
    Attribute,
    Method,
    Parameter,
)
from luminescent_cluster.extensions._calls.nodes import Node
from luminescent_cluster.extensions._calls.peek import instance_dict, raw_attribute, really
from luminescent_cluster.extensions._calls.reflection import own_annotations
from luminescent_cluster.extensions._calls.verdict import Judgement, Rejection

from .hint_forms import (
    argument_of,
    awaited,
    chosen_by_caller,
    concrete,
    free,
    method_fits,
    optionable,
    text_of,
    widest,
    with_fields,
    with_self,
)
from .settable import read_only
from .subtype import Answer, anything, assignable
from .unions import is_union, union_of
from .variadics import compare_variadics

Findings = tuple[list[Rejection], list[Rejection]]


class Comparer:
    """Compares the hints of one implementation; ``rejections`` are certain, ``remarks`` are not.

    ``free`` are the type variables of the protocol: the implementation chooses what they are.
    """

    def __init__(self, subject: Any, verdict: Judgement, free: frozenset[str]):
        self.owner = subject if really(subject, type) else type(subject)
        self.subject = subject
        self.verdict = verdict
        bases = self.owner.__mro__
        own = (p.__name__ for base in bases for p in getattr(base, "__parameters__", ()))
        self.free = free.union(own)
        self.rejections: list[Rejection] = []
        self.remarks: list[Rejection] = []
        self.solved: dict[Any, Any] = {}
        alias = instance_dict(subject).get("__orig_class__")  # Store[int]() remembers its int
        arguments = typing.get_args(alias)
        self.chosen = dict(zip(getattr(self.owner, "__parameters__", ()), arguments))  # noqa: B905 - a TypeVarTuple takes several

    # --- methods ---------------------------------------------------------------------------

    def method(self, method: Method) -> None:
        """Compare one method's parameters (contravariant) and result (covariant)."""
        node = self.verdict.nodes.get(method.name)
        if node is None or method.opaque:
            return
        self.solved = {}
        places = self.verdict.places.get(method.name, {})
        for parameter in with_fields(method.signature):
            place = places.get(parameter.name)
            if place is not None and not method.overloads:
                self._parameter(method, parameter, place)
        if not method.overloads:
            compare_variadics(self, method, node)
            self._returns(method, node)

    def _parameter(self, method: Method, parameter: Parameter, place: Any) -> None:
        layer, name, function = place
        if not really(function, types.FunctionType):
            return
        raw = own_annotations(function).get(name, UNKNOWN)
        if raw is UNKNOWN:
            self._missing(method, f"parameter {parameter.name!r}")
            return
        given = self._live(raw, function)
        if layer.defaults.get(name, UNKNOWN) is None and given is not UNKNOWN:
            # `x: dict = None` plainly takes None, whatever strict checkers say of the spelling.
            given = union_of((given, None)) if optionable(given) else UNKNOWN
        if parameter.annotation is None:
            return
        wanted = self.wanted(parameter.annotation, argument=True)
        if type(given).__name__ == "TypeVar" and not given.__constraints__:
            known = self.solved.get(given, wanted)
            both = optionable(known) and optionable(wanted)
            self.solved[given] = union_of((known, wanted)) if both else known
        if assignable(wanted, widest(given)) is False:
            self.reject(
                method.name,
                f"the protocol passes {parameter.annotation.text} for {parameter.name!r}, "
                f"this takes {text_of(given)}",
                parameter.name,
            )

    def _returns(self, method: Method, node: Node) -> None:
        speaker = speaking(node)
        function = speaker.function if speaker is not None else None
        if not really(function, types.FunctionType):
            return
        raw = own_annotations(function).get("return", UNKNOWN)
        if raw is UNKNOWN:
            self._missing(method, "the result")
            return
        if method.signature.returns is None:
            return
        given = self._live(raw, function)
        if function.__code__.co_filename == contextlib.__file__:
            given = context_manager_hint(function, given)
        elif copied_annotations(function):
            return  # functools.wraps copied the annotations of a function which it may not call
        if chosen_by_caller(self.wanted(method.signature.returns), method.signature):
            answer: Answer = not concrete(given)
        else:
            if self.solved and given is not UNKNOWN:
                given = fill(given, self.solved)
            answer = self._compare_results(method, given, flow_of(node))
        if answer is False:
            self.reject(
                method.name,
                f"the protocol promises {method.signature.returns.text}, "
                f"this returns {text_of(given)}",
                "return",
            )

    def _compare_results(self, method: Method, given: Any, flow: str) -> Answer:
        annotation = method.signature.returns
        if annotation is None or given is UNKNOWN:
            return None
        wanted = self.wanted(annotation)
        if method.flow == "coroutine":
            if flow != "coroutine":
                given = awaited(given)
            return assignable(given, wanted)
        if flow == "coroutine":
            return assignable(typing.Coroutine[Any, Any, given], wanted)
        return assignable(given, wanted)

    # --- attributes --------------------------------------------------------------------------

    def attribute(self, attribute: Attribute) -> None:
        """Compare one data member: its declared type, its value, and whether it can be set."""
        found = self.verdict.attributes.get(attribute.name)
        if found is None or found.node is None or found.unsure:
            return
        raw = raw_attribute(self.owner, attribute.name)
        if attribute.settable and read_only(raw, self.owner, attribute.name):
            self.reject(attribute.name, "the protocol lets it be set, here it is read-only", "")
        if attribute.annotation is None:
            return
        called = callable_method(attribute)
        if called is not None and attribute.name in self.verdict.nodes:
            self.method(called)
            return
        wanted = self.wanted(attribute.annotation)
        given = self._declared(attribute.name, raw)
        answer = assignable(given, wanted) if given is not UNKNOWN else None
        if given is UNKNOWN:
            answer = self._value_fits(found, attribute.name, raw, wanted)
        if answer is False:
            kind = "method" if found.value is UNKNOWN else type(found.value).__name__
            what = text_of(given) if given is not UNKNOWN else f"a {kind}"
            self.reject(
                attribute.name,
                f"the protocol promises {attribute.annotation.text}, this is {what}",
                "",
            )

    def _declared(self, name: str, raw: Any) -> Any:
        if isinstance(raw, (property, functools.cached_property)):
            getter = raw.fget if isinstance(raw, property) else raw.func
            hint = own_annotations(getter).get("return", UNKNOWN)
            return self._live(hint, getter) if hint is not UNKNOWN else UNKNOWN
        for base in self.owner.__mro__:
            hints = own_annotations(base)
            if name in hints:
                return self.prepare(live_hint(hints[name], base, base), base)
        return UNKNOWN

    def _value_fits(self, found: Found, name: str, raw: Any, wanted: Any) -> Answer:
        if found.value is UNKNOWN or wanted is UNKNOWN:
            is_method = inspect.isroutine(raw) or really(raw, classmethod)
            return method_fits(wanted) if is_method and wanted is not UNKNOWN else None
        value_type = type(found.value)
        if value_type is types.FunctionType:
            return None
        if really(found.value, type):
            if typing.get_origin(wanted) is type:
                return assignable(type[found.value], wanted)
            return anything(assignable(t, wanted) for t in (value_type, type[found.value]))
        if typing.get_origin(wanted) is None or is_union(wanted):
            return assignable(value_type, wanted)
        return assignable(value_type, typing.get_origin(wanted))

    # --- helpers -------------------------------------------------------------------------------

    def wanted(self, annotation: Annotation, *, argument: bool = False) -> Any:
        """Give the protocol's hint; of an argument, what a caller may pass."""
        hint = self.prepare(annotation.hint)
        return argument_of(hint) if argument else hint

    def _live(self, raw: Any, function: Any) -> Any:
        home = self._home(function)
        return self.prepare(live_hint(raw, function, home), home)

    def _home(self, function: Any) -> type:
        """Return the class in whose body a function was written, for names in its hints."""
        name = getattr(function, "__qualname__", "").rpartition(".")[0]
        return next((k for k in self.owner.__mro__ if k.__qualname__ == name), self.owner)

    def prepare(self, hint: Any, home: type | None = None) -> Any:
        """Give a hint of the implementation with what is known put in for its variables."""
        if hint is UNKNOWN:
            return hint
        hint = with_self(hint, self.owner)
        if home is not None:
            for chosen in (type_arguments(self.owner, home), self.chosen):
                hint = fill(hint, chosen) if chosen and hint is not UNKNOWN else hint
            if hint is UNKNOWN:
                return hint
        return free(hint, self.free)

    def reject(self, member: str, reason: str, culprit: str) -> None:
        """Note why a member does not fit; ``culprit`` is a parameter, ``"return"`` or empty."""
        witness = member if culprit in ("", "return") else f"{member}({culprit}=...)"
        self.rejections.append(Rejection("SIG-05", member, witness, reason, culprit))

    def _missing(self, method: Method, what: str) -> None:
        self.remarks.append(Rejection("SIG-05", method.name, "", f"{what} has no annotation"))
