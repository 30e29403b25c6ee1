"""Technical confirmation and production's promise: the queues, an order's two pages, samples (R2.8, R2.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.panels import refusal
from approvals.doors import DoorForm
from approvals.models import Step
from approvals.queries import may_decide
from approvals.states import StepKind
from core.access import access
from core.columns import Column
from core.fields import QueryParameters
from core.lists import SearchFilter, list_page
from core.rules import Blocked, Reason, Stale
from orders import actions, gates
from orders.feasibility_forms import PromiseForm, SampleForm, StatementForm, usual_day
from orders.feasible import (
    lines_to_promise,
    lines_to_state,
    promise_of,
    quantities_to_make,
    sample_judged,
    sample_on_trial,
    statement_of,
    with_words,
)
from orders.gates.feasibility import open_step
from orders.models import SalesOrder, Sample, TechnicalStatement
from orders.queries import with_content
from orders.shortage import under_way
from orders.states import OrderState, SampleState
from orders.views.lists import QueueFilter, clock_chip
from orders.views.page import found

VISIBLE = SalesOrder.objects.visible_to
READERS = ("approvals.decide_step", "orders.submit_salesorder")
POST = ("POST",)
COLUMNS = [
    Column("number", gettext_lazy("Number"), sort="number"),
    Column("customer", gettext_lazy("Customer"), value="customer.name", sort="customer__name"),
    Column("klass", gettext_lazy("Class"), value=lambda row: row.get_klass_display(), optional=True),
    Column("owner", gettext_lazy("Sales rep"), value=lambda row: str(row.owner), optional=True),
    Column("due_on", gettext_lazy("Due"), kind="due", sort="due_on"),
    Column("state_since", gettext_lazy("Waits since"), kind="moment", sort="state_since"),
    Column("dwell", gettext_lazy("Waits"), value=lambda row: timesince(row.state_since, depth=1)),
    Column("clock", gettext_lazy("Clock"), "html", value=clock_chip, sort="clock_ends_at"),
    Column("clock_ends_at", gettext_lazy("To be released by"), kind="moment", in_page=False),
]
SAMPLE_COLUMNS = [
    Column("order", gettext_lazy("Order"), value="line.order.number"),
    Column("position", gettext_lazy("Line"), kind="number", value="line.position"),
    Column("product", gettext_lazy("Product"), value=lambda row: str(row.line.product)),
    Column("what", gettext_lazy("What is tried")),
    Column("asked_by", gettext_lazy("Asked by"), value=lambda row: str(row.asked_by), optional=True),
    Column("state_since", gettext_lazy("On trial since"), kind="moment", sort="state_since"),
]


class TrialFilter(django_filters.FilterSet):
    """A text in what is tried, the product or the order."""

    q = SearchFilter(fields=["line__order__number", "line__product__code", "line__product__name", "what"])


@access("orders.judge_sample", scope=VISIBLE)
def technical_queue(request: HttpRequest) -> HttpResponse:
    """What waits for technical: orders with lines to confirm, samples on trial; the longest waiting first."""
    show = QueryParameters(request.GET).choice("show", ("trial",), "lines")
    orders = VISIBLE(request.user).waiting_for(StepKind.TECHNICAL)
    living = VISIBLE(request.user).exclude(state=OrderState.CANCELLED)
    trials = Sample.objects.filter(state=SampleState.OPEN, line__order__in=living)
    counts = {"lines": orders[:100].count(), "trial": trials[:100].count()}
    labels = {"lines": _("Lines to confirm"), "trial": _("Samples on trial")}
    tabs = [
        {"label": label, "url": f"?show={name}", "active": name == show, "count": counts[name]}
        for name, label in labels.items()
    ]
    given: dict[str, Any] = {
        "name": f"technical-{show}",
        "default_order": ("state_since", "id"),
        "template": "orders/feasibility_queue.html",
        "filterset": TrialFilter if show == "trial" else QueueFilter,
        "empty": {"title": _("Nothing waits here"), "icon": "check-circle"},
        "context": {"title": _("Technical"), "summary": labels[show], "tabs": tabs},
    }
    if show == "trial":
        rows = trials.select_related("line__order", "line__product", "asked_by")
        url: Callable[[Any], str] = lambda row: _url("technical", row.line.order)  # noqa: E731
        return list_page(request, queryset=rows, columns=SAMPLE_COLUMNS, row_url=url, **given)
    rows = orders.select_related("customer", "owner")
    return list_page(
        request, queryset=rows, columns=COLUMNS, row_url=lambda row: _url("technical", row), **given
    )


@access("inventory.accept_productionorder", scope=VISIBLE)
def promise_queue(request: HttpRequest) -> HttpResponse:
    """The orders that wait for production's written promise, the longest waiting first."""
    return list_page(
        request,
        name="promises",
        queryset=VISIBLE(request.user).to_promise().select_related("customer", "owner"),
        columns=COLUMNS,
        default_order=("state_since", "id"),
        filterset=QueueFilter,
        row_url=lambda row: _url("promise", row),
        empty={
            "title": _("Nothing waits here"),
            "icon": "check-circle",
            "text": _("What becomes your turn appears here."),
        },
        context={
            "title": _("Promises to give"),
            "summary": _("Orders that wait for production's written promise."),
        },
    )


@access(*READERS, scope=VISIBLE)
def technical(request: HttpRequest, number: str) -> HttpResponse:
    """Its lines that are made to order: what technical states of each."""
    return _technical(request, _find(request, number))


@access("approvals.decide_step", scope=Step.objects.visible_to, methods=POST)
def sign_technical(request: HttpRequest, number: str) -> HttpResponse:
    """Sign the lines, and decide by what was signed."""
    order = _find(request, number)
    before = _before(order)
    forms = [
        StatementForm(request.POST, line=line, before=before.get(line.product_id))
        for line in lines_to_state(order)
    ]
    if not all([each.is_valid() for each in forms]):
        return _technical(request, order, forms=forms, status=422)
    said = {each.line.pk: each.stated for each in forms if each.stated}
    return _tried(
        request,
        order,
        lambda: actions.confirm_technical(
            order, statements=said, digest=request.POST.get("digest", ""), actor=request.user
        ),
        lambda **answer: _technical(request, _find(request, number), forms=forms, **answer),
        told=_("Signed: %(order)s."),
    )


@access(*READERS, scope=VISIBLE)
def promise(request: HttpRequest, number: str) -> HttpResponse:
    """What production promises of each line, with stock and load beside it."""
    return _promise(request, _find(request, number))


@access("approvals.decide_step", scope=Step.objects.visible_to, methods=POST)
def sign_promise(request: HttpRequest, number: str) -> HttpResponse:
    """Promise the days in writing: in the review it is production's yes; later it opens the release."""
    order = _find(request, number)
    forms = [PromiseForm(request.POST, line=line) for line in order.lines.all() if line.product_id]
    if not all([each.is_valid() for each in forms]):
        return _promise(request, order, forms=forms, status=422)
    in_review = order.state != OrderState.APPROVED
    verb = actions.confirm_promises if in_review else actions.promise_dates
    said = {
        each.line.pk: each.promised
        for each in forms
        if each.promised and (in_review or not each.repeats(promise_of(each.line)))
    }
    return _tried(
        request,
        order,
        lambda: verb(order, promises=said, digest=request.POST.get("digest", ""), actor=request.user),
        lambda **answer: _promise(request, _find(request, number), forms=forms, **answer),
        told=_("Promised in writing: %(order)s."),
    )


@access("orders.judge_sample", scope=VISIBLE, methods=POST)
def judge_sample(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The sample passed or failed, with its result."""
    order = _find(request, number)
    sample = get_object_or_404(Sample.objects.select_related("line__order"), pk=pk, line__order=order)
    form = SampleForm(request.POST, prefix=f"sample-{pk}")
    if not form.is_valid():
        return _technical(request, order, samples={pk: form}, status=422)
    given, actor = form.cleaned_data, request.user
    verbs: dict[str, Callable[[], Any]] = {
        "passed": lambda: actions.pass_sample(sample, result=given["result"], actor=actor),
        "failed": lambda: actions.fail_sample(sample, actor=actor, **given),
    }
    verb = verbs.get(request.POST.get("verdict", ""))
    if verb is None:
        return _technical(request, order, samples={pk: form}, status=422)
    return _tried(
        request,
        order,
        verb,
        lambda **answer: _technical(request, _find(request, number), samples={pk: form}, **answer),
        told=_("The sample is judged: %(order)s."),
        back="technical",
    )


def _find(request: HttpRequest, number: str) -> SalesOrder:
    """Through what the person may see, or through a step that they may decide for somebody (R2.12)."""
    steps = Step.objects.visible_to(request.user).filter(case__kind="order", case__order__number=number)
    lent = SalesOrder.objects.filter(number=number, case__in=steps.decidable_by(request.user).values("case"))
    order = lent.select_related("customer", "team", "owner", "case").first() or found(request, number)
    return with_words(with_content(order))


def _technical(
    request: HttpRequest,
    order: SalesOrder,
    *,
    forms: Iterable[StatementForm] = (),
    samples: dict[int, SampleForm] | None = None,
    reasons: Iterable[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    context = _context(request, order, StepKind.TECHNICAL, reasons)
    may_sign, typed = context["may_sign"], {each.line.pk: each for each in forms}
    may_judge = request.user.has_perm("orders.judge_sample")
    before = _before(order) if may_sign else {}
    rows = []
    for line in lines_to_state(order):
        said, trial, earlier = statement_of(line), sample_on_trial(line), before.get(line.product_id)
        form = typed.get(line.pk) or StatementForm(line=line, said=said, before=earlier)
        judging = (samples or {}).get(trial.pk) if trial else None
        rows.append(
            {
                "line": line,
                "said": said,
                "before": earlier if said is None else None,
                "form": form if may_sign else None,
                "trial": trial,
                "judged": sample_judged(line),
                "sample_form": (judging or SampleForm(prefix=f"sample-{trial.pk}"))
                if trial and may_judge
                else None,
            }
        )
    return render(request, "orders/technical.html", {**context, "rows": rows}, status=status)


def _promise(
    request: HttpRequest,
    order: SalesOrder,
    *,
    forms: Iterable[PromiseForm] = (),
    reasons: Iterable[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    context = _context(request, order, StepKind.PRODUCTION, reasons)
    afterwards = gates.PROMISE.permits(order, request.user)
    context["may_promise"] = context["may_sign"] or afterwards
    typed = {each.line.pk: each for each in forms}
    lines = [line for line in order.lines.all() if line.product_id]
    load, missing = under_way({line.product_id for line in lines}), quantities_to_make(lines)
    needed = {line.pk for line in lines_to_promise(order)}
    rows = []
    for line in lines:
        said, busy = promise_of(line), load.get(line.product_id)
        usual = usual_day(line, busy.ends_on if busy else None) if line.pk in needed else None
        form = typed.get(line.pk) or PromiseForm(line=line, said=said, usual=usual)
        rows.append(
            {
                "line": line,
                "said": said,
                "load": busy,
                "to_make": missing[line.pk],
                "free": line.quantity - missing[line.pk],
                "needed": line.pk in needed,
                "form": form if context["may_sign"] and line.pk in needed or afterwards else None,
            }
        )
    context["is_lacking"] = afterwards and any(row["needed"] and row["said"] is None for row in rows)
    if context["may_sign"]:
        context |= _refusal(order, context["step"])
    return render(request, "orders/promise.html", {**context, "rows": rows}, status=status)


def _refusal(order: SalesOrder, step: Step) -> dict[str, Any]:
    """Production cannot make it: its no has a reason, like every other (approvals/refuse.html)."""
    facts = {
        "refuse": {"verb_url": step.case.decide_url},
        "fields": {"step_id": step.pk, "digest": step.case.digest},
    }
    return {"facts": facts, "form": DoorForm(step=step), "after": order.get_absolute_url()}


def _context(request: HttpRequest, order: SalesOrder, kind: str, reasons: Iterable[Reason]) -> dict[str, Any]:
    step, user, refused = open_step(order, kind), request.user, list(reasons)
    link = order.get_absolute_url()
    return {
        "order": order,
        "step": step,
        "may_sign": step is not None and may_decide(step, user),
        "refused": refusal(refused, team=order.team, actor=user, link=link) if refused else None,
    }


def _before(order: SalesOrder) -> dict[int, TechnicalStatement]:
    """By product the newest yes of technical in another order: what can be taken over; two queries."""
    products = {line.product_id for line in lines_to_state(order)}
    rows = TechnicalStatement.objects.filter(line__product__in=products, makeable=True)
    last = rows.exclude(line__order=order).order_by().values("line__product").annotate(last=Max("pk"))
    stated = TechnicalStatement.objects.filter(pk__in=[each["last"] for each in last])
    return {each.line.product_id: each for each in stated.select_related("line__order", "signed_by")}


def _tried(
    request: HttpRequest,
    order: SalesOrder,
    verb: Callable[[], Any],
    page: Callable[..., HttpResponse],
    *,
    told: str,
    back: str = "",
) -> HttpResponse:
    """Do it; answer with the order's page, or with this page and every reason (409)."""
    try:
        verb()
    except Blocked as refused:
        return page(reasons=refused.reasons, status=409)
    except Stale:
        return page(reasons=[_moved_on()], status=409)
    messages.success(request, told % {"order": order.number})
    return redirect(_url(back, order) if back else order.get_absolute_url())


def _url(page: str, order: SalesOrder) -> str:
    return f"{order.get_absolute_url()}{page}/"


def _moved_on() -> Reason:
    text = _("Somebody was faster, or the content changed since the page was shown. Look again, then sign.")
    return Reason(rule="R2.13", key="stale", text=text)
