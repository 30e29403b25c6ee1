"""A customer moves to another team and rep with all that is open (R3.1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.panels import refusal as refusal_panel
from core.access import access
from core.refusals import at_fields, stale
from core.rules import Blocked, Stale
from customers.forms import TransferForm
from customers.models import Customer
from customers.views.page import VISIBLE, find
from logistics.actions import transfer_customer
from orders.models import SalesOrder
from orders.states import OrderState

FORM = ("GET", "HEAD", "POST")


@access("customers.transfer_customer", scope=VISIBLE, methods=FORM)
def transfer(request: HttpRequest, code: str) -> HttpResponse:
    """To whom it goes, and why."""
    customer = find(request, code)
    if request.method != "POST":
        return _page(request, customer, TransferForm(initial={"version": customer.version}))
    form = TransferForm(request.POST)
    if not form.is_valid():
        return _page(request, customer, form, status=422)
    try:
        moved = transfer_customer(customer, actor=request.user, **form.cleaned_data)
    except Blocked as refused:
        at_fields(form, refused)
        panel = refusal_panel(refused.reasons, team=customer.team, actor=request.user)
        return _page(request, customer, form, status=409, panel=panel)
    except Stale as old:
        sentence = _("Somebody changed this customer meanwhile. Look again, then decide.")
        stale(form, sentence, version=str(old.current.version))
        return _page(request, customer, form, status=409)
    told = _("%(customer)s is now %(owner)s's, team %(team)s.")
    messages.success(request, told % {"customer": moved.name, "owner": moved.owner, "team": moved.team})
    seen = Customer.objects.visible_to(request.user).filter(pk=moved.pk).exists()
    return redirect(moved if seen else reverse("customers:customers"))


def _page(
    request: HttpRequest,
    customer: Customer,
    form: TransferForm,
    *,
    status: int = 200,
    panel: dict | None = None,
) -> HttpResponse:
    over = (OrderState.SETTLED, OrderState.CANCELLED)
    found = SalesOrder.objects.filter(customer=customer).exclude(state__in=over)
    context = {"customer": customer, "form": form, "panel": panel, "open_orders": found.count()}
    return render(request, "customers/transfer.html", context, status=status)
