"""Who is still missing, why these steps, and what of each line is promised: on the order's page, by right."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone, translation

from approvals.actions import hand_over_step
from approvals.authority_actions import set_authority
from approvals.explaining import explained
from approvals.parameters import USUAL
from approvals.queries import step_facts
from approvals.stranded import pass_on_stranded
from core.memo import forget_all
from orders import actions
from orders.models import SalesOrder
from orders.queries import with_content
from orders.views import parts
from tests import orders_world as desk


def missing(order):
    """By kind of step the names that the page gives."""
    order = with_content(SalesOrder.objects.select_related("team", "case", "owner").get(pk=order.pk))
    rows = parts.review(order)
    return {row["step"].kind: {each["name"] for each in row["missing"]} for row in rows}


@pytest.mark.rule("R9.6", "R2.12")
def test_a_step_handed_over_waits_for_who_got_it(world):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.order_in_review(world)
    assert missing(order)["support"] == {str(world.support2), str(world.lead)}

    step = order.case.steps.get(kind="support")
    hand_over_step(step, to=world.lead, reason="出差", actor=world.support2)

    assert missing(order)["support"] == {str(world.lead)}
    waits = world.client("rep").get(order.get_absolute_url()).context["waits"]
    of_support = [each for each in waits["reasons"] if str(step.get_kind_display()) in each["sentence"]]
    assert [each["name"] for each in of_support[0]["openers"]] == [str(world.lead)]


@pytest.mark.rule("R9.6", "R2.10")
def test_the_managers_own_order_waits_for_those_in_their_place(world):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.order_in_review(world, actor=world.manager)
    in_place = {str(world.head), str(world.gm)}
    assert missing(order)["manager"] == in_place  # before its turn

    for who in ("support2", "finance"):
        desk.decide(world, order, who)
    assert missing(order)["manager"] == in_place  # and now


@pytest.mark.rule("R9.6", "R2.1", "R2.10")
@pytest.mark.parametrize("how", ["entered it", "lost the role"])
def test_the_closed_door_names_whom_the_review_still_misses(world, how):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.order_in_review(world, actor=world.manager if how == "entered it" else world.rep)
    for who in ("support2", "finance"):
        desk.decide(world, order, who)
    if how == "lost the role":
        world.manager.groups.set([Group.objects.get(name="finance")])
        assert pass_on_stranded() == 1
    forget_all()

    page = world.client("rep").get(order.get_absolute_url())

    in_place = {str(world.head), str(world.gm)}
    assert [{each["name"] for each in row["openers"]} for row in of_review(page)] == [in_place]
    assert missing(order)["manager"] == in_place
    decision = step_facts(desk.again(order).case.steps.get(kind="manager"), world.manager)
    named = [{each["name"] for each in row["openers"]} for row in decision["approve"]["reasons"]]
    assert named == [in_place] * len(named)


def of_review(page):
    """What the page says of steps that have not said yes: who can free each."""
    return [each for each in page.context["waits"]["reasons"] if each["rule"] == "R2.1" and each["openers"]]


def test_the_names_cost_the_same_for_few_steps_and_for_many(world, django_assert_max_num_queries):
    desk.product(world, "BRG-6204", stock=100)
    few = desk.order_in_review(world)
    many = desk.order_in_review(world, asked=True, klass="special", class_reason="出口包装")
    missing(few)  # reads the company
    with django_assert_max_num_queries(12) as first:
        missing(few)
    with django_assert_max_num_queries(12) as second:
        missing(many)
    assert len(first) == len(second)


@pytest.mark.rule("R2.2")
def test_a_submitted_order_shows_who_will_decide(world):
    order = desk.submitted_order(world)
    page = world.client("rep").get(order.get_absolute_url())
    kinds = [each["kind"] for each in page.context["route"]]
    assert kinds[0] == "support"
    assert "manager" in kinds
    assert str(world.manager) in page.content.decode().split('id="route"')[1]


@pytest.mark.rule("R2.2")
def test_what_stayed_below_the_limits_is_explained_by_the_limits_of_its_time(world):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.approved_order(world)
    set_authority(
        actor=world.gm,
        person=world.manager,
        effective_from=timezone.localdate(),
        reason="Caution",
        **{**USUAL, "max_amount": Decimal(1)},
    )

    (now,) = explained(desk.again(order).case, world.gm)

    assert "general" not in {each["step"].kind for each in now.steps}
    amount = now.rows[0]
    assert (amount["value"], amount["limit"], amount["passed"]) == ("186.00", "100,000.00", False)
    assert not any(row["passed"] for row in now.rows)
    page = world.client("gm").get(order.get_absolute_url()).content.decode()
    assert "100,000.00" in page.split('class="why fold"')[1]


@pytest.mark.rule("R2.2", "R2.11")
def test_an_earlier_round_stays_explained(world):
    desk.product(world, "BRG-6204", stock=100_000)
    order = desk.order_in_review(world, lines=(("BRG-6204", "6000"),))  # 111,600: beyond the manager
    desk.decide(world, order, "support2", approve=False, reason="数量有误")
    rows = [{"id": order.lines.get().pk, "product": "BRG-6204", "quantity": Decimal(10)}]
    actions.save_lines(desk.again(order), rows=rows, actor=world.rep)
    desk.rule_out(desk.again(order), world.rep)
    order = actions.submit_order(desk.again(order), actor=world.rep)
    if order.state == "submitted":
        order = actions.standardise_order(order, actor=world.support)

    now, before = explained(desk.again(order).case, world.gm)

    assert (now.round, before.round) == (2, 1)
    assert "general" not in {each["step"].kind for each in now.steps}
    general = next(each for each in before.steps if each["step"].kind == "general")
    assert "11,600" in general["why"][0]["sentence"]
    assert before.rows[0]["passed"]


@pytest.mark.rule("R2.2", "R10.2")
def test_cost_and_credit_are_explained_to_who_may_see_them(world):
    desk.product(world, "BRG-6204", stock=100)
    case = desk.order_in_review(world).case

    def labels(who):
        with translation.override("en"):
            return {row["label"] for row in explained(case, world.people[who])[0].rows}

    assert labels("gm") - labels("warehouse") == {"Margin, %", "Credit exceeded by"}


@pytest.mark.rule("R2.7", "R2.9")
def test_stock_and_promise_stand_line_by_line_and_follow_the_promise(world):
    desk.product(world, "A", stock=10)
    desk.product(world, "B", stock=4)
    order = desk.order_in_review(world, asked=True, lines=(("A", "10"), ("B", "10")))
    finance = order.case.steps.get(kind="finance")

    def looked_at():
        page = world.client("finance").get(f"/approvals/?step={finance.pk}")
        (short,) = [each for each in page.context["chosen"]["findings"] if each["rule"] == "R2.7"]
        rows = page.content.decode().split('id="supply"')[1].split("</section>")[0]
        return page.context["supply"], {each["name"] for each in short["offers"]}, rows

    supply, offers, _rows = looked_at()
    assert [(each.from_stock, each.to_make) for each in supply] == [(10, 0), (4, 6)]
    assert [each.is_unpromised for each in supply] == [False, True]
    assert "order_offer_making" in offers

    desk.promise_lines(world, order, days=2)
    supply, offers, rows = looked_at()
    assert [(each.is_unpromised, each.late) for each in supply] == [(False, 0), (False, 2)]
    assert str(world.production) in rows
    assert "order_offer_making" not in offers
    seen = world.client("rep").get(order.get_absolute_url())
    assert [each.late for each in seen.context["supply"]] == [0, 2]


@pytest.mark.rule("R2.9")
def test_a_promise_in_time_is_found_in_order(world):
    order = desk.order_in_review(world)
    found = [each for each in desk.again(order).case.findings if each["rule"] == "R2.9"]
    assert [(each["name"], each["tone"]) for each in found] == [("order_promised", "done")]
    assert order.lines.get().due_on == timezone.localdate() + timedelta(days=14)


@pytest.mark.rule("R2.5", "R2.7")
def test_many_findings_fold_away(world):
    lines = tuple((f"P-{n}", "10") for n in range(9))
    order = desk.order_in_review(world, lines=lines)
    finance = order.case.steps.get(kind="finance")
    page = world.client("finance").get(f"/approvals/?step={finance.pk}")
    facts = page.context["chosen"]
    open_ones = [each for each in facts["findings"] if each["tone"] != "done"]
    assert facts["many"] == len(open_ones) - 6 > 0
