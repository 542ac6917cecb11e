"""Whether a value of one type hint may be used where another is asked for.

Three answers: True, False (certainly not), None (cannot be told, which accuses nobody).  Gradual
like every Python type checker: ``Any`` and missing type arguments fit anything.
"""

from __future__ import annotations

import collections
import collections.abc as abc
import functools
import types
import typing
import warnings
from collections.abc import Iterable
from typing import Any, Final

from luminescent_cluster.extensions._calls.model import UNKNOWN
from luminescent_cluster.extensions._calls.peek import raw_attribute

Answer = bool | None

_WRAPPERS: Final = frozenset({"Required", "NotRequired", "ReadOnly", "Final", "ClassVar"})
# int fits float and complex by PEP 484; bytearray and memoryview fitted bytes until mypy 2.
_PROMOTIONS: Final[dict[Any, tuple[type, ...]]] = {
    float: (int,),
    complex: (int, float),
    bytes: (bytearray, memoryview),
}
# Which type arguments decide, where it is not all of them.
_DECISIVE: Final[dict[Any, tuple[int, ...]]] = {
    abc.Generator: (0,),
    abc.AsyncGenerator: (0,),
    abc.Coroutine: (2,),
    types.CoroutineType: (2,),
}
_MISSING: Final = object()


def assignable(source: Any, target: Any, depth: int = 0) -> Answer:
    """Return whether a value of hint ``source`` fits where hint ``target`` is asked for.

    Never raises; unresolved names, foreign type forms and recursive types give None.
    """
    if depth > 12 or source is UNKNOWN or target is UNKNOWN:
        return None
    source, target = plain(source), plain(target)
    if source is Any or target is Any or target is object or source is target:
        return True
    if isinstance(source, (str, typing.ForwardRef)) or isinstance(target, (str, typing.ForwardRef)):
        return True if source == target else None
    try:
        return _decide(source, target, depth + 1)
    except (TypeError, AttributeError, ValueError, RecursionError, NameError):
        return None


def plain(hint: Any) -> Any:
    """Return a hint without ``Annotated``, ``Required``, ``ClassVar`` and aliases around it."""
    for _ in range(12):
        if hint is None:
            return type(None)
        if hasattr(hint, "__metadata__"):
            hint = hint.__origin__
        elif type(hint).__name__ == "TypeAliasType":
            hint = hint.__value__
        elif special(typing.get_origin(hint)) in _WRAPPERS:
            hint = typing.get_args(hint)[0]
        elif special(hint) == "LiteralString":
            return str
        elif special(typing.get_origin(hint)) in ("TypeGuard", "TypeIs"):
            return bool
        else:
            break
    return hint


def special(hint: Any) -> str:
    """Return the name of a special form of ``typing``, else ``""``."""
    name = getattr(hint, "_name", None) or getattr(hint, "__name__", "")
    module = getattr(hint, "__module__", "")
    return name if module in ("typing", "typing_extensions") and isinstance(name, str) else ""


def everything(answers: Iterable[Answer]) -> Answer:
    """Return False if any is False, else None if any is None, else True."""
    found = set(answers)
    if False in found:
        return False
    return None if None in found else True


def anything(answers: Iterable[Answer]) -> Answer:
    """Return True if any is True, else None if any is None, else False."""
    found = set(answers)
    if True in found:
        return True
    return None if None in found else False


def union_of(hints: Iterable[Any]) -> Any:
    """Return the union of several hints; one hint is its own union."""
    return functools.reduce(lambda one, other: typing.Union[one, other], hints)  # noqa: UP007 - `|` is not defined for every hint


def is_union(hint: Any) -> bool:
    """Return True for ``Union[...]``, ``Optional[...]`` and ``X | Y``."""
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def _decide(source: Any, target: Any, depth: int) -> Answer:
    if special(source) in ("Never", "NoReturn"):
        return True
    if special(target) in ("Never", "NoReturn"):
        return False
    if is_union(source):
        return everything(assignable(s, target, depth) for s in typing.get_args(source))
    if type(source).__name__ == "TypeVar" or type(target).__name__ == "TypeVar":
        return None
    if is_union(target):
        return anything(assignable(source, t, depth) for t in typing.get_args(target))
    if typing.get_origin(source) is typing.Literal:
        return _literal(source, target, depth)
    if typing.get_origin(target) is typing.Literal:
        finite = source is bool or source is type(None) or hasattr(source, "__members__")
        return None if finite else False
    if hasattr(source, "__supertype__"):
        return assignable(source.__supertype__, target, depth)
    if hasattr(target, "__supertype__"):
        return False
    if typing.is_typeddict(source) or typing.is_typeddict(target):
        return _typed_dict(source, target, depth)
    return _classes(source, target, depth)


def _literal(source: Any, target: Any, depth: int) -> Answer:
    values = typing.get_args(source)
    if typing.get_origin(target) is typing.Literal:
        wanted = [(type(v), v) for v in typing.get_args(target)]
        return all((type(v), v) in wanted for v in values)
    return everything(assignable(type(v), target, depth) for v in values)


def _typed_dict(source: Any, target: Any, depth: int) -> Answer:
    if typing.is_typeddict(source):
        if typing.is_typeddict(target):
            missing = target.__required_keys__ - source.__required_keys__
            return False if missing else None
        # Type checkers are stricter here, but the object really is a dict.
        return assignable(dict[str, object], target, depth) or None
    klass = typing.get_origin(source) or source
    if isinstance(klass, type):
        # A mapping of unknown keys fits only where no key is demanded.
        return False if target.__required_keys__ or not issubclass(klass, dict) else None
    return None


def _classes(source: Any, target: Any, depth: int) -> Answer:
    left, right = typing.get_origin(source) or source, typing.get_origin(target) or target
    if right is abc.Callable:
        return _callable(source, left, target, depth)
    if left is abc.Callable:
        return False if right in (int, str, bytes, dict, list, tuple, set, type(None)) else None
    if not isinstance(left, type) or not isinstance(right, type):
        return _by_beartype(source, target)
    if Any in left.__mro__:
        return None
    nominal = _subclass(left, right)
    if nominal is not True:
        return nominal
    return _arguments(source, left, target, right, depth)


def _subclass(left: type, right: type) -> Answer:
    if left in _PROMOTIONS.get(right, ()):
        return True
    if right in left.__mro__:
        return True
    if getattr(right, "_is_protocol", False) and right.__module__ not in _ABC_MODULES:
        return _structural(left, right)
    if issubclass(left, right):
        return True
    # typing.IO and its kin are no base classes of the real files.
    return None if "typing" in (right.__module__, left.__module__) else False


_ABC_MODULES: Final = ("collections.abc", "contextlib", "os", "_collections_abc")


def _structural(left: type, right: type) -> Answer:
    from luminescent_cluster.extensions._calls.judge import cached_shape

    if raw_attribute(left, "__getattr__") is not UNKNOWN:
        return None
    shape = cached_shape(right)
    lacking = [m for m in shape.methods if raw_attribute(left, m.name) in (UNKNOWN, None)]
    return False if lacking and not getattr(left, "_is_protocol", False) else None


def _callable(source: Any, left: Any, target: Any, depth: int) -> Answer:
    if left is not abc.Callable:
        if isinstance(left, type) and left is not type:
            return False if raw_attribute(left, "__call__") in (UNKNOWN, None) else None
        return None
    given, wanted = typing.get_args(source), typing.get_args(target)
    if not given or not wanted:
        return True
    answers = [assignable(given[-1], wanted[-1], depth)]
    if isinstance(given[0], list) and isinstance(wanted[0], list):
        if len(given[0]) != len(wanted[0]):
            packed = any(special(typing.get_origin(a)) == "Unpack" for a in given[0] + wanted[0])
            return None if packed else False
        answers += [assignable(w, g, depth) for g, w in zip(given[0], wanted[0], strict=True)]
    elif given[0] is not Ellipsis and wanted[0] is not Ellipsis:
        answers.append(None)
    return everything(answers)


def _arguments(source: Any, left: type, target: Any, right: type, depth: int) -> Answer:
    wanted = typing.get_args(target)
    if not wanted:
        if target is tuple or right is not tuple or typing.get_origin(target) is None:
            return True
        return typing.get_origin(source) is None or not typing.get_args(source)
    if left is tuple and right is tuple:
        return _tuples(typing.get_args(source), source, wanted, depth)
    given = _seen_as(source, left, right)
    if given is None:
        return None
    if not given:
        return True
    if len(given) != len(wanted):
        return None
    picked = _DECISIVE.get(right, range(len(wanted)))
    parameters = getattr(right, "__parameters__", ())
    answers = []
    for at in picked:
        one, other = given[at], wanted[at]
        if isinstance(one, (list, tuple)) or one is Ellipsis or isinstance(other, (list, tuple)):
            answers.append(True if one == other else None)
            continue
        if len(parameters) == len(wanted) and getattr(parameters[at], "__contravariant__", False):
            one, other = other, one
        answers.append(assignable(one, other, depth))
    return everything(answers)


def _tuples(given: tuple[Any, ...], source: Any, wanted: tuple[Any, ...], depth: int) -> Answer:
    if source is tuple or (not given and typing.get_origin(source) is None):
        return True
    given = () if given == ((),) else given
    wanted = () if wanted == ((),) else wanted
    if any(special(typing.get_origin(a)) == "Unpack" for a in given + wanted):
        return None
    if len(wanted) == 2 and wanted[1] is Ellipsis:
        items = given[:1] if len(given) == 2 and given[1] is Ellipsis else given
        return everything(assignable(g, wanted[0], depth) for g in items)
    if len(given) == 2 and given[1] is Ellipsis:
        return False
    if len(given) != len(wanted):
        return False
    return everything(assignable(g, w, depth) for g, w in zip(given, wanted, strict=True))


_ONE_ITEM: Final = (
    abc.Sequence,
    abc.MutableSequence,
    abc.Collection,
    abc.Iterable,
    abc.Iterator,
    abc.Reversible,
    abc.Container,
    abc.Set,
    abc.MutableSet,
    abc.AsyncIterable,
    abc.AsyncIterator,
    abc.Awaitable,
    list,
    set,
    frozenset,
    collections.deque,
)
_TWO_ITEMS: Final = (abc.Mapping, abc.MutableMapping, dict)


def _seen_as(source: Any, left: type, right: type) -> tuple[Any, ...] | None:
    """Return the type arguments of ``source`` seen as ``right``; ``()`` for none, None unknown."""
    given = typing.get_args(source)
    if left is right:
        return given
    if left is str or left is bytes:
        return (str if left is str else int,) if right in _ONE_ITEM else None
    declared = _declared(left, given, right)
    if declared is not _MISSING:
        return typing.cast("tuple[Any, ...]", declared)
    if not given:
        return () if left.__module__ in ("builtins", "collections", "collections.abc") else None
    if left is tuple and right in _ONE_ITEM:
        items = [g for g in given if g is not Ellipsis and g != ()]
        return (union_of(items),) if items else ()
    if left.__module__ not in ("builtins", "collections", "collections.abc", "types"):
        return None
    if right is abc.Awaitable and len(given) == 3:
        return given[2:]
    if right in _TWO_ITEMS and len(given) == 2:
        return given
    return given[:1] if right in _ONE_ITEM else None


def _declared(left: type, given: tuple[Any, ...], right: type) -> Any:
    """Follow ``class Left(Right[int])`` to the arguments written there."""
    parameters = getattr(left, "__parameters__", ())
    known = dict(zip(parameters, given, strict=False)) if given else {}
    for base in left.__dict__.get("__orig_bases__", ()):
        origin = typing.get_origin(base)
        if not isinstance(origin, type) or right not in getattr(origin, "__mro__", ()):
            continue
        arguments = tuple(
            known.get(a, Any) if isinstance(a, typing.TypeVar) else a for a in typing.get_args(base)
        )
        if origin is right:
            return arguments
        found = _declared(origin, arguments, right)
        if found is not _MISSING:
            return found
    for base in left.__bases__:
        if base is not object and base is not right and right in base.__mro__:
            found = _declared(base, (), right)
            if found is not _MISSING:
                return found
    return _MISSING


def _by_beartype(source: Any, target: Any) -> Answer:
    """Ask a type library about forms that are not known here; only its yes counts."""
    try:
        from beartype.door import is_subhint
    except ImportError:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return True if is_subhint(source, target) else None
        except Exception:  # its exceptions are many, and all mean "not known"
            return None
