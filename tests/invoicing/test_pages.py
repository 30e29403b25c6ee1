"""The pages of invoices and money: by role, by team, refusals with their figures (R6.1, R6.7, R10.2)."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.outbox import deliver_due
from invoicing.models import Allocation, Invoice, Receipt
from tests.shipping_world import (
    again,
    credit_customer,
    dispatched_shipment,
    invoice_request,
    issued_invoice,
    packed_shipment,
    receipt,
)

pytestmark = pytest.mark.django_db


def post(client, page, url, **fields):
    key = re.findall(r'name="form_key" value="([^"]+)"', client.get(page).content.decode())[-1]
    return client.post(url, {"form_key": key, **fields})


@pytest.mark.rule("R6.1", "R6.12")
def test_support_confirms_and_finance_issues_through_the_pages(world):
    shipment = dispatched_shipment(world)
    support, url = world.client("support"), f"/shipments/{shipment.number}/invoice/"
    page = support.get(shipment.get_absolute_url()).content.decode()
    assert url in page
    sent = {"kind": "special", "amount": "186.00", "buyer_name": shipment.order.customer.name}
    answer = post(support, shipment.get_absolute_url(), url, **sent)
    invoice = Invoice.objects.get()
    assert answer.url == invoice.get_absolute_url()

    finance = world.client("finance")
    assert invoice.request_number in finance.get("/finance/").content.decode()
    page = invoice.get_absolute_url()
    assert post(finance, page, f"{page}issue/", version=invoice.version).status_code == 302
    issued = Invoice.objects.get()
    assert issued.state == "issued"
    assert finance.get(f"{page}paper/").status_code == 404  # not rendered yet
    deliver_due()
    assert finance.get(f"{page}paper/")["Content-Type"] == "application/pdf"


@pytest.mark.rule("R6.2", "R6.6")
def test_a_refused_confirmation_answers_409_with_its_reasons(world):
    shipment = dispatched_shipment(world)
    client, url = world.client("support"), f"/shipments/{shipment.number}/invoice/"
    answer = post(client, url, url, kind="special", amount="186.01", buyer_name="别家公司")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "R6.2" in page
    assert "R6.6" in page
    assert again(shipment).confirmed_value == 0
    assert post(client, url, url, kind="gold", amount="１", buyer_name="x").status_code == 422


@pytest.mark.rule("R6.1")
def test_before_it_has_left_the_page_says_why_not(world):
    shipment = packed_shipment(world)
    page = world.client("support").get(f"/shipments/{shipment.number}/invoice/").content.decode()
    assert "R6.1" in page
    assert 'name="amount"' not in page


@pytest.mark.rule("R10.2")
def test_the_other_teams_invoice_and_money_do_not_exist(world):
    invoice = issued_invoice(world)
    money = receipt(world, "10.00", of=invoice.customer)
    for url in (invoice.get_absolute_url(), money.get_absolute_url()):
        assert world.client("rep2").get(url).status_code == 404
        assert world.client("rep").get(url).status_code == 200
    assert invoice.number not in world.client("rep2").get("/invoices/").content.decode()
    assert world.client("warehouse").get("/invoices/").status_code == 403
    assert world.client("rep").get("/finance/").status_code == 403


@pytest.mark.rule("R10.2")
def test_a_customer_sees_its_issued_invoices_only(world):
    request = invoice_request(world)
    issued = issued_invoice(world)
    issued.customer.portal_users.add(world.customer)
    client = world.client("customer")
    assert client.get(request.get_absolute_url()).status_code == 404
    page = client.get(issued.get_absolute_url()).content.decode()
    assert issued.number in page
    assert str(world.finance) not in page
    assert client.get("/receipts/").status_code == 403


@pytest.mark.rule("R6.7")
def test_money_is_recorded_and_named_for_an_invoice(world):
    invoice = issued_invoice(world)
    client = world.client("finance")
    sent = {
        "customer": invoice.customer_id,
        "amount": "200.00",
        "received_on": timezone.localdate().isoformat(),
        "method": "transfer",
        "payer": "苏州镕鑫",
        "reference": "TX-9",
    }
    assert post(client, "/receipts/new/", "/receipts/new/", **sent).status_code == 302
    money = Receipt.objects.get()
    page = money.get_absolute_url()
    assert invoice.number in client.get(page).content.decode()
    again_sent = post(client, "/receipts/new/", "/receipts/new/", **sent)
    assert again_sent.status_code == 409  # the same reference
    assert Receipt.objects.count() == 1

    over = post(client, page, f"{page}allocate/", amount="190.00", invoice=invoice.request_number)
    assert over.status_code == 409
    assert "186.00" in over.content.decode()
    assert not Allocation.objects.exists()
    done = post(client, page, f"{page}allocate/", amount="186.00", invoice=invoice.request_number)
    assert done.status_code == 302
    assert Receipt.objects.get().unallocated == 14


@pytest.mark.rule("R6.7")
@pytest.mark.parametrize("target", [{}, {"order": "X", "invoice": "Y"}])
def test_money_is_named_for_one_thing(world, target):
    money = receipt(world, "10.00")
    page = money.get_absolute_url()
    answer = post(world.client("finance"), page, f"{page}allocate/", amount="1.00", **target)
    assert answer.status_code == 422
    assert not Allocation.objects.exists()


@pytest.mark.rule("R6.3")
def test_the_list_of_what_is_not_invoiced_in_time(world):
    shipment = dispatched_shipment(world)
    assert shipment.number not in world.client("rep").get("/uninvoiced/").content.decode()
    shipment.dispatched_at = timezone.now() - timedelta(days=40)
    shipment.save(update_fields=["dispatched_at"])
    assert shipment.number in world.client("rep").get("/uninvoiced/").content.decode()
    assert shipment.number not in world.client("rep2").get("/uninvoiced/").content.decode()
    assert world.client("customer").get("/uninvoiced/").status_code == 403


def test_lists_ask_as_much_for_one_row_as_for_three(world):
    buyer = credit_customer(world)
    client = world.client("finance")
    counts = []
    for rows in (1, 2):
        for _each in range(rows):
            invoice_request(world, of=buyer)
            issued_invoice(world, of=buyer)
            receipt(world, Decimal("5.00"), of=buyer)
        for url in ("/invoices/", "/receipts/", "/finance/"):
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            counts.append(len(asked))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 25
