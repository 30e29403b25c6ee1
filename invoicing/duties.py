"""What of invoices and money waits for a person."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.duties import duty
from invoicing.models import Invoice, Receipt
from invoicing.querysets import is_uninvoiced
from logistics.models import Shipment

duty(
    "invoicing.issue",
    _("Invoices to issue"),
    "invoicing.issue_invoice",
    lambda user: Invoice.objects.visible_to(user).to_issue(),
    "/finance/#to-issue",
    urgency=20,
    icon="invoice",
    since="state_since",
)
duty(
    "invoicing.allocate",
    _("Money received, not allocated"),
    "invoicing.record_receipt",
    lambda user: Receipt.objects.visible_to(user).unapplied(),
    "/finance/#unapplied",
    urgency=40,
    icon="money",
    since="entered_at",
)
duty(
    "invoicing.confirm",
    _("Shipments whose revenue is to be confirmed"),
    "invoicing.confirm_revenue",
    lambda user: Shipment.objects.visible_to(user).to_confirm(),
    "/shipments/?unconfirmed=true",
    urgency=35,
    icon="invoice",
    since="dispatched_at",
)
duty(
    "invoicing.uninvoiced",
    _("Shipments not invoiced in time"),
    "logistics.request_shipment",
    lambda user: Shipment.objects.visible_to(user).filter(is_uninvoiced(timezone.now())),
    "/uninvoiced/",
    urgency=30,
    icon="warning",
    since="dispatched_at",
)
