"""HTML elements as text, with every text and attribute escaped on its way in."""

from __future__ import annotations

from collections.abc import Iterable

from ..escape import as_html

__all__ = ["Html", "attributes", "element", "join", "raw", "text"]


class Html(str):
    """Text that is HTML already. Only this module and literals make it."""

    __slots__ = ()

    def __add__(self, other: str) -> Html:
        """Give both; what is not HTML is escaped."""
        return Html(str.__add__(self, text(other)))


def text(value: object) -> Html:
    """Give a value as escaped text."""
    return value if isinstance(value, Html) else Html(as_html(str(value)))


def raw(markup: str) -> Html:
    """Take a literal of our own as HTML."""
    return Html(markup)


def attributes(given: dict[str, object]) -> str:
    """Give attributes; ``class_`` is ``class``, ``aria_label`` is ``aria-label``, True stands
    alone, None and False are left out."""
    parts = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        parts.append(f" {name}" if value is True else f' {name}="{as_html(str(value))}"')
    return "".join(parts)


def element(name: str, *content: object, **given: object) -> Html:
    """Give an element. What is not :class:`Html` among its content is escaped."""
    inner = "".join(text(part) for part in content)
    return Html(f"<{name}{attributes(given)}>{inner}</{name}>")


def join(parts: Iterable[object], between: str = "") -> Html:
    """Put parts together, with a literal of our own between them."""
    return Html(between.join(text(part) for part in parts))
