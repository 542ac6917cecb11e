"""Draw the README's picture: a terminal with a real run of the README's own example.

    python docs/_made/picture.py            writes docs/images/failure.svg

`tests/docs` runs a clause of it again and looks for the words.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["COMMAND", "PICTURE", "draw", "shown", "words"]

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "images" / "failure.svg"
COMMAND = "pytest contract_tests -q"
_WIDTH = 100
_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
_COLOURS = {
    31: "#ff7b72",
    32: "#7ee787",
    33: "#e3b341",
    34: "#79c0ff",
    35: "#d2a8ff",
    36: "#76e3ea",
}
_TIME = re.compile(r"(\x1b\[[0-9;]*m)* in \d+\.\d+s( \(\d+:\d\d:\d\d\))?")  # the machine's
_TEXT, _GROUND = "#e6edf3", "#0d1117"


def shown(*more: str) -> str:
    """Run the README's first Python block as the reader would, with colours.

    Args:
        more: further arguments of pytest.

    Returns:
        What pytest prints, with its escape sequences.
    """
    readme = (ROOT / "README.md").read_text("utf-8")
    code = re.search(r'^```python title="([^"]+)"\n(.*?)^```', readme, re.DOTALL | re.MULTILINE)
    if code is None:
        raise SystemExit("README.md has no Python block with a title")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, code.group(1))
        path.parent.mkdir(parents=True)
        path.write_text(code.group(2), "utf-8")
        environment = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR")}
        options = "-p no:randomly -p no:cacheprovider --color=yes"
        done = subprocess.run(
            [sys.executable, "-m", *COMMAND.split(), *more],
            cwd=folder,
            env={**environment, "COLUMNS": str(_WIDTH), "PYTEST_ADDOPTS": options},
            capture_output=True,
            text=True,
            check=False,
        )
    return f"$ {COMMAND}\n{done.stdout.rstrip()}"


def words(text: str) -> list[str]:
    """Give what a terminal or a picture shows, without colours and times, word by word."""
    text = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", text, flags=re.DOTALL)
    text = _ESCAPE.sub("", re.sub(r"</?(?:svg|g|rect|text|tspan|circle)\b[^>]*>", " ", text))
    return re.sub(r"\b\d+\.\d+ ?s\b|\(\d:\d\d:\d\d\)", "", html.unescape(text)).split()


def draw(text: str) -> str:
    """Give a terminal's text, with escape sequences for colours, as an SVG picture."""
    lines = [part for line in text.splitlines() for part in _folded(line)]
    height = 20 * len(lines) + 56
    width = int(8.43 * _WIDTH) + 40
    body = []
    colour, bold = _TEXT, False
    for number, line in enumerate(lines):
        spans = []
        for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
            escape = _ESCAPE.fullmatch(piece)
            if escape:
                for code in map(int, filter(None, (escape.group(1) or "0").split(";"))):
                    colour = _COLOURS.get(code, colour)
                    bold = bold or code == 1
                if escape.group(1) in ("", "0"):
                    colour, bold = _TEXT, False
            elif piece:
                weight = ' font-weight="bold"' if bold else ""
                spans.append(f'<tspan fill="{colour}"{weight}>{html.escape(piece)}</tspan>')
        body.append(f'<text x="20" y="{52 + 20 * number}">{"".join(spans)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" xml:space="preserve">\n'
        "<title>pytest rejects a tenant provider: a filter for nobody matches rows without an owner"
        "</title>\n<style>text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "
        "'DejaVu Sans Mono', monospace; white-space: pre; }</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="{_GROUND}"/>\n'
        '<circle cx="22" cy="18" r="6" fill="#ff5f57"/><circle cx="42" cy="18" r="6" '
        'fill="#febc2e"/><circle cx="62" cy="18" r="6" fill="#28c840"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def _folded(line: str) -> list[str]:
    """Break a long line at a space; cut a coloured one, as pytest does in a terminal."""
    plain = _ESCAPE.sub("", line)
    if len(plain) <= _WIDTH:
        return [line]
    if "\x1b" in line:
        return [line[: len(line) - len(plain) + _WIDTH - 1] + "…"]
    cut = line.rfind(" ", 0, _WIDTH)
    return [line[:cut], *_folded("    " + line[cut + 1 :])]


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    seen = shown()
    if "NON-CONFORMANT" not in seen or "Traceback" in seen:
        raise SystemExit(f"this is not the failure that the README tells of:\n{seen}")
    PICTURE.write_text(draw(_TIME.sub("", seen)), "utf-8")
