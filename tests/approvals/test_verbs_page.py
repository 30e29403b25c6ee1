"""The pages around a decision: ask, answer, hand over, take back, fulfil, simulate."""

import uuid

import pytest
from django.utils import timezone

from approvals.authority import route_order
from approvals.models import AuthorityLimit, Condition, Question
from approvals.states import StepState
from tests.approvals.cases import decide, opened, order_facts, step_of

pytestmark = pytest.mark.django_db


def month_of_orders(world, amounts):
    for number, amount in enumerate(amounts):
        route = route_order(order_facts(world, amount))
        opened(world, amount, reference=f"HB-{number}", plan=route.steps, **route.kept())


def send(client, url, **fields):
    return client.post(url, {"form_key": uuid.uuid4().hex, **fields})


@pytest.mark.rule("R2.4", "R2.11", "R2.12")
def test_the_pages_ask_answer_hand_over_take_back_and_fulfil(world):
    case = opened(world)
    step = step_of(case, "support")
    support, rep = world.client("support"), world.client("rep")
    assert send(support, f"/approvals/steps/{step.pk}/ask/", text="Which drawing?").status_code == 302
    assert "Which drawing?" in support.get(f"/approvals/?step={step.pk}").content.decode()
    question = Question.objects.get()
    assert "Which drawing?" in rep.get("/approvals/questions/").content.decode()
    assert send(rep, f"/approvals/questions/{question.pk}/answer/", answer="").status_code == 422
    assert send(rep, f"/approvals/questions/{question.pk}/answer/", answer="Rev. C").status_code == 302
    url = f"/approvals/steps/{step.pk}/hand-over/"
    assert send(support, url, to=world.finance.pk, reason="x").status_code == 409
    assert send(support, url, to="", reason="x").status_code == 422
    assert send(support, url, to=world.support2.pk, reason="Holiday").status_code == 302
    case = decide(world, case, "support", "support2", conditions=[("Rev. C filed", "sales_rep")])
    condition = Condition.objects.get()
    assert "Rev. C filed" in rep.get("/approvals/conditions/").content.decode()
    close = f"/approvals/conditions/{condition.pk}/close/"
    assert send(rep, close, proof="").status_code == 422
    assert send(world.client("rep2"), close, proof="Scan").status_code == 404
    assert send(rep, close, proof="Scan").status_code == 302
    back = f"/approvals/steps/{step.pk}/take-back/"
    assert send(support, back, reason="No").status_code == 409
    assert send(world.client("support2"), back, reason="Second thoughts").status_code == 302
    assert step_of(case, "support").state == StepState.OPEN


@pytest.mark.rule("R2.2")
def test_the_authority_page_shows_the_effect_before_it_is_set(world):
    month_of_orders(world, ["60000"])
    client = world.client("gm")
    fields = {
        "max_amount": "50000",
        "max_discount": "10",
        "max_deviation": "10",
        "min_margin": "10",
        "max_payment_days": "60",
        "effective_from": timezone.localdate().isoformat(),
        "reason": "Caution",
    }
    page = send(client, "/settings/authority/", simulate="1", **fields)
    assert page.status_code == 200
    assert [each.reference for each in page.context["effect"].more] == ["HB-0"]
    assert not AuthorityLimit.objects.exists()
    assert send(client, "/settings/authority/", **fields).status_code == 302
    row = AuthorityLimit.objects.get()
    assert (row.created_by, row.reason, row.max_amount) == (world.gm, "Caution", 50_000)
