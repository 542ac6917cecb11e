"""Where the value behind a name ends: a literal, a bracket, the rest of a header, a word."""

from __future__ import annotations

import re

__all__ = ["bare_end", "bracket_end", "header_end", "literal_at", "literal_end", "literals"]

_LITERAL = re.compile(r"""(?:[bBrRuUfF]{0,2})(?P<quote>\\?(?:\"{3}|'{3}|["']))""")
_SCHEME = r"(?:(?i:Bearer|Basic|Digest|Negotiate|Token|ApiKey)\s+)?"
_BARE = re.compile(rf"""{_SCHEME}[^\s,;&)\]}}'"]+""")
_HEADER = re.compile(r"""[^\r\n'"]+""")
_ONE_WORD = re.compile(r"""[^\s'"]+(?=[ \t]*(?:[\r\n'"]|\Z))""")
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_HEADERS = ("authorization", "proxy-authorization", "cookie", "set-cookie")


def literal_at(text: str, start: int) -> re.Match[str] | None:
    """Give the prefix and quote of the literal that begins at ``start``, if one does."""
    return _LITERAL.match(text, start)


def literal_end(text: str, start: int, quote: str) -> int:
    """Give where a literal ends whose quote ends at ``start``; the text's end if it was cut."""
    if len(quote) > 1:  # three quotes, or an escaped one inside a text that was printed twice
        end = text.find(quote, start)
        return len(text) if end < 0 else end + len(quote)
    at = start
    while at < len(text) and text[at] != quote:
        at += 2 if text[at] == "\\" else 1
    return min(at + 1, len(text))


def bracket_end(text: str, start: int) -> int:
    """Give where the bracket closes that opens at ``start``; ``start`` where there is none."""
    if text[start : start + 1] not in _CLOSING:
        return start
    stack, at = [], start
    while at < len(text):
        letter = text[at]
        if letter in _CLOSING:
            stack.append(_CLOSING[letter])
        elif stack and letter == stack[-1]:
            stack.pop()
            if not stack:
                return at + 1
        elif letter in "\"'":
            at = literal_end(text, at + 1, letter)
            continue
        at += 1
    return len(text)


def bare_end(text: str, start: int) -> int:
    """Give where a value without quotes ends; ``start`` where there is none."""
    value = _BARE.match(text, start)
    return value.end() if value else start


def header_end(text: str, start: int, name: str) -> int:
    """As :func:`bare_end` for ``name: value``, where prose and annotations are no values.

    ``Cookie: a=b`` is a header; ``the key: quote it`` and ``token: str`` are not.
    """
    whole = name.lower() in _HEADERS
    value = (_HEADER if whole else _ONE_WORD).match(text, start)
    if value is None:
        return start
    told = any(c.isdigit() for c in value[0]) or (len(value[0]) >= 8 and name.lower() != "key")
    return value.end() if whole or told else start


def literals(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Give where literals stand between two places, quotes included."""
    found, at = [], start
    while at < end:
        if text[at] in "\"'":
            stop = min(literal_end(text, at + 1, text[at]), end)
            found.append((at, stop))
            at = stop
        else:
            at += 1
    return found
