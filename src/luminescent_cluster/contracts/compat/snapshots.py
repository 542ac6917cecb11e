"""Writing released versions down, and checking that nothing changed behind their back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.version import InvalidVersion, Version

from .bumps import at_least, next_version
from .compare import Comparison, compare
from .edition import Edition
from .errors import SourceError
from .released import released_editions, snapshot_name

__all__ = [
    "Status",
    "check_snapshot",
    "own_folder",
    "own_protocols",
    "snapshot_text",
    "write_snapshot",
]


@dataclass(frozen=True, slots=True)
class Status:
    """What became of one protocol.

    Attributes:
        protocol: its name.
        version: the version that its source declares.
        state: ``unchanged``, ``written``, ``missing`` (a new version without a snapshot),
            ``changed`` (it differs from its own released version) or ``too low`` (the new
            version does not tell how much changed).
        text: what is wrong and what to do; empty where nothing is.
        comparison: against the released version that comes before; None for the first.
    """

    protocol: str
    version: str
    state: Literal["unchanged", "written", "missing", "changed", "too low"]
    text: str = ""
    comparison: Comparison | None = None

    @property
    def ok(self) -> bool:
        """True when nothing has to be done."""
        return self.state in ("unchanged", "written")


def own_protocols() -> list[str]:
    """Return the sources of the protocols that this distribution defines."""
    import inspect

    from luminescent_cluster.extensions.compatibility import slot_protocols

    return [f"{inspect.getsourcefile(p)}:{p.__name__}" for p in slot_protocols().values()]


def own_folder() -> Path:
    """Return the folder of the snapshots that ship with the runtime."""
    import luminescent_cluster.extensions

    return Path(luminescent_cluster.extensions.__file__).parent / "snapshots"


def snapshot_text(edition: Edition) -> str:
    """Return the text of a snapshot file; the same on every interpreter."""
    return json.dumps(edition.to_json(), indent=1, ensure_ascii=True) + "\n"


def _version(edition: Edition) -> Version:
    try:
        return Version(edition.version or "")
    except InvalidVersion:
        raise SourceError(
            edition.origin or edition.name,
            f"{edition.name} declares version {edition.version!r}",
            'declare it beside the class, as AUDIT_LOGGER_VERSION = "1.0.0" for AuditLogger',
        ) from None


def check_snapshot(edition: Edition, folder: Path | None) -> Status:
    """Compare a protocol with its released versions.

    Args:
        edition: the protocol as it stands in the source.
        folder: the released snapshots; those of the runtime where None.

    Raises:
        SourceError: the protocol declares no version, or a snapshot cannot be read.
    """
    version = _version(edition)
    released = released_editions(edition.name, folder)
    text = str(edition.version)
    if str(version) in released:
        found = compare(released[str(version)], edition)
        if found.bump is None:
            return Status(edition.name, text, "unchanged", "", found)
        needed = next_version(text, found.bump)
        return Status(
            edition.name,
            text,
            "changed",
            f"{edition.name} {text} is released and changed since ({found.bump}): declared "
            f"{text}, required {needed}; raise its version, or undo the change",
            found,
        )
    earlier = [v for v in released if Version(v) < version]
    if not earlier:
        return _missing(edition, text, None)
    found = compare(released[earlier[-1]], edition)
    needed = next_version(earlier[-1], found.bump) or earlier[-1]
    if at_least(text, needed) is False:
        return Status(
            edition.name,
            text,
            "too low",
            f"{edition.name} changed since {earlier[-1]} ({found.bump}): declared {text}, "
            f"required {needed}; raise its version",
            found,
        )
    return _missing(edition, text, found)


def _missing(edition: Edition, text: str, found: Comparison | None) -> Status:
    problem = (
        f"there is no snapshot of {edition.name} {text}; when it is released, write it with "
        "`luminescent-contracts snapshot` and commit the file"
    )
    return Status(edition.name, text, "missing", problem, found)


def write_snapshot(edition: Edition, folder: Path) -> Status:
    """Write the snapshot of a version that has none; one that is there is never overwritten.

    Raises:
        SourceError: the protocol declares no version, or the file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    status = check_snapshot(edition, folder)
    if status.state != "missing":
        return status
    file = folder / snapshot_name(edition.name, str(_version(edition)))
    try:
        file.write_text(snapshot_text(edition), "utf-8")
    except OSError as error:
        raise SourceError(str(file), f"it cannot be written: {error}", "check its rights") from None
    return Status(edition.name, status.version, "written", "", status.comparison)
