"""Every page of the walk in Chromium: readable for all, light and dark, at a desk and on a phone.

One window per person; each page is opened once and looked at in both widths and both themes.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.desk import Office
from tests.furnished import PAGES, address, furnish
from tests.world import World

WIDTHS = (1360, 390)
PARTS = 3  # of the pages: the other tests stand beside them on two cores
#: What a theme can break: the markup is the same in both.
COLOURS = ["color-contrast", "link-in-text-block"]
#: A word that lost its width: more than two lines of less than 2.2 em.
STANDING_WORDS = """
() => [...document.querySelectorAll('button, .button, .badge, .tabs__item, .chip, thead th, .due, .rule')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && each.textContent.trim().length > 2)
  .filter((each) => {
    const style = getComputedStyle(each);
    const em = parseFloat(style.fontSize);
    const line = parseFloat(style.lineHeight) || 1.4 * em;
    const words = document.createRange();
    words.selectNodeContents(each);
    const box = words.getBoundingClientRect();
    return box.width > 2 && box.width < 2.2 * em && box.height > 2 * line;
  })
  .map((each) => each.textContent.trim().slice(0, 40))
"""
OVERFLOW = "() => document.documentElement.scrollWidth - innerWidth"
THERE = Axe("0")  # the script is on the page already


@pytest.fixture
def office(browser, live_server, tmp_path):
    found = Office(browser, live_server.url, tmp_path, reduced_motion="reduce")
    yield found
    found.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_the_walk_can_be_read_by_everyone(office, part):
    things = furnish(World(), 2)
    found: dict[str, Any] = {}
    for name, who, thing in PAGES[part::PARTS]:
        page = office(who, address(name, getattr(things, thing) if thing else None))
        page.evaluate(Axe().axe_script)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            for theme in ("light", "dark"):
                wrong = complaints(page, theme)
                if wrong:
                    found[f"{name} {thing} {who} {width} {theme}"] = wrong
    assert found == {}
    assert office.complaints == []


def complaints(page: Page, theme: str) -> list[str]:
    """What axe finds, words that stand on end, and a page that is wider than its window."""
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if theme == "dark":
        options["runOnly"] = {"type": "rule", "values": COLOURS}
    wrong = [
        f"{each['id']}: {node['target']} {node['failureSummary'][:200]}"
        for each in THERE.run(page, options=options).response["violations"]
        for node in each["nodes"][:3]
    ]
    wrong += [f"standing on end: {words}" for words in page.evaluate(STANDING_WORDS)]
    if page.evaluate(OVERFLOW) > 0:
        wrong.append("wider than the window")
    return wrong


def test_faults_that_are_planted_are_noticed(office):
    furnish(World())
    page = office("rep", "/orders/")
    page.evaluate(Axe().axe_script)
    assert complaints(page, "light") == complaints(page, "dark") == []
    page.locator("main").evaluate(
        """(main) => {
          const button = Object.assign(document.createElement('button'), { innerText: '申请发货' });
          Object.assign(button.style, { width: '18px', padding: '0', whiteSpace: 'normal' });
          const faint = Object.assign(document.createElement('p'), { innerText: '看不清的字' });
          Object.assign(faint.style, { color: '#777777', background: '#808080', width: '3000px' });
          main.append(button, faint, document.createElement('input'));
        }"""
    )
    light, dark = (" ".join(complaints(page, theme)) for theme in ("light", "dark"))
    for fault in ("color-contrast", "label", "standing on end: 申请发货", "wider than the window"):
        assert fault in light
    assert "color-contrast" in dark
