import pytest

from tests.house import pages
from tests.house.tree import APPS, ROOT, files, modules, shown, templates

pytestmark = pytest.mark.house
TOKEN_FILES = {"core/tokens.py"}


def test_no_template_carries_script_or_style():
    assert [f"{shown(path)} {each}" for path in templates() for each in pages.inline(path.read_text())] == []


def test_colours_come_from_the_token_table():
    sources = [*templates(), *modules()]
    sources += [path for path in files(".css") if path.name != "tokens.css"]
    sources += [
        path
        for path in files(".js", root=ROOT / "static")
        if "vendor" not in path.parts and ".min." not in path.name
    ]
    found = {
        shown(path): colours
        for path in sources
        if shown(path) not in TOKEN_FILES and (colours := pages.raw_colours(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("snippet", "name"),
    [
        ("<script>alert(1)</script>", "inline script"),
        ("<style>a{}</style>", "inline style sheet"),
        ('<p class="a" style="color:red">', "style attribute"),
        ('<a onclick="go()">', "event attribute"),
        ('<a hx-on:click="go()">', "hx-on"),
        ('<a hx-vals="js:{a: 1}">', "javascript: or js:"),
        ("<a hx-trigger=\"keyup[key=='a']\">", "filter in hx-trigger"),
        ('<img src="//elsewhere.example/a.png">', "foreign address"),
        ("{{ text|safe }}", "safe filter"),
    ],
)
def test_what_the_policy_would_stop_is_found(snippet, name):
    assert list(pages.inline(f"<p>\n{snippet}")) == [f"line 2: {name}"]


def test_what_is_allowed_passes():
    source = (
        '<script type="module" src="/static/app.js"></script>'
        '<script id="figures" type="application/json">{}</script>'
        '{# style= is for tokens #}<button hx-trigger="input changed delay:300ms">'
    )
    assert list(pages.inline(source)) == []


def test_a_raw_colour_is_found_and_an_anchor_is_not():
    assert pages.raw_colours("color: #1D4FB8; fill: #fff0") == ["#1D4FB8", "#fff0"]
    assert pages.raw_colours('<a href="#add">&#8212;</a> #face') == []


def test_the_rule_reads_the_templates_of_every_app():
    assert {path.relative_to(ROOT).parts[0] for path in templates()} <= {"templates", *APPS}
