"""Recognising values that legitimately differ from run to run: ids, times, addresses.

What differs between two runs of the same sequential order varies; where it does so is remembered
as a path, and the values there are compared by their equality pattern only (two equal ids stay a
finding), or not at all where even the pattern varies (times).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .outcome import Outcome, Tree

__all__ = ["Path", "Varying"]

_ANY = "*"
Path = tuple[str, ...]
"""Where in an outcome: the call or observer, then keys, fields, or * for any item."""


class Varying:
    """Paths that vary, learned from pairs of equal sequential runs.

    ``roots`` names the call or observer that a tree belongs to, so that what was learned from one
    program holds for the others.
    """

    def __init__(self) -> None:
        self.labelled: set[Path] = set()
        self.ignored: set[Path] = set()

    def blank(self) -> Varying:
        """The same paths, with the values there not compared at all."""
        blank = Varying()
        blank.labelled = {path for path in self.labelled if path[-1] == "<key>"}
        blank.ignored = self.ignored | (self.labelled - blank.labelled)
        return blank

    def forget(self) -> None:
        """Start over."""
        self.labelled.clear()
        self.ignored.clear()

    def learn(self, first: Outcome, second: Outcome, roots: list[list[str]]) -> bool:
        """Compare two outcomes of the same order; True when something new varies."""
        before = len(self.labelled), len(self.ignored)
        for root, one, two in _pairs(first, second, roots):
            self._diff(one, two, (root,))
        if self.apply(first, roots) != self.apply(second, roots):
            for root, one, two in _pairs(first, second, roots):
                self._give_up(one, two, (root,), first, second, roots)
        return (len(self.labelled), len(self.ignored)) != before

    def _diff(self, one: Tree, two: Tree, path: Path) -> None:
        if one == two or path in self.labelled or path in self.ignored:
            return
        if one[:2] != two[:2]:
            self.ignored.add(path) if one[0] != "v" or two[0] != "v" else self.labelled.add(path)
        elif one[0] == "v":
            self.labelled.add(path)
        elif one[0] in ("seq", "set"):
            if len(one[2]) != len(two[2]):
                self.ignored.add(path)
            for left, right in zip(one[2], two[2], strict=False):
                self._diff(left, right, (*path, _ANY))
        elif one[0] == "map":
            left_keys, right_keys = dict(one[2]), dict(two[2])
            if set(left_keys) == set(right_keys):
                for key, value in left_keys.items():
                    self._diff(value, right_keys[key], (*path, str(key[2:])))
            elif len(left_keys) == len(right_keys):
                self.labelled.add((*path, "<key>"))
                for left, right in zip(_by_value(one), _by_value(two), strict=True):
                    self._diff(left, right, (*path, _ANY))
            else:
                self.ignored.add(path)
        elif one[0] == "obj":
            left_fields, right_fields = dict(one[3]), dict(two[3])
            if one[2] != two[2] or set(left_fields) != set(right_fields):
                self.ignored.add(path)
                return
            for name, value in left_fields.items():
                self._diff(value, right_fields[name], (*path, name))
        else:
            self.ignored.add(path)

    def _give_up(
        self,
        one: Tree,
        two: Tree,
        path: Path,
        first: Outcome,
        second: Outcome,
        roots: list[list[str]],
    ) -> None:
        """The equality pattern varies too: ignore the labelled paths under this root."""
        if self._tree(one, path, {}) == self._tree(two, path, {}):
            pattern = self.apply(first, roots) != self.apply(second, roots)
            if not pattern:
                return
        for labelled in [p for p in self.labelled if p[0] == path[0]]:
            if labelled[-1] != "<key>":
                self.labelled.discard(labelled)
                self.ignored.add(labelled)

    def apply(self, outcome: Outcome, roots: list[list[str]]) -> tuple[Any, Any]:
        """(results, finals) with the varying parts replaced."""
        if not self.labelled and not self.ignored:
            return outcome.results, outcome.finals
        labels: dict[Any, int] = {}
        results = tuple(
            tuple(
                self._tree(tree, (root,), labels) for tree, root in zip(thread, names, strict=False)
            )
            for thread, names in zip(outcome.results, roots, strict=False)
        )
        finals = tuple(
            self._tree(tree, (root,), labels)
            for tree, root in zip(outcome.finals, roots[-1], strict=False)
        )
        return results, finals

    def _unordered(
        self, items: Iterable[Tree], path: Path, labels: dict[Any, int]
    ) -> tuple[Tree, ...]:
        """Items without an order: sorted by what does not vary before they get labels."""
        inside = (*path, _ANY)
        ordered = sorted(items, key=lambda item: repr(self._tree(item, inside, _Blank())))
        return tuple(sorted((self._tree(i, inside, labels) for i in ordered), key=repr))

    def _tree(self, tree: Tree, path: Path, labels: dict[Any, int]) -> Tree:
        if path in self.ignored:
            return ("~",)
        if path in self.labelled:
            return ("#", labels.setdefault(tree, len(labels)))
        kind = tree[0]
        if kind == "seq":
            return (*tree[:2], tuple(self._tree(item, (*path, _ANY), labels) for item in tree[2]))
        if kind == "set":
            return (*tree[:2], self._unordered(tree[2], path, labels))
        if kind == "map":
            if (*path, "<key>") in self.labelled:
                return ("values", self._unordered([v for _, v in tree[2]], path, labels))
            return (
                *tree[:2],
                tuple((k, self._tree(v, (*path, str(k[2:])), labels)) for k, v in tree[2]),
            )
        if kind == "obj":
            fields = tuple((n, self._tree(v, (*path, n), labels)) for n, v in tree[3])
            return (*tree[:3], fields)
        return tree


class _Blank(dict[Any, int]):
    """Labels that are all the same."""

    def setdefault(self, key: Any, default: int = 0) -> int:
        return 0


def _by_value(tree: Tree) -> list[Tree]:
    return sorted((value for _, value in tree[2]), key=repr)


def _pairs(first: Outcome, second: Outcome, roots: list[list[str]]) -> list[tuple[str, Tree, Tree]]:
    found = []
    for names, one, two in zip(roots, first.results, second.results, strict=False):
        found += list(zip(names, one, two, strict=False))
    found += list(zip(roots[-1], first.finals, second.finals, strict=False))
    return found
