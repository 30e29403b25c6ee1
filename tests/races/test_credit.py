"""R5.7: twenty postings to one credit account at once; each counts, in one row of entries without a gap."""

import threading
from decimal import Decimal

import pytest
from django.db import transaction

from core import invariants
from customers import actions
from customers.models import CreditAccount, CreditEntry
from tests.orders_world import customer
from tests.races.harness import failures, run_together, successes
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 20


@pytest.mark.rule("R5.7")
def test_twenty_postings_at_once_all_count():
    world = World()
    known = customer(world)

    def post(place):
        with transaction.atomic():
            account = actions.lock_credit_account(known.pk)
            actions.post_exposure(
                account, f"O-{place}", document=f"O-{place}", actor=world.finance, ordered=Decimal("10.10")
            )

    assert failures(run_together(TOGETHER, post)) == []
    assert CreditAccount.objects.get().ordered == Decimal("202.00")
    assert list(CreditEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 21))
    assert invariants.broken() == {}


def test_without_the_lock_the_condition_lets_one_of_them_through():
    """The lock off: all have read the same account, one is written, the others are told that it moved."""
    world = World()
    known = customer(world)
    all_have_read = threading.Barrier(TOGETHER)

    def post(place):
        account = CreditAccount.objects.get(pk=known.pk)
        all_have_read.wait(60)
        actions.post_exposure(account, "O-1", document="O-1", actor=world.finance, ordered=10)

    answers = run_together(TOGETHER, post)

    assert len(successes(answers)) == 1
    assert {type(error) for error in failures(answers)} == {actions.AccountMoved}
    assert CreditAccount.objects.get().ordered == 10
    assert invariants.broken() == {}


def test_twin_that_writes_what_it_read_loses_postings():
    """Lock and condition off: the parts no longer are the sum of their entries."""
    world = World()
    known = customer(world)
    all_have_read = threading.Barrier(TOGETHER)

    def post(place):
        account = CreditAccount.objects.get(pk=known.pk)
        all_have_read.wait(60)
        with transaction.atomic():
            CreditAccount.objects.filter(pk=account.pk).update(ordered=account.ordered + 10)
            CreditEntry.objects.create(
                account=account, seq=place + 1, document="O", ordered=10, exposure=0, actor=world.finance
            )

    assert failures(run_together(TOGETHER, post)) == []
    assert any(name.startswith("I4") for name in invariants.broken())
