"""What of approvals waits for a person, and what the person waits for."""

from django.utils.translation import gettext_lazy as _

from accounts.duties import WAITING, duty
from approvals.models import Case, Step
from approvals.states import CaseState

duty(
    "approvals.decide",
    _("Decisions for you"),
    "approvals.decide_step",
    lambda user: Step.objects.decidable_by(user),
    "/approvals/",
    urgency=10,
    icon="check-circle",
    since="opened_at",
)
duty(
    "approvals.asked",
    _("Handed over, being decided"),
    "approvals.open_case",
    lambda user: Case.objects.filter(requester=user, state=CaseState.OPEN),
    "/orders/?state=in_review",
    kind=WAITING,
    icon="clock",
    since="state_since",
)
