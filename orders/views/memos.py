"""Customer memos: the list, the quick note with the phone at the ear, the page and its verbs (R1.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.panels import panel, refusal
from core.access import access
from core.columns import Column
from core.fields import QueryParameters
from core.lists import SearchFilter, list_page
from core.rules import Blocked, Reason, Stale
from core.timeline import field_labels, timeline
from orders import actions
from orders.actions.memo import NOTED
from orders.forms import ReasonForm
from orders.gates import memo as gates
from orders.memo_forms import MemoForm, customers_found
from orders.models import Memo, SalesOrder
from orders.states import MemoState

VISIBLE = Memo.objects.visible_to
FORM = ("GET", "HEAD", "POST")
POST = ("POST",)
COLUMNS = [
    Column("number", gettext_lazy("Number")),
    Column("customer", gettext_lazy("Customer"), value=lambda row: str(row.customer or row.company or "–")),
    Column("caller", gettext_lazy("Who called or was met")),
    Column("channel", gettext_lazy("Channel"), value=lambda row: row.get_channel_display(), optional=True),
    Column("said", gettext_lazy("What they said"), value=lambda row: row.said[:80], optional=True),
    Column("state", gettext_lazy("State"), kind="state"),
    Column("wanted_on", gettext_lazy("Wanted by"), kind="day", optional=True),
    Column("taken_by", gettext_lazy("Taken by"), value=lambda row: str(row.taken_by), optional=True),
    Column("said_at", gettext_lazy("When"), kind="moment", sort="said_at"),
]


class MemoFilter(django_filters.FilterSet):
    """State, channel, and a text."""

    q = SearchFilter(
        fields=[
            "number",
            "customer__name",
            "customer__code",
            "customer__initials",
            "company",
            "caller",
            "phone",
        ]
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=MemoState.choices)
    mine = django_filters.BooleanFilter(label=gettext_lazy("Taken by me"), method="by_me")

    class Meta:
        model = Memo
        fields: list[str] = []

    def by_me(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(taken_by=self.request.user) if value else rows.exclude(taken_by=self.request.user)


@access("orders.view_memo", scope=VISIBLE)
def memos(request: HttpRequest) -> HttpResponse:
    """Every memo one may see; those to be followed up unless a filter says otherwise."""
    found = Memo.objects.visible_to(request.user)
    everything = bool(set(request.GET) - {"sort", "page", "after", "before"})
    create = {"url": reverse("orders:new_memo"), "label": _("Take a memo")}
    return list_page(
        request,
        name="memos",
        queryset=(found if everything else found.open()).select_related("customer", "taken_by"),
        columns=COLUMNS,
        default_order=("-said_at", "-id"),
        filterset=MemoFilter,
        row_url=Memo.get_absolute_url,
        empty={
            "title": _("No memo is to be followed up"),
            "icon": "chat",
            "text": _("Take one when a customer calls or is met; it becomes an order in one step."),
        },
        context={
            "title": _("Customer memos"),
            "summary": "" if everything else _("Those to be followed up. The filters show the others."),
            "create": create if request.user.has_perm("orders.add_memo") else None,
        },
    )


@access("orders.add_memo", scope=SalesOrder.objects.visible_to, methods=FORM)
def new(request: HttpRequest) -> HttpResponse:
    """A memo on one page, saved by one click; for an order that was begun first if `?order=` names it."""
    order = _order(request)
    if request.method == "POST":
        form = MemoForm(request.POST, user=request.user, fixed=order is not None)
        if not form.is_valid():
            return _form_page(request, form, order=order, status=422)
        noted = _noted(form)
        return _tried(
            request,
            lambda: actions.take_memo(actor=request.user, order=order, **noted),
            lambda reasons: _form_page(request, form, order=order, status=409, refused=refusal(reasons)),
            _("Memo %(memo)s is taken."),
        )
    initial: dict[str, Any] = {"channel": "phone"}
    if order is not None:
        initial = {
            "channel": order.channel or "phone",
            "caller": order.contact_name,
            "phone": order.contact_phone,
        }
    form = MemoForm(user=request.user, fixed=order is not None, initial=initial)
    return _form_page(request, form, order=order)


@access("orders.view_memo", scope=VISIBLE)
def memo(request: HttpRequest, number: str) -> HttpResponse:
    """One memo: what was said, what is open, what became of it."""
    return _page(request, _found(request, number))


@access("orders.change_memo", scope=VISIBLE, methods=POST)
def save(request: HttpRequest, number: str) -> HttpResponse:
    """An open memo is mended."""
    memo = _found(request, number)
    form = MemoForm(request.POST, user=request.user, has_team=True)
    if not form.is_valid():
        return _page(request, memo, form=form, status=422)
    noted = _noted(form)
    version = form.cleaned_data["version"]
    return _tried(
        request,
        lambda: actions.save_memo(memo, actor=request.user, version=version, **noted),
        lambda reasons: _page(request, _found(request, number), reasons=reasons, status=409),
        _("Memo %(memo)s is saved."),
    )


@access("orders.add_salesorder", scope=VISIBLE, methods=POST)
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """It becomes an order draft, in one step."""
    memo = _found(request, number)
    try:
        order = actions.draft_from_memo(memo, actor=request.user)
    except Blocked as refused:
        return _page(request, _found(request, number), reasons=refused.reasons, status=409)
    messages.success(request, _("Order %(order)s was begun from the memo.") % {"order": order.number})
    return redirect("orders:edit", number=order.number)


@access("orders.change_memo", scope=VISIBLE, methods=POST)
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing comes of it."""
    memo = _found(request, number)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _tried(
        request,
        lambda: actions.close_memo(memo, reason=reason, actor=request.user),
        lambda reasons: _page(request, _found(request, number), reasons=reasons, status=409),
        _("Memo %(memo)s is closed."),
    )


def _order(request: HttpRequest) -> SalesOrder | None:
    asked = (request.POST.get("order") or request.GET.get("order") or "")[:40]
    if not asked:
        return None
    order = (
        SalesOrder.objects.visible_to(request.user).select_related("customer").filter(number=asked).first()
    )
    if order is None:
        raise Http404
    return order


def _found(request: HttpRequest, number: str) -> Memo:
    rows = Memo.objects.visible_to(request.user).select_related("customer", "team", "taken_by", "order")
    memo = rows.filter(number=number).first()
    if memo is None:
        raise Http404
    return memo


def _noted(form: MemoForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def _tried(
    request: HttpRequest, verb: Callable[[], Memo], again: Callable[[list[Reason]], HttpResponse], told: str
) -> HttpResponse:
    try:
        memo = verb()
    except Blocked as refused:
        return again(list(refused.reasons))
    except Stale:
        text = _("Somebody saved this memo meanwhile. Look again, then save.")
        return again([Reason(rule="I12", key="stale", text=text)])
    messages.success(request, told % {"memo": memo.number})
    return redirect(memo.order if memo.order is not None and request.POST.get("order") else memo)


def _offered(request: HttpRequest) -> list[Any]:
    q = QueryParameters(request.GET).text("customer")
    return customers_found(request.user, q) if q else []


def _form_page(request: HttpRequest, form: MemoForm, *, order: Any, status: int = 200, **more: Any) -> Any:
    context = {"form": form, "order": order, "found": _offered(request), **more}
    return render(request, "orders/memo_new.html", context, status=status)


def _page(
    request: HttpRequest, memo: Memo, *, form: MemoForm | None = None, reasons: Any = (), status: int = 200
) -> HttpResponse:
    user: Any = request.user
    is_open = memo.state == MemoState.OPEN
    if is_open and form is None and user.has_perm("orders.change_memo"):
        initial = {name: getattr(memo, name) for name in NOTED} | {"version": memo.version}
        initial["customer"] = memo.customer.code if memo.customer else ""
        initial["said_at"] = timezone.localtime(memo.said_at).strftime("%Y-%m-%dT%H:%M")
        form = MemoForm(user=user, has_team=True, initial=initial)
    refused = list(reasons)
    context = {
        "memo": memo,
        "form": form,
        "found": [],
        "refused": refusal(refused, team=memo.team, actor=user, link=memo.get_absolute_url())
        if refused
        else None,
        "events": timeline(memo.thread, reader=user, labels=field_labels(Memo)),
        **_doors(memo, user),
    }
    return render(request, "orders/memo.html", context, status=status)


def _doors(memo: Memo, user: Any) -> dict[str, Any]:
    if memo.state != MemoState.OPEN:
        return {}
    buttons, dialogs = [], []
    if user.has_perm("orders.add_salesorder"):
        shut = panel(gates.DRAFT_MEMO, memo, user, team=memo.team)
        url = reverse("orders:draft_memo", args=[memo.number])
        buttons.append({"label": _("Begin the order"), "url": url, "tone": "primary", "panel": shut})
    if user.has_perm("orders.change_memo"):
        shut = panel(gates.CLOSE_MEMO, memo, user, team=memo.team)
        buttons.append(
            {"label": gates.CLOSE_MEMO.label, "tone": "quiet", "panel": shut, "dialog": "close-memo"}
        )
        dialogs.append(
            {
                "id": "close-memo",
                "title": _("Close memo %(memo)s?") % {"memo": memo.number},
                "consequence": _("Nothing comes of it; it stays on the list with your reason."),
                "url": reverse("orders:close_memo", args=[memo.number]),
                "verb_label": gates.CLOSE_MEMO.label,
                "reason": "required",
            }
        )
    return {"buttons": buttons, "dialogs": dialogs}
