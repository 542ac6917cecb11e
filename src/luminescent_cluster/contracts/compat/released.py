"""Released versions of protocols: ours ship with the runtime, others lie in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from luminescent_cluster.contracts.shapes import Shape

from .edition import Edition, edition_from_json
from .errors import SourceError

__all__ = ["read_released", "released", "released_editions", "released_names", "snapshot_name"]


def snapshot_name(protocol: str, version: str) -> str:
    """Return the file name of a snapshot, ``AuditLogger-1.0.0.json``."""
    return f"{protocol}-{version}.json"


def released(protocol_name: str, folder: Path | None = None) -> dict[str, Shape]:
    """Return the shapes of every released version of a protocol, oldest first.

    Args:
        protocol_name: for instance ``AuditLogger``.
        folder: a folder of snapshots; those that ship with the runtime where omitted.

    Raises:
        SourceError: a snapshot cannot be read.
    """
    return {v: e.shape for v, e in released_editions(protocol_name, folder).items()}


def released_editions(protocol_name: str, folder: Path | None = None) -> dict[str, Edition]:
    """Return the editions of every released version of a protocol, oldest first."""
    found = {}
    for data, origin in _snapshots(folder):
        if data.get("protocol") == protocol_name:
            try:
                edition = edition_from_json(data, origin)
            except ValueError as error:
                remedy = "upgrade luminescent-extensions, or remove the file"
                raise SourceError(origin, str(error), remedy) from None
            found[_version(edition, origin)] = edition
    return dict(sorted(found.items(), key=lambda item: Version(item[0])))


def released_names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of all protocols that have snapshots."""
    return tuple(sorted({str(data["protocol"]) for data, _ in _snapshots(folder)}))


def _version(edition: Edition, origin: str) -> str:
    try:
        return str(Version(edition.version or ""))
    except InvalidVersion:
        raise SourceError(
            origin,
            f"it says version {edition.version!r}, which is no version",
            "write it with `luminescent-contracts snapshot`",
        ) from None


def read_released(name: str, version: str, folder: Path | None = None) -> Edition:
    """Return one released version of a protocol.

    Raises:
        SourceError: the protocol or the version is not among the snapshots.
    """
    editions = released_editions(name, folder)
    where = str(folder) if folder else "the released snapshots"
    if not editions:
        known = sorted({str(data.get("protocol")) for data, _ in _snapshots(folder)})
        raise SourceError(
            f"{name}@{version}",
            f"{where} know no protocol {name}",
            f"name one of {', '.join(known) or 'none: the folder holds no snapshots'}",
        )
    try:
        wanted = next((v for v in editions if Version(v) == Version(version)), None)
    except InvalidVersion:
        wanted = None
    if wanted is None:
        raise SourceError(
            f"{name}@{version}",
            f"{name} was never released as {version}",
            f"name one of {', '.join(editions)}",
        )
    return editions[wanted]


def _snapshots(folder: Path | None) -> Iterator[tuple[Mapping[str, Any], str]]:
    root: Any
    if folder is None:
        root = resources.files("luminescent_cluster.extensions") / "snapshots"
    elif folder.is_dir():
        root = folder
    else:
        raise SourceError(str(folder), "there is no such folder", "check the path")
    if not root.is_dir():
        return
    for file in sorted(root.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".json"):
            continue
        try:
            data = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise SourceError(
                str(file), f"it is no snapshot: {error}", "write it anew, or remove it"
            ) from None
        if isinstance(data, dict) and "protocol" in data:
            yield data, str(file)
