"""Clean steps approved at once; the inbox by its tabs and its cost (R2.5, R2.12)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.queries import forget_lendings
from approvals.actions import (
    decide_step,
)
from approvals.batch import approve_batch, is_clean
from approvals.models import Step
from approvals.queries import boxes
from approvals.weighing import trigger
from core.rules import Blocked
from tests.approvals.cases import decide, frozen, opened, rules_of, step_of

pytestmark = pytest.mark.django_db


def direct(step, digest, actor):
    return decide_step(step, actor=actor, approve=True, digest=digest)


@pytest.mark.rule("R2.5", "R2.13")
def test_a_batch_approves_what_is_clean_and_says_of_each_other_why_not(world):
    clean, odd, stale, mine = (
        opened(world, reference="HB-1", findings=[{"rule": "R2.6", "name": "ok", "tone": "done"}]),
        opened(world, reference="HB-2", findings=[{"rule": "R2.6", "name": "limit", "tone": "blocked"}]),
        opened(world, reference="HB-3"),
        opened(world, reference="HB-4", barred=[world.finance]),
    )
    items = [
        (step_of(case, "finance"), "0" * 64 if case == stale else case.digest)
        for case in (clean, odd, stale, mine)
    ]
    assert [is_clean(step) for step, _digest in items] == [True, False, True, True]

    results = approve_batch(items, actor=world.finance, decide=direct)

    assert [each.approved for each in results] == [True, False, False, False]
    assert results[1].reasons[0].rule == "R2.5"
    assert results[2].is_stale
    assert [reason.rule for reason in results[3].reasons] == ["R2.10"]
    assert [step_of(case, "finance").state for case in (clean, odd, stale, mine)] == [
        "approved",
        "open",
        "open",
        "open",
    ]


@pytest.mark.rule("R2.5", "R2.11")
def test_what_came_back_changed_is_looked_at_on_its_own(world):
    case = opened(world, snapshot={"total": "5000"})
    case = decide(world, case, "finance", "finance", approve=False, reason="Too long to pay")
    case = opened(world, snapshot={"total": "4900"})
    step, before = step_of(case, "finance"), frozen(case)
    page = world.client("finance").get("/approvals/")
    assert [each.may_batch for each in page.context["steps"]] == [False]

    (result,) = approve_batch([(step, case.digest)], actor=world.finance, decide=direct)

    assert [each.rule for each in result.reasons] == ["R2.5"]
    assert "第 2 轮" in result.reasons[0].sentence
    assert frozen(case) == before


@pytest.mark.rule("R2.5", "R10.2")
def test_a_batch_says_in_words_what_is_to_look_at_and_no_secret_figure(world):
    over = trigger("R2.6", "credit", over="777.00", currency="CNY")
    cases = (
        opened(world, reference="HB-1", findings=[{**over, "tone": "blocked"}]),
        opened(world, reference="HB-2", findings=[{"rule": "R2.2", "name": "special", "tone": "blocked"}]),
    )
    items = [(step_of(case, "support"), case.digest) for case in cases]
    said = [each.reasons[0].sentence for each in approve_batch(items, actor=world.support, decide=direct)]
    assert "777" not in said[0]
    assert "A special order is beyond the manager's authority." in said[1]


@pytest.mark.rule("R2.5")
def test_a_batch_of_two_kinds_is_refused_whole(world):
    case = opened(world)
    before = frozen(case)
    items = [(step_of(case, kind), case.digest) for kind in ("support", "finance")]
    with pytest.raises(Blocked) as refusal:
        approve_batch(items, actor=world.support, decide=direct)
    assert rules_of(refusal) == ["R2.5"]
    assert frozen(case) == before


@pytest.mark.rule("R2.12")
def test_the_inbox_costs_the_same_for_one_step_and_for_fifty(world):
    def cost(who):
        forget_lendings()
        client = world.client(who)
        client.get("/approvals/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/approvals/").status_code == 200
        return len(asked)

    opened(world, reference="HB-0")
    one = cost("finance")
    for number in range(1, 50):
        opened(world, reference=f"HB-{number}")
    assert cost("finance") == one


@pytest.mark.rule("R2.12")
def test_the_tabs_part_what_waits_by_the_clock(world):
    case = opened(world)
    step = step_of(case, "finance")
    now = timezone.now()
    for days, tab in ((0, ()), (20, ("overdue",))):
        Step._base_manager.filter(pk=step.pk).update(opened_at=now - timedelta(days=days))
        found = boxes(world.finance, now=now)
        assert [name for name in ("soon", "overdue") if found[name].exists()] == list(tab)
        assert list(found["mine"]) == [step]
    decide(world, case, "finance", "finance")
    assert list(boxes(world.finance)["decided"]) == [step]
    for tab in ("mine", "soon", "overdue", "delegated", "decided"):
        assert world.client("finance").get(f"/approvals/?show={tab}").status_code == 200
    assert world.client("finance").get("/approvals/?show=else").status_code == 404
