"""What the reader of the documentation types works, and prints what the page says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from docs.docs_blocks import blocks_of, commands_of, matches, run_command

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RULES = ROOT / "docs" / "reference" / "rules"  # their pairs are compared by the tests of the rules
STORE = (
    "from typing import Protocol\n\n\nclass Store(Protocol):\n    def put(self, key: str{}): ...\n"
)
TRACKER = (
    "from typing import Protocol\n\n\nclass UsageTracker(Protocol):\n"
    "    def track(self, operation: str, tokens: int{}) -> None: ...\n"
)
FILES = {
    # Files that a page takes for granted.
    "docs/concepts/compatibility.md": {
        "old.py": TRACKER.format(""),
        "new.py": TRACKER.format(", tenant: str = ''"),
    },
    "docs/how-to/upgrade-core.md": {
        "old.py": STORE.format(""),
        "new.py": STORE.format(", value: str"),
        "v1.py": STORE.format(""),
        "v2.py": STORE.format(", value: str"),
        "cloud/ext.py": "from luminescent_cluster.contracts import fakes\n\n\n"
        "class CloudTenantProvider(fakes.InMemoryTenantProvider):\n"
        '    __protocols__ = ("TenantProvider>=1.0,<2",)\n',
    },
}
BEFORE = {
    # Python that ran before the page begins.
    "docs/concepts/schedules.md": """
class UsageTotals:
    def __init__(self):
        self.total = 0
    def track(self, tokens):
        self.total = self.total + tokens
    def summary(self):
        return {"total_tokens": self.total}

class Vouchers:
    def __init__(self):
        self.amounts = {}
        self.total = 0
    def issue(self, amount):
        self.amounts[f"voucher {len(self.amounts)}"] = amount
        return f"voucher {len(self.amounts) - 1}"
    def redeem(self, voucher):
        self.total += self.amounts.pop(voucher, 0)
    def booked(self):
        return self.total
""",
    "docs/how-to/upgrade-core.md": """
from typing import Protocol
from luminescent_cluster.extensions import optional
class MyStore:
    def put(self, key: str): ...
""",
}
ELSEWHERE = {
    # Commands that need what a test does not have.
    "main:src/": "a checkout of core with its history",
    "24.4.0:src/structlog": "a checkout of structlog",
    "snapshot": "the right to write into core",
    "--core 1.1.0": "a release that is yet to come",
    "luminescent_extensions-2.0.0": "a wheel that is yet to come",
}
RAISES = {("docs/concepts/schedules.md", 0): AssertionError}
"""Blocks that show a failure: page and number of the executed block, and what it raises."""


def _name(page):
    return page.relative_to(ROOT).as_posix()


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _runnable(page):
    return RULES not in page.parents and any(
        block.title or block.language in ("python", "console")
        for block in blocks_of(page.read_text("utf-8"))
    )


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """An empty folder that is the reader's repository."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.mark.parametrize("page", [p for p in PAGES if _runnable(p)], ids=_name)
def test_code_blocks_do_what_the_page_says(page, repository):
    """Files are written, Python is executed, commands print what stands below them."""
    names = {"__name__": "page"}
    for title, text in FILES.get(_name(page), {}).items():
        _write(repository / title, text)
    source = repository / "page_before.py"
    source.write_text(BEFORE.get(_name(page), ""), "utf-8")
    exec(compile(source.read_text("utf-8"), str(source), "exec"), names)
    executed = 0
    for block in blocks_of(page.read_text("utf-8")):
        where = f"{page}:{block.line}"
        if block.title:
            _write(repository / block.title, block.text)
        elif block.language == "python":
            raises = RAISES.get((_name(page), executed))
            executed += 1
            # From a file of its own, as inspect and the explorer look sources up.
            path = repository / f"page_block_{executed}.py"
            path.write_text(block.text, "utf-8")
            code = compile(block.text, str(path), "exec")
            if raises is None:
                exec(code, names)
            else:
                with pytest.raises(raises):
                    exec(code, names)
        elif block.language == "console":
            for session in commands_of(block.text):
                if any(fragment in session.command for fragment in ELSEWHERE):
                    continue
                status, output = run_command(session.command, repository, {})
                told = f"{where}\n$ {session.command}\n{output}\n(exit status {status})"
                assert status == session.exits, told
                shown = session.output or "..."  # nothing shown, nothing promised
                assert matches(shown, output), f"{told}\nthe page says\n{session.output}"


def test_every_page_is_in_the_navigation():
    """No page can only be found by searching."""
    listed = (ROOT / "mkdocs.yml").read_text("utf-8")
    rules = {p for p in PAGES if RULES in p.parents and p.name != "README.md"}
    missing = [_name(p) for p in PAGES[1:] if p not in rules and _name(p)[5:] not in listed]
    assert not missing


@pytest.mark.parametrize(
    ("expected", "got", "same"),
    [
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...\nd", "a\nd", True),
        ("a [... s]", "a [0.3 s]", True),
        ("a  ... |  b", "a  22    |    b", True),
        ("a b", "a  b", False),
        ("a", "a\nb", False),
        ("a\n...", "b\na", False),
    ],
)
def test_dots_stand_for_anything(expected, got, same):
    """The comparison itself can fail."""
    assert matches(expected, got) is same


def test_a_console_block_is_read_as_commands():
    """Exit statuses and lines that go on are understood."""
    (first, second) = commands_of("$ one \\\n    two  # exits 1\nsaid\n$ three\n")
    assert first == ("one two", 1, "said")
    assert (second.command, second.exits, second.output) == ("three", 0, "")


def test_commands_find_the_interpreter_that_runs_the_tests(tmp_path):
    """What is shown was printed by the code that is tested."""
    _, output = run_command("python -c 'import sys; print(sys.prefix)'", tmp_path, {})
    assert output.strip() == os.fspath(sys.prefix)
