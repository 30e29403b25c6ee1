"""Gates of the order confirmation: out to the customer, and back (R1.8, R1.10)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rules import Facts, Gate, rule
from customers.models import CustomerClass
from orders.gates.content import SUPPORT
from orders.states import ALIVE, CONFIRMABLE, ON_PAPER, ConfirmationState, MarkKind, OrderState


def newest(order):
    """The newest confirmation, the only one that can be alive; None if none went out."""
    sent = order.confirmations.all() if order.approved_at else ()
    return max(sent, key=lambda each: each.issue, default=None)


@rule("R1.10", _("The customer has not answered the confirmation of %(sent)s."), opened_by=SUPPORT)
def confirmation_is_back(order) -> Facts | None:
    if order.confirmed_at is not None:
        return None
    sent, page = newest(order), {"_next_step": f"{order.get_absolute_url()}#confirmation"}
    if sent is not None and sent.state == ConfirmationState.DISPUTED:
        text = _("%(by)s, customer, says that the confirmation is not right: %(words)s")
        return {
            "_text": text,
            "by": sent.answered_by,
            "words": sent.answer,
            "_since": sent.answered_at,
            **page,
        }
    if order.customer.klass == CustomerClass.A:
        return None  # it stays on the outstanding list until it is back
    if sent is None or sent.state not in ALIVE:
        return {"_text": _("The order confirmation has not gone to the customer yet."), **page}
    return {"sent": f"{timezone.localdate(sent.sent_at):%m-%d}", "_since": sent.sent_at, **page}


@rule("R7.7", _("Order %(order)s is cancelled; there is nothing left to confirm."))
def order_stands(sent) -> Facts | None:
    return {"order": sent.order.number} if sent.order.state == OrderState.CANCELLED else None


@rule(
    "R1.10", _("The confirmation was answered “not right”; business support settles it."), opened_by=SUPPORT
)
def the_house_settles_a_dispute(sent, actor) -> Facts | None:
    if sent.state != ConfirmationState.DISPUTED or actor.has_perm("orders.confirm_salesorder"):
        return None
    return {"_since": sent.answered_at}


@rule("R1.10", _("Say what is not right."))
def dispute_has_words(right, words) -> Facts | None:
    return None if right or words.strip() else {"_field": "words"}


@rule("R1.11", _("It went out on %(sent)s: no answer came before that day."))
def answer_came_after_the_sending(sent, on) -> Facts | None:
    if on is None:
        return None
    if on > timezone.localdate():
        return {"_text": _("The day lies ahead."), "_field": "on"}
    went_out = timezone.localdate(sent.sent_at)
    if on < went_out:
        return {"sent": went_out, "_field": "on"}
    disputed = timezone.localdate(sent.disputed_at) if sent.disputed_at else went_out
    text = _("It was called not right on %(day)s: what settles that came on that day or later.")
    return {"_text": text, "day": disputed, "_field": "on"} if on < disputed else None


@rule("R1.10", _("A signature, a seal and a fax are recorded with the paper that bears them: attach it."))
def signed_paper_is_on_file(mark, upload) -> Facts | None:
    return {"_field": "upload"} if mark in ON_PAPER and not upload else None


@rule(
    "R1.10", _("A click in the portal or on the link is the customer's own; record how it came back to you.")
)
def house_records_what_it_was_given(mark, actor) -> Facts | None:
    own = mark != MarkKind.PORTAL or actor.is_system or "customer" in actor.roles
    return None if own else {"_field": "mark"}


CONFIRM = Gate(
    transition="confirm",
    number="R1.8",
    permission="orders.confirm_salesorder",
    states=CONFIRMABLE,
    roles=SUPPORT,
    label=_("Send confirmation"),
)
CONFIRM_BACK = Gate(
    transition="confirm_back",
    number="R1.10",
    permission="orders.answer_confirmation",
    states=(ConfirmationState.SENT, ConfirmationState.DISPUTED),
    rules=(order_stands,),
    people=(the_house_settles_a_dispute,),
    roles=("customer", *SUPPORT),
    label=_("Record the customer's confirmation"),
)
DISPUTE = Gate(
    transition="dispute",
    number="R1.10",
    permission="orders.answer_confirmation",
    states=(ConfirmationState.SENT,),
    rules=(order_stands,),
    roles=("customer", *SUPPORT),
    label=_("Record that it is not right"),
)
SUPERSEDE = Gate(
    transition="supersede",
    number="R1.8",
    permission="orders.confirm_salesorder",
    states=ALIVE,
    roles=SUPPORT,
    label=_("Replace"),
)
