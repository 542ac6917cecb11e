"""Metadata that tells what a tracker looks for in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["Watched"]


class Watched(dict[Any, Any]):
    """A dict that remembers what it was asked for."""

    def __init__(self, values: Any) -> None:
        super().__init__(values)
        self.asked: dict[Any, None] = {}
        self.listed = False

    def __getitem__(self, key: Any) -> Any:
        self.asked[key] = None
        return super().__getitem__(key)

    def __contains__(self, key: Any) -> bool:
        self.asked[key] = None
        return super().__contains__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        self.asked[key] = None
        return super().get(key, default)

    def pop(self, key: Any, *default: Any) -> Any:
        self.asked[key] = None
        return super().pop(key, *default)

    def __iter__(self) -> Iterator[Any]:
        self.listed = True
        return super().__iter__()

    def keys(self) -> Any:
        self.listed = True
        return super().keys()

    def items(self) -> Any:
        self.listed = True
        return super().items()

    def values(self) -> Any:
        self.listed = True
        return super().values()

    def copy(self) -> Any:
        self.listed = True
        return super().copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[Any, Any]:
        self.listed = True
        return dict(super().items())
