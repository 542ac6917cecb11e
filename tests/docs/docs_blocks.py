"""Code blocks of Markdown pages: found, and run in a folder of their own.

- A block with a ``title="path"`` is a file of the reader's repository: it is written there.
- A ``python`` block without one is executed; the blocks of a page share their names.
- A ``console`` block is a session: each ``$ command`` is run, must end as it says (``# exits 1``,
  else 0), and must print what follows, if anything does; ``...`` stands for anything, over lines or
  within one.
- A ``text`` block is output or a sketch, and is left alone, as are blocks of other languages.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ci.ci_files import hypothesis_storage

__all__ = ["Block", "Session", "blocks_of", "commands_of", "matches", "run_command"]

_FENCE = re.compile(r"^( *)(`{3,})(\w*)(.*?)\n(.*?)^\1\2\s*$", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r'title="([^"]+)"')
_EXITS = re.compile(r"\s+# exits (\d+)$")


class Block(NamedTuple):
    """A fenced block.

    Attributes:
        line: where it begins on the page.
        language: what its fence says.
        title: the file it stands for, or empty.
        text: what is in it.
    """

    line: int
    language: str
    title: str
    text: str


class Session(NamedTuple):
    """A command of a console block.

    Attributes:
        command: what is typed.
        exits: the exit status it must have.
        output: what it must print, with ``...``.
    """

    command: str
    exits: int
    output: str


def blocks_of(page: str) -> Iterator[Block]:
    """Give the fenced blocks of a page, in order."""
    for match in _FENCE.finditer(page):
        indent, _, language, rest, text = match.groups()
        title = _TITLE.search(rest)
        lines = (line.removeprefix(indent) for line in text.splitlines())
        yield Block(
            page.count("\n", 0, match.start()) + 1,
            language,
            title.group(1) if title else "",
            "\n".join(lines) + "\n",
        )


def commands_of(text: str) -> list[Session]:
    """Give the commands of a console block, each with what it must print."""
    found: list[Session] = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):  # goes on in the next line
            more, _, output = output.partition("\n")
            command = command[:-1] + more.strip()
        exits = _EXITS.search(command)
        found.append(
            Session(
                _EXITS.sub("", command), int(exits.group(1)) if exits else 0, output.strip("\n")
            )
        )
    return found


def matches(expected: str, got: str) -> bool:
    """Tell whether an output is what a page shows of it."""
    lines = got.strip("\n").splitlines()
    places = {0}  # how many lines of the output may be used up by now
    for line in expected.splitlines():
        if line.strip() == "...":
            places = set(range(min(places), len(lines) + 1)) if places else places
            continue
        pattern = ".*".join(re.escape(part) for part in line.rstrip().split("...")) + " *"
        pattern = re.sub(r"(?:\\ ){2,}", r"\\s+", pattern)  # columns move with their values
        places = {n + 1 for n in places if n < len(lines) and re.fullmatch(pattern, lines[n])}
    return len(lines) in places


def run_command(command: str, folder: Path, more: Mapping[str, str]) -> tuple[int, str]:
    """Run a command as a reader would, who has installed the distribution.

    Returns:
        Its exit status, and what it printed on both streams.
    """
    environment: dict[str, Any] = {
        name: value
        for name, value in os.environ.items()
        if name not in ("CI", "GITHUB_ACTIONS") and not name.startswith(("PYTEST_", "COV_"))
    }
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "COLUMNS": "96",
        "PYTEST_ADDOPTS": "-p no:randomly -p no:cacheprovider",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": hypothesis_storage(),
        **more,
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    return done.returncode, done.stdout
