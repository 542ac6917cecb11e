"""Make the reference pages whose content the code knows: options, commands, Python names."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property

__all__ = ["pages"]

MODULES = {
    "luminescent_cluster.contracts": "Bind, run and read. Importing it is cheap.",
    "luminescent_cluster.extensions": "Ships to production.",
    "luminescent_cluster.contracts.shapes": "Acceptance at run time, without a type checker.",
    "luminescent_cluster.contracts.compat": "Versions of a protocol.",
    "luminescent_cluster.contracts.schedules": "Thread schedules of anything.",
    "luminescent_cluster.contracts.fakes": "Extensions that keep their contracts.",
}


def pages() -> Iterator[tuple[str, str]]:
    """Give the path and text of every page."""
    yield "reference/command-line.md", command_line()
    yield "reference/pytest-options.md", pytest_options()
    yield "reference/python.md", python()


def command_line() -> str:
    """Give each command's own help."""
    parts = [
        "# Command line",
        "`luminescent-contracts COMMAND`. Every command ends with 0 for a success, 1 for a "
        "finding, 2 for wrong usage.",
        "```text\n" + _help() + "\n```",
    ]
    commands = importlib.import_module("luminescent_cluster.contracts.cli")
    names = sorted(m.name for m in _modules(commands) if not m.name.startswith("_"))
    parts += [f"## {name}\n\n```text\n{_help(name)}\n```" for name in names]
    return "\n\n".join(parts) + "\n"


def _modules(package: object) -> Iterator[object]:
    import pkgutil

    return iter(pkgutil.iter_modules(package.__path__))


def _help(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "luminescent_cluster.contracts", *command, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "96", "NO_COLOR": "1"},
    )
    return done.stdout.rstrip()


def pytest_options() -> str:
    """Give the plugin's options."""
    from luminescent_cluster.contracts.options import OPTIONS

    rows = []
    for name, about in OPTIONS.items():
        value = ", ".join(f"`{choice}`" for choice in about.get("choices", ()))
        metavar = f" {about['metavar']}" if "metavar" in about else ""
        rows.append(f"| `{name}{metavar}` | {value} | {about['help']} |")
    return (
        "# pytest options\n\n"
        "The plugin loads itself where the distribution is installed. What stands on the command "
        "line goes before the [project's table](configuration.md), and that before the defaults."
        "\n\n"
        "| option | values | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n\n"
        "Everything of pytest works on clauses: `-k TP-FLT`, `--lf`, `-x`, `-n auto`, a node id "
        "such as `test_cloud.py::cloud_tenant_provider::TP-FLT-02`.\n\n"
        "## Fixture\n\n"
        "`extension_registry`: the process-wide registry, fresh before the test, reset after it.\n"
    )


def python() -> str:
    """Give the public names with their signatures and documentation."""
    parts = ["# Python", "What is not listed here is not public, and may change."]
    for module_name, about in MODULES.items():
        module = importlib.import_module(module_name)
        parts.append(f"## {module_name}\n\n{about}")
        parts += [_entry(name, getattr(module, name)) for name in module.__all__]
    return "\n\n".join(parts) + "\n"


def _entry(name: str, value: object) -> str:
    if not callable(value):
        return f"### {name}\n\n```text\n{name} = {value!r}\n```"
    signature = "" if getattr(value, "_is_protocol", False) else _signature(value)
    text = inspect.getdoc(value) or ""
    members = "".join(f"\n\n{line}" for line in _members(value)) if inspect.isclass(value) else ""
    return f"### {name}\n\n```text\n{name}{signature}\n\n{text}{members}\n```"


def _members(kind: type) -> Iterator[str]:
    """Give the public methods and properties that a class of ours defines, each in a sentence."""
    ours = [base for base in kind.__mro__ if base.__module__.startswith("luminescent_cluster")]
    found = {name: value for base in reversed(ours) for name, value in vars(base).items()}
    for name, value in found.items():
        if isinstance(value, (staticmethod, classmethod)):
            value = value.__func__
        is_property = isinstance(value, (property, cached_property))
        if name.startswith("_") or not (inspect.isfunction(value) or is_property):
            continue
        about = (inspect.getdoc(value) or "").partition("\n\n")[0].replace("\n", " ")
        shown = "" if is_property else _signature(value)
        yield f"{name}{shown}\n    {about}"


def _signature(value: object) -> str:
    """Give a signature as a caller sees it: no receiver, no quotes around hints."""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return "(…)"
    parameters = [p for n, p in signature.parameters.items() if n not in ("self", "cls")]
    shown = str(signature.replace(parameters=parameters)).replace("typing.", "")
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", shown)
