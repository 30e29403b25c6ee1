"""States of a change of terms or block, and of a proposed class."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PaymentTerms(models.TextChoices):
    """R3.1: when the customer pays; customers/terms.py says what each asks."""

    PREPAID = "prepaid", _("Prepaid")
    DEPOSIT = "deposit", _("Deposit, balance before shipping")
    ON_DELIVERY = "on_delivery", _("Cash on delivery")
    CREDIT = "credit", _("Credit, days from invoice")
    MONTHLY = "monthly", _("Month-end statement, days after")


class ChangeKind(models.TextChoices):
    TERMS = "terms", _("Class, credit and terms")
    BLOCK = "block", _("Block")
    UNBLOCK = "unblock", _("Unblock")
    PRICES = "prices", _("Agreed prices")  # further below the list than who agreed them may go alone


class ChangeState(models.TextChoices):
    OPEN = "open", _("To be decided")  # finance and the sales manager decide
    APPLIED = "applied", pgettext_lazy("change", "In force")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ProposalState(models.TextChoices):
    OPEN = "open", _("Proposed")
    ASKED = "asked", _("Asked for")  # a change with these figures was asked for
    DISMISSED = "dismissed", _("Dismissed")


CHANGE_BADGE = {
    ChangeState.OPEN: "pending",
    ChangeState.APPLIED: "approved",
    ChangeState.REFUSED: "blocked",
    ChangeState.WITHDRAWN: "cancelled",
}
PROPOSAL_BADGE = {
    ProposalState.OPEN: "pending",
    ProposalState.ASKED: "done",
    ProposalState.DISMISSED: "cancelled",
}
