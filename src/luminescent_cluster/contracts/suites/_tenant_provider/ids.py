"""Tenant ids chosen to bite: plain ones, and for each the ids that are nearly it."""

from __future__ import annotations

import string
import unicodedata
import uuid
from functools import cache
from typing import Any

from hypothesis import strategies as st

__all__ = [
    "BLANK",
    "ODD_IDS",
    "beside",
    "fold",
    "many_ids",
    "near_ids",
    "parted_ids",
    "plain_ids",
    "tricky_ids",
    "unknown_name",
    "wildcards",
]

BLANK = ("", " ", "\t", "\n", "   ", "\r\n", "\u00a0", "\u3000", "\u2003 ")
"""Ids that say nothing."""

_LOOK_ALIKE = str.maketrans("aceopxyiAEOTK0l", "асеорхуіАЕОТКOI")  # noqa: RUF001 - on purpose
_WIDE = {ord(" ") + n: 0xFF00 + n for n in range(1, 95)}
_WORDS = (
    "acme", "globex", "initech", "tenant-123", "café", "straße", "a", "42", "007", "acme-corp",
    "org.unit", "eu-west_1", "admin", "null",
)  # fmt: skip
ODD_IDS = (
    "*", "%", "_", "?", ".", ".*", "..", "$", "$ne", "$eq", "$where", "^", "[a-z]+", "{}", "[]",
    '{"$ne": null}', '{"$regex": ".*"}', '{"$gt": ""}', "' OR '1'='1", '" or ""="', "'; --",
    "acme' --", "\\", "a\\", "\0", "\ud800", "a\udfff", "a\u202eb", "\u200b", "\ufeffacme",
    "true", "false", "None", "nan", "0", "-1", "1e3", "0x2a", "line\nbreak", "tab\tbed", "a,b",
    "a|b", "a;b", "a/b", "a:b", "a&b=c", "%s", "{0}", "${HOME}", "٤٢", "ﬁ", "İ", "\u0131", "ß", "Å",
    "admin", "root", "system", "superuser", "default", "public", "all", "internal", "support",
)  # fmt: skip


@cache
def plain_ids() -> Any:
    """Ids as a company would give them: lower-case letters, digits and hyphens."""
    return st.one_of(
        st.sampled_from(("acme", "globex", "initech", "tenant-123", "umbrella")),
        st.builds(
            "{}{}".format,
            st.sampled_from("abcdefghijklmnopqrstuvwxyz"),
            st.text("abcdefghijklmnopqrstuvwxyz0123456789", max_size=12),
        ),
        st.integers(0, 2**128 - 1).map(lambda number: str(uuid.UUID(int=number))),
    )


@cache
def tricky_ids() -> Any:
    """Ids that a careless comparison, pattern, cache or query takes for another's."""
    return st.one_of(
        st.sampled_from(_WORDS).flatmap(lambda word: st.sampled_from(near_ids(word))),
        plain_ids().flatmap(lambda word: st.sampled_from(near_ids(word))),
        st.sampled_from(ODD_IDS),
        st.text(st.characters(), min_size=1, max_size=8).filter(lambda text: bool(text.strip())),
    )


@cache
def near_ids(tenant: str) -> tuple[str, ...]:
    """Give ids that are nearly ``tenant`` and not it: case, composition, width, look-alikes, white
    space, patterns, operators, quotes, escapes, ends, lengths.
    """
    middle = max(1, len(tenant) // 2)
    head, tail = tenant[:middle], tenant[middle:]
    variants = (
        tenant + "2",
        "x" + tenant,
        tenant[:-1],
        tenant[1:],
        tenant.upper(),
        tenant.lower(),
        tenant.swapcase(),
        tenant.title(),
        unicodedata.normalize("NFD", tenant),
        unicodedata.normalize("NFC", tenant),
        head + "e\u0301" + tail,
        head + "é" + tail,
        tenant.translate(_WIDE),
        tenant.translate(_LOOK_ALIKE),
        " " + tenant,
        tenant + " ",
        tenant + "\n",
        "\t" + tenant,
        head + " " + tail,
        tenant + "\u00a0",
        tenant + "\u200b",
        head + "\u00ad" + tail,
        tenant + ".",
        head + "." + tail[1:],
        tenant.replace(".", "x"),
        tenant.replace("-", "_"),
        tenant.replace("_", "-"),
        tenant + "*",
        tenant + "%",
        head + "%",
        "_" * len(tenant),
        "^" + tenant + "$",
        tenant + "|globex",
        tenant + "' OR '1'='1",
        '"' + tenant + '"',
        "'" + tenant + "'",
        "$" + tenant,
        f"%{ord(tenant[0]):02x}{tenant[1:]}",
        f"\\u{ord(tenant[0]):04x}{tenant[1:]}",
        f"&#{ord(tenant[0])};{tenant[1:]}",
        tenant + "\0",
        tenant + "\0x",
        tenant + "\ud800",
        "0" + tenant,
        tenant.lstrip("0"),
        tenant + ".0",
        tenant + "/" + tenant,
        tenant + '"}, "x": {"$ne": "',
        tenant + '", "$ne": "',
        tenant + "', '$ne': '",
        tenant + '\\", "$ne": "',
        tenant + "-" + "x" * 64,
        tenant + "-" + "x" * 63 + "y",
        tenant + "-" + "x" * 300,
        tenant + "-" + "x" * 299 + "y",
        tenant[::-1],
    )
    return tuple(dict.fromkeys(v for v in variants if v != tenant and v.strip()))


def wildcards(tenant: str) -> tuple[str, ...]:
    """Give patterns that ``tenant`` matches in one of the languages that have patterns."""
    head = tenant[: max(1, len(tenant) // 2)]
    return head + "%", head + "*", head + ".*", "_" * len(tenant), "?" * len(tenant)


@cache
def parted_ids(tenant: str) -> tuple[str, ...]:
    """Give ids that hold ``tenant`` as one of two parts, for everything that splits at a sign."""
    parted = ((f"{tenant}{sign}x", f"x{sign}{tenant}") for sign in string.punctuation + " ")
    return tuple(name for pair in parted for name in pair)


def beside(tenant: str) -> tuple[str, ...]:
    """Give plain ids that nearly are ``tenant``: longer, shorter, of the same length."""
    last = "b" if tenant[-1:] == "a" else "a"
    return (
        tenant + "2", "x" + tenant, tenant + "a", tenant[:-1], tenant[1:], tenant + tenant,
        tenant[:-1] + last, tenant[1:] + tenant[:1],
    )  # fmt: skip


def many_ids(count: int) -> list[str]:
    """Give distinct plain ids, enough to fill a cache, in an order that no sorting gives."""
    return [f"tenant-{(n * 7919) % 100_003:06d}" for n in range(count)]


def fold(text: str) -> str:
    """Give the spelling that text shares with all its variants in case, width and composition."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def unknown_name(kind: str) -> Any:
    """Names that nobody bears, such as ``"no-such-user-3f9a"``."""
    return st.integers(0x1000, 0xFFFF).map(lambda n: f"no-such-{kind}-{n:x}")
