"""What is typed at the doors of a decision: opinion, conditions with their roles; nothing of it is lost."""

import re
import uuid

import pytest

from approvals.models import Condition, Question, Step
from core.rules import Blocked
from customers.actions import ask_change
from orders import actions
from tests import orders_world as desk
from tests.shipping_world import requested_shipment

LONG = "此价低于协议。" * 300  # 2,100 characters
OVER = "100"


def send(client, url, **fields):
    return client.post(url, {"form_key": uuid.uuid4().hex, **fields})


def decide_fields(order, kind, **typed):
    step = order.case.steps.get(round=order.case.round, kind=kind)
    return {"step_id": step.pk, "digest": order.case.digest, **typed}


def special(world):
    desk.product(world, "BRG-6204", stock=100)
    return desk.order_in_review(world, asked=True, klass="special", class_reason="出口包装")


def typed_in(page, name):
    """What the field of this name holds on the page that came back."""
    html = page.content.decode()
    found = re.findall(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    return [each.strip() for each in found]


@pytest.mark.rule("R2.4")
def test_a_department_says_yes_with_its_opinion_only(world):
    order = special(world)
    step = order.case.steps.get(kind="joint_finance")
    with pytest.raises(Blocked) as refusal:
        actions.decide_order(
            order, step_id=step.pk, approve=True, digest=order.case.digest, reason=" ", actor=world.finance
        )
    assert [each.rule for each in refusal.value.reasons] == ["R2.4"]
    assert Step.objects.get(pk=step.pk).state == "open"

    url = f"{order.get_absolute_url()}decide/"
    fields = decide_fields(order, "joint_finance", decision="approve")
    page = send(world.client("finance"), url, **fields)
    assert page.status_code == 409
    assert "R2.4" in page.content.decode()
    page = send(world.client("finance"), url, **fields, opinion="近一年付款及时")
    assert page.status_code == 302
    step = Step.objects.get(pk=step.pk)
    assert (step.state, step.reason) == ("approved", "近一年付款及时")

    seen = world.client("manager").get(order.get_absolute_url()).content.decode()
    assert seen.count("近一年付款及时") >= 2  # in the review and in the timeline


@pytest.mark.rule("R2.4")
def test_each_condition_has_a_role_of_its_own(world):
    order = special(world)
    fields = decide_fields(
        order,
        "joint_production",
        decision="approve",
        opinion="可排产",
        condition_0="首件送检",
        condition_role_0="quality",
        condition_2="订好木箱",
        condition_role_2="warehouse",
    )
    url = f"{order.get_absolute_url()}decide/"
    assert send(world.client("production"), url, **fields).status_code == 302
    found = Condition.objects.order_by("pk").values_list("text", "role")
    assert list(found) == [("首件送检", "quality"), ("订好木箱", "warehouse")]


@pytest.mark.rule("R2.4")
@pytest.mark.parametrize("role", ["administrator", "customer", ""])
def test_a_condition_nobody_may_see_to_comes_back_as_it_was_typed(world, role):
    order = special(world)
    fields = decide_fields(
        order,
        "joint_production",
        decision="approve",
        opinion="可排产",
        condition_1="首件送检",
        condition_role_1=role,
    )
    page = send(world.client("production"), f"{order.get_absolute_url()}decide/", **fields)
    assert page.status_code == 422
    assert "首件送检" in page.content.decode()
    assert typed_in(page, "opinion")[0] == "可排产"
    assert not Condition.objects.exists()
    assert order.case.steps.get(kind="joint_production").state == "open"


@pytest.mark.rule("R2.11", "R2.13")
def test_a_reason_on_a_stale_page_comes_back_in_its_field(world):
    order = desk.order_in_review(world)
    fields = decide_fields(order, "finance", decision="refuse", reason="账期太长")
    page = send(
        world.client("finance"), f"{order.get_absolute_url()}decide/", **{**fields, "digest": "0" * 64}
    )
    assert page.status_code == 409
    assert typed_in(page, "reason")[0] == "账期太长"
    assert desk.again(order).state == "in_review"


@pytest.mark.rule("R2.11")
def test_a_reason_too_long_comes_back_whole_with_by_how_much(world):
    order = desk.order_in_review(world)
    fields = decide_fields(order, "finance", decision="refuse", reason=LONG)
    page = send(world.client("finance"), f"{order.get_absolute_url()}decide/", **fields)
    assert page.status_code == 422
    assert typed_in(page, "reason")[0] == LONG
    assert re.search(rf'class="field__error".*?{OVER}', page.content.decode(), re.DOTALL)
    assert "maxlength" not in re.search(r'<textarea name="reason"[^>]*>', page.content.decode()).group()
    assert desk.again(order).state == "in_review"


@pytest.mark.rule("R2.13")
def test_who_was_too_late_finds_what_they_wrote(world):
    order = desk.order_in_review(world)
    fields = decide_fields(order, "support", decision="refuse", reason="数量与合同不符")
    desk.decide(world, order, "support2")
    page = send(world.client("lead"), f"{order.get_absolute_url()}decide/", **fields)
    assert page.status_code == 409
    assert "数量与合同不符" in page.content.decode()


@pytest.mark.rule("R2.11", "R2.12")
def test_question_hand_over_and_taking_back_keep_what_was_typed(world):
    order = desk.order_in_review(world)
    step = order.case.steps.get(kind="finance")
    finance = world.client("finance")
    page = send(finance, f"/approvals/steps/{step.pk}/ask/", text=LONG)
    assert page.status_code == 422
    assert typed_in(page, "text")[0] == LONG
    assert OVER in page.content.decode()
    assert not Question.objects.exists()

    support = order.case.steps.get(kind="support")
    lead = world.client("lead")
    page = send(lead, f"/approvals/steps/{support.pk}/hand-over/", to="", reason="出差")
    assert page.status_code == 422
    assert "出差" in typed_in(page, "reason")
    assert Step.objects.get(pk=support.pk).handed_to is None

    desk.decide(world, order, "lead")
    page = send(lead, f"/approvals/steps/{support.pk}/take-back/", reason=LONG)
    assert page.status_code == 422
    assert LONG in typed_in(page, "reason")
    assert Step.objects.get(pk=support.pk).state == "approved"


@pytest.mark.rule("R2.4", "R2.11")
def test_answer_and_proof_keep_what_was_typed(world):
    order = desk.order_in_review(world)
    step = order.case.steps.get(kind="finance")
    send(world.client("finance"), f"/approvals/steps/{step.pk}/ask/", text="账期为何 60 天？")
    page = send(world.client("rep"), f"/approvals/questions/{Question.objects.get().pk}/answer/", answer=LONG)
    assert page.status_code == 422
    assert typed_in(page, "answer") == [LONG]

    send(
        world.client("finance"),
        f"{order.get_absolute_url()}decide/",
        **decide_fields(
            order, "finance", decision="approve", condition_0="母公司担保", condition_role_0="sales_rep"
        ),
    )
    page = send(world.client("rep"), f"/approvals/conditions/{Condition.objects.get().pk}/close/", proof=LONG)
    assert page.status_code == 422
    assert typed_in(page, "proof") == [LONG]


@pytest.mark.rule("R2.11")
def test_returning_and_cancelling_keep_what_was_typed(world):
    order = desk.submitted_order(world)
    for who, verb in (("support", "return"), ("rep", "cancel")):
        page = send(world.client(who), f"{order.get_absolute_url()}{verb}/", reason=LONG)
        assert page.status_code == 422
        assert LONG in page.content.decode()
    page = send(world.client("rep"), f"{order.get_absolute_url()}comment/", comment="x" * 4_001)
    assert "x" * 4_001 in page.content.decode()
    assert desk.again(order).state == "submitted"


@pytest.mark.rule("R2.8", "R2.11")
def test_technical_says_no_by_a_signed_proposal_only(world):
    desk.product(world, "BRG-9000", supply="make")
    order = desk.order_in_review(world, asked=True, lines=(("BRG-9000", "2"),))
    fields = decide_fields(order, "technical", decision="refuse", reason="no")
    page = send(world.client("tech"), f"{order.get_absolute_url()}decide/", **fields)
    assert page.status_code == 409
    assert "no" in page.content.decode()
    assert desk.again(order).state == "in_review"

    inbox = world.client("tech").get(f"/approvals/?step={fields['step_id']}").content.decode()
    assert f"{order.get_absolute_url()}technical/" in inbox
    assert 'data-key="a"' not in inbox
    assert 'data-key="r"' not in inbox
    line = order.lines.get()
    said = {line.pk: actions.Stated(makeable=False, proposal="改用 BRG-9001")}
    actions.confirm_technical(order, statements=said, digest=order.case.digest, actor=world.tech)
    assert desk.again(order).state == "refused"


@pytest.mark.rule("R2.9", "R2.11")
def test_production_refuses_with_a_reason_on_its_own_page(world):
    order = desk.order_in_review(world, asked=True)
    promise = f"{order.get_absolute_url()}promise/"
    page = world.client("production").get(promise).content.decode()
    assert 'value="refuse"' in page
    fields = decide_fields(order, "production", decision="refuse", reason="本月无产能")
    assert send(world.client("production"), f"{order.get_absolute_url()}decide/", **fields).status_code == 302
    assert desk.again(order).state == "refused"


@pytest.mark.rule("R2.11")
def test_a_shipments_and_a_customers_reason_come_back_too(world):
    shipment = requested_shipment(world)
    step = shipment.case.steps.get(kind="finance", state="open")
    fields = {"step_id": step.pk, "digest": shipment.case.digest, "decision": "refuse", "reason": LONG}
    page = send(world.client("finance"), f"{shipment.get_absolute_url()}decide/", **fields)
    assert page.status_code == 422
    assert LONG in typed_in(page, "reason")

    change = ask_change(shipment.order.customer, changes={"klass": "B"}, reason="年度评定", actor=world.rep)
    step = change.case.steps.get(kind="finance")
    fields = {"step_id": step.pk, "digest": "0" * 64, "decision": "refuse", "reason": "证据不足"}
    page = send(world.client("finance"), f"{change.get_absolute_url()}decide/", **fields)
    assert page.status_code == 409
    assert "证据不足" in typed_in(page, "reason")
    assert step.case.steps.get(kind="finance").state == "open"
