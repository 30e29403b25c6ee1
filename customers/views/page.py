"""The page of one customer: who it is and on which terms, with a tab for each part of its history (R3.4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access import access
from core.timeline import chain_holds, field_labels, timeline
from customers.gates import CHANGE_NAMES
from customers.models import Customer
from customers.states import ChangeKind, ChangeState
from customers.views.tabs import TABS, Tab

CREDIT_SECRETS = ("credit_line", "credit_limit")
VISIBLE = Customer.objects.visible_to
SHOWN_EVENTS = 30


def find(request: HttpRequest, code: str) -> Customer:
    """The customer, through what the person may see; what one may not see does not exist."""
    rows = Customer.objects.visible_to(request.user).select_related("team__manager", "owner", "credit")
    return get_object_or_404(rows, code=code)


@access("customers.view_customer", scope=VISIBLE)
def customer(request: HttpRequest, code: str) -> HttpResponse:
    """One customer: who it is, on which terms, what it owes, what happened; `?tab=` opens a part."""
    return show(request, find(request, code))


def show(
    request: HttpRequest,
    customer: Customer,
    *,
    tab: str = "",
    status: int = 200,
    panel: dict | None = None,
    **forms: Any,
) -> HttpResponse:
    """The page with one tab open, and why the last step was refused if it was (409)."""
    user = request.user
    mine = [each for each in TABS if not each.permissions or any(map(user.has_perm, each.permissions))]
    wanted = tab or request.GET.get("tab", "")
    chosen = next((each for each in mine if each.name == wanted), mine[0])
    context = {
        "customer": customer,
        "panel": panel,
        "tab": chosen.name,
        "tabs": [_link(customer, each, chosen) for each in mine],
        "part": chosen.template,
        "waiting": customer.changes.filter(state=ChangeState.OPEN).order_by("number"),
        "blocking": _block_dialog(customer) if user.has_perm("customers.ask_change") else None,
        **chosen.context(customer, user),
        **forms,
    }
    if chosen.name in ("overview", "changes"):
        context |= {
            "events": timeline(
                customer.thread,
                labels=field_labels(Customer)
                | CHANGE_NAMES
                | {"contacts": _("contacts"), "addresses": _("addresses"), "price": _("price")}
                | {"valid_until": _("valid until")},
                reader=user,
                limit=SHOWN_EVENTS,
            ),
            "verified": chain_holds(customer.thread),
        }
    return render(request, "customers/customer.html", context, status=status)


def _link(customer: Customer, tab: Tab, chosen: Tab) -> dict[str, Any]:
    url = customer.get_absolute_url()
    return {
        "label": tab.label,
        "url": url if tab.name == "overview" else f"{url}?tab={tab.name}",
        "active": tab is chosen,
    }


def _block_dialog(customer: Customer) -> dict[str, Any]:
    blocked = customer.is_blocked
    kind = ChangeKind.UNBLOCK if blocked else ChangeKind.BLOCK
    return {
        "id": "block",
        "title": _("Ask to unblock this customer?") if blocked else _("Ask to block this customer?"),
        "consequence": _(
            "When finance and the sales manager say yes, its orders can be submitted and shipped."
        )
        if blocked
        else _("When finance and the sales manager say yes, nothing is submitted for it or shipped to it."),
        "url": reverse("customers:block", args=[customer.code]),
        "verb_label": _("Ask to unblock") if blocked else _("Ask to block"),
        "tone": "primary" if blocked else "danger",
        "fields": {"kind": kind.value},
        "reason": "required",
    }
