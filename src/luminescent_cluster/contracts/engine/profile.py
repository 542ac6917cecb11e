"""How much effort a run spends."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PROFILES", "Profile", "profile_named"]


@dataclass(frozen=True)
class Profile:
    """Effort of a run.

    Attributes:
        name: what the user types.
        examples: generated examples per property.
        steps: longest history of a stateful property.
        budget: seconds of work after which a property starts no further example.
        shrinking: examples run to make a failing one smaller, at most. A number, not a time, so
            that every run ends at the same example.
        schedules: thread schedules explored per clause at most.
    """

    name: str
    examples: int
    steps: int
    budget: float
    shrinking: int
    schedules: int


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("smoke", examples=15, steps=8, budget=3.0, shrinking=500, schedules=150),
        Profile("ci", examples=60, steps=20, budget=20.0, shrinking=2_000, schedules=500),
        Profile(
            "thorough", examples=600, steps=50, budget=120.0, shrinking=10_000, schedules=20_000
        ),
    )
}


def profile_named(name: str) -> Profile:
    """Give a profile.

    Raises:
        ValueError: there is none of that name; the message lists them.
    """
    try:
        return PROFILES[name]
    except KeyError:
        raise ValueError(f"no profile {name!r}; there are {', '.join(PROFILES)}") from None
