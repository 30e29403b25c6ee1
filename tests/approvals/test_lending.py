"""A substitute decides the kinds and amounts that were lent, and learns of no others (R2.12, I14)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.actions import give_delegation, revoke_delegation
from accounts.models import Delegation, Notice
from accounts.roles import ROLES
from approvals.actions import hand_over_step
from approvals.authority import PlannedStep, route_order
from approvals.authority_actions import set_authority
from approvals.models import Step
from approvals.queries import boxes
from approvals.states import StepKind
from core.invariants import broken
from core.memo import forget_all
from core.models import Event, OutboxMessage
from core.rules import Blocked
from core.showing import in_office
from orders.actions import decide_order
from tests import orders_world as desk
from tests.approvals.cases import decide, frozen, opened, order_facts, rules_of, step_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def waits_for_manager(world):
    return decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")


def lend(world, **more):
    now = timezone.now()
    span = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=9)}
    return give_delegation(actor=world.manager, substitute=world.manager2, reason="on leave", **span, **more)


@pytest.mark.rule("R2.12")
@pytest.mark.parametrize(
    ("more", "decides"),
    [
        ({"kinds": ["manager"]}, True),
        ({"kinds": ["finance", "head"]}, False),
        ({"ceiling": Decimal(5000)}, True),
        ({"ceiling": Decimal("4999.99")}, False),
        ({"kinds": ["manager"], "ceiling": Decimal(1)}, False),
    ],
)
def test_a_substitute_decides_only_the_kinds_and_amounts_that_were_lent(
    world, waits_for_manager, more, decides
):
    case = waits_for_manager
    lend(world, **more)
    step = step_of(case, "manager")
    assert list(boxes(world.manager2)["delegated"]) == ([step] if decides else [])
    assert list(boxes(world.manager2)["mine"]) == ([step] if decides else [])
    if decides:
        case = decide(world, case, "manager", "manager2")
        assert step_of(case, "manager").decided_for == world.manager
        assert broken() == {}
        Delegation.objects.update(kinds=["head"])
        assert [name[:3] for name in broken()] == ["I14"]
        return
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2")
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before


@pytest.mark.rule("R2.12")
def test_the_ceiling_holds_in_company_currency(world):
    case = opened(world, "1000", currency="USD", amount_company=Decimal(7100))
    case = decide(world, decide(world, case, "support", "support"), "finance", "finance")
    given = lend(world, ceiling=Decimal(5000))
    assert not Step.objects.decidable_by(world.manager2).exists()
    revoke_delegation(given, actor=world.manager)
    lend(world, ceiling=Decimal(7100))
    assert Step.objects.decidable_by(world.manager2).count() == 1


@pytest.mark.rule("R2.12", "R10.3")
def test_a_substitute_learns_only_of_what_is_lent_by_mail_with_a_link_and_no_deciding_link(world):
    lend(world, ceiling=Decimal(10))
    decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")
    assert not Notice.objects.filter(person=world.manager2, kind="step_opened").exists()
    sent = OutboxMessage.objects.filter(payload__kind="step_opened")
    assert sent.exists()
    assert all(each.payload["link"].startswith("/approvals/?step=") for each in sent)
    assert not any("decide" in str(each.payload) for each in sent)


@pytest.mark.rule("R2.12")
def test_an_amount_that_no_rate_makes_comparable_is_within_no_ceiling(world):
    case = opened(world, currency="USD")
    case = decide(world, decide(world, case, "support", "support"), "finance", "finance")
    given = lend(world, ceiling=Decimal(5000))
    assert not boxes(world.manager2)["delegated"]
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2")
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before

    revoke_delegation(given, actor=world.manager)
    lend(world)
    assert len(boxes(world.manager2)["delegated"]) == 1


def with_facts(world, amount, *, manager, **facts):
    """A case within the manager's wide limits that waits for the manager, with facts as weighed."""
    set_authority(
        actor=world.gm, person=world.manager, effective_from=timezone.localdate(), reason="wide", **manager
    )
    route = route_order(order_facts(world, amount, **facts))
    assert not route.goes_to_general
    case = opened(world, amount, plan=route.steps, **route.kept())
    return decide(world, decide(world, case, "support", "support"), "finance", "finance")


WIDE = {
    "max_amount": Decimal(500_000),
    "max_discount": Decimal(90),
    "max_deviation": Decimal(90),
    "min_margin": Decimal(0),
    "max_payment_days": 365,
    "may_exceed_credit": True,
    "may_special": True,
}


@pytest.mark.rule("R2.2", "R2.12")
@pytest.mark.parametrize(
    "facts",
    [
        {"max_discount": Decimal(11)},
        {"max_deviation": Decimal("10.01")},
        {"margin": Decimal("9.9")},
        {"payment_days": 61},
        {"credit_exceeded_by": Decimal(1)},
        {"special": True},
    ],
)
def test_neither_a_substitute_nor_who_gets_it_goes_beyond_any_limit_of_their_own(world, facts):
    case = with_facts(world, "5000", manager=WIDE, **facts)
    if facts.get("special"):
        for kind in case.steps.filter(kind__startswith="joint").values_list("kind", flat=True):
            who = {"sales": "head", "logistics": "warehouse", "technical": "tech"}
            name = kind.removeprefix("joint_")
            case = decide(world, case, kind, who.get(name, name), reason="as agreed")
    lend(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2")
    assert rules_of(refusal) == ["R2.12"]
    with pytest.raises(Blocked) as refusal:
        hand_over_step(step_of(case, "manager"), to=world.manager2, reason="away", actor=world.manager)
    assert rules_of(refusal) == ["R2.2"]
    assert frozen(case) == before
    assert decide(world, case, "manager", "manager").state == "approved"


@pytest.mark.rule("R2.2", "R2.12")
def test_the_general_managers_own_word_has_no_end_in_a_managers_place_either(world):
    case = with_facts(world, "300000", manager=WIDE)
    now = timezone.now()
    give_delegation(
        actor=world.manager,
        substitute=world.gm,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=9),
        reason="on leave",
    )
    case = decide(world, case, "manager", "gm")
    assert step_of(case, "manager").decided_for == world.manager


@pytest.mark.rule("R2.2", "R2.12")
def test_an_amount_that_nobody_can_measure_is_beyond_a_substitutes_own_authority(world):
    plan = [PlannedStep(StepKind.MANAGER, 1)]
    case = opened(world, "90000", kind="shipment", currency="USD", plan=plan)
    lend(world)
    before = frozen(case)
    with pytest.raises(Blocked) as refusal:
        decide(world, case, "manager", "manager2")
    assert rules_of(refusal) == ["R2.12"]
    assert frozen(case) == before


@pytest.mark.rule("R2.12")
@pytest.mark.parametrize("approve", [True, False])
def test_whoever_reads_of_it_reads_for_whom_it_was_decided(world, approve):
    """On the page before, in the order's own event, and in what who comes too late is told."""
    desk.product(world, "BRG-6204", stock=100)
    order = desk.order_in_review(world)
    for who in ("support2", "finance"):
        desk.decide(world, order, who)
    lend(world)
    order = desk.again(order)
    step = step_of(order.case, "manager")
    shown = world.client("manager2").get(f"/approvals/?step={step.pk}")
    assert shown.context["chosen"]["in_place_of"] == world.manager
    assert not world.client("manager").get(f"/approvals/?step={step.pk}").context["chosen"]["in_place_of"]

    said = {"approve": approve, "reason": "seen", "digest": order.case.digest, "step_id": step.pk}
    decide_order(order, actor=world.manager2, **said)

    event = Event.objects.get(verb="order.approved" if approve else "order.refused")
    assert (event.actor, event.on_behalf_of) == (world.manager2, world.manager)
    with pytest.raises(Blocked) as refusal:
        decide_order(order, actor=world.manager, **said)
    told = [each.sentence for each in refusal.value.reasons if each.rule == "R2.13"]
    assert in_office(world.manager2, world.manager) in told[0]


@pytest.mark.rule("R2.12")
def test_each_row_of_the_inbox_says_for_whom_it_would_be_decided(world, waits_for_manager):
    def whose(who, tab):
        forget_all()
        page = world.client(who).get(f"/approvals/?show={tab}")
        return [str(each.lender or "") for each in page.context["steps"]], page.content.decode()

    lend(world)
    for tab in ("delegated", "mine"):
        names, page = whose("manager2", tab)
        assert names == [str(world.manager)]
        assert str(world.manager) in page.split('class="duty__note"')[1].split("</a>")[0]
    assert whose("manager", "mine")[0] == [""]


@pytest.mark.rule("R2.12", "R10.2")
def test_the_substitute_is_chosen_by_office_and_among_those_who_decide(world):
    page = world.client("manager").get("/delegations/")
    shown = dict(page.context["form"].fields["substitute"].choices)
    labels = {value.instance.username: label for value, label in shown.items() if value}
    assert str(ROLES["sales_manager"]) in labels["manager2"]
    assert str(world.manager2.team or "") in labels["manager2"]
    assert not {"manager", "rep", "admin", "customer"} & labels.keys()


@pytest.mark.rule("R2.12", "R10.2")
@pytest.mark.parametrize("when", ["before it opened", "while it waited"])
def test_who_stood_in_once_is_told_whose_it_is_now_and_nothing_of_its_content(world, when):
    given = lend(world) if when == "before it opened" else None
    case = decide(world, decide(world, opened(world), "support", "support"), "finance", "finance")
    step = step_of(case, "manager")
    link = f"/approvals/?step={step.pk}"
    revoke_delegation(given or lend(world), actor=world.manager)
    if given is None:  # as if it had lasted a while
        Delegation.objects.update(revoked_at=timezone.now() + timedelta(seconds=1))
    before = frozen(case)

    client = world.client("manager2")
    answer = client.get(link)

    page = answer.content.decode()
    assert answer.status_code == 403
    assert str(world.manager) in page
    assert not [each for each in (case.reference, case.title, "5,000", "5000") if each in page]
    assert client.get(f"/approvals/?step={step_of(case, 'finance').pk}").status_code == 404
    assert client.get(f"{link}9").status_code == 404
    assert frozen(case) == before
    decide(world, case, "manager", "manager")
    gone = client.get(link)
    assert (gone.status_code, str(world.manager) in gone.content.decode()) == (403, False)


@pytest.mark.rule("R10.2")
def test_to_who_never_held_it_a_step_does_not_exist(world, waits_for_manager):
    step = step_of(waits_for_manager, "manager")
    lend(world, kinds=["head"])
    Delegation.objects.update(revoked_at=timezone.now())
    assert world.client("manager2").get(f"/approvals/?step={step.pk}").status_code == 404
