"""The project's table: what may stand in it, and what is said about the rest."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from luminescent_cluster.contracts.config import (
    ConfigError,
    find_pyproject,
    parse_settings,
    parse_target,
    read_settings,
)


def test_slots_protocols_settings_and_waivers_are_read(tmp_path: Path) -> None:
    """The whole table of the documentation."""
    path = tmp_path / "pyproject.toml"
    path.write_text("""
[tool.luminescent.contracts]
tenant_provider = "cloud.ext:Provider"
"cloud.protocols:Mailer" = "cloud.mail:make.smtp"
profile = "smoke"
seed = 7
strict = true
[[tool.luminescent.contracts.waivers]]
clause = "AL-EVT-04"
reason = "soon"
owner = "audit team"
expires = 2027-03-31
""")
    settings = read_settings(path)
    assert settings is not None
    assert [(t.name, t.factory) for t in settings.targets] == [
        ("tenant_provider", "cloud.ext:Provider"),
        ("cloud.protocols:Mailer", "cloud.mail:make.smtp"),
    ]
    assert (settings.profile, settings.seed, settings.strict) == ("smoke", 7, True)
    assert settings.waivers[0].expires == datetime.date(2027, 3, 31)


@pytest.mark.parametrize("text", ["", "[tool]\n", "[tool.luminescent]\n", "[project]\nname='x'\n"])
def test_a_project_without_the_table_says_nothing(tmp_path: Path, text: str) -> None:
    """None, which is not an error."""
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    assert read_settings(path) is None


def test_the_nearest_project_file_above_is_found(tmp_path: Path) -> None:
    """From a folder inside it."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    assert find_pyproject(tmp_path / "a" / "b") == tmp_path / "pyproject.toml"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("text", "must be a table"),
        ({"audit_loger": "a:b"}, "did you mean audit_logger?"),
        ({"Profile": "ci"}, "did you mean profile?"),
        ({"zzz": "a:b"}, "there are tenant_provider, usage_tracker, audit_logger, profile"),
        ({"audit_logger": "a.b"}, "name what makes the extension as module:attribute"),
        ({"audit_logger": 3}, "name what makes the extension as module:attribute"),
        ({"audit_logger": "a b:c"}, "name what makes the extension as module:attribute"),
        ({"profile": "fast"}, "there are smoke, ci, thorough"),
        ({"seed": "7"}, "must be a whole number"),
        ({"seed": True}, "must be a whole number"),
        ({"strict": "yes"}, "must be true or false"),
        ({"waivers": {"clause": "X"}}, "write [[tool.luminescent.contracts.waivers]]"),
        ({"waivers": [{"clause": "AL-EVT-04"}]}, "waivers]] no. 1: no 'reason'"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(table: object, message: str) -> None:
    """The file, the table, the cause and the remedy."""
    with pytest.raises(ConfigError) as caught:
        parse_settings(table, "there/pyproject.toml")
    assert message in str(caught.value)
    assert str(caught.value).startswith("there/pyproject.toml: [")


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    """With what the parser says."""
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool\n")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_settings(path)


def test_a_target_on_the_command_line_may_name_any_protocol() -> None:
    """`package.module:Protocol=module:attr`."""
    target = parse_target("a.b:P=c.d:e", "argument")
    assert (target.name, target.factory) == ("a.b:P", "c.d:e")
