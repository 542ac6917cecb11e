"""Whether a value of one type hint may be used where another is asked for.

Three answers: True, False (certainly not), None (cannot be told, which accuses nobody).  Gradual
like every Python type checker: ``Any`` and missing type arguments fit anything.
"""

from __future__ import annotations

import collections
import collections.abc as abc
import enum
import types
import typing
import warnings
from collections.abc import Iterable
from typing import Any, Final

from luminescent_cluster.extensions._calls.model import UNKNOWN
from luminescent_cluster.extensions._calls.peek import raw_attribute

from .type_arguments import seen_as
from .typed_dicts import is_typed_dict, typed_dict_keys
from .unions import is_union, union_of

__all__ = [
    "Answer",
    "anything",
    "assignable",
    "everything",
    "is_union",
    "plain",
    "special",
    "union_of",
]

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
        return _all_values(source, typing.get_args(target))
    if hasattr(source, "__supertype__"):
        return assignable(source.__supertype__, target, depth)
    if hasattr(target, "__supertype__"):
        return False
    if is_typed_dict(source) or is_typed_dict(target):
        return _typed_dict(source, target, depth)
    return _classes(source, target, depth)


def _literal(source: Any, target: Any, depth: int) -> Answer:
    values = typing.get_args(source)
    if typing.get_origin(target) is typing.Literal:
        wanted = [(type(v), v) for v in typing.get_args(target)]
        return all((type(v), v) in wanted for v in values)
    return everything(assignable(type(v), target, depth) for v in values)


def _all_values(source: Any, wanted: tuple[Any, ...]) -> Answer:
    """Return whether a type whose values can be counted has none but the wanted ones."""
    values: list[Any]
    if source is bool:
        values = [True, False]
    elif source is type(None):
        values = [None]
    elif hasattr(source, "__members__"):
        values = list(source.__members__.values())
        if issubclass(source, enum.Flag):
            return None  # flags have more values than members
    else:
        return False
    return all((type(v), v) in [(type(w), w) for w in wanted] for v in values)


def _typed_dict(source: Any, target: Any, depth: int) -> Answer:
    if is_typed_dict(source):
        if is_typed_dict(target):
            return _keys(source, target, depth)
        if assignable(dict, target, depth) is False:
            return False
        # Type checkers are stricter here, but the object really is a dict.
        return assignable(dict[str, object], target, depth) or None
    klass = typing.get_origin(source) or source
    if isinstance(klass, type):
        # A mapping of unknown keys fits only where no key is demanded.
        return False if target.__required_keys__ or not issubclass(klass, dict) else None
    return None


def _keys(source: Any, target: Any, depth: int) -> Answer:
    """Compare key by key: what the target demands must be there, with the same type."""
    given, wanted = typed_dict_keys(source), typed_dict_keys(target)
    if given is None or wanted is None:
        return False if target.__required_keys__ - source.__required_keys__ else None
    answers: list[Answer] = []
    for name, key in wanted.items():
        mine = given.get(name)
        if mine is None:
            answers.append(False if key.required else None)
        elif key.required and not mine.required:
            answers.append(False)
        elif key.read_only:
            answers.append(assignable(mine.hint, key.hint, depth))
        else:
            answers.append(_equal(mine.hint, key.hint, depth))
    return everything(answers)


def _equal(one: Any, other: Any, depth: int) -> Answer:
    """Return whether two hints mean the same, as containers that can be written to ask."""
    return everything((assignable(one, other, depth), assignable(other, one, depth)))


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
    from luminescent_cluster.extensions._calls.judge import cached_shape, judge

    found = judge(left, cached_shape(right), right).rejections
    return False if any(rejection.clause_id == "SIG-01" for rejection in found) else None


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
    given = seen_as(source, left, right)
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
        if _invariant(right, parameters[at] if len(parameters) == len(wanted) else None):
            answers.append(_equal(one, other, depth))
            continue
        if len(parameters) == len(wanted) and getattr(parameters[at], "__contravariant__", False):
            one, other = other, one
        answers.append(assignable(one, other, depth))
    return everything(answers)


# Whoever gets one of these may write to it, so its items have exactly the declared type.
_WRITABLE: Final = frozenset(
    {list, set, dict, collections.deque, collections.defaultdict, collections.OrderedDict}
    | {abc.MutableSequence, abc.MutableSet, abc.MutableMapping}
)


def _invariant(generic: type, parameter: Any) -> bool:
    if generic in _WRITABLE:
        return True
    if type(parameter).__name__ != "TypeVar" or getattr(parameter, "__infer_variance__", False):
        return False
    return not (parameter.__covariant__ or parameter.__contravariant__)


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
