"""Where source text is read from: folders, git revisions, wheels and source distributions."""

from __future__ import annotations

import subprocess
import tarfile
import tokenize
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path, PurePosixPath

from .errors import SourceError

__all__ = ["ArchiveTree", "FolderTree", "GitTree"]


class FolderTree:
    """Files of this machine; paths are absolute, written with ``/``."""

    label = ""

    def read(self, path: str) -> str | None:
        """Return the text of a file, or None where there is none."""
        file = Path(path)
        if not file.is_file():
            return None
        try:
            return _decode(file.read_bytes(), path)
        except OSError as error:
            raise SourceError(path, f"it cannot be read: {error}", "check its rights") from None


def _decode(data: bytes, place: str) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise SourceError(place, f"it is no Python text: {error}", "save it as UTF-8") from None


class GitTree:
    """The files of one revision of the git repository that holds ``folder``.

    Raises:
        SourceError: there is no git, no repository or no such revision.
    """

    def __init__(self, revision: str, folder: Path) -> None:
        self.revision = revision
        self.label = f"{revision}:"
        self._folder = folder
        self._texts: dict[str, str | None] = {}
        if self._git("rev-parse", "--is-inside-work-tree") is None and (
            self._git("rev-parse", "--git-dir") is None
        ):
            raise SourceError(
                f"{revision}:", f"{folder} is in no git repository", "run this inside the checkout"
            )
        found = self._git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
        if found is None:
            raise SourceError(
                f"{revision}:",
                f"the repository has no revision {revision!r}",
                "name a commit, tag or branch (a shallow clone in CI may need `git fetch --tags "
                "--unshallow`)",
            )
        self._commit = found.decode().strip()
        prefix = self._git("rev-parse", "--show-prefix") or b""
        self.prefix = prefix.decode().strip()

    def read(self, path: str) -> str | None:
        """Return the text of a file at the revision; the path starts at the repository's top."""
        if path not in self._texts:
            data = self._git("cat-file", "blob", f"{self._commit}:{path}")
            self._texts[path] = None if data is None else _decode(data, f"{self.label}{path}")
        return self._texts[path]

    def _git(self, *arguments: str) -> bytes | None:
        try:
            done = subprocess.run(
                ["git", "-C", str(self._folder), *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
                check=False,
            )
        except OSError as error:
            raise SourceError("git", f"it does not start: {error}", "install git") from None
        return done.stdout if done.returncode == 0 else None


class ArchiveTree:
    """The files of a wheel or a source distribution; nothing of it is installed or run.

    Raises:
        SourceError: the file is no such archive.
    """

    def __init__(self, file: Path) -> None:
        self.label = f"{file.name}:"
        self._texts: dict[str, Callable[[], bytes]] = {}
        try:
            if file.suffix in (".whl", ".zip"):
                archive = zipfile.ZipFile(file)
                self._texts = {
                    name: (lambda n=name: archive.read(n))  # type: ignore[misc]
                    for name in archive.namelist()
                    if name.endswith((".py", ".pyi"))
                }
            else:
                self._read_tar(file)
        except (OSError, zipfile.BadZipFile, tarfile.TarError) as error:
            raise SourceError(
                str(file), f"it is no wheel or sdist: {error}", "name a .whl, .zip or .tar.gz file"
            ) from None

    def _read_tar(self, file: Path) -> None:
        with tarfile.open(file) as archive:
            for member in archive.getmembers():
                if member.isfile() and member.name.endswith((".py", ".pyi")):
                    source = archive.extractfile(member)
                    data = source.read() if source else b""
                    # The folder `name-version/` of an sdist is no part of any path.
                    self._texts[member.name.partition("/")[2]] = lambda d=data: d  # type: ignore[misc]

    def read(self, path: str) -> str | None:
        """Return the text of a member, or None where there is none."""
        found = self._texts.get(str(PurePosixPath(path)))
        return None if found is None else _decode(found(), f"{self.label}{path}")

    def find(self, module: str) -> str | None:
        """Return the path of a module given by its dotted name, also below ``src``."""
        relative = module.replace(".", "/")
        for folder in ("", "src/"):
            for ending in (".py", "/__init__.py"):
                if f"{folder}{relative}{ending}" in self._texts:
                    return f"{folder}{relative}{ending}"
        return None
