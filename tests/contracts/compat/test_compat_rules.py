"""Every rule has a pair that it fires on, a page, and neighbours that it is silent on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.contracts.compat.compat_pairs import PAIRS

from luminescent_cluster.contracts.compat import RULES, Comparison, Rule, compare
from luminescent_cluster.contracts.compat.rules.pages import pages, source_of

WITH_PAIR = [rule for rule in RULES.values() if rule.before]
PAGES = Path(__file__).parents[3] / "docs" / "reference" / "rules"


def _compare(rule: Rule, folder: Path) -> Comparison:
    (folder / "old.py").write_text(source_of(rule, new=False), "utf-8")
    (folder / "new.py").write_text(source_of(rule, new=True), "utf-8")
    return compare(f"{folder}/old.py:Store", f"{folder}/new.py:Store")


@pytest.mark.parametrize("rule", WITH_PAIR, ids=[r.id for r in WITH_PAIR])
def test_a_rule_fires_on_its_pair(rule: Rule, tmp_path: Path) -> None:
    """The example of the page shows the rule, with the bump the page says."""
    found = _compare(rule, tmp_path)
    assert {c.rule_id: c.bump for c in found.changes}.get(rule.id) == rule.bump
    assert found.bump == rule.bump


@pytest.mark.parametrize("rule", WITH_PAIR, ids=[r.id for r in WITH_PAIR])
def test_a_rule_is_silent_on_equal_versions(rule: Rule, tmp_path: Path) -> None:
    """The old side alone, and the new side alone, fire nothing."""
    _compare(rule, tmp_path)
    for side in ("old", "new"):
        assert compare(f"{tmp_path}/{side}.py:Store", f"{tmp_path}/{side}.py:Store").changes == ()


def test_every_rule_fires_somewhere_among_the_pairs(tmp_path: Path) -> None:
    """All rules run on all pairs: each is seen, and pairs without change see none."""
    seen: set[str] = set()
    for at, pair in enumerate(PAIRS):
        for name, new in (("old", False), ("new", True)):
            (tmp_path / f"{name}{at}.py").write_text(pair.source(new), "utf-8")
        found = compare(f"{tmp_path}/old{at}.py:P", f"{tmp_path}/new{at}.py:P")
        rules = {c.rule_id for c in found.changes}
        assert bool(rules) == (pair.bump is not None), pair.name
        seen |= rules
    assert set(RULES) - seen == {"CALL-01"}  # the net below all others catches nothing


def test_ids_have_a_fixed_width() -> None:
    """``PAR-1`` would also select ``PAR-10``."""
    assert all(len(rule_id.split("-")[1]) == 2 for rule_id in RULES)


def test_the_pages_are_those_of_the_catalogue() -> None:
    """The documentation is generated; nobody edits it by hand, and none is left over."""
    written = {file.name: file.read_text("utf-8") for file in PAGES.glob("*.md")}
    assert written == pages(), "run python -m luminescent_cluster.contracts.compat.rules.pages"
