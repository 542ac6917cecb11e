"""Rules about members: methods and attributes that come, go or change their kind."""

from __future__ import annotations

from typing import Final

from .model import Rule

__all__ = ["MEMBER_RULES"]

_LOG: Final = "def log(self, event: str) -> None: ..."

MEMBER_RULES: Final = (
    Rule(
        "MEM-01",
        "a required member was added",
        "Existing implementations lack it, so callers of the new version fail with "
        "AttributeError. Callers of the old version never ask for it.",
        "MAJOR",
        _LOG,
        _LOG + "\n\ndef flush(self) -> None: ...",
        "mark it @optional(since=…) and give it a default body: then it is MINOR",
    ),
    Rule(
        "MEM-02",
        "an optional member was added",
        "It is marked @optional, or the protocol never uses the marker and the body does "
        "something. Callers go through with_defaults(), so implementations that lack it are "
        "served the default. One that has something else under the name collides: `matrix` "
        "shows it.",
        "MINOR",
        _LOG,
        _LOG + '\n\n@optional(since="1.1.0")\ndef flush(self) -> None:\n    return None',
        "nothing to do; call it through with_defaults(extension, Protocol)",
    ),
    Rule(
        "MEM-03",
        "a member was removed",
        "Callers of the old version ask for it, and implementations of the new version need not "
        "have it. An optional member counts, too: its default is gone.",
        "MAJOR",
        _LOG + "\n\ndef flush(self) -> None: ...",
        _LOG,
        "keep it as an optional member with a default body for one MAJOR version",
    ),
    Rule(
        "MEM-04",
        "a required member became optional",
        "Existing implementations have it. New ones may leave it out, and callers who go through "
        "with_defaults() are served the default.",
        "MINOR",
        _LOG + "\n\ndef flush(self) -> None: ...",
        _LOG + '\n\n@optional(since="1.1.0")\ndef flush(self) -> None:\n    return None',
        "let every caller go through with_defaults(extension, Protocol)",
    ),
    Rule(
        "MEM-05",
        "an optional member became required",
        "Implementations that rely on the default lack it under the new version.",
        "MAJOR",
        _LOG + '\n\n@optional(since="1.1.0")\ndef flush(self) -> None:\n    return None',
        _LOG + "\n\ndef flush(self) -> None: ...",
        "keep the default",
    ),
    Rule(
        "MEM-06",
        "a method became an attribute, or the reverse",
        "Callers of one version call what the other version reads.",
        "MAJOR",
        "def size(self) -> int: ...",
        "@property\ndef size(self) -> int: ...",
        "add the new form under another name, as an optional member",
    ),
    Rule(
        "MEM-07",
        "a method is bound to something else",
        "An instance method cannot be called on the class, a class or static method can. Between "
        "class and static methods nobody sees a difference.",
        "MAJOR",
        "@classmethod\ndef name(cls) -> str: ...",
        "def name(self) -> str: ...",
        "keep the binding, or add a method of another name",
    ),
    Rule(
        "ATT-01",
        "an attribute became read-only",
        "Callers of the old version set it; a property without a setter refuses.",
        "MAJOR",
        "limit: int",
        "@property\ndef limit(self) -> int: ...",
        "keep a setter",
    ),
    Rule(
        "ATT-02",
        "an attribute became settable",
        "Callers of the new version may set it; implementations with a plain property refuse.",
        "MAJOR",
        "@property\ndef limit(self) -> int: ...",
        "limit: int",
        "add an optional method that sets it",
    ),
    Rule(
        "ATT-03",
        "an attribute is written in another way",
        "A variable and a property with a setter permit the same uses.",
        "PATCH",
        "limit: int",
        "@property\ndef limit(self) -> int: ...\n\n@limit.setter\n"
        "def limit(self, value: int) -> None: ...",
        "nothing to do",
    ),
    Rule(
        "ATT-04",
        "an attribute moved between instance and class",
        "A class variable can be read on the class and cannot be set on an instance (a type "
        "checker refuses); an instance variable is the reverse.",
        "MAJOR",
        "limit: int",
        "limit: ClassVar[int]",
        "keep where it lives, or add one of another name",
    ),
    Rule(
        "ATT-05",
        "the type of an attribute changed",
        "What is read must fit what callers expect, and what is set must fit what implementations "
        "take; a settable attribute therefore keeps its exact type.",
        "MAJOR",
        "limit: int",
        "limit: int | None",
        "add an optional member with the new type",
    ),
)
