"""Type parameters of protocols: what is claimed of them is performed on both versions."""

import ast
import sys

import pytest

from luminescent_cluster.contracts.compat import compare
from luminescent_cluster.contracts.compat.rejections import Rejection, Use
from luminescent_cluster.contracts.compat.sources import load
from luminescent_cluster.contracts.compat.terms import Named
from luminescent_cluster.contracts.compat.witnesses import confirm

HEAD = "import dataclasses\nfrom typing import *\nfrom typing_extensions import TypeVar\n"
READ = "    def read(self) -> T: ...\n"


def _versions(folder, old, new):
    paths = folder / "old.py", folder / "new.py"
    for path, text in zip(paths, (old, new), strict=True):
        path.write_text(HEAD + text, "utf-8")
    return tuple(f"{path}:P" for path in paths)


def _variable(arguments):
    return f"T = TypeVar('T'{arguments})\nclass P(Protocol[T]):\n{READ}"


@pytest.mark.parametrize(
    ("use", "aspect"),
    [
        (Use("fill", "", filling=(Named("int"),)), "bound"),
        (Use("take", "", filling=(Named("bool"),), asked=(Named("int"),)), "variance"),
    ],
)
def test_finding_that_does_not_hold_is_dropped(tmp_path, use, aspect):
    """The new version takes the use, so it is no witness of anything."""
    covariant = _variable(", bound=int, covariant=True")
    old, new = map(load, _versions(tmp_path, covariant, covariant))
    rejection = Rejection("", aspect, "type checker", use, "it is said to fail", ("T",))
    assert confirm(rejection, new, old, provider_is_newer=True) is None


def test_use_that_the_old_version_refuses_is_no_witness(tmp_path):
    """What never was allowed cannot break."""
    bounded = _variable(", bound=int")
    old, new = map(load, _versions(tmp_path, bounded, bounded))
    use = Use("fill", "", filling=(Named("str"),))
    rejection = Rejection("", "bound", "type checker", use, "outside the bound", ("T",))
    assert confirm(rejection, new, old, provider_is_newer=True) is None


@pytest.mark.parametrize(
    ("old", "new", "call", "outcome"),
    [
        ("", ", bound=int", "P[object]", "TypeError: object is outside the bound of T, int"),
        (
            ", bound=int",
            ", int, str",
            "P[SubInt]",
            "TypeError: SubInt is not one of those that T takes: int, str",
        ),
        (
            ", covariant=True",
            "",
            "wide: P[object] = narrow  # narrow: P[int]",
            "TypeError: P[int] is not taken for P[object]",
        ),
        (
            ", default=int",
            ", default=str",
            "wide: P[int] = narrow  # narrow: P",
            "TypeError: P[str] is not taken for P[int]",
        ),
    ],
)
def test_witness_is_a_use_and_what_the_new_version_says(tmp_path, old, new, call, outcome):
    """The witness can be written down and tried."""
    (change,) = compare(*_versions(tmp_path, _variable(old), _variable(new))).changes
    witnesses = [w for w in change.witnesses if w.direction == "callers"]
    assert [(w.call, w.outcome) for w in witnesses] == [(call, outcome)]


def _pep695(text):
    """Return the text of a version, where this interpreter can read it."""
    try:
        ast.parse(text)
    except SyntaxError:
        pytest.skip(f"Python {sys.version_info[0]}.{sys.version_info[1]} does not read this")
    return text


BOXES = {
    "read": ("class Box[T]:\n    def get(self) -> T: ...\n", {"implementers"}),
    "write": (
        "class Box[T]:\n    def get(self) -> T: ...\n    def put(self, item: T) -> None: ...\n",
        {"implementers", "callers"},
    ),
    "only write": ("class Box[T]:\n    def put(self, item: T) -> None: ...\n", {"callers"}),
    "data": (
        "@dataclasses.dataclass\nclass Box[T]:\n    item: T\n",
        {"implementers", "callers"},
    ),
    "frozen data": (
        "@dataclasses.dataclass(frozen=True)\nclass Box[T]:\n    item: T\n",
        {"implementers"},
    ),
    "holds itself": (
        "class Box[T]:\n    def get(self) -> T: ...\n    def next(self) -> 'Box[T]': ...\n",
        {"implementers"},
    ),
}


@pytest.mark.parametrize("kind", BOXES)
def test_variance_is_inferred_from_the_members(tmp_path, kind):
    """A narrower argument in a result breaks callers unless the class only gives it out."""
    box, breaks = BOXES[kind]
    text = _pep695(f"{box}class P(Protocol):\n    def f(self) -> Box[object]: ...\n")
    comparison = compare(*_versions(tmp_path, text, text.replace("Box[object]", "Box[int]")))
    assert {w.direction for c in comparison.changes for w in c.witnesses} == breaks


def test_modern_spelling_of_the_same_variance_is_no_change(tmp_path):
    """``class P[T]`` that only gives T out is what ``Protocol[T_co]`` was."""
    modern = _pep695(f"class P[T](Protocol):\n{READ}")
    comparison = compare(*_versions(tmp_path, _variable(", covariant=True"), modern))
    assert comparison.changes == ()


@pytest.mark.parametrize(("old", "new", "bump"), [("int", "int", None), ("int", "str", "MAJOR")])
def test_default_in_brackets_is_read(tmp_path, old, new, bump):
    """``class P[T = int]`` (PEP 696) means P[int] by P."""
    texts = [_pep695(f"class P[T = {item}](Protocol):\n{READ}") for item in (old, new)]
    assert compare(*_versions(tmp_path, *texts)).bump == bump
