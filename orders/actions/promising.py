"""Production's written promise of what it makes: in the review, or asked for before the release (R2.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.inbox import notify_role
from accounts.models import User
from approvals.models import Case
from approvals.states import StepKind
from core.audit import record
from core.locks import lock
from core.rules import Blocked, Reason
from core.transitions import bump_version
from customers.actions import lock_credit_account
from orders.actions.confirmation import confirm_by_itself
from orders.actions.feasibility import asked, shut, tell_owner
from orders.actions.review import decide_order
from orders.feasible import dated_digest, days_late, lines_to_promise, with_words
from orders.findings import after_promise, late_promises
from orders.gates import feasibility as gates
from orders.models import OrderLine, ProductionPromise, SalesOrder
from orders.queries import reread


@dataclass(frozen=True)
class Promised:
    """The day on which production will have made one line, and what it depends on."""

    on: date
    note: str = ""


@transaction.atomic
def confirm_promises(
    order: SalesOrder, *, promises: Mapping[int, Promised], digest: str, actor: User
) -> SalesOrder:
    """Promise the day of finish in writing, by line id, and say yes for production (R2.9).

    A promise behind the due date is allowed: it is shown to who approves, and the rep is told. Raises Blocked
    with every reason (a line that stock does not serve has no promise, a day is over), Stale when the content
    is another one than was shown.
    """
    lock_credit_account(order.customer_id)
    order = asked(order, digest)
    step = gates.open_step(order, StepKind.PRODUCTION)
    lines = {line.pk: line for line in order.lines.all()}
    reasons = gates.production_is_asked.broken(order) + shut(step, actor) + _not_promised(order, promises)
    if reasons:
        raise Blocked(reasons)
    _promise([(lines[pk], promised) for pk, promised in promises.items()], actor)
    order = with_words(reread(order.pk))
    _show_late(order)
    return decide_order(order, step_id=step.pk, approve=True, digest=digest, actor=actor)


@transaction.atomic
def ask_promise(order: SalesOrder, *, actor: User) -> SalesOrder:
    """Ask production for the dates of an approved order that stock no longer serves whole (R2.9).

    It stands in production's queue until the dates are promised or the order is released. Raises Blocked.
    """
    order = reread(order.pk)
    gates.ASK_PROMISE.require(order, actor)
    order.promise_asked_at = timezone.now()
    order.save(update_fields=["promise_asked_at"])
    record("order.promise_asked", thread=order.thread, actor=actor, subject=order.number)
    notify_role(
        "production",
        "promise_asked",
        key=f"order:{order.number}:promise:{order.promise_asked_at:%Y%m%d%H%M%S%f}",
        link=f"{order.get_absolute_url()}promise/",
        order=order.number,
        customer=order.customer.name,
    )
    return order


@transaction.atomic
def promise_dates(
    order: SalesOrder, *, promises: Mapping[int, Promised], digest: str, actor: User
) -> SalesOrder:
    """Promise in writing what of an approved order is made after all, by line id (R2.9).

    Business support learns that the release is open; the customer who was told other days gets the
    confirmation anew. Raises Blocked with every reason, Stale when the content is another than was shown.
    """
    lock_credit_account(order.customer_id)
    order = asked(order, digest)
    lines = {line.pk: line for line in order.lines.all()}
    reasons = gates.PROMISE.reasons(order, actor) + gates.a_day_is_promised.broken(promises)
    reasons += _not_promised(order, promises)
    if reasons:
        raise Blocked(reasons)
    shown = {pk: line.promised_on for pk, line in lines.items()}
    _promise([(lines[pk], promised) for pk, promised in promises.items()], actor)
    order.promise_asked_at = None
    order.save(update_fields=["promise_asked_at"])
    order = with_words(reread(order.pk))
    _show_late(order)
    if any(shown[pk] not in (None, promised.on) for pk, promised in promises.items()):
        confirm_by_itself(order)
    notify_role(
        "business_support",
        "dates_promised",
        key=f"order:{order.number}:promised:{timezone.now():%Y%m%d%H%M%S%f}",
        link=order.get_absolute_url(),
        order=order.number,
        customer=order.customer.name,
    )
    return order


def _not_promised(order: SalesOrder, promises: Mapping[int, Promised]) -> list[Reason]:
    """What is wrong with the days themselves."""
    lines = {line.pk: line for line in order.lines.all()}
    reasons = gates.promises_are_about_its_lines.broken(order, promises)
    for pk, promised in promises.items():
        if pk in lines:
            reasons += gates.promised_day_is_to_come.broken(lines[pk], promised.on)
    return reasons


def _promise(promised: Iterable[tuple[OrderLine, Promised]], actor: User) -> None:
    promised = list(promised)
    rows = ProductionPromise.objects.bulk_create(
        ProductionPromise(
            line=line,
            promised_on=each.on,
            note=each.note.strip()[:200],
            digest=dated_digest(line),
            promised_by=actor,
        )
        for line, each in promised
    )
    for row in rows:
        row.line.promised_on = row.line.first_promised_on = row.promised_on
    OrderLine.objects.bulk_update([row.line for row in rows], ["promised_on", "first_promised_on"])
    if rows:
        order = rows[0].line.order
        record(
            "order.dates_promised",
            thread=order.thread,
            actor=actor,
            subject=order.number,
            lines=", ".join(str(each.line.position) for each in rows),
            promises={
                str(each.line.position): {"promised_on": each.promised_on, "due_on": each.line.due_on}
                for each in rows
            },
        )


def _show_late(order: SalesOrder) -> None:
    """Who approves reads of promises behind the due date; the rep is told."""
    found = late_promises(order)
    case = lock(Case, order.case_id)
    told = after_promise(order, case.findings)
    if told != case.findings:
        case.findings = told
        bump_version(case)
        case.save(update_fields=["findings"])
    if found:
        late = [line for line in lines_to_promise(order) if line.promised_on]
        days = max(days_late(line, line.promised_on) for line in late)
        key = f"promise:{order.number}:{case.round}"
        tell_owner(order, "order_promised_late", key=key, days=str(days), lines=str(len(found)))
