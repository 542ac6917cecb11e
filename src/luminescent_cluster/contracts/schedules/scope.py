"""Which code is under test: where threads may be switched between two accesses."""

from __future__ import annotations

import inspect
import os
import sys
import sysconfig
from collections.abc import Iterable
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

__all__ = ["Scope", "module_of"]

_HERE = os.path.dirname(os.path.abspath(__file__))
_CONTRACTS = os.path.dirname(_HERE)
_LIBRARIES = tuple(
    {
        os.path.realpath(path) + os.sep
        for path in (
            sysconfig.get_paths()["stdlib"],
            sysconfig.get_paths()["platstdlib"],
            sysconfig.get_paths()["purelib"],
            sysconfig.get_paths()["platlib"],
            os.path.dirname(os.__file__),
        )
    }
)
# Mixins of the standard library that run several accesses of the extension's own container.
_PURE_PYTHON = frozenset(
    ["_collections_abc.py", os.path.join("collections", "__init__.py"), "<frozen _collections_abc>"]
)
# Library code that iterates in Python over what it is given: the extension's own containers.
_ITERATING = (
    os.sep + "copy.py",
    os.sep + "dataclasses.py",
    os.path.join(os.sep, "json", "encoder.py"),
)


class Scope:
    """Decides by file: everything that is neither a library nor this kit, and what is named.

    ``roots`` are the objects under test (factory, extension, callables); the packages they come
    from are in scope wherever they are installed.
    """

    def __init__(self, roots: Iterable[Any] = ()) -> None:
        self._folders: set[str] = set()
        self._files: set[str] = set()
        self._known: dict[str, bool] = {}
        self._modules: dict[str, bool] = {}
        for root in roots:
            self.add(root)

    def add(self, root: Any) -> None:
        """Put the package of ``root`` in scope."""
        for file in _files_of(root):
            folder = os.path.dirname(file)
            if folder == _HERE:
                continue
            self._files.add(file)
            if not _is_library_folder(folder):
                self._folders.add(_package_of(folder) + os.sep)
        self._known.clear()
        self._modules.clear()

    def has_file(self, filename: str) -> bool:
        """True for the code of a file that is under test."""
        known = self._known.get(filename)
        if known is None:
            known = self._known[filename] = self._decide(filename)
        return known

    def iterates(self, filename: str) -> bool:
        """True for library code whose loops may run over a container that others change."""
        return filename.endswith(_ITERATING) and os.path.realpath(filename).startswith(_LIBRARIES)

    def watches(self, filename: str) -> bool:
        """True where any switch point may be."""
        return self.has_file(filename) or self.iterates(filename)

    def has_module(self, name: str) -> bool:
        """True for a module whose file is under test."""
        known = self._modules.get(name)
        if known is None:
            module = sys.modules.get(name)
            file = getattr(module, "__file__", None) if isinstance(module, ModuleType) else None
            if name.startswith("_collections_abc") or name == "collections":
                known = True
            else:
                known = name == "__main__" or (isinstance(file, str) and self.has_file(file))
            self._modules[name] = known
        return known

    def _decide(self, filename: str) -> bool:
        if filename.startswith("<"):
            return not filename.startswith("<frozen") or filename in _PURE_PYTHON
        path = os.path.realpath(filename)
        if path in self._files or any(path.startswith(folder) for folder in self._folders):
            return not path.startswith(_HERE + os.sep)
        if path.startswith(_CONTRACTS + os.sep):
            return False
        if path.endswith(tuple(_PURE_PYTHON)) and path.startswith(_LIBRARIES):
            return True
        return not path.startswith(_LIBRARIES)


def module_of(cls: type) -> str:
    """Where ``cls`` was made. Proxies answer ``__module__`` by a property: their methods know."""
    told: object = cls.__module__
    if isinstance(told, str):
        return told
    methods = (value for value in vars(cls).values() if isinstance(value, FunctionType))
    return next((method.__module__ or "" for method in methods), "")


def _is_library_folder(folder: str) -> bool:
    """A folder that holds many libraries side by side, so it is no package of its own."""
    return folder + os.sep in _LIBRARIES


def _package_of(folder: str) -> str:
    """The outermost folder with an ``__init__.py``, but never this kit as a whole."""
    if folder.startswith(_CONTRACTS):
        return folder
    while os.path.exists(os.path.join(os.path.dirname(folder), "__init__.py")):
        folder = os.path.dirname(folder)
    return folder


def _files_of(root: Any) -> set[str]:
    found: set[str] = set()
    queue = [root]
    seen: set[int] = set()
    while queue and len(seen) < 200:
        item = queue.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, MethodType):
            queue += [item.__func__, type(item.__self__)]
        elif isinstance(item, FunctionType):
            found.add(item.__code__.co_filename)
            wrapped = item.__dict__.get("__wrapped__")
            queue += [wrapped] if wrapped is not None else []
            queue += [c for c in _cells(item) if isinstance(c, (FunctionType, MethodType, type))]
        elif isinstance(item, CodeType):
            found.add(item.co_filename)
        elif isinstance(item, type):
            for base in item.__mro__:
                module = module_of(base)
                file = getattr(sys.modules.get(module), "__file__", None)
                if isinstance(file, str) and module not in _NEVER:
                    found.add(file)
                queue += [v for v in vars(base).values() if isinstance(v, FunctionType)]
        elif isinstance(item, ModuleType):
            found.add(getattr(item, "__file__", None) or "")
        else:
            function = inspect.getattr_static(item, "func", None)
            queue += [function] if callable(function) else []
            queue.append(type(item))
    return {
        os.path.realpath(file)
        for file in found
        if file and not file.startswith("<") and not _standard(file)
    }


_NEVER = frozenset(["builtins", "typing", "abc", "functools", "unittest.mock"])


def _standard(file: str) -> bool:
    path = os.path.realpath(file)
    stdlib = os.path.realpath(sysconfig.get_paths()["stdlib"]) + os.sep
    site = os.path.realpath(sysconfig.get_paths()["purelib"]) + os.sep
    return path.startswith(stdlib) and not path.startswith(site) and "site-packages" not in path


def _cells(function: FunctionType) -> list[Any]:
    contents = []
    for cell in function.__closure__ or ():
        try:
            contents.append(cell.cell_contents)
        except ValueError:
            continue
    return contents
