"""Rules of freight: who bears it, and what is charged for it (R5.16)."""

from django.utils.translation import gettext_lazy as _

from core.rules import Facts, rule
from orders.gates.content import REP, _mend
from orders.states import FreightBearer


@rule(
    "R5.16", _("Freight is borne by us and not charged, yet %(freight)s stands in the order."), opened_by=REP
)
def freight_is_charged_to_its_bearer(order) -> Facts | None:
    if order.freight_bearer != FreightBearer.US or not order.freight:
        return None
    return {"freight": order.freight, **_mend(order, "freight")}
