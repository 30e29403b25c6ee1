"""Gates and gated transitions: no way around, and every reason at once."""

import pytest
from django.core.exceptions import SuspiciousOperation

from accounts.models import Team
from approvals.models import Case, Step
from approvals.states import StepKind, StepState
from core.rules import Blocked, Gate, Stale, rule
from core.transitions import bump_version
from invoicing.models import Invoice
from invoicing.states import InvoiceState
from orders.models import SalesOrder
from orders.states import OrderState
from tests.core.people import person


@rule("R2.1", "Order %(order)s is not released yet.", opened_by=("business_support",))
def always_shut(subject):
    return {"order": "SO-1"}


@rule("R5.14", "%(line)s is more than open.")
def two_lines_shut(subject):
    return [{"line": 1}, {"line": 2}]


@rule("R2.10", "You asked for it yourself.")
def never_for_anyone(subject, actor):
    return {}


def written_case():
    """A case that somebody asked for."""
    return Case.objects.create(
        kind="test",
        reference="T-1",
        thread="test:1",
        link="/",
        title="t",
        amount=1,
        team=Team.objects.create(code="T", name="T"),
        requester=person(),
    )


@pytest.fixture
def gate(monkeypatch):
    monkeypatch.setattr("core.rules.GATES", {})
    return Gate(
        transition="test",
        number="R5.9",
        permission="orders.release_salesorder",
        states=(OrderState.APPROVED,),
        rules=(always_shut, two_lines_shut),
        people=(never_for_anyone,),
        roles=("business_support",),
    )


@pytest.mark.django_db
def test_a_shut_gate_gives_every_reason_with_its_figures(gate):
    with pytest.raises(Blocked) as refusal:
        gate.require(SalesOrder(number="SO-1"), person())

    reasons = refusal.value.reasons
    assert [reason.rule for reason in reasons] == ["R5.9", "R2.1", "R5.14", "R5.14", "R10.2", "R2.10"]
    assert reasons[1].sentence == "Order SO-1 is not released yet."
    assert reasons[1].opened_by == ("business_support",)
    assert reasons[3].sentence == "2 is more than open."


@pytest.mark.django_db
def test_a_transition_called_from_anywhere_asks_its_gate():
    case = written_case()
    step = Step.objects.create(case=case, round=1, kind=StepKind.MANAGER, requester=case.requester)

    with pytest.raises(Blocked):
        step.approve(actor=case.requester)

    assert step.state == StepState.WAITING


def test_a_transition_without_an_actor_is_no_call():
    with pytest.raises(TypeError):
        SalesOrder(number="SO-1").release(at=None)


def test_a_state_is_not_assigned():
    with pytest.raises(AttributeError):
        SalesOrder(number="SO-1").state = OrderState.RELEASED


@pytest.mark.django_db
def test_a_state_is_not_updated_past_its_gate():
    for change in (
        lambda: SalesOrder.objects.update(state=OrderState.RELEASED),
        lambda: SalesOrder.objects.bulk_update([], ["state"]),
        lambda: SalesOrder(number="SO-1", state=OrderState.RELEASED).save(),
        lambda: Invoice.objects.bulk_create([Invoice(state=InvoiceState.ISSUED)]),
    ):
        with pytest.raises(SuspiciousOperation):
            change()

    assert not SalesOrder.objects.exists()


@pytest.mark.django_db
@pytest.mark.rule("R2.13")
def test_the_second_of_two_who_read_the_same_version_is_told():
    case = written_case()
    other = Case.objects.get(pk=case.pk)
    bump_version(case)

    with pytest.raises(Stale):
        bump_version(other)

    assert Case.objects.get(pk=case.pk).version == 2
