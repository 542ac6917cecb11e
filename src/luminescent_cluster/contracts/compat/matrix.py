"""Implementations against released versions of a protocol: what runs with what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from packaging.version import InvalidVersion, Version

from .edition import Edition
from .errors import SourceError
from .ranges import Claim, Judgement, judge_range, parse_range, widest_range
from .released import released_editions, released_names
from .satisfaction import (
    Rejection,
    declared_protocols,
    declared_range,
    defaults_used,
    satisfies,
    title_of,
)
from .sources import Source, load

__all__ = ["Cell", "Matrix", "Versions", "matrix"]

Versions = Mapping[str, Source] | Iterable[Source] | Path | str | None
"""What :func:`matrix` takes as released versions."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One implementation under one version.

    Attributes:
        version: the version.
        status: how it runs there.
        rejections: why it does not, each with a call as witness.
        defaults: the optional members that the protocol's defaults serve.
        admitted: whether the declared range admits the version; None where none is declared.
    """

    version: str
    status: Literal["satisfied", "satisfied through defaults", "not satisfied"]
    rejections: tuple[Rejection, ...] = ()
    defaults: tuple[str, ...] = ()
    admitted: bool | None = None

    @property
    def compatible(self) -> bool:
        """True when the implementation runs under the version."""
        return self.status != "not satisfied"


@dataclass(frozen=True, slots=True)
class Matrix:
    """One implementation under every released version of one protocol.

    Attributes:
        implementation: the implementation, as ``module:Class`` or as it was named.
        protocol: the protocol's name.
        cells: one for each version, oldest first.
        declared: the declared range, None where there is none.
        claim: ``honest``, ``over-claimed`` (admits a version it fails), ``under-claimed`` (leaves
            out a version it satisfies), ``unverifiable`` (admits no released version, or none is
            declared) or ``contradictory`` (admits nothing at all).
        reason: why it is that, in words.
        widest: the widest honest range; None where no released version is satisfied.
    """

    implementation: str
    protocol: str
    cells: tuple[Cell, ...]
    declared: str | None
    claim: Claim
    reason: str
    widest: str | None

    @property
    def compatible(self) -> tuple[str, ...]:
        """The versions under which the implementation runs, oldest first."""
        return tuple(cell.version for cell in self.cells if cell.compatible)

    def cell(self, version: str) -> Cell | None:
        """Return the cell of a version, however it is written; None where it was not released."""
        try:
            wanted = Version(version)
        except InvalidVersion as error:
            raise SourceError(version, f"it is no version: {error}", "write it as 1.2.0") from None
        return next((c for c in self.cells if Version(c.version) == wanted), None)


def matrix(
    implementation: object,
    versions: Versions = None,
    declared: str | None = None,
    *,
    protocol: str | None = None,
    prereleases: bool = False,
    strict_hints: bool = True,
) -> Matrix:
    """Put an implementation under every released version and judge the range it declares.

    Args:
        implementation: an instance, a class, or the text of a source (``path/to/file.py:Class``),
            which is read and never imported.
        versions: the released versions: a mapping from version to source, sources that carry
            their version, or a folder of snapshots; the snapshots that ship with the runtime
            where omitted.
        declared: the range that is claimed, ``>=1.0,<2``; read from the implementation's
            ``__protocols__`` where omitted.
        protocol: the protocol's name, where ``versions`` does not tell it.
        prereleases: let pre-releases decide about the claim, too.
        strict_hints: count hints that a type checker rejects as not satisfied.

    Raises:
        SourceError: a version, the range or the implementation cannot be read.
    """
    editions = _editions(versions, protocol, implementation)
    name = protocol or next(iter(editions.values())).name
    stated = declared if declared is not None else declared_range(implementation, name)
    specifier = parse_range(stated, name) if stated is not None else None
    cells = []
    for version, edition in editions.items():
        rejections = satisfies(implementation, edition, strict_hints=strict_hints)
        defaults = () if rejections else defaults_used(implementation, edition)
        cells.append(
            Cell(
                version,
                "not satisfied"
                if rejections
                else ("satisfied through defaults" if defaults else "satisfied"),
                rejections,
                defaults,
                None if specifier is None else specifier.contains(version, prereleases=True),
            )
        )
    satisfied = {c.version: c.compatible for c in cells}
    if specifier is None:
        judgement = Judgement("unverifiable", "it declares no range")
    else:
        judgement = judge_range(specifier, satisfied, prereleases=prereleases)
    return Matrix(
        title_of(implementation),
        name,
        tuple(cells),
        stated,
        judgement.claim,
        judgement.reason,
        widest_range(satisfied, prereleases=prereleases),
    )


def _editions(
    versions: Versions, protocol: str | None, implementation: object
) -> dict[str, Edition]:
    found: dict[str, Edition]
    if versions is None or isinstance(versions, (str, Path)):
        folder = None if versions is None else Path(versions)
        name = protocol or _only_protocol(implementation, folder)
        found = released_editions(name, folder)
        if not found:
            where = folder or "the released snapshots"
            raise SourceError(
                name,
                f"{where} know no such protocol",
                "check the name, or write its snapshots with `luminescent-contracts snapshot`",
            )
        return found
    found = {}
    pairs = versions.items() if isinstance(versions, Mapping) else _numbered(versions)
    for version, source in pairs:
        try:
            Version(version)
        except InvalidVersion:
            problem = f"{version!r} is no version"
            raise SourceError(str(source), problem, "number it as 1.0.0") from None
        found[version] = source if isinstance(source, Edition) else load(source)
    if not found:
        raise SourceError("versions", "there are none", "give at least one released version")
    return dict(sorted(found.items(), key=lambda item: Version(item[0])))


def _numbered(versions: Iterable[Source]) -> list[tuple[str, Source]]:
    numbered: list[tuple[str, Source]] = []
    for source in versions:
        edition = load(source)
        if edition.version is None:
            raise SourceError(
                edition.origin or edition.name,
                "it does not tell its version",
                "give versions as a mapping, {'1.0.0': source}",
            )
        numbered.append((edition.version, edition))
    return numbered


def _only_protocol(implementation: object, folder: Path | None) -> str:
    """Return the protocol that an implementation declares, or the only one it looks like.

    Of several declared ones the only one counts that the folder has versions of.
    """
    names = declared_protocols(implementation)
    known = released_names(folder)
    if not names:
        names = tuple(n for n in known if _looks_like(implementation, n, folder))
    elif len(names) > 1:
        names = tuple(n for n in names if n in known) or names
    if len(names) != 1:
        found = ", ".join(names) or "none"
        raise SourceError(
            title_of(implementation),
            f"it is not clear which protocol it implements (candidates: {found})",
            "name it with --protocol (in Python: protocol=), or declare __protocols__ = "
            '("TenantProvider>=1.0,<2",)',
        )
    return names[0]


def _looks_like(implementation: object, name: str, folder: Path | None) -> bool:
    return any(
        not any(r.clause_id == "SIG-01" for r in satisfies(implementation, edition))
        for edition in released_editions(name, folder).values()
    )
