"""R5.7, R2.6: the five parts of exposure are the sums of their entries, whatever is posted."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import invariants
from customers import actions, queries
from customers.models import CreditAccount, CreditEntry
from tests.orders_world import customer
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


@pytest.fixture
def post(world):
    """Post to the account of one customer, in a transaction, under its lock."""
    known = customer(world)

    def posted(order, **parts):
        with transaction.atomic():
            account = actions.lock_credit_account(known.pk)
            facts = {"document": order, "approval": "limit", "actor": world.finance}
            return actions.post_exposure(account, order, **facts, **parts)

    return posted


@pytest.mark.rule("R5.7")
def test_exposure_follows_an_order_from_approval_to_payment(post):
    total = Decimal("1000.00")
    walk = [
        ({"ordered": total}, 0, total),
        ({"released": total}, total, total),
        ({"ordered": -total, "released": -total, "shipped": total}, total, total),
        ({"shipped": -total, "invoiced": total}, total, total),
        ({"received": total, "paid": total}, 0, 0),
        ({"received": -total, "invoiced": -total}, 0, 0),
    ]
    for parts, exposure, total_exposure in walk:
        entry = post("HB-1", **parts)
        account = CreditAccount.objects.get()
        assert (account.exposure, account.total_exposure) == (exposure, total_exposure), parts
        assert entry.exposure == exposure
    assert queries.paid_for("HB-1") == total
    assert queries.paid_for("HB-2") == 0
    assert invariants.broken() == {}


@pytest.mark.rule("R5.7")
@pytest.mark.parametrize(
    "parts",
    [
        {"shipped": -1},
        {"invoiced": -1},
        {"received": -1},
        {"released": -1},
        {"released": 11},
        {"ordered": -11},
    ],
)
def test_no_part_falls_below_zero_and_no_more_is_released_than_ordered(post, parts):
    post("HB-1", ordered=10)
    before = CreditAccount.objects.values().get()

    with pytest.raises(IntegrityError), transaction.atomic():
        post("HB-1", **parts)

    assert CreditAccount.objects.values().get() == before
    assert CreditEntry.objects.count() == 1


@pytest.mark.rule("R5.7")
def test_entries_are_neither_edited_nor_removed(post):
    post("HB-1", ordered=10)
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditEntry.objects.update(ordered=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditEntry.objects.all().delete()


@pytest.mark.rule("R2.6")
def test_each_part_names_the_orders_behind_it(post):
    post("HB-1", ordered=100)
    post("HB-2", ordered=50)
    post("HB-1", ordered=-100, shipped=100)
    post("", received=30)

    parts = {
        part.name: (part.amount, part.by_order) for part in queries.parts_of(CreditAccount.objects.get())
    }

    assert parts["ordered"] == (50, {"HB-2": 50})
    assert parts["shipped"] == (100, {"HB-1": 100})
    assert parts["received"] == (30, {"": 30})
    assert parts["released"] == (0, {})


def test_an_account_that_moved_since_it_was_read_is_not_written(world, post):
    post("HB-1", ordered=10)
    old = CreditAccount.objects.get()
    post("HB-1", ordered=5)
    with pytest.raises(actions.AccountMoved), transaction.atomic():
        actions.post_exposure(old, "HB-1", document="HB-1", actor=world.finance, ordered=1)
    assert CreditAccount.objects.get().ordered == 15


AMOUNT = st.decimals(min_value=Decimal("-99999.99"), max_value=Decimal("99999.99"), places=2)
POSTINGS = st.lists(
    st.fixed_dictionaries({part: AMOUNT for part in queries.PARTS} | {"paid": st.just(Decimal(0))}),
    max_size=10,
)


@pytest.mark.rule("R5.7")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(postings=POSTINGS)
def test_whatever_is_posted_the_parts_are_the_sums_of_their_entries(post, postings):
    with transaction.atomic():
        post("HB-0", **dict.fromkeys(queries.PARTS, Decimal("0.10")))
        for place, parts in enumerate(postings):
            try:
                with transaction.atomic():
                    post(f"HB-{place}", **parts)
            except IntegrityError:
                continue
        account = CreditAccount.objects.get()
        for part in queries.PARTS:
            assert getattr(account, part) == sum(CreditEntry.objects.values_list(part, flat=True))
        assert account.exposure == CreditEntry.objects.order_by("-seq").first().exposure
        assert invariants.broken() == {}
        transaction.set_rollback(True)
