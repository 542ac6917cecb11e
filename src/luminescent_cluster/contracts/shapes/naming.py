"""How a type checker can name a class that is alive in this process."""

from __future__ import annotations

import inspect
import keyword
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Name:
    """A class as a probe module would write it: ``import module`` then ``module.path``.

    ``root`` is the folder from which the module can be imported, ``""`` for installed ones.
    """

    module: str
    path: str
    root: str = ""

    @property
    def dotted(self) -> str:
        """The whole name."""
        return f"{self.module}.{self.path}"


class NotNameableError(Exception):
    """A class that no other module can name; the text says why and what helps."""


def name_of(klass: type) -> Name:
    """Return how a probe module can name a class.

    Raises:
        NotNameableError: it is local to a function, made at run time, or its module is no file.
    """
    path = klass.__qualname__
    shown = f"{klass.__module__}.{path}"
    if "<locals>" in path:
        raise NotNameableError(
            f"{shown} is local to a function, so a type checker cannot name it; "
            "move it to module level"
        )
    module = sys.modules.get(klass.__module__)
    if module is None:
        raise NotNameableError(f"the module of {shown} is not loaded")
    found: object = module
    for part in path.split("."):
        found = inspect.getattr_static(found, part, None)
    if found is not klass:
        raise NotNameableError(
            f"{shown} does not lead to the class; it was made or replaced at run time"
        )
    name, root = _module_name(module)
    return Name(name, path, root)


def _module_name(module: ModuleType) -> tuple[str, str]:
    """Return the name under which the module's file can be imported, and the folder for that."""
    name = module.__name__
    source = getattr(module, "__file__", None)
    if source is None:
        if name in sys.builtin_module_names or name in sys.stdlib_module_names:
            return name, ""
        raise NotNameableError(f"module {name} has no file that a type checker could read")
    file = Path(source).resolve()
    if file.suffix not in (".py", ".pyi"):
        return name, ""  # a compiled module: its stubs are installed with it, or it has none
    if name.partition(".")[0] in sys.stdlib_module_names or _installed(file):
        return name, ""
    parts = [*file.parent.parts, file.stem]
    if file.stem == "__init__":
        parts.pop()
    wanted = name.split(".")
    if name != "__main__" and parts[-len(wanted) :] == wanted:
        return name, str(Path(*parts[: -len(wanted)]))
    return _by_packages(file)


def _by_packages(file: Path) -> tuple[str, str]:
    """Name a script or a test file by the packages around it."""
    parts = [file.stem]
    folder = file.parent
    while (folder / "__init__.py").exists() and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        raise NotNameableError(f"{file} cannot be imported: its name is not an identifier")
    return ".".join(parts), str(folder)


def _installed(file: Path) -> bool:
    return any(part in ("site-packages", "dist-packages") for part in file.parts)
