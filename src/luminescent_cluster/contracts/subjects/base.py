"""The subject: an extension, and what its author lets the kit see and do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Literal

from ..clauses import Unverified

__all__ = ["Subject"]


class Subject:
    """A fresh extension and the probes its author gives; what a ``@contract`` function returns.

    A bare extension is a subject without probes, so this class is only needed to say more.

    Args:
        extension: the object that core would register.
        arguments: values for generated calls, by parameter (``"tenant_id"``) or by method and
            parameter (``"track.tokens"``): a Hypothesis strategy, or a sequence of values.
        fresh: ``"example"`` where a new extension for every generated example is cheap;
            ``"clause"`` where it is not (a server, a database): unique ids keep examples apart.
        deadline: seconds after which a call counts as hung.
        varies: methods whose results legitimately differ from call to call (ids, clocks).
        reads: methods that only look; where omitted, the kit takes those that answer something.
        probes: the hooks of a protocol of your own, by name.
    """

    probe_help: ClassVar[Mapping[str, str]] = {}
    """For each probe of the class, what to give: a line or three, as code."""

    def __init__(
        self,
        extension: object,
        *,
        arguments: Mapping[str, Any] | None = None,
        fresh: Literal["example", "clause"] = "example",
        deadline: float = 5.0,
        varies: Iterable[str] = (),
        reads: Iterable[str] | None = None,
        **probes: Any,
    ) -> None:
        if extension is None:
            raise TypeError(
                f"{type(self).__name__}(None): there is no extension; hand over the object that "
                "core would register"
            )
        if isinstance(extension, Subject):
            raise TypeError(f"{type(self).__name__}({type(extension).__name__}(…)): wrap it once")
        if fresh not in ("example", "clause"):
            raise ValueError(f'fresh={fresh!r}: give "example" or "clause"')
        if not deadline > 0:
            raise ValueError(f"deadline={deadline!r}: give seconds, more than 0")
        if type(self) is not Subject:
            unknown = sorted(probes)
            if unknown:
                raise TypeError(
                    f"{type(self).__name__} has no probe {', '.join(unknown)}; it has "
                    f"{', '.join(sorted(self.probe_help))}"
                )
        self.extension: Any = extension
        self.arguments: dict[str, Any] = dict(arguments or {})
        self.fresh = fresh
        self.deadline = deadline
        self.varies = frozenset(varies)
        self.reads = None if reads is None else frozenset(reads)
        self._probes: dict[str, Any] = dict(probes)

    def give(self, **probes: Any) -> None:
        """Take probes in, leaving out those that are None; for the constructors of subclasses."""
        self._probes.update({name: hook for name, hook in probes.items() if hook is not None})

    def typed(self, kind: type[Subject]) -> Subject:
        """Give the same extension, options and probes as the subject of a protocol.

        Raises:
            TypeError: it has no such probe.
        """
        return kind(
            self.extension,
            arguments=self.arguments,
            fresh=self.fresh,
            deadline=self.deadline,
            varies=self.varies,
            reads=self.reads,
            **self._probes,
        )

    def has(self, probe: str) -> bool:
        """Tell whether the author gave a probe."""
        return probe in self._probes

    def probe(self, name: str) -> Callable[..., Any]:
        """Give a probe.

        Raises:
            Unverified: the author did not give it; the message says how to.
        """
        try:
            hook: Callable[..., Any] = self._probes[name]
        except KeyError:
            remedy = self.probe_help.get(name, f"{type(self).__name__}(extension, {name}=…)")
            raise Unverified(
                name, f"needs the probe {name}; give it like this:\n{remedy}"
            ) from None
        return hook

    def default_arguments(self) -> Mapping[str, Any]:
        """Values for generated calls that follow from what the subject declares.

        Subclasses override it; ``arguments`` of the author go first. Same keys and values.
        """
        return {}

    def declarations(self) -> Mapping[str, Any]:
        """What the subject declares about itself, for the report: names to JSON-able values."""
        declared: dict[str, Any] = {"probes": sorted(self._probes)}
        if self.fresh != "example":
            declared["fresh"] = self.fresh
        if self.varies:
            declared["varies"] = sorted(self.varies)
        return declared
