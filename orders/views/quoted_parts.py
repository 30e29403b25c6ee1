"""Parts of a quotation’s page: facts, lines beside the usual price, stepper, doors, version changes."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.panels import panel
from core.rules import Gate
from orders import gates
from orders.actions.confirmation import payment_terms
from orders.actions.quotation_lines import told
from orders.content import plain
from orders.models import Quotation, SalesOrder
from orders.parameters import DEVIATION_SHOWN
from orders.quoted import address_of, below_usual, usual_price, who_would_decide
from orders.states import QuotationState
from orders.views.quotation_forms import SendForm

ENDED = (QuotationState.REPLACED, QuotationState.LOST)


def facts(quotation: Quotation) -> list[dict[str, Any]]:
    """The header as the page shows it."""
    terms = payment_terms(cast(SalesOrder, quotation)) if quotation.payment_terms else ""
    shown = [
        (_("Contact"), quotation.contact_name),
        (_("The customer’s enquiry"), quotation.enquiry),
        (_("Payment terms"), terms),
        (_("Freight borne by"), quotation.get_freight_bearer_display()),
        (_("Sales rep"), f"{quotation.owner} · {quotation.team}"),
        (_("Sent to"), quotation.sent_to),
        (_("Why lost"), quotation.lost_reason),
    ]
    return [{"label": label, "value": value} for label, value in shown if value]


def lines(quotation: Quotation) -> list[dict[str, Any]]:
    """Each line with the usual price, and by how much the offer lies below or above it (R1.7)."""
    shown = DEVIATION_SHOWN.value()
    rows = []
    for line in quotation.lines.all():
        away = below_usual(line)
        marked = away is not None and abs(away) > shown
        rows.append(
            {
                "line": line,
                "usual": usual_price(line),
                "agreed": line.agreed_price is not None,
                "away": abs(away) if marked and away is not None else None,
                "is_below": marked and away is not None and away > 0,
            }
        )
    return rows


def totals(quotation: Quotation) -> list[dict[str, Any]]:
    """Goods, discount, freight, tax, total."""
    rows = [
        (_("Goods"), quotation.goods_total),
        (_("Discount"), -quotation.discount_total),
        (_("Freight"), quotation.freight),
        (_("of which tax"), quotation.tax_total),
        (_("Total"), quotation.grand_total),
    ]
    return [{"label": label, "amount": amount} for label, amount in rows if amount or label == _("Total")]


def stepper(quotation: Quotation) -> list[dict[str, Any]]:
    """Draft, sent, ordered; where it ended otherwise, that."""
    state = QuotationState(quotation.state)
    began, sent, since = quotation.created_at, quotation.sent_at, quotation.state_since
    rank = {QuotationState.DRAFT: 0, QuotationState.SENT: 1, QuotationState.ORDERED: 2}.get(state, 2)
    rows = [
        (_("Draft"), began),
        (_("Sent"), sent),
        (pgettext("quotation", "Ordered"), since if rank == 2 else None),
    ]
    steps = [
        {
            "label": label,
            "state": "done" if place < rank or state == QuotationState.ORDERED else "todo",
            "at": at if place <= rank else None,
        }
        for place, (label, at) in enumerate(rows)
    ]
    if sent is None and rank == 2:
        steps[1] |= {"state": "todo"}
    if state in ENDED:
        steps[2] = {"label": quotation.get_state_display(), "state": "blocked", "at": since}
    elif state != QuotationState.ORDERED:
        steps[rank]["state"] = "current"
    return steps


def deciders(quotation: Quotation, user: Any) -> list[dict[str, Any]]:
    """R2.2: who would have to approve the order, while it can still become one."""
    open_states = (QuotationState.DRAFT, QuotationState.SENT)
    return who_would_decide(quotation, user) if quotation.state in open_states else []


def doors(quotation: Quotation, user: Any, form: SendForm | None) -> dict[str, Any]:
    """The verbs that this person could take next, each open or with why not."""
    state = quotation.state
    shown: dict[str, Any] = {"buttons": [], "dialogs": []}
    shown["may_edit"] = state == QuotationState.DRAFT and user.has_perm(gates.EDIT_QUOTATION.permission)
    if state == QuotationState.DRAFT and user.has_perm(gates.SEND_QUOTATION.permission):
        usual = {"language": quotation.language, "to": address_of(quotation)}
        shown["send_form"] = form or SendForm(initial={**usual, "version": quotation.version})
        shown["send_panel"] = panel(gates.SEND_QUOTATION, quotation, user, team=quotation.team)
        shown["send_url"] = _url(quotation, "send")
    if gates.SEND_QUOTATION_AGAIN.permits(quotation, user):
        usual = {"language": quotation.language, "to": quotation.sent_to}
        shown["again_form"] = form or SendForm(initial=usual)
        shown["send_url"] = _url(quotation, "send")
    if state == QuotationState.SENT:
        held = quotation.is_valid
        offers = ((gates.REVISE_QUOTATION, "revise", held), (gates.ORDER_QUOTATION, "order", not held))
        for gate, verb, is_second in offers:
            _offer(quotation, user, shown, gate, verb, "secondary" if is_second else "primary")
    if gates.LOSE_QUOTATION.permits(quotation, user):
        shown["buttons"].insert(
            0, {"label": gates.LOSE_QUOTATION.label, "tone": "quiet", "dialog": "lose-quotation"}
        )
        shown["dialogs"].append(
            {
                "id": "lose-quotation",
                "title": _("Mark %(quotation)s as lost?") % {"quotation": quotation},
                "consequence": _("It ends here and can no longer become an order."),
                "url": _url(quotation, "lose"),
                "verb_label": gates.LOSE_QUOTATION.label,
                "reason": "required",
            }
        )
    return shown


def differences(old: Quotation, new: Quotation) -> list[dict[str, Any]]:
    """Header and lines of two versions side by side; what is the same in both header fields is left out."""
    names = (
        "valid_until",
        "contact_name",
        "enquiry",
        "payment_terms",
        "deposit_percent",
        "credit_days",
        "freight",
        "freight_bearer",
        "message",
        "grand_total",
    )
    rows = []
    for name in names:
        before, after = _shown(old, name), _shown(new, name)
        if before != after:
            label = Quotation._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            rows.append({"label": label, "old": before, "new": after, "changed": True})
    for place, pair in enumerate(zip_longest(old.lines.all(), new.lines.all()), start=1):
        before, after = ("" if line is None else told(line) for line in pair)
        label = _("Line %(n)s") % {"n": place}
        rows.append({"label": label, "old": before, "new": after, "changed": before != after})
    return rows


def _offer(quotation: Quotation, user: Any, shown: dict[str, Any], gate: Gate, verb: str, tone: str) -> None:
    if user.has_perm(gate.permission):
        door = panel(gate, quotation, user, team=quotation.team)
        shown["buttons"].append(
            {"label": gate.label, "url": _url(quotation, verb), "tone": tone, "panel": door}
        )


def _shown(quotation: Quotation, name: str) -> str:
    display = getattr(quotation, f"get_{name}_display", None)
    value = display() if display else getattr(quotation, name)
    return plain(value) if hasattr(value, "quantize") else str("" if value is None else value)


def _url(quotation: Quotation, verb: str) -> str:
    return reverse(f"orders:quotation_{verb}", args=[quotation.number, quotation.issue])
