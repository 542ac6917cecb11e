"""Values as they come with a request."""

import pytest

from luminescent_cluster.contracts.engine.received import received


def test_a_text_is_equal_and_another_object():
    """Who compares with `is` finds out."""
    word = "critical"
    assert received(word) == word
    assert received(word) is not word


@pytest.mark.parametrize("value", [None, 1, ("a",), {"a": "b"}, type("Text", (str,), {})("ab")])
def test_anything_else_is_the_same_object(value):
    """Only plain texts are alike when they are equal."""
    assert received(value) is value
