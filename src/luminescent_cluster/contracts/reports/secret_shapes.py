"""What looks like a credential wherever it stands, without a name before it."""

from __future__ import annotations

import re

__all__ = ["REDACTED", "without_shapes"]

REDACTED = "[redacted]"
"""What stands where a secret stood."""

_SHAPES = re.compile(
    r"""
    (?P<scheme>\b(?:Bearer|Digest|Negotiate)\s+)(?!realm\b)[A-Za-z0-9._~+/=\-]{6,}
    | (?P<basic>\bBasic\s+)(?=[a-z]*[A-Z0-9+/=])[A-Za-z0-9+/=\-_]{6,}
    | (?P<lower>\b(?:bearer|basic)\s+)(?=[A-Za-z._~+/=\-]*[0-9])[A-Za-z0-9._~+/=\-]{8,}
    | (?P<host>\b[a-z][a-z0-9+.\-]*://)[^\s/:@'"]+:x-oauth-basic(?=@)
    | (?P<url>\b[a-z][a-z0-9+.\-]*://[^\s/:@'"]*:)[^\s/@'"]+(?=@)
    | (?P<query>[?&](?:X-(?:Amz|Goog)-(?:Signature|Security-Token)|sig|signature)=)[^\s&'"]+
    | (?P<user>\s-u\s+[^\s:'"]+:)[^\s'"]+
    | \beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{4,}(?:\.[A-Za-z0-9_\-]*)?
    | \b(?:[srp]k|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{10,}
    | \bsk-(?:[a-z]{2,8}-)?[A-Za-z0-9_\-]{20,}
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_[A-Za-z0-9_]{20,} | \bglpat-[A-Za-z0-9_\-]{16,}
    | \b(?:npm|hf)_[A-Za-z0-9]{30,} | \bpypi-[A-Za-z0-9_\-]{16,} | \bdop_v1_[A-Za-z0-9]{20,}
    | \bxox[abposr]-[A-Za-z0-9\-]{10,} | \bxapp-[A-Za-z0-9\-]{10,}
    | \bSG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,} | \bya29\.[A-Za-z0-9_\-]{16,}
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b | \bAIza[A-Za-z0-9_\-]{30,}
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----.*?(?:-----END\ [A-Z ]*PRIVATE\ KEY-----|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)


def without_shapes(text: str) -> str:
    """Replace bearer tokens, JWTs, keys of providers, private keys, passwords in URLs."""
    return _SHAPES.sub(lambda m: (m[m.lastgroup] if m.lastgroup else "") + REDACTED, text)
