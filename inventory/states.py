"""States of a production order, kinds of stock movement, ways to serve a line."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProductionState(models.TextChoices):
    ISSUED = "issued", _("Issued")  # waits for the production lead to accept it by name
    ACCEPTED = "accepted", _("In production")
    MADE = "made", _("Waiting for quality")
    CLOSED = "closed", _("Finished")  # everything asked for passed quality
    CANCELLED = "cancelled", _("Cancelled")


class MovementKind(models.TextChoices):
    OPENING = "opening", _("Opening stock")
    RECEIPT = "receipt", _("Goods received")
    PRODUCTION = "production", _("Finished production")
    DISPATCH = "dispatch", _("Dispatch")
    RETURN = "return", pgettext_lazy("goods", "Return")
    CORRECTION = "correction", _("Counter-entry")


class Supply(models.TextChoices):
    STOCK = "stock", _("From stock")
    MAKE = "make", _("Made to order")


BADGE = {
    ProductionState.ISSUED: "pending",
    ProductionState.ACCEPTED: "production",
    ProductionState.MADE: "ready",
    ProductionState.CLOSED: "done",
    ProductionState.CANCELLED: "cancelled",
}
LIVE_PRODUCTION = (ProductionState.ISSUED, ProductionState.ACCEPTED, ProductionState.MADE)
