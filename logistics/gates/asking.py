"""Rules of what is asked to leave (R5.1, R5.14)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.rules import rule
from inventory.quantities import in_steps, plain


@rule("R2.1", _("Order %(order)s is not released yet."), opened_by=("sales_manager", "business_support"))
def order_is_commanded(order):
    """The same of an order of which something is asked for."""
    if not order.is_released:
        return {"order": order, "_since": order.state_since}
    return None


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
