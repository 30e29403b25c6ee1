"""The pages for what goes wrong: they ask nothing of the session, and say what became of the work."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

PAGES = ["400", "403", "403_csrf", "404", "409", "413", "429", "500"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("language", "lang"), [("en", 'lang="en"'), ("zh-hans", 'lang="zh-Hans"')])
def test_an_error_page_stands_without_a_request(page, language, lang):
    with translation.override(language):
        html = render_to_string(f"{page}.html")

    assert lang in html
    assert html.count("<h1>") == 1
    assert "css/base.css" in html


@pytest.mark.parametrize("page", ["400", "409"])
def test_a_refusal_says_its_sentence_and_escapes_it(page):
    html = render_to_string(f"{page}.html", {"sentence": "Sent <before>."})

    assert "Sent &lt;before&gt;." in html


def test_what_is_not_there_is_answered_by_our_page(client):
    answer = client.get("/no-such-page/")

    assert answer.status_code == 404
    assert "404.html" in [template.name for template in answer.templates]
