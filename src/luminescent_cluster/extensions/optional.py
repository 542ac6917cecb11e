"""Marking the methods that a MINOR version added."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

__all__ = ["may_be_missing", "optional", "optional_members", "optional_since"]

_F = TypeVar("_F", bound=Any)
_MARK = "__optional_since__"


def optional(*, since: str) -> Callable[[_F], _F]:
    """Mark a protocol's method as optional; its body is the default that core falls back on.

    Without inheritance an extension built for an older version simply lacks the method, so core
    calls it through :func:`with_defaults`.

    Args:
        since: the protocol version that introduced the method, as ``"MAJOR.MINOR.PATCH"``.

    Raises:
        ValueError: ``since`` is not three numbers.
        TypeError: the decorated thing cannot carry the mark.
    """
    if not isinstance(since, str) or [p.isdigit() for p in since.split(".")] != [True] * 3:
        raise ValueError(
            f"@optional(since={since!r}): name the version that introduced the method "
            'as "MAJOR.MINOR.PATCH", for instance "1.1.0"'
        )

    def mark(method: _F) -> _F:
        try:
            setattr(method, _MARK, since)
        except AttributeError:
            raise TypeError(
                f"@optional cannot mark a {type(method).__name__}; "
                "put it directly above the `def`, below @property"
            ) from None
        return method

    return mark


def optional_since(member: object) -> "str | None":
    """Give the version in which a protocol's member became optional, or None if it is required.

    Args:
        member: the raw member, as it lies in the protocol's ``__dict__``.
    """
    if isinstance(member, property):
        member = member.fget
    since = getattr(member, _MARK, None)
    if since is None:  # below @staticmethod, @classmethod
        since = getattr(getattr(member, "__func__", None), _MARK, None)
    return since if isinstance(since, str) else None


def may_be_missing(marked: Iterable[str], with_default: Iterable[str]) -> frozenset[str]:
    """Give the names of the members that an implementation may leave out.

    The rule for every part of this system: those marked ``@optional``; in a protocol that never
    uses the marker, those whose body does something (for an attribute: that have a value).

    Args:
        marked: the members that are marked.
        with_default: the members with a default, marked or not.
    """
    return frozenset(marked) or frozenset(with_default)


def optional_members(protocol: type) -> "dict[str, Any]":
    """Give the members of a protocol that :func:`may_be_missing`, each with its default.

    Args:
        protocol: the protocol class.

    Returns:
        The raw members, as they lie in the ``__dict__`` of the class that defines them, by name.
    """
    try:
        return _known[protocol]
    except KeyError:
        pass
    members: dict[str, Any] = {}
    for base in reversed(protocol.__mro__):
        members.update(vars(base))  # a later base may make a member required again
    marked = [name for name, member in members.items() if optional_since(member) is not None]
    names = may_be_missing(marked, () if marked else _with_default(protocol))
    return _known.setdefault(protocol, {n: members[n] for n in members if n in names})


_known: "dict[type, dict[str, Any]]" = {}


def _with_default(protocol: type) -> "list[str]":
    if all(_plainly_stub(m) for base in protocol.__mro__ for n, m in vars(base).items()
           if n[:1] != "_"):  # fmt: skip
        return []  # nearly every protocol; the engine behind costs tens of milliseconds to load
    from ._calls.live import shape_of
    from ._calls.model import Attribute

    return [
        member.name
        for member in shape_of(protocol).members
        if not member.name.startswith("_")
        and (member.has_value if isinstance(member, Attribute) else member.has_body)
        and not _is_abstract(protocol, member.name)
    ]


def _plainly_stub(member: object) -> bool:
    """Return True for a ``def`` without effect; False where that takes a closer look."""
    function = getattr(member, "__func__", member)
    code = getattr(function, "__code__", None)
    if code is None or hasattr(function, "__wrapped__"):
        return False
    if code.co_names or code.co_freevars or code.co_cellvars:
        return False
    if set(code.co_consts) - {None, Ellipsis, getattr(function, "__doc__", None)}:
        return False
    # The text decides: `return None` compiles to what `pass` does, `await job` names nothing.
    from linecache import getline

    last = max(line for _, _, line in code.co_lines() if line is not None)
    text = getline(code.co_filename, last).rstrip()
    return text.endswith(("...", "pass", '"""'))


def _is_abstract(protocol: type, name: str) -> bool:
    raw = next((vars(base)[name] for base in protocol.__mro__ if name in vars(base)), None)
    return getattr(raw, "__isabstractmethod__", False) is True
