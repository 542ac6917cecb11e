"""Rules about documentation and about what no caller and no implementer can see."""

from __future__ import annotations

from typing import Final

from .model import Rule

__all__ = ["OTHER_RULES"]

OTHER_RULES: Final = (
    Rule(
        "DOC-01",
        "documentation changed",
        "Docstrings say what a protocol means. Comments and layout are no change at all.",
        "PATCH",
        'def log(self, event: str) -> None:\n    """Record an event."""',
        'def log(self, event: str) -> None:\n    """Record an event, or raise."""',
        "nothing to do",
    ),
    Rule(
        "DOC-02",
        "a default body changed",
        "No signature shows it. Who relies on the default of an optional method gets another "
        "behaviour: say so in the release notes.",
        "PATCH",
        "def flush(self) -> int:\n    return 0",
        "def flush(self) -> int:\n    return 1",
        "describe the change in the release notes",
    ),
    Rule(
        "DOC-03",
        "the value of an attribute changed",
        "Implementations have values of their own; only classes that inherit from the protocol "
        "explicitly see this one.",
        "PATCH",
        "limit: int = 10",
        "limit: int = 20",
        "describe the change in the release notes",
    ),
    Rule(
        "DOC-04",
        "the version in @optional(since=…) changed",
        "It documents when the member came.",
        "PATCH",
        '@optional(since="1.1.0")\ndef flush(self) -> int:\n    return 0',
        '@optional(since="1.2.0")\ndef flush(self) -> int:\n    return 0',
        "nothing to do",
    ),
)
