"""The matrix as data: limits take each other's place by day, none is overwritten; its page (R2.2, R2.10)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from approvals import gates
from approvals.authority import authority_of, route_order
from approvals.authority_actions import end_authority, set_authority
from approvals.handover import appoint_manager
from approvals.models import AuthorityLimit, Case
from approvals.simulation import simulate
from core import invariants
from core.models import Event
from core.rules import Blocked
from inventory.models import ProductCategory
from tests.approvals.cases import decide, opened, order_facts, rules_of, step_of

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R2.2")]
LIMITS = {
    "max_amount": Decimal(50_000),
    "max_discount": Decimal(5),
    "max_deviation": Decimal(5),
    "min_margin": Decimal(15),
    "max_payment_days": 30,
    "may_exceed_credit": False,
}


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def put(world, amount, *, actor="gm", **more):
    wish = {"person": world.manager, **LIMITS, "effective_from": today(), "reason": "as agreed", **more}
    return set_authority(actor=world.people[actor], **{**wish, "max_amount": Decimal(amount)})


def amount_on(world, days):
    return authority_of(world.manager.pk, on=today(days)).max_amount


def test_new_limits_end_the_old_ones_the_day_before_and_leave_their_figures(world):
    first = put(world, 10)
    put(world, 20, effective_from=today(5))
    put(world, 30, effective_from=today(7), effective_until=today(8))
    assert [amount_on(world, days) for days in (0, 4, 5, 7, 8, 9)] == [10, 10, 20, 30, 30, 20]
    first.refresh_from_db()
    assert (first.max_amount, first.effective_until) == (10, today(4))
    event = Event.objects.filter(verb="authority.set").order_by("seq")[1]
    assert (event.facts["ended"], event.facts["old"]["max_amount"]) == ([first.pk], "10.00")


def test_limits_of_the_same_day_are_replaced_at_once_and_stay_on_file(world):
    first, second = put(world, 10), put(world, 20)
    assert amount_on(world, 0) == 20
    first.refresh_from_db()
    assert (first.max_amount, first.replaced_at is None, AuthorityLimit.objects.count()) == (10, False, 2)
    end_authority(second, on=today(3), reason="trial is over", actor=world.gm)
    assert [amount_on(world, days) for days in (3, 4)] == [20, 100_000]  # not the replaced one again


def test_of_two_at_once_one_counts_and_the_other_is_told(world, monkeypatch):
    put(world, 10)
    monkeypatch.setattr("approvals.authority_actions._give_way", lambda wish: [])
    with pytest.raises(Blocked) as refusal:
        put(world, 20)
    assert rules_of(refusal) == ["R2.13"]
    assert amount_on(world, 0) == 10
    assert Event.objects.filter(verb="authority.set").count() == 1
    row = AuthorityLimit.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.rule("R10.1")
def test_limits_end_on_a_day_with_a_reason_and_what_is_less_ones_own_counts_again(world):
    put(world, 70_000, person=None)
    limit = put(world, 10)
    end_authority(limit, on=today(2), reason="new in office no more", actor=world.gm)
    assert [amount_on(world, days) for days in (2, 3)] == [10, 70_000]
    event = Event.objects.get(verb="authority.ended")
    assert (event.actor, event.reason, event.facts["until"]) == (
        world.gm,
        "new in office no more",
        today(2).isoformat(),
    )
    assert AuthorityLimit.objects.get(pk=limit.pk).reason == "as agreed"


@pytest.mark.rule("R10.1", "R10.2", "R2.10")
@pytest.mark.parametrize(
    ("who", "on", "reason", "rules"),
    [
        ("manager", 2, "x", ["R10.2", "R2.10"]),
        ("admin", 2, "x", ["R10.2"]),
        ("gm", -1, "x", ["R10.1", "R2.2"]),
        ("gm", 2, " ", ["R10.1"]),
    ],
)
def test_an_end_that_is_refused_changes_nothing(world, who, on, reason, rules):
    limit = put(world, 10)
    with pytest.raises(Blocked) as refusal:
        end_authority(limit, on=today(on), reason=reason, actor=world.people[who])
    assert rules_of(refusal) == rules
    assert AuthorityLimit.objects.get().effective_until is None
    assert not Event.objects.filter(verb="authority.ended").exists()


def test_what_is_over_does_not_end_again_and_what_binds_oneself_is_ended_by_another(world):
    old, general = put(world, 10), put(world, 10, person=None)
    put(world, 20)
    world.gm.groups.add(Group.objects.get(name="sales_manager"))
    world.again("gm")
    for limit, rules in ((old, ["R10.1"]), (general, ["R2.10"])):
        with pytest.raises(Blocked) as refusal:
            end_authority(limit, on=today(1), reason="x", actor=world.gm)
        assert rules_of(refusal) == rules
    assert not Event.objects.filter(verb="authority.ended").exists()


@pytest.mark.rule("R10.1")
def test_limits_do_not_begin_in_the_past(world):
    with pytest.raises(Blocked) as refusal:
        put(world, 10, effective_from=today(-1))
    assert rules_of(refusal) == ["R10.1"]
    assert not AuthorityLimit.objects.exists()


def send(client, path, **fields):
    return client.post(path, {"form_key": str(uuid.uuid4()), **fields})


def test_the_page_shows_the_usual_limits_last_what_is_to_come_and_what_is_over(world):
    ProductCategory.objects.create(code="MOLD", name="模具")
    put(world, 10)
    put(world, 20)
    put(world, 30, effective_from=today(9), category="MOLD")
    page = world.client("gm").get("/settings/authority/")
    rows, past = page.context["rows"], page.context["past"]
    assert [(each["row"].max_amount, each["tone"], each["category"]) for each in rows] == [
        (20, "approved", ""),
        (30, "pending", "MOLD 模具"),
    ]
    assert [(each["row"].max_amount, each["is_over"]) for each in past] == [(10, True)]
    body = page.content.decode()
    assert body.index("100,000.00") > body.index("20.00")
    assert "CNY" in body


def test_change_begins_with_the_rows_figures_and_writes_new_limits(world):
    limit = put(world, 10, team=world.north)
    client = world.client("gm")
    form = client.get(f"/settings/authority/?change={limit.pk}").context["form"]
    assert (form["max_amount"].value(), form["person"].value(), form["team"].value()) == (
        10,
        world.manager.pk,
        world.north.pk,
    )
    assert form["effective_from"].value() == today()
    for odd in ("x", "-1", "9" * 30, str(limit.pk + 1)):
        assert client.get(f"/settings/authority/?change={odd}").context["form"]["person"].value() is None


def test_end_is_a_door_on_the_page(world):
    limit = put(world, 10)
    path, client = f"/settings/authority/{limit.pk}/end/", world.client("gm")
    assert send(client, path, on="soon", reason="").status_code == 422
    assert send(client, path, on=today(-3).isoformat(), reason="x").status_code == 409
    assert send(world.client("manager"), path, on=today(3).isoformat(), reason="x").status_code == 403
    assert AuthorityLimit.objects.get().effective_until is None
    assert send(client, path, on=today(3).isoformat(), reason="x").status_code == 302
    assert AuthorityLimit.objects.get().effective_until == today(3)


def test_what_may_not_be_set_is_not_simulated(world):
    fields = {**LIMITS, "effective_from": today(3).isoformat(), "reason": "x", "simulate": "1"}
    fields = {name: value for name, value in fields.items() if value is not False}
    answer = send(world.client("gm"), "/settings/authority/", **fields, effective_until=today(1).isoformat())
    assert answer.status_code == 409
    assert answer.context["effect"] is None
    assert not AuthorityLimit.objects.exists()


def test_a_simulation_reads_the_last_round_however_long_ago_the_first_was(world):
    route = route_order(order_facts(world, "60000"))
    case = opened(world, "60000", plan=route.steps, **route.kept())
    long_ago = timezone.now() - timedelta(days=90)
    Case.objects.filter(pk=case.pk).update(created_at=long_ago, opened_at=long_ago)
    span = {"since": timezone.now() - timedelta(days=30), "until": timezone.now() + timedelta(minutes=1)}
    wish = AuthorityLimit(**{**LIMITS, "effective_from": today()})
    assert simulate(wish, **span).examined == 0

    opened(world, "60000", plan=route.steps, **route.kept())
    assert [each.reference for each in simulate(wish, **span).more] == [case.reference]
    assert Case.objects.get().created_at == long_ago


def test_many_moved_orders_are_listed_up_to_a_count_and_linked(world, monkeypatch):
    for module in ("approvals.simulation", "approvals.views.matrix"):
        monkeypatch.setattr(f"{module}.MOST_LISTED", 2)
    for number in range(5):
        route = route_order(order_facts(world, "60000"))
        opened(world, "60000", reference=f"HB-{number}", plan=route.steps, **route.kept())
    fields = {name: value for name, value in LIMITS.items() if value is not False}
    page = send(
        world.client("gm"),
        "/settings/authority/",
        **fields,
        effective_from=today().isoformat(),
        reason="x",
        simulate="1",
    )
    body = page.content.decode()
    assert (len(page.context["effect"].more), page.context["effect"].unlisted) == (5, 3)
    assert [f"/orders/HB-{number}/" in body for number in range(5)].count(True) == 2


def test_the_page_costs_the_same_for_one_row_and_for_many(world):
    client = world.client("gm")
    put(world, 10)
    with CaptureQueriesContext(connection) as one:
        client.get("/settings/authority/")
    for number in range(5):
        put(world, 10 + number, category=f"C{number}")
    with CaptureQueriesContext(connection) as many:
        client.get("/settings/authority/")
    assert len(one) == len(many)


def test_every_rule_of_the_matrix_is_asked_at_both_doors():
    assert set(gates.AUTHORITY) & set(gates.AUTHORITY_END) >= {
        each for each in gates.AUTHORITY if each.number in ("R10.2", "R2.10")
    }


@pytest.fixture
def within(world):
    """A case that the manager's own limits of 300,000 let pass, which waits for the manager."""
    put(world, 300_000)
    route = route_order(order_facts(world, "250000", team_id=world.north.pk))
    assert not route.goes_to_general
    case = opened(world, "250000", plan=route.steps, **route.kept())
    return decide(world, decide(world, case, "support", "support"), "finance", "finance")


@pytest.mark.rule("R2.2")
@pytest.mark.parametrize("how", ["lowered", "another manager"])
def test_a_yes_beyond_the_limits_of_its_moment_asks_the_general_manager_besides(world, within, how):
    case, who = within, "manager"
    if how == "lowered":
        put(world, 100_000)
    else:
        who = "manager2"
        appoint_manager(world.north, manager=world.manager2, actor=world.admin)

    case = decide(world, case, "manager", who)

    assert (case.state, step_of(case, "general").state) == ("open", "open")
    assert [each["name"] for each in step_of(case, "general").triggers] == ["amount"]
    assert Decimal(case.authority["limits"]["max_amount"]) == 100_000
    assert Event.objects.filter(verb="step.added").count() == 1
    with pytest.raises(Blocked):
        decide(world, case, "general", who)
    assert decide(world, case, "general", "gm").state == "approved"
    assert invariants.broken() == {}


@pytest.mark.rule("R2.2")
def test_limits_that_still_reach_ask_nobody_besides(world, within):
    put(world, 250_000)
    assert decide(world, within, "manager", "manager").state == "approved"
    assert not Event.objects.filter(verb="step.added").exists()
