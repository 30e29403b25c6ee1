"""Conditions to fulfil, and questions to answer (R2.4, R2.11)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.panels import refusal as refusal_panel
from approvals.actions import answer_question, close_condition
from approvals.doors import words_of
from approvals.forms import AnswerForm, ProofForm
from approvals.models import Condition, Question
from core.access import access
from core.rules import Blocked

MOST = 100


@access("approvals.close_condition", scope=Condition.objects.visible_to)
def conditions(request: HttpRequest) -> HttpResponse:
    """R2.4: what this person's roles have to see to before release, oldest first, and what is fulfilled."""
    return _conditions(request)


@access("approvals.close_condition", scope=Condition.objects.visible_to, methods=("POST",))
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Report one as fulfilled, with what shows it."""
    condition = get_object_or_404(Condition.objects.visible_to(request.user), pk=pk)
    form = ProofForm(request.POST, auto_id=f"%s-{pk}")
    if not form.is_valid():
        return _conditions(request, typed={pk: form}, status=422)
    try:
        close_condition(condition, actor=request.user, **form.cleaned_data)
    except Blocked as refused:
        panel = refusal_panel(refused.reasons, actor=request.user)
        return _conditions(request, panel=panel, typed={pk: form}, status=409)
    messages.success(request, _("Reported as fulfilled."))
    return redirect("approvals:conditions")


@access("approvals.open_case", "approvals.decide_step", scope=Question.objects.visible_to)
def questions(request: HttpRequest) -> HttpResponse:
    """What deciders asked of this person, the open ones first."""
    return _questions(request)


@access("approvals.open_case", "approvals.decide_step", scope=Question.objects.visible_to, methods=("POST",))
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one; who asked is told."""
    question = get_object_or_404(Question.objects.visible_to(request.user), pk=pk)
    form = AnswerForm(request.POST, auto_id=f"%s-{pk}")
    if not form.is_valid():
        return _questions(request, typed={pk: form}, status=422)
    try:
        answer_question(question, text=form.cleaned_data["answer"], actor=request.user)
    except Blocked as refused:
        panel = refusal_panel(refused.reasons, actor=request.user)
        return _questions(request, panel=panel, typed={pk: form}, status=409)
    messages.success(request, _("Your answer is with who asked."))
    return redirect("approvals:questions")


def _conditions(
    request: HttpRequest, *, panel: Any = None, typed: dict[int, Form] | None = None, status: int = 200
) -> HttpResponse:
    related = ("case", "step", "closed_by", "step__decided_by")
    seen = Condition.objects.visible_to(request.user).counting().filter(role__in=request.user.roles)
    waiting = Condition.objects.waiting_for(request.user).select_related(*related)[:MOST]
    rows, kept = _with_forms(waiting, ProofForm, typed or {})
    context = {
        "waiting": rows,
        "done": seen.filter(state="done").select_related(*related).order_by("-closed_at")[:MOST],
        "panel": panel,
        "kept": kept,
    }
    return render(request, "approvals/conditions.html", context, status=status)


def _questions(
    request: HttpRequest, *, panel: Any = None, typed: dict[int, Form] | None = None, status: int = 200
) -> HttpResponse:
    mine = Question.objects.filter(asked_of=request.user).select_related(
        "step__case", "asked_by", "answered_by"
    )
    rows, kept = _with_forms(mine.open().order_by("asked_at")[:MOST], AnswerForm, typed or {})
    context = {
        "waiting": rows,
        "done": mine.exclude(answered_at=None).order_by("-answered_at")[:MOST],
        "panel": panel,
        "kept": kept,
    }
    return render(request, "approvals/questions.html", context, status=status)


def _with_forms(
    found: Iterable[Any], made: type[Form], typed: dict[int, Form]
) -> tuple[list[Any], list[Any]]:
    """Each with its form, what was typed and refused in it again; and the words of one that has gone."""
    rows = [(each, typed.pop(each.pk, None) or made(auto_id=f"%s-{each.pk}")) for each in found]
    return rows, [words for form in typed.values() for words in words_of(form)]
