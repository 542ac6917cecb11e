"""What the code under test may rebind, and which functions it defines."""

from __future__ import annotations

import dis
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import CodeType

from .stack import ATTRIBUTE_LOADS

__all__ = ["CONSTRUCTORS", "CONTAINER_METHODS", "Names", "nested"]

CONTAINER_METHODS = frozenset(
    name for kind in (list, dict, set, bytearray) for name in dir(kind)
) | frozenset(
    ["popleft", "appendleft", "extendleft", "rotate", "move_to_end", "most_common", "send", "throw"]
)
"""Methods of containers and generators, which run in C."""
CONSTRUCTORS = frozenset(["__init__", "__new__", "__post_init__", "__attrs_post_init__"])
"""Methods that run before anybody else knows the object."""
_DYNAMIC = frozenset(["setattr", "delattr", "__setattr__", "__delattr__", "__dict__", "vars"])


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
                constructor = code.co_name in CONSTRUCTORS
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
            frozenset(functions - CONTAINER_METHODS),
            dynamic,
        )

    def rebinds(self, attribute: str) -> bool:
        """True when an attribute of that name may change after construction."""
        return attribute in self.attributes or (self.dynamic and not attribute.startswith("__"))
