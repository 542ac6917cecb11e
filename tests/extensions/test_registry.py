"""The registry: one per process, three plain slots, a status that is never torn."""

import subprocess
import sys
import threading
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from luminescent_cluster.extensions import ExtensionRegistry

ROOT = Path(__file__).resolve().parents[2]
SLOTS = ("tenant_provider", "usage_tracker", "audit_logger")


@pytest.fixture(autouse=True)
def _fresh_registry():
    ExtensionRegistry.reset()
    yield
    ExtensionRegistry.reset()


def test_get_gives_the_same_registry_to_every_thread():
    """Threads that race for the first get() find one registry."""
    for _ in range(20):
        ExtensionRegistry.reset()
        barrier = threading.Barrier(8)
        found = []

        def look(barrier=barrier, found=found):
            barrier.wait()
            found.append(ExtensionRegistry.get())

        threads = [threading.Thread(target=look) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({id(registry) for registry in found}) == 1


def test_reset_gives_a_fresh_registry_and_leaves_the_old_one_as_it_was():
    """reset() forgets the registry; who holds the old one keeps its extensions."""
    old = ExtensionRegistry.get()
    extension = object()
    old.audit_logger = extension
    ExtensionRegistry.reset()
    assert ExtensionRegistry.get() is not old
    assert ExtensionRegistry.get().audit_logger is None
    assert old.audit_logger is extension


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("make", [object, MagicMock, list], ids=["object", "mock", "falsy"])
def test_a_slot_takes_any_object_and_counts_it(slot, make):
    """Whatever is assigned is registered, also when it counts as false."""
    registry = ExtensionRegistry.get()
    extension = make()
    setattr(registry, slot, extension)
    status = registry.get_status()
    assert getattr(registry, slot) is extension
    assert status == {**dict.fromkeys(SLOTS, False), slot: True, "mode": "cloud"}


def test_status_is_new_each_time():
    """Changing a status changes no later one."""
    ExtensionRegistry.get().get_status()["mode"] = "spoiled"
    assert ExtensionRegistry.get().get_status()["mode"] == "oss"


def test_status_is_one_instant():
    """The slots are read in one step: no mixture of two states is ever seen."""

    reads = []

    class Watching(ExtensionRegistry):
        def __getattribute__(self, name):
            if name in SLOTS:
                reads.append(name)
            return super().__getattribute__(name)

    watching = Watching()
    assert watching.get_status()["mode"] == "oss"
    assert reads == []


def test_override_restores_what_was_there_after_an_exception():
    """The block's extensions end with the block, however it ends."""
    registry = ExtensionRegistry.get()
    former, inner = object(), object()
    registry.tenant_provider = former
    with pytest.raises(KeyError), ExtensionRegistry.override(tenant_provider=inner) as overridden:
        assert overridden is registry
        assert registry.tenant_provider is inner
        raise KeyError
    assert registry.tenant_provider is former


def test_override_nests_and_empties_slots():
    """Overrides may be nested, the same one too, and None empties a slot."""
    outer = ExtensionRegistry.override(usage_tracker=None, audit_logger=object())
    ExtensionRegistry.get().usage_tracker = tracker = object()
    with outer:
        assert not ExtensionRegistry.get().is_metered()
        with outer, ExtensionRegistry.override(usage_tracker=object()):
            assert ExtensionRegistry.get().is_metered()
        assert ExtensionRegistry.get().is_audited()
    assert ExtensionRegistry.get().usage_tracker is tracker
    assert not ExtensionRegistry.get().is_audited()


def test_override_of_an_unknown_slot_names_the_slots():
    """A misspelt slot is an error that lists the right ones."""
    with pytest.raises(TypeError, match=r"tenant_provder.*tenant_provider, usage_tracker"):
        ExtensionRegistry.override(tenant_provder=object())


def test_the_checkout_path_gives_the_same_objects_without_installation(tmp_path):
    """`from src.extensions import …` works from a bare checkout, and is the same registry."""
    script = (
        "import src.extensions as checkout, luminescent_cluster.extensions as installed\n"
        "assert checkout.__all__ == installed.__all__\n"
        "for name in installed.__all__:\n"
        "    assert getattr(checkout, name) is getattr(installed, name), name\n"
        "assert checkout.ExtensionRegistry.get() is installed.ExtensionRegistry.get()\n"
    )
    # -I -S: no site-packages, so that only the checkout can provide the package.
    command = [sys.executable, "-S", "-c", "import sys; sys.path.insert(0, '.')\n" + script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_slots_that_a_subclass_never_sets_are_empty():
    """A subclass with its own constructor is a registry in OSS mode."""

    class Own(ExtensionRegistry):
        def __init__(self):
            self.name = "own"

    assert Own().tenant_provider is None
    assert Own().get_status()["mode"] == "oss"


def test_nothing_on_the_class_slows_the_slots_down():
    """CPython reads an instance's attribute half as fast where the class has one of that name."""
    assert not set(SLOTS) & set(vars(ExtensionRegistry))


def test_a_deleted_slot_is_an_empty_one():
    """The slots are plain attributes, so somebody will delete one."""
    registry = ExtensionRegistry(tenant_provider=object())
    del registry.tenant_provider
    assert registry.tenant_provider is None
    assert registry.get_status()["mode"] == "oss"
    assert not registry.is_multi_tenant()
