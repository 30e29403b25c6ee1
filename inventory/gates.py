"""Gates of the production order's transitions, and the rules of stock and production."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rules import Gate, rule
from core.showing import listed
from inventory.quantities import in_steps, plain
from inventory.states import MovementKind, ProductionState

ADDRESSABLE = re.compile(r"[\w.\-]{1,40}")
TAKEN_BY_PAGES = frozenset(("lookup", "new"))


@rule("R4.3", _("%(order)s: everything asked for (%(quantity)s) is made."), opened_by=("production",))
def something_is_still_to_make(order):
    if order.still_to_make <= 0:
        return {"order": order, "quantity": plain(order.quantity)}


@rule("R4.4", _("%(order)s: nothing made waits for inspection."), opened_by=("production",))
def goods_wait_for_inspection(order):
    if order.uninspected <= 0:
        return {"order": order}


@rule("R4.4", _("%(order)s: %(passed)s of %(quantity)s have passed quality."), opened_by=("quality",))
def all_of_it_passed(order):
    if order.passed < order.quantity:
        return {"order": order, "passed": plain(order.passed), "quantity": plain(order.quantity)}


@rule("R4.4", _("%(order)s: %(waiting)s still wait for inspection."), opened_by=("quality",))
def nothing_waits_for_inspection(order):
    if order.uninspected > 0:
        return {"order": order, "waiting": plain(order.uninspected)}


@rule(
    "R2.10", _("%(who)s reported these goods as made; somebody else inspects them."), opened_by=("quality",)
)
def actor_did_not_report_it(order, actor):
    if order.reported_by_id is not None and order.reported_by_id == actor.pk:
        return {"who": actor}


ACCEPT = Gate(
    transition="accept",
    number="R4.2",
    permission="inventory.accept_productionorder",
    states=(ProductionState.ISSUED,),
    roles=("production",),
    label=_("Accept"),
)
FINISH = Gate(
    transition="finish",
    number="R4.3",
    permission="inventory.report_productionorder",
    states=(ProductionState.ACCEPTED, ProductionState.MADE),
    rules=(something_is_still_to_make,),
    roles=("production",),
    label=_("Report finished"),
)
INSPECT = Gate(
    transition="inspect",
    number="R4.4",
    permission="inventory.inspect_productionorder",
    states=(ProductionState.MADE,),
    rules=(goods_wait_for_inspection,),
    people=(actor_did_not_report_it,),
    roles=("quality",),
    label=_("Inspect"),
)
PASS = Gate(
    transition="close",
    number="R4.4",
    permission="inventory.inspect_productionorder",
    states=(ProductionState.MADE,),
    rules=(all_of_it_passed,),
    people=(actor_did_not_report_it,),
    roles=("quality",),
    label=_("Pass"),
)
SEND_BACK = Gate(
    transition="send_back",
    number="R4.4",
    permission="inventory.inspect_productionorder",
    states=(ProductionState.MADE,),
    rules=(nothing_waits_for_inspection, something_is_still_to_make),
    people=(actor_did_not_report_it,),
    roles=("quality",),
    label=_("Send back"),
)


# What a verb is asked besides its gate: rules about the figures that were given.


@rule("R4.5", _("%(product)s moves in steps of %(step)s %(unit)s, not %(quantity)s."))
def quantity_is_in_steps(product, quantity: Decimal):
    if not in_steps(quantity, product.quantity_step):
        return {
            "product": product,
            "step": plain(product.quantity_step),
            "unit": product.unit,
            "quantity": plain(quantity),
            "_field": "quantity",
        }


@rule(
    "R4.1",
    _("%(product)s: %(wanted)s %(unit)s are wanted, %(free)s are free on the shelf."),
    opened_by=("production", "warehouse"),
)
def stock_is_free(product, wanted: Decimal, free: Decimal):
    if wanted > free:
        return {"product": product, "wanted": plain(wanted), "free": plain(free), "unit": product.unit}


@rule("R4.1", _("%(requirement)s still misses %(missing)s; %(wanted)s would be promised twice."))
def quantity_is_still_missing(requirement, wanted: Decimal, coming: Decimal = Decimal(0)):
    missing = requirement.missing - coming
    if wanted > missing:
        return {"requirement": requirement, "missing": plain(max(missing, 0)), "wanted": plain(wanted)}


@rule(
    "R4.1",
    _("%(requirement)s: %(finished)s are finished and on hand, %(wanted)s are wanted."),
    opened_by=("production", "quality"),
)
def goods_are_finished(requirement, wanted: Decimal):
    if wanted > requirement.finished_on_hand:
        return {
            "requirement": requirement,
            "finished": plain(requirement.finished_on_hand),
            "wanted": plain(wanted),
        }


@rule("R4.2", _("The promised finish %(promised)s lies in the past."), opened_by=("production",))
def promise_is_not_past(promised_on: date | None):
    if promised_on is None:
        return {"_text": _("Production promises a date of finish."), "_field": "promised_on"}
    if promised_on < timezone.localdate():
        return {"promised": promised_on, "_field": "promised_on"}


@rule(
    "R4.3", _("%(order)s: %(owed)s are still to make, %(wanted)s were reported."), opened_by=("production",)
)
def no_more_than_is_owed(order, quantity: Decimal):
    if quantity > order.still_to_make:
        return {
            "order": order,
            "owed": plain(max(order.still_to_make, 0)),
            "wanted": plain(quantity),
            "_field": "quantity",
        }


@rule("R4.4", _("%(order)s: %(waiting)s wait for inspection, %(inspected)s were inspected."))
def no_more_than_is_made(order, passed: Decimal, rejected: Decimal):
    if passed < 0 or rejected < 0 or not 0 < passed + rejected <= order.uninspected:
        return {
            "order": order,
            "waiting": plain(order.uninspected),
            "inspected": plain(passed + rejected),
            "_field": "passed",
        }


@rule("R4.4", _("Goods pass only when they meet the standard in: %(failed)s."), opened_by=("quality",))
def passed_goods_meet_the_standard(passed: Decimal, failed: list[Any]):
    if passed > 0 and failed:
        return {"failed": listed(failed), "_field": "passed"}


@rule("R4.4", _("What is rejected goes back with a reason."), opened_by=("quality",))
def rejection_has_a_reason(rejected: Decimal, reason: str):
    if rejected > 0 and not reason.strip():
        return {"_field": "reason"}


@rule("R4.5", _("A counter-entry says why."), opened_by=("warehouse",))
def counter_entry_has_a_reason(kind: str, reason: str):
    if kind == MovementKind.CORRECTION and not reason.strip():
        return {"_field": "reason"}


@rule(
    "R4.5",
    _(
        "%(product)s in %(warehouse)s: %(on_hand)s on hand, %(reserved)s of it promised; "
        "%(change)s would take too many."
    ),
)
def level_stays_above_promises(stock, quantity: Decimal):
    if stock.on_hand + quantity < stock.reserved:
        return {
            "product": stock.product,
            "warehouse": stock.warehouse,
            "on_hand": plain(stock.on_hand),
            "reserved": plain(stock.reserved),
            "change": plain(quantity),
            "_field": "quantity",
        }


@rule("R4.4", _("There is no warehouse to put finished goods into."), opened_by=("administrator",))
def there_is_a_warehouse(warehouse):
    if warehouse is None:
        return {}


@rule("R10.2", _("Your role does not open this step."))
def actor_may(permission: str, actor):
    if not (getattr(actor, "is_active", False) and (actor.is_system or actor.has_perm(permission))):
        return {}


@rule("R2.7", _("%(code)s cannot stand in for %(product)s: no such product is sold."))
def substitute_fits(product, other, code: str):
    facts = {"code": code, "product": product.code, "_field": "codes"}
    if other is None or not other.active:
        return facts
    if other.pk == product.pk:
        return {**facts, "_text": _("%(product)s cannot stand in for itself.")}
    if other.unit != product.unit:
        text = _("%(code)s cannot stand in for %(product)s: it is sold in %(unit)s.")
        return {**facts, "unit": other.unit, "_text": text}
    return None


@rule("R1.3", _("A product code is made of letters, figures, points and dashes: “%(code)s” is not."))
def code_can_stand_in_an_address(code: str):
    if not ADDRESSABLE.fullmatch(code) or code in TAKEN_BY_PAGES:
        return {"code": code, "_field": "code"}
