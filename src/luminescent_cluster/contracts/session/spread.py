"""A run that xdist spreads over processes, and over interpreters: xdist's hooks, in the controller.

Under ``--dist each`` every gateway of its own kind (``--tx popen//python=python3.12``,
``--tx ssh=host//python=…``) is a :class:`~.site.Site` with a verdict of its own; processes of the
same kind share one. Otherwise all processes share the run's only site.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .desk import Desk
    from .site import Site

__all__ = ["KEY", "Spread"]

KEY = "luminescent_contract"
"""Under this name our data travel in what xdist sends to and from workers."""

_NO_MATTER = ("id=", "execmodel=")
"""Parts of a gateway's specification that say nothing about its interpreter."""

_DEATHS = 3
"""Workers of one kind that die before they collected anything, after which the run is stopped;
xdist would replace them for ever."""


class Spread:
    """The hooks, registered where xdist distributes.

    Args:
        config: pytest's.
        seed: the seed that all processes share.
        desk: gives the run's desk.

    Attributes:
        stopped: why the run ended early, where it did because of its workers.
    """

    def __init__(self, config: Any, seed: int, desk: Callable[[], Desk]) -> None:
        self._config = config
        self._seed = seed
        self._desk = desk
        self._each = config.getoption("dist", "no") == "each"
        self._nodes: dict[str, str] = {}
        self._deaths: dict[str, int] = {}
        self._losses: list[tuple[str, str]] = []
        self._collected: set[str] = set()
        self.stopped = ""
        self._foreign = False

    def site_of(self, report: Any) -> Site:
        """Give the site that a test report, or a worker, belongs to."""
        return self._desk().site(self._key(getattr(report, "node", report)))

    def conclude(self, desk: Desk) -> None:
        """Tell the desk, before it concludes, which workers there were and which were lost."""
        for key, python in self._nodes.items():
            desk.site(key).take_python(python)
        desk.order_sites(self._nodes)
        for key, text in self._losses:
            desk.site(key).take_loss(text)

    def _key(self, node: Any) -> str:
        spec = str(getattr(getattr(node, "gateway", None), "spec", ""))
        parts = (part for part in spec.split("//") if not part.startswith(_NO_MATTER))
        return "//".join(parts) if self._each else ""

    # -- xdist's hooks ----------------------------------------------------------------------

    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[KEY] = self._seed
        info = getattr(node.gateway, "_rinfo", lambda: None)()
        executable = getattr(info, "executable", sys.executable)
        self._foreign = bool(node.gateway.spec.popen) and executable != sys.executable
        version = getattr(info, "version_info", ())
        self._nodes[self._key(node)] = ".".join(map(str, version[:3]))

    def pytest_xdist_getremotemodule(self) -> str | None:
        """Let a worker of another interpreter keep its own import path.

        xdist gives local workers the controller's (pytest-xdist issue 1049), where another
        interpreter finds modules that were compiled for this one.
        """
        remote = sys.modules.get("xdist.remote")
        if not self._foreign or remote is None:
            return None
        return _OWN_PATH.format(source=inspect.getsource(remote), file=remote.__file__)

    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:
        self._collected.add(node.gateway.id)
        if any(nodeid.rpartition("::")[2][:2].isupper() for nodeid in ids):
            self.site_of(node).take_ids(ids)

    def pytest_testnodedown(self, node: Any, error: object) -> None:
        plan = getattr(node, "workeroutput", {}).get(KEY)
        if plan is not None:
            self.site_of(node).take_plan(plan)
        if not error:
            return
        key = self._key(node)
        self._losses.append((key, f"worker {node.gateway.id} was lost: {error}"))
        if node.gateway.id not in self._collected:
            self._deaths[key] = self._deaths.get(key, 0) + 1
            session = self._config.pluginmanager.getplugin("dsession")
            if self._deaths[key] >= _DEATHS and getattr(session, "_max_worker_restart", 0) is None:
                session._max_worker_restart = 0
                self.stopped = f"no worker of {key or 'this run'} came to collect its tests"


_OWN_PATH = """\
import os
import sys


class _OwnPath:
    def __init__(self, channel):
        self._channel = channel

    def __getattr__(self, name):
        return getattr(self._channel, name)

    def receive(self, *args):
        workerinput, arguments, options, path = self._channel.receive(*args)
        here = "" in path or os.getcwd() in path
        own = [entry for entry in sys.path if entry or here]
        return workerinput, arguments, options, own


exec(
    compile({source!r}, {file!r}, "exec"),
    {{"channel": _OwnPath(channel), "__name__": "__channelexec__"}},
)
"""
