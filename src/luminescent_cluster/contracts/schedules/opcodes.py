"""Which instructions of a code object touch state that threads may share.

A thread can only be told apart from another by its accesses to shared state, so the explorer
switches before those and nowhere else: attributes, items, globals and non-local variables that
are rebound somewhere, membership tests, iteration, calls. Counting accesses instead of
instructions also keeps replay tokens short and equal across minor versions of Python.
"""

from __future__ import annotations

import dis
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import CodeType

from .stack import ATTRIBUTE_LOADS, EXIT, Stack, is_method_load, is_subscript

__all__ = ["Access", "Names", "accesses", "nested"]


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
_CONTAINER_METHODS = frozenset(
    name for kind in (list, dict, set, bytearray) for name in dir(kind)
) | frozenset(
    ["popleft", "appendleft", "extendleft", "rotate", "move_to_end", "most_common", "send", "throw"]
)
_STR_METHODS = frozenset(dir(str)) - _CONTAINER_METHODS
_FRESH_ITERABLES = frozenset(["range()", "sorted()", "list()", "tuple()"])
# Called by C code in the middle of an operation: a switch inside is a switch inside `sorted`.
_CALLBACKS = frozenset(
    ["<lambda>", "__eq__", "__hash__", "__lt__", "__gt__", "__le__", "__ge__", "__iter__"]
)
_LOADS = frozenset(
    [
        "EXTENDED_ARG",
        "CACHE",
        "RESUME",
        "NOP",
        "PRECALL",
        "KW_NAMES",
        "PUSH_NULL",
        "COPY_FREE_VARS",
        "MAKE_CELL",
        "LOAD_FAST",
        "LOAD_FAST_CHECK",
        "LOAD_FAST_BORROW",
        "LOAD_FAST_LOAD_FAST",
        "LOAD_SMALL_INT",
        "LOAD_GLOBAL",
        "LOAD_FAST_BORROW_LOAD_FAST_BORROW",
        "LOAD_CONST",
        "LOAD_DEREF",
        "LOAD_CLOSURE",
        "LOAD_ATTR",
        "LOAD_METHOD",
        "COPY",
        "SWAP",
        "DUP_TOP",
        "DUP_TOP_TWO",
        "ROT_TWO",
        "ROT_THREE",
        "BUILD_TUPLE",
        "BUILD_SLICE",
        "GET_ITER",
    ]
)
_ACQUIRING = frozenset(["BEFORE_WITH", "SETUP_WITH", "LOAD_SPECIAL"])
_CONSTRUCTORS = frozenset(["__init__", "__new__", "__post_init__", "__attrs_post_init__"])
_DYNAMIC = frozenset(["setattr", "delattr", "__setattr__", "__delattr__", "__dict__", "vars"])
_GENERATOR = 0x20  # inspect.CO_GENERATOR


def nested(code: CodeType) -> Iterator[CodeType]:
    """``code`` and every code object defined inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from nested(constant)


@dataclass(frozen=True)
class Names:
    """What the code under test may rebind, and which functions it defines.

    Stores in constructors are left out: before an object is published nobody else reads its
    attributes, and when it is published too early the constructor is where the switch happens.
    ``dynamic`` is True where names are computed (``setattr``): then any attribute may change.
    """

    attributes: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    dynamic: bool = False

    @classmethod
    def of(cls, codes: Iterable[CodeType]) -> Names:
        """The names of all ``codes`` and of what is nested in them."""
        attributes: set[str] = set()
        variables: set[str] = set()
        functions: set[str] = set()
        dynamic = False
        for outer in codes:
            for code in nested(outer):
                functions.add(code.co_name)
                constructor = code.co_name in _CONSTRUCTORS
                for instruction in dis.get_instructions(code):
                    opname, name = instruction.opname, instruction.argval
                    if opname in ("STORE_ATTR", "DELETE_ATTR"):
                        if not constructor:
                            attributes.add(name)
                    elif opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                        variables.add(name)
                    elif opname in ("STORE_DEREF", "DELETE_DEREF"):
                        if name in code.co_freevars:
                            variables.add(name)
                    elif opname in ATTRIBUTE_LOADS or opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                        again = name == "__init__" and not constructor  # used as a reset
                        dynamic = dynamic or name in _DYNAMIC or again
        return cls(
            frozenset(attributes),
            frozenset(variables),
            frozenset(functions - _CONTAINER_METHODS),
            dynamic,
        )

    def rebinds(self, attribute: str) -> bool:
        """True when an attribute of that name may change after construction."""
        return attribute in self.attributes or (self.dynamic and not attribute.startswith("__"))


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
        if first is None and opname in ("LOAD_FAST", "LOAD_CONST", "LOAD_GLOBAL"):
            first = offset
        if instruction.is_jump_target:
            if pending is not None:
                found.append(pending)
            pending = None
            stack.forget()
        if opname == "GET_ITER":
            iterable = stack.peek(0)
        kind, text = _classify(instruction, stack, names, iterable, code)
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
        return "read", f"{stack.peek(1) or '…'}[{stack.peek(0) or '…'}]"
    if opname in _SUBSCRIPT_STORES:
        depth = 0 if opname != "STORE_SLICE" else 1
        text = f"{stack.peek(depth + 1) or '…'}[{stack.peek(depth) or '…'}]"
        return _SUBSCRIPT_STORES[opname], text
    if opname == "CONTAINS_OP":
        return "contains", f"{stack.peek(1) or '…'} in {stack.peek(0) or '…'}"
    if opname == "FOR_ITER":
        return ("", "") if iterable in _FRESH_ITERABLES else ("iterate", iterable)
    if opname == "YIELD_VALUE" and code.co_flags & _GENERATOR:
        return "yield", code.co_name
    if opname in _CALLS:
        return _call(stack.callee(instruction), names)
    return "", ""


def _call(callee: str, names: Names) -> tuple[str, str]:
    base, _, last = callee.rpartition(".")
    if callee == EXIT:
        return "pure", ""
    if not base and last in _PURE_CALLS and last not in names.functions:
        return "pure", ""
    if base and (last in _SYNC_METHODS or last in names.functions):
        return "pure", ""  # a cooperative lock, or Python code with accesses of its own
    if base and last in _STR_METHODS:
        return "pure", ""
    if not base and last in names.functions:
        return "pure", ""
    return "call", f"{callee or '…'}()"
