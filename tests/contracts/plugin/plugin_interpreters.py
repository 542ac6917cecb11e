"""Other interpreters that have the kit, found wherever this machine may have them."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys

_MINORS = range(10, 16)
_ASK = (
    "import importlib.util as u, sys; import luminescent_cluster.contracts; "
    "needs = ('pytest', 'xdist', 'hypothesis', 'typeguard', 'mypy', 'beartype'); "
    "assert all(u.find_spec(n) for n in needs); print('%d.%d' % sys.version_info[:2])"
)


@functools.cache
def other_interpreters() -> dict[str, str]:
    """Give executables that can run contracts, by version; the running version is left out.

    ``LUMINESCENT_INTERPRETERS`` names some, separated as in ``PATH``; ``python3.10`` and its like
    on ``PATH`` are tried too.
    """
    named = os.environ.get("LUMINESCENT_INTERPRETERS", "").split(os.pathsep)
    candidates = [name for name in named if name]
    candidates += [found for n in _MINORS if (found := shutil.which(f"python3.{n}"))]
    found: dict[str, str] = {}
    for candidate in candidates:
        version = _version(candidate)
        if version and version != "{}.{}".format(*sys.version_info):
            found.setdefault(version, candidate)
    return found


def _version(executable: str) -> str:
    try:
        done = subprocess.run(
            [executable, "-c", _ASK], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
