"""How much a run spends and which examples it generates, from all who have a say."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..config import Settings
from ..engine.profile import Profile, profile_named

__all__ = ["Effort", "choose_effort"]


@dataclass(frozen=True)
class Effort:
    """What every clause of a run is executed with.

    Attributes:
        profile: how much is spent.
        seed: seed of everything random.
        folder: where failing examples are kept for the next run; None where runs must not depend
            on earlier ones.
        strict: whether a SHOULD weighs as a MUST.
    """

    profile: Profile
    seed: int
    folder: Path | None
    strict: bool

    def database(self) -> Any:
        """Open the example database, or give None."""
        if self.folder is None:
            return None
        from hypothesis.database import DirectoryBasedExampleDatabase

        return DirectoryBasedExampleDatabase(self.folder)


def choose_effort(
    settings: Settings,
    *,
    profile: str | None = None,
    seed: int | None = None,
    strict: bool = False,
    folder: Path | None = None,
    shared_seed: int | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Effort:
    """Decide: what was asked for now goes before the project's table, and that before defaults.

    With the profile ``ci``, or where the environment says ``CI``, runs are repeatable: the seed is
    0 and no earlier run's examples are replayed. Elsewhere each run has a seed of its own.

    Args:
        settings: the project's table.
        profile: asked for now, or None.
        seed: asked for now, or None.
        strict: asked for now.
        folder: where failing examples may be kept.
        shared_seed: the seed that all processes of the run share where nobody asked for one.
        environ: the environment.

    Raises:
        ValueError: no such profile.
    """
    effort = profile_named(profile or settings.profile or "ci")
    repeatable = effort.name == "ci" or environ.get("CI", "").lower() not in ("", "0", "false")
    chosen = seed if seed is not None else settings.seed
    if chosen is None:
        chosen = 0 if repeatable else shared_seed
    if chosen is None:
        chosen = secrets.randbits(31)
    return Effort(effort, chosen, None if repeatable else folder, strict or settings.strict)
