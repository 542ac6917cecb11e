"""Tenant ids that careless code takes for one another."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import strategies as st

__all__ = ["SIGNS", "is_text", "joined", "near_pairs", "pairs", "tricky"]

SIGNS = string.punctuation + " "
"""What ids and names are joined with."""

_LOOK_ALIKES = str.maketrans("aceopxy", "асеорху")  # noqa: RUF001 - on purpose
_WIDE = {code: code - 0x20 + 0xFF00 for code in range(0x21, 0x7F)}
_BASES = ("acme", "globex-eu", "tenant-123", "a", "café", "straße", "Ünal", "x.y", "org_1", "0042")

# Each makes another id of an id. Some leave an id as it is; those pairs are left out.
_CHANGES: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.title,
    str.swapcase,
    str.casefold,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: unicodedata.normalize("NFKC", name.translate(_WIDE)) + "\u0301",
    lambda name: name.translate(_WIDE),
    lambda name: name.translate(_LOOK_ALIKES),
    lambda name: name + " ",
    lambda name: " " + name,
    lambda name: name + "\n",
    lambda name: name + "\t",
    lambda name: name + "\u00a0",
    lambda name: name + "\u200b",
    lambda name: name[:1] + "\u00ad" + name[1:],
    lambda name: name[:1] + "\u2028" + name[1:],
    lambda name: name + "2",
    lambda name: name + ".",
    lambda name: name.replace(".", "x"),
    lambda name: name.replace("_", "x"),
    lambda name: name + "/",
    lambda name: name + "/query",
    lambda name: name + ":query",
    lambda name: name + "|",
    lambda name: name[:-1] + "%",
    lambda name: name[:-1] + "_",
    lambda name: name[:-1] + "?",
    lambda name: name + "*",
    lambda name: ".*",
    lambda name: "%",
    lambda name: "*",
    lambda name: f"^{name}$",
    lambda name: '{"$ne": null}',
    lambda name: f"${name}",
    lambda name: f"{name}' OR '1'='1",
    lambda name: f"{name}';--",
    lambda name: f'"{name}"',
    lambda name: f"'{name}'",
    lambda name: name + "\0",
    lambda name: name + "\0x",
    lambda name: name + "\ud800",
    lambda name: "0" + name,
    lambda name: name.lstrip("0"),
    lambda name: name + ".0",
    lambda name: name.replace("-", ""),
    lambda name: name.replace("-", "_"),
    lambda name: name[::-1],
    lambda name: "default",
    lambda name: "unknown",
    lambda name: "None",
    lambda name: "null",
)
_LONG = tuple(
    ("t" * length + "a", "t" * length + "b")
    for length in (7, 8, 15, 16, 31, 32, 63, 64, 127, 255, 512, 1024, 5000)
)
_PARTED = tuple(("acme", name) for sign in SIGNS for name in (f"acme{sign}x", f"x{sign}acme"))
# What is made fit for a file, a metric or a web address.
_SLUGS = tuple(
    (slug, f"a{sign}b") for slug in ("a_b", "a-b", "ab") for sign in SIGNS if slug != f"a{sign}b"
)
# One mark stands for every character that an encoding lacks.
_FOREIGN = (
    ("日本", "中国"),
    ("acme-ж", "acme-щ"),
    ("acme\ud800", "acme?"),
    ("acme\ud800", "acme\udfff"),
)
_HOSTS = tuple(("acme", name) for name in ("acme.example.com", "www.acme", "https://acme"))
_QUOTED = (("acme", "%61cme"), ("a b", "a%20b"), ("a b", "a+b"), ("acme", "&#97;cme"))
_ENDS = tuple(("a" + "t" * length, "b" + "t" * length) for length in (8, 16, 32, 64, 255))
_ODD = (
    "*", "%", "_", ".", "..", "$ne", "{}", "[]", "' OR '1'='1", '" or ""="', "\\", "a b", "a/b",
    "a:b", "a|b", "a,b", "total_tokens", "total", "tenant_id", "None", "null", "true", "0", "-1",
    "1e3", "Straße", "STRASSE", "İstanbul", "ﬁn", "Å", "٤٢", "日本", "🦊", "%s", "{0}", "__class__",
    "query", "x" * 100,
)  # fmt: skip


@cache
def near_pairs() -> tuple[tuple[str, str], ...]:
    """Give pairs of different ids that are nearly the same."""
    near = [
        (base, change(base))
        for base in _BASES
        for change in _CHANGES
        if change(base) != base and change(base).strip()
    ]
    return tuple(
        dict.fromkeys(
            [("acme", "globex"), *near, *_LONG, *_ENDS, *_PARTED, *_QUOTED, *_FOREIGN, *_SLUGS]
        )
    )


@cache
def pairs() -> Any:
    """Pairs of different ids that are nearly the same, plain ones among them, in any order."""
    near = st.sampled_from(near_pairs())
    return st.one_of(st.just(("acme", "globex")), near, near.map(lambda pair: pair[::-1]))


@cache
def tricky() -> Any:
    """Ids that are text and no blank, and that careless code mistakes for something else."""
    near = [change(base) for base in _BASES for change in _CHANGES]
    return st.one_of(
        st.sampled_from(_ODD),
        st.sampled_from([name for name in dict.fromkeys(near) if is_text(name)]),
    )


def joined(name: str, sign: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Give two tenants, each with an operation, that are one text when joined by a sign."""
    return (name, f"eu{sign}query"), (f"{name}{sign}eu", "query")


def is_text(name: str) -> bool:
    """Tell whether an id is text that any store can hold: no control characters, no halves of
    surrogate pairs, and not blank.
    """
    return bool(name.strip()) and not any(unicodedata.category(c) in ("Cc", "Cs") for c in name)
