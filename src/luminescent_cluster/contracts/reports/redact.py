"""Keep secrets out of reports: what stands under a telling name, or looks like a credential.

Works on text, because evidence is text: calls and results as the kit printed them. Three rules:

* what follows a secret's name (``'api_key': …``, ``password=…``, ``(b'cookie', …)``,
  ``Authorization: …``, ``--token …``) is replaced, a whole bracketed value included;
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
from .secret_names import hides_numbers, is_secret_name
from .secret_shapes import REDACTED, without_shapes
from .secret_texts import without_named

__all__ = ["REDACTED", "is_secret_name", "redact", "redact_data", "redact_report", "redact_result"]

_HINT = re.compile(
    r"pass|pwd|secret|cred|auth|cookie|key|token|jwt|bearer|[cx]srf|session|sid|otp|cv[vc]|ssn"
    r"|\bpin\b|card|basic|digest|negotiate|sig=|signature=| -u |sk-|SG\.|npm_|hf_|pypi-|dop_v1|ya29"
    r"|://|[sprw]k_|whsec_|gh[pousr]_|github_pat_|glpat-|xox|xapp-|AKIA|ASIA|AIza|eyJ|PRIVATE"
    r"| at 0x",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")


def redact(text: str, found: set[str] | None = None) -> str:
    """Replace secrets in a text.

    Args:
        text: what came from the extension.
        found: takes in what was replaced under a name and is long enough to be recognised
            elsewhere.
    """
    if not _HINT.search(text):
        return text
    return _ADDRESS.sub(" at 0x…", without_shapes(without_named(text, found)))


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
    return hides_numbers(name) if isinstance(value, (int, float)) else True
