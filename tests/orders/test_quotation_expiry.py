"""The rep is told before a quotation expires and when it has, once each (R1.14)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.duties import duties_of
from accounts.models import Notice
from core.models import Event
from orders import actions
from orders.models import Quotation
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.14")]


def sweep(days):
    return actions.tell_expiring(as_of=timezone.now() + timedelta(days=days))


def told(world):
    return list(
        Notice.objects.filter(person=world.rep, kind__startswith="quotation_")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_before_its_end_and_after_it_once_each_however_often_it_sweeps(world):
    desk.sent_quotation(world)

    assert [sweep(days) for days in (0, 26, 27, 27, 29, 30, 31, 31, 60)] == [0, 0, 1, 0, 0, 0, 1, 0, 0]

    assert told(world) == ["quotation_expiring", "quotation_expired"]
    assert Event.objects.filter(verb__in=("quotation.expiring_told", "quotation.expired_told")).count() == 2


def test_a_sweep_that_comes_too_late_tells_only_that_it_expired(world):
    desk.sent_quotation(world)

    assert (sweep(45), sweep(46)) == (1, 0)

    assert told(world) == ["quotation_expired"]


def test_drafts_and_what_was_ordered_or_lost_are_not_told_of(world):
    desk.draft_quotation(world)
    actions.order_quotation(desk.sent_quotation(world), actor=world.rep)
    actions.lose_quotation(desk.sent_quotation(world), reason="too dear", actor=world.rep)

    assert sweep(45) == 0
    assert told(world) == []


def test_a_new_version_is_told_of_anew(world):
    old = desk.sent_quotation(world)
    sweep(28)
    new = actions.revise_quotation(old, actor=world.rep)
    actions.send_quotation(new, to="a@b.example", language="en", actor=world.rep)

    assert sweep(28) == 1
    assert told(world) == ["quotation_expiring"] * 2


def test_the_manager_is_told_where_the_rep_has_left(world):
    desk.sent_quotation(world)
    type(world.rep).objects.filter(pk=world.rep.pk).update(is_active=False)

    assert sweep(28) == 1

    assert Notice.objects.get(kind="quotation_expiring").person == world.manager


def test_it_waits_on_my_work(world):
    def waiting(person):
        mine = [each for each in duties_of(person) if each.name == "orders.quotations_expiring"]
        return [row.pk for each in mine for row in each.rows(person)]

    quotation = desk.sent_quotation(world)
    assert waiting(world.rep) == []
    Quotation.objects.filter(pk=quotation.pk).update(valid_until=timezone.localdate())

    assert waiting(world.rep) == [quotation.pk]
    assert waiting(world.rep2) == waiting(world.finance) == []
