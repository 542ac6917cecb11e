"""The subject of the registry's own clauses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .base import Subject

__all__ = ["RegistrySubject"]


class RegistrySubject(Subject):
    """A registry class with the guide's interface, ours or another.

    Args:
        extension: the class, with ``get()`` and ``reset()``.
        import_paths: every path by which code may import it, as ``"module:Name"``; its own module
            and the modules that show it are looked at in any case.
    """

    def __init__(
        self, extension: object, *, import_paths: Iterable[str] = (), **options: Any
    ) -> None:
        super().__init__(extension, **options)
        self.import_paths = tuple(import_paths)
