"""Conditions to fulfil, and questions to answer (R2.4, R2.11)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.panels import refusal as refusal_panel
from approvals.actions import answer_question, close_condition
from approvals.models import Condition, Question
from core.access import access
from core.fields import LongText
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
    try:
        close_condition(condition, proof=_text(request, "proof"), actor=request.user)
    except Blocked as refused:
        return _conditions(request, panel=refusal_panel(refused.reasons, actor=request.user), status=409)
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
    try:
        answer_question(question, text=_text(request, "answer"), actor=request.user)
    except Blocked as refused:
        return _questions(request, panel=refusal_panel(refused.reasons, actor=request.user), status=409)
    messages.success(request, _("Your answer is with who asked."))
    return redirect("approvals:questions")


def _conditions(request: HttpRequest, *, panel: Any = None, status: int = 200) -> HttpResponse:
    related = ("case", "step", "closed_by", "step__decided_by")
    seen = Condition.objects.visible_to(request.user).counting().filter(role__in=request.user.roles)
    context = {
        "waiting": Condition.objects.waiting_for(request.user).select_related(*related)[:MOST],
        "done": seen.filter(state="done").select_related(*related).order_by("-closed_at")[:MOST],
        "panel": panel,
    }
    return render(request, "approvals/conditions.html", context, status=status)


def _questions(request: HttpRequest, *, panel: Any = None, status: int = 200) -> HttpResponse:
    mine = Question.objects.filter(asked_of=request.user).select_related(
        "step__case", "asked_by", "answered_by"
    )
    context = {
        "waiting": mine.open().order_by("asked_at")[:MOST],
        "done": mine.exclude(answered_at=None).order_by("-answered_at")[:MOST],
        "panel": panel,
    }
    return render(request, "approvals/questions.html", context, status=status)


def _text(request: HttpRequest, name: str) -> str:
    try:
        return LongText(max_length=2000, required=False).clean(request.POST.get(name, ""))
    except ValidationError:
        return ""
