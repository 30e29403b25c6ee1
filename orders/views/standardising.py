"""Business support's page: the customer's words beside our terms, checklist, questions (R1.9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.panels import panel, refusal
from core.access import access
from core.idempotency import Reused, effect_once
from core.rules import Blocked, Reason, Stale
from orders import actions, gates
from orders.forms import ChecklistForm, read_number
from orders.models import OrderLine, Question, SalesOrder
from orders.queries import suggestions, with_content
from orders.standardising_forms import QuestionForm, StandardRow, WordsForm, standard_rows
from orders.states import OrderState
from orders.views import parts
from orders.views.doors import return_dialog
from orders.views.page import found
from orders.views.verbs import form_reasons, moved_on, try_verb

VISIBLE = SalesOrder.objects.visible_to
BOTH = ("GET", "HEAD", "POST")
POST = ("POST",)
ASKED_ONCE = "the form's key counts one question once; the answer is the page with what is typed on it"


@access("orders.standardise_salesorder", scope=VISIBLE, methods=BOTH)
def standardise(request: HttpRequest, number: str) -> HttpResponse:
    """The page; its form saves the lines, and makes the order the standard order unless only saved."""
    order = with_content(found(request, number))
    if request.method != "POST":
        return _page(request, order) if order.state == OrderState.SUBMITTED else redirect(order)
    posted = _picked(request.POST)
    rows = standard_rows(order.lines.all(), posted)
    checklist = ChecklistForm(posted)
    only_saved = "save" in posted
    if any(row.errors for row in rows):
        return _page(request, order, rows=rows, checklist=checklist, status=422)
    checked = checklist.cleaned_data["checked"] if checklist.is_valid() else []
    wanted = [row.changed for row in rows if row.changed]
    version = read_number(request.POST.get("version", ""))
    try:
        with transaction.atomic():
            if wanted or only_saved:
                order = actions.standardise_lines(order, rows=wanted, actor=request.user, version=version)
            if not only_saved:
                actions.standardise_order(order, actor=request.user, checked=checked)
    except Blocked as refused:
        return _again(request, order, rows, checklist, refused.reasons)
    except Stale:
        return _again(request, order, rows, checklist, [moved_on()])
    if only_saved:
        messages.success(request, _("Saved."))
        return redirect("orders:standardise", number=number)
    messages.success(request, _("Order %(order)s is standardised; its review begins.") % {"order": number})
    return redirect(order)


@access("orders.standardise_salesorder", scope=VISIBLE, methods=POST, repeatable=ASKED_ONCE)
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """A question goes to the rep; what is typed and ticked on the page beside it stays as it is, unsaved."""
    order = with_content(found(request, number))
    form = QuestionForm(request.POST)
    kept: dict[str, Any] = {
        "rows": standard_rows(order.lines.all(), request.POST),
        "checklist": ChecklistForm(request.POST),
    }
    if not form.is_valid():
        reasons = form_reasons(form, "R1.9")
        return _page(request, order, **kept, question=form, reasons=reasons, status=422)
    text = form.cleaned_data["text"]
    line = OrderLine.objects.filter(order=order, pk=form.cleaned_data["line"] or 0).first()

    def asked() -> str:
        return str(actions.ask_question(order, text=text, line=line, actor=request.user).pk)

    try:
        effect_once(request, asked, content=f"{text}\n{line}")
    except Reused:
        return _page(request, order, **kept, question=form, reasons=[moved_on()], status=409)
    except Blocked as refused:
        return _page(request, order, **kept, question=form, reasons=refused.reasons, status=409)
    messages.success(request, _("The question went to the rep."))
    return _page(request, with_content(found(request, number)), **kept)


@access("orders.submit_salesorder", scope=VISIBLE, methods=POST)
def answer_question(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The rep answers."""
    order = found(request, number)
    question = get_object_or_404(Question, order=order, pk=pk)
    form = WordsForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    return try_verb(
        request,
        order,
        lambda: actions.answer_question(question, text=text, actor=request.user),
        _("Your answer went to business support."),
        bad=form_reasons(form, "R1.9"),
    )


@access("orders.standardise_salesorder", scope=VISIBLE, methods=POST)
def take_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Support no longer needs the answer."""
    order = found(request, number)
    question = get_object_or_404(Question, order=order, pk=pk)
    return try_verb(
        request,
        order,
        lambda: actions.withdraw_question(question, actor=request.user),
        _("The question is taken back."),
    )


@access("orders.submit_salesorder", scope=VISIBLE, methods=POST)
def object_to(request: HttpRequest, number: str) -> HttpResponse:
    """The rep does not agree with what support made of it."""
    order = found(request, number)
    form = WordsForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    return try_verb(
        request,
        order,
        lambda: actions.object_to_standard(order, text=text, actor=request.user),
        _("Business support was told of your objection."),
        bad=form_reasons(form, "R1.9"),
    )


def _again(
    request: HttpRequest,
    order: SalesOrder,
    rows: list[StandardRow],
    checklist: ChecklistForm,
    reasons: Iterable[Reason],
) -> HttpResponse:
    """Nothing was changed; what was typed is kept."""
    order = with_content(found(request, order.number))
    kept = {row.line.pk: row for row in rows}
    for row in rows:
        row.errors = {}
    fresh = [kept.get(line.pk) or each for line, each in zip(order.lines.all(), _saved(order), strict=True)]
    return _page(request, order, rows=fresh, checklist=checklist, reasons=reasons, status=409)


def _picked(data: QueryDict) -> QueryDict:
    """A suggested product that was pressed is what was typed in its line, and saved."""
    line, _space, code = data.get("pick", "").partition(" ")
    if not code:
        return data
    chosen = data.copy()
    chosen[f"line-{line}-product"], chosen["save"] = code, "1"
    return chosen


def _saved(order: SalesOrder) -> list[StandardRow]:
    return standard_rows(order.lines.all())


def _page(
    request: HttpRequest,
    order: SalesOrder,
    *,
    rows: list[StandardRow] | None = None,
    checklist: ChecklistForm | None = None,
    question: QuestionForm | None = None,
    reasons: Iterable[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    page = reverse("orders:standardise", args=[order.number])
    refused = list(reasons)
    shown = rows if rows is not None else _saved(order)
    context: dict[str, Any] = {
        "order": order,
        "page": page,
        "rows": [{"row": row, "suggestions": _suggested(row)} for row in shown],
        "checklist": checklist or ChecklistForm(),
        "refused": refusal(refused, team=order.team, actor=request.user, link=page) if refused else None,
        "waits": panel(gates.STANDARDISE, order, request.user, team=order.team),
        "question_form": question or QuestionForm(),
        "facts": [
            *parts.facts(order, request.user),
            {"label": _("Due"), "value": order.due_on.isoformat() if order.due_on else "–"},
        ],
        "dialogs": [return_dialog(order)],
        "files": parts.papers(order),
        **parts.questions(order, request.user),
    }
    return render(request, "orders/standardise.html", context, status=status)


def _suggested(row: StandardRow) -> list[Any]:
    """Products that a red row may have meant."""
    return [] if row.line.product_id else suggestions(row.line.customer_words or row.line.typed)
