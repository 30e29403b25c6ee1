"""Gates of the shipment's transitions, and their rules.

Predicates read the shipment with its lines, order, customer and case; they import no model of this app.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.authority import digest_of
from approvals.states import LEVEL_OF, ROLE_OF, StepKind, StepState
from core.rules import Gate, rule
from inventory.quantities import in_steps, plain
from logistics.figures import weigh
from logistics.states import PENDING, ReleaseCase, ShipmentState
from orders.states import OrderState

REGULAR = (ReleaseCase.CASH, ReleaseCase.UNPAID, ReleaseCase.CREDIT)


@rule("R2.1", _("Order %(order)s is not released yet."), opened_by=("business_support",))
def order_is_released(shipment):
    if not shipment.order.is_released:
        return {"order": shipment.order, "_since": shipment.order.state_since}


@rule("R2.1", _("Order %(order)s is not released yet."), opened_by=("sales_manager", "business_support"))
def order_is_commanded(order):
    """The same of an order of which something is asked for."""
    if not order.is_released:
        return {"order": order, "_since": order.state_since}
    return None


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


@rule("R5.11", _("Name the carrier, the waybill number and the expected arrival."), opened_by=("warehouse",))
def carriage_is_complete(shipment):
    if not (shipment.carrier_id and shipment.waybill and shipment.expected_on):
        return {"_field": "carrier"}


@rule("R5.9", _("Say how many packages there are."), opened_by=("warehouse",))
def packages_are_counted(shipment):
    if not shipment.packages:
        return {"_field": "packages"}


@rule(
    "R5.13",
    _("Delivery needs the signed receipt on file, or the customer's own click."),
    opened_by=("warehouse", "business_support", "customer"),
)
def receipt_is_signed(shipment, actor):
    if shipment.receipt_file_id or is_of_customer(shipment, actor):
        return None
    return {"_field": "receipt"}


def is_of_customer(shipment, actor) -> bool:
    """Whether this person signs in for the shipment's customer."""
    return shipment.order.customer.portal_users.filter(pk=actor.pk).exists()


def covered_up_to(shipment) -> Decimal:
    """The highest exposure that a sign-off on exactly this content covers (I4); zero without any."""
    step = covering_step(shipment)
    return step.ceiling if step else Decimal(0)


def covering_step(shipment):
    """The manager's sign-off with the highest ceiling, or None."""
    signed = [
        step
        for step in sign_offs(shipment)
        if step.kind in LEVEL_OF and step.state == StepState.APPROVED and step.ceiling
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
    waits = [step.opened_at for step in sign_offs(shipment) if step.kind == kind and step.opened_at]
    return {
        **facts,
        "currency": shipment.currency,
        "_opened_by": (ROLE_OF[kind],),
        "_not_for": (shipment.case.requester_id, *shipment.case.barred) if shipment.case else (),
        "_since": waits[0] if waits else None,
    }


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


@rule("R5.1", _("Say how much of which line shall leave."))
def something_is_asked(order, asked):
    if not asked:
        return {"_field": "quantities"}
    return None


@rule("R5.1", _("Line %(line)s, %(product)s: only in steps of %(step)s."))
def quantities_fit_their_unit(order, asked):
    return [
        {**each.facts, "step": plain(each.step)} for each in asked if not in_steps(each.quantity, each.step)
    ]


@rule(
    "R5.14",
    _(
        "Line %(line)s, %(product)s: %(asked)s asked for, %(free)s free "
        "(%(open)s open, %(claimed)s claimed by other shipments)."
    ),
)
def quantities_are_open(order, asked):
    return [
        {
            **each.facts,
            "free": plain(each.open - each.claimed),
            "open": plain(each.open),
            "claimed": plain(each.claimed),
        }
        for each in asked
        if each.quantity > each.open - each.claimed
    ]


@rule(
    "R4.4",
    _("Line %(line)s, %(product)s: %(asked)s asked for, %(finished)s finished and not claimed by others."),
    opened_by=("production", "quality"),
)
def quantities_are_finished(order, asked):
    return [
        {**each.facts, "finished": plain(max(each.finished - each.claimed, Decimal(0)))}
        for each in asked
        if each.quantity > each.finished - each.claimed
    ]


ASKED = (something_is_asked, quantities_fit_their_unit, quantities_are_open, quantities_are_finished)

REQUEST = Gate(
    transition="request",
    number="R5.1",
    permission="logistics.request_shipment",
    states=(OrderState.RELEASED,),
    rules=(order_is_commanded,),
    roles=("sales_rep", "business_support"),
    label=_("Request a shipment"),
)
RELEASE = Gate(
    transition="release",
    number="R5.9",
    permission="logistics.release_shipment",
    states=(ShipmentState.REQUESTED,),
    rules=(
        order_is_released,
        customer_is_not_blocked,
        goods_are_finished,
        finance_has_checked,
        support_has_approved,
        money_still_pays_for_it,
        support_has_rechecked,
        manager_has_approved_unpaid,
        manager_has_approved_credit,
        head_has_confirmed,
        manager_has_submitted,
        general_manager_has_decided,
        exposure_is_covered,
        content_is_as_signed,
    ),
    roles=("business_support",),
    label=pgettext_lazy("shipment", "Release"),
)
REFUSE = Gate(
    transition="refuse",
    number="R5.9",
    permission="approvals.decide_step",
    states=(ShipmentState.REQUESTED,),
    roles=("sales_manager",),
    label=_("Refuse"),
)
REQUEST_AGAIN = Gate(
    transition="request_again",
    number="R5.9",
    permission="logistics.request_shipment",
    states=(ShipmentState.REQUESTED, ShipmentState.REFUSED),
    rules=(order_is_released,),
    roles=("sales_rep", "business_support"),
    label=_("Request again"),
)
PICK = Gate(
    transition="pick",
    number="R5.9",
    permission="logistics.pick_shipment",
    states=(ShipmentState.RELEASED,),
    roles=("warehouse",),
    label=_("Pick"),
)
PACK = Gate(
    transition="pack",
    number="R5.9",
    permission="logistics.pick_shipment",
    states=(ShipmentState.PICKED,),
    rules=(packages_are_counted,),
    roles=("warehouse",),
    label=_("Pack"),
)
DISPATCH = Gate(
    transition="dispatch",
    number="R5.11",
    permission="logistics.dispatch_shipment",
    states=(ShipmentState.PACKED,),
    rules=(carriage_is_complete,),
    roles=("warehouse",),
    label=_("Dispatch"),
)
DELIVER = Gate(
    transition="deliver",
    number="R5.13",
    permission="logistics.deliver_shipment",
    states=(ShipmentState.DISPATCHED,),
    people=(receipt_is_signed,),
    roles=("warehouse", "business_support"),
    label=pgettext_lazy("verb", "Delivered"),
)
CANCEL = Gate(
    transition="cancel",
    number="R5.9",
    permission="logistics.cancel_shipment",
    states=(*PENDING, ShipmentState.REFUSED),
    roles=("business_support",),
    label=_("Cancel"),
)
