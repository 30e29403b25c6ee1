"""R3.3: the class that the standard gives; the system proposes, people decide."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import invariants
from core.jobs import run_sweep
from core.models import Event
from core.rules import Blocked
from customers import actions
from customers.models import ClassProposal, Customer, CustomerChange
from customers.standard import Figures, class_by_standard
from invoicing.actions import propose_now
from invoicing.models import Invoice
from invoicing.standing import days_late, figures_of
from tests import shipping_world as shipping
from tests.orders_world import customer
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


def figures(volume="0", delay=None, years="0", currency="CNY"):
    late = None if delay is None else Decimal(delay)
    return Figures(Decimal(volume), currency, late, 0 if delay is None else 3, Decimal(years))


def ship(world, known, amount, number="HB-1"):
    account = actions.lock_credit_account(known.pk)
    actions.post_exposure(account, number, document="SH-1", actor=world.finance, shipped=Decimal(amount))


@pytest.mark.rule("R3.3")
@pytest.mark.parametrize(
    ("measured", "klass"),
    [
        (figures("1000000", "5", "2"), "A"),
        (figures("999999.99", "5", "2"), "B"),
        (figures("1000000", "5.1", "2"), "B"),
        (figures("1000000", "5", "1.9"), "B"),
        (figures("1000000", None, "9"), "B"),
        (figures("200000", "20", "0"), "B"),
        (figures("200000", "20.1", "9"), "C"),
        (figures("199999.99", "0", "9"), "C"),
    ],
)
def test_the_standard_asks_every_measure(measured, klass):
    assert class_by_standard(measured) == klass


@pytest.mark.rule("R3.3")
def test_figures_are_what_was_shipped_paid_and_since_when(world):
    dispatched = shipping.dispatched_shipment(world)
    invoice = shipping.issued_invoice(world, dispatched)
    known = invoice.customer
    today = timezone.localdate()
    Invoice.objects.update(due_on=today - timedelta(days=9))
    assert days_late([known.pk], since=today - timedelta(days=365), on=today) == {known.pk: [9]}

    measured = figures_of([known], on=today)[known.pk]
    assert (measured.volume, measured.delay, measured.invoices) == (dispatched.goods_value, Decimal(9), 1)
    known.customer_since = today - timedelta(days=731)
    assert figures_of([known], on=today)[known.pk].years == 2


@pytest.mark.rule("R3.3")
def test_the_sweep_proposes_once_a_month_whenever_it_runs(world):
    known = customer(world)
    ship(world, known, 300_000)
    now = timezone.now()
    assert [run_sweep("customer_classes", as_of=now) for _each in range(2)] == [1, 0]
    proposal = ClassProposal.objects.get()
    assert (proposal.proposed, proposal.present, proposal.facts["volume"]) == ("B", "C", "300000.00")
    assert Event.objects.filter(verb="class.proposed").count() == 1

    with time_machine.travel(now + timedelta(days=32)):
        assert run_sweep("customer_classes", as_of=timezone.now()) == 1
    assert ClassProposal.objects.count() == 2
    assert Customer.objects.get().klass == "C"


@pytest.mark.rule("R3.3")
def test_a_volume_in_another_currency_proposes_nothing(world):
    known = customer(world, currency="USD")
    ship(world, known, 3_000_000)
    proposal = propose_now(known, actor=world.finance)
    assert (proposal.proposed, proposal.facts["comparable"]) == ("C", False)


@pytest.mark.rule("R3.3", "R3.2")
def test_a_proposal_becomes_an_asked_change_with_its_figures(world):
    known = customer(world)
    ship(world, known, 300_000)
    proposal = propose_now(known, actor=world.manager)
    change = actions.ask_class(proposal, actor=world.manager)
    assert change.changes == {"klass": {"old": "C", "new": "B"}}
    assert "300,000" in change.reason.replace("300000", "300,000")
    proposal.refresh = ClassProposal.objects.get()
    assert (proposal.refresh.state, proposal.refresh.change) == ("asked", change)
    assert Customer.objects.get().klass == "C"
    with pytest.raises(Blocked):
        actions.ask_class(ClassProposal.objects.get(), actor=world.manager)
    assert propose_now(known, actor=world.finance).state == "asked"
    assert invariants.broken() == {}


@pytest.mark.rule("R3.3")
def test_a_proposal_is_left_with_a_reason(world):
    known = customer(world)
    ship(world, known, 300_000)
    proposal = propose_now(known, actor=world.finance)
    for reason, actor in ((" ", world.finance), ("新客户", world.aftersales)):
        with pytest.raises(Blocked):
            actions.dismiss_class(proposal, reason=reason, actor=actor)
        assert ClassProposal.objects.get().state == "open"
    assert actions.dismiss_class(proposal, reason="一次性大单", actor=world.finance).state == "dismissed"
    same = propose_now(customer(world, "C-2"), actor=world.finance)
    with pytest.raises(Blocked):
        actions.ask_class(same, actor=world.finance)
    assert not CustomerChange.objects.exists()


def post(client, name, *args, **fields):
    return client.post(reverse(f"customers:{name}", args=args), {"form_key": uuid.uuid4(), **fields})


@pytest.mark.rule("R3.3", "R10.2")
def test_proposals_are_seen_and_decided_on_the_page(world):
    known = customer(world)
    ship(world, known, 300_000)
    finance = world.client("finance")
    assert post(finance, "propose_class", "C-1").status_code == 302
    proposal = ClassProposal.objects.get()
    assert [row.pk for row in finance.get("/customers/classes/").context["rows"]] == [proposal.pk]
    assert "300,000.00" in finance.get("/customers/C-1/?tab=changes").content.decode()
    rep = world.client("rep")
    assert rep.get("/customers/classes/").status_code == 403
    assert post(rep, "propose_class", "C-1").status_code == 403
    assert "300,000.00" not in rep.get("/customers/C-1/?tab=changes").content.decode()
    assert world.client("manager2").get("/customers/classes/").context["rows"] == []
    assert post(finance, "dismiss_class", "C-1", proposal.pk, reason="").status_code == 422
    assert post(finance, "ask_class", "C-1", proposal.pk).status_code == 302
    assert post(finance, "dismiss_class", "C-1", proposal.pk, reason="x").status_code == 409
    assert CustomerChange.objects.get().asked_by == world.finance


@pytest.mark.rule("R3.3")
def test_figures_and_list_take_as_many_queries_for_three_as_for_one(world):
    client, counts = world.client("finance"), []
    for codes in (("C-1",), ("C-2", "C-3")):
        for code in codes:
            ship(world, customer(world, code), 300_000, f"HB-{code}")
        rows = list(Customer.objects.all())
        with CaptureQueriesContext(connection) as measured:
            figures_of(rows, on=timezone.localdate())
        queries = len(measured)
        run_sweep("customer_classes", as_of=timezone.now())
        client.get("/customers/classes/")
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get("/customers/classes/").context["rows"]) == len(rows)
        counts.append((queries, len(asked)))
    assert counts[0] == counts[1]
