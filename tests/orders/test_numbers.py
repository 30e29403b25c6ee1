"""Order numbers: a pattern per sales office, given at the first save, never twice, never again (R1.4)."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Event, ParameterValue
from core.numbering import SERIES, check_last_serial
from core.parameter_actions import set_parameter
from core.rules import Blocked
from orders import actions
from orders.models import SalesOrder
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.4")]


def key(team):
    return f"number_pattern.order:{team.shop}"


def of(world, rep):
    return desk.customer(world, f"C-{rep.username}", owner=rep)


def drafted(world, rep):
    return actions.create_draft(customer=of(world, rep), actor=rep).number


def test_each_office_has_its_own_pattern_and_the_other_keeps_the_companys(world):
    world.east.shop = "HD"
    world.east.save()
    set_parameter(key=key(world.east), value="HD.{yyyy}.{serial:05}", reason="Branch", actor=world.admin)

    day = timezone.localdate()
    assert drafted(world, world.rep2) == f"HD.{day:%Y}.00001"
    assert drafted(world, world.rep) == f"{world.north.shop}-{day:%Y%m%d}-001"


@pytest.mark.parametrize("pattern", ["HD.{yyyy}.{serial:05}", "_{yy}-{serial:03}", "订-{serial:038}"])
def test_under_every_pattern_that_passes_the_orders_page_and_the_list_open(world, client, pattern):
    set_parameter(key=key(world.north), value=pattern, reason="Branch", actor=world.admin)
    number = drafted(world, world.rep)
    client.force_login(world.rep)

    assert len(number) <= 40
    page = client.get(reverse("orders:order", args=[number]))
    assert page.status_code == 200
    assert number in page.content.decode()
    assert number in client.get("/orders/").content.decode()


@pytest.mark.parametrize("pattern", ["HB/{yyyy}/{serial:05}", "HB#{serial:05}", "A-{serial:99}"])
def test_a_pattern_that_no_page_could_show_is_refused_and_numbers_go_on(world, pattern):
    for each in sorted(f"number_pattern.{name}" for name in SERIES if not name.startswith("race")):
        with pytest.raises(Blocked):
            set_parameter(key=each, value=pattern, reason="Test", actor=world.admin)
    assert not ParameterValue.objects.exists()
    assert drafted(world, world.rep).startswith(f"{world.north.shop}-")


@pytest.mark.parametrize("number", ["HB/2026/00001", "N" * 41])
def test_neither_database_keeps_a_number_that_no_page_could_show(world, number):
    order = actions.create_draft(customer=of(world, world.rep), actor=world.rep)
    with pytest.raises(DatabaseError), transaction.atomic():
        SalesOrder.objects.filter(pk=order.pk).update(number=number)
    assert SalesOrder.objects.get(pk=order.pk).number == order.number


def test_two_offices_of_the_same_pattern_without_shop_share_one_count(world):
    world.east.shop = "HD"
    world.east.save()
    for team in (world.north, world.east):
        set_parameter(key=key(team), value="A-{yyyy}-{serial:04}", reason="One book", actor=world.admin)

    numbers = [drafted(world, rep) for rep in (world.rep, world.rep2, world.rep, world.rep2)]

    year = timezone.localdate().year
    assert numbers == [f"A-{year}-{serial:04}" for serial in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "pattern",
    ["{yyyymmdd}{serial:04}", "A-{serial}-{yyyy}", "{serial}", "A{serial}B", "1{serial}", "no serial"],
)
def test_a_pattern_that_could_meet_another_offices_is_refused(world, pattern):
    with pytest.raises(ValidationError):
        check_last_serial(pattern)
    for each in (key(world.north), "number_pattern.order"):
        with pytest.raises(Blocked):
            set_parameter(key=each, value=pattern, reason="Test", actor=world.admin)
    assert not ParameterValue.objects.exists()


def test_the_administrator_sets_it_on_the_settings_page_with_a_reason(world, client):
    client.force_login(world.admin)
    url = f"/settings/parameters/{key(world.north)}/"
    listed = client.get("/settings/parameters/").content.decode()
    assert key(world.north) in listed
    fields = {"value": "N-{yymm}-{serial:04}", "version": "0"}
    assert client.post(url, {**fields, "form_key": str(uuid.uuid4())}).status_code == 422
    assert not ParameterValue.objects.exists()

    answer = client.post(url, {**fields, "reason": "Neu", "form_key": str(uuid.uuid4())})

    assert answer.status_code == 302
    assert f"N-{timezone.localdate():%y%m}-0001" in client.get(url).content.decode()
    assert Event.objects.filter(verb="parameter.changed").count() == 1
    assert drafted(world, world.rep) == f"N-{timezone.localdate():%y%m}-0001"


def test_an_office_that_is_not_on_file_has_no_pattern():
    with pytest.raises(LookupError):
        set_parameter(key="number_pattern.order:NONE", value="A-{serial}", reason="-", actor=None)


def test_a_cancelled_or_deleted_drafts_number_is_never_given_again(world):
    first = actions.create_draft(customer=of(world, world.rep), actor=world.rep)
    actions.cancel_order(first, reason="doppelt", actor=world.rep)
    second = actions.create_draft(customer=of(world, world.rep), actor=world.rep)
    gone = second.number
    SalesOrder.objects.filter(pk=second.pk).delete()

    third = drafted(world, world.rep)

    assert len({first.number, gone, third}) == 3
