"""States of a sales order."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    DRAFT = "draft", _("Draft")  # the rep types; saved by itself
    SUBMITTED = "submitted", _("To be standardised")  # business support makes it the standard order (R1.9)
    IN_REVIEW = "in_review", _("Under review")  # the case's steps are being decided (R2.1–R2.3)
    REFUSED = "refused", _("Returned")  # with a reason, to be mended and submitted again (R2.11)
    APPROVED = "approved", _("Approved")
    RELEASED = "released", _("Released")  # a command to production and warehouse
    SETTLED = "settled", _("Settled")  # shipped, invoiced and paid
    CANCELLED = "cancelled", _("Cancelled")


EDITABLE = (OrderState.DRAFT, OrderState.REFUSED)
#: Approved, and counted as ordered in the credit account.
COMMITTED = (OrderState.APPROVED, OrderState.RELEASED, OrderState.SETTLED)


class OrderClass(models.TextChoices):
    NORMAL = "normal", _("Normal")
    SPECIAL = "special", _("Special")
    URGENT = "urgent", _("Urgent")


class MarkKind(models.TextChoices):
    """R1.1: what makes the source document the customer's."""

    SIGNATURE = "signature", _("Signature")
    SEAL = "seal", _("Seal")
    EMAIL = "email", _("E-mail reply")
    FAX = "fax", _("Fax")
    PORTAL = "portal", _("Portal click")
    CALL = "call", _("Recorded call")


#: The status colour of each state.
BADGE = {
    OrderState.DRAFT: "draft",
    OrderState.SUBMITTED: "pending",
    OrderState.IN_REVIEW: "pending",
    OrderState.REFUSED: "returned",
    OrderState.APPROVED: "approved",
    OrderState.RELEASED: "production",
    OrderState.SETTLED: "done",
    OrderState.CANCELLED: "cancelled",
}
