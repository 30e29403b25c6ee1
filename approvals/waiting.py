"""Steps that wait too long remind their people, then tell who stands above them (R2.12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.inbox import notify_all, notify_role
from accounts.models import User
from accounts.queries import substitutes, system_user
from approvals.actions.granting import barred_from
from approvals.models import Step
from approvals.parameters import ESCALATE_AFTER, REMIND_AFTER
from approvals.states import StepKind, StepState
from core.audit import record
from core.calendar import due
from core.escalation import fire_once, subject_type
from core.locks import lock
from core.models import Escalation
from core.showing import word_fact

log = structlog.get_logger(__name__)
RULE = "R2.12"
REMINDED, ESCALATED = 1, 2
#: Who is told when a step waits too long.
ABOVE = {
    StepKind.SUPPORT: "support_lead",
    StepKind.FINANCE: "general_manager",
    StepKind.TECHNICAL: "general_manager",
    StepKind.PRODUCTION: "general_manager",
    StepKind.JOINT_SALES: "general_manager",
    StepKind.JOINT_PRODUCTION: "general_manager",
    StepKind.JOINT_LOGISTICS: "general_manager",
    StepKind.JOINT_FINANCE: "general_manager",
    StepKind.JOINT_TECHNICAL: "general_manager",
    StepKind.MANAGER: "sales_head",
    StepKind.HEAD: "general_manager",
    StepKind.GENERAL: "business_support",
}


def tell_waiting(*, as_of: datetime) -> int:
    """Remind and escalate what is due at the moment; each level once for a step, however often this runs."""
    return sum(_tell_safely(pk, as_of) for pk in _candidates(as_of))


def _tell_safely(pk: int, as_of: datetime) -> int:
    """One step that cannot be told of does not keep the others waiting."""
    try:
        return _tell(pk, as_of)
    except Exception:
        log.exception("waiting_step.failed", step=pk)
        return 0


def _candidates(as_of: datetime) -> Iterator[int]:
    """Open steps whose last level has not fired and whose first may be due."""
    fired = Escalation.objects.filter(
        subject_type=subject_type(Step),
        subject_id=Cast(OuterRef("pk"), CharField()),
        rule=RULE,
        level=ESCALATED,
    )
    waiting = Step.objects.open().filter(~Exists(fired), opened_at__lt=as_of)
    yield from list(waiting.order_by("opened_at").values_list("pk", flat=True))


@transaction.atomic
def _tell(pk: int, as_of: datetime) -> int:
    step = lock(Step, pk, "case", "case__team__manager")
    if step.state != StepState.OPEN or due(REMIND_AFTER, step.opened_at) > as_of:
        return 0
    reminds = fire_once(subject=step, rule=RULE, level=REMINDED, at=as_of)
    if due(ESCALATE_AFTER, step.opened_at) <= as_of:
        return _escalate(step, as_of)
    return _remind(step) if reminds else 0


def _remind(step: Step) -> int:
    notify_all(
        deciders(step),
        "step_waits",
        key=f"step:{step.pk}:waits",
        link=f"/approvals/?step={step.pk}",
        title=step.case.title,
        since=_shown(step.opened_at),
    )
    return 1


def _escalate(step: Step, as_of: datetime) -> int:
    if not fire_once(subject=step, rule=RULE, level=ESCALATED, at=as_of):
        return 0
    above = ABOVE[StepKind(step.kind)]
    since = _shown(step.opened_at)
    facts = {"title": step.case.title, "step": word_fact(StepKind(step.kind).label), "since": since}
    notify_role(above, "step_escalated", key=f"step:{step.pk}:escalated", link=step.case.link, **facts)
    record(
        "step.escalated",
        thread=step.case.thread,
        actor=system_user(),
        subject=step.case.reference,
        since=since,
        role=above,
    )
    return 1


def deciders(step: Step) -> list[User]:
    """Those to whom the step is granted, and who stands in for them; not those whom it bars."""
    people = list(
        User.objects.filter(
            Q(stepuserpermission__content_object=step) | Q(groups__stepgrouppermission__content_object=step),
            is_active=True,
        ).distinct()
    )
    away = substitutes((person.pk for person in people), kind=step.kind, amount=step.case.weight)
    barred = barred_from([step])[step.pk]
    told = {person.pk: person for person in [*people, *User.objects.filter(pk__in=away)]}
    return [person for person in told.values() if person.pk not in barred]


def _shown(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}" if moment else ""
