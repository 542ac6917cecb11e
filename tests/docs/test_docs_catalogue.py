"""The pages that are made from the code show real clauses, real examples and real failures."""

from __future__ import annotations

import re

import pytest
from docs._made import catalogue, picture

from luminescent_cluster.contracts.suites import catalogue as all_clauses


def test_every_clause_has_a_broken_example():
    """No page is without one, but for those that say why."""
    shown = {*catalogue.examples(), *catalogue.NEEDS_MORE}
    assert set(all_clauses()) - shown == set()


def test_every_example_can_be_shown():
    """Its source is found, and is that of one class or function."""
    for example in catalogue.examples().values():
        assert catalogue.source(example).startswith(("class ", "def ")), example


@pytest.mark.parametrize("clause_id", ["TP-FLT-02", "SIG-03", "AL-EVT-01"])
def test_a_page_shows_what_the_kit_says(clause_id):
    """Text, reason, example, and the failure of this very run."""
    clause, example = all_clauses()[clause_id], catalogue.examples()[clause_id]
    output = catalogue.failure(example)
    page = catalogue.page(clause, example, output)
    assert page.startswith(f"# {clause_id}\n")
    assert catalogue.source(example) in page
    assert output in page
    assert f"luminescent-contracts explain {clause_id}" in output
    assert str(catalogue.ROOT) not in page


def test_an_example_that_passes_breaks_the_build():
    """A page never shows an extension as broken that no clause rejects."""
    example = catalogue.examples()["TP-FLT-02"]._replace(clause="TP-FLT-01")
    accepted = example._replace(factory=lambda: _Right())
    with pytest.raises(catalogue.NotRejectedError, match="TP-FLT-01"):
        catalogue.failure(accepted)


class _Right:
    def get_tenant_id(self, request_context: dict) -> str | None:
        return None

    def get_tenant_filter(self, tenant_id: str) -> dict:
        return {"tenant_id": tenant_id}

    def validate_tenant_access(self, tenant_id: str, user_id: str, resource: str) -> bool:
        return False


def test_the_index_lists_every_clause_once():
    """Under a heading of its family."""
    index = catalogue.index(all_clauses().values())
    for clause in all_clauses():
        assert index.count(f"]({clause}.md)") == 1


def test_text_is_not_taken_for_markup():
    """Code in a sentence stays what it is."""
    assert catalogue._plain("`a*b` __x__ <b> a|b") == "`a*b` \\_\\_x\\_\\_ \\<b> a\\|b"


def test_the_picture_shows_what_the_example_gives():
    """The README's picture is of the README's code, and says what the kit says today."""
    told = " ".join(picture.words(picture.PICTURE.read_text("utf-8")))
    ids = re.findall(r"cloud_tenant_provider\.(TP-\S+)", told)  # the others' examples vary
    assert "TP-FLT-05" in ids
    seen = " ".join(picture.words(picture.shown("-k", " or ".join(ids))))
    for clause_id in ids:
        message = re.search(rf"{clause_id} MUST .*? explain {clause_id}", seen)
        assert message is not None
        assert message[0] in told
