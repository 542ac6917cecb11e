"""The tenants of one example: declared ones, or ids that nobody else has."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from ...engine.case import Case
from .ways import takes_any_tenant

__all__ = ["Tenants"]

_WORDS = ("acme", "globex", "initech", "umbrella", "hooli", "stark", "wayne", "cyberdyne")
_suffixes: WeakKeyDictionary[Case, Iterator[str]] = WeakKeyDictionary()


def _suffix(case: Case) -> str:
    """Give an ending that no id had before, of the same length each time; no message shows it."""
    if case not in _suffixes:
        mine = uuid.uuid4().hex[:8]
        case.tell(rf"-{mine}\d{{5}}", "")
        _suffixes[case] = (f"-{mine}{number:05d}" for number in itertools.count(1))
    return next(_suffixes[case])


class Tenants:
    """Tenants by number, the same ones for the same numbers."""

    def __init__(self, case: Case, declared: list[str], *, shared: bool) -> None:
        """Take down which tenants there are.

        Args:
            case: the clause under way.
            declared: the ids that the author declares, if any.
            shared: whether other examples use the same tracker.
        """
        self.case = case
        self._declared = declared
        self._suffix = _suffix(case) if shared else ""

    @property
    def closed(self) -> bool:
        """Whether the author declares which tenants there are."""
        return bool(self._declared)

    @property
    def shared(self) -> bool:
        """Whether other examples use the same tracker."""
        return bool(self._suffix)

    def tenant(self, number: int) -> str:
        """Give the id of a known tenant, the same one for the same number."""
        if self._declared:
            return self._declared[number % len(self._declared)]
        word = _WORDS[number % len(_WORDS)]
        later = number // len(_WORDS)
        return f"{word}{f'-{later:04d}' if later else ''}{self._suffix}"

    def tenants(self, count: int) -> list[str]:
        """Give several known tenants, each once; fewer where fewer are declared."""
        return list(dict.fromkeys(self.tenant(number) for number in range(count)))

    def own(self, name: str) -> str:
        """Make a name this example's own, where examples share a tracker."""
        return name + self._suffix

    @property
    def sure(self) -> bool:
        """Whether :meth:`tenant` gives tenants: the author declares them, or the tracker takes any.

        Otherwise it may know its tenants, or how their ids look, and be right to refuse these.
        """
        return self.closed or takes_any_tenant(self.case)
