"""The papers of the walk, read back character for character: what was entered is what is printed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import cn2an
import pypdfium2
import pytest
import time_machine
from django.utils import timezone

from core.documents import render_document
from core.files import read_stored
from core.models import Document
from invoicing.models import Invoice
from reports.actions import make_weekly_pdf
from reports.queries import Week
from tests import orders_world as desk
from tests import shipping_world as shipping
from tests.world import World

pytestmark = pytest.mark.django_db

#: Names with rare, traditional, full-width and half-width characters.
COMPANY = "苏州镕鑫精密机械（集团）有限公司"
CONTACT = "淦燚喆"
ADDRESS = "江苏省苏州市工业园区星湖街 328 号 4 幢 2 层，邮编 215123"
PRODUCT = "双列圆柱滚子轴承【静音型】Φ62×30㎜"
SPECIFICATION = "NN3006K／SP；游隙≤0.01㎜，±5℃"


@pytest.fixture
def order(db):
    """An order of a customer whose paper is Chinese to the last character."""
    world = World()
    customer = shipping.customer(
        world,
        "C-ZH",
        name=COMPANY,
        name_en="Suzhou Rongxin Precision",
        tax_id="91320594MA1XXXXX0P",
        invoice_address=ADDRESS,
        invoice_bank="中国工商银行苏州园区支行 1102020409000123456",
        credit_line=True,
        credit_limit=Decimal(900_000),
        payment_terms="credit",
        credit_days=30,
    )
    desk.product(
        world, "NN3006", name=PRODUCT, name_en="Roller bearing", specification=SPECIFICATION, price="1234.56",
        stock=20,
    )  # fmt: skip
    made = desk.released_order(
        world,
        of=customer,
        lines=(("NN3006", "10"),),
        contact_name=CONTACT,
        ship_to=ADDRESS,
        message="请用木箱包装，注意防潮；“易碎”标签贴于两侧。",
    )
    made.world = world
    return made


@pytest.mark.rule("R1.8", "R6.13")
def test_the_order_confirmation_reads_as_it_was_written_in_chinese_and_in_english(order):
    desk.actions.send_confirmation(order, language="en", to="a@b.example", actor=order.world.support)
    chinese, english = Document.objects.filter(kind="order_confirmation").order_by("version")
    assert missing(chinese) == []
    assert missing(english) == []
    text = printed(chinese)
    for words in (
        COMPANY,
        CONTACT,
        ADDRESS,
        PRODUCT,
        SPECIFICATION,
        order.message,
        order.number,
        "12,345.60",
    ):
        assert squeezed(words) in text, words
    assert cn2an.an2cn("12345.60", "rmb") in text
    text = printed(english)
    for words in ("Suzhou Rongxin Precision", "Roller bearing", ADDRESS, CONTACT, order.number, "12,345.60"):
        assert squeezed(words) in text, words


@pytest.mark.rule("R5.11")
def test_the_delivery_note_reads_as_it_was_written(order):
    shipment = shipping.dispatched_shipment(order.world, order=order, quantities={1: Decimal(4)})
    note = shipment.delivery_note
    assert missing(note) == []
    for words in (
        shipment.delivery_note_number,
        COMPANY,
        CONTACT,
        ADDRESS,
        PRODUCT,
        SPECIFICATION,
        "顺丰速运",
    ):
        assert squeezed(words) in printed(note), words


@pytest.mark.rule("R6.12", "R6.13")
def test_the_invoice_reads_as_it_was_written(order):
    shipment = shipping.dispatched_shipment(order.world, order=order, quantities={1: Decimal(4)})
    shipping.issued_invoice(order.world, shipment)
    invoice = Invoice.objects.get()
    paper = Document.objects.get(kind="invoice")
    assert missing(paper) == []
    bank = "中国工商银行苏州园区支行 1102020409000123456"
    for words in (invoice.number, COMPANY, "91320594MA1XXXXX0P", ADDRESS, bank, PRODUCT, "4,938.24"):
        assert squeezed(words) in printed(paper), words
    assert cn2an.an2cn("4938.24", "rmb") in printed(paper)


@pytest.mark.rule("R9.1")
def test_the_weekly_report_reads_as_it_was_compiled(order):
    shipping.dispatched_shipment(order.world, order=order, quantities={1: Decimal(4)})
    with time_machine.travel(timezone.now() + timedelta(days=33)):
        make_weekly_pdf(Week.of(timezone.localdate()), actor=order.world.gm)
    paper = Document.objects.get(kind="weekly_exceptions")
    assert missing(paper) == []
    for words in (f"{order.number}/1", PRODUCT, COMPANY, "陈晓", "7,407.36", "4,938.24"):
        assert squeezed(words) in printed(paper), words


def missing(document: Document) -> list[str]:
    """The Chinese texts of the frozen content that are not on the paper as they were written."""
    text = printed(document)
    content = document.context | {
        "house": document.context["house"]["name"]
    }  # its bank is not on every paper
    return [words for words in texts(content) if chinese(words) and squeezed(words) not in text]


def printed(document: Document) -> str:
    """What the paper says, without the breaks and gaps of its layout."""
    document = render_document(document.pk)
    assert document.unprintable == ""
    pages = pypdfium2.PdfDocument(io.BytesIO(read_stored(document.file)))
    return squeezed("".join(page.get_textpage().get_text_range() for page in pages))


def texts(content: Any) -> Iterator[str]:
    """Every text of a frozen content."""
    if isinstance(content, dict):
        for each in content.values():
            yield from texts(each)
    elif isinstance(content, list):
        for each in content:
            yield from texts(each)
    elif isinstance(content, str):
        yield content


def chinese(words: str) -> bool:
    """Whether there is a Chinese character in it."""
    return any("\u4e00" <= each <= "\u9fff" for each in words)


def squeezed(words: str) -> str:
    """Without white space and the marks that a line break leaves."""
    return "".join(words.replace("\ufffe", "").split())
