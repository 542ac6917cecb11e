"""Versions from everywhere: files, revisions, archives, snapshots; and every kind of bad input."""

from __future__ import annotations

import importlib
import json
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from luminescent_cluster.contracts.compat import SourceError, compare, load, released
from luminescent_cluster.contracts.shapes import Shape
from luminescent_cluster.extensions import AuditLogger

STORE = """\
from typing import Protocol

STORE_VERSION = "1.2.0"


class Store(Protocol):
    def read(self, key: str) -> str: ...
"""
CHANGED = STORE.replace("key: str", "name: str").replace("1.2.0", "1.3.0")


class Plain:
    """No protocol."""


class Live(Protocol):
    """A protocol."""

    def read(self, key: str) -> str: ...


def refused(source: object, **options: object) -> SourceError:
    """Return the error for a source; it must name place, problem and remedy."""
    with pytest.raises(SourceError) as caught:
        load(source, **options)  # type: ignore[arg-type]
    error = caught.value
    assert error.place
    assert error.problem in str(error)
    assert f"fix: {error.remedy}" in str(error)
    return error


# --- good ones ------------------------------------------------------------------------------------


def test_a_module_of_a_later_python_is_out_of_reach_and_told(tmp_path: Path) -> None:
    """What hints mention may be written in a syntax that this interpreter does not know."""
    (tmp_path / "later.py").write_text("class Key: ...\n\nlet x = 1\n")
    text = "from later import Key\n" + STORE.replace("key: str", "key: Key")
    (tmp_path / "old.py").write_text(text)
    (tmp_path / "new.py").write_text(text + "\n    def more(self) -> int: ...\n")
    found = compare(f"{tmp_path}/old.py:Store", f"{tmp_path}/new.py:Store")
    assert found.bump == "MAJOR"
    assert any("later.py, line 3: it does not parse" in note for note in found.notes)
    (tmp_path / "facade.py").write_text("from later import Store\n")
    assert "later.py, line 3" in refused(f"{tmp_path}/facade.py:Store").problem


def test_names_of_typing_may_come_through_a_module_of_the_project(tmp_path: Path) -> None:
    """What ``_compat`` takes from typing, or from its backport, is what typing calls so."""
    (tmp_path / "_compat.py").write_text(
        "try:\n    from typing import Literal, Protocol\n"
        "except ImportError:\n    from typing_extensions import Literal, Protocol\n"
    )
    text = STORE.replace("from typing", "from _compat").replace("-> str", "-> Literal['a', 'b']")
    text = text.replace("import Protocol", "import Literal, Protocol")
    (tmp_path / "old.py").write_text(text)
    (tmp_path / "new.py").write_text(text.replace("'a', 'b'", "'a'"))
    found = compare(f"{tmp_path}/old.py:Store", f"{tmp_path}/new.py:Store")
    assert (found.bump, found.breaks_implementers, found.breaks_callers) == ("MAJOR", True, False)


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ("wire.Response", "wire.models.Response", "PATCH"),
        ("wire.Response", "other_wire.Response", "MAJOR"),
    ],
)
def test_classes_out_of_reach_are_told_by_library_and_name(
    old: str, new: str, bump: str, tmp_path: Path
) -> None:
    """Within a library a class may move; what another one calls by the name is another class."""
    for at, result in (("old", old), ("new", new)):
        (tmp_path / f"{at}.py").write_text(
            f"import wire.models, other_wire\n{STORE}\n    def ask(self) -> {result}: ...\n"
        )
    assert compare(f"{tmp_path}/old.py:Store", f"{tmp_path}/new.py:Store").bump == bump


@pytest.mark.parametrize(
    "text", ["from store import Store\n", "import store\n\nStore = store.Store\n"]
)
def test_a_protocol_may_be_imported_by_the_file(text: str, tmp_path: Path) -> None:
    """A name that a module offers again is followed to the class."""
    (tmp_path / "store.py").write_text(STORE, "utf-8")
    (tmp_path / "api.py").write_text(text, "utf-8")
    assert compare(f"{tmp_path}/store.py:Store", f"{tmp_path}/api.py:Store").bump is None


def test_a_file_is_read_with_its_version(tmp_path: Path) -> None:
    """The version stands beside the protocol, under its name in capitals."""
    (tmp_path / "store.py").write_text(STORE, "utf-8")
    edition = load(f"{tmp_path}/store.py:Store")
    assert (edition.name, edition.version) == ("Store", "1.2.0")


def test_relative_paths_start_from_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default from the current one."""
    (tmp_path / "store.py").write_text(STORE, "utf-8")
    assert load("store.py:Store", folder=tmp_path).name == "Store"
    monkeypatch.chdir(tmp_path)
    assert load("store.py:Store").name == "Store"


def test_a_static_source_is_never_executed(tmp_path: Path) -> None:
    """A module that would leave a trace when imported leaves none."""
    trace = tmp_path / "executed"
    text = f"open({str(trace)!r}, 'w').close()\nraise SystemExit\n" + STORE
    (tmp_path / "store.py").write_text(text, "utf-8")
    assert load(f"{tmp_path}/store.py:Store").name == "Store"
    assert not trace.exists()


def test_a_module_on_the_path_is_read_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``package.module:Class`` is found like an import, and not imported."""
    package = tmp_path / "compat_shop"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit\n", "utf-8")
    (package / "store.py").write_text(STORE, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert load("compat_shop.store:Store").name == "Store"
    assert "compat_shop" not in sys.modules


@pytest.mark.parametrize("future", ["", "from __future__ import annotations\n"])
def test_a_recursive_alias_breaks_nothing_live_or_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, future: str
) -> None:
    """A type that speaks of itself is read, and means the same however the protocol is given."""
    name = f"compat_recursive_{bool(future)}"
    text = (
        f"{future}from typing import Dict, List, Optional, Protocol, Union\n\n"
        'Json = Union[str, int, Dict[str, "Json"], List["Json"]]\n\n\n'
        "class Parse(Protocol):\n"
        "    def parse(self, value: Optional[Json], more: List[Json]) -> Json: ...\n"
    )
    (tmp_path / f"{name}.py").write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    live = importlib.import_module(name).Parse
    found = compare(live, f"{tmp_path}/{name}.py:Parse")
    assert not (found.breaks_implementers or found.breaks_callers), found.changes


def test_bases_and_types_of_sibling_modules_are_read(tmp_path: Path) -> None:
    """Relative imports, re-exports and aliases are followed through the files."""
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("from .types import Key as Key\n", "utf-8")
    (package / "types.py").write_text("Key = str | int\n", "utf-8")
    (package / "base.py").write_text(
        "from typing import Protocol\n\nclass Base(Protocol):\n    def close(self) -> None: ...\n",
        "utf-8",
    )
    (package / "store.py").write_text(
        "from typing import Protocol\nfrom shop import Key\nfrom .base import Base\n\n"
        "class Store(Base, Protocol):\n    def read(self, key: Key) -> str: ...\n",
        "utf-8",
    )
    edition = load(f"{package}/store.py:Store")
    assert [m.name for m in edition.shape.members] == ["close", "read"]
    assert "int | str" in str(edition.shape.methods[1].signature)


def test_revisions_are_read_from_git(
    repository: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tags, a path from the current folder; nothing is checked out."""
    root = repository(v1={"pkg/store.py": STORE}, v2={"pkg/store.py": CHANGED})
    monkeypatch.chdir(root)
    found = compare("v1:pkg/store.py:Store", "v2:pkg/store.py:Store")
    assert (found.bump, found.declared, found.required) == ("MAJOR", "1.3.0", "2.0.0")
    assert found.version_ok is False
    assert compare("HEAD:pkg/store.py:Store", "pkg/store.py:Store").bump is None


def test_revisions_work_from_a_subfolder_and_with_absolute_paths(
    repository: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths mean what they mean to the shell, and from the top what they mean to git."""
    root = repository(v1={"pkg/store.py": STORE}, v2={"pkg/store.py": CHANGED})
    monkeypatch.chdir(root / "pkg")
    for path in ("store.py", "pkg/store.py", "./store.py", f"{root}/pkg/store.py"):
        assert load(f"v1:{path}:Store").version == "1.2.0"


@pytest.mark.parametrize("name", ["shop-1.0-py3-none-any.whl", "shop-1.0.tar.gz"])
def test_archives_are_read_without_installing(tmp_path: Path, name: str) -> None:
    """A wheel and a source distribution, by path and by module."""
    file = tmp_path / name
    if name.endswith(".whl"):
        with zipfile.ZipFile(file, "w") as wheel:
            wheel.writestr("shop/store.py", STORE)
    else:
        inner = tmp_path / "store.py"
        inner.write_text(STORE, "utf-8")
        with tarfile.open(file, "w:gz") as sdist:
            sdist.add(inner, "shop-1.0/src/shop/store.py")
    assert load(f"{file}:shop/store.py:Store").version == "1.2.0"
    assert load(f"{file}:shop.store:Store").version == "1.2.0"


def test_released_versions_of_our_protocols_ship() -> None:
    """By name and version, and as a mapping for suites."""
    assert load("AuditLogger@1.0.0").version == "1.0.0"
    assert load("AuditLogger@1.0").version == "1.0.0"
    assert isinstance(released("TenantProvider")["1.0.0"], Shape)
    assert released("Unknown") == {}


def test_our_protocols_are_what_was_released() -> None:
    """The live classes have not changed since their snapshots."""
    assert compare("AuditLogger@1.0.0", AuditLogger).bump is None


# --- bad ones -------------------------------------------------------------------------------------


def test_an_unknown_class_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    """A slip of the pen is seen at once."""
    (tmp_path / "store.py").write_text(STORE, "utf-8")
    error = refused(f"{tmp_path}/store.py:Stoer")
    assert "Stoer" in error.problem
    assert "Store" in error.remedy


def test_a_file_that_does_not_parse_says_where(tmp_path: Path) -> None:
    """The line is named."""
    (tmp_path / "store.py").write_text(STORE + "\n\ndef (:\n", "utf-8")
    assert "line 10" in refused(f"{tmp_path}/store.py:Store").place


def test_an_ambiguous_name_is_refused(tmp_path: Path) -> None:
    """Two classes of one name: the lines are named."""
    (tmp_path / "store.py").write_text(STORE + "\n\n" + STORE, "utf-8")
    assert "ambiguous" in refused(f"{tmp_path}/store.py:Store").problem


def test_a_class_that_is_no_protocol_is_refused(tmp_path: Path) -> None:
    """From text and live."""
    (tmp_path / "plain.py").write_text("class Plain: ...\n", "utf-8")
    for source in (f"{tmp_path}/plain.py:Plain", Plain):
        assert "not a protocol" in refused(source).problem


def test_a_base_out_of_reach_is_no_guess(tmp_path: Path) -> None:
    """Members that cannot be known are not taken for none."""
    text = (
        "from typing import Protocol\nfrom elsewhere import Base\n\nclass P(Base, Protocol): ...\n"
    )
    (tmp_path / "p.py").write_text(text, "utf-8")
    assert "Base" in refused(f"{tmp_path}/p.py:P").problem


def test_a_revision_that_does_not_exist_is_refused(
    repository: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that looks like an option of git."""
    root = repository(v1={"store.py": STORE})
    monkeypatch.chdir(root)
    assert "no revision" in refused("v9:store.py:Store").problem
    refused("--help:store.py:Store")
    assert "no such file" in refused("v1:other.py:Store").problem


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    """A revision needs a repository."""
    assert "git repository" in refused("v1:store.py:Store", folder=tmp_path).problem


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "not json", '{"format": 1}', '{"format": 1, "shape": {"is": "Method"}}'],
)
def test_what_is_no_snapshot_is_refused(tmp_path: Path, text: str) -> None:
    """A file that only has the right ending."""
    (tmp_path / "s.json").write_text(text, "utf-8")
    refused(f"{tmp_path}/s.json")


def test_a_snapshot_of_a_newer_format_asks_for_an_upgrade(tmp_path: Path) -> None:
    """Rather than read it wrongly."""
    data = load("AuditLogger@1.0.0").to_json() | {"format": 99}
    (tmp_path / "s.json").write_text(json.dumps(data), "utf-8")
    assert "upgrade" in refused(f"{tmp_path}/s.json").remedy


@pytest.mark.parametrize(
    "source",
    ["AuditLogger@9.9.9", "AuditLogger@x", "Unknown@1.0.0", "nowhere.py:P", "P", "", ":", "a:b:c",
     "no.such.module:P", "x.whl:store.py:P", 5, None],
)  # fmt: skip
def test_what_names_nothing_is_refused(source: object, tmp_path: Path) -> None:
    """One clear error each."""
    refused(source, folder=tmp_path)
