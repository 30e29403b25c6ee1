"""The style guide in a browser: readable for all, in both themes and languages, at a desk and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

BROKEN_WORDS = """
() => [...document.querySelectorAll('.button, .badge, .tabs__item, .chip, .count, .rule, thead th')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .filter((each) => {
    const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const tops = [...range.getClientRects()].filter((box) => box.width > 2).map((box) => box.top);
      if (tops.length && Math.max(...tops) - Math.min(...tops) > 6) return true;
    }
    return false;
  })
  .map((each) => each.textContent.trim().slice(0, 40))
"""
SMALL = """
() => [...document.querySelectorAll('a.button, button, summary, .chip__remove, .nav-item, .menu__item')]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
  .map(([words]) => words)
"""


@pytest.fixture
def guide(live_server, settings):
    """The address of the style guide, which exists while DEBUG is on."""
    settings.DEBUG = True
    return f"{live_server.url}/styleguide/"


@pytest.fixture
def opened(browser, guide):
    """Opens the style guide in a language, a theme, a width; with or without scripts."""
    contexts = []

    def open_page(language="zh-CN", theme="light", width=1360, scripts=True, at=""):
        contexts.append(
            browser.new_context(
                locale=language, viewport={"width": width, "height": 860}, java_script_enabled=scripts
            )
        )
        page = contexts[-1].new_page()
        page.goto(f"{guide}?theme={theme}{at}")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
def test_every_component_can_be_read_and_reached_by_everyone(opened, language, theme, width):
    page = opened(language, theme, width)

    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(BROKEN_WORDS) == []
    assert page.evaluate(SMALL) == []


def test_a_button_whose_words_break_is_noticed(opened):
    page = opened()
    page.locator(".topbar").evaluate(
        """(bar) => {
          const badge = { className: 'badge', innerText: '待审批' };
          const button = Object.assign(document.createElement('button'), badge);
          Object.assign(button.style, { width: '20px', whiteSpace: 'normal' });
          bar.append(button);
        }"""
    )

    assert page.evaluate(BROKEN_WORDS) == ["待审批"]


def test_the_panel_and_the_dialog_open_without_scripts(opened):
    page = opened(scripts=False, at="#cancel-order")

    page.locator("#cancel-order textarea").wait_for(state="visible")
    page.goto(page.url.partition("#")[0])
    assert not page.locator(".gated .gate").is_visible()
    page.locator(".gated > summary").click()
    page.locator(".gated .gate").wait_for(state="visible")
    assert "R5.3" in page.locator(".gated .gate").inner_text()


def test_the_drawer_opens_without_scripts(opened):
    page = opened(width=390, scripts=False)

    assert not page.locator(".sidebar").is_visible()
    page.locator(".drawer-switch").click()
    page.locator(".sidebar").wait_for(state="visible")


def test_the_palette_opens_by_key_and_closes_by_key(opened):
    page = opened()

    page.keyboard.press("Control+k")
    page.locator("#palette").wait_for(state="visible")
    page.keyboard.type("订单")
    page.locator("#palette-pages a").first.wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()


def test_enter_and_arrows_move_in_the_grid_and_grow_it(opened):
    page = opened()
    focused = "document.activeElement.name"

    page.locator("[name=lines-0-quantity]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "lines-0-price"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "lines-1-price"
    page.locator("[name=lines-3-due]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "lines-4-product"
