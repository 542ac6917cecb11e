"""``accepts``: does an object satisfy a protocol, decided at run time without a type checker."""

from __future__ import annotations

import typing
from dataclasses import dataclass, replace
from typing import Any

from luminescent_cluster.extensions._calls.judge import cached_shape, judge
from luminescent_cluster.extensions._calls.model import (
    UNKNOWN,
    Annotation,
    Attribute,
    Method,
    Shape,
    Signature,
)
from luminescent_cluster.extensions._calls.peek import is_mock
from luminescent_cluster.extensions._calls.verdict import Rejection
from luminescent_cluster.extensions.optional import optional_members

from .annotations import Comparer


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What was found about one object.

    Attributes:
        rejections: why it does not satisfy the protocol; each has ``clause_id``, ``member``,
            ``witness``, ``reason`` and ``level``.  Annotations that are certainly incompatible
            are among them (SIG-05, level SHOULD).
        inconclusive: what could not be decided, for instance because a method takes anything.
        remarks: what is worth saying and decides nothing: annotations that are missing.
    """

    rejections: tuple[Rejection, ...] = ()
    inconclusive: tuple[Rejection, ...] = ()
    remarks: tuple[Rejection, ...] = ()

    @property
    def ok(self) -> bool:
        """True when nothing speaks against the object."""
        return not self.rejections

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        if self.ok:
            return "accepted"
        return "\n".join(str(rejection) for rejection in self.rejections)


def accepts(implementation: Any, protocol: Any, *, defaults: bool = False) -> Acceptance:
    """Decide whether an object takes every call that a protocol permits, as the protocol means it.

    No method is called.  A member is looked up once, by the attribute access a call would do.

    Args:
        implementation: an instance; or a class, which is judged for its instances without
            creating one.
        protocol: a ``typing.Protocol`` class, one with type arguments (``Store[int]``), or a
            :class:`Shape`, in which case only texts can be compared.
        defaults: let everything be missing that ``with_defaults`` serves. Members marked
            ``@optional`` may always be missing; in a protocol that never uses the marker, those
            whose body does something only then, because the object alone does not have them.

    Raises:
        TypeError: ``protocol`` is none of these.
    """
    shape, live = _shape(protocol)
    served = frozenset(optional_members(live)) if defaults and live is not None else frozenset()
    verdict = judge(implementation, shape, live, served)
    rejections = list(verdict.rejections)
    remarks: tuple[Rejection, ...] = ()
    if not is_mock(implementation):
        free = frozenset(p.name for p in shape.type_parameters)
        comparer = Comparer(implementation, verdict, free)
        refused = {r.member for r in rejections if r.clause_id == "SIG-01"}
        for member in shape.members:
            if member.name in refused:
                continue
            if isinstance(member, Method):
                comparer.method(member)
            else:
                comparer.attribute(member)
        rejections += comparer.rejections
        remarks = tuple(comparer.remarks)
    return Acceptance(tuple(rejections), tuple(verdict.inconclusive), remarks)


def _shape(protocol: Any) -> tuple[Shape, type | None]:
    if isinstance(protocol, Shape):
        return protocol, None
    origin = typing.get_origin(protocol)
    if isinstance(origin, type):
        parameters = getattr(origin, "__parameters__", ())
        arguments = typing.get_args(protocol)
        return _specialised(cached_shape(origin), dict(zip(parameters, arguments))), origin  # noqa: B905 - a TypeVarTuple takes several
    if not isinstance(protocol, type):
        raise TypeError(
            f"accepts() compares with a typing.Protocol class or a Shape, not with {protocol!r}"
        )
    return cached_shape(protocol), protocol


def _specialised(shape: Shape, chosen: dict[Any, Any]) -> Shape:
    """Fill the type arguments of ``Store[int]`` into the annotations of ``Store``."""
    from luminescent_cluster.extensions._calls.functions import fill

    def annotation(hint: Annotation | None) -> Annotation | None:
        if hint is None or hint.hint is UNKNOWN:
            return hint
        return Annotation(hint.text, fill(hint.hint, chosen))

    def signature(old: Signature) -> Signature:
        parameters = (replace(p, annotation=annotation(p.annotation)) for p in old.parameters)
        return Signature(tuple(parameters), annotation(old.returns))

    def member(old: Method | Attribute) -> Method | Attribute:
        if isinstance(old, Attribute):
            return replace(old, annotation=annotation(old.annotation))
        return replace(
            old,
            signature=signature(old.signature),
            overloads=tuple(signature(s) for s in old.overloads),
        )

    return replace(shape, members=tuple(map(member, shape.members)), type_parameters=())
