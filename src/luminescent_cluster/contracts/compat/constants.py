"""Values of expressions that are made of literals and of the standard library's plain values."""

from __future__ import annotations

import ast
import datetime
import decimal
import fractions
import math
import sys
from collections.abc import Callable
from typing import Any, Final

from luminescent_cluster.extensions._calls.default_texts import default_text
from luminescent_cluster.extensions._calls.equality import same_value
from luminescent_cluster.extensions._calls.model import UNKNOWN
from luminescent_cluster.extensions._calls.spelling import dotted_name

__all__ = ["as_shown", "constant", "is_named"]

# Calling these does nothing but make a value.
_MAKERS: Final[dict[str, Callable[..., Any]]] = {
    "bool": bool,
    "bytes": bytes,
    "dict": dict,
    "float": float,
    "frozenset": frozenset,
    "int": int,
    "list": list,
    "range": range,
    "set": set,
    "str": str,
    "tuple": tuple,
    "datetime.date": datetime.date,
    "datetime.datetime": datetime.datetime,
    "datetime.time": datetime.time,
    "datetime.timedelta": datetime.timedelta,
    "datetime.timezone": datetime.timezone,
    "decimal.Decimal": decimal.Decimal,
    "fractions.Fraction": fractions.Fraction,
}
_NAMES: Final[dict[str, Any]] = {
    "math.inf": math.inf,
    "math.nan": math.nan,
    "math.pi": math.pi,
    "math.e": math.e,
    "datetime.timezone.utc": datetime.timezone.utc,
}


def constant(text: str) -> Any:
    """Return the value of an expression like ``timedelta(hours=1)``, UNKNOWN for any other.

    Nothing of the project is called: only literals and the makers above.
    """
    if len(text) > 500:
        return UNKNOWN
    try:
        return _value(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError):
        return UNKNOWN


def is_named(text: str, value: object) -> bool:
    """Return True when a name of the standard library, such as ``os.sep``, stands for the value.

    Nothing is imported for it: who has the value has imported where it is from.
    """
    module, _, rest = text.rpartition(".")
    if text.partition(".")[0] not in sys.stdlib_module_names or module not in sys.modules:
        return False
    found = getattr(sys.modules[module], rest, UNKNOWN)
    return found is value or (found is not UNKNOWN and same_value(found, value) is True)


def as_shown(default: tuple[str, bool]) -> tuple[str, bool]:
    """Return a default's text as the live value shows itself, and whether it is a literal."""
    text, literal = default
    value = UNKNOWN if literal else constant(text)
    return default if value is UNKNOWN else default_text(value, {})


def _value(node: ast.expr) -> Any:
    """Return the value of a node; ValueError where it is not made of what is known."""
    if isinstance(node, ast.Call):
        maker = _MAKERS.get(dotted_name(node.func) or "")
        if maker is None or any(k.arg is None for k in node.keywords):
            raise ValueError("not a plain value")
        arguments = [_value(a) for a in node.args]
        # `bytes(10**9)` and `"x" * n` are no defaults; do not make them.
        if maker in (bytes, int) and any(isinstance(a, int) and abs(a) > 999 for a in arguments):
            raise ValueError("too large")
        return maker(*arguments, **{str(k.arg): _value(k.value) for k in node.keywords})
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = dotted_name(node)
        if name not in _NAMES:
            raise ValueError("not a plain value")
        return _NAMES[name]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    return ast.literal_eval(node)
