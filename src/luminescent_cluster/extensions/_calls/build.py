"""From a live callable to its graph of layers."""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Sequence
from typing import Any

from .binding import GENERIC, Layer, layer_of_function, layer_of_signature
from .builtin_layers import builtin_layer
from .forwarding import wrapt_forwards
from .model import UNKNOWN
from .nodes import FunctionNode, Node, PrefixNode, signature_layer
from .peek import instance_dict, is_mock, is_wrapt, raw_attribute, really, wrapped_of
from .special_nodes import AllNode, DispatchNode, HashingNode, PartialNode, RefusingNode
from .trace import SELF

_FUNCTOOLS = functools.__file__
# Written in C, they claim to take anything.
_TAKE_ONE_OBJECT = frozenset({"itemgetter", "attrgetter", "methodcaller"})
_ONE_OBJECT = Layer(("obj",), 1, (), frozenset({"obj"}))


def build(value: Any, live: Sequence[Any] = (), depth: int = 0) -> Node:
    """Return the graph of a callable.

    Args:
        value: the callable, as attribute access gives it.
        live: its leading positional arguments where they are known objects.
        depth: how many callables led here.
    """
    if depth > 24:
        return Node()

    def deeper(inner: Any, inner_live: Sequence[Any] = ()) -> Node:
        return build(inner, inner_live, depth + 1)

    if is_mock(value):
        return _mock(value)
    if is_wrapt(value):
        return _wrapt(value, live, deeper)
    if really(value, types.MethodType):
        return PrefixNode(deeper(value.__func__, (value.__self__, *live)))
    if really(value, types.FunctionType):
        return _function(value, live, deeper)
    if really(value, functools.partial):
        front = (*value.args, *live)
        return PartialNode(deeper(value.func, front), value)
    if really(value, staticmethod):
        return deeper(value.__func__, live)
    if really(value, classmethod) or really(value, property):
        # A decorator above `@classmethod` gets the descriptor itself, not what it gives.
        return RefusingNode(type(value).__name__)
    if really(value, functools.partialmethod):
        preset = functools.partial(value.func, *value.args, **value.keywords)
        # Read from the class: the caller's `self` comes before what is preset.
        return _PartialMethod(deeper(value.func, live[:1]), preset)
    if really(value, functools.singledispatchmethod):
        return _dispatch_method(value, live, deeper)
    if really(value, type):
        return _class(value, deeper)
    return _object(value, live, deeper)


class _PartialMethod(PartialNode):
    def run(self, positional: Any, keywords: Any, trace: Any, depth: int) -> None:
        waiting = list(positional[1:])
        trace.presets.update(self.value.keywords)
        merged = {**dict.fromkeys(self.value.keywords, SELF), **keywords}
        front = [*positional[:1], *(SELF for _ in self.value.args)]
        self.inner.run([*front, *waiting], merged, trace, depth)


def _function(value: types.FunctionType, live: Sequence[Any], deeper: Any) -> Node:
    wrapped = value.__dict__.get("__wrapped__", UNKNOWN)
    if value.__code__.co_filename == _FUNCTOOLS and "registry" in value.__dict__:
        variants = [deeper(f, live) for f in value.__dict__["registry"].values()]
        return DispatchNode(variants[0], variants[1:], 0)
    layer = layer_of_function(value)
    checked = value.__dict__.get("mock")
    if checked is not None and is_mock(checked) and "__signature__" in value.__dict__:
        # create_autospec of a function checks every call against the signature.
        found = signature_layer(value)
        return FunctionNode(found, value, UNKNOWN, (), deeper) if found else Node()
    return FunctionNode(layer, value, wrapped, live, deeper)


def _dispatch_method(
    method: functools.singledispatchmethod[Any], live: Sequence[Any], deeper: Any
) -> Node:
    variants = [method.func, *method.dispatcher.registry.values()]
    nodes = [_unbound(variant, live, deeper) for variant in variants]
    return DispatchNode(nodes[0], nodes[1:], 1)


class _DropFirst(PrefixNode):
    def run(self, positional: Any, keywords: Any, trace: Any, depth: int) -> None:
        self.inner.run(positional[1:], keywords, trace, depth)


def _unbound(raw: Any, live: Sequence[Any], deeper: Any) -> Node:
    if really(raw, staticmethod):
        return _DropFirst(deeper(raw.__func__))
    if really(raw, classmethod):
        raw, live = raw.__func__, ()
    node: Node = deeper(raw, live)
    return node


def _mock(value: Any) -> Node:
    # A mock with a spec binds every call to its signature; a bare one takes anything.
    signature = type(value).__dict__.get("__signature__")
    if not isinstance(signature, inspect.Signature):
        node = Node()
        node.function = value
        return node
    return FunctionNode(layer_of_signature(signature), value, UNKNOWN, (), build)


def _wrapt(value: Any, live: Sequence[Any], deeper: Any) -> Node:
    wrapped = wrapped_of(value)
    node = FunctionNode(GENERIC, value, wrapped, live, deeper)
    user = getattr(value, "_self_wrapper", UNKNOWN)
    if user is not UNKNOWN:
        node.read_as(wrapt_forwards(user, wrapped))
    return node


def _class(value: type, deeper: Any) -> Node:
    call = raw_attribute(type(value), "__call__")
    if really(call, types.FunctionType):
        return PrefixNode(deeper(call, (value,)))
    parts: list[Node] = []
    for name in ("__new__", "__init__"):
        raw = raw_attribute(value, name)
        function = raw.__func__ if really(raw, staticmethod) else raw
        if really(function, types.FunctionType):
            parts.append(PrefixNode(deeper(function, (value,) if name == "__new__" else ())))
    if parts:
        return AllNode(parts)
    layer = signature_layer(value) or builtin_layer(value)
    return FunctionNode(layer, value, UNKNOWN, (), deeper) if layer else Node()


def _object(value: Any, live: Sequence[Any], deeper: Any) -> Node:
    raw = raw_attribute(type(value), "__call__")
    wrapped = wrapped_of(value)
    if really(raw, types.FunctionType):
        node = deeper(raw, (value, *live))
        if isinstance(node, FunctionNode) and wrapped is not UNKNOWN and node.wrapped is UNKNOWN:
            # A decorator written as a class: update_wrapper put __wrapped__ on the instance.
            node = FunctionNode(node.layer, raw, wrapped, (value, *live), deeper, skip=1)
        return PrefixNode(node)
    if raw is not UNKNOWN and hasattr(type(raw), "__get__") and not _is_slot(raw):
        try:
            bound = raw.__get__(value, type(value))
        except Exception:
            return Node()
        return deeper(bound, live) if bound is not raw else Node()
    if wrapped is not UNKNOWN:
        # functools.lru_cache and others written in C hand on what they get.
        if type(value).__name__ == "_lru_cache_wrapper":
            return HashingNode(deeper(wrapped, live))
        return FunctionNode(GENERIC, value, wrapped, live, deeper)
    if type(value).__module__ == "operator" and type(value).__name__ in _TAKE_ONE_OBJECT:
        return FunctionNode(_ONE_OBJECT, value, UNKNOWN, (), deeper)
    if raw is UNKNOWN and not instance_dict(value) and not callable(value):
        return Node()
    layer = signature_layer(value) or builtin_layer(value)
    return FunctionNode(layer, value, UNKNOWN, (), deeper) if layer else Node()


def _is_slot(raw: Any) -> bool:
    return isinstance(raw, (types.WrapperDescriptorType, types.MethodDescriptorType))
