"""Every format for every status, against files that a person has read.

``LUMINESCENT_UPDATE_GOLDENS=1`` writes them anew; read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest

from contracts.reports.reports_samples import document, full_document
from luminescent_cluster.contracts.clauses import Status
from luminescent_cluster.contracts.reports import badge
from luminescent_cluster.contracts.reports.formats import FORMATS
from luminescent_cluster.contracts.reports.intoto import render as in_toto

GOLDENS = Path(__file__).with_name("goldens")
ARTIFACTS = {"cloud-1.0-py3-none-any.whl": {"sha256": "cd" * 32}}


def check(name, text):
    path = GOLDENS / name
    if os.environ.get("LUMINESCENT_UPDATE_GOLDENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("status", Status, ids=lambda s: s.value.replace(" ", "-"))
@pytest.mark.parametrize("name", ["text", "md", "junit", "github"])
def test_each_status_is_told_as_agreed(status, name):
    """One clause of that status alone, with the verdict that follows."""
    check(f"{status.value.replace(' ', '-')}.{name}", FORMATS[name](document(status)))


@pytest.mark.parametrize("name", ["text", "md", "junit", "github", "json", "html"])
def test_everything_at_once_is_told_as_agreed(name):
    """Every status and every section."""
    check(f"full.{name}", FORMATS[name](full_document()))


@pytest.mark.parametrize("status", Status, ids=lambda s: s.value.replace(" ", "-"))
def test_each_status_gives_its_attestation(status):
    """PASSED for CONFORMANT alone; whatever is no success is FAILED."""
    check(f"{status.value.replace(' ', '-')}.intoto", in_toto(document(status), ARTIFACTS))


@pytest.mark.parametrize("status", Status, ids=lambda s: s.value.replace(" ", "-"))
def test_each_status_gives_its_badge(status):
    """The verdict in words, and a colour that does not lie."""
    shown = badge.render(document(status)) + badge.render_svg(document(status))
    check(f"{status.value.replace(' ', '-')}.badge", shown)
