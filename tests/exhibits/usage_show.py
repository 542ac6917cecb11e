"""How a broken usage tracker is put on show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from luminescent_cluster.contracts import UsageSubject

from .usage_base import probed


class Exhibit(NamedTuple):
    """A broken tracker."""

    clause: str
    factory: Callable[[], Any]
    words: tuple[str, ...]


EXHIBITS: list[Exhibit] = []


def _without_probes(kind: type) -> Callable[[], Any]:
    def make() -> UsageSubject:
        return UsageSubject(kind(), settles_within=0.2)

    make.__name__ = kind.__name__
    return make


def breaks(clause: str, *words: str, bare: bool = False, **probes: Any) -> Callable[[type], type]:
    """Put a class on show.

    Args:
        clause: must reject it.
        words: its message must hold.
        bare: whether it is shown without any probe.
        probes: other probes than every one there is.
    """

    def show(kind: type) -> type:
        factory = _without_probes(kind) if bare else probed(kind, **probes)
        EXHIBITS.append(Exhibit(clause, factory, words))
        return kind

    return show
