"""A hostile mail beside the entry is read in one pass, as text, and never fails the page (R1.1)."""

import io
import time

import openpyxl
import pytest

from orders.paper_views import _mail, _sheets

pytestmark = pytest.mark.rule("R1.1")


def mail(body):
    return b"From: a@b.example\r\nSubject: PO\r\nContent-Type: text/html\r\n\r\n" + body


def test_scripts_and_styles_are_left_out_closed_or_not():
    body = b"<p>10 pcs</p><SCRIPT>steal()</script ><style>p{}</style><b>BRG-6204</b><script>more()"

    text = _mail(mail(body))["text"]

    assert text.split() == ["10", "pcs", "BRG-6204"]


def test_a_million_unclosed_scripts_cost_one_pass():
    began = time.perf_counter()

    assert _mail(mail(b"<script>" * 1_000_000))["text"] == ""

    assert time.perf_counter() - began < 10


def test_a_mail_of_a_thousand_layers_is_shown_as_its_text():
    layers = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (each, each)
        for each in range(2_000)
    )

    assert _mail(b"From: a@b.example\r\n" + layers)["kind"] in ("mail", "text")


def test_a_workbook_shows_each_of_its_sheets():
    book = openpyxl.Workbook()
    book.active.append(["编码", "数量"])
    book.create_sheet("明细").append(["BRG-6204", 20])
    book.create_sheet("hidden").sheet_state = "hidden"
    for place in range(13):
        book.create_sheet(f"x{place}")
    kept = io.BytesIO()
    book.save(kept)

    shown = _sheets(kept.getvalue(), "a.xlsx")

    assert [each["title"] for each in shown["sheets"][:3]] == ["Sheet", "明细", "x0"]
    assert shown["sheets"][1]["rows"] == [["BRG-6204", "20"]]
    assert (len(shown["sheets"]), shown["more"]) == (12, 3)
    assert _sheets("编码,数量\nA,2\n".encode(), "a.csv")["sheets"][0]["rows"] == [
        ["编码", "数量"],
        ["A", "2"],
    ]
    assert _sheets(b"PK\x03\x04broken", "a.xlsx")["kind"] == "none"
