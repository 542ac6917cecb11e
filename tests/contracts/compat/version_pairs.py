"""Pairs of protocol versions with the verdict of a careful maintainer.

Each pair: name, what stands before the class, the old body, the new body, the bump, who breaks
(``I`` implementers, ``C`` callers). A preamble given as a pair differs between the versions.
"""

from __future__ import annotations

from typing import NamedTuple

HEAD = """\
from __future__ import annotations
import abc, asyncio, contextlib, dataclasses, datetime, decimal, enum, functools, os, pathlib
import typing as t
from collections.abc import *
from typing import *
from luminescent_cluster.extensions import optional
"""


class Pair(NamedTuple):
    """One pair of versions."""

    name: str
    old: str
    new: str
    bump: str | None
    breaks: str = ""
    before: str = ""
    after: str | None = None
    bases: tuple[str, str] = ("Protocol", "Protocol")

    def source(self, new: bool) -> str:
        """Return the module text of one version."""
        before = self.before if not new or self.after is None else self.after
        body = (self.new if new else self.old).strip("\n") or "pass"
        lines = "\n".join("    " + line if line else "" for line in body.splitlines())
        return f"{HEAD}{before}\nclass P({self.bases[new]}):\n{lines}\n"


def same(name: str, old: str, new: str, **more: object) -> Pair:
    return Pair(name, old, new, None, **more)  # type: ignore[arg-type]


def patch(name: str, old: str, new: str, **more: object) -> Pair:
    return Pair(name, old, new, "PATCH", **more)  # type: ignore[arg-type]


def minor(name: str, old: str, new: str, **more: object) -> Pair:
    return Pair(name, old, new, "MINOR", **more)  # type: ignore[arg-type]


def major(name: str, breaks: str, old: str, new: str, **more: object) -> Pair:
    return Pair(name, old, new, "MAJOR", breaks, **more)  # type: ignore[arg-type]


F = "def f(self, a: int) -> str: ..."
G = "\ndef g(self) -> int: ..."
EVENT = "class Event(TypedDict):\n    a: int\n"
MODE = "class Mode(enum.Enum):\n    FAST = 1\n    SLOW = 2\n"
T_VAR = 'T = TypeVar("T")\nU = TypeVar("U")\n'

PAIRS: list[Pair] = [
    # --- nothing happened
    same("identical", F, F),
    same("comments", F, "# a comment\ndef f(self, a: int) -> str: ...  # another"),
    same("layout", F, "def f(\n    self,\n    a: int,\n) -> str:\n    ..."),
    same("stub spelled pass", F, "def f(self, a: int) -> str:\n    pass"),
    same("stub raises", F, "def f(self, a: int) -> str:\n    raise NotImplementedError"),
    same("stub raises call", F, "def f(self, a: int) -> str:\n    raise NotImplementedError('f')"),
    same("methods reordered", F + G, G.strip() + "\n" + F),
    same("private method added", F, F + "\ndef _g(self) -> int: ..."),
    same("private method changed", F + "\ndef _g(self): ...", F + "\ndef _g(self, a): ..."),
    same("private attribute added", F, F + "\n_x: int"),
    same("mangled method added", F, F + "\ndef __g(self) -> int: ..."),
    same("repr added", F, F + "\ndef __repr__(self) -> str: ..."),
    same("slots added", F, "__slots__ = ()\n" + F),
    same("init added", F, "def __init__(self) -> None: ...\n" + F),
    same("len added", F, F + "\ndef __len__(self) -> int: ..."),
    same("optional spelled", "def f(self, a: Optional[int]): ...", "def f(self, a: int | None): ..."),
    same("union order", "def f(self, a: int | str): ...", "def f(self, a: Union[str, int]): ..."),
    same("typing dict", "def f(self) -> Dict[str, List[int]]: ...",
         "def f(self) -> dict[str, list[int]]: ..."),
    same("typing sequence", "def f(self) -> t.Sequence[int]: ...",
         "def f(self) -> Sequence[int]: ..."),
    same("quoted hint", "def f(self) -> 'int | None': ...", "def f(self) -> Optional['int']: ..."),
    same("none spelled", "def f(self) -> None: ...", "def f(self) -> type(None): ...".replace(
        "type(None)", "None")),
    same("annotated", "def f(self, a: int): ...", "def f(self, a: Annotated[int, 'x']): ..."),
    same("alias introduced", "def f(self, a: dict[str, list[int]]): ...", "def f(self, a: Table): ...",
         before="", after="Table = dict[str, list[int]]\n"),
    same("alias renamed", "def f(self, a: A): ...", "def f(self, a: B): ...",
         before="A = Union[int, str]\n", after="B: TypeAlias = 'str | int'\n"),
    same("type variable renamed", "def f(self, a: T) -> T: ...", "def f(self, a: U) -> U: ...",
         before=T_VAR),
    same("class type variable renamed", "def f(self) -> T: ...", "def f(self) -> U: ...",
         before=T_VAR.replace('"T"', '"T", covariant=True').replace('"U"', '"U", covariant=True'),
         bases=("Protocol[T]", "Protocol[U]")),
    same("base moved, same members", F, "", before="", after=f"class B(Protocol):\n    {F}\n",
         bases=("Protocol", "B, Protocol")),
    same("base split", F + G, F, after=f"class B(Protocol):\n    {G.strip()}\n",
         bases=("Protocol", "B, Protocol")),
    same("generic base filled", "def f(self, a: int) -> int: ...", "",
         after="T = TypeVar('T')\nclass B(Protocol[T]):\n    def f(self, a: T) -> T: ...\n",
         bases=("Protocol", "B[int], Protocol")),
    same("keyword-only reordered", "def f(self, *, a: int, b: int): ...",
         "def f(self, *, b: int, a: int): ..."),
    same("literal order", "def f(self, a: Literal['a', 'b']): ...",
         "def f(self, a: Literal['b', 'a']): ..."),
    same("literal split", "def f(self, a: Literal['a', 'b']): ...",
         "def f(self, a: Literal['b'] | Literal['a']): ..."),
    same("default as constant", "def f(self, a: int = 3600): ...", "def f(self, a: int = HOUR): ...",
         before="HOUR = 60 * 60\n"),
    same("dunder positional", "def f(self, __a: int): ...", "def f(self, __a: int, /): ..."),
    same("static constant reflow", "X: ClassVar[int] = 3\n" + F, "X: ClassVar[int] = 1 + 2\n" + F),
    same("runtime_checkable", F, F, after="def runtime(c): return c\n"),
    same("typeddict keys reordered", "def f(self) -> E: ...", "def f(self) -> E: ...",
         before="class E(TypedDict):\n    a: int\n    b: str\n",
         after="class E(TypedDict):\n    b: str\n    a: int\n"),
    same("typeddict functional", "def f(self) -> E: ...", "def f(self) -> E: ...",
         before="class E(TypedDict):\n    a: int\n", after="E = TypedDict('E', {'a': int})\n"),
    same("unrelated class changed", F, F, before="class X: pass\n", after="class X:\n    y = 1\n"),
    same("variadic hints", "def f(self, *args: int, **kw: str): ...",
         "def f(self, *args: int, **kw: str): ..."),
    # --- documentation and hints
    patch("docstring added", F, 'def f(self, a: int) -> str:\n    """Do it."""'),
    patch("docstring changed", 'def f(self):\n    """Do it."""', 'def f(self):\n    """Do that."""'),
    patch("class docstring", F, '"""A protocol."""\n' + F),
    patch("hint added", "def f(self, a): ...", "def f(self, a: int): ..."),
    patch("hint of result added", "def f(self, a): ...", "def f(self, a) -> int: ..."),
    patch("hint removed", "def f(self, a: int): ...", "def f(self, a): ..."),
    patch("any to int", "def f(self, a: Any) -> Any: ...", "def f(self, a: int) -> str: ..."),
    patch("bare dict filled", "def f(self) -> dict: ...", "def f(self) -> dict[str, Any]: ..."),
    patch("bare list filled", "def f(self, a: list): ...", "def f(self, a: list[int]): ..."),
    patch("redundant union", "def f(self, a: str): ...", "def f(self, a: str | Literal['x']): ..."),
    patch("bool as literals", "def f(self) -> bool: ...", "def f(self) -> Literal[True, False]: ..."),
    patch("float and int", "def f(self, a: float): ...", "def f(self, a: float | int): ..."),
    patch("positional-only renamed", "def f(self, a: int, /): ...", "def f(self, b: int, /): ..."),
    patch("star renamed", "def f(self, *args: int): ...", "def f(self, *values: int): ..."),
    patch("static to class", "@staticmethod\ndef f(a: int) -> int: ...",
          "@classmethod\ndef f(cls, a: int) -> int: ..."),
    patch("async generator spelled", "def f(self) -> AsyncIterator[int]: ...",
          "async def f(self) -> AsyncIterator[int]:\n    yield 1", ),
    patch("typeddict optional key added", "def f(self) -> Event: ...", "def f(self) -> Event: ...",
          before=EVENT, after=EVENT + "    b: NotRequired[int]\n"),
    patch("dataclass default field added", "def f(self, e: E) -> E: ...", "def f(self, e: E) -> E: ...",
          before="@dataclasses.dataclass\nclass E:\n    a: int\n",
          after="@dataclasses.dataclass\nclass E:\n    a: int\n    b: int = 0\n"),
    patch("overloads reordered",
          "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str) -> str: ...",
          "@overload\ndef f(self, a: str) -> str: ...\n@overload\ndef f(self, a: int) -> int: ..."),
    patch("default body changed", "def f(self) -> int:\n    return 1",
          "def f(self) -> int:\n    return 2"),
    patch("equal default", "def f(self, a: float = 1): ...", "def f(self, a: float = 1.0): ..."),
    patch("since corrected", "@optional(since='1.1.0')\ndef f(self): return 1",
          "@optional(since='1.2.0')\ndef f(self): return 1"),
    patch("overload collapsed", "@overload\ndef f(self, a: int) -> str: ...\n@overload\ndef f(self, a: str) -> str: ...",
          "def f(self, a: int | str) -> str: ..."),
    # --- something optional came
    minor("optional method marked", F, F + "\n@optional(since='1.1.0')\ndef g(self) -> int: return 1"),
    minor("optional method with body", F, F + "\ndef g(self) -> int:\n    return 1"),
    minor("optional property", F, F + "\n@property\n@optional(since='1.1.0')\ndef g(self) -> int: return 1"),
    minor("optional async method", F,
          F + "\n@optional(since='1.1.0')\nasync def g(self) -> int: return 1"),
    minor("became optional", F + "\ndef g(self) -> int: ...",
          F + "\n@optional(since='1.1.0')\ndef g(self) -> int: return 1"),
    minor("body given", F + "\ndef g(self) -> int: ...", F + "\ndef g(self) -> int:\n    return 1"),
    minor("marker begins, body stays", "def f(self) -> int:\n    return 1",
          "def f(self) -> int:\n    return 1\n@optional(since='1.1.0')\ndef g(self): return 2"),
    minor("default attribute", F, F + "\nlimit: int = 3"),
    # --- members
    major("method added", "I", F, F + G),
    major("method with docstring only added", "I", F, F + '\ndef g(self) -> int:\n    """Do."""'),
    major("abstract method with body added", "I", F,
          F + "\n@abc.abstractmethod\ndef g(self) -> int:\n    return 1"),
    major("unmarked body beside marker", "I",
          F + "\n@optional(since='1.1.0')\ndef h(self): return 1",
          F + "\n@optional(since='1.1.0')\ndef h(self): return 1\ndef g(self): return 2"),
    major("method removed", "C", F + G, F),
    major("optional method removed", "C", F + "\n@optional(since='1.1.0')\ndef g(self): return 1", F),
    major("method renamed", "IC", F + G, F + G.replace("g", "h")),
    major("attribute added", "I", F, F + "\nx: int"),
    major("property added", "I", F, F + "\n@property\ndef x(self) -> int: ..."),
    major("attribute removed", "C", F + "\nx: int", F),
    major("optional became required", "I", F + "\n@optional(since='1.1.0')\ndef g(self): return 1",
          F + "\ndef g(self): ..."),
    major("body removed", "I", F + "\ndef g(self):\n    return 1", F + "\ndef g(self): ..."),
    major("optional method changed", "I", "@optional(since='1.1.0')\ndef f(self): return 1",
          "@optional(since='1.1.0')\ndef f(self, a=1): return 1"),
    major("inherited protocol added", "I", F, F, after="class B(Protocol):\n    def g(self): ...\n",
          bases=("Protocol", "B, Protocol")),
    major("inherited protocol dropped", "C", F, F, before="class B(Protocol):\n    def g(self): ...\n",
          bases=("B, Protocol", "Protocol")),
    major("inherited method changed", "IC", F, F, before="class B(Protocol):\n    def g(self, a): ...\n",
          after="class B(Protocol):\n    def g(self, b): ...\n", bases=("B, Protocol", "B, Protocol")),
    major("method to property", "IC", "def f(self) -> int: ...", "@property\ndef f(self) -> int: ..."),
    major("property to method", "IC", "@property\ndef f(self) -> int: ...", "def f(self) -> int: ..."),
    major("method to attribute", "IC", "def f(self) -> int: ...", "f: int"),
    major("class method to instance", "C", "@classmethod\ndef f(cls) -> int: ...", "def f(self) -> int: ..."),
    major("instance to static", "I", "def f(self) -> int: ...", "@staticmethod\ndef f() -> int: ..."),
    major("call changed", "IC", "def __call__(self, a: int) -> int: ...",
          "def __call__(self, b: int) -> int: ..."),
    major("call added", "I", F, F + "\ndef __call__(self) -> int: ..."),
    major("enter changed", "I", "def __exit__(self, a, b, c): ...", "def __exit__(self, a, b, c, d=1): ..."),
    # --- parameters
    major("required parameter added", "IC", F, "def f(self, a: int, b: int) -> str: ..."),
    major("optional parameter added", "I", F, "def f(self, a: int, b: int = 0) -> str: ..."),
    major("keyword-only optional added", "I", F, "def f(self, a: int, *, b: int = 0) -> str: ..."),
    major("keyword-only required added", "IC", F, "def f(self, a: int, *, b: int) -> str: ..."),
    major("parameter removed", "IC", "def f(self, a: int, b: int): ...", "def f(self, a: int): ..."),
    major("optional parameter removed", "C", "def f(self, a, b=1): ...", "def f(self, a): ..."),
    major("parameter renamed", "IC", F, "def f(self, b: int) -> str: ..."),
    major("keyword-only renamed", "IC", "def f(self, *, a: int): ...", "def f(self, *, b: int): ..."),
    major("parameters swapped", "IC", "def f(self, a: str, b: str): ...", "def f(self, b: str, a: str): ..."),
    major("positional-only swapped", "IC", "def f(self, a: str, b: str, /): ...",
          "def f(self, b: str, a: str, /): ..."),
    major("optional parameters swapped", "IC", "def f(self, a=None, b=None): ...",
          "def f(self, b=None, a=None): ..."),
    major("became positional-only", "C", "def f(self, a: int): ...", "def f(self, a: int, /): ..."),
    major("became keyword-only", "C", "def f(self, a: int): ...", "def f(self, *, a: int): ..."),
    major("positional-only lifted", "I", "def f(self, a: int, /): ...", "def f(self, a: int): ..."),
    major("keyword-only lifted", "I", "def f(self, *, a: int): ...", "def f(self, a: int): ..."),
    major("default added", "I", "def f(self, a: int): ...", "def f(self, a: int = 0): ..."),
    major("default removed", "C", "def f(self, a: int = 0): ...", "def f(self, a: int): ..."),
    major("default changed", "IC", "def f(self, a: int = 0): ...", "def f(self, a: int = 1): ..."),
    major("default none to empty", "IC", "def f(self, a=None): ...", "def f(self, a=()): ..."),
    major("default true to false", "IC", "def f(self, a: bool = True): ...", "def f(self, a: bool = False): ..."),
    major("default enum changed", "IC", "def f(self, a: Mode = Mode.FAST): ...",
          "def f(self, a: Mode = Mode.SLOW): ...", before=MODE),
    major("default constant changed", "IC", "def f(self, a: int = N): ...", "def f(self, a: int = N): ...",
          before="N = 1\n", after="N = 2\n"),
    major("default call changed", "IC", "def f(self, a=datetime.timedelta(seconds=1)): ...",
          "def f(self, a=datetime.timedelta(seconds=2)): ..."),
    major("keyword-only default changed", "IC", "def f(self, *, a: int = 0): ...", "def f(self, *, a: int = 1): ..."),
    major("star args added", "I", "def f(self, a): ...", "def f(self, a, *args): ..."),
    major("star args removed", "C", "def f(self, a, *args): ...", "def f(self, a): ..."),
    major("kwargs added", "I", "def f(self, a): ...", "def f(self, a, **kwargs): ..."),
    major("kwargs removed", "C", "def f(self, a, **kwargs): ...", "def f(self, a): ..."),
    major("named became kwargs", "I", "def f(self, *, a: int): ...", "def f(self, **kwargs: int): ..."),
    major("kwargs became named", "C", "def f(self, **kwargs: int): ...", "def f(self, *, a: int = 1): ..."),
    major("unpack key added", "I", "def f(self, **kw: Unpack[O]): ...", "def f(self, **kw: Unpack[O]): ...",
          before="class O(TypedDict, total=False):\n    a: int\n",
          after="class O(TypedDict, total=False):\n    a: int\n    b: int\n"),
    major("parameter inserted before", "IC", "def f(self, a: int): ...", "def f(self, z: int, a: int): ..."),
    major("optional inserted before optional", "IC", "def f(self, a, b=1): ...", "def f(self, a, c=2, b=1): ..."),
    # --- flow
    major("became async", "IC", F, "async " + F),
    major("became sync", "IC", "async " + F, F),
    major("coroutine to async generator", "IC", "async def f(self) -> int: ...",
          "def f(self) -> AsyncIterator[int]: ..."),
    major("list to async iterator", "IC", "def f(self) -> list[int]: ...", "def f(self) -> AsyncIterator[int]: ..."),
    major("async list to async iterator in coroutine", "IC", "async def f(self) -> list[int]: ...",
          "async def f(self) -> AsyncIterator[int]: ..."),
    major("iterator to async iterator", "IC", "def f(self) -> Iterator[int]: ...",
          "def f(self) -> AsyncIterator[int]: ..."),
    major("coroutine to awaitable", "C", "async def f(self) -> int: ...", "def f(self) -> Awaitable[int]: ..."),
    major("became context manager", "IC", "def f(self) -> Iterator[int]: ...",
          "@contextlib.contextmanager\ndef f(self) -> Iterator[int]: ..."),
    # --- hints
    major("parameter widened", "I", "def f(self, a: int): ...", "def f(self, a: int | str): ..."),
    major("parameter narrowed", "C", "def f(self, a: int | str): ...", "def f(self, a: int): ..."),
    major("parameter optional now", "I", "def f(self, a: str): ...", "def f(self, a: str | None): ..."),
    major("parameter replaced", "IC", "def f(self, a: int): ...", "def f(self, a: str): ..."),
    major("result narrowed", "I", "def f(self) -> int | None: ...", "def f(self) -> int: ..."),
    major("result widened", "C", "def f(self) -> int: ...", "def f(self) -> int | None: ..."),
    major("result replaced", "IC", "def f(self) -> int: ...", "def f(self) -> str: ..."),
    major("result of none", "IC", "def f(self) -> None: ...", "def f(self) -> bool: ..."),
    major("result list to sequence", "C", "def f(self) -> list[int]: ...", "def f(self) -> Sequence[int]: ..."),
    major("parameter list to iterable", "I", "def f(self, a: list[int]): ...", "def f(self, a: Iterable[int]): ..."),
    major("item of list", "IC", "def f(self, a: list[bool]): ...", "def f(self, a: list[int]): ..."),
    major("item of sequence", "I", "def f(self, a: Sequence[bool]): ...", "def f(self, a: Sequence[int]): ..."),
    major("async result widened", "C", "async def f(self) -> int: ...", "async def f(self) -> int | None: ..."),
    major("literal widened", "I", "def f(self, a: Literal['a']): ...", "def f(self, a: Literal['a', 'b']): ..."),
    major("literal narrowed", "C", "def f(self, a: Literal['a', 'b']): ...", "def f(self, a: Literal['a']): ..."),
    major("str to literal", "C", "def f(self, a: str): ...", "def f(self, a: Literal['a']): ..."),
    major("literal result widened", "C", "def f(self) -> Literal['a']: ...", "def f(self) -> Literal['a', 'b']: ..."),
    major("tuple longer", "IC", "def f(self) -> tuple[int, str]: ...", "def f(self) -> tuple[int, str, int]: ..."),
    major("tuple to list", "IC", "def f(self) -> tuple[int, ...]: ...", "def f(self) -> list[int]: ..."),
    major("callback argument added", "IC", "def f(self, a: Callable[[int], None]): ...",
          "def f(self, a: Callable[[int, int], None]): ..."),
    major("callback argument widened", "C", "def f(self, a: Callable[[int], None]): ...",
          "def f(self, a: Callable[[int | str], None]): ..."),
    major("callback result widened", "I", "def f(self, a: Callable[[], int]): ...",
          "def f(self, a: Callable[[], int | None]): ..."),
    major("newtype introduced", "C", "def f(self, a: str): ...", "def f(self, a: UserId): ...",
          before="UserId = NewType('UserId', str)\n"),
    major("newtype in result", "I", "def f(self) -> str: ...", "def f(self) -> UserId: ...",
          before="UserId = NewType('UserId', str)\n"),
    major("newtype base changed", "IC", "def f(self, a: UserId): ...", "def f(self, a: UserId): ...",
          before="UserId = NewType('UserId', str)\n", after="UserId = NewType('UserId', int)\n"),
    major("typeddict key added, result", "I", "def f(self) -> Event: ...", "def f(self) -> Event: ...",
          before=EVENT, after=EVENT + "    b: int\n"),
    major("typeddict key added, parameter", "C", "def f(self, e: Event): ...", "def f(self, e: Event): ...",
          before=EVENT, after=EVENT + "    b: int\n"),
    major("typeddict key removed, result", "C", "def f(self) -> Event: ...", "def f(self) -> Event: ...",
          before=EVENT + "    b: int\n", after=EVENT),
    major("typeddict key optional, result", "C", "def f(self) -> Event: ...", "def f(self) -> Event: ...",
          before=EVENT, after=EVENT.replace("int", "NotRequired[int]")),
    major("typeddict key type", "IC", "def f(self) -> Event: ...", "def f(self) -> Event: ...",
          before=EVENT, after=EVENT.replace("int", "str")),
    major("typeddict in a list", "I", "def f(self) -> list[Event]: ...", "def f(self) -> list[Event]: ...",
          before=EVENT, after=EVENT + "    b: int\n") ._replace(breaks="IC"),
    major("dict to typeddict", "IC", "def f(self) -> dict[str, int]: ...", "def f(self) -> Event: ...", before=EVENT),
    major("dataclass field added", "C", "def f(self, e: E): ...", "def f(self, e: E): ...",
          before="@dataclasses.dataclass\nclass E:\n    a: int\n",
          after="@dataclasses.dataclass\nclass E:\n    a: int\n    b: int\n"),
    major("dataclass field removed", "C", "def f(self) -> E: ...", "def f(self) -> E: ...",
          before="@dataclasses.dataclass\nclass E:\n    a: int\n    b: int\n",
          after="@dataclasses.dataclass\nclass E:\n    a: int\n"),
    major("enum member removed", "I", "def f(self) -> Mode: ...", "def f(self) -> Mode: ...",
          before=MODE, after=MODE.replace("    SLOW = 2\n", "")),
    major("callback protocol changed", "IC", "def f(self, h: H): ...", "def f(self, h: H): ...",
          before="class H(Protocol):\n    def __call__(self, a: int) -> None: ...\n",
          after="class H(Protocol):\n    def __call__(self, b: int) -> None: ...\n"),
    major("nested protocol grew", "C", "def f(self, h: H): ...", "def f(self, h: H): ...",
          before="class H(Protocol):\n    def x(self) -> None: ...\n",
          after="class H(Protocol):\n    def x(self) -> None: ...\n    def y(self) -> None: ...\n"),
    major("alias changed", "I", "def f(self, a: A): ...", "def f(self, a: A): ...",
          before="A = Union[int, str]\n", after="A = Union[int, str, bytes]\n"),
    major("self to protocol", "C", "def f(self) -> Self: ...", "def f(self) -> P: ..."),
    major("protocol to self", "I", "def f(self) -> 'P': ...", "def f(self) -> Self: ..."),
    major("generic result fixed", "IC", "def f(self, a: T) -> T: ...", "def f(self, a: int) -> int: ...",
          before=T_VAR)._replace(breaks="C"),
    major("bound narrowed", "C", "def f(self, a: T) -> T: ...", "def f(self, a: T) -> T: ...",
          before="T = TypeVar('T')\n", after="T = TypeVar('T', bound=int)\n"),
    major("datetime to date", "I", "def f(self, a: datetime.datetime): ...", "def f(self, a: datetime.date): ..."),
    major("path to str", "IC", "def f(self, a: pathlib.Path): ...", "def f(self, a: str): ..."),
    major("decimal to float", "IC", "def f(self) -> decimal.Decimal: ...", "def f(self) -> float: ..."),
    major("kwargs hint", "IC", "def f(self, **kw: int): ...", "def f(self, **kw: str): ..."),
    major("args hint widened", "I", "def f(self, *a: int): ...", "def f(self, *a: int | str): ..."),
    # --- attributes
    major("became read-only", "C", "x: int", "@property\ndef x(self) -> int: ..."),
    major("became settable", "I", "@property\ndef x(self) -> int: ...", "x: int"),
    major("setter added", "I", "@property\ndef x(self) -> int: ...",
          "@property\ndef x(self) -> int: ...\n@x.setter\ndef x(self, v: int) -> None: ..."),
    major("setter removed", "C",
          "@property\ndef x(self) -> int: ...\n@x.setter\ndef x(self, v: int) -> None: ...",
          "@property\ndef x(self) -> int: ..."),
    major("attribute type", "IC", "x: int", "x: str"),
    major("attribute widened", "IC", "x: int", "x: int | None"),
    major("property widened", "C", "@property\ndef x(self) -> int: ...", "@property\ndef x(self) -> int | None: ..."),
    major("property narrowed", "I", "@property\ndef x(self) -> int | None: ...", "@property\ndef x(self) -> int: ..."),
    major("became classvar", "IC", "x: int", "x: ClassVar[int]"),
    major("became final", "C", "x: int", "x: Final[int]"),
    patch("settable property to attribute",
          "@property\ndef x(self) -> int: ...\n@x.setter\ndef x(self, v: int) -> None: ...", "x: int"),
    # --- overloads
    major("overload added", "I", "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str) -> str: ...",
          "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str) -> str: ...\n"
          "@overload\ndef f(self, a: bytes) -> bytes: ..."),
    major("overload removed", "C",
          "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str) -> str: ...\n"
          "@overload\ndef f(self, a: bytes) -> bytes: ...",
          "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str) -> str: ..."),
    major("overload with more arguments", "I",
          "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str) -> str: ...",
          "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str, b: int) -> str: ...\n"
          "@overload\ndef f(self, a: str) -> str: ..."),
    major("overload result changed", "IC",
          "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str) -> str: ...",
          "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str) -> bytes: ..."),
    major("overloads merged", "C",
          "@overload\ndef f(self, a: int) -> int: ...\n@overload\ndef f(self, a: str) -> str: ...",
          "def f(self, a: int | str) -> int | str: ..."),
    # --- generics
    major("variance tightened", "C", "def f(self) -> T: ...", "def f(self) -> T: ...",
          before="T = TypeVar('T', covariant=True)\n", after="T = TypeVar('T')\n",
          bases=("Protocol[T]", "Protocol[T]")),
    major("type parameter added", "IC", "def f(self) -> T: ...", "def f(self, a: U) -> T: ...",
          before="T = TypeVar('T')\nU = TypeVar('U')\n", bases=("Protocol[T]", "Protocol[T, U]")),
    major("type parameters swapped", "IC", "def f(self, a: T) -> U: ...", "def f(self, a: T) -> U: ...",
          before=T_VAR, bases=("Protocol[T, U]", "Protocol[U, T]")),
]  # fmt: skip
