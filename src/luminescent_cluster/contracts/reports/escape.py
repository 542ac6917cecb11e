"""Make text harmless where it is shown: one function per place. Each makes controls visible."""

from __future__ import annotations

import html as _html
import re
from functools import lru_cache

__all__ = [
    "as_html",
    "as_markdown",
    "as_markdown_block",
    "as_markdown_html",
    "as_workflow_data",
    "as_workflow_property",
    "as_xml",
    "visible",
]

_BIDI_OR_HIDDEN = re.compile(r"[^\n\x20-\x7e]")
_MARKDOWN = re.compile(r"([\\`*_\[\]#|~$])")
# GitHub makes links of @name and #1 even where they are escaped; a zero-width space keeps it off.
_REFERENCE = re.compile(r"(@(?=[A-Za-z0-9])|(?<!&)#(?=[0-9]))")
_FENCES = re.compile(r"`+")
_COMMAND = re.compile(r"(?m)^(\s*):(?=:)|##(?=\[)")


def visible(text: str) -> str:
    """Show what does not print (controls, ANSI, bidirectional marks, surrogates) as escapes.

    New lines stay. So does nothing that a CI runner would take for a command: ``::`` at the
    beginning of a line and ``##[`` anywhere.
    """
    if not text.isascii() or not text.isprintable():
        text = _BIDI_OR_HIDDEN.sub(_escaped, text)
    if "::" in text or "##[" in text:
        text = _COMMAND.sub(lambda m: "#\\x23" if m[1] is None else m[1] + "\\x3a", text)
    return text


def _escaped(match: re.Match[str]) -> str:
    letter = match[0]
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode()


@lru_cache(maxsize=4096)
def as_html(text: str) -> str:
    """For HTML text and for attribute values in double quotes."""
    return _html.escape(visible(text))


def as_xml(text: str) -> str:
    """For XML text and for attribute values in double quotes; nothing that XML 1.0 forbids."""
    return _html.escape(visible(text)).replace("\n", "&#10;").replace("&#x27;", "&apos;")


def as_markdown(text: str) -> str:
    """For one line of Markdown, a table's cell included: no markup, mention, link or reference."""
    line = _html.escape(" ".join(visible(text).split()), quote=False)
    line = _MARKDOWN.sub(r"\\\1", line)
    line = line.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")
    return _REFERENCE.sub(r"\1&#8203;", line)


def as_markdown_html(text: str) -> str:
    """For one line inside an HTML element of Markdown, where no Markdown is read."""
    return _REFERENCE.sub(r"\1&#8203;", as_html(" ".join(visible(text).split())))


def as_markdown_block(text: str, language: str = "") -> str:
    """As a block of code that its text cannot end."""
    shown = visible(text)
    longest = max((len(run) for run in _FENCES.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def as_workflow_data(text: str) -> str:
    """For the message of a GitHub workflow command."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def as_workflow_property(text: str) -> str:
    """For a property of a GitHub workflow command."""
    return as_workflow_data(text).replace(":", "%3A").replace(",", "%2C")
