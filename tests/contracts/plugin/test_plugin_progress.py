"""Progress of long clauses: where a person looks, and never in the way of anything else."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from luminescent_cluster.contracts.session import progress as progress_module
from luminescent_cluster.contracts.session.progress import Progress, is_wanted, progress_of

pty = pytest.importorskip("pty")  # there is none on Windows, and no progress either

pytest_plugins = ["pytester"]

PERSON = {"TERM": "xterm-256color"}
SLOW = """
    import time

    class Slow(Good):
        def greet(self, name: str) -> str:
            time.sleep(0.04)
            return super().greet(name)

    @contract(Greeter)
    def slow(): return Slow()
"""


class Screen:
    """As much of a terminal as is needed: where text ends up, line by line."""

    def __init__(self, height: int = 24) -> None:
        self.lines: list[list[str]] = [[]]
        self.row = self.column = 0
        self.saved = (0, 0)
        self.statuses: list[str] = []

    def feed(self, text: str) -> None:
        """Take in what was written."""
        for part in re.findall(r"\x1b[D78]|\x1b\[[0-9;]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", text):
            if part == "\x1bD":
                self._down()
            elif part == "\x1b7":
                self.saved = (self.row, self.column)
            elif part == "\x1b8":
                self.statuses.append("".join(self.lines[self.row]).rstrip())
                self.row, self.column = self.saved
            elif part == "\r":
                self.column = 0
            elif part == "\n":
                self._down()
            elif part.startswith("\x1b["):
                self._control(part)
            else:
                self._write(part)

    def _control(self, part: str) -> None:
        number = int(part[2:-1]) if part[2:-1].isdigit() else 1
        if part[-1] == "A":
            self.row -= number
        elif part[-1] == "B":
            self.row += number
        elif part[-1] == "K":
            del self.lines[self.row][self.column :]

    def _down(self) -> None:
        self.row += 1
        if self.row == len(self.lines):
            self.lines.append([])

    def _write(self, text: str) -> None:
        line = self.lines[self.row]
        line += " " * (self.column - len(line))
        line[self.column : self.column + len(text)] = text
        self.column += len(text)

    def text(self) -> str:
        """What stands there in the end."""
        return "\n".join("".join(line).rstrip() for line in self.lines)


def impatient(project) -> None:
    """Let a run of this project show progress soon, on one clause that runs examples."""
    project.write(
        "quick_progress.py",
        """
        from luminescent_cluster.contracts.session import progress
        from luminescent_cluster.contracts.suites import generic

        progress.PATIENCE, progress.EVERY = 0.1, 0.05
        generic.FAMILIES = ("truth",)
        """,
    )


def on_terminal(project, *args: str, **environ: str) -> tuple[int, str]:
    """Run pytest on a terminal of its own; give its exit status and what it wrote."""
    impatient(project)
    terminal, inner = pty.openpty()
    command = [sys.executable, "-m", "pytest", "-p", "quick_progress", "-p", "no:randomly"]
    command += ["--contracts-profile=smoke", "--contracts-seed=1", *args]
    kept = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "COLUMNS")}
    process = subprocess.Popen(
        command,
        cwd=project.path,
        env={**kept, **PERSON, **environ},
        stdin=inner,
        stdout=inner,
        stderr=inner,
    )
    os.close(inner)
    written = b""
    with contextlib.suppress(OSError):  # the end of a terminal
        while data := os.read(terminal, 65536):
            written += data
    os.close(terminal)
    return process.wait(), written.decode("utf-8", "replace")


def test_a_long_clause_is_named_with_its_examples_and_leaves_no_trace(project) -> None:
    """On a real terminal; what stands there in the end is what stands there without progress."""
    project.module(SLOW)
    status, written = on_terminal(project)
    screen = Screen()
    screen.feed(written)
    assert status == 0, written
    assert any(
        re.fullmatch(r"TRU-01 of slow: \d+ s, \d+ examples?", shown) for shown in screen.statuses
    ), written
    assert "TRU-01 of slow" not in screen.text()
    plain = Screen()
    plain.feed(re.sub(r"\x1bD\x1b\[A\x1b7\x1b\[B\r.*?\x1b8", "", written, flags=re.DOTALL))
    assert screen.text().rstrip() == plain.text().rstrip()
    assert "contracts: CONFORMANT" in screen.text()


@pytest.mark.thorough
@pytest.mark.parametrize("options", [["-v"], ["-n", "2"], ["-vv", "-n", "2"]], ids=" ".join)
def test_other_ways_of_showing_tests_are_left_alone_as_well(project, options: list[str]) -> None:
    """Under xdist the controller knows which clause runs, and not how far it is."""
    pytest.importorskip("xdist")
    project.module(SLOW)
    status, written = on_terminal(project, *options)
    screen = Screen()
    screen.feed(written)
    assert status == 0, written
    assert any(shown.startswith("TRU-01 of slow: ") for shown in screen.statuses), written
    assert not any(re.match("TRU-01 of slow: ", line) for line in screen.text().splitlines())


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("options", "environ"),
    [
        (["-q"], {}),
        (["-s"], {}),
        ([], {"CI": "true"}),
        ([], {"NO_COLOR": "1"}),
        ([], {"TERM": "dumb"}),
    ],
    ids=str,
)
def test_nothing_is_shown_where_nobody_asked_for_it(project, options, environ) -> None:
    """On a terminal, too."""
    project.module(SLOW)
    status, written = on_terminal(project, *options, **environ)
    assert status == 0, written
    assert "\x1b7" not in written
    assert "TRU-01 of slow" not in written


@pytest.mark.thorough
def test_a_pipe_gets_no_progress(project) -> None:
    """A machine reads it."""
    impatient(project)
    project.module(SLOW)
    outcome = project.spawn("-p", "quick_progress")
    assert outcome.verdict == "CONFORMANT"
    assert "\x1b" not in outcome.text
    assert "TRU-01 of slow" not in outcome.text


@pytest.mark.parametrize(
    ("environ", "is_terminal", "wanted"),
    [
        (PERSON, True, True),
        (PERSON, False, False),
        ({**PERSON, "CI": "1"}, True, False),
        ({**PERSON, "CI": "false"}, True, True),
        ({**PERSON, "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
        ({}, True, False),
    ],
)
def test_progress_is_for_persons(environ, is_terminal: bool, wanted: bool) -> None:
    """A terminal that can move its cursor, outside of CI."""
    stream = SimpleNamespace(isatty=lambda: is_terminal)
    assert is_wanted(stream, environ) is wanted


def test_a_closed_or_missing_stream_is_no_terminal() -> None:
    """pythonw has none."""
    closed = open(os.devnull)  # noqa: SIM115 - closed in the next line
    closed.close()
    assert not is_wanted(closed, PERSON)
    assert not is_wanted(None, PERSON)


def test_a_run_without_a_terminal_reporter_has_no_progress() -> None:
    """`-p no:terminal`."""
    manager = SimpleNamespace(getplugin=lambda name: None)
    config = SimpleNamespace(
        pluginmanager=manager, get_verbosity=lambda: 0, getoption=lambda *a: "fd"
    )
    assert progress_of(config) is None


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch):
    """A progress on a pipe, impatient; and what reads the pipe."""
    monkeypatch.setattr(progress_module, "PATIENCE", 0.0)
    monkeypatch.setattr(progress_module, "EVERY", 0.01)
    reader, writer = os.pipe()
    found = Progress(writer)
    yield found, reader
    found.close()
    os.close(reader)


def until(reader: int, text: str) -> str:
    """Read until a text has come."""
    written = ""
    while text not in written:
        written += os.read(reader, 65536).decode()
    return written


def test_what_is_written_next_finds_the_status_gone(terminal) -> None:
    """Whoever writes it."""
    found, reader = terminal
    written = []
    file = found.over(SimpleNamespace(write=lambda text: written.append(text) or len(text)))
    found.start("it", "AA-01 of it")
    until(reader, "AA-01 of it: ")
    file.write("x")
    assert until(reader, "\x1b[B\r\x1b[K\x1b8")
    assert written == ["x"]
    found.stop("it")


def test_text_from_elsewhere_cannot_move_the_cursor(terminal) -> None:
    """A parameter's id is part of a node's."""
    found, reader = terminal
    found.start("it", "AA-01 of \x1b[2Jevil\n")
    assert "AA-01 of ?[2Jevil?: " in until(reader, "evil?: ")


def test_several_clauses_share_one_line_the_longest_first(terminal) -> None:
    """As under xdist; counted where they can be."""
    found, reader = terminal
    found.start("a", "AA-01 of it")
    time.sleep(0.02)
    found.start("b", "AA-02 of it")
    found.watch("b", SimpleNamespace(examples=7, calls=9))
    shown = until(reader, "7 examples")
    assert re.search(r"AA-01 of it: \d+ s; AA-02 of it: \d+ s, 7 examples", shown)


def test_a_debugger_has_the_terminal_for_itself(terminal) -> None:
    """While somebody types."""
    found, reader = terminal
    found.start("it", "AA-01 of it")
    until(reader, "AA-01")
    found.pytest_enter_pdb()
    until(reader, "\x1b[B\r\x1b[K\x1b8")
    os.set_blocking(reader, False)
    time.sleep(0.1)
    with pytest.raises(BlockingIOError):
        os.read(reader, 1)
    found.pytest_leave_pdb()
    os.set_blocking(reader, True)
    until(reader, "AA-01")


def test_check_tells_how_far_its_process_is(terminal) -> None:
    """The extension runs elsewhere, and its process says what it has seen."""
    from luminescent_cluster.contracts.clauses import Level, Result, Status
    from luminescent_cluster.contracts.cli._supervise import _Account

    found, reader = terminal
    account = _Account("tenant_provider", found)
    account.take({"start": "AA-01"})
    account.take({"seen": [7, 9]})
    shown = until(reader, "7 examples")
    assert re.search(r"AA-01 of tenant_provider: \d+ s, 7 examples", shown)
    account.take({"result": Result("AA-01", Level.MUST, Status.PASSED).to_json()})
    assert until(reader, "\x1b[B\r\x1b[K\x1b8")
