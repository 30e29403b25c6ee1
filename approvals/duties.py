"""What of approvals waits for a person."""

from django.utils.translation import gettext_lazy as _

from accounts.duties import duty
from approvals.models import Step

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
