import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from approvals.models import AuthorityLimit, Step
from tests.approvals.cases import decide, opened, step_of

pytestmark = pytest.mark.django_db


def cases(world, count):
    return [opened(world, reference=f"HB-20261101-{number:03}") for number in range(1, count + 1)]


@pytest.mark.rule("R2.2", "R2.5")
def test_a_decision_shows_why_what_and_the_doors(world):
    world.gm.language = world.finance.language = "en"
    world.finance.save()
    case = opened(
        world,
        "250000",
        findings=[{"rule": "R2.5", "text": "A price lies far from the list."}],
        snapshot={"customer": "YD", "total": "250000", "lines": [{"product": "P1", "quantity": "3.000"}]},
    )
    page = world.client("finance").get("/approvals/")
    text = page.content.decode()
    assert page.context["chosen"]["step"].case == case
    assert "A price lies far from the list." in text
    assert 'action="/orders/HB-20261101-001/decide/"' in text
    assert f'name="digest" value="{case.digest}"' in text
    assert 'data-key="a"' in text
    assert 'data-key="r"' in text


@pytest.mark.rule("R2.10")
def test_what_is_not_mine_to_decide_is_not_in_my_list(world):
    cases(world, 2)
    assert [len(world.client(who).get("/approvals/").context["steps"]) for who in ("support", "manager")] == [
        2,
        0,
    ]


@pytest.mark.rule("R10.2")
def test_a_step_one_may_not_see_does_not_exist(world):
    step = step_of(opened(world), "support")
    client = world.client("manager2")
    foreign, missing = client.get(f"/approvals/?step={step.pk}"), client.get("/approvals/?step=999999")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert world.client("manager").get(f"/approvals/?step={step.pk}").status_code == 200
    assert world.client("rep").get("/approvals/").status_code == 403


@pytest.mark.parametrize("asked", ["x", "-1", "１", "9" * 30, "1;drop"])
def test_a_senseless_step_is_not_found(world, asked):
    assert world.client("finance").get("/approvals/", {"step": asked}).status_code == 404


@pytest.mark.rule("R2.13")
def test_a_decided_step_says_who_decided(world):
    case = opened(world)
    decide(world, case, "support", "support")
    step = step_of(case, "support")
    page = world.client("support2").get(f"/approvals/?step={step.pk}")
    assert "R2.13" in [each["rule"] for each in page.context["chosen"]["approve"]["reasons"]]
    assert str(world.support) in page.content.decode()


@pytest.mark.rule("R2.11")
def test_a_new_round_shows_what_changed(world):
    case = opened(world)
    decide(world, case, "support", "support", approve=False, reason="the price")
    again = opened(world, "6000")
    page = world.client("support").get(f"/approvals/?step={step_of(again, 'support').pk}")
    assert [(each["old"], each["new"]) for each in page.context["chosen"]["changes"]] == [
        ("5,000.00", "6,000.00")
    ]


def test_the_inbox_asks_the_same_for_one_row_and_for_many(world):
    cases(world, 1)
    client = world.client("finance")
    with CaptureQueriesContext(connection) as one:
        client.get("/approvals/")
    cases(world, 4)
    with CaptureQueriesContext(connection) as many:
        client.get("/approvals/")
    assert len(client.get("/approvals/").context["steps"]) == 4
    assert len(many) == len(one)
    assert len(many) <= 25


@pytest.mark.rule("R2.2")
def test_the_general_manager_sets_an_authority_on_the_page(world):
    fields = {
        "max_amount": "80000",
        "max_discount": "8",
        "max_deviation": "9",
        "min_margin": "12",
        "max_payment_days": "45",
        "effective_from": timezone.localdate().isoformat(),
        "reason": "agreed by the board",
        "form_key": str(uuid.uuid4()),
    }
    client = world.client("gm")
    assert client.get("/settings/authority/").status_code == 200
    assert client.post("/settings/authority/", fields).status_code == 302
    assert AuthorityLimit.objects.get().max_amount == 80_000
    bad = {**fields, "max_discount": "many", "form_key": str(uuid.uuid4())}
    assert client.post("/settings/authority/", bad).status_code == 422
    assert world.client("manager").get("/settings/authority/").status_code == 403
    assert AuthorityLimit.objects.count() == 1


def test_the_company_wide_roles_see_every_step_and_the_rep_their_teams(world):
    opened(world)
    assert Step.objects.visible_to(world.head).count() == 3
    assert Step.objects.visible_to(world.rep).count() == 3
    assert Step.objects.visible_to(world.rep2).count() == 0
    assert Step.objects.visible_to(world.customer).count() == 0
