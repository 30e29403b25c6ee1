"""What waits for production, quality, the rep and the manager."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.duties import FIGURE, duty
from inventory.models import ProductionOrder, Requirement
from inventory.querysets import is_abnormal

duty(
    "inventory.accept",
    _("Production orders to accept"),
    "inventory.accept_productionorder",
    lambda user: ProductionOrder.objects.visible_to(user).to_accept(),
    "/production/",
    urgency=20,
    icon="production",
    since="state_since",
)
duty(
    "inventory.finish",
    _("Production orders to finish"),
    "inventory.report_productionorder",
    lambda user: ProductionOrder.objects.visible_to(user).in_work(),
    "/production/",
    urgency=30,
    icon="production",
    since="state_since",
)
duty(
    "inventory.inspect",
    _("Inspections that wait"),
    "inventory.inspect_productionorder",
    lambda user: ProductionOrder.objects.visible_to(user).to_inspect(),
    "/quality/",
    urgency=20,
    icon="quality",
    since="state_since",
)
duty(
    "inventory.overdue",
    _("My finished goods past their due date"),
    "orders.submit_salesorder",
    lambda user: Requirement.objects.filter(owner=user).overdue(as_of=timezone.localdate()),
    "/stock/overdue/",
    urgency=40,
    icon="stock",
    since="lying_since",
)
duty(
    "inventory.abnormal",
    _("Abnormal stock"),
    "reports.view_weekly",
    lambda user: Requirement.objects.visible_to(user).filter(is_abnormal(timezone.localdate())),
    "/stock/overdue/",
    kind=FIGURE,
    urgency=40,
    icon="stock",
    since="lying_since",
)
