"""A shipment's sign-offs, and its release behind the gate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.inbox import notify, notify_role
from approvals.actions import decide_step
from approvals.gates import APPROVE_STEP
from approvals.models import Step
from approvals.states import CaseState, StepKind
from core.audit import record
from core.rules import Blocked
from core.showing import office_fact
from core.transitions import bump_version
from customers.actions import lock_credit_account, post_exposure
from logistics import gates
from logistics.actions.reading import lock_shipment
from logistics.figures import Figures, weigh
from logistics.models import Shipment
from logistics.states import ReleaseCase, ShipmentState


@transaction.atomic
def decide_shipment(
    shipment: Shipment,
    *,
    step_id: int,
    approve: bool,
    reason: str = "",
    digest: str,
    ceiling_until: date | None = None,
    actor: Any,
) -> Shipment:
    """Sign one step of the shipment's case, or refuse it with a reason (R5.2–R5.6, R2.10, R2.11, R2.13).

    A sales manager's or general manager's yes covers an exposure computed at this moment under the credit
    account's lock, until a day if one is named (I4). Raises Blocked with every reason, Stale if the content
    is no longer what was shown.
    """
    lock_credit_account(shipment.order.customer_id)
    shipment = lock_shipment(shipment.pk)
    step = Step.objects.get(pk=step_id, case=shipment.case_id)
    ended = gates.cover_ends_today_or_later.broken(ceiling_until) if approve else []
    if ended:
        raise Blocked([*APPROVE_STEP.reasons(step, actor), *ended])
    ceiling = _ceiling(step.kind, weigh(shipment)) if approve else None
    case = decide_step(
        step,
        actor=actor,
        approve=approve,
        reason=reason,
        digest=digest,
        ceiling=ceiling,
        ceiling_until=None if ceiling is None else ceiling_until,
    )
    shipment = lock_shipment(shipment.pk)
    if case.state == CaseState.REFUSED and shipment.state == ShipmentState.REQUESTED:
        return _refuse(shipment, Step.objects.select_related("decided_for").get(pk=step_id), actor=actor)
    if case.state == CaseState.APPROVED:
        notify_role(
            "business_support",
            "shipment_signed",
            key=f"shipment-signed:{shipment.pk}:{case.round}",
            link=shipment.get_absolute_url(),
            shipment=shipment.number,
        )
    return shipment


@transaction.atomic
def release_shipment(shipment: Shipment, *, actor: Any, version: int | None = None) -> Shipment:
    """Let the goods leave: every sign-off there, the exposure covered at this moment (R5.7, R5.9).

    Commits the shipment's value in the credit account, naming the approval that covers it. Raises Blocked
    with every reason; then nothing has changed.
    """
    account = lock_credit_account(shipment.order.customer_id)
    shipment = lock_shipment(shipment.pk)
    bump_version(shipment, expected=version)
    shipment.weighed = figures = weigh(shipment)
    shipment.release(actor=actor, at=timezone.now())
    shipment.beyond_paid = figures.beyond_paid
    shipment.beyond_limit = figures.beyond_limit
    shipment.save(update_fields=["state", "state_since", "released_at", "beyond_paid", "beyond_limit"])
    post_exposure(
        account,
        shipment.order.number,
        document=shipment.number,
        actor=actor,
        released=shipment.billable,
        approval=_cover(shipment, figures),
    )
    record(
        "shipment.released",
        thread=shipment.thread,
        actor=actor,
        subject=shipment.number,
        value=f"{shipment.billable:,.2f} {shipment.currency}",
        case=shipment.release_case,
        exposure=f"{figures.after:,.2f}",
    )
    _tell_released(shipment)
    return shipment


def _refuse(shipment: Shipment, step: Step, *, actor: Any) -> Shipment:
    """R2.11, R2.12: back to who asked, who is told who said no, and for whom."""
    shipment.refuse(actor=actor)
    shipment.save(update_fields=["state", "state_since"])
    record(
        "shipment.refused",
        thread=shipment.thread,
        actor=actor,
        on_behalf_of=step.decided_for,
        subject=shipment.number,
        reason=step.reason,
    )
    notify(
        shipment.requested_by,
        "shipment_refused",
        key=f"shipment-refused:{shipment.pk}:{shipment.case.round}",
        link=shipment.get_absolute_url(),
        shipment=shipment.number,
        who=office_fact(actor, step.decided_for),
        reason=step.reason,
    )
    return shipment


def _ceiling(kind: str, figures: Figures) -> Decimal | None:
    """The exposure that this sign-off covers (I4); the head's may be the manager's as well (R5.5)."""
    if kind == StepKind.GENERAL:
        return figures.after
    if kind in (StepKind.MANAGER, StepKind.HEAD):
        return figures.general_limit if figures.has_line else figures.after
    return None


def _cover(shipment: Shipment, figures: Figures) -> str:
    """What covers the exposure: the limit of this moment, the order's own money (R5.2), or a sign-off."""
    if figures.after <= figures.limit:
        return f"R5.7 ≤ {figures.limit:.2f}"
    if shipment.release_case == ReleaseCase.CASH:
        return f"{shipment.case.reference} {ReleaseCase.CASH}"
    step = gates.covering_step(shipment)
    return f"{shipment.case.reference} {shipment.release_case} #{step.pk}" if step else ""


def _tell_released(shipment: Shipment) -> None:
    facts = {"shipment": shipment.number, "order": shipment.order.number}
    key = f"shipment-released:{shipment.pk}"
    link = shipment.get_absolute_url()
    notify(shipment.order.owner, "shipment_released", key=key, link=link, **facts)
    notify_role("warehouse", "shipment_to_pick", key=key, link=link, **facts)
