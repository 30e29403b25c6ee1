"""A hostile mail beside the entry is read in one pass, as text, and never fails the page (R1.1)."""

import time

import pytest

from orders.paper_views import _mail

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
