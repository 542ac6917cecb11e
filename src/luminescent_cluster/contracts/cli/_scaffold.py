"""The module of contract tests and the table that ``init`` writes, as text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence

from ._candidates import Candidate

__all__ = ["binding_names", "module_text", "table_text"]

_HEAD = '''"""Contracts of this project's extensions.

`pytest contract_tests` shows one item for each clause, and
`luminescent-contracts explain ID` says what a clause asks and how to give a probe.
A clause whose probe is missing is unverified, and the verdict INCOMPLETE until then.
"""

from __future__ import annotations
'''


def binding_names(candidates: Sequence[Candidate]) -> list[str]:
    """Give each candidate's binding a name: its class's, in lower case, and no name twice."""
    names: list[str] = []
    for candidate in candidates:
        name = re.sub(
            r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", candidate.definition.name
        )
        name = base = name.lower()
        number = 2
        while name in names:
            name, number = f"{base}_{number}", number + 1
        names.append(name)
    return names


def module_text(
    candidates: Sequence[Candidate], subjects: Mapping[str, tuple[str, Mapping[str, str]]]
) -> str:
    """Give the module of contract tests.

    Args:
        candidates: what to bind.
        subjects: for each protocol of the registry its subject class's name, and for each probe
            how to give it.
    """
    imports: dict[str, set[str]] = {"luminescent_cluster.contracts": {"contract"}}
    own: dict[str, set[str]] = {}
    names: dict[tuple[str, str], str] = {}
    for candidate in candidates:
        subject, _ = subjects.get(candidate.slot, ("Subject", {}))
        imports["luminescent_cluster.contracts"].add(subject)
        ours = candidate.home.partition(".")[0] == "luminescent_cluster"
        (imports if ours else own).setdefault(candidate.home, set()).add(candidate.protocol)
        definition = candidate.definition
        if definition.needs:
            continue
        taken = {name for found in own.values() for name in found} | set(names.values())
        key = (definition.module, definition.name)
        if key not in names:
            alias, number = definition.name, 2
            while alias in taken:
                alias, number = f"{definition.name}{number}", number + 1
            names[key] = alias
            shown = definition.name if alias == definition.name else f"{definition.name} as {alias}"
            own.setdefault(definition.module, set()).add(shown)
    blocks = ["\n".join(_import(m, n) for m, n in sorted(part.items())) for part in (imports, own)]
    parts = [_HEAD, *(block + "\n" for block in blocks if block)]
    text = "\n".join(parts)
    for candidate, name in zip(candidates, binding_names(candidates), strict=True):
        definition = candidate.definition
        alias = names.get((definition.module, definition.name), definition.name)
        subject, probes = subjects.get(candidate.slot, ("Subject", {}))
        text += "\n\n" + _binding(candidate, name, alias, subject, probes)
    return text


def _import(module: str, names: set[str]) -> str:
    # Classes before functions, as isort and ruff have it.
    ordered = sorted(names, key=lambda name: (not name[:1].isupper(), name))
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= 88:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in ordered), ")"])


def _binding(
    candidate: Candidate, name: str, alias: str, subject: str, probes: Mapping[str, str]
) -> str:
    definition = candidate.definition
    lines = [f"@contract({candidate.protocol})", f"def {name}() -> {subject}:"]
    if definition.needs:
        needed = ", ".join(definition.needs)
        lines += [
            f'    """{definition.name}, once it can be made."""',
            f"    # TODO: from {definition.module} import {definition.name},",
            f"    # and return {subject}({definition.name}(...)) with its arguments and probes.",
            *_raise(f"make {_a(definition.name)} here; it needs {needed}"),
        ]
        return "\n".join(lines) + "\n"
    lines += [
        f'    """A fresh {definition.name} for every example."""',
        f"    extension = {alias}()",
        f"    return {subject}(",
        "        extension,",
    ]
    if probes:
        lines.append("        # TODO: uncomment what you can give; each lets clauses see more.")
    for how in probes.values():
        lines += _comment(how)
    return "\n".join([*lines, "    )"]) + "\n"


def _a(name: str) -> str:
    return f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}"


def _raise(message: str) -> list[str]:
    line = f'    raise NotImplementedError("{message}")'
    if len(line) <= 88:
        return [line]
    return ["    raise NotImplementedError(", f'        "{message}"', "    )"]


def _comment(how: str) -> list[str]:
    """Give a probe as a comment: what it is, and under it the argument as it is written."""
    code, about = _argument(how)
    lines = [f"        # {line}" for line in textwrap.wrap(f"{about}:", 76)]
    return [*lines, *(f"        #   {line}" for line in code.splitlines())]


def _argument(how: str) -> tuple[str, str]:
    """Split ``Subject(extension, probe=…)  # about`` into ``probe=…,`` and ``about``."""
    depth, quote, end = 0, "", len(how)
    for place, sign in enumerate(how):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if not depth:
                end = place
                break
    call, about = how[:end], how[end + 1 :]
    code = call.partition("(extension, ")[2].strip()
    code = re.sub(r"\b\w+=…,\s*|,\s*…$", "", code)  # what other probes explain
    code = re.sub(r"(?<=,)\n\s+", "\n", code)
    return f"{code},", " ".join(line.strip(" #") for line in about.splitlines()).strip()


def table_text(slots: Mapping[str, str]) -> str:
    """Give the table for ``pyproject.toml``: slot to factory."""
    lines = ["[tool.luminescent.contracts]"]
    for slot, factory in slots.items():
        key = slot if slot.isidentifier() else f'"{slot}"'
        lines.append(f'{key} = "{factory}"')
    return "\n".join([*lines, 'profile = "ci"']) + "\n"
