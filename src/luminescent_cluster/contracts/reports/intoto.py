"""The verdict as an in-toto statement with a test-result predicate, version 0.1.

Predicate: https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..clauses import Status
from .document import Document
from .escape import visible
from .findings import weighs
from .words import column_title, facts_of_run

__all__ = ["NoArtifactError", "render"]

_STATEMENT = "https://in-toto.io/Statement/v1"
_PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
_CATALOGUE = "luminescent-contracts catalogue"


class NoArtifactError(ValueError):
    """Nothing is known whose digest the statement could be about."""


def render(document: Document, artifacts: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Give a document as an unsigned in-toto statement.

    ``PASSED`` stands for CONFORMANT alone. Waivers, and a SHOULD that is not met, make a success
    ``WARNED``. Whatever is no success is ``FAILED``, INCOMPLETE included. Clauses that were not
    decided are among the failed ones where they weigh, else among the warned ones; those that do
    not concern the extension are in neither list.

    Args:
        document: what to attest.
        artifacts: what was tested: name to digests (``{"sha256": …}``). Where omitted, the
            installed distributions that the extensions come from, by the digest of their RECORD.

    Raises:
        NoArtifactError: none were given, and no distribution is known.
    """
    named = {name: dict(digests) for name, digests in (artifacts or {}).items()}
    named = named or _distributions(document)
    if not named:
        raise NoArtifactError(
            "an in-toto statement is about an artifact's digest, and the extensions come from no "
            "installed distribution; name what was tested: luminescent-contracts report FILE "
            "--format intoto --artifact dist/NAME.whl"
        )
    passed, warned, failed = [], [], []
    for column in document.columns():
        title = column_title(column, document)
        for clause_id, result in column.results.items():
            name = visible(f"{title}::{clause_id}")
            if result.status is Status.EXCUSED:
                continue
            if result.status is Status.PASSED:
                passed.append(name)
            elif result.status is Status.WAIVED or not weighs(result, column.run):
                warned.append(name)
            else:
                failed.append(name)
    outcome = "FAILED" if not document.ok else "WARNED" if warned else "PASSED"
    statement = {
        "_type": _STATEMENT,
        "subject": [{"name": visible(n), "digest": named[n]} for n in sorted(named)],
        "predicateType": _PREDICATE,
        "predicate": {
            "result": outcome,
            "configuration": _configuration(document),
            "passedTests": sorted(passed),
            "warnedTests": sorted(warned),
            "failedTests": sorted(failed),
        },
    }
    return json.dumps(statement, indent=1, sort_keys=True) + "\n"


def _distributions(document: Document) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for run in document.runs:
        for facts in run.report.subjects.values():
            if facts.get("distribution") and facts.get("digest"):
                name = f"{facts['distribution']}=={facts.get('version', '')}/RECORD"
                found[name] = {"sha256": str(facts["digest"])}
    return found


def _configuration(document: Document) -> list[dict[str, Any]]:
    """Say what the extensions were held to: the catalogue by its digest, and how it was run."""
    described: list[dict[str, Any]] = []
    for run in document.runs:
        descriptor: dict[str, Any] = {"name": _CATALOGUE, "annotations": facts_of_run(run)}
        if run.environment.catalogue:
            descriptor["digest"] = {"sha256": run.environment.catalogue}
        if descriptor not in described:
            described.append(descriptor)
    return described
