"""Which instructions of a code object touch state that threads may share.

A thread can only be told apart from another by its accesses to shared state, so the explorer
switches before those and nowhere else: attributes, items, globals and non-local variables that
are rebound somewhere, membership tests, iteration, calls. Counting accesses instead of
instructions also keeps replay tokens short and equal across minor versions of Python.
"""

from __future__ import annotations

import dis
from dataclasses import dataclass
from types import CodeType

from .names import CONSTRUCTORS, CONTAINER_METHODS, Names
from .stack import (
    ATTRIBUTE_LOADS,
    COMPREHENSIONS,
    GENERATOR,
    WITH,
    Stack,
    is_method_load,
    is_subscript,
)

__all__ = ["Access", "accesses"]


@dataclass(frozen=True)
class Access:
    """One instruction before which the explorer may switch.

    ``kind`` is read, write, delete, call, iterate, contains, yield or entry; ``text`` is the
    accessed expression as far as it is known statically.
    """

    offset: int
    kind: str
    text: str


_SUBSCRIPT_STORES = {
    "STORE_SUBSCR": "write",
    "STORE_SLICE": "write",
    "DELETE_SUBSCR": "delete",
}
_VARIABLES = {
    "LOAD_GLOBAL": "read",
    "STORE_GLOBAL": "write",
    "DELETE_GLOBAL": "delete",
    "LOAD_DEREF": "read",
    "STORE_DEREF": "write",
    "DELETE_DEREF": "delete",
}
_CALLS = frozenset(
    ["CALL", "CALL_KW", "CALL_FUNCTION", "CALL_FUNCTION_KW", "CALL_FUNCTION_EX", "CALL_METHOD"]
)
# Calls that neither read nor change anything shared.
_PURE_CALLS = frozenset(
    [
        "isinstance",
        "issubclass",
        "super",
        "range",
        "type",
        "id",
        "callable",
        "int",
        "float",
        "complex",
        "object",
        "slice",
        "cast",
        "TypeError",
        "ValueError",
        "KeyError",
        "IndexError",
        "LookupError",
        "RuntimeError",
        "PermissionError",
        "AttributeError",
        "Exception",
        "OSError",
        "NotImplementedError",
        "StopIteration",
        "TimeoutError",
    ]
)
# Cooperative locks are switch points by themselves.
_SYNC_METHODS = frozenset(["acquire", "release", "notify", "notify_all"])
_STR_METHODS = frozenset(dir(str)) - CONTAINER_METHODS
_FRESH_ITERABLES = frozenset(["range()", "sorted()", "list()", "tuple()", GENERATOR])
# What runs through a generator of its own, whose code has the switch points; some Pythons put it
# in the caller's code.
_CONSUMERS = frozenset(
    ["all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"]
)
# Called by C code in the middle of an operation: a switch inside is a switch inside `sorted`.
_CALLBACKS = frozenset(
    ["<lambda>", "__eq__", "__hash__", "__lt__", "__gt__", "__le__", "__ge__", "__iter__"]
)
_LOADS = frozenset(
    [
        "NOP",
        "PRECALL",
        "KW_NAMES",
        "PUSH_NULL",
        "LOAD_FAST",
        "LOAD_FAST_AND_CLEAR",
        "LOAD_FAST_CHECK",
        "LOAD_FAST_BORROW",
        "LOAD_FAST_LOAD_FAST",
        "LOAD_SMALL_INT",
        "LOAD_GLOBAL",
        "LOAD_FAST_BORROW_LOAD_FAST_BORROW",
        "LOAD_COMMON_CONSTANT",
        "LOAD_CONST",
        "LOAD_DEREF",
        "LOAD_CLOSURE",
        "LOAD_ATTR",
        "LOAD_METHOD",
        "LOAD_SUPER_ATTR",
        "COPY",
        "SWAP",
        "DUP_TOP",
        "DUP_TOP_TWO",
        "ROT_TWO",
        "ROT_THREE",
        "BUILD_CONST_KEY_MAP",
        "BUILD_LIST",
        "BUILD_MAP",
        "BUILD_SET",
        "BUILD_SLICE",
        "BUILD_TUPLE",
        "GET_ITER",
    ]
)
_ACQUIRING = frozenset(
    ["BEFORE_WITH", "BEFORE_ASYNC_WITH", "SETUP_WITH", "SETUP_ASYNC_WITH", "LOAD_SPECIAL"]
)
_GENERATOR = 0x20  # inspect.CO_GENERATOR


def accesses(code: CodeType, names: Names) -> list[Access]:
    """The accesses of ``code``, by offset.

    A load of a reference that is never rebound commutes with everything; it counts only when no
    other access follows before the value is used.
    """
    if code.co_name == "<module>":
        return []  # a module body runs under the import lock
    found: list[Access] = []
    pending: Access | None = None
    stack = Stack()
    first: int | None = None
    prefix: int | None = None
    iterable = ""
    for instruction in dis.get_instructions(code):
        if instruction.opname == "EXTENDED_ARG":
            prefix = instruction.offset if prefix is None else prefix
            continue
        offset = instruction.offset if prefix is None else prefix
        prefix = None
        opname = instruction.opname
        if first is None and opname.startswith(("LOAD_", "RETURN_CONST")):
            first = offset
        if instruction.is_jump_target:
            if pending is not None:
                found.append(pending)
            pending = None
            stack.forget()
        if opname == "GET_ITER":
            iterable = stack.peek(0)
        kind, text = _classify(instruction, stack, names, iterable, code)
        if opname in _CALLS and f"{stack.callee(instruction)}()" == GENERATOR:
            iterable = GENERATOR
        if kind == "weak":
            pending = pending or Access(offset, "read", text)
        elif kind == "pure":
            pending = None
        elif kind:
            pending = None  # only loads lie between the two: one switch point serves both
            found.append(Access(offset, kind, text))
        elif pending is not None and opname not in _LOADS:
            if opname not in _ACQUIRING:
                found.append(pending)
            pending = None
        stack.step(instruction)
    if pending is not None:
        found.append(pending)
    if not found and code.co_name in _CALLBACKS and first is not None:
        found.append(Access(first, "entry", code.co_name))
    return found


def _classify(
    instruction: dis.Instruction, stack: Stack, names: Names, iterable: str, code: CodeType
) -> tuple[str, str]:
    """(kind, text): "" is no access, "weak" a constant reference, "pure" uses one harmlessly."""
    opname, name = instruction.opname, instruction.argval
    above = opname in ATTRIBUTE_LOADS and stack.peek(0) == "super()"
    if above or opname == "LOAD_SUPER_ATTR":
        return "weak", f"super().{name}"
    if opname in ATTRIBUTE_LOADS:
        base = stack.peek(0)
        text = f"{base}.{name}" if base else f"….{name}"
        if names.rebinds(name) and not (is_method_load(instruction) and name in names.functions):
            return "read", text
        return "weak", text
    if opname in ("STORE_ATTR", "DELETE_ATTR"):
        base = stack.peek(0)
        text = f"{base}.{name}" if base else f"….{name}"
        return ("write" if opname == "STORE_ATTR" else "delete"), text
    if opname in _VARIABLES:
        return (_VARIABLES[opname] if name in names.variables else ""), str(name)
    if is_subscript(instruction):
        return "read", stack.item(instruction)
    if opname in _SUBSCRIPT_STORES:
        return _SUBSCRIPT_STORES[opname], stack.item(instruction)
    if opname == "CONTAINS_OP":
        return "contains", f"{stack.peek(1) or '…'} in {stack.peek(0) or '…'}"
    if opname == "FOR_ITER":
        return ("", "") if iterable in _FRESH_ITERABLES else ("iterate", iterable)
    if opname == "YIELD_VALUE" and code.co_flags & _GENERATOR:
        return "yield", code.co_name
    if opname in _CALLS:
        return _call(stack.callee(instruction), stack.peek(0), names)
    return "", ""


def _call(callee: str, argument: str, names: Names) -> tuple[str, str]:
    base, _, last = callee.rpartition(".")
    if callee in COMPREHENSIONS:
        return "", ""  # code with accesses of its own; what it runs through is taken before it
    if callee in WITH:
        return "pure", ""
    if callee in _CONSUMERS and argument == GENERATOR:
        return "pure", ""
    if base == "super()" and last in CONSTRUCTORS:
        return "pure", ""  # nobody else knows the object yet
    if not base and last in _PURE_CALLS and last not in names.functions:
        return "pure", ""
    if base and (last in _SYNC_METHODS or last in names.functions):
        return "pure", ""  # a cooperative lock, or Python code with accesses of its own
    if base and last in _STR_METHODS:
        return "pure", ""
    if not base and last in names.functions:
        return "pure", ""
    return "call", f"{callee or '…'}()"
