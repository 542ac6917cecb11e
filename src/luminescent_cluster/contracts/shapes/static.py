"""Whether a static type checker accepts an implementation (TYP-02): mypy on generated probes.

mypy does not compare the names of parameters when it compares members of protocols, only when it
compares functions.  So besides "an instance where the protocol is asked for", each method is
assigned to a variable of the type of the protocol's own method.  One run serves all pairs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, Final

from luminescent_cluster.extensions._calls.judge import cached_shape
from luminescent_cluster.extensions._calls.lookup import is_operator
from luminescent_cluster.extensions._calls.model import UNKNOWN, Annotation, Method, Signature
from luminescent_cluster.extensions._calls.peek import is_mock, is_wrapt, raw_attribute, really
from luminescent_cluster.extensions._calls.reflection import own_annotations
from luminescent_cluster.extensions._calls.verdict import Rejection
from luminescent_cluster.extensions.optional import optional_members

from .naming import Name, NotNameableError, name_of
from .type_checker import Error, check_module

CLAUSE: Final = "TYP-02"
# Codes that say "nothing is known about this", not "this is wrong".
_BLIND: Final = frozenset({"no-any-return", "import-untyped", "import-not-found", "import"})


@dataclass(frozen=True, slots=True)
class StaticResult:
    """What a type checker says about one pair.

    Attributes:
        rejections: why it does not accept an instance; clause ``TYP-02``.
        cannot_judge: why the checker saw nothing, with the remedy; ``""`` when it did.
        untyped: the members that lack annotations, in which a checker sees little.
    """

    implementation: type
    protocol: type
    rejections: tuple[Rejection, ...] = ()
    cannot_judge: str = ""
    untyped: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """True when the checker saw the pair and accepts it."""
        return not self.rejections and not self.cannot_judge

    @property
    def level(self) -> str:
        """``MUST``, or ``SHOULD`` for an implementation that is not fully annotated."""
        return "SHOULD" if self.untyped else "MUST"


@dataclass(slots=True)
class _Probe:
    """The lines of the probe module that belong to one pair."""

    index: int
    implementation: Name
    protocol: Name
    methods: list[str]
    whole: bool
    start: int = 0
    lines: dict[int, str] = field(default_factory=dict)


def check_static(
    pairs: Iterable[tuple[Any, type]],
    *,
    cache_dir: str | os.PathLike[str] | None = None,
    paths: Sequence[str | os.PathLike[str]] = (),
    defaults: bool = False,
) -> tuple[StaticResult, ...]:
    """Let mypy decide for each pair whether the implementation satisfies the protocol.

    Args:
        pairs: implementations (a class, or an instance of it) with their protocols.
        cache_dir: where mypy keeps its cache; a temporary folder of this process where omitted.
        paths: more folders from which modules can be imported.
        defaults: let everything be missing that ``with_defaults`` serves, as ``accepts`` does.

    Returns:
        One result per pair, in the given order.

    Raises:
        MissingExtraError: mypy is not installed.
    """
    results: list[StaticResult] = []
    probes: list[_Probe] = []
    for index, (subject, protocol) in enumerate(pairs):
        made = _prepare(index, subject, protocol, defaults)
        if isinstance(made, StaticResult):
            results.append(made)
        else:
            probes.append(made)
            klass = subject if isinstance(subject, type) else type(subject)
            results.append(StaticResult(klass, protocol, untyped=_untyped(klass, protocol)))
    if probes:
        named = [name.root for p in probes for name in (p.implementation, p.protocol)]
        roots = dict.fromkeys([*filter(None, named), *map(str, paths)])
        errors = check_module(_source(probes), roots=roots, cache_dir=cache_dir)
        for probe in probes:
            results[probe.index] = _judge(probe, errors, results[probe.index])
    return tuple(results)


def _prepare(index: int, subject: Any, protocol: type, defaults: bool) -> _Probe | StaticResult:
    klass = subject if really(subject, type) else type(subject)
    if is_mock(subject) or is_wrapt(subject):
        return StaticResult(
            klass, protocol, cannot_judge=f"a {klass.__name__} stands for another class; give that"
        )
    try:
        names = name_of(klass), name_of(protocol)
    except NotNameableError as error:
        return StaticResult(klass, protocol, cannot_judge=str(error))
    methods, whole = [], True
    served = optional_members(protocol) if defaults else {}
    for member in cached_shape(protocol).members:
        optional = member.optional_since is not None or member.name in served
        if optional and raw_attribute(klass, member.name) is UNKNOWN:
            whole = False  # the default serves it
        elif isinstance(member, Method) and _assignable_alone(member):
            methods.append(member.name)
    return _Probe(index, *names, methods, whole)


def _assignable_alone(method: Method) -> bool:
    """Return True when the method can be compared outside its protocol.

    ``Self`` would mean the protocol there, not the implementation; operators have no names.
    """
    if is_operator(method.name) or method.private:
        return False
    texts = [h.text for s in method.signatures for h in _hints(s)]
    return not any("typing.Self" in text for text in texts)


def _hints(signature: Signature) -> Iterator[Annotation]:
    for parameter in signature.parameters:
        if parameter.annotation is not None:
            yield parameter.annotation
    if signature.returns is not None:
        yield signature.returns


def _untyped(klass: type, protocol: type) -> tuple[str, ...]:
    found = []
    for method in cached_shape(protocol).methods:
        raw = raw_attribute(klass, method.name)
        function = getattr(raw, "__func__", raw)
        if raw is UNKNOWN:
            continue
        if not really(function, FunctionType) or "__wrapped__" in function.__dict__:
            found.append(method.name)  # what a decorator makes of it is not written down
            continue
        code = function.__code__
        count = code.co_argcount + code.co_kwonlyargcount
        names = [*code.co_varnames[:count], "return"][not isinstance(raw, staticmethod) :]
        if not set(names) <= set(own_annotations(function)):
            found.append(method.name)
    annotated = {name for base in klass.__mro__ for name in own_annotations(base)}
    found += [
        attribute.name
        for attribute in cached_shape(protocol).attributes
        if attribute.name not in annotated
        and not isinstance(raw_attribute(klass, attribute.name), property)
    ]
    return tuple(found)


def _source(probes: Sequence[_Probe]) -> str:
    modules = sorted({name.module for p in probes for name in (p.implementation, p.protocol)})
    lines = [f"import {module}" for module in modules]
    for probe in probes:
        mine, wanted = probe.implementation.dotted, probe.protocol.dotted
        probe.start = len(lines) + 1
        for method in probe.methods:
            lines.append(
                f"def probe_{probe.index}_{method}(wanted: {wanted}, given: {mine}) -> None:"
            )
            lines.append(f"    method = wanted.{method}")
            lines.append(f"    method = given.{method}")
            probe.lines[len(lines)] = method
        if probe.whole:
            lines.append(f"def probe_{probe.index}(given: {mine}) -> {wanted}:")
            lines.append("    return given")
            probe.lines[len(lines)] = ""
    return "\n".join(lines) + "\n"


def _judge(probe: _Probe, errors: Sequence[Error], old: StaticResult) -> StaticResult:
    blind = _blind(probe, errors)
    if blind:
        return StaticResult(old.implementation, old.protocol, (), blind, old.untyped)
    last = max(probe.lines, default=0)
    found: dict[str, Rejection] = {}
    for error in errors:
        if not probe.start <= error.line <= last:
            continue
        member = next((name for line, name in probe.lines.items() if line >= error.line), "")
        if member not in found:
            witness = f"{probe.implementation.path}.{member}" if member else _assignment(probe)
            found[member] = Rejection(CLAUSE, member or probe.protocol.path, witness, error.text)
    if len(found) > 1:
        found.pop("", None)  # the methods say it more precisely
    return StaticResult(old.implementation, old.protocol, tuple(found.values()), "", old.untyped)


def _assignment(probe: _Probe) -> str:
    return f"x: {probe.protocol.path} = {probe.implementation.path}(...)"


def _blind(probe: _Probe, errors: Sequence[Error]) -> str:
    """Return why mypy saw nothing of this pair, or ``""``."""
    for error in errors:
        if error.code == "stopped":
            return f"mypy stopped: {error.text}"
        if error.code not in _BLIND:
            continue
        if error.line in probe.lines:
            return (
                f"mypy sees {probe.implementation.dotted} as Any; "
                "add annotations, or a py.typed marker to its package"
            )
        modules = (probe.implementation.module, probe.protocol.module)
        if any(f'"{module}"' in error.text for module in modules):
            return f"mypy cannot follow the import: {error.text}"
    return ""
