"""What newer Pythons can write: imported and read as text, it is the same protocol."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from luminescent_cluster.contracts.compat import compare
from luminescent_cluster.contracts.compat.snapshots import snapshot_text
from luminescent_cluster.contracts.compat.sources import load

SOURCES = {
    "unpacked": (
        (3, 11),
        """
from typing import Protocol, TypeVarTuple
Ts = TypeVarTuple("Ts")
class P(Protocol):
    def many(self, *args: *Ts) -> tuple[*Ts]: ...
    def some(self, *args: *tuple[int, *tuple[str, ...]]) -> None: ...
""",
    ),
    "generic alias": (
        (3, 12),
        """
from typing import Protocol
type Pair[A, B] = tuple[A, B]
class P[K: (int, str)](Protocol):
    def put[T](self, key: K, value: T) -> Pair[K, T]: ...
""",
    ),
    "parameter specification": (
        (3, 12),
        """
from collections.abc import Callable
from typing import Protocol
class P[**A, R](Protocol):
    def call(self, work: Callable[A, R], *args: A.args, **options: A.kwargs) -> R: ...
    def other[**B](self, work: Callable[B, None], *a: B.args, **k: B.kwargs) -> None: ...
""",
    ),
    "generic typed dict": (
        (3, 12),
        """
from typing import Optional, Protocol, TypedDict
class Options[T](TypedDict, total=False):
    first: T
    then: Optional[T]
class P(Protocol):
    def choose(self, given: Options[int]) -> Options[Optional[str]]: ...
""",
    ),
    "inherited with arguments": (
        (3, 12),
        """
from typing import Protocol
class Base[K](Protocol):
    def key(self) -> K: ...
    def many[*Ts](self, *args: *Ts) -> tuple[*Ts]: ...
class P[V](Base[int], Protocol):
    def value(self) -> V: ...
""",
    ),
    "defaults of type parameters": (
        (3, 13),
        """
from typing import Protocol
class P[V = int, *Ts = *tuple[int, ...]](Protocol):
    def get(self, *keys: *Ts) -> V | None: ...
""",
    ),
    "types as default values": (
        (3, 10),
        """
from typing import Optional, Protocol, Union
Maybe = Optional[int]
class P(Protocol):
    def read(self, a=Union[str, int], b=Optional[int], c=int | str, d=list[int]) -> None: ...
""",
    ),
    "members of an enum in quotes": (
        (3, 10),
        """
from __future__ import annotations
import enum
from typing import Literal, Protocol
class Color(enum.Enum):
    RED = 1
class P(Protocol):
    def paint(self, color: Literal[Color.RED, 1]) -> None: ...
""",
    ),
    "required keys in quotes": (
        (3, 10),
        """
from __future__ import annotations
from typing import Protocol
from typing_extensions import ReadOnly, Required, TypedDict, Unpack
class Options(TypedDict, total=False):
    limit: Required[int]
    name: ReadOnly[Required[str]]
    more: int
class P(Protocol):
    def ask(self, **options: Unpack[Options]) -> None: ...
""",
    ),
}


def written(tmp_path, kind):
    since, text = SOURCES[kind]
    if sys.version_info < since:
        pytest.skip(f"Python {since[0]}.{since[1]} can write this")
    file = tmp_path / "written_protocol.py"
    file.write_text(text)
    return file


@pytest.fixture
def both(tmp_path, request):
    """The protocol as a class, and as what `diff` reads."""
    file = written(tmp_path, request.param)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = sys.modules[file.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module.P, f"{file}:P"
    del sys.modules[file.stem]


@pytest.mark.parametrize("both", SOURCES, indirect=True)
def test_a_class_is_what_its_file_says(both):
    """No change, in either direction."""
    imported, text = both
    assert compare(imported, text).changes == ()
    assert compare(text, imported).changes == ()


@pytest.mark.parametrize("both", SOURCES, indirect=True)
def test_snapshots_are_equal_to_the_byte(both):
    """So whichever Python writes it, from whatever source."""
    imported, text = both
    assert snapshot_text(load(imported)) == snapshot_text(load(text))
