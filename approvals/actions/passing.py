"""Before the decision: ask who handed it over, answer, or hand the step to a colleague (R2.11, R2.12)."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone

from accounts.inbox import notify
from accounts.models import User
from approvals import gates
from approvals.actions.deciding import lock_step
from approvals.models import Question, Step, StepUserPermission
from approvals.states import StepKind
from core.audit import record
from core.locks import lock
from core.rules import Blocked, Reason
from core.showing import word_fact
from core.transitions import bump_version


@transaction.atomic
def ask_question(step: Step, *, text: str, actor: User) -> Question:
    """Ask who handed it over; they are told, and the step's clock goes on. Raises Blocked."""
    case, step = lock_step(step)
    _require([*_shut(step, actor), *gates.question_is_written.broken(text)])
    question = Question.objects.create(step=step, text=text.strip(), asked_by=actor, asked_of=step.requester)
    record(
        "question.asked",
        thread=case.thread,
        actor=actor,
        subject=case.reference,
        question=question.text,
        of=step.requester,
    )
    notify(
        step.requester,
        "question_asked",
        key=f"question:{question.pk}",
        link=f"/approvals/questions/#question-{question.pk}",
        who=actor,
        title=case.title,
    )
    return question


@transaction.atomic
def answer_question(question: Question, *, text: str, actor: User) -> Question:
    """Answer what was asked of oneself; who asked is told. Raises Blocked, R2.13 where it is answered."""
    question = lock(Question, question.pk, "step__case", "asked_by", "asked_of", "answered_by")
    _require(
        [
            *gates.question_is_open.broken(question),
            *gates.actor_was_asked.broken(question, actor),
            *gates.answer_is_written.broken(text),
        ]
    )
    question.answer, question.answered_by, question.answered_at = text.strip(), actor, timezone.now()
    changed = Question.objects.filter(pk=question.pk, answered_at=None).update(
        answer=question.answer, answered_by=actor, answered_at=question.answered_at
    )
    if not changed:
        raise Blocked(gates.question_is_open.broken(Question.objects.get(pk=question.pk)))
    case = question.step.case
    record(
        "question.answered",
        thread=case.thread,
        actor=actor,
        subject=case.reference,
        question=question.text,
        answer=question.answer,
    )
    notify(
        question.asked_by,
        "question_answered",
        key=f"question:{question.pk}:answered",
        link=f"/approvals/?step={question.step_id}",
        who=actor,
        title=case.title,
    )
    return question


@transaction.atomic
def hand_over_step(step: Step, *, to: User, reason: str, actor: User) -> Step:
    """Give a step to a named colleague of the same role, whom it does not bar; its clock goes on (R2.12).

    Who held it keeps the right to decide, should the colleague not be there; it leaves their list. Raises
    Blocked with every reason.
    """
    case, step = lock_step(step)
    broken = [reason for each in gates.RECEIVERS for reason in each.broken(step, to)]
    _require([*_shut(step, actor), *broken, *gates.refusal_has_a_reason.broken(reason)])
    step.handed_to = to
    bump_version(step)
    step.save(update_fields=["handed_to"])
    permission = Permission.objects.get(codename="decide_step", content_type__app_label="approvals")
    StepUserPermission.objects.get_or_create(permission=permission, user=to, content_object=step)
    record(
        "step.handed_over",
        thread=case.thread,
        actor=actor,
        subject=case.reference,
        reason=reason,
        to=to,
        step=word_fact(StepKind(step.kind).label),
        round=step.round,
    )
    notify(
        to,
        "step_handed_over",
        key=f"step:{step.pk}:{step.version}:handed",
        link=f"/approvals/?step={step.pk}",
        who=actor,
        title=case.title,
    )
    return step


def _shut(step: Step, actor: User) -> list[Reason]:
    return [reason for each in gates.ASKERS for reason in each.broken(step, actor)]


def _require(reasons: list[Reason]) -> None:
    if reasons:
        raise Blocked(reasons)
