"""Our subtype relation on text, against mypy's verdict on each hint for each."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from tests.contracts.compat.compat_hints import HEAD, HINTS

from luminescent_cluster.contracts.compat import load
from luminescent_cluster.contracts.compat.acceptance import protocol_fits
from luminescent_cluster.contracts.compat.hint_reader import parse
from luminescent_cluster.contracts.compat.subtyping import Relation
from luminescent_cluster.contracts.compat.terms import scope_of
from luminescent_cluster.contracts.shapes import Method

# Where we differ on purpose or for want of stubs; nothing else may be different.
KNOWN = (
    # Hashable is what a class's objects can do, not what a stub forgets to say of it.
    lambda left, right: right == "Hashable",
    # A str is no LiteralString: mypy does not know the difference.
    lambda left, right: right == "typing.LiteralString",
    # A coroutine that nobody awaits is a mistake, even where any object will do.
    lambda left, right: (left, right) == ("CallsLater", "Callable[[int], object]"),
    # Bases that only the stubs have.
    lambda left, right: left.startswith("asyncio.") and right.startswith("Iterable["),
    lambda left, right: right.startswith("contextlib.AbstractContextManager"),
    lambda left, right: (left, right) == ("typing.TextIO", "Closes"),
)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the hints need names of 3.11")
def test_assignability_is_mypys(tmp_path: Path) -> None:
    """Each hint assigned to each: we agree with mypy but for what is listed above."""
    from mypy import api

    lines = HEAD.splitlines()
    places = {}
    for i, left in enumerate(HINTS):
        for j, right in enumerate(HINTS):
            lines.append(f"def f{i}_{j}(x: {left}) -> {right}: return x")
            places[len(lines)] = (i, j)
    (tmp_path / "pairs.py").write_text("\n".join(lines) + "\n", "utf-8")
    output, _, _ = api.run(
        [
            "--config-file=",
            "--no-incremental",
            "--cache-dir",
            f"{tmp_path}/c",
            f"{tmp_path}/pairs.py",
        ]
    )
    refused = {
        places[int(line)]
        for line in re.findall(r"pairs\.py:(\d+): error", output)
        if int(line) in places
    }
    assert refused
    body = "".join(f"    def m{i}(self, x: {h}) -> None: ...\n" for i, h in enumerate(HINTS))
    (tmp_path / "proto.py").write_text(f"{HEAD}\nclass P(Protocol):\n{body}", "utf-8")
    edition = load(f"{tmp_path}/proto.py:P")
    scopes = scope_of(edition, 0), scope_of(edition, 1)
    different = []
    for i, left in enumerate(HINTS):
        for j, right in enumerate(HINTS):
            one, other = _text(edition, i), _text(edition, j)
            fits = Relation(0, protocol_fits).fits(parse(one, scopes[0]), parse(other, scopes[1]))
            if fits == ((i, j) in refused) and not any(known(left, right) for known in KNOWN):
                different.append((left, right, "we accept" if fits else "we refuse"))
    assert different == []


def _text(edition: object, at: int) -> str | None:
    method = edition.shape.member(f"m{at}")  # type: ignore[attr-defined]
    assert isinstance(method, Method)
    annotation = method.signature.parameters[0].annotation
    return annotation.text if annotation else None
