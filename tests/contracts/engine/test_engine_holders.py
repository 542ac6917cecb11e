"""Which modules hold an object: asked at every clause, read again only where that may change."""

import importlib.util
import json.scanner
import sys
import types

import pytest

from luminescent_cluster.contracts.engine.holders import holders

HELD = [object()]  # in no module under a name


@pytest.fixture
def module(monkeypatch):
    """A module of an author, imported."""
    made = types.ModuleType("an_authors_module")
    monkeypatch.setitem(sys.modules, made.__name__, made)
    return made


def test_every_name_of_every_module_is_found(module):
    """A module that holds the object twice is told twice."""
    module.one = module.two = HELD[0]
    assert sorted(name for m, name in holders(HELD[0], apart_from="nothing") if m is module) == [
        "one",
        "two",
    ]


def test_an_authors_module_is_read_every_time(module):
    """What is put under a name that was there before is found."""
    module.one = None
    assert (module, "one") not in holders(HELD[0], apart_from="nothing")
    module.one = HELD[0]
    assert (module, "one") in holders(HELD[0], apart_from="nothing")


def test_an_installed_module_is_read_again_once_it_has_another_name(monkeypatch):
    """A module of the library that comes to hold the object is found, and no longer afterwards."""
    assert not holders(HELD[0], apart_from="nothing")
    monkeypatch.setattr(json.scanner, "new_name", HELD[0], raising=False)
    assert holders(HELD[0], apart_from="nothing") == [(json.scanner, "new_name")]
    monkeypatch.undo()
    assert not holders(HELD[0], apart_from="nothing")


def test_a_package_may_be_left_out(module):
    """Modules of the package that asks are none of its business."""
    module.one = HELD[0]
    assert not holders(HELD[0], apart_from="an_authors")


def test_a_lazy_module_stays_unloaded(monkeypatch, tmp_path):
    """To look does not import what its author wants imported at first use."""
    (tmp_path / "waiting.py").write_text("raise RuntimeError('loaded')\n")
    spec = importlib.util.spec_from_file_location("waiting", tmp_path / "waiting.py")
    spec.loader = importlib.util.LazyLoader(spec.loader)
    lazy = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "waiting", lazy)
    spec.loader.exec_module(lazy)
    assert not holders(HELD[0], apart_from="nothing")


def test_an_object_in_place_of_a_module_is_read(monkeypatch):
    """Some modules put an instance of theirs in their own place."""

    class Stand:
        pass

    stand = Stand()
    stand.one = HELD[0]
    monkeypatch.setitem(sys.modules, "a_stand", stand)
    assert (stand, "one") in holders(HELD[0], apart_from="nothing")
