"""What the value stack holds before each instruction, as expression text, where it is known.

A small abstract interpretation of straight-line bytecode: enough to say that a call goes to
``self.items.append`` or that ``self.totals[key]`` is written. It forgets everything at jump
targets; a forgotten value reads as "".
"""

from __future__ import annotations

import dis
import sys
from types import CodeType
from typing import Any

__all__ = [
    "ATTRIBUTE_LOADS",
    "COMPREHENSIONS",
    "GENERATOR",
    "WITH",
    "Stack",
    "is_method_load",
    "is_subscript",
]

ATTRIBUTE_LOADS = frozenset(["LOAD_ATTR", "LOAD_METHOD"])
_NULL = "<null>"
_ENTER = "<enter>"
_EXIT = "<exit>"
WITH = frozenset([_ENTER, _EXIT])
"""The texts of the two methods that a with statement calls."""
GENERATOR = "<genexpr>()"
"""The text of what a generator expression gives."""
COMPREHENSIONS = frozenset(["<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>"])
"""The texts of the functions of generator expressions and, before 3.12, of comprehensions."""
_PUSH_NAME = frozenset(
    [
        "LOAD_FAST",
        "LOAD_FAST_CHECK",
        "LOAD_FAST_BORROW",
        "LOAD_FAST_AND_CLEAR",
        "LOAD_DEREF",
        "LOAD_CLASSDEREF",
        "LOAD_CLOSURE",
        "LOAD_NAME",
    ]
)
_NO_EFFECT = frozenset(["RESUME", "NOP", "PRECALL", "KW_NAMES", "EXTENDED_ARG", "CACHE", "TO_BOOL"])
_SUBSCRIPT_OPERATOR = 26  # NB_SUBSCR: from 3.14 on `a[b]` is a BINARY_OP


def is_method_load(instruction: dis.Instruction) -> bool:
    """True for a load whose value is called at once, with the receiver kept beside it."""
    if instruction.opname == "LOAD_METHOD":
        return True
    return (
        instruction.opname in ("LOAD_ATTR", "LOAD_SUPER_ATTR")
        and _FLAGGED_ATTRIBUTES
        and bool(instruction.arg and instruction.arg & 1)
    )


_FLAGGED_ATTRIBUTES = sys.version_info >= (3, 12)  # merged LOAD_METHOD into LOAD_ATTR
_FLAGGED_GLOBALS = sys.version_info >= (3, 11)
_QUALIFIED_FUNCTIONS = sys.version_info < (3, 11)  # made of a code object and its name
_NULL_ABOVE = sys.version_info >= (3, 13)  # before, the NULL of a call lay below the callable


def is_subscript(instruction: dis.Instruction) -> bool:
    """True for an instruction that reads ``a[b]``."""
    return instruction.opname in ("BINARY_SUBSCR", "BINARY_SLICE") or (
        instruction.opname == "BINARY_OP" and instruction.arg == _SUBSCRIPT_OPERATOR
    )


class Stack:
    """The known part of the value stack; the top is the end of the list."""

    def __init__(self) -> None:
        self._items: list[str] = []

    def forget(self) -> None:
        self._items.clear()

    def peek(self, depth: int) -> str:
        """The text of the value ``depth`` below the top, "" when it is not known."""
        return self._items[-1 - depth] if depth < len(self._items) else ""

    def callee(self, instruction: dis.Instruction) -> str:
        """The text of what a call instruction calls."""
        count = instruction.arg or 0
        callee = self._callee(instruction, count)
        nothing = count in (2, 3) and all(self.peek(depth) == "None" for depth in range(count))
        if nothing and callee in ("", "None"):
            return _EXIT  # how a with statement leaves: exit(None, None, None)
        return callee

    def _callee(self, instruction: dis.Instruction, count: int) -> str:
        if instruction.opname == "CALL_FUNCTION":
            return self.peek(count)
        if instruction.opname == "CALL_FUNCTION_KW":
            return self.peek(count + 1)
        if instruction.opname == "CALL_FUNCTION_EX":
            return ""
        if instruction.opname == "CALL_KW":
            count += 1
        below, above = self.peek(count + 1), self.peek(count)
        if below in ("", _NULL):
            return above if above != _NULL else ""
        return below

    def item(self, instruction: dis.Instruction) -> str:
        """The text of ``a[b]`` where an instruction reads, writes or deletes it."""
        if instruction.opname in ("BINARY_SLICE", "STORE_SLICE"):
            base, key = self.peek(2), _slice(self.peek(1), self.peek(0))
        else:
            base, key = self.peek(1), self.peek(0)
        return f"{base or '…'}[{key or '…'}]"

    def _pop(self, count: int = 1) -> None:
        del self._items[max(0, len(self._items) - count) :]

    def _push(self, text: str) -> None:
        self._items.append("" if text.startswith(".") else text[:80])  # .0 is nobody's name

    def step(self, instruction: dis.Instruction) -> None:
        """Apply one instruction."""
        opname, arg = instruction.opname, instruction.arg or 0
        if opname in _NO_EFFECT:
            return
        if opname in _PUSH_NAME:
            self._push(str(instruction.argval))
        elif opname in ("LOAD_CONST", "LOAD_SMALL_INT", "LOAD_COMMON_CONSTANT"):
            self._push(_constant(instruction.argval))
        elif opname == "BUILD_SLICE":
            parts = [self.peek(depth) for depth in reversed(range(arg))]
            self._pop(arg)
            self._push(_slice(*parts))
        elif opname == "LOAD_GLOBAL":
            flagged = _FLAGGED_GLOBALS and bool(arg & 1)
            self._push(str(instruction.argval))
            if flagged:
                self._push(_NULL)
                if not _NULL_ABOVE:
                    self._items[-1], self._items[-2] = self._items[-2], self._items[-1]
        elif opname == "PUSH_NULL":
            self._push(_NULL)
        elif opname in ATTRIBUTE_LOADS:
            base = self.peek(0)
            self._pop()
            self._push(f"{base}.{instruction.argval}" if base else f"….{instruction.argval}")
            if is_method_load(instruction):
                self._push(base)
        elif opname == "LOAD_SUPER_ATTR":
            receiver = self.peek(0)
            self._pop(3)
            self._push(f"super().{instruction.argval}")
            if is_method_load(instruction):
                self._push(receiver)
        elif is_subscript(instruction):
            text = self.item(instruction)
            self._pop(3 if opname == "BINARY_SLICE" else 2)
            self._push("" if "…" in text else text)
        elif opname == "CALL" or opname in ("CALL_METHOD", "CALL_KW", "CALL_FUNCTION"):
            callee = self.callee(instruction)
            extra = {"CALL_FUNCTION": 1, "CALL_KW": 3}.get(opname, 2)
            self._pop(arg + extra)
            named = callee and callee not in WITH and (callee not in COMPREHENSIONS)
            self._push(f"{callee}()" if named or f"{callee}()" == GENERATOR else "")
        elif opname in ("MAKE_FUNCTION", "SET_FUNCTION_ATTRIBUTE"):
            name = self.peek(1 if _QUALIFIED_FUNCTIONS else 0)
            self._generic(instruction)
            self._pop()
            self._push(name)
        elif opname == "COPY":
            self._push(self.peek(arg - 1))
        elif opname == "DUP_TOP":
            self._push(self.peek(0))
        elif opname == "DUP_TOP_TWO":
            second, first = self.peek(1), self.peek(0)
            self._push(second)
            self._push(first)
        elif opname in ("BEFORE_WITH", "SETUP_WITH"):
            self._pop()
            self._push(_EXIT)
            self._push("")
        elif opname == "LOAD_SPECIAL":
            owner = self.peek(0)
            self._pop()
            self._push(_EXIT if instruction.argrepr.endswith("exit__") else _ENTER)
            self._push(owner)
        elif opname in ("SWAP", "ROT_TWO") and len(self._items) >= max(arg, 2):
            other = arg if opname == "SWAP" else 2
            items = self._items
            items[-1], items[-other] = items[-other], items[-1]
        elif opname == "ROT_THREE" and len(self._items) >= 3:
            self._items[-3:] = [self._items[-1], *self._items[-3:-1]]
        elif opname == "STORE_FAST_LOAD_FAST":
            self._pop()
            self._push(str(instruction.argval[1]))
        elif "LOAD_FAST_LOAD_FAST" in opname or "LOAD_FAST_BORROW_LOAD" in opname:
            for name in instruction.argval:
                self._push(str(name))
        else:
            self._generic(instruction)

    def _generic(self, instruction: dis.Instruction) -> None:
        try:
            effect = dis.stack_effect(
                instruction.opcode,
                instruction.arg if instruction.opcode >= dis.HAVE_ARGUMENT else None,
                jump=False,
            )
        except ValueError:
            self.forget()
            return
        if effect > 0:
            for _ in range(effect):
                self._push("")
        else:
            stores = instruction.opname.startswith(("STORE_", "POP_", "DELETE_", "RETURN_"))
            self._pop(-effect if stores else 1 - effect)
            if not stores:
                self._push("")


def _constant(value: Any) -> str:
    if isinstance(value, CodeType):
        return value.co_name if value.co_name in COMPREHENSIONS else ""
    if isinstance(value, slice):
        return _slice(repr(value.start), repr(value.stop), repr(value.step))
    return repr(value)[:40]


def _slice(start: str, stop: str, step: str = "None") -> str:
    parts = [start, stop] if step == "None" else [start, stop, step]
    return ":".join("" if part == "None" else part or "…" for part in parts)
