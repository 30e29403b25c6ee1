from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from approvals.authority import authority_of, beyond_authority, plan_order, route_order
from approvals.authority_actions import set_authority
from approvals.models import AuthorityLimit
from approvals.states import StepKind
from approvals.triggers import told
from core.models import Event
from core.rules import Blocked
from tests.approvals.cases import opened, order_facts, rules_of, step_of

pytestmark = pytest.mark.django_db
LIMITS = {
    "max_amount": Decimal(50_000),
    "max_discount": Decimal(5),
    "max_deviation": Decimal(5),
    "min_margin": Decimal(15),
    "max_payment_days": 30,
    "may_exceed_credit": False,
}


def kinds(plan):
    return [step.kind for step in plan]


@pytest.mark.rule("R2.1", "R2.3")
def test_every_order_has_its_three_steps(world):
    plan = plan_order(order_facts(world))
    assert [(step.kind, step.sequence) for step in plan] == [
        (StepKind.SUPPORT, 1),
        (StepKind.FINANCE, 1),
        (StepKind.MANAGER, 2),
    ]


@pytest.mark.rule("R2.2")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"amount": "100000.01"}, "The amount of 100,000.01 CNY is 0.01 above the limit of 100,000.00."),
        (
            {"max_discount": Decimal("12.5")},
            "The discount of 12.5 % is 2.5 points above the limit of 10 %.",
        ),
        (
            {"max_deviation": Decimal(11)},
            "The price is 11 % below the list, 1 points beyond the limit of 10 %.",
        ),
        ({"margin": Decimal(8)}, "The margin of 8 % is 2 points under the floor of 10 %."),
        ({"payment_days": 90}, "Payment after 90 days is 30 days beyond the limit of 60 days."),
        (
            {"credit_exceeded_by": Decimal(1200)},
            "The customer's credit limit is exceeded by 1,200.00 CNY.",
        ),
        (
            {"has_credit": False, "payment_days": 30},
            "The customer has no credit line, yet pays after 30 days.",
        ),
    ],
)
def test_what_is_beyond_authority_goes_to_the_general_manager_with_the_figures(world, more, said):
    plan = plan_order(order_facts(world, **more))
    assert kinds(plan)[-1] == StepKind.GENERAL
    assert [(each["rule"], each["sentence"]) for each in told(plan[-1].triggers)] == [("R2.2", said)]


@pytest.mark.rule("R2.2")
def test_what_meets_each_limit_exactly_stays_with_the_manager(world):
    facts = order_facts(
        world,
        "100000",
        max_discount=Decimal(10),
        max_deviation=Decimal(10),
        margin=Decimal(10),
        payment_days=60,
    )
    assert StepKind.GENERAL not in kinds(plan_order(facts))


@pytest.mark.rule("R2.2")
def test_every_limit_that_is_passed_is_named(world):
    facts = order_facts(world, "200000", max_discount=Decimal(20), payment_days=100)
    passed = beyond_authority(facts, authority_of(None))
    assert [each["name"] for each in passed] == ["amount", "discount", "payment_days"]


@pytest.mark.rule("R2.2")
def test_the_managers_own_limit_goes_before_everybodys_and_counts_from_its_day(world):
    today = timezone.localdate()
    everybody = dict(LIMITS, max_amount=Decimal(70_000), effective_from=today, reason="as agreed")
    set_authority(actor=world.gm, person=None, **everybody)
    later = dict(LIMITS, effective_from=today + timedelta(days=3), reason="new in office")
    set_authority(actor=world.gm, person=world.manager, **later)

    assert authority_of(world.manager.pk).max_amount == 70_000
    assert authority_of(world.manager.pk, on=today + timedelta(days=3)).max_amount == 50_000
    assert authority_of(world.manager2.pk, on=today + timedelta(days=9)).max_amount == 70_000
    assert authority_of(None, on=today - timedelta(days=1)).max_amount == 100_000
    assert StepKind.GENERAL in kinds(plan_order(order_facts(world, "60000"), on=today + timedelta(days=3)))
    event = Event.objects.filter(verb="authority.set").latest("pk")
    assert (event.actor, event.facts["old"]["max_amount"], event.facts["new"]["max_amount"]) == (
        world.gm,
        "70000.00",
        "50000",
    )


@pytest.mark.rule("R2.2", "R10.2")
@pytest.mark.parametrize("who", ["manager", "admin", "rep"])
def test_who_may_not_set_authority_changes_nothing(world, who):
    fields = dict(LIMITS, effective_from=timezone.localdate(), reason="mine")
    with pytest.raises(Blocked) as refusal:
        set_authority(actor=world.people[who], person=world.manager, **fields)
    assert "R10.2" in rules_of(refusal)
    assert not AuthorityLimit.objects.exists()
    assert not Event.objects.filter(verb="authority.set").exists()


@pytest.mark.rule("R2.2")
def test_the_step_keeps_why_it_is_there(world):
    step = step_of(opened(world, "250000"), "general")
    assert (
        told(step.triggers)[0]["sentence"]
        == "The amount of 250,000.00 CNY is 150,000.00 above the limit of 100,000.00."
    )


@pytest.mark.rule("R2.2")
def test_a_reason_kept_before_currencies_were_is_told_in_the_companys():
    kept = [{"rule": "R2.2", "name": "amount", "facts": {"value": "9", "limit": "8", "over": "1"}}]
    assert told(kept)[0]["sentence"] == "The amount of 9.00 CNY is 1.00 above the limit of 8.00."


@pytest.mark.rule("R2.2")
def test_a_row_that_has_ended_gives_way_to_the_next(world):
    today = timezone.localdate()
    past = today - timedelta(days=1)
    AuthorityLimit.objects.create(**{**LIMITS, "max_amount": 7, "effective_from": past})
    AuthorityLimit.objects.create(
        **{**LIMITS, "max_amount": 9, "person": world.manager},
        effective_from=past,
        effective_until=past,
    )
    facts = order_facts(world)
    assert route_order(facts, on=past).limits.base.max_amount == 9
    assert route_order(facts, on=today).limits.base.max_amount == 7


@pytest.mark.rule("R2.10")
@pytest.mark.parametrize(
    "mine",
    [
        {"person": "gm"},
        {"role": "sales_manager"},
        {"team": "NORTH"},
        {"team": "EAST", "role": "sales_manager"},
        {"category": "MOLD"},
        {},
    ],
)
def test_nobody_sets_limits_that_would_bind_themselves(world, mine):
    world.gm.groups.add(Group.objects.get(name="sales_manager"))
    gm = world.again("gm")
    wish = {"person": None, **LIMITS, "effective_from": timezone.localdate(), "reason": "mine", **mine}
    wish |= {"person": world.people[mine["person"]]} if "person" in mine else {}
    wish |= {"team": world.teams[mine["team"]]} if "team" in mine else {}
    with pytest.raises(Blocked) as refusal:
        set_authority(actor=gm, **wish)
    assert rules_of(refusal) == ["R2.10"]
    assert not AuthorityLimit.objects.exists()
    assert not Event.objects.filter(verb="authority.set").exists()

    set_authority(actor=gm, **{**wish, "person": world.manager, "role": ""})
    assert AuthorityLimit.objects.get().person == world.manager


@pytest.mark.rule("R2.10")
def test_who_manages_a_team_without_the_role_is_bound_by_every_managers_row(world):
    wish = {"person": None, **LIMITS, "effective_from": timezone.localdate(), "reason": "as agreed"}
    world.east.manager = world.gm
    world.east.save(update_fields=["manager"])
    with pytest.raises(Blocked):
        set_authority(actor=world.again("gm"), **wish)
    assert not AuthorityLimit.objects.exists()
