"""From the rep's desk to the last yes: submit, standardise, decide, return, withdraw (R1.9, R2.1–R2.11)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from accounts.inbox import notify, notify_role
from accounts.models import User
from accounts.queries import system_user
from approvals.actions import decide_step, open_case, signed_for, withdraw_case
from approvals.authority import PlannedStep, digest_of, route_order
from approvals.gates import APPROVE_STEP, REFUSE_STEP
from approvals.states import CaseState, StepKind
from core.audit import record
from core.rules import Blocked
from core.showing import word_fact
from core.transitions import bump_version
from customers.actions import lock_credit_account, post_exposure
from customers.models import CreditAccount
from orders import gates
from orders.actions.acknowledging import acknowledge
from orders.actions.clock import start_clock, stop_clock
from orders.actions.confirmation import confirm_by_itself, is_before_the_customer, take_down
from orders.content import aspects, content_key, handed_over, material, standard
from orders.credit import ceiling_for, cover_of
from orders.findings import order_facts, pre_check
from orders.models import SalesOrder
from orders.queries import reread, standard_changes

MOVED = ("state", "state_since")


@transaction.atomic
def submit_order(order: SalesOrder, *, actor: User, version: int | None = None) -> SalesOrder:
    """Hand the order to business support (R1.1, R1.3); the customer is thanked, if nobody did yet (R1.8).

    What was standardised before and is untouched goes on to its review at once (R2.11). Raises Blocked with
    everything that is missing, Stale if the page was old.
    """
    account = lock_credit_account(order.customer_id)
    order = reread(order.pk)
    if version is not None and version != order.version:
        bump_version(order, expected=version)
    order.submit(actor=actor, at=timezone.now())
    bump_version(order)
    order.content_key = content_key((line.product_id, line.quantity) for line in order.lines.all())
    order.submitted_content = handed_over(order)
    kept = ("submitted_at", "submitted_by", "content_key", "submitted_content")
    order.save(update_fields=[*MOVED, *kept, *start_clock(order)])
    record(
        "order.submitted",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        total=order.grand_total,
        currency=order.currency,
    )
    acknowledge(order)
    if order.standardised_digest and gates.RESUME.permits(order, system_user()):
        return _resume(order, account)
    notify_role("business_support", "order_submitted", **_notice(order, "submitted"))
    return order


@transaction.atomic
def standardise_order(
    order: SalesOrder, *, actor: User, checked: Collection[str] = tuple(gates.CHECKLIST)
) -> SalesOrder:
    """Make it the internal standard order by the checklist, and open its review (R1.9, R2.1–R2.3, R2.5).

    `checked` names the points that were looked at. The one who standardises does not review. Raises Blocked.
    """
    account = lock_credit_account(order.customer_id)
    order = reread(order.pk)
    missing = gates.checklist_is_complete.broken(order, checked)
    if missing:
        raise Blocked([*gates.STANDARDISE.reasons(order, actor), *missing])
    order.standardise(actor=actor)
    order.checklist = {name: name in checked for name in gates.CHECKLIST}
    order.standardised_digest = digest_of({"lines": standard(order)})
    _open_case(order, account, actor)
    order.save(update_fields=[*MOVED, "standardised_by", "standardised_digest", "checklist", "case"])
    record(
        "order.standardised",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        checklist=order.checklist,
    )
    changes = standard_changes(order)
    if changes:
        notify(order.owner, "order_standard_differs", count=len(changes), **_notice(order, "differs"))
    _approve_what_is_signed(order, account)
    return order


@transaction.atomic
def return_order(order: SalesOrder, *, reason: str, actor: User) -> SalesOrder:
    """Send it back to the rep with the open questions; it can be mended and submitted again (R2.11)."""
    order = reread(order.pk)
    order.return_to_rep(actor=actor)
    order.standardised_digest = ""
    order.save(update_fields=[*MOVED, "standardised_digest", *stop_clock(order)])
    record("order.returned", thread=order.thread, actor=actor, subject=order.number, reason=reason)
    _tell_asker(order, "order_returned", reason=reason)
    return order


@transaction.atomic
def decide_order(
    order: SalesOrder,
    *,
    step_id: int,
    approve: bool,
    digest: str,
    actor: User,
    reason: str = "",
    conditions: Collection[tuple[str, str]] = (),
) -> SalesOrder:
    """Say yes or no to one step, on exactly the content that was shown. The last yes approves, a no returns.

    A yes may carry conditions, pairs of words and role (R2.4); technical's no rests on a proposal (R2.8). The
    yes of who may pass the limit covers the exposure of this moment (I4). On approval the total counts as
    ordered in the credit account; where the exposure has passed meanwhile what is covered, a new round asks
    who may cover it, with all that was signed (R2.6). Raises Blocked with every reason, Stale when the
    content or the step moved on (R2.13).
    """
    account = lock_credit_account(order.customer_id)
    order = reread(order.pk)
    step = order.case.steps.filter(pk=step_id).first() if order.case else None
    if step is None:
        raise Blocked(gates.every_step_said_yes.broken(order))
    missing = gates.unfounded(order, step.kind, approve=approve)
    if missing:
        raise Blocked([*(APPROVE_STEP if approve else REFUSE_STEP).reasons(step, actor), *missing])
    order.case = decide_step(
        step,
        actor=actor,
        approve=approve,
        reason=reason,
        digest=digest,
        ceiling=ceiling_for(order, account, step) if approve else None,
        conditions=conditions,
    )
    if order.case.state == CaseState.APPROVED:
        _approve_if_covered(order, account, actor, office=signed_for(step))
    elif order.case.state == CaseState.REFUSED:
        _refuse(order, actor, reason, office=signed_for(step))
    return order


@transaction.atomic
def weigh_credit_again(order: SalesOrder, *, actor: User) -> SalesOrder:
    """Put an approved order before who may cover its exposure, since nothing does any more (R2.6).

    The limit was lowered or taken away, or more is open than a yes was given for. Until they have said yes it
    does not count as ordered; what else was signed stands. Raises Blocked with every reason.
    """
    account = lock_credit_account(order.customer_id)
    order = reread(order.pk)
    order.weigh_again(actor=actor)
    order.save(update_fields=MOVED)
    post_exposure(account, order.number, document=order.number, actor=actor, ordered=-order.grand_total)
    _ask_anew(order, account, actor)
    return order


@transaction.atomic
def withdraw_order(order: SalesOrder, *, actor: User, reason: str = "") -> SalesOrder:
    """Take it back while it is under review; what was decided so far stands in the timeline."""
    order = reread(order.pk)
    order.withdraw(actor=actor)
    order.save(update_fields=[*MOVED, *_taken_down(order), *stop_clock(order)])
    close_case(order, actor)
    record("order.withdrawn", thread=order.thread, actor=actor, subject=order.number, reason=reason)
    return order


def close_case(order: SalesOrder, actor: User) -> None:
    """Withdraw the order's case, if it still waits or has said yes."""
    if order.case is not None and order.case.state in (CaseState.OPEN, CaseState.APPROVED):
        order.case = withdraw_case(order.case, actor=actor)


def _resume(order: SalesOrder, account: CreditAccount) -> SalesOrder:
    system = system_user()
    order.resume(actor=system)
    _open_case(order, account, system)
    order.save(update_fields=[*MOVED, "case"])
    record("order.resumed", thread=order.thread, actor=system, subject=order.number)
    _approve_what_is_signed(order, account)
    return order


def _open_case(order: SalesOrder, account: CreditAccount, actor: User, *, anew: bool = False) -> None:
    """The next round of the review, on exactly this content; `anew`: whose authority reaches furthest is
    asked, whatever they said before.
    """
    route = route_order(order_facts(order, account))
    steps = [_bar(step, gates.standardisers(order)) for step in route.steps]
    if anew:
        steps[-1] = replace(steps[-1], anew=True)
    order.case = open_case(
        kind="order",
        reference=order.number,
        thread=order.thread,
        link=order.get_absolute_url(),
        title=f"{order.number} · {order.customer.name}",
        team=order.team,
        requester=order.submitted_by or order.entered_by,
        amount=order.grand_total,
        currency=order.currency,
        snapshot=material(order),
        aspects=aspects(order),
        plan=steps,
        **route.kept(),
        findings=pre_check(order, account),
        barred=sorted({order.entered_by_id, order.edited_by_id, *order.standard_editors}),
        actor=actor,
    )


def _approve_what_is_signed(order: SalesOrder, account: CreditAccount) -> None:
    """R2.11: where every yes still counts and nobody else is asked any more, there is nothing to wait for."""
    if order.case.state == CaseState.APPROVED:
        _approve_if_covered(order, account, system_user())


def _approve_if_covered(
    order: SalesOrder, account: CreditAccount, actor: User, *, office: User | None = None
) -> None:
    """R2.6, I4: everybody said yes; does anything cover the exposure that this commits?"""
    if cover_of(order, account):
        _approve(order, account, actor, office)
    else:
        _ask_anew(order, account, system_user())


def _ask_anew(order: SalesOrder, account: CreditAccount, actor: User) -> None:
    """A new round: what was signed is carried over, who may pass the limit decides on the exposure now."""
    _open_case(order, account, system_user(), anew=True)
    asked = order.case.steps.filter(round=order.case.round).order_by("-sequence").first()
    record(
        "order.credit_asked",
        thread=order.thread,
        actor=actor,
        subject=order.number,
        step=word_fact(StepKind(asked.kind).label) if asked else "",
    )


def _approve(order: SalesOrder, account: CreditAccount, actor: User, office: User | None) -> None:
    again = order.approved_at is not None
    cover = cover_of(order, account)
    order.approve(actor=actor, at=timezone.now())
    order.save(update_fields=[*MOVED, "approved_at"])
    record(
        "order.approved",
        thread=order.thread,
        actor=actor,
        on_behalf_of=office,
        subject=order.number,
        total=order.grand_total,
        currency=order.currency,
    )
    post_exposure(
        account,
        order.number,
        document=order.number,
        actor=actor,
        ordered=order.grand_total,
        approval=cover,
    )
    _tell_asker(order, "order_approved")
    notify_role("business_support", "order_to_release", **_notice(order, "approved"))
    if not (again and is_before_the_customer(order)):
        confirm_by_itself(order)


def _refuse(order: SalesOrder, actor: User, reason: str, *, office: User | None) -> None:
    order.refuse(actor=actor)
    order.save(update_fields=[*MOVED, *_taken_down(order), *stop_clock(order)])
    record(
        "order.refused",
        thread=order.thread,
        actor=actor,
        on_behalf_of=office,
        subject=order.number,
        reason=reason,
    )
    _tell_asker(order, "order_returned", reason=reason)


def _taken_down(order: SalesOrder) -> list[str]:
    """R1.10: what was approved before may be changed now; the confirmation that is out no longer counts."""
    return take_down(order) if order.approved_at is not None else []


def _bar(step: PlannedStep, standardisers: Collection[int]) -> PlannedStep:
    """R1.9: a second business-support person reviews what the first standardised."""
    if step.kind != StepKind.SUPPORT:
        return step
    return replace(step, barred=(*step.barred, *standardisers))


def _tell_asker(order: SalesOrder, kind: str, **facts: str) -> None:
    told = _notice(order, kind) | facts
    notify(order.owner, kind, **told)
    if order.submitted_by is not None and order.submitted_by_id != order.owner_id:
        notify(order.submitted_by, kind, **told)


def _notice(order: SalesOrder, step: str) -> dict[str, str]:
    """Key, link and facts of a notice; each time the state begins anew it is told anew."""
    return {
        "key": f"order:{order.number}:{step}:{order.state_since:%Y%m%d%H%M%S%f}",
        "link": order.get_absolute_url(),
        "order": order.number,
        "customer": order.customer.name,
    }
