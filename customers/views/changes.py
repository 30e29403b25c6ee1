"""A change of class, credit, terms or block: asked for, shown, decided, taken back (R3.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.panels import panel as gate_panel
from accounts.panels import refusal as refusal_panel
from approvals.awaited import awaited
from approvals.doors import DoorForm, homeless
from approvals.models import Step
from approvals.queries import open_steps, steps_of
from core.access import access
from core.refusals import at_fields
from core.rules import Blocked, Reason, Stale
from core.showing import amount
from customers import actions, gates
from customers.forms import ReasonForm, TermsForm
from customers.gates import CHANGE_NAMES, CREDIT_FIELDS
from customers.models import Customer, CustomerChange, PaymentTerms
from customers.states import ChangeKind, ChangeState
from customers.views.page import CREDIT_SECRETS, VISIBLE, find, show

#: What one must be allowed to read to decide on it.
READ_BY = {ChangeKind.PRICES: "customers.view_priceagreement"}
FORM = ("GET", "HEAD", "POST")


@access("customers.ask_change", scope=VISIBLE, methods=FORM)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """The form that asks for other terms."""
    customer = find(request, code)
    sees = request.user.has_perm("customers.view_credit")
    if request.method != "POST":
        asked = request.GET.get("class", "")
        return _asking(
            request, customer, TermsForm(initial=_present(customer, sees, asked), sees_credit=sees)
        )
    form = TermsForm(request.POST, sees_credit=sees)
    if not form.is_valid():
        return _asking(request, customer, form, status=422)
    try:
        change = actions.ask_change(
            customer, changes=form.changes, reason=form.cleaned_data["reason"], actor=request.user
        )
    except Blocked as refused:
        at_fields(form, refused)
        panel = refusal_panel(refused.reasons, team=customer.team, actor=request.user)
        return _asking(request, customer, form, status=409, panel=panel)
    messages.success(request, _("Finance and the sales manager were asked."))
    return redirect(change)


@access("customers.ask_change", scope=VISIBLE, methods=("POST",))
def block(request: HttpRequest, code: str) -> HttpResponse:
    """Ask to block the customer, or to lift its block."""
    customer = find(request, code)
    form = ReasonForm(request.POST)
    kind = ChangeKind.UNBLOCK if request.POST.get("kind") == ChangeKind.UNBLOCK else ChangeKind.BLOCK
    if not form.is_valid():
        return show(request, customer, status=422, reason_form=form)
    try:
        change = actions.ask_change(
            customer, kind=kind, reason=form.cleaned_data["reason"], actor=request.user
        )
    except Blocked as refused:
        panel = refusal_panel(refused.reasons, team=customer.team, actor=request.user)
        return show(request, customer, status=409, panel=panel)
    messages.success(request, _("Finance and the sales manager were asked."))
    return redirect(change)


@access("customers.view_customer", scope=VISIBLE)
def change(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What changes, why, who has signed and who is missing."""
    return _page(request, _found(request, code, number))


@access("approvals.decide_step", scope=Step.objects.visible_to, methods=("POST",))
def decide(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Yes or no to one step; a substitute reaches the change through the step (R2.12)."""
    form = DoorForm(request.POST)
    form.is_valid()
    change = _through_step(request, code, number, form.cleaned_data.get("step_id") or 0)
    if not request.user.has_perm(READ_BY.get(change.kind, "customers.view_credit")):
        raise Http404
    if not form.is_valid():
        return _page(request, change, reasons=[_incomplete()], status=422, typed=form)
    given = form.cleaned_data
    told = _("Your decision on %(change)s is recorded.")
    return _try(
        request,
        change,
        lambda: actions.decide_change(
            change,
            step_id=given["step_id"],
            approve=given["decision"] == "approve",
            reason=form.said,
            digest=given["digest"],
            actor=request.user,
        ),
        told,
        typed=form,
    )


@access("customers.ask_change", scope=VISIBLE, methods=("POST",))
def withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Who asked takes it back."""
    change = _found(request, code, number)
    told = _("Change %(change)s was taken back.")
    return _try(request, change, lambda: actions.withdraw_change(change, actor=request.user), told)


def _try(
    request: HttpRequest,
    change: CustomerChange,
    verb: Callable[[], Any],
    told: str,
    *,
    typed: DoorForm | None = None,
) -> HttpResponse:
    try:
        verb()
    except Blocked as refused:
        if typed is not None:
            at_fields(typed, refused)
        return _page(request, _again(change), reasons=refused.reasons, status=409, typed=typed)
    except Stale:
        return _page(request, _again(change), reasons=[_moved_on()], status=409, typed=typed)
    messages.success(request, told % {"change": change.reference})
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return redirect(asked)
    return redirect(change)


def _rows() -> QuerySet[CustomerChange]:
    return CustomerChange.objects.select_related("customer__team__manager", "asked_by", "case__team")


def _found(request: HttpRequest, code: str, number: int) -> CustomerChange:
    rows = _rows().filter(customer__in=Customer.objects.visible_to(request.user).filter(code=code))
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _through_step(request: HttpRequest, code: str, number: int, step_id: int) -> CustomerChange:
    steps = Step.objects.visible_to(request.user).filter(pk=step_id, case__kind="customer")
    reached = _rows().filter(customer__code=code, number=number, case__in=steps.values("case")).first()
    return reached or _found(request, code, number)


def _again(change: CustomerChange) -> CustomerChange:
    return _rows().get(pk=change.pk)


def _page(
    request: HttpRequest,
    change: CustomerChange,
    *,
    reasons: Iterable[Reason] = (),
    status: int = 200,
    typed: DoorForm | None = None,
) -> HttpResponse:
    user, refused = request.user, list(reasons)
    team = change.customer.team
    sees_prices = user.has_perm(READ_BY[ChangeKind.PRICES])
    decides = user.has_perm("approvals.decide_step") and change.state == ChangeState.OPEN
    facts = open_steps(change.case, user, typed=typed) if decides else []
    asked = {each["step"].pk: each["step"] for each in facts}  # what their doors have read is not read again
    steps = [asked.get(each.pk, each) for each in steps_of(change.case)]
    withdrawal = gate_panel(gates.WITHDRAW_CHANGE, change, user, team=team)
    context = {
        "change": change,
        "customer": change.customer,
        "panel": refusal_panel(refused, team=team, actor=user, link=change.get_absolute_url())
        if refused
        else None,
        "rows": shown_rows(change, user),
        "prices": change.asked_prices if sees_prices else [],
        "prices_hidden": bool(change.prices) and not sees_prices,
        "hidden": len(change.changes) - len(shown_rows(change, user)),
        "steps": steps,
        "missing": awaited(steps, team=team, barred={each.pk: each.shut_out() for each in steps}),
        "decisions": facts,
        "kept": homeless(typed, facts),
        "may_withdraw": withdrawal["open"],
    }
    return render(request, "customers/change.html", context, status=status)


def shown_rows(change: CustomerChange, user: Any) -> list[dict[str, Any]]:
    """Old and new of each field, in words; the credit only for who may see it (R10.2)."""
    sees = user.has_perm("customers.view_credit")
    return [
        {
            "label": CHANGE_NAMES[name],
            "old": _word(name, each["old"]),
            "new": _word(name, each["new"]),
            "changed": True,
        }
        for name, each in change.changes.items()
        if sees or name not in CREDIT_SECRETS
    ]


def _word(name: str, text: str) -> str:
    if name == "credit_limit":
        return amount(Decimal(text))
    words = {"yes": _("yes"), "no": _("no"), **dict(PaymentTerms.choices)}
    return str(words.get(text, text))


def _present(customer: Customer, sees: bool, klass: str) -> dict[str, Any]:
    shown = {name: getattr(customer, name) for name in CREDIT_FIELDS}
    shown["credit_line"] = "yes" if customer.credit_line else "no"
    if not sees:
        shown = {name: value for name, value in shown.items() if name not in CREDIT_SECRETS}
    return shown | ({"klass": klass} if klass in ("A", "B", "C") else {})


def _asking(
    request: HttpRequest,
    customer: Customer,
    form: TermsForm,
    *,
    status: int = 200,
    panel: dict | None = None,
) -> HttpResponse:
    context = {"customer": customer, "form": form, "panel": panel}
    return render(request, "customers/ask.html", context, status=status)


def _moved_on() -> Reason:
    text = _("Somebody was faster, or the content changed since the page was shown. Look again, then decide.")
    return Reason(rule="R2.13", key="stale", text=text)


def _incomplete() -> Reason:
    return Reason(rule="R2.11", key="form", text=_("The decision did not arrive whole. Decide again."))
