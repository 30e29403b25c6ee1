"""Business support's: our terms beside the customer's words, questions, differences (R1.9, R2.11)."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group

from accounts.models import Notice
from core.models import Event
from core.rules import Blocked, Stale
from customers.models import PriceAgreement
from orders import actions
from orders.content import deviation
from orders.queries import standard_changes, with_content
from tests import orders_world as desk

pytestmark = pytest.mark.django_db


def rules(refusal):
    return sorted({reason.rule for reason in refusal.value.reasons})


@pytest.mark.rule("R1.9", "R1.6")
def test_what_support_changes_is_counted_shown_to_the_rep_and_reviewed_by_another(world):
    order = desk.submitted_order(world)
    line = order.lines.get()
    row = {"id": line.pk, "quantity": Decimal(12), "packaging": "木箱"}

    order = actions.standardise_lines(order, rows=[row], actor=world.support)
    assert (order.grand_total, order.edited_by, order.standard_editors) == (
        Decimal("223.20"),
        world.rep,
        [world.support.pk],
    )
    order = actions.standardise_order(order, actor=world.lead)

    told = {each["new"] for each in standard_changes(with_content(desk.again(order)))}
    assert {"12", "木箱", "223.20"} <= told
    assert Notice.objects.filter(person=world.rep, kind="order_standard_differs").exists()
    step = order.case.steps.get(kind="support")
    for who in ("support", "lead"):
        with pytest.raises(Blocked):
            actions.decide_order(
                order, step_id=step.pk, approve=True, digest=order.case.digest, actor=world.people[who]
            )
    assert "木箱" in world.client("rep").get(order.get_absolute_url()).content.decode()


@pytest.mark.rule("R1.9", "R2.10")
def test_nobody_else_changes_the_lines_and_an_old_page_changes_nothing(world):
    order = desk.submitted_order(world)
    row = {"id": order.lines.get().pk, "quantity": Decimal(99)}
    with pytest.raises(Blocked) as refusal:
        actions.standardise_lines(order, rows=[row], actor=world.rep)
    assert "R10.2" in rules(refusal)
    with pytest.raises(Stale):
        actions.standardise_lines(order, rows=[row], actor=world.support, version=order.version - 1)

    assert order.lines.get().quantity == 10
    assert not Event.objects.filter(verb="order.standard_edited").exists()


@pytest.mark.rule("R1.9")
def test_an_open_question_holds_the_standardisation_until_the_rep_answers(world):
    order = desk.submitted_order(world)
    question = actions.ask_question(order, text="哪种密封？", actor=world.support)
    assert Notice.objects.get(person=world.rep, kind="order_question_asked").facts["question"] == "哪种密封？"

    with pytest.raises(Blocked) as refusal:
        actions.standardise_order(order, actor=world.support)
    assert rules(refusal) == ["R1.9"]
    with pytest.raises(Blocked):
        actions.answer_question(question, text="2RS", actor=world.support)
    assert desk.again(order).state == "submitted"

    actions.answer_question(question, text="2RS", actor=world.rep)
    assert Notice.objects.get(person=world.support, kind="order_question_answered").facts["answer"] == "2RS"
    with pytest.raises(Blocked):
        actions.withdraw_question(question, actor=world.support)
    assert actions.standardise_order(order, actor=world.support).state == "in_review"


@pytest.mark.rule("R2.11", "R1.9")
def test_a_mended_price_does_not_repeat_the_standardisation(world):
    order = desk.decide(world, desk.order_in_review(world), "finance", approve=False, reason="价格太低")
    actions.save_line(order, line_id=order.lines.get().pk, price=Decimal("18.70"), actor=world.rep)

    order = actions.submit_order(order, actor=world.rep)

    assert (order.state, order.case.round) == ("in_review", 2)
    assert Event.objects.filter(verb="order.resumed").count() == 1


@pytest.mark.rule("R1.9")
def test_the_page_saves_and_standardises_and_asks(world):
    order = desk.submitted_order(world)
    client, line = world.client("support"), order.lines.get()
    page = f"{order.get_absolute_url()}standardise/"
    assert client.get(page).status_code == 200
    key = {"form_key": "7d3a2f0e-5d0e-4f5e-9a9b-0c1f0a8d9f01"}
    bad = client.post(page, {**key, f"line-{line.pk}-quantity": "x", "save": "1"})
    assert bad.status_code == 422
    unchecked = client.post(page, {**key, f"line-{line.pk}-quantity": "11"})
    assert unchecked.status_code == 409
    assert order.lines.get().quantity == 10
    assert client.post(page, {**key, f"line-{line.pk}-quantity": "11", "save": "1"}).status_code == 302
    assert order.lines.get().quantity == 11


@pytest.mark.rule("R1.9", "R2.10")
def test_who_changed_the_standard_lines_decides_on_no_step_whatever_else_they_are(world):
    order = desk.submitted_order(world)
    row = {"id": order.lines.get().pk, "quantity": Decimal(12)}
    actions.standardise_lines(order, rows=[row], actor=world.support)
    world.support.groups.add(Group.objects.get(name="finance"))
    order = actions.standardise_order(order, actor=world.lead)
    step = order.case.steps.get(kind="finance")

    with pytest.raises(Blocked) as refusal:
        actions.decide_order(
            order, step_id=step.pk, approve=True, digest=order.case.digest, actor=world.again("support")
        )

    assert "R2.10" in rules(refusal)
    assert order.case.steps.get(kind="finance").decided_by is None


def agreed(world, order, product, *steps):
    """A price agreement of the order's customer for the product, by quantity steps of (from, price)."""
    for least, price in steps:
        PriceAgreement.objects.create(
            customer=order.customer,
            product=product,
            currency="CNY",
            min_quantity=Decimal(least),
            price=Decimal(price),
            valid_from=date(2020, 1, 1),
            entered_by=world.support,
        )


@pytest.mark.rule("R1.7", "R1.9", "R2.2")
def test_another_product_is_compared_with_its_own_agreed_price(world):
    order = desk.submitted_order(world)
    other = desk.product(world, "BRG-6310", price="265.60")
    agreed(world, order, other, ("1", "400"))
    line = order.lines.get()

    actions.standardise_lines(order, rows=[{"id": line.pk, "product": "BRG-6310"}], actor=world.support)

    changed = order.lines.get()
    assert changed.price == line.price == Decimal("18.60")
    assert (changed.list_price, changed.agreed_price) == (Decimal("265.60"), Decimal(400))
    assert changed.price_source == "typed"
    assert round(deviation(changed), 1) == Decimal("95.4")


@pytest.mark.rule("R1.7", "R1.9")
def test_another_quantity_reaches_another_step_and_the_price_stays_the_reps(world):
    agreement = desk.product(world, "BRG-6204")
    customer = desk.customer(world)
    order = desk.draft_order(world)
    agreed(world, order, agreement, ("1", "290"), ("100", "250"))
    actions.save_line(order, line_id=order.lines.get().pk, quantity=Decimal(25), actor=world.rep)
    desk.paper(order, world.rep)
    order = actions.submit_order(order, actor=world.rep)
    line = order.lines.get()
    assert (line.price, line.price_source, order.customer) == (Decimal(290), "agreement", customer)

    actions.standardise_lines(order, rows=[{"id": line.pk, "quantity": Decimal(120)}], actor=world.support)

    line = order.lines.get()
    assert (line.price, line.agreed_price, line.price_source) == (Decimal(290), Decimal(250), "typed")


@pytest.mark.rule("R1.9")
def test_the_customers_words_are_kept_when_a_product_is_named(world):
    order = desk.submitted_order(world)
    order.lines.update(product=None, typed="6204 两面胶盖", price=None)

    row = {"id": order.lines.get().pk, "product": "BRG-6204"}
    actions.standardise_lines(order, rows=[row], actor=world.support)

    line = order.lines.get()
    assert (line.customer_words, line.typed, line.product.code) == ("6204 两面胶盖", "", "BRG-6204")
    assert (line.price, line.price_source) == (Decimal("18.60"), "list")


@pytest.mark.rule("R1.9")
def test_the_reps_own_edits_are_not_shown_as_supports(world):
    order = desk.submitted_order(world)
    order = actions.return_order(order, reason="数量不明", actor=world.support)
    actions.save_line(order, line_id=order.lines.get().pk, quantity=Decimal(15), actor=world.rep)

    assert standard_changes(with_content(desk.again(order))) == []
    page = world.client("rep").get(order.get_absolute_url()).content.decode()
    assert 'id="differences"' not in page


@pytest.mark.rule("R1.9")
def test_an_objection_reaches_who_decides_and_stands_beside_the_decision_once_in_the_timeline(world):
    order = desk.order_in_review(world)

    actions.object_to_standard(order, text="规格应为 C3 游隙", actor=world.rep)

    told = {each.person for each in Notice.objects.filter(kind="order_standard_objected")}
    assert {world.support, world.support2, world.finance} <= told
    step = order.case.steps.get(kind="finance", state="open")
    page = world.client("finance").get(f"/approvals/?step={step.pk}").content.decode()
    assert "规格应为 C3 游隙" in page
    assert 'id="standard-review"' not in page
    timeline = world.client("rep").get(order.get_absolute_url()).content.decode()
    assert timeline.count("规格应为 C3 游隙") == 1


@pytest.mark.rule("R1.9")
def test_the_second_person_sees_words_questions_and_the_checklist(world):
    order = desk.submitted_order(world)
    order.lines.update(customer_words="两面胶盖 6204")
    question = actions.ask_question(order, text="哪种密封？", actor=world.support)
    actions.answer_question(question, text="2RS 橡胶", actor=world.rep)
    order = desk.confirm_making(world, actions.standardise_order(order, actor=world.support))
    step = order.case.steps.get(kind="support")
    client = world.client("support2")

    for url in (f"/approvals/?step={step.pk}", order.get_absolute_url()):
        page = client.get(url).content.decode()
        for said in ("两面胶盖 6204", "哪种密封？", "2RS 橡胶", 'id="standard-review"', str(world.support)):
            assert said in page


KEY = {"form_key": "7d3a2f0e-5d0e-4f5e-9a9b-0c1f0a8d9f04"}


@pytest.mark.rule("R1.9")
def test_asking_about_a_line_keeps_what_is_typed_and_ticked_beside_it(world):
    order = desk.submitted_order(world)
    line, page = order.lines.get(), f"{order.get_absolute_url()}standardise/"
    typed = {f"line-{line.pk}-packaging": "木箱 A", "checked": ["codes"], "line": str(line.pk)}

    client, said = (
        world.client("support"),
        {**typed, "form_key": f"{KEY['form_key'][:-1]}5", "text": "哪种密封？"},
    )

    empty = client.post(f"{order.get_absolute_url()}ask/", {**KEY, **typed, "text": " "})
    assert empty.status_code == 422
    asked = client.post(f"{order.get_absolute_url()}ask/", said)

    for answer in (empty, asked):
        shown = answer.content.decode()
        assert 'value="木箱 A"' in shown
        assert re.search(r'value="codes"[^>]*checked', shown)
    assert desk.again(order).questions.get().line == line
    again = client.post(f"{order.get_absolute_url()}ask/", said)
    assert (again.status_code, desk.again(order).questions.count()) == (200, 1)
    assert desk.again(order).lines.get().packaging == ""
    assert "木箱 A" not in world.client("support").get(page).content.decode()


@pytest.mark.rule("R1.9")
def test_a_suggestion_is_taken_by_a_click_and_taking_a_question_back_stays_on_the_page(world):
    order = desk.submitted_order(world)
    line, page = order.lines.get(), f"{order.get_absolute_url()}standardise/"
    order.lines.update(product=None, typed="6204")
    client = world.client("support")
    assert f'value="{line.pk} BRG-6204"' in client.get(page).content.decode()

    assert client.post(page, {**KEY, "pick": f"{line.pk} BRG-6204"}).status_code == 302
    assert order.lines.get().product.code == "BRG-6204"

    question = actions.ask_question(order, text="哪种密封？", actor=world.support)
    back = f"{order.get_absolute_url()}questions/{question.pk}/take-back/"
    shown = client.get(page).content.decode()
    assert f'name="next" value="{page}#questions"' in shown
    key = {"form_key": f"{KEY['form_key'][:-1]}6"}
    assert client.post(back, {**key, "next": page})["Location"] == page


@pytest.mark.rule("R1.9")
def test_the_page_shows_papers_and_terms_beside_the_lines(world):
    order = desk.submitted_order(world)
    paper = order.source_documents.get()

    shown = world.client("support").get(f"{order.get_absolute_url()}standardise/").content.decode()

    assert f"papers/{paper.pk}/view/" in shown
    assert order.ship_to in shown
    assert "as on the paper" in shown or "以原件为准" in shown
