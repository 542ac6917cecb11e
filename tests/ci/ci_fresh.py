"""A fresh virtual environment, and the built wheel where the published package would be.

By default the environment sees the dependencies of the environment that runs the tests, and pip
finds nothing but the wheel: quick, and without a network. With ``LUMINESCENT_THOROUGH`` it is
empty, and pip fetches what the wheel asks for, as at a user's desk.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THOROUGH = bool(os.environ.get("LUMINESCENT_THOROUGH"))
_OURS = ("luminescent", "_luminescent", "__editable__")


def build_wheel(folder: Path) -> Path:
    """Build this checkout's wheel, and give its path."""
    if importlib.util.find_spec("hatchling"):
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    else:
        command = [*pip_command(sys.executable), "wheel", "-q", "--no-deps", "-w", str(folder), "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("luminescent_extensions-*.whl")
    return wheel


def pip_command(python: str | Path) -> list[str]:
    """Give the beginning of a pip command for an interpreter that need not have pip itself."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(python)]
    return [sys.executable, f"{_bundled_pip()}/pip", "--python", str(python)]


def _bundled_pip() -> Path:
    """Give the wheel that ``python -m venv`` would install; a wheel can be run as it is."""
    import ensurepip

    wheels = sorted(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"))
    if not wheels:
        pytest.skip("needs pip, or a Python that bundles it")
    return wheels[-1]


class Fresh:
    """A virtual environment without the kit.

    Args:
        folder: where to make it.
        wheel: what ``pip install luminescent-extensions`` finds.
    """

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.python = folder / "bin" / "python"
        self.wheel = wheel
        self.variables = {
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
            "PIP_FIND_LINKS": str(wheel.parent),
        }
        options = [] if THOROUGH else ["--without-pip"]
        subprocess.run([sys.executable, "-m", "venv", *options, str(folder)], check=True)
        if not THOROUGH:
            self._see_dependencies(folder)
            self.variables["PIP_NO_INDEX"] = "1"

    def _see_dependencies(self, folder: Path) -> None:
        """Link what is installed here, but for the kit itself."""
        links = folder / "dependencies"
        links.mkdir()
        paths = [sysconfig.get_path("purelib")]
        if not importlib.util.find_spec("pip"):
            paths.append(str(_bundled_pip()))
        for entry in Path(paths[0]).iterdir():
            if not entry.name.startswith(_OURS) and entry.suffix != ".pth":
                (links / entry.name).symlink_to(entry)
        (packages,) = (folder / "lib").glob("python*/site-packages")
        (packages / "dependencies.pth").write_text("\n".join([str(links), *paths[1:]]), "utf-8")

    def remove_kit(self) -> None:
        """Take what tests installed away."""
        (packages,) = (self.python.parents[1] / "lib").glob("python*/site-packages")
        for entry in packages.iterdir():
            if entry.name.startswith((*_OURS, "sample")):
                shutil.rmtree(entry)

    def has_kit(self) -> bool:
        """Tell whether the kit is installed, and not from this checkout."""
        code = "import luminescent_cluster.contracts as c; print(c.__file__)"
        done = subprocess.run(
            [self.python, "-P" if sys.version_info >= (3, 11) else "-B", "-c", code],
            cwd=self.python.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            assert str(self.python.parents[1]) in done.stdout, done.stdout
        return done.returncode == 0
