"""What of approvals waits for a person."""

from django.utils.translation import gettext_lazy as _

from accounts.duties import duty
from approvals.models import Condition, Question
from approvals.queries import mine

duty(
    "approvals.decide",
    _("Decisions for you"),
    "approvals.decide_step",
    mine,
    "/approvals/",
    urgency=10,
    icon="check-circle",
    since="opened_at",
)
duty(
    "approvals.conditions",
    _("Conditions to fulfil"),
    "approvals.close_condition",
    lambda user: Condition.objects.waiting_for(user),
    "/approvals/conditions/",
    urgency=20,
    icon="check",
    since="created_at",
)
duty(
    "approvals.questions",
    _("Questions to answer"),
    "approvals.open_case",
    lambda user: Question.objects.open().filter(asked_of=user),
    "/approvals/questions/",
    urgency=15,
    icon="question",
    since="asked_at",
)
