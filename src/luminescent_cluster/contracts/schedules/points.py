"""The switch points of every code object that a run meets, worked out once each."""

from __future__ import annotations

import linecache
import sys
from types import CodeType

from .names import Names
from .opcodes import Access, accesses
from .scope import Scope

__all__ = ["Points"]


class Points:
    """Switch points by code object.

    Names that may be rebound are collected from the whole source of every file under test, so
    that the points of one function do not depend on what ran before it.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._files: dict[str, Names] = {}
        self._kept: list[CodeType] = []
        self._accesses: dict[int, list[Access] | None] = {}
        self._offsets: dict[int, frozenset[int] | None] = {}
        self._all: Names | None = None
        self.met: dict[int, CodeType] = {}
        """Code objects under test that ran, by id."""

    def offsets(self, code: CodeType, module: str = "") -> frozenset[int] | None:
        """Offsets of the switch points of ``code``; None where it is not under test.

        ``module`` is where it runs, which matters for generated code that has no file.
        """
        key = id(code)
        if key in self._offsets:
            return self._offsets[key]
        found: frozenset[int] | None = None
        self._kept.append(code)
        if self.scope.has_file(code.co_filename) and not (
            module in sys.modules and not self.scope.has_module(module)
        ):
            found = frozenset(access.offset for access in self.accesses(code))
            self.met[key] = code
        elif self.scope.iterates(code.co_filename):
            found = frozenset(a.offset for a in self.accesses(code) if a.kind == "iterate")
        self._offsets[key] = found
        return found

    def accesses(self, code: CodeType) -> list[Access]:
        """The accesses of ``code``."""
        known = self._accesses.get(id(code))
        if known is None:
            self._kept.append(code)
            known = self._accesses[id(code)] = accesses(code, self._names(code))
        return known

    def access_at(self, code: CodeType, offset: int) -> Access | None:
        """The access of ``code`` at ``offset``."""
        return next((a for a in self.accesses(code) if a.offset == offset), None)

    def freeze(self) -> None:
        """From now on every file met so far shares one set of names."""
        parts = list(self._files.values())
        self._all = Names(
            frozenset().union(*(part.attributes for part in parts)),
            frozenset().union(*(part.variables for part in parts)),
            frozenset().union(*(part.functions for part in parts)),
            any(part.dynamic for part in parts),
        )
        self._accesses.clear()
        self._offsets.clear()

    def _names(self, code: CodeType) -> Names:
        if not self.scope.has_file(code.co_filename):
            return Names()  # of a library, only what it iterates over counts
        own = self._files.get(code.co_filename)
        if own is None:
            own = self._files[code.co_filename] = Names.of(_whole_file(code))
        if code.co_filename.startswith("<"):
            own = Names.of([code])
        if self._all is None:
            return own
        return Names(
            own.attributes | self._all.attributes,
            own.variables | self._all.variables,
            own.functions | self._all.functions,
            own.dynamic or self._all.dynamic,
        )


def _whole_file(code: CodeType) -> list[CodeType]:
    lines = linecache.getlines(code.co_filename)
    if lines:
        try:
            return [compile("".join(lines), code.co_filename, "exec", dont_inherit=True)]
        except (SyntaxError, ValueError):
            pass
    return [code]
