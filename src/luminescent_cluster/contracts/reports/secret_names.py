"""Which names stand before secrets: ``api_key`` does, ``primary_key`` does not."""

from __future__ import annotations

import re

__all__ = ["hides_numbers", "is_class_of_secrets", "is_secret_name"]

_WORDS = frozenset(
    """
    password passwd passphrase pwd secret secrets credential credentials authorization auth
    cookie cookies apikey apikeys accesskey privatekey secretkey token jwt bearer csrf xsrf
    session sessionid sid otp cvv cvc ssn passcode passwords pin
    """.split()  # noqa: SIM905 - a list would take a line for each word
)
# Written as one word with what comes before: `authtoken`, `PGPASSWORD`, `dbpass`.
_GLUED = re.compile(
    r"[a-z]+(?:password|passwd|passphrase|secret|token|apikey)\Z"
    r"|(?:db|pg|my|user|admin|root|smtp|redis|mysql)pass\Z"
)
# Plural names of secrets; a bare plural is something else: `tokens`, `keys`, `sessions`.
_PLURALS = {
    "keys": ("api", "access", "private", "secret", "signing"),
    "tokens": ("api", "access", "auth", "bearer", "refresh", "session"),
}
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
    password passwd pwd passphrase passcode otp cvv cvc ssn secret pin number
    """.split()  # noqa: SIM905 - a list would take a line for each word
)
_CLASSES = ("secret", "password", "passphrase", "token", "key", "str", "bytes")
# `InvalidToken("no such tenant")` is an error with a message.
_NO_CLASSES = frozenset("invalid missing expired bad no unknown wrong duplicate primary".split())  # noqa: SIM905
_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")


def is_secret_name(name: str) -> bool:
    """Tell whether a value under this name is nobody's business.

    ``tokens`` and ``total_tokens`` are what usage is counted in, and no secrets.
    """
    words = _words(name)
    if not words or words[-1] in _HARMLESS_ENDS:
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in _PLURALS:
        return before in _PLURALS[last]
    if last == "key":
        return before not in _HARMLESS_KEYS
    if last == "pass" or (before, last) in (("card", "number"), ("credit", "card")):
        return True
    return any(word in _WORDS or _GLUED.match(word) for word in words)


def hides_numbers(name: str) -> bool:
    """Tell whether a bare number under this name is a secret as well."""
    return any(word in _NUMBERS_TOO for word in _words(name))


def is_class_of_secrets(name: str) -> bool:
    """Tell whether a class's name promises that its instances hold a secret: ``SecretStr``."""
    words = _words(name)
    if not name[:1].isupper() or words[-1] not in _CLASSES or words[0] in _NO_CLASSES:
        return False
    return is_secret_name(name)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _SPLIT.split(name) if word]
