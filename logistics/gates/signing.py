"""Rules of a shipment's release: order, customer, goods, money, sign-offs (R5.2–R5.7, R6.8).

Predicates read the shipment with its lines, order, customer and case; they import no model of this app.
"""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from approvals.authority import digest_of
from approvals.awaited import whose_turn
from approvals.states import LEVEL_OF, ROLE_OF, StepKind, StepState
from core.rules import rule
from inventory.quantities import plain
from logistics.figures import weigh
from logistics.states import ReleaseCase
from orders.terms import asked_before_production


@rule("R2.1", _("Order %(order)s is not released yet."), opened_by=("business_support",))
def order_is_released(shipment):
    if not shipment.order.is_released:
        return {"order": shipment.order, "_since": shipment.order.state_since}


@rule(
    "R5.6",
    _("%(customer)s is blocked (%(reason)s); the general manager has not decided on this shipment."),
    opened_by=("general_manager",),
)
def customer_is_not_blocked(shipment):
    customer = shipment.order.customer
    if customer.is_blocked and not _signed(shipment, StepKind.GENERAL):
        return {"customer": customer, "reason": customer.block_reason, "_since": customer.blocked_at}


@rule(
    "R4.4",
    _("Line %(line)s, %(product)s: %(asked)s asked for, %(finished)s finished and not claimed by others."),
    opened_by=("production", "quality"),
)
def goods_are_finished(shipment):
    lines = list(shipment.lines.all())
    claimed = _claims(shipment, lines)
    return [
        {
            "line": line.order_line.position,
            "product": line.order_line.product,
            "asked": plain(line.quantity),
            "finished": plain(max(free, Decimal(0))),
        }
        for line in lines
        if (free := _finished(line.order_line) - claimed.get(line.order_line_id, 0)) < line.quantity
    ]


@rule("R6.8", _("The terms ask a deposit of %(due)s %(currency)s; %(paid)s is in."), opened_by=("finance",))
def deposit_is_in(shipment):
    """The deposit holds production and shipping each on its own: money may have gone back since."""
    order, paid = shipment.order, _figures(shipment).paid
    due = asked_before_production(order)
    if paid < due:
        record = f"{reverse('invoicing:new_receipt')}?customer={order.customer.code}&order={order.number}"
        sums = {"due": f"{due:,.2f}", "paid": f"{paid:,.2f}", "currency": order.currency}
        return sums | {"_next_step": record}


@rule("R5.9", _("Finance has not checked the shipment yet."))
def finance_has_checked(shipment):
    return _missing(shipment, StepKind.FINANCE)


@rule("R5.2", _("Paid by contract: business support has not approved it yet."))
def support_has_approved(shipment):
    if shipment.release_case == ReleaseCase.CASH:
        return _missing(shipment, StepKind.SUPPORT)
    return None


@rule(
    "R5.2",
    _("The shipment is not what was signed for; it must be asked for again."),
    opened_by=("business_support", "sales_rep"),
)
def money_still_pays_for_it(shipment):
    """What was signed as paid leaves as paid: an earlier shipment may have used the money meanwhile."""
    if shipment.release_case == ReleaseCase.CASH and _figures(shipment).beyond_paid:
        return {}
    return None


@rule("R5.9", _("Business support has not rechecked the shipment yet."))
def support_has_rechecked(shipment):
    if shipment.release_case != ReleaseCase.CASH:
        return _missing(shipment, StepKind.SUPPORT)
    return None


@rule(
    "R5.3",
    _("No credit line, %(beyond)s %(currency)s beyond payment: the sales manager has not approved it yet."),
)
def manager_has_approved_unpaid(shipment):
    if shipment.release_case == ReleaseCase.UNPAID:
        return _missing(shipment, StepKind.MANAGER, beyond=f"{shipment.beyond_paid:,.2f}")
    return None


@rule("R5.4", _("Credit line: the sales manager has not approved it yet."))
def manager_has_approved_credit(shipment):
    if shipment.release_case == ReleaseCase.CREDIT:
        return _missing(shipment, StepKind.MANAGER)
    return None


@rule("R5.5", _("The sales head has not confirmed it yet."))
def head_has_confirmed(shipment):
    return _missing(shipment, StepKind.HEAD)


@rule("R5.6", _("Outside the regular cases: the sales manager has not submitted it yet."))
def manager_has_submitted(shipment):
    if shipment.release_case == ReleaseCase.OTHER:
        return _missing(shipment, StepKind.MANAGER)
    return None


@rule("R5.6", _("Outside the regular cases: the general manager has not decided yet."))
def general_manager_has_decided(shipment):
    if shipment.release_case == ReleaseCase.OTHER:
        return _missing(shipment, StepKind.GENERAL)
    return None


@rule(
    "R5.7",
    _(
        "Exposure would be %(after)s %(currency)s (now %(exposure)s, this shipment %(value)s): "
        "beyond the limit %(limit)s and beyond the %(ceiling)s that the sign-offs cover."
    ),
    opened_by=("sales_manager", "general_manager", "finance"),
    figures_for="customers.view_credit",
    masked=_("The customer's exposure would pass what is covered."),
)
def exposure_is_covered(shipment):
    """Computed at this moment; the verb holds the credit account's lock. Money of the order covers R5.2."""
    figures = _figures(shipment)
    ceiling = covered_up_to(shipment)
    paid = shipment.release_case == ReleaseCase.CASH and not figures.beyond_paid
    if paid or figures.after <= max(figures.limit, ceiling):
        return None
    return {
        "after": f"{figures.after:,.2f}",
        "exposure": f"{figures.exposure:,.2f}",
        "value": f"{figures.value:,.2f}",
        "limit": f"{figures.limit:,.2f}",
        "ceiling": f"{ceiling:,.2f}",
        "currency": shipment.currency,
    }


@rule("R2.11", _("The shipment is not what was signed for; it must be asked for again."))
def content_is_as_signed(shipment):
    if shipment.case is None or shipment.case.digest != digest_of(shipment.content):
        return {"_opened_by": ("business_support", "sales_rep")}
    return None


def covered_up_to(shipment) -> Decimal:
    """The highest exposure that a sign-off on exactly this content covers (I4); zero without any."""
    step = covering_step(shipment)
    return step.ceiling if step else Decimal(0)


@rule("R5.7", _("A yes that ended on %(day)s covers nothing; name a day from today on, or none."))
def cover_ends_today_or_later(day):
    if day is not None and day < timezone.localdate():
        return {"day": day, "_field": "ceiling_until"}


def covering_step(shipment):
    """The manager's sign-off with the highest ceiling whose last day has not passed, or None (I4)."""
    today = timezone.localdate()
    signed = [
        step
        for step in sign_offs(shipment)
        if step.kind in LEVEL_OF
        and step.state == StepState.APPROVED
        and step.ceiling
        and (step.ceiling_until is None or step.ceiling_until >= today)
    ]
    return max(signed, key=lambda step: step.ceiling, default=None)


def sign_offs(shipment) -> list:
    """The steps of the case's present round, void ones left out."""
    if shipment.case is None:
        return []
    now = shipment.case.round
    return [step for step in shipment.case.steps.all() if step.round == now and step.state != StepState.VOID]


def _signed(shipment, kind) -> bool:
    return any(step.kind == kind and step.state == StepState.APPROVED for step in sign_offs(shipment))


def _missing(shipment, kind, **facts):
    """Who has to sign and has not, since when it is their turn."""
    if _signed(shipment, kind):
        return None
    asked = [step for step in sign_offs(shipment) if step.kind == kind]
    return {
        **facts,
        "currency": shipment.currency,
        "_opened_by": (ROLE_OF[kind],),
        **(_turns(shipment).get(asked[0].pk, {}) if asked else {}),
        "_since": asked[0].opened_at if asked else None,
    }


def _turns(shipment) -> dict:
    """Whose turn each sign-off is; what the shipment asks of the database for it, it asks once."""
    shut = {shipment.case.requester_id, *shipment.case.barred}
    steps = sign_offs(shipment)
    return whose_turn(steps, team=shipment.team, barred={step.pk: shut for step in steps})


def _figures(shipment):
    """The figures of this moment; the verb or page that has read them hands them over as `weighed`."""
    return getattr(shipment, "weighed", None) or weigh(shipment)


def _finished(order_line) -> Decimal:
    return order_line.requirement.finished_on_hand if order_line.requirement else Decimal(0)


def _claims(shipment, lines) -> dict[int, Decimal]:
    """What other pending shipments claim of the same lines."""
    if not lines:
        return {}
    return type(lines[0]).objects.claims([line.order_line_id for line in lines], except_for=shipment.pk)
