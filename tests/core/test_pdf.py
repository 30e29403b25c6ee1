"""Paper: every character is read back, the table head repeats, and nothing is fetched from anywhere."""

import re

import pypdfium2
import pytest
from django.conf import settings
from django.template import engines

from core import pdf
from core.templatetags import paper
from tests.core.papers import HOUSE, PAPERS, order_confirmation

LANGUAGES = [code for code, _ in settings.LANGUAGES]


def pages(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [document[place].get_textpage().get_text_range() for place in range(len(document))]


def body_of(content: bytes) -> str:
    """The text without white space and without the page numbers."""
    return "".join(squeezed(re.sub(r"\s*\d+ / \d+\s*$", "", each)) for each in pages(content))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def printed(body: str, monkeypatch) -> bytes:
    monkeypatch.setattr(pdf, "render_to_string", lambda template, context: body)
    return pdf.render_pdf("any", {}, "zh-hans")


def figures(found) -> list[str]:
    if isinstance(found, dict):
        return [text for name, each in found.items() if name != "house" for text in figures(each)]
    if isinstance(found, list):
        return [text for each in found for text in figures(each)]
    return [str(found)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAPERS)
def test_every_document_prints_every_word_of_its_snapshot(kind, language):
    context = PAPERS[kind]()
    if kind == "delivery_note":
        del context["customer"]["address"]  # the goods' address stands in its place

    text = squeezed(
        "".join(
            pages(pdf.render_pdf(f"documents/{kind}.html", context | {"house": HOUSE[language]}, language))
        )
    )

    words = [
        each
        for each in figures(context)
        if re.search(r"[^\W\d_]", each) and not re.match(r"\d{4}-\d\d-\d\dT", each)
    ]
    kept = [each for each in words if each not in ("special", "tax", "CNY")]
    assert len(kept) > 5
    assert [each for each in kept if squeezed(each) not in text] == []
    assert squeezed(HOUSE[language]["address"]) in text


def test_every_character_of_the_fonts_is_read_back_as_itself(monkeypatch):
    wanted = [
        each
        for each in sorted(pdf._printable())
        if "一" <= each <= "鿿" or each.isascii() and each.isprintable()
    ]
    wanted = [each for each in wanted if each not in "<>& "]
    body = "".join(f"<p>{''.join(wanted[at : at + 40])}</p>" for at in range(0, len(wanted), 40))
    bold = f"<b>{body}</b>"

    read = body_of(printed(f'<html lang="zh-hans"><body>{body}{bold}</body></html>', monkeypatch))

    assert len(wanted) > 8105
    assert read.count("\ufffe") == 0
    assert read == "".join(wanted) * 2


def test_the_fonts_hold_the_national_standard_set():
    gb2312 = {
        bytes([high, low]).decode("gb2312", "ignore")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
    }

    assert pdf.unprintable("".join(gb2312) + "镕喆玥旸翀犇婳﹏﹍，。￥€–—×°㎡①√") == ""


def test_only_the_houses_own_fonts_are_used():
    content = pdf.render_pdf("documents/invoice.html", PAPERS["invoice"]() | {"house": HOUSE["en"]}, "en")

    names = set(re.findall(rb"/BaseFont\s*/([A-Za-z+\-]+)", content))
    if not names:  # the objects are packed: ask the reader
        with pypdfium2.PdfDocument(content) as document:
            names = {
                each.get_font().get_base_name().encode()
                for each in document[0].get_objects()
                if hasattr(each, "get_font")
            }
    assert names
    assert all(b"Orderway" in each for each in names)


def test_a_character_without_a_print_form_becomes_a_mark(monkeypatch):
    assert pdf.unprintable("上海🚚上海🚚𠮷") == "🚚𠮷"
    assert body_of(printed("<p>车🚚到</p>", monkeypatch)) == "车〓到"


@pytest.mark.parametrize(
    "body",
    [
        '<img src="file:///etc/hostname">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="data:image/png;base64,iVBORw0KGgo=">',
        '<link rel="stylesheet" href="../settings.py">',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<div style="background: url(http://127.0.0.1:9/y)">x</div>',
        '<object data="file:///etc/hostname"></object>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname"/></svg>',
    ],
)
def test_a_page_that_asks_for_anything_else_is_not_printed(body, monkeypatch):
    with pytest.raises(pdf.Denied):
        printed(f"<html><body>{body}</body></html>", monkeypatch)


def test_what_people_typed_is_text_on_paper_never_markup():
    context = order_confirmation() | {
        "house": HOUSE["en"],
        "note": '<img src="file:///etc/hostname"> & <b>x</b>',
    }

    text = squeezed(pages(pdf.render_pdf("documents/order_confirmation.html", context, "en"))[0])

    assert '<imgsrc="file:///etc/hostname">&<b>x</b>' in text


def test_the_table_head_stands_on_every_page():
    context = order_confirmation(lines=60) | {"house": HOUSE["en"]}

    found = pages(pdf.render_pdf("documents/order_confirmation.html", context, "en"))

    assert len(found) > 2
    assert all("Quantity" in each for each in found[:-1])
    assert [f"{place} / {len(found)}" in each for place, each in enumerate(found, 1)] == [True] * len(found)


def test_figures_on_paper():
    assert paper.amount("1234.5") == "1,234.50"
    assert paper.amount("-1234.4", "JPY") == "-1,234"
    assert paper.amount("") == ""
    assert paper.price("1.0375") == "1.0375"
    assert paper.price("18.6000") == "18.60"
    assert paper.quantity("1250.000") == "1,250"
    assert paper.quantity("2.250") == "2.25"
    assert (paper.rate("0.13"), paper.rate("0"), paper.percent("0"), paper.percent("7.50")) == (
        "13%",
        "0%",
        "",
        "7.5%",
    )
    assert paper.day("2026-12-03T06:20:00+00:00") == "2026-12-03 14:20"
    assert paper.day("2026-12-03") == "2026-12-03"


def test_the_code_holds_the_number_and_nothing_of_its_markup():
    page = (
        engines["django"]
        .from_string("{% load paper %}{% qr number %}")
        .render({"number": '"><script>1</script>'})
    )

    assert page.startswith("<svg ")
    assert "script" not in page
