"""The doors of an order's page: the verbs that a person could take next, each open or with why not."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.panels import panel
from core.rules import Gate
from inventory.queries import attachments_of
from orders import gates
from orders.answer_forms import AnswerForm, PaperAnswerForm
from orders.content import plain
from orders.feasible import free_for, split_of
from orders.forms import ConfirmationForm
from orders.models import SalesOrder
from orders.queries import confirmation_address
from orders.states import EDITABLE, ConfirmationState, MarkKind, OrderState

#: State → the gate that the order waits at: shown to everybody, so that all see whose turn it is (R9.6).
NEXT: dict[str, tuple[Gate, str]] = {
    OrderState.DRAFT: (gates.SUBMIT, "submit"),
    OrderState.REFUSED: (gates.SUBMIT, "submit"),
    OrderState.SUBMITTED: (gates.STANDARDISE, "standardise"),
    OrderState.IN_REVIEW: (gates.RELEASE, ""),
    OrderState.APPROVED: (gates.RELEASE, "release"),
    OrderState.RELEASED: (gates.SETTLE, ""),
}


def doors(order: SalesOrder, user: Any, forms: dict[str, Any]) -> dict[str, Any]:
    """Panel of the gate it waits at, buttons, dialogs and forms of the verbs, for this person."""
    gate, verb = NEXT.get(order.state, (None, ""))
    waits = panel(gate, order, user, team=order.team, verb_url=_url(order, verb)) if gate else None
    found: dict[str, Any] = {
        "waits": waits,
        "buttons": [],
        "dialogs": [],
        "may_edit": order.state in EDITABLE and user.has_perm("orders.change_salesorder"),
        "attach_url": _url(order, "attach") if gates.ATTACH.permits(order, user) else "",
        "attach_kinds": kinds_of_paper(order),
        "marks": MarkKind.choices,
    }
    if order.state in EDITABLE and user.has_perm("orders.submit_salesorder") and waits:
        found["buttons"].append(
            {
                "label": _("Submit"),
                "url": _url(order, "submit"),
                "tone": "primary",
                "panel": waits,
                "version": order.version,
            }
        )
    _taking_back(order, user, found)
    _support(order, user, found, forms, waits)
    return found


def _taking_back(order: SalesOrder, user: Any, found: dict[str, Any]) -> None:
    if gates.WITHDRAW.permits(order, user):
        found["buttons"].append({"label": _("Withdraw"), "url": _url(order, "withdraw"), "tone": "quiet"})
    if gates.REOPEN.permits(order, user):
        found["buttons"].append({"label": _("Open it again for changes"), "dialog": "reopen-order"})
        found["dialogs"].append(_reopen_dialog(order))
        found["may_reopen"] = True
    if not user.has_perm(gates.CANCEL.permission) or order.state in (
        OrderState.CANCELLED,
        OrderState.SETTLED,
    ):
        return
    shut = panel(gates.CANCEL, order, user, team=order.team)
    found["buttons"].append(
        {
            "label": _("Cancel the order"),
            "tone": "danger",
            "panel": shut,
            "dialog": "cancel-order",
        }
    )
    found["dialogs"].append(
        {
            "id": "cancel-order",
            "title": _("Cancel %(order)s?") % {"order": order.number},
            "consequence": _("The order ends here; what was approved no longer counts. It cannot be undone."),
            "url": _url(order, "cancel"),
            "verb_label": _("Cancel the order"),
            "reason": "required",
        }
    )


def _support(order: SalesOrder, user: Any, found: dict[str, Any], forms: dict[str, Any], waits: Any) -> None:
    """The doors of business support: standardise or return, confirm, release, ask for a shipment."""
    if order.state == OrderState.SUBMITTED and user.has_perm(gates.STANDARDISE.permission):
        found["standardise_url"] = _url(order, "standardise")
        found["dialogs"].append(return_dialog(order))
    if gates.CONFIRM.applies(order) and user.has_perm(gates.CONFIRM.permission):
        usual = {"language": order.customer.language, "to": confirmation_address(order)}
        found["confirmation_form"] = forms.get("confirmation_form") or ConfirmationForm(initial=usual)
        found["confirm_url"] = _url(order, "confirm")
    if user.has_perm(gates.CONFIRM.permission):
        found |= _paper_back(order, forms)
    if order.state == OrderState.APPROVED and user.has_perm(gates.RELEASE.permission):
        free, typed = free_for(order), forms.get("split_typed", {})
        found["split"] = [
            {
                "served": each,
                "free": free[each.line.product_id],
                "name": f"split-{each.line.pk}",
                "from_stock": typed.get(f"split-{each.line.pk}", plain(each.from_stock)),
            }
            for each in split_of(order)
        ]
        lacks = any(each["rule"] == "R2.9" for each in (waits or {}).get("reasons", ()))
        if (lacks or typed) and gates.ASK_PROMISE.permits(order, user):
            found["ask_promise_url"] = _url(order, "ask_promise")
        found["release_url"] = _url(order, "release")
        found["release_open"] = bool(waits and waits["open"])
        if gates.WEIGH_AGAIN.permits(order, user):
            ask = {"label": gates.WEIGH_AGAIN.label, "url": _url(order, "weigh_again"), "tone": "primary"}
            found["buttons"].append(ask)
    if order.state == OrderState.RELEASED and user.has_perm("logistics.request_shipment"):
        found["ship_url"] = f"{order.get_absolute_url()}ship/"


def _reopen_dialog(order: SalesOrder) -> dict[str, Any]:
    """Approved, and yet to be changed; where the customer said why, their words are the reason."""
    sent = gates.newest(order)
    disputed = sent is not None and sent.state == ConfirmationState.DISPUTED
    return {
        "id": "reopen-order",
        "title": _("Open %(order)s again for changes?") % {"order": order.number},
        "consequence": _(
            "It goes back to the rep. The confirmation that is out no longer counts and its link opens "
            "nothing; a new one goes out when the order is approved again. Of the approvals those stand that "
            "the change does not touch."
        ),
        "url": _url(order, "reopen"),
        "verb_label": _("Open it again for changes"),
        "tone": "primary",
        "reason": "required",
        "reason_value": f"{sent.disputed_by}: {sent.answer}" if sent is not None and disputed else "",
    }


def return_dialog(order: SalesOrder) -> dict[str, Any]:
    """Back to the rep, with the open questions."""
    return {
        "id": "return-order",
        "title": _("Return %(order)s to the rep?") % {"order": order.number},
        "consequence": _("The rep mends it and submits it again."),
        "url": _url(order, "return"),
        "verb_label": _("Return"),
        "reason": "required",
        "reason_label": _("Open questions"),
    }


def kinds_of_paper(order: SalesOrder) -> list[dict[str, Any]]:
    """What an attached file may serve as: the order itself, or what a product category demands (R1.3)."""
    categories = {line.product.category for line in order.lines.all() if line.product_id}
    demanded = {each: each for category in categories if category for each in attachments_of(category)}
    if not demanded:
        return []
    first = {"value": "", "label": _("Customer’s order or contract")}
    return [first, *({"value": each, "label": each} for each in demanded)]


def portal(order: SalesOrder, forms: dict[str, Any]) -> dict[str, Any]:
    """R1.10: the portal's customer answers the confirmation that is open."""
    sent = gates.newest(order)
    if sent is None or sent.state != ConfirmationState.SENT:
        return {}
    form = forms.get("answer_form") or AnswerForm(initial={"by": order.contact_name})
    return {"answer_form": form, "answer_url": _url(order, "answer")}


def _paper_back(order: SalesOrder, forms: dict[str, Any]) -> dict[str, Any]:
    """R1.10: where business support records what came back."""
    sent = gates.newest(order)
    if sent is None or not gates.CONFIRM_BACK.holds(sent):
        return {}
    usual = {"by": order.contact_name, "on": timezone.localdate()}
    return {
        "paper_form": forms.get("paper_form") or PaperAnswerForm(initial=usual, sent=sent),
        "record_url": _url(order, "record_answer"),
    }


def _url(order: SalesOrder, verb: str) -> str:
    return reverse(f"orders:{verb}", args=[order.number]) if verb else ""
