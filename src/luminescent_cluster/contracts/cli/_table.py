"""What becomes of ``pyproject.toml``: a table behind what is there, or what to add by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ._common import CommandError
from ._layout import toml_of
from ._scaffold import table_text

__all__ = ["Table", "planned_table"]


@dataclass(frozen=True)
class Table:
    """What to do with the file.

    Attributes:
        text: its new content, or None where it stays as it is.
        advice: what its author has to add, or empty.
    """

    text: str | None
    advice: str = ""


def planned_table(path: Path, slots: Mapping[str, str], more: str) -> Table:
    """Put the table of contracts behind everything that is in the file.

    Args:
        path: the file, which need not exist.
        slots: slot to factory, for everything that is bound.
        more: further tables.

    Raises:
        CommandError: the file cannot be read, or cannot take a table.
    """
    from ..config import ConfigError, read_settings

    if not path.exists():
        return Table(table_text(slots) + _behind(more))
    try:
        settings = read_settings(path)
    except ConfigError as error:
        raise CommandError(str(error)) from error
    if settings is not None:
        named = {target.name for target in settings.targets}
        lines = table_text({k: v for k, v in slots.items() if k not in named}).splitlines()[1:-1]
        return Table(
            None, "\n  ".join(["add to [tool.luminescent.contracts]", *lines]) if lines else ""
        )
    before = path.read_bytes().decode("utf-8")
    between = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    added = between + table_text(slots) + _behind(more)
    if "\r\n" in before:
        added = added.replace("\n", "\r\n")
    if toml_of(before + added) is None:
        raise CommandError(
            f"{path} can take no table behind what is there, because it defines [tool] or "
            f"[tool.luminescent] in one piece; write this into it by hand:\n{added.strip()}"
        )
    return Table(before + added)


def _behind(more: str) -> str:
    return more and f"\n{more}"
