"""Types that hold each other, in many ways and deep, as the classes of an application do."""

from __future__ import annotations

from pathlib import Path

import pytest

from luminescent_cluster.contracts.compat import Comparison, compare

HEAD = """\
from __future__ import annotations
from dataclasses import dataclass
from typing import {names}


class Root(Protocol):
    def first(self) -> C0: ...
    def last(self, given: C{last}) -> None: ...
"""


def _method(at: int, to: int) -> str:
    return f"    def m{to}(self, given: C{to}) -> C{to}: ..."


def _classes(count: int, *, gone: tuple[int, int] | None = None, near: int = 0) -> str:
    """Return classes that hold each other; with ``near``, each only those that are so near."""
    lines = [HEAD.format(last=count - 1, names="Protocol")]
    for at in range(count):
        lines.append(f"class C{at}:\n    def own(self) -> int: ...")
        others = range(max(0, at - near), min(count, at + near + 1)) if near else range(count)
        lines += [_method(at, to) for to in others if (at, to) != gone]
    return "\n".join(lines)


@pytest.fixture
def compared(tmp_path: Path):
    def compared(old: str, new: str) -> Comparison:
        for name, text in (("old", old), ("new", new)):
            (tmp_path / f"{name}.py").write_text(text)
        return compare(f"{tmp_path}/old.py:Root", f"{tmp_path}/new.py:Root")

    return compared


def test_classes_that_all_hold_each_other_are_told_at_once(compared):
    """Ways through thirty classes are without number; each pair of classes is decided once."""
    added = _classes(30) + "\n    def later(self) -> int: ..."
    assert compared(_classes(30), added).bump is None


def test_a_long_chain_of_classes_needs_no_deep_stack(compared):
    """Each class leads to the next one, further than Python can recurse."""
    changed = _classes(300, near=1) + "\n    def later(self) -> int: ..."
    assert compared(_classes(300, near=1), changed).bump is None


def test_what_is_gone_far_away_is_an_objection(compared):
    """All that leans on a class falls with it: what is given and what is taken lost a method."""
    found = compared(_classes(40, near=1), _classes(40, near=1, gone=(39, 38)))
    assert (found.bump, found.breaks_implementers, found.breaks_callers) == ("MAJOR", True, True)


def test_types_that_grow_come_to_an_end(compared):
    """A method of Box[T] may give a Box[list[T]], which has such a method, too."""
    text = (
        HEAD.format(last=0, names="Generic, Protocol, TypeVar")
        + "\nT = TypeVar('T')\n"
        + "class C0:\n    def box(self) -> Box[int]: ...\n"
        + "class Box(Generic[T]):\n"
        + "    def wider(self) -> Box[list[T]]: ...\n"
        + "    def value(self) -> T: ...\n"
    )
    assert compared(text, text + "    def later(self) -> int: ...\n").bump is None
    assert compared(text, text.replace("value(self) -> T", "value(self) -> bytes")).breaks_callers


def test_overloads_in_a_circle_come_to_an_end(compared):
    """The types of overloads are compared within the question that led to them."""
    text = (
        HEAD.format(last=0, names="Protocol, overload")
        + "class C0:\n"
        + "    @overload\n    def get(self, key: C0) -> C0: ...\n"
        + "    @overload\n    def get(self, key: int) -> int: ...\n"
    )
    assert compared(text, text + "    def later(self) -> int: ...\n").bump is None


def test_type_variables_of_another_module_stand_for_arguments(compared, tmp_path):
    """``Root[T]`` may be ``Root[int]``, wherever T is made: what gave a T gives no str."""
    (tmp_path / "variables.py").write_text("from typing import TypeVar\n\nT = TypeVar('T')\n")
    text = (
        "from typing import Protocol\n\nfrom variables import T\n\n\n"
        "class Root(Protocol[T]):\n    def get(self) -> T: ...\n"
        "    def put(self, value: T) -> None: ...\n"
    )
    found = compared(text, text.replace("get(self) -> T", "get(self) -> str"))
    assert (found.bump, found.breaks_implementers, found.breaks_callers) == ("MAJOR", True, True)


def test_arguments_reach_the_fields_of_a_record(compared):
    """``C0[int]`` holds an int, which a C0 of bytes does not give."""
    text = (
        HEAD.format(last=0, names="Generic, Protocol, TypeVar").replace("C0", "C0[int]")
        + "\nT = TypeVar('T')\n@dataclass\nclass C0(Generic[T]):\n    value: T\n"
    )
    assert compared(text, text.replace("value: T", "value: int")).bump == "PATCH"
    assert compared(text, text.replace("value: T", "value: bytes")).bump == "MAJOR"
