"""The formats by name, and what ``--contracts-report html=…,json=…`` asks for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import badge, github, intoto, junit, markdown, page, text
from .document import Document
from .jsonfile import dumps

__all__ = ["FORMATS", "FormatError", "Request", "parse_requests", "rendered", "write"]

FORMATS: Mapping[str, Callable[[Document], str]] = {
    "html": page.render,
    "json": dumps,
    "md": markdown.render,
    "junit": junit.render,
    "github": github.render,
    "intoto": intoto.render,
    "badge": badge.render,
    "text": text.render,
}
"""Each format's name and what makes it of a document."""
Artifacts = Mapping[str, Mapping[str, str]]
"""What was tested: name to digests."""
_ALIASES = {"markdown": "md", "xml": "junit", "in-toto": "intoto", "txt": "text"}
_NEXT = re.compile(r",(?=[A-Za-z-]+=)")


class FormatError(ValueError):
    """A report was asked for that cannot be made or written; the message gives the remedy."""


@dataclass(frozen=True)
class Request:
    """One report that somebody wants.

    Attributes:
        format: a key of :data:`FORMATS`.
        path: where it goes.
    """

    format: str
    path: Path


def parse_requests(values: Iterable[str], folder: Path | None = None) -> list[Request]:
    """Read values such as ``html=report.html,json=report.json``.

    Args:
        values: what was asked for; each may name several.
        folder: what relative paths are relative to.

    Raises:
        FormatError: a part is not ``format=path``, a format is unknown, or a path stands twice.
    """
    requests: list[Request] = []
    for part in (part for value in values for part in _NEXT.split(value)):
        name, equals, path = part.partition("=")
        name = _ALIASES.get(name.strip().lower(), name.strip().lower())
        if not equals or not path.strip():
            raise FormatError(
                f"{part!r} names no file; write for instance html=report.html,json=report.json"
            )
        if name not in FORMATS:
            raise FormatError(f"there is no format {name!r}; there are {', '.join(FORMATS)}")
        if path.strip() == "-":
            raise FormatError(
                "a report goes into a file; luminescent-contracts report FILE --format prints one"
            )
        target = (folder or Path()) / path.strip()
        if any(request.path == target for request in requests):
            raise FormatError(f"{path}: two reports cannot go into one file")
        requests.append(Request(name, target))
    return requests


def rendered(document: Document, request: Request, artifacts: Artifacts | None = None) -> str:
    """Give what goes into the file of a request.

    Args:
        document: what to render.
        request: the format, and the path, whose suffix tells an SVG badge from a JSON one.
        artifacts: what was tested, for an in-toto statement.
    """
    if request.format == "intoto":
        return intoto.render(document, artifacts)
    if request.format == "badge" and request.path.suffix == ".svg":
        return badge.render_svg(document)
    return FORMATS[request.format](document)


def write(
    document: Document, requests: Iterable[Request], artifacts: Artifacts | None = None
) -> None:
    """Write reports, each as a whole or not at all; a step summary is appended to.

    Args:
        document: what to render.
        requests: what to write, and where.
        artifacts: what was tested, for an in-toto statement.

    Raises:
        FormatError: one could not be made or written. The others were.
    """
    errors = []
    for request in requests:
        try:
            content = rendered(document, request, artifacts)
            _put(request.path, content, append=_is_summary(request.path))
        except (OSError, intoto.NoArtifactError) as error:
            errors.append(f"the {request.format} report {request.path} was not written: {error}")
    if errors:
        raise FormatError("\n".join(errors))


def _is_summary(path: Path) -> bool:
    return str(path) == os.environ.get("GITHUB_STEP_SUMMARY", "")


def _put(path: Path, content: str, *, append: bool) -> None:
    data = content.encode("utf-8", "backslashreplace")
    path.parent.mkdir(parents=True, exist_ok=True)
    if append or not (path.is_file() or not path.exists()):  # a summary, a device, a pipe
        with path.open("ab") as file:
            file.write(data)
        return
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
