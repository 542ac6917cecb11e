"""What an extension says stays text in every format."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.reports.reports_samples import HOSTILE, document_that_says
from luminescent_cluster.contracts.reports import escape
from luminescent_cluster.contracts.reports.formats import FORMATS
from luminescent_cluster.contracts.reports.intoto import render as in_toto
from luminescent_cluster.contracts.reports.text import render as as_text

ANY = st.text(st.characters(exclude_categories=[]), max_size=40) | st.sampled_from(HOSTILE)


@pytest.fixture(params=HOSTILE)
def hostile(request):
    """A document in which every text wants to break out."""
    return document_that_says(request.param)


class Elements(HTMLParser):
    """Collects elements and attributes."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.seen = []
        self.attributes = set()

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_html_has_the_same_elements_whatever_is_said(hostile):
    """Nothing that an extension says becomes an element or an attribute."""
    plain, other = Elements(), Elements()
    plain.feed(FORMATS["html"](document_that_says("plain")))
    other.feed(FORMATS["html"](hostile))
    assert other.seen == plain.seen
    assert other.attributes == plain.attributes


def test_junit_is_xml_that_every_reader_takes(hostile):
    """Controls and characters that XML 1.0 forbids are shown as escapes."""
    text = FORMATS["junit"](hostile)
    root = ElementTree.fromstring(text.encode("utf-8"))
    assert [suite.get("tests") for suite in root] == ["9", "1"]


def test_workflow_commands_are_ours_alone(hostile):
    """As many lines as for a plain document, each a command that we wrote."""
    plain = FORMATS["github"](document_that_says("plain")).splitlines()
    lines = FORMATS["github"](hostile).split("\n")[:-1]
    assert len(lines) == len(plain)
    assert all(re.match(r"::(error|warning|notice) ", line) for line in lines)
    assert not any("\r" in line for line in lines)


def test_no_text_renderer_lets_a_runner_read_a_command(hostile):
    """What is printed has no line that begins a workflow command."""
    for shown in (as_text(hostile), FORMATS["md"](hostile)):
        assert not re.search(r"(?m)^\s*::", shown)
        assert "##[" not in shown


def test_a_terminal_gets_no_control_characters(hostile):
    """No colour, bell, cursor or direction that is not ours."""
    shown = as_text(hostile)
    assert all(c == "\n" or c.isprintable() for c in shown)


def test_markdown_has_no_markup_of_the_extension(hostile):
    """No element, image, link, mention, heading or table row outside of blocks of code."""
    shown = FORMATS["md"](hostile)
    outside = re.sub(r"(?ms)^(`{3,})text\n.*?\n\1$", "", shown)
    ours = {"details", "summary", "b", "i", "sub"}
    assert {tag.lower() for tag in re.findall(r"</?([A-Za-z][A-Za-z0-9]*)", outside)} <= ours
    assert not re.search(r"@\w", outside)
    outside = re.sub(r"<summary>.*</summary>", "", outside)  # HTML, where no Markdown is read
    assert not re.search(r"(?<!\\)\]\(|(?<!\\)!\[|https?://", outside)
    assert not re.search(r"(?m)^#(?!#)", outside)


def test_json_formats_are_json_in_utf8(hostile):
    """Lone surrogates included."""
    for shown in (FORMATS["json"](hostile), in_toto(hostile, {"x.whl": {"sha256": "0" * 64}})):
        json.loads(shown.encode("utf-8"))


@given(ANY)
def test_visible_text_prints_and_keeps_its_lines(text):
    """New lines stay as they are; everything else prints."""
    shown = escape.visible(text)
    assert all(c == "\n" or c.isprintable() for c in shown)
    assert shown.count("\n") == text.count("\n")


@given(ANY)
def test_a_block_of_code_ends_where_we_end_it(text):
    """No run of back ticks in a text is as long as the fence."""
    block = escape.as_markdown_block(text)
    fence = re.match("`+", block)[0]
    assert fence not in block[len(fence) : -len(fence)]


@given(ANY)
def test_html_and_xml_text_round_trip(text):
    """What is escaped reads as the visible text, and nothing else."""
    shown = escape.visible(text)
    root = ElementTree.fromstring(f'<a b="{escape.as_xml(text)}">{escape.as_xml(text)}</a>')
    assert root.text or shown == ""
    assert root.get("b") == shown
    assert not re.search("[<>\"']", escape.as_html(text))


@given(ANY)
def test_workflow_data_is_one_line(text):
    """GitHub undoes the escapes; a line break would begin a command."""
    shown = escape.as_workflow_property(text)
    assert "\n" not in shown
    assert "\r" not in shown
    assert ":" not in shown
    assert "," not in shown
