"""mypy, run once on a module that is written for it, in this process."""

from __future__ import annotations

import atexit
import gc
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

_FLAGS: Final = (
    "--strict",
    "--allow-any-generics",  # `Store` for `Store[Any]` in the probe is no fault of the author
    "--follow-imports=silent",  # errors inside the implementation's own module do not count
    "--namespace-packages",
    "--explicit-package-bases",
    "--hide-error-context",
    "--no-color-output",
    "--no-error-summary",
    "--no-pretty",
    "--show-absolute-path",
)
_LINE: Final = re.compile(
    r"^(?P<file>.+?):(?P<line>\d+):(?:\d+:)? (?P<kind>error|note): (?P<text>.*?)"
    r"(?:  \[(?P<code>[\w-]+)\])?$"
)


class MissingExtraError(ImportError):
    """mypy is not installed."""


@dataclass(frozen=True, slots=True)
class Error:
    """One error in the module.

    Attributes:
        line: its line; 0 where mypy stopped before it looked.
        text: what it says, with its notes.
        code: mypy's code for it; ``"stopped"`` where it stopped.
    """

    line: int
    text: str
    code: str


def check_module(
    source: str, *, roots: Iterable[str], cache_dir: str | os.PathLike[str] | None
) -> list[Error]:
    """Give mypy's errors in a module.

    Args:
        source: the module.
        roots: folders from which it imports.
        cache_dir: where mypy keeps its cache; a temporary folder of this process where None.

    Raises:
        MissingExtraError: mypy is not installed.
    """
    try:
        from mypy import api
    except ImportError as error:
        raise MissingExtraError(
            'TYP-02 needs mypy, which is not installed; install "luminescent-extensions[contracts]"'
        ) from error
    folder = Path(tempfile.mkdtemp(prefix="luminescent-typ02-"))
    restore = _process_state()
    try:
        # A new module name each time: mypy replays cached errors under the path of old.
        probe = folder / f"probe_{folder.name.rpartition('-')[2]}.py"
        probe.write_text(source, encoding="utf-8")
        settings = folder / "mypy.ini"
        settings.write_text(f"[mypy]\nmypy_path = {os.pathsep.join(roots)}\n", encoding="utf-8")
        out, err, status = api.run(
            [
                *_FLAGS,
                f"--config-file={settings}",
                f"--cache-dir={cache_dir or _cache_dir()}",
                str(probe),
            ]
        )
        return _parse(out, err, status, probe)
    finally:
        restore()
        shutil.rmtree(folder, ignore_errors=True)


def _process_state() -> Callable[[], None]:
    """Remember what mypy changes in the process that hosts it; the result puts it back."""
    limit, thresholds, collecting = sys.getrecursionlimit(), gc.get_threshold(), gc.isenabled()
    variable = "MYPY_CONFIG_FILE_DIR"
    value = os.environ.get(variable)

    def restore() -> None:
        sys.setrecursionlimit(limit)
        gc.set_threshold(*thresholds)
        if collecting:
            gc.enable()
        if value is None:
            os.environ.pop(variable, None)
        else:
            os.environ[variable] = value

    return restore


@lru_cache(maxsize=1)
def _cache_dir() -> str:
    folder = tempfile.mkdtemp(prefix="luminescent-mypy-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _parse(out: str, err: str, status: int, probe: Path) -> list[Error]:
    errors: list[Error] = []
    foreign = ""
    here = os.path.realpath(probe)
    for line in out.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        if os.path.realpath(match["file"]) != here:
            foreign = foreign or line
            continue
        number, text = int(match["line"]), match["text"]
        if match["kind"] == "error":
            errors.append(Error(number, text, match["code"] or ""))
        elif errors and errors[-1].line == number and "https://" not in text:
            errors[-1] = Error(number, f"{errors[-1].text}; {text.strip()}", errors[-1].code)
    if status == 2 or (status and not errors):
        # A file that does not parse stops mypy before it looks at the probes.
        text = (err.strip() or foreign or out.strip()).splitlines()
        errors.append(Error(0, text[0] if text else "mypy stopped without a word", "stopped"))
    return errors
