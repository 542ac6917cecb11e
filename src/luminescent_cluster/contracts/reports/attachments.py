"""What other commands print as JSON and a report shows beside its runs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from .document import Document
from .redact import redact_data

__all__ = ["attach", "is_attachment"]


def is_attachment(text: str) -> bool:
    """Tell whether a text is output of ``matrix --format json`` or ``faults --format json``."""
    return bool(_versions(text) or _kills(text))


def attach(document: Document, text: str) -> Document:
    """Give a document with what :func:`is_attachment` recognises taken in."""
    return dataclasses.replace(
        document,
        versions=(*document.versions, *redact_data(_versions(text))),
        kills=(*document.kills, *redact_data(_kills(text))),
    )


def _versions(text: str) -> list[Mapping[str, Any]]:
    data = _read(text)
    found = data if isinstance(data, list) else []
    return [d for d in found if isinstance(d, Mapping) and "implementation" in d and "cells" in d]


def _kills(text: str) -> list[Mapping[str, Any]]:
    data = _read(text)
    if isinstance(data, Mapping) and "runs" not in data:
        data = data.get("kills")
    found = data if isinstance(data, list) else []
    return [d for d in found if isinstance(d, Mapping) and "fault" in d and "outcome" in d]


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
