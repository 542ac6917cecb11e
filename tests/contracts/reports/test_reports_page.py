"""The page in a real Chromium: it reads well, needs no network, and runs nobody else's script."""

import re
from pathlib import Path

import pytest

from contracts.reports.reports_browser import BINARY, Browser
from contracts.reports.reports_samples import HOSTILE, document, full_document
from luminescent_cluster.contracts.clauses import Status
from luminescent_cluster.contracts.reports.document import Document
from luminescent_cluster.contracts.reports.merge import merge
from luminescent_cluster.contracts.reports.page import render

pytestmark = pytest.mark.skipif(BINARY is None, reason="needs Chromium (apt install chromium)")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    started = Browser(tmp_path_factory.mktemp("profile"))
    yield started
    started.close()


@pytest.fixture
def show(browser, tmp_path):
    """Give a function that opens a document's page."""

    def open_page(made, **how):
        path = tmp_path / "report.html"
        path.write_text(render(made), "utf-8")
        browser.open(path, **how)
        return browser

    return open_page


def shown(browser, selector):
    """Count what a selector finds and a reader sees."""
    every = f"[...document.querySelectorAll({selector!r})]"
    return browser.ask(f"{every}.filter(e => e.getClientRects().length).length")


def test_the_page_loads_without_a_complaint(show):
    """No error on the console, and its own style and script pass its own policy."""
    page = show(full_document())
    assert page.complaints() == []
    assert page.ask("getComputedStyle(document.querySelector('.card')).borderLeftWidth") == "5px"
    assert not page.ask("document.getElementById('toolbar').hidden")


def test_the_page_asks_for_nothing_but_itself(show, tmp_path):
    """One file, no network."""
    page = show(full_document())
    assert page.requests() == [(tmp_path / "report.html").as_uri()]


@pytest.mark.parametrize("said", HOSTILE)
def test_what_an_extension_says_runs_nothing_and_loads_nothing(show, said):
    """Names, messages, evidence and clause texts that want to be markup stay text."""
    page = show(document(subject=said, said=said))
    page.ask("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.complaints() == []
    assert len(page.requests()) == 1
    assert page.ask("document.scripts.length") == 1
    assert (
        page.ask("document.querySelectorAll('img, iframe, object, link, form, base').length") == 0
    )


def test_even_broken_out_markup_could_run_nothing(show, tmp_path, browser):
    """The policy names our script by its hash; any other is refused."""
    path = tmp_path / "broken.html"
    injected = (
        "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    )
    path.write_text(render(document()).replace("<main", injected + "<main"), "utf-8")
    browser.open(path)
    assert browser.ask("document.title") != "owned"
    assert any("Content Security Policy" in told for told in browser.complaints())


def test_the_verdict_comes_first(show):
    """The first heading on the page, and the title of its tab."""
    page = show(full_document())
    assert page.ask("document.querySelector('h1, h2, h3').textContent") == "NON-CONFORMANT"
    assert page.ask("document.title").startswith("NON-CONFORMANT")


def test_filtering_by_status_shows_that_status_alone(show):
    """Rows and findings; a second press shows everything again."""
    page = show(full_document())
    everything = shown(page, ".card"), shown(page, ".grid tbody tr")
    page.ask("document.querySelector('[data-filter=unverified]').click()")
    assert (shown(page, ".card"), shown(page, ".grid tbody tr")) == (1, 1)
    assert page.ask("document.getElementById('shown').textContent") == (
        f"1 of {everything[0]} findings, 1 of {everything[1]} clauses"
    )
    page.ask("document.querySelector('[data-filter=unverified]').click()")
    assert (shown(page, ".card"), shown(page, ".grid tbody tr")) == everything


def test_several_statuses_can_be_asked_for_at_once(show):
    """The filters add up."""
    page = show(full_document())
    page.ask("document.querySelector('[data-filter=waived]').click()")
    page.ask("document.querySelector('[data-filter=error]').click()")
    assert shown(page, ".card") == 2


def test_the_page_works_by_keyboard_alone(show):
    """Skip link first, then the filters; Space presses one; typing searches; Escape clears."""
    page = show(full_document())
    page.press("Tab", 9)
    assert page.ask("document.activeElement.className") == "skip"
    page.press("Tab", 9)
    assert page.ask("document.activeElement.dataset.filter") == "passed"
    page.press(" ", 32, " ")
    assert page.ask("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.press(" ", 32, " ")
    page.ask("document.getElementById('search').focus()")
    page.type("xx-sta-05")
    assert shown(page, ".card") == 1
    page.press("Escape", 27)
    assert shown(page, ".card") > 1


def test_a_search_without_a_match_says_so(show):
    """An empty page would look broken."""
    page = show(full_document())
    page.ask("document.getElementById('search').focus()")
    page.type("no such clause")
    assert shown(page, "#nothing") == 1


def test_a_link_into_the_matrix_opens_what_a_filter_hid(show):
    """A cell leads to its finding, whatever was filtered before."""
    page = show(full_document())
    page.ask("document.querySelector('[data-filter=passed]').click()")
    assert shown(page, ".card") == 0
    page.ask("location.hash = document.querySelector('.grid td.s-waived a').getAttribute('href')")
    page.send("Runtime.evaluate", expression="new Promise(r=>setTimeout(r,50))", awaitPromise=True)
    assert shown(page, ".card[open] .waiver") == 1


def test_every_control_has_a_name_that_a_screen_reader_says(show):
    """From Chromium's own accessibility tree."""
    page = show(full_document())
    page.send("Accessibility.enable")
    nodes = page.send("Accessibility.getFullAXTree")["nodes"]
    roles = ("button", "link", "searchbox", "table", "region", "heading", "group", "columnheader")
    named = [n for n in nodes if n.get("role", {}).get("value") in roles and not n.get("ignored")]
    assert len(named) > 30
    nameless = [
        n["role"]["value"]
        for n in named
        if not n.get("name", {}).get("value") and n["role"]["value"] != "group"
    ]
    assert nameless == []


def test_statuses_are_words_and_not_only_colours(show):
    """Each cell of the matrix says its status, also where there are too many columns for words."""
    many = merge([(f"m{n}", document()) for n in range(6)])
    page = show(many)
    cells = page.ask("[...document.querySelectorAll('.grid td')].map(c => c.textContent)")
    words = {status.value for status in Status}
    assert all(any(word in cell for word in words) for cell in cells)


CONTRAST = """
(() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const f = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
    return .2126 * f(r) + .7152 * f(g) + .0722 * f(b);
  };
  const back = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const low = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !e.getClientRects().length) continue;
    if (e.closest('script, style')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(back(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) low.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
  }
  return [...low];
})()
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_can_be_read_against_its_background(show, dark):
    """A contrast of 4.5 to 1 or more, in both schemes."""
    page = show(full_document(), dark=dark)
    page.ask("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.ask(CONTRAST) == []
    backdrop = page.ask("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", backdrop)[:3])) < 200) is dark
    page.ask("document.querySelector('h1').style.setProperty('color', '#777')")
    assert len(page.ask(CONTRAST)) == 1  # the measure sees what it is for


@pytest.mark.parametrize("width", [380, 800, 1600])
def test_the_page_never_scrolls_sideways(show, width):
    """On a telephone as on a wide screen: wide tables scroll in themselves."""
    page = show(full_document(), width=width)
    assert page.ask("document.documentElement.scrollWidth") <= width


def test_on_a_telephone_each_clause_stands_beside_its_status(show):
    """Without scrolling sideways; and the filters do not take the screen."""
    page = show(full_document(), width=390, height=800)
    right = "e.getBoundingClientRect().right"
    widest = page.ask(
        f"Math.max(...[...document.querySelectorAll('.grid td .w')].map(e => {right}))"
    )
    assert widest <= 390
    page.ask("window.scrollTo({top: 900, behavior: 'instant'})")
    assert page.ask("document.getElementById('toolbar').getBoundingClientRect().bottom") < 0


def test_scrolled_sideways_the_clause_stays(show):
    """Many columns on a small screen: who reads a mark sees what it is about."""
    page = show(merge([(f"m{n}", document()) for n in range(6)]), width=390, height=800)
    page.ask("document.querySelector('.grid').parentElement.scrollLeft = 300")
    assert page.ask("document.querySelector('.grid tbody th').getBoundingClientRect().left") >= 0


def test_a_page_about_nothing_says_so(show):
    """No extension was bound, or none could be collected."""
    page = show(Document(()))
    assert "Nothing was checked" in page.ask("document.querySelector('.meaning').textContent")
    assert shown(page, "#toolbar") == 0


def test_an_interleaving_has_a_column_for_each_thread(show):
    """Two threads, a row for each step, and the token that replays it."""
    page = show(full_document())
    heads = page.ask("[...document.querySelectorAll('.timeline thead th')].map(e => e.textContent)")
    assert heads == ["step", "thread a", "thread b"]
    assert page.ask("document.querySelectorAll('.timeline tbody tr').length") == 6
    assert "L1.x.0_0.a-3-b.f50858f7" in page.ask("document.body.textContent")


def test_surviving_faults_stand_before_those_that_were_caught(show):
    """What is to be done comes first."""
    page = show(full_document())
    rows = page.ask(
        "[...document.querySelector('[aria-labelledby=faults]')"
        ".querySelectorAll('tbody tr')].map(e => e.textContent)"
    )
    assert [("survived" in row) for row in rows] == [True, False]


def test_printed_it_holds_everything_that_is_folded(show):
    """Printing opens the findings, and closes them again."""
    page = show(full_document())
    before = page.ask("document.querySelectorAll('.card[open]').length")
    page.ask(
        "window.opened = 0; addEventListener('beforeprint', () => {"
        " window.opened = document.querySelectorAll('.card[open]').length })"
    )
    assert page.pdf().startswith(b"%PDF")
    assert page.ask("window.opened") == page.ask("document.querySelectorAll('.card').length")
    assert page.ask("document.querySelectorAll('.card[open]').length") == before


def test_the_page_can_be_read_without_its_script(show, browser):
    """The script filters; everything is there without it."""
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page = show(full_document())
        assert shown(page, ".card") == shown(page, ".card h3") > 0
        assert shown(page, "#toolbar") == 0
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)


def test_style_and_script_ship_with_the_package():
    """They are package data, read at run time."""
    import luminescent_cluster.contracts.reports.page as package

    folder = Path(package.__file__).parent
    assert {p.suffix for p in folder.iterdir()} >= {".css", ".js", ".py"}
