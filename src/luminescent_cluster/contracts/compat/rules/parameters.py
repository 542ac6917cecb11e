"""Rules about the parameters of a method."""

from __future__ import annotations

from typing import Final

from .model import Rule

__all__ = ["PARAMETER_RULES"]

_OLD: Final = "def track(self, operation: str, tokens: int) -> None: ..."
_NEW_METHOD: Final = "add an optional method with the new signature, and keep the old one"

PARAMETER_RULES: Final = (
    Rule(
        "PAR-01",
        "a required parameter was added",
        "Callers of the old version do not give it; implementations of the old version do not "
        "take it.",
        "MAJOR",
        _OLD,
        "def track(self, operation: str, tokens: int, tenant: str) -> None: ...",
        _NEW_METHOD,
    ),
    Rule(
        "PAR-02",
        "an optional parameter was added",
        "Old calls still work, but callers of the new version may give it, and every existing "
        "implementation refuses it with TypeError.",
        "MAJOR",
        _OLD,
        'def track(self, operation: str, tokens: int, tenant: str = "") -> None: ...',
        _NEW_METHOD,
    ),
    Rule(
        "PAR-03",
        "a parameter was removed",
        "Callers of the old version still give it, and implementations of the new version refuse "
        "it. Where it was required, existing implementations miss it, too.",
        "MAJOR",
        _OLD,
        "def track(self, operation: str) -> None: ...",
        "keep it and document that it is ignored",
    ),
    Rule(
        "PAR-04",
        "a parameter was renamed",
        "Calls by keyword use the name. Type checkers do not see this: they ignore parameter "
        "names of protocol methods.",
        "MAJOR",
        _OLD,
        "def track(self, operation: str, amount: int) -> None: ...",
        "keep the name, or make the parameter positional-only in a MAJOR version",
    ),
    Rule(
        "PAR-05",
        "parameters are in another order",
        "Calls by position put each argument into the wrong parameter, silently where the types "
        "agree.",
        "MAJOR",
        "def check(self, tenant: str, user: str) -> bool: ...",
        "def check(self, user: str, tenant: str) -> bool: ...",
        "keep the order",
    ),
    Rule(
        "PAR-06",
        "a parameter takes fewer kinds of argument",
        "It was given by position or by keyword; now only one of the two works.",
        "MAJOR",
        _OLD,
        "def track(self, operation: str, *, tokens: int) -> None: ...",
        "keep both ways",
    ),
    Rule(
        "PAR-07",
        "a parameter takes more kinds of argument",
        "Callers of the new version may give it in a way that existing implementations refuse.",
        "MAJOR",
        "def track(self, operation: str, *, tokens: int) -> None: ...",
        _OLD,
        "keep the restriction",
    ),
    Rule(
        "PAR-08",
        "a required parameter became optional",
        "Callers of the new version may leave it out, and existing implementations demand it.",
        "MAJOR",
        _OLD,
        "def track(self, operation: str, tokens: int = 0) -> None: ...",
        _NEW_METHOD,
    ),
    Rule(
        "PAR-09",
        "an optional parameter became required",
        "Callers of the old version leave it out, and implementations of the new version demand "
        "it.",
        "MAJOR",
        "def track(self, operation: str, tokens: int = 0) -> None: ...",
        _OLD,
        "keep the default",
    ),
    Rule(
        "PAR-10",
        "a default value changed",
        "Leaving the argument out means something else on either side: an extension built for the "
        "old version fails DEF-02 under the new one.",
        "MAJOR",
        "def track(self, operation: str, tokens: int = 0) -> None: ...",
        "def track(self, operation: str, tokens: int = 1) -> None: ...",
        "keep the default, and let callers who want another value give it",
    ),
    Rule(
        "PAR-11",
        "*args or **kwargs was added",
        "Callers of the new version may give anything; existing implementations refuse what they "
        "do not know.",
        "MAJOR",
        _OLD,
        "def track(self, operation: str, tokens: int, **labels: str) -> None: ...",
        _NEW_METHOD,
    ),
    Rule(
        "PAR-12",
        "*args or **kwargs was removed",
        "Callers of the old version give more than implementations of the new version take.",
        "MAJOR",
        "def track(self, operation: str, tokens: int, **labels: str) -> None: ...",
        _OLD,
        "keep it and document what is ignored",
    ),
    Rule(
        "PAR-13",
        "a name that no caller uses changed",
        "Positional-only and variadic parameters cannot be given by name.",
        "PATCH",
        "def track(self, operation: str, /, *values: int) -> None: ...",
        "def track(self, name: str, /, *amounts: int) -> None: ...",
        "nothing to do",
    ),
    Rule(
        "CALL-01",
        "something that worked no longer does",
        "No rule names the change, and a use that one version permits fails on the other. The "
        "witness shows it.",
        "MAJOR",
        "",
        "",
        "compare the witness with both versions",
    ),
)
