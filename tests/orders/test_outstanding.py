"""What went out and is not back stays on every list until it is, for support, rep and manager (R1.10)."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.duties import duties_of
from orders import actions
from orders.models import SalesOrder
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.10")]


@pytest.fixture
def out(world):
    """Paid and released for a customer of class A, and not confirmed."""
    order = desk.approved_order(world, of=desk.customer(world, "C-A", klass="A"))
    desk.pay(world, order)
    return actions.release_order(order, actor=world.lead)


def shown(world, who, url):
    page = world.client(who).get(url)
    assert page.status_code == 200
    return page.content.decode()


def test_settled_it_stays_outstanding_as_in_the_weekly_report(world, out):
    SalesOrder._base_manager.filter(pk=out.pk).update(state="settled", settled_at=timezone.now())

    assert list(SalesOrder.objects.outstanding()) == [out]
    assert list(SalesOrder.objects.outstanding_at(timezone.now())) == [out]
    assert actions.slip_promises(as_of=timezone.now()) == 0
    assert "record-answer" in shown(world, "support", out.get_absolute_url())

    desk.confirm_back(world, out)
    assert not SalesOrder.objects.outstanding().exists()
    assert not SalesOrder.objects.outstanding_at(timezone.now()).exists()


def test_supports_list_says_to_whom_since_when_and_what_it_cost(world, out):
    desk.went_out(out)
    page = shown(world, "support", "/support/?queue=outstanding")

    row = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{out.number}.*?</tr>", page, re.S)[0]
    assert "buyer@customer.example" in row
    assert ">A<" in re.sub(r"\s+", "", row)
    assert Decimal(out.grand_total)


def test_the_rep_and_the_manager_find_theirs_and_nobody_elses(world, out):
    for who in ("rep", "manager"):
        assert out.number in shown(world, who, "/orders/?outstanding=true")
    assert out.number not in shown(world, "rep2", "/orders/?outstanding=true")
    assert out.number not in shown(world, "rep", "/orders/?outstanding=false")
    mine = [each for each in duties_of(world.rep) if each.name == "orders.outstanding_of_mine"]
    assert [row.pk for each in mine for row in each.rows(world.rep)] == [out.pk]
