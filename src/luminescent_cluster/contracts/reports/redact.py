"""Keep secrets out of reports: what stands under a telling name, or looks like a credential.

Works on text, because evidence is text: calls and results as the kit printed them. Three rules:

* what follows a secret's name (``'api_key': …``, ``password=…``, ``(b'cookie', …)``,
  ``Authorization: …``) is replaced, a whole bracketed value included;
* what looks like a credential wherever it stands (a bearer token, a JWT, a provider's key, a
  private key, the password of a URL) is replaced;
* a long value that was replaced once is replaced in the rest of the same result too, because an
  error message likes to repeat it without its name.

Addresses of objects go the same way: they differ from run to run and tell nobody anything.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..clauses import Report, Result

__all__ = ["REDACTED", "is_secret_name", "redact", "redact_data", "redact_report", "redact_result"]

REDACTED = "[redacted]"
"""What stands where a secret stood."""

_WORDS = frozenset(
    """
    password passwd passphrase pwd secret secrets credential credentials authorization auth
    cookie cookies apikey apikeys accesskey privatekey secretkey token jwt bearer csrf xsrf
    session sessionid sid otp cvv cvc ssn passcode passwords
    """.split()  # noqa: SIM905 - a list would take a line for each word
)
# Names that end like this hold no secret: `token_count`, `cookie_policy`, `auth_method`.
_HARMLESS_ENDS = frozenset(
    """
    count counts limit total usage used type kind name method methods scheme enabled required
    provider url uri expiry expires ttl length size policy status
    """.split()  # noqa: SIM905 - a list would take a line for each word
)
_HARMLESS_KEYS = frozenset(
    """
    primary foreign sort partition cache public idempotency row group order routing object
    dict storage unknown missing extra
    """.split()  # noqa: SIM905 - a list would take a line for each word
)
_NUMBERS_TOO = frozenset(
    """
    password passwd pwd passphrase passcode otp cvv cvc ssn secret
    """.split()  # noqa: SIM905 - a list would take a line for each word
)
_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")

_NAME = r"[A-Za-z_][A-Za-z0-9_.\- ]{0,60}"
_NAMED = re.compile(
    rf"""
    (?P<quote>\\?["'])(?P<quoted>{_NAME})(?P=quote)\s*(?::|=>|,|\]\s*=(?!=))\s*   # 'name': value
    | (?<![A-Za-z0-9_.\-])(?P<bare>[A-Za-z_][A-Za-z0-9_.\-]{{0,60}})\s*
      (?:=(?![=>])|:(?=[ \t]*\S))[ \t]*                                           # name=value
    """,
    re.VERBOSE,
)
_HINT = re.compile(
    r"pass|pwd|secret|cred|auth|cookie|key|token|jwt|bearer|[cx]srf|session|sid|otp|cv[vc]|ssn"
    r"|://|[sprw]k_|whsec_|gh[pousr]_|github_pat_|glpat-|xox|AKIA|ASIA|AIza|eyJ|PRIVATE| at 0x",
    re.IGNORECASE,
)
_SHAPES = re.compile(
    r"""
    (?P<scheme>\b(?:Bearer|Basic|Digest|Negotiate)\s+)(?!realm\b)[A-Za-z0-9._~+/=\-]{6,}
    | (?P<url>\b[a-z][a-z0-9+.\-]*://[^\s/:@'"]*:)[^\s/@'"]+(?=@)
    | \beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{4,}(?:\.[A-Za-z0-9_\-]*)?
    | \b(?:[srp]k|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{10,}
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_[A-Za-z0-9_]{20,} | \bglpat-[A-Za-z0-9_\-]{16,}
    | \bxox[abposr]-[A-Za-z0-9\-]{10,} | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b | \bAIza[A-Za-z0-9_\-]{30,}
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")
_LITERAL = re.compile(r"""(?:[bBrRuU]{0,2})(?P<quote>\\?["'])""")
_BARE_VALUE = re.compile(r"""[^\s,;&)\]}'"]+""")
_HEADER_VALUE = re.compile(r"""[^\r\n'"]+""")
_NUMBER = re.compile(r"[-+]?[0-9][0-9._]*\Z")
_CLOSING = {"{": "}", "[": "]", "(": ")"}
_PAIRS = (("(", ")"), ("[", "]"))
_PLAIN = frozenset(
    """
    None True False null true false
    """.split()  # noqa: SIM905 - a list would take a line for each word
)


def is_secret_name(name: str) -> bool:
    """Tell whether a value under this name is nobody's business.

    ``tokens`` and ``total_tokens`` are what usage is counted in, and no secrets.
    """
    words = [word.lower() for word in _SPLIT.split(name) if word]
    if not words or words[-1] in _HARMLESS_ENDS:
        return False
    if words[-1] in ("key", "keys"):
        if words[-1] == "keys":
            return len(words) > 1 and words[-2] in ("api", "access", "private", "secret", "signing")
        return len(words) == 1 or words[-2] not in _HARMLESS_KEYS
    return any(word in _WORDS for word in words)


def redact(text: str, found: set[str] | None = None) -> str:
    """Replace secrets in a text.

    Args:
        text: what came from the extension.
        found: takes in what was replaced under a name and is long enough to be recognised
            elsewhere.
    """
    if not _HINT.search(text):
        return text
    return _ADDRESS.sub(" at 0x…", _without_shapes(_without_named(text, found)))


def redact_data(value: Any, found: set[str] | None = None) -> Any:
    """Replace secrets in JSON-able data: by the names of mappings, and inside every text."""
    if isinstance(value, str):
        return redact(value, found)
    if isinstance(value, Mapping):
        return {
            redact(str(key), found): (
                REDACTED
                if is_secret_name(str(key)) and _hideable(str(key), inner)
                else redact_data(inner, found)
            )
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redact_data(inner, found) for inner in value]
    return value


def redact_result(result: Result) -> Result:
    """Give a result whose every text is free of secrets."""
    if not (result.message or result.notes or result.extra or result.evidence):
        return result
    found: set[str] = set()
    result = _changed(
        result, lambda text: redact(text, found), lambda data: redact_data(data, found)
    )
    if found:
        repeated = re.compile("|".join(map(re.escape, sorted(found, key=len, reverse=True))))

        def again(text: str) -> str:
            return repeated.sub(REDACTED, text)

        result = _changed(result, again, lambda data: _in_texts(data, again))
    return result


def _changed(result: Result, text: Callable[[str], str], data: Callable[[Any], Any]) -> Result:
    return dataclasses.replace(
        result,
        message=text(result.message),
        fix=text(result.fix),
        evidence=tuple(map(text, result.evidence)),
        history=tuple(map(text, result.history)),
        notes=tuple(map(text, result.notes)),
        extra={key: data(value) for key, value in result.extra.items()},  # our own names
    )


def redact_report(report: Report) -> Report:
    """Give a report whose every text is free of secrets."""
    return dataclasses.replace(
        report,
        results=tuple(redact_result(result) for result in report.results),
        problems=tuple(redact(text) for text in report.problems),
        notes=tuple(redact(text) for text in report.notes),
        subjects={name: redact_data(facts) for name, facts in report.subjects.items()},
    )


def _in_texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _in_texts(inner, change) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_in_texts(inner, change) for inner in value]
    return value


def _hideable(name: str, value: Any) -> bool:
    """Tell whether a value can be a secret: a number only under names like password."""
    if value is None or isinstance(value, bool) or value in ("", [], {}, ()):
        return False
    if isinstance(value, (int, float)):
        return any(word.lower() in _NUMBERS_TOO for word in _SPLIT.split(name))
    return True


def _without_shapes(text: str) -> str:
    return _SHAPES.sub(lambda m: (m["scheme"] or m["url"] or "") + REDACTED, text)


def _without_named(text: str, found: set[str] | None) -> str:
    parts, at = [], 0
    while (match := _NAMED.search(text, at)) is not None:
        name = match["quoted"] or match["bare"]
        start, end = match.end(), match.end()
        if is_secret_name(name):
            end = _value_end(text, start, name, match)
        shown = text[start:end]
        if end == start or not _hideable(name, _as_number(shown)) or shown in _PLAIN:
            # Go on right behind the name: its value may hold names of its own.
            parts.append(text[at:start])
            at = start
            continue
        if found is not None:
            found |= _recognisable(shown)
        parts += [text[at:start], _replacement(shown)]
        at = end
    return "".join([*parts, text[at:]])


def _value_end(text: str, start: int, name: str, match: re.Match[str]) -> int:
    """Give where the value that begins at ``start`` ends; ``start`` itself where there is none."""
    is_pair = bool(match["quoted"]) and match[0].rstrip().endswith(",")
    literal = _LITERAL.match(text, start)
    if literal is not None:
        end = _literal_end(text, literal.end(), literal["quote"])
        # ("cookie", "a=b") is a pair; ("token", "user", "key") is a list of names.
        before = text[: match.start()].rstrip("bBrRuU")[-1:]
        return start if is_pair and (before, text[end : end + 1]) not in _PAIRS else end
    if is_pair:
        return start
    if text[start : start + 1] in _CLOSING:
        return _bracket_end(text, start)
    is_header = match["bare"] and match[0].rstrip().endswith(":")
    value = (_HEADER_VALUE if is_header else _BARE_VALUE).match(text, start)
    if value is None:
        return start
    if is_header and not _reads_as_header(name, value[0]):
        return start
    return value.end()


def _reads_as_header(name: str, value: str) -> bool:
    """``Cookie: a=b`` is a header; ``the key: quote it`` and ``token: str`` are prose and code."""
    if name.lower() in ("authorization", "proxy-authorization", "cookie", "set-cookie"):
        return True
    first = value.split()[0]
    return len(value.split()) == 1 and (len(first) >= 8 or any(c.isdigit() for c in first))


def _literal_end(text: str, start: int, quote: str) -> int:
    if len(quote) > 1:  # an escaped quote, inside a text that was printed twice
        end = text.find(quote, start)
        return len(text) if end < 0 else end + len(quote)
    at = start
    while at < len(text) and text[at] != quote:
        at += 2 if text[at] == "\\" else 1
    return min(at + 1, len(text))


def _bracket_end(text: str, start: int) -> int:
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
            at = _literal_end(text, at + 1, letter)
            continue
        at += 1
    return len(text)


def _as_number(shown: str) -> Any:
    if _NUMBER.match(shown):
        return 0.5
    return "" if shown in ("''", '""', "b''", 'b""', "{}", "[]", "()") else shown


def _replacement(shown: str) -> str:
    """Keep the quotes, so that a call still reads as a call."""
    literal = _LITERAL.match(shown)
    if literal is not None:
        return literal[0] + REDACTED + literal["quote"]
    return REDACTED


def _recognisable(shown: str) -> set[str]:
    """Give what of a value would be recognised elsewhere: long, and no plain word or name."""
    texts = re.findall(r"[A-Za-z0-9._~+/=\-]{12,}", shown)
    return {t for t in texts if any(c.isdigit() for c in t) and any(c.isalpha() for c in t)}
