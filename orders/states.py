"""States of a sales order."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
#: The customer is told what we confirm (R1.8).
CONFIRMABLE = (OrderState.APPROVED, OrderState.RELEASED)


#: Handed in and not yet a command: stock and dates of its lines are looked at.
DATED = (OrderState.SUBMITTED, OrderState.IN_REVIEW, OrderState.APPROVED)


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


#: Marks that a paper bears.
ON_PAPER = (MarkKind.SIGNATURE, MarkKind.SEAL, MarkKind.FAX)
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


class FreightBearer(models.TextChoices):
    """Who pays the carrier in the end."""

    CUSTOMER = "customer", pgettext_lazy("freight", "Customer")
    US = "us", pgettext_lazy("freight", "We")


class PriceSource(models.TextChoices):
    """R1.7: where a line's price comes from."""

    AGREEMENT = "agreement", _("Price agreement")
    QUOTATION = "quotation", _("Quotation")
    LIST = "list", _("Price list")
    TYPED = "typed", _("Typed")


class ConfirmationState(models.TextChoices):
    SENT = "sent", _("Sent, not back")  # outstanding (R1.10)
    CONFIRMED = "confirmed", _("Confirmed by the customer")
    DISPUTED = "disputed", _("Not right, says the customer")
    SUPERSEDED = "superseded", _("Replaced by a newer one")


#: Not replaced by a newer one, nor by the order's being opened again.
ALIVE = (ConfirmationState.SENT, ConfirmationState.CONFIRMED, ConfirmationState.DISPUTED)
CONFIRMATION_BADGE = {
    ConfirmationState.SENT: "pending",
    ConfirmationState.CONFIRMED: "done",
    ConfirmationState.DISPUTED: "blocked",
    ConfirmationState.SUPERSEDED: "cancelled",
}


class MemoState(models.TextChoices):
    OPEN = "open", _("To be followed up")
    DRAFTED = "drafted", _("Became an order")
    CLOSED = "closed", _("Closed")


MEMO_BADGE = {MemoState.OPEN: "pending", MemoState.DRAFTED: "done", MemoState.CLOSED: "cancelled"}


class QuotationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    ORDERED = "ordered", pgettext_lazy("quotation", "Ordered")
    REPLACED = "replaced", _("Replaced by a newer version")
    LOST = "lost", pgettext_lazy("quotation", "Lost")


QUOTATION_BADGE = {
    QuotationState.DRAFT: "draft",
    QuotationState.SENT: "pending",
    QuotationState.ORDERED: "done",
    QuotationState.REPLACED: "cancelled",
    QuotationState.LOST: "returned",
}


class SampleState(models.TextChoices):
    OPEN = "open", _("On trial")
    PASSED = "passed", _("Passed")
    FAILED = "failed", pgettext_lazy("sample", "Failed")


SAMPLE_BADGE = {SampleState.OPEN: "pending", SampleState.PASSED: "done", SampleState.FAILED: "blocked"}


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to be named")
    CHECKING = "checking", _("Being checked")  # a worker reads it; nothing is written
    CHECKED = "checked", _("Checked")
    TAKING = "taking", _("Being taken in")
    TAKEN = "taken", _("Taken in")
    FAILED = "failed", pgettext_lazy("import", "Failed")
    DISCARDED = "discarded", _("Discarded")


IMPORT_BADGE = {
    ImportState.UPLOADED: "draft",
    ImportState.CHECKING: "pending",
    ImportState.CHECKED: "ready",
    ImportState.TAKING: "pending",
    ImportState.TAKEN: "done",
    ImportState.FAILED: "blocked",
    ImportState.DISCARDED: "cancelled",
}
#: What a worker is at, in this order.
READING, PRICING, WRITING = 1, 2, 3
