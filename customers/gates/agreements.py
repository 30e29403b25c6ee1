"""Rules of what is agreed with a customer: contracts, prices, and who agrees them alone (R3.1, R2.2)."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from approvals.weighing import beside
from core.rules import rule
from customers.states import ChangeKind, ChangeState


@rule("R3.1", _("It ends on %(until)s, before it begins on %(since)s."))
def span_goes_forward(since, until):
    if until is not None and until < since:
        return {"since": since, "until": until, "_field": "valid_until"}


@rule("R3.1", _("Contract %(number)s of this customer is on file already."))
def contract_number_is_new(customer, number: str):
    if customer.contracts.filter(number=number).exists():
        return {"number": number, "_field": "number"}


@rule("R3.1", _("Row %(row)s: a price for %(product)s from %(quantity)s on from that day is agreed already."))
def agreements_are_sound(customer, made):
    """Each once, forward in time, under a contract of the same customer."""
    kept = customer.agreements.filter(product__in={each.product_id for each in made})
    known = set(kept.values_list("product", "currency", "min_quantity", "valid_from"))
    broken: list[dict] = []
    for row, each in enumerate(made, start=1):
        key = (each.product_id, each.currency, each.min_quantity, each.valid_from)
        facts = {"row": row, "product": each.product.code, "quantity": each.min_quantity}
        if key in known:
            broken.append(facts)
        known.add(key)
        text = _not_sound(customer, each)
        if text:
            broken.append(facts | {"_text": text})
    return broken or None


@rule(
    "R3.1",
    _("Row %(row)s: a price for %(product)s from %(quantity)s on from that day waits in change %(number)s."),
)
def prices_do_not_wait_already(customer, made):
    """What waits for its yes is not asked for a second time."""
    open_ones = customer.changes.filter(kind=ChangeKind.PRICES, state=ChangeState.OPEN)
    waiting = {
        (row["product_id"], row["currency"], Decimal(row["min_quantity"]), row["valid_from"]): number
        for number, rows in open_ones.values_list("number", "prices")
        for row in rows
    }
    broken = []
    for row, each in enumerate(made, start=1):
        key = (each.product_id, each.currency, Decimal(each.min_quantity), each.valid_from.isoformat())
        if key in waiting:
            facts = {"row": row, "product": each.product.code, "quantity": each.min_quantity}
            broken.append(facts | {"number": waiting[key]})
    return broken or None


@rule(
    "R2.2",
    _(
        "The price of %(product)s is %(below)s %% below the list, and you agree up to %(limit)s %% alone: "
        "say why, for who agrees it with you."
    ),
)
def low_price_has_a_reason(waiting, reason: str):
    """`waiting`: prices that need a second yes; who says it reads why."""
    if waiting and not reason.strip():
        return _beyond(max(waiting, key=lambda each: each.depth)) | {"_field": "reason"}


@rule(
    "R2.12",
    _("The price of %(product)s is %(below)s %% below the list, beyond your own authority of %(limit)s %%."),
    opened_by=("sales_manager", "general_manager"),
)
def prices_are_within_own_authority(beyond):
    """`beyond`: the prices that the signer could not agree alone."""
    if beyond:
        return _beyond(max(beyond, key=lambda each: each.depth))


@rule("R3.1", _("It ends today or later, not on %(on)s: what was agreed until now stays as it was."))
def end_changes_no_past(on):
    if on < timezone.localdate():
        return {"on": on, "_field": "on"}


@rule("R3.1", _("It ends on %(until)s already; an end only comes earlier. Agree anew instead."))
def end_only_comes_earlier(thing, on):
    if thing.valid_until is not None and on > thing.valid_until:
        return {"until": thing.valid_until, "_field": "on"}


@rule("R3.1", _("%(what)s was in force before today; end it instead, so that old prices stay explained."))
def was_not_in_force_before_today(thing):
    today = timezone.localdate()
    if thing.valid_from <= today and timezone.localdate(thing.entered_at) < today:
        return {"what": getattr(thing, "number", "") or thing.product.code}


@rule("R3.1", _("Price agreements name contract %(number)s; end it instead."))
def no_agreement_names_it(contract):
    """Prices that wait for their yes name it too."""
    asked = contract.customer.changes.filter(kind=ChangeKind.PRICES, state=ChangeState.OPEN)
    waiting = (row["contract_id"] for rows in asked.values_list("prices", flat=True) for row in rows)
    if contract.agreements.exists() or contract.pk in waiting:
        return {"number": contract.number}


def _not_sound(customer, agreement):
    if agreement.valid_until is not None and agreement.valid_until < agreement.valid_from:
        return _("Row %(row)s: the price for %(product)s ends before it begins.")
    if agreement.price < 0 or agreement.min_quantity < 0:
        return _("Row %(row)s: neither price nor quantity of %(product)s is below zero.")
    if agreement.contract is not None and agreement.contract.customer_id != customer.pk:
        return _("Row %(row)s: the contract for %(product)s is not of this customer.")
    return None


def _beyond(found):
    """A price and how far it goes, as a sentence tells it."""
    facts = {"product": found.agreement.product, "limit": found.limit}
    if found.below is None:
        return {**facts, "_text": _("The list has no price for %(product)s to hold the agreed one against.")}
    return {**facts, "below": beside(found.below, found.limit)}
