"""Technical signs line by line, a changed process is tried first, production promises in writing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notice
from approvals.actions import close_condition
from approvals.models import Condition
from approvals.triggers import told
from core.audit import broken_links
from core.models import Event
from core.rules import Blocked, Stale
from inventory.models import ProductionOrder
from orders import actions
from orders.models import ProductionPromise, Sample, TechnicalStatement
from tests import orders_world as desk

pytestmark = pytest.mark.django_db
LINES = (("MTR-1", "3"), ("BRG-6204", "10"))


@pytest.fixture
def order(world):
    """In review, with a motor made to order and bearings in stock; nobody has answered yet."""
    desk.product(world, "MTR-1", supply="make", price="1250")
    desk.product(world, "BRG-6204", stock=100)
    return desk.order_in_review(world, asked=True, lines=LINES)


def step(order, kind):
    return desk.again(order).case.steps.get(round=desk.again(order).case.round, kind=kind)


def rules(refusal):
    return sorted({reason.rule for reason in refusal.value.reasons})


def approve(world, order, kind, who):
    order = desk.again(order)
    digest, pk = order.case.digest, step(order, kind).pk
    return actions.decide_order(order, step_id=pk, approve=True, digest=digest, actor=world.people[who])


def untouched():
    return Event.objects.count(), TechnicalStatement.objects.count(), ProductionPromise.objects.count()


@pytest.mark.rule("R2.8", "R2.9")
def test_only_what_is_made_asks_technical_and_production(world, order):
    assert set(order.case.steps.values_list("kind", flat=True)) == {
        *("support", "finance", "technical", "production", "manager")
    }
    from_stock = desk.order_in_review(world, asked=True, lines=(("BRG-6204", "20"),))
    assert set(from_stock.case.steps.values_list("kind", flat=True)) == {"support", "finance", "manager"}


@pytest.mark.rule("R2.8")
def test_technical_cannot_say_yes_before_every_line_is_signed(world, order):
    before = untouched()

    with pytest.raises(Blocked) as refusal:
        approve(world, order, "technical", "tech")

    assert rules(refusal) == ["R2.8"]
    assert "MTR-1" in refusal.value.reasons[0].sentence
    assert refusal.value.reasons[0].next_step.startswith(f"/orders/{order.number}/technical/")
    assert step(order, "technical").state == "open"
    assert untouched() == before


@pytest.mark.rule("R2.8")
def test_a_signed_statement_of_materials_is_the_yes(world, order):
    desk.state_lines(world, order, materials="QT450 铸铁")

    signed = TechnicalStatement.objects.get()
    assert (signed.signed_by, signed.materials) == (world.tech, "QT450 铸铁")
    assert (step(order, "technical").state, step(order, "technical").decided_by) == ("approved", world.tech)
    assert (
        Event.objects.get(verb="order.technical_signed").facts["statements"]["1"]["materials"] == "QT450 铸铁"
    )
    assert list(broken_links(order.thread)) == []


@pytest.mark.rule("R2.8")
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"materials": " "}, "materials"),
        ({"makeable": False}, "proposal"),
        ({"process_changed": True}, "trial"),
    ],
)
def test_what_is_not_said_whole_is_not_signed(world, order, said, field):
    before = untouched()

    with pytest.raises(Blocked) as refusal:
        desk.state_lines(world, order, **said)

    line = order.lines.get(position=1)
    assert [each.field_name for each in refusal.value.reasons] == [f"line-{line.pk}-{field}"]
    assert untouched() == before


@pytest.mark.rule("R2.8", "R2.11")
def test_not_makeable_returns_the_order_with_the_proposal(world, order):
    desk.state_lines(world, order, makeable=False, proposal="改用 Y2-100L 机座")

    order = desk.again(order)
    assert (order.state, step(order, "technical").state) == ("refused", "refused")
    assert "改用 Y2-100L 机座" in step(order, "technical").reason
    assert "改用 Y2-100L 机座" in Notice.objects.get(person=world.rep, kind="order_returned").facts["reason"]


@pytest.mark.rule("R2.8")
def test_a_changed_process_waits_for_its_sample(world, order):
    desk.state_lines(world, order, process_changed=True, trial="新槽型试制 2 台")

    assert step(order, "technical").state == "open"
    with pytest.raises(Blocked) as refusal:
        approve(world, order, "technical", "tech")
    assert "新槽型试制 2 台" in refusal.value.reasons[0].sentence
    sample = Sample.objects.get()
    with pytest.raises(Blocked) as refusal:
        actions.pass_sample(sample, result="合格", actor=world.rep)
    assert rules(refusal) == ["R10.2"]
    with pytest.raises(Blocked) as refusal:
        actions.pass_sample(sample, result=" ", actor=world.tech)
    assert refusal.value.reasons[0].field_name == "result"
    assert Sample.objects.get().state == "open"

    actions.pass_sample(sample, result="温升合格", actor=world.tech)
    approve(world, order, "technical", "tech")

    assert (Sample.objects.get().state, step(order, "technical").state) == ("passed", "approved")
    with pytest.raises(Blocked):
        actions.fail_sample(sample, result="不合格", proposal="换材料", actor=world.tech)
    assert Sample.objects.get().state == "passed"


@pytest.mark.rule("R2.8")
def test_a_failed_sample_returns_the_order_with_a_proposal(world, order):
    desk.state_lines(world, order, process_changed=True, trial="新槽型试制")
    sample = Sample.objects.get()
    with pytest.raises(Blocked) as refusal:
        actions.fail_sample(sample, result="温升超标", proposal="", actor=world.tech)
    assert refusal.value.reasons[0].field_name == "proposal"

    actions.fail_sample(sample, result="温升超标", proposal="按原槽型供货", actor=world.tech)

    assert desk.again(order).state == "refused"
    assert "按原槽型供货" in step(order, "technical").reason
    assert not TechnicalStatement.objects.latest("pk").makeable


@pytest.mark.rule("R2.8", "R2.11")
def test_a_changed_specification_asks_technical_again_and_no_more_than_that(world, order):
    desk.confirm_making(world, order)
    desk.decide(world, order, "finance")
    desk.decide(world, order, "support2", approve=False, reason="规格不符")
    line = order.lines.get(position=1)
    actions.save_line(desk.again(order), line_id=line.pk, specification="B5 法兰安装", actor=world.rep)
    desk.rule_out(desk.again(order), world.rep)
    actions.submit_order(desk.again(order), actor=world.rep)
    order = actions.standardise_order(desk.again(order), actor=world.support)

    assert (step(order, "technical").state, step(order, "production").state) == ("open", "open")
    assert step(order, "finance").state == "approved"
    with pytest.raises(Blocked) as refusal:
        approve(world, order, "technical", "tech")
    assert rules(refusal) == ["R2.8"]


@pytest.mark.rule("R2.9")
def test_a_verbal_promise_does_not_count(world, order):
    before = untouched()
    with pytest.raises(Blocked) as refusal:
        approve(world, order, "production", "production")

    assert rules(refusal) == ["R2.9"]
    assert len(refusal.value.reasons) == 1  # the bearings are in stock
    assert (step(order, "production").state, untouched()) == ("open", before)

    desk.promise_lines(world, order)

    promise = ProductionPromise.objects.get(line__position=1)
    line = order.lines.get(position=1)
    assert (promise.promised_by, line.promised_on) == (world.production, line.due_on)
    assert line.first_promised_on == line.due_on
    assert step(order, "production").decided_by == world.production


@pytest.mark.rule("R2.9")
def test_a_promise_for_a_day_that_is_over_or_on_old_content_changes_nothing(world, order):
    line, before = order.lines.get(position=1), untouched()
    yesterday = {line.pk: actions.Promised(on=timezone.localdate() - timedelta(days=1))}
    with pytest.raises(Blocked) as refusal:
        actions.confirm_promises(order, promises=yesterday, digest=order.case.digest, actor=world.production)
    assert refusal.value.reasons[0].field_name == f"line-{line.pk}-promised_on"
    with pytest.raises(Stale):
        actions.confirm_promises(order, promises={}, digest="x", actor=world.production)
    with pytest.raises(Blocked) as refusal:
        actions.confirm_promises(order, promises={}, digest=order.case.digest, actor=world.rep)
    assert "R10.2" in rules(refusal)
    assert (order.lines.get(position=1).promised_on, untouched()) == (None, before)


@pytest.mark.rule("R2.9", "R2.5")
def test_a_late_promise_is_shown_to_who_approves_and_told_to_the_rep(world, order):
    desk.promise_lines(world, order, days=5)

    late = [each for each in told(desk.again(order).case.findings) if each["rule"] == "R2.9"]
    assert len(late) == 1
    assert "5" in late[0]["sentence"]
    assert Notice.objects.get(person=world.rep, kind="order_promised_late").facts["days"] == "5"


@pytest.mark.rule("R2.9", "R4.2")
def test_the_production_order_carries_the_written_promise(world, order):
    desk.state_lines(world, order)
    desk.promise_lines(world, order, days=3)
    for who in ("support2", "finance", "manager"):
        desk.decide(world, order, who)
    if step_open(order, "general"):
        desk.decide(world, order, "gm")
    desk.pay(world, order)
    actions.release_order(desk.confirm_back(world, desk.again(order)), actor=world.lead)

    made = ProductionOrder.objects.get()
    assert made.promised_on == order.lines.get(position=1).due_on + timedelta(days=3)


def step_open(order, kind):
    return desk.again(order).case.steps.filter(kind=kind, state="open").exists()


@pytest.mark.rule("R2.4")
def test_a_condition_of_the_joint_review_holds_the_release(world):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.order_in_review(
        world, asked=True, klass="special", class_reason="出口包装", lines=(("BRG-6204", "10"),)
    )
    order = actions.decide_order(
        order,
        step_id=step(order, "joint_logistics").pk,
        approve=True,
        reason="木箱需订制",
        digest=order.case.digest,
        conditions=[("订好木箱", "warehouse")],
        actor=world.warehouse,
    )
    desk.confirm_making(world, order)
    for who in ("support2", "finance", "manager"):
        desk.decide(world, order, who)
    if step_open(order, "general"):
        desk.decide(world, order, "gm")
    desk.pay(world, order)
    order = desk.confirm_back(world, desk.again(order))
    with pytest.raises(Blocked) as refusal:
        actions.release_order(order, actor=world.lead)
    assert rules(refusal) == ["R2.4"]
    assert "订好木箱" in refusal.value.reasons[0].sentence
    assert desk.again(order).state == "approved"

    close_condition(Condition.objects.get(), proof="木箱订单 MX-118", actor=world.warehouse)

    assert actions.release_order(desk.again(order), actor=world.lead).state == "released"


@pytest.mark.rule("R2.4", "R2.11")
def test_one_department_refusing_returns_a_special_order(world):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.order_in_review(
        world, asked=True, klass="special", class_reason="出口包装", lines=(("BRG-6204", "10"),)
    )
    actions.decide_order(
        order,
        step_id=step(order, "joint_production").pk,
        approve=False,
        reason="本月无产能",
        digest=order.case.digest,
        actor=world.production,
    )
    assert desk.again(order).state == "refused"


@pytest.mark.rule("R2.7")
def test_a_shortage_offers_a_part_now_a_substitute_and_production(world):
    category = desk.product(world, "BRG-6204", stock=4).category
    assert category is None  # without a category nothing is a substitute
    order = desk.order_in_review(world, asked=True, lines=(("BRG-6204", "10"),))

    (short,) = [each for each in told(order.case.findings) if each["rule"] == "R2.7"]

    assert len(short["offers"]) == 2
    assert all("4" in each or "6" in each for each in (short["sentence"], *told_of(short["offers"])))


def told_of(offers):
    return [each["sentence"] for each in offers]
