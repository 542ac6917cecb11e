"""Make the pages of the clause catalogue, from the clauses and from one exhibit of each.

    python docs/_made/catalogue.py FOLDER [ID ...]

The site's build calls :func:`pages`, so that no page can be out of date. An example's failure
output is what the kit really says about it, in this very build.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import multiprocessing
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from luminescent_cluster.contracts import Status, run
from luminescent_cluster.contracts.clauses import Clause
from luminescent_cluster.contracts.suites import catalogue, protocol_suites

ROOT = Path(__file__).resolve().parents[2]

__all__ = ["Example", "NotRejectedError", "examples", "failure", "page", "pages", "source"]

FAMILIES = {
    "SIG": "Signatures: the calls that core makes",
    "DEF": "Defaults",
    "VER": "Versions",
    "TYP": "Types",
    "PUR": "Purity: nobody changes what belongs to another",
    "TRU": "Truth",
    "ERR": "Errors and hostile arguments",
    "THR": "Threads",
    "TP": "TenantProvider",
    "UT": "UsageTracker",
    "AL": "AuditLogger",
    "RG": "Registry",
}
"""Headings of the index, by the beginning of an id."""


NEEDS_MORE = {
    "TP-FLT-06": "It runs only with the extra `pixeltable`, so this page shows no failure."
}
"""Clauses whose failure a build cannot show, and why."""

PLAIN = frozenset(("Provider", "_Provider", "Tracker", "_Tracker", "Logger", "Right", "AsyncRight"))
"""Names of the exhibits' bases that keep their contracts."""


class Example(NamedTuple):
    """A broken extension that a clause rejects.

    Attributes:
        clause: the clause.
        protocol: what the extension is bound to.
        factory: makes it, with the probes that the clause needs.
        modules: where its classes may be found, by name.
    """

    clause: str
    protocol: type
    factory: Any
    modules: tuple[Any, ...]


class NotRejectedError(AssertionError):
    """An exhibit is not rejected any more, so that its page would show nothing."""


@functools.cache
def examples() -> dict[str, Example]:
    """Give one example for each clause that has any: the first exhibit, which is the plainest."""
    for folder in (ROOT / "tests", Path(__file__).parent):
        if str(folder) not in sys.path:  # here, because mkdocs puts it back after loading hooks
            sys.path.insert(0, str(folder))
    found: dict[str, Example] = {}
    suites = {m.__name__.rpartition(".")[2]: m.PROTOCOL for m in protocol_suites()}
    for name in ("generic", *suites):
        module = importlib.import_module(f"exhibits.{name}")
        for exhibit in module.EXHIBITS:
            if exhibit.clause in NEEDS_MORE:
                continue
            protocol = getattr(exhibit, "protocol", None) or suites[name]
            found.setdefault(
                exhibit.clause, Example(exhibit.clause, protocol, exhibit.factory, _near(module))
            )
    threads = importlib.import_module("thread_examples")
    for clause, (slot, kind) in threads.EXAMPLES.items():
        example = Example(clause, suites[slot], threads.probed(slot, kind), (threads,))
        found.setdefault(clause, example)
    return found


def _near(module: Any) -> tuple[Any, ...]:
    """Give a module of exhibits, and those that it imports."""
    others = [value for value in vars(module).values() if inspect.ismodule(value)]
    siblings = [m for name, m in sys.modules.items() if name.startswith("exhibits.")]
    return (module, *others, *siblings)


def source(example: Example) -> str:
    """Give the source of an example's class, and of bases that matter, without decorators."""
    kind = _class_of(example)
    shown = [kind if kind is not None else example.factory]
    shown += [base for base in _bases(kind) if base.__name__ not in PLAIN]
    return "\n\n\n".join(_source(thing) for thing in reversed(shown))


def _bases(kind: type | None) -> list[type]:
    """Give the exhibits that a class inherits from, the nearest first."""
    mro = kind.__mro__[1:] if kind is not None else ()
    return [b for b in mro if b.__module__.startswith(("exhibits", "thread_examples"))]


def _source(thing: object) -> str:
    text = textwrap.dedent(inspect.getsource(thing))
    (node,) = ast.parse(text).body
    lines = text.splitlines()[node.lineno - 1 :]  # decorators stand above it
    return "\n".join(lines)


def _class_of(example: Example) -> type | None:
    factory = inspect.unwrap(example.factory)
    if isinstance(factory, type):
        return factory
    for module in example.modules:
        found = getattr(module, getattr(factory, "__name__", ""), None)
        if isinstance(found, type):
            return found
    cells = inspect.getclosurevars(factory).nonlocals.values() if callable(factory) else ()
    return next((value for value in cells if isinstance(value, type)), None)


def failure(example: Example) -> str:
    """Run the clause on its example and give what the kit says.

    Raises:
        NotRejectedError: the clause did not fail.
    """
    report = run(
        example.protocol, example.factory, clauses=[example.clause], profile="smoke", seed=1
    )
    result = report[example.clause]
    if result.status is not Status.FAILED:
        raise NotRejectedError(f"{example.clause}: {result.status.value} {result.message}")
    return _portable(result.message)


def _portable(text: str) -> str:
    """Take out what differs from one machine to the next: folders and addresses."""
    text = text.replace(f"{ROOT}{os.sep}", "")
    return re.sub(r"0x[0-9a-f]{6,}", "0x…", text)


def page(clause: Clause, example: Example | None, output: str) -> str:
    """Give the page of a clause, in Markdown."""
    needs = ", ".join(f"`{probe}`" for probe in clause.probes) or "none"
    parts = [
        f"# {clause.id}",
        f"**{_plain(clause.text)}.**",
        f"{clause.details}" if clause.details else "",
        f"| level | since | probes |\n|---|---|---|\n"
        f"| {clause.level.value} | {clause.since} | {needs} |",
        f"## Why\n\n{_sentence(clause.reason)}",
        f"## What to do\n\n{_sentence(clause.fix)}",
    ]
    helps = _helps(clause)
    if helps:
        parts.append("## The probe\n\n```text\n" + "\n\n".join(helps) + "\n```")
    if example is not None:
        right = [base.__name__ for base in _bases(_class_of(example)) if base.__name__ in PLAIN]
        drawn = "-+-" in output  # two columns, which folding would tear
        fence = "```text" if drawn else "``` {.text .folded}"
        parts += [
            "## A broken example",
            f"What `{right[0]}` does, which it inherits from, is right." if right else "",
            f"```python\n{source(example)}\n```",
            f"What the kit says about it:\n\n{fence}\n{output}\n```",
        ]
    if clause.id in NEEDS_MORE:
        parts.append(NEEDS_MORE[clause.id])
    parts.append("[All clauses](index.md)")
    return "\n\n".join(part for part in parts if part) + "\n"


def _sentence(text: str) -> str:
    """Begin with a capital, unless with code, and end with a full stop."""
    first = text[0] if re.match(r"\w*[_(=.]", text) else text[0].upper()
    return _plain((first + text[1:]).rstrip(".")) + "."


def _plain(text: str) -> str:
    """Keep Markdown from taking code in a sentence for markup."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([*_<|\[])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


def _helps(clause: Clause) -> list[str]:
    for module in protocol_suites():
        if clause.id in module.clauses:
            known = getattr(getattr(module, "SUBJECT", None), "probe_help", {})
            return [known[probe] for probe in clause.probes if probe in known]
    return []


def index(clauses: Iterable[Clause]) -> str:
    """Give the list of all clauses, in Markdown."""
    clauses = list(clauses)
    parts = [
        "# Clauses",
        f"{len(clauses)} clauses say what conformance means. A MUST decides the verdict; a SHOULD "
        "is reported, and decides it only in strict runs. `luminescent-contracts explain ID` shows "
        "a clause in the terminal. These pages are made from the code when the site is built; the "
        "failures on them are those of that build.",
    ]
    for prefix, heading in FAMILIES.items():
        rows = [
            f"| [{c.id}]({c.id}.md) | {c.level.value} | {_plain(c.text)} |"
            for c in clauses
            if c.id.startswith(f"{prefix}-")
        ]
        parts.append(
            f"## {heading}\n\n| clause | level | sentence |\n|---|---|---|\n" + "\n".join(rows)
        )
    return "\n\n".join(parts) + "\n"


def pages(only: Iterable[str] | None = None) -> Iterator[tuple[str, str]]:
    """Give the name and text of every page, the index first.

    Args:
        only: ids of the clauses whose pages are wanted; all where omitted.

    Raises:
        NotRejectedError: an exhibit is not rejected by its clause.
    """
    clauses = catalogue()
    yield "index.md", index(clauses.values())
    wanted = [clauses[i] for i in only] if only is not None else list(clauses.values())
    shown = examples()
    with ProcessPoolExecutor(
        max_workers=min(4, os.cpu_count() or 1), mp_context=multiprocessing.get_context("spawn")
    ) as pool:  # in processes of their own: some examples end theirs
        outputs = pool.map(_output, [clause.id for clause in wanted])
        for clause, output in zip(wanted, outputs, strict=True):
            yield f"{clause.id}.md", page(clause, shown.get(clause.id), output)


def _output(clause_id: str) -> str:
    example = examples().get(clause_id)
    return failure(example) if example is not None else ""


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(sys.argv[2:] or None):
        (folder / name).write_text(text, "utf-8")
