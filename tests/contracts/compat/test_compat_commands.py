"""``diff``, ``matrix`` and ``snapshot`` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from luminescent_cluster.contracts.cli import main

STORE = """\
from typing import Protocol

STORE_VERSION = "1.0.0"


class Store(Protocol):
    def read(self, key: str) -> str: ...
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two versions of a protocol and an implementation of the first."""
    (tmp_path / "old.py").write_text(STORE, "utf-8")
    (tmp_path / "new.py").write_text(STORE.replace("key", "name"), "utf-8")
    (tmp_path / "impl.py").write_text(
        "class Impl:\n    __protocols__ = ('Store>=1.0',)\n\n"
        "    def read(self, key: str) -> str:\n        return key\n",
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_diff_shows_bump_victims_and_witness(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What changed, who breaks, a call that shows it, declared against required."""
    assert main(["diff", "old.py:Store", "new.py:Store"]) == 0
    shown = capsys.readouterr().out
    for part in ("MAJOR: breaks implementers and callers", "PAR-04", 'read(name="name")',
                 "declared 1.0.0, required 2.0.0", "TypeError"):  # fmt: skip
        assert part in shown


def test_diff_gives_the_bump_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For scripts; ``none`` where nothing changed."""
    main(["diff", "old.py:Store", "new.py:Store", "--bump-only"])
    main(["diff", "old.py:Store", "old.py:Store", "--bump-only"])
    assert capsys.readouterr().out == "MAJOR\nnone\n"


def test_the_exit_code_says_whether_the_declared_version_is_right(folder: Path) -> None:
    """Too low is 1; high enough, and no change, are 0."""
    assert main(["diff", "old.py:Store", "new.py:Store", "--exit-code"]) == 1
    text = (folder / "new.py").read_text("utf-8").replace("1.0.0", "2.0.0")
    (folder / "new.py").write_text(text, "utf-8")
    assert main(["diff", "old.py:Store", "new.py:Store", "--exit-code"]) == 0
    assert main(["diff", "old.py:Store", "old.py:Store", "--exit-code"]) == 0


def test_json_says_what_python_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same names as the attributes."""
    main(["diff", "old.py:Store", "new.py:Store", "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    assert (data["bump"], data["breaks_implementers"], data["required"]) == ("MAJOR", True, "2.0.0")
    assert data["changes"][0]["witnesses"][0]["outcome"].startswith("TypeError")


@pytest.mark.parametrize("form", ["text", "markdown", "github"])
def test_foreign_text_is_made_harmless(
    folder: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """A default with escape sequences, pipes and commands shows as what it is."""
    evil = '"\\x1b[31m|</td>\\n::error::owned"'
    for name, value in (("old", '"x"'), ("new", evil)):
        text = STORE.replace("key: str", f"key: str = {value}")
        (folder / f"{name}.py").write_text(text, "utf-8")
    main(["diff", "old.py:Store", "new.py:Store", "--format", form])
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert not any(line.startswith("::error::owned") for line in shown.splitlines())
    if form == "markdown":
        assert "</td>" not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["diff", "old.py:Stoer", "new.py:Store"],
        ["diff", "v9:old.py:Store", "new.py:Store"],
        ["matrix", "no.such:Thing"],
        ["matrix", "impl.py:Impl"],
        ["snapshot", "old.py:Store"],
    ],
)
def test_bad_input_ends_with_2_and_a_remedy(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """One clear error, with the place and what to do."""
    assert main(arguments) == 2
    assert "fix:" in capsys.readouterr().err


def test_snapshots_are_written_once_and_then_hold(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Written, unchanged, changed without a bump, bumped too little, bumped enough."""
    check = ["snapshot", "old.py:Store", "--released", "snaps", "--check"]
    assert main(check[:-1]) == 0
    assert main(check) == 0
    for text, code, word in (
        (STORE.replace("key", "name"), 1, "changed"),
        (STORE.replace("key", "name").replace("1.0.0", "1.1.0"), 1, "required 2.0.0"),
        (STORE.replace("key", "name").replace("1.0.0", "2.0.0"), 1, "no snapshot"),
    ):
        (folder / "old.py").write_text(text, "utf-8")
        assert main(check) == code
        assert word in capsys.readouterr().out
    assert main(check[:-1]) == 0
    assert main(check) == 0
    assert sorted(f.name for f in (folder / "snaps").iterdir()) == [
        "Store-1.0.0.json",
        "Store-2.0.0.json",
    ]


def test_a_released_snapshot_is_never_overwritten(folder: Path) -> None:
    """Writing again where the protocol differs is a failure and changes nothing."""
    write = ["snapshot", "old.py:Store", "--released", "snaps"]
    main(write)
    before = (folder / "snaps" / "Store-1.0.0.json").read_text("utf-8")
    (folder / "old.py").write_text(STORE.replace("key", "name"), "utf-8")
    assert main(write) == 1
    assert (folder / "snaps" / "Store-1.0.0.json").read_text("utf-8") == before


def test_our_own_protocols_hold_their_snapshots() -> None:
    """What CI runs on this repository."""
    assert main(["snapshot", "--check"]) == 0


def test_matrix_judges_the_declared_range(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Over-claimed is 1, with the widest honest range as the remedy."""
    main(["snapshot", "old.py:Store", "--released", "snaps"])
    text = STORE.replace("key", "name").replace("1.0.0", "2.0.0")
    (folder / "new.py").write_text(text, "utf-8")
    main(["snapshot", "new.py:Store", "--released", "snaps"])
    capsys.readouterr()
    assert main(["matrix", "impl.py:Impl", "--released", "snaps"]) == 1
    shown = capsys.readouterr().out
    assert "over-claimed" in shown
    assert "Store>=1.0.0,<2" in shown
    for core, code in (("1.0.0", 0), ("2.0.0", 1), ("3.0.0", 2)):
        assert main(["matrix", "impl.py:Impl", "--released", "snaps", "--core", core]) == code
    for form in ("json", "markdown"):
        main(["matrix", "impl.py:Impl", "--released", "snaps", "--format", form])
        assert "over-claimed" in capsys.readouterr().out


def test_an_extension_without_declaration_finds_its_protocol(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``matrix module:Class`` needs nothing else, where only one of our protocols fits."""
    (folder / "compat_cloud.py").write_text(
        "class Provider:\n"
        "    def get_tenant_id(self, request_context): ...\n"
        "    def get_tenant_filter(self, tenant_id): ...\n"
        "    def validate_tenant_access(self, tenant_id, user_id, resource): ...\n",
        "utf-8",
    )
    assert main(["matrix", "compat_cloud:Provider"]) == 0
    assert "TenantProvider" in capsys.readouterr().out
