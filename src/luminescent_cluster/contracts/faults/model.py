"""What a standard fault is, and the collection of those of one subject."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .injection import Injection

__all__ = ["Fault", "Faults"]

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True)
class Fault:
    """A defect that can be put into any working extension from outside.

    Attributes:
        name: what the user types, for instance ``"drop-every-tenth-event"``.
        text: what the faulty extension does, in a sentence.
        killers: ids of the clauses that must notice, the likeliest first.
        protocol: name of the protocol it is for; empty for any.
        put: changes an :class:`~luminescent_cluster.contracts.faults.injection.Injection`;
            raises :class:`NotApplicable` where the protocol gives it nothing to bite on.
    """

    name: str
    text: str
    killers: tuple[str, ...]
    protocol: str = ""
    put: Callable[[Injection], None] = field(repr=False, compare=False, default=lambda _: None)


class Faults(Mapping[str, Fault]):
    """Faults by name, in the order in which they were written.

    A module of faults makes one and declares into it::

        faults = Faults("UsageTracker")

        @faults.add("UT-TRK-02")
        def drop_every_tenth_event(into): '''Every tenth event is lost.'''
    """

    def __init__(self, protocol: str = "") -> None:
        self.protocol = protocol
        self._faults: dict[str, Fault] = {}

    def add(self, *killers: str) -> Callable[[Callable[[Injection], None]], None]:
        """Declare the decorated function as a fault, named after it.

        Args:
            killers: ids of the clauses that must notice, the likeliest first.

        Raises:
            ValueError: the name is taken, or nobody is to notice.
        """

        def declare(put: Callable[[Injection], None]) -> None:
            name = put.__name__.strip("_").replace("_", "-")
            text = " ".join((inspect.getdoc(put) or "").split())
            if name in self._faults or not _NAME.match(name) or not killers or not text:
                raise ValueError(f"fault {name}: needs a name of its own, killers and a text")
            self._faults[name] = Fault(name, text, killers, self.protocol, put)

        return declare

    def including(self, *others: Faults) -> Faults:
        """Take in the faults of other collections, and give this one.

        Raises:
            ValueError: two faults have one name, or one is for another protocol.
        """
        for other in others:
            taken = set(self._faults) & set(other)
            if taken or other.protocol != self.protocol:
                raise ValueError(f"{other.protocol or 'generic'} faults {sorted(taken)}: taken")
            self._faults |= other._faults
        return self

    def __getitem__(self, name: str) -> Fault:
        return self._faults[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._faults)

    def __len__(self) -> int:
        return len(self._faults)
