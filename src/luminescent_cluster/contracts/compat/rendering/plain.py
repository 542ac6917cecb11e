"""Making text from foreign sources harmless, for terminals, Markdown and workflow commands."""

from __future__ import annotations

import re

__all__ = ["for_markdown", "for_terminal", "for_workflow"]


def for_terminal(text: str) -> str:
    """Return text without control characters: escape sequences and new lines are written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def for_markdown(text: str) -> str:
    """Return text as Markdown that shows exactly its characters."""
    plain = for_terminal(text)
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|#@])", r"\\\1", plain)


def for_workflow(text: str) -> str:
    """Return text for the message of a GitHub workflow command."""
    return for_terminal(text).replace("%", "%25").replace("::", ":\u200b:")
