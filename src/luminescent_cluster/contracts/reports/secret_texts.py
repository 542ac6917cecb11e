"""Values behind the names of secrets, in text: calls, dicts, pairs, headers, flags, prose."""

from __future__ import annotations

import re

from .secret_names import hides_numbers, is_class_of_secrets, is_secret_name
from .secret_shapes import REDACTED
from .secret_values import bare_end, bracket_end, header_end, literal_at, literal_end, literals

__all__ = ["without_named"]

_NAME = r"[A-Za-z_][A-Za-z0-9_.\- ]{0,60}"
_REST = r"[A-Za-z0-9_.\-]{0,60}"
_WORD = rf"[A-Za-z_]{_REST}"
_QUOTE = r"""\\?["']"""
_NAMED = re.compile(
    rf"""
    (?P<q>{_QUOTE})(?:name|key|header|field)(?P=q)\s*:\s*                  # 'name': 'x', 'value': v
      (?P=q)(?P<labelled>{_NAME})(?P=q)\s*,\s*(?P=q)(?:value|val|content)(?P=q)\s*:\s*
    | (?P<quote>{_QUOTE})(?P<quoted>{_NAME})(?P=quote)\s*(?::|=>|,|\]\s*=(?!=))\s*  # 'name': v
    | (?<![\w-])--(?P<flag>{_WORD}?)(?:=|\s+(?=[^\s-]))                    # --name v
    | (?<![A-Za-z0-9_.\-])(?P<made>[A-Z]{_REST})(?=\()                        # Name(v)
    | (?<![A-Za-z0-9_.\-])(?P<bare>{_WORD})(?:
        \s*(?:(?::\s*(?P<type>[\w.\[\]| ]{{1,40}}?))?=(?![=>])              # name=v, name: str = v
          |:=|[=!]=(?=\s*["'])|:(?=[ \t]*\S))                              # name == 'v', name: v
        | \s+(?=(?P<said>["'])(?=[^\s"']*\d)[^\s"']{{6,}}(?P=said))          # name 'v' is wrong
        | \s+(?:provided|given)\s*:                                         # name provided: v
      )[ \t]*
    """,
    re.VERBOSE,
)
_REACH = 2_000
_NUMBER = re.compile(r"[-+]?[0-9][0-9._]*\Z")
_PAIRS = (("(", ")"), ("[", "]"))
_EMPTY = ("''", '""', "b''", 'b""', "{}", "[]", "()")
_PLAIN = ("None", "True", "False", "null", "true", "false")


def without_named(text: str, found: set[str] | None) -> str:
    """Replace what stands behind the name of a secret.

    Args:
        text: what came from the extension.
        found: takes in what would be recognised elsewhere.
    """
    parts, at = [], 0
    while (match := _NAMED.search(text, at)) is not None:
        start = match.end()
        if match["type"] and not is_secret_name(match["bare"]):
            start = match.start("type")  # no annotation: `ConnectionError: password=…`
        for first, last in _places(text, match):
            shown = text[first:last]
            if not _is_value(_name(match), shown):
                continue
            if found is not None:
                found |= _recognisable(shown)
            parts += [text[at:first], _replacement(shown)]
            at = start = last
        # Go on right behind the name: its value may hold names of its own.
        parts.append(text[at:start])
        at = start
    return "".join([*parts, text[at:]])


def _name(match: re.Match[str]) -> str:
    return next(match[g] for g in ("labelled", "quoted", "flag", "made", "bare") if match[g])


def _places(text: str, match: re.Match[str]) -> list[tuple[int, int]]:
    """Give where the values of a name stand; nothing where it is no secret's."""
    name, start = _name(match), match.end()
    if match["made"]:
        if not is_class_of_secrets(name):
            return []
        near = text[: start + _REACH]  # brackets in brackets in brackets take no time this way
        return literals(text, start, bracket_end(near, start))
    if not is_secret_name(name):
        return []
    end = _value_end(text, start, name, match)
    return [(start, end)] if end > start else []


def _value_end(text: str, start: int, name: str, match: re.Match[str]) -> int:
    """Give where the value that begins at ``start`` ends; ``start`` itself where there is none."""
    is_pair = bool(match["quoted"]) and match[0].rstrip().endswith(",")
    literal = literal_at(text, start)
    if literal is not None:
        end = literal_end(text, literal.end(), literal["quote"])
        # ("cookie", "a=b") is a pair; ("token", "user", "key") is a list of names.
        before = text[: match.start()].rstrip("bBrRuU")[-1:]
        return start if is_pair and (before, text[end : end + 1]) not in _PAIRS else end
    if is_pair:
        return start
    end = bracket_end(text, start)
    if end > start:
        return end
    if match["bare"] and match[0].rstrip().endswith(":"):
        return header_end(text, start, name)
    return bare_end(text, start)


def _is_value(name: str, shown: str) -> bool:
    if shown in _PLAIN or shown in _EMPTY:
        return False
    return hides_numbers(name) if _NUMBER.match(shown) else True


def _replacement(shown: str) -> str:
    """Keep the quotes, so that a call still reads as a call."""
    literal = literal_at(shown, 0)
    return REDACTED if literal is None else literal[0] + REDACTED + literal["quote"]


def _recognisable(shown: str) -> set[str]:
    """Give what of a value would be recognised elsewhere: long, and no plain word or name."""
    texts = re.findall(r"[A-Za-z0-9._~+/=\-]{12,}", shown)
    return {t for t in texts if any(c.isdigit() for c in t) and any(c.isalpha() for c in t)}
