"""Texts that forge, split or alter records where a logger does not take care."""

from __future__ import annotations

import json

__all__ = ["FORGED", "LINE", "LINE_ENDS", "LONG_AGO", "PAIRS", "PAYLOADS", "SYNONYMS"]

FORGED = "forged-by-payload"
LONG_AGO = "1999-12-31T00:00:00+00:00"
_FAKE = {
    "timestamp": "2026-01-01T00:00:00+00:00",
    "event_type": "login",
    "actor": FORGED,
    "resource": FORGED,
    "action": "delete",
    "outcome": "success",
    "severity": "info",
    "message": FORGED,
    "details": {},
}
LINE = json.dumps(_FAKE)
_DELIMITED = f"login{{0}}{FORGED}{{0}}{FORGED}{{0}}delete{{0}}success"

LINE_ENDS = ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0")
"""What ends a line, for one reader or another."""

PAYLOADS = (
    *(f"x{end}{LINE}" for end in (*LINE_ENDS, "\n\n", "\n\t")),
    *(f"x\n{_DELIMITED.format(mark)}" for mark in ("|", ",", ";", "\t", " ", "=", ":", "\x1f")),
    *(f"x{mark}{FORGED}{mark}y" for mark in ("|", ",", ";", "\t", "=", " ", ":", "&", "\x1e")),
    f'x","actor":"{FORGED}","outcome":"success',
    f'x"}}\n{LINE}',
    f'"}},{LINE},{{"x":"',
    f"x\n2026-01-01 00:00:00 INFO audit actor={FORGED} outcome=success",
    f"x\x1b[2K\x1b[1A{FORGED}",
    f"x\x08\x08\x08{FORGED}",
    f"x', '{FORGED}'); DELETE FROM audit; --",
    f"x</event><event><actor>{FORGED}</actor></event><event>",
    f"x actor={FORGED} outcome=success",
    "x\\",
    "%s %d %n {} {0} {actor} $actor ${jndi:x}",
    "",
    " ",
    "\ud800 lone",
    "\u202egnp.exe",
    "\ufeffx",
    "x" * 5_000,
)  # fmt: skip

SYNONYMS = (
    "user", "user_id", "username", "on_behalf_of", "impersonator", "subject", "who", "principal",
    "target", "object", "resource_id", "path", "type", "kind", "name", "event", "operation", "verb",
    "method", "result", "status", "success", "level", "priority", "msg", "text", "description",
    "time", "ts", "at", "when", "date", "created_at",
)  # fmt: skip
"""Other names for what a record says, which details may hold as well."""

_LONG = "x" * 300
PAIRS = (
    ("x\ny", "x\\ny"), ("x\ny", "x y"), ("x\ny", "xy"), ("x\r\ny", "x\ny"), ("x\ry", "x\ny"),
    ("x\\ny", "x\\\\ny"), ("x\0y", "xy"), ("x\0y", "x"), ("x\0y", "x\\0y"), ("x\0y", "x\\x00y"),
    ("x\0y", "x\\u0000y"), ("\x1b[31mx", "x"), ("\x1b[31mx", "\\x1b[31mx"), ("x\ty", "x y"),
    ("caf\u00e9", "cafe\u0301"), ("caf\u00e9", "cafe"), ("caf\u00e9", "caf?"), ("x ", "x"),
    (" x", "x"), (_LONG + "a", _LONG + "b"), (_LONG * 10 + "a", _LONG * 10 + "b"),
    (_LONG * 220 + "a", _LONG * 220 + "b"),
    ("x\ud800y", "xy"), ("x\ud800y", "x?y"), ("x\ud800y", "x\ufffdy"),
    ("x|y", "x y"), ("x|y", "x\\|y"),
    ('x"y', "x'y"), ('x"y', 'x\\"y'), ("x,y", "x;y"), ("Admin", "admin"), ("%41", "A"),
    ("100%%", "100%"), ("{{x}}", "{x}"), ("$$x", "$x"),
    ("&lt;", "<"), ("а", "a"), ("Ａ", "A"), ("x\u200by", "xy"), ("x\u202ey", "xy"),  # noqa: RUF001
    ("x\u2028y", "x y"), ("x\x85y", "x y"),
    ("x\U0001f600y", "x"), ("x\U0001f600y", "x\u1f600y"), ("x\U0001f600y", "x\U0001f601y"),
    ('"x"', "x"), ("=x", "'=x"), ("@x", "'@x"), ("", "-"), ("", "\\N"), ("", "null"), ("", "None"),
)  # fmt: skip
