"""One place that reads a shipment again under its lock, with all that its gate looks at."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from core.locks import lock
from logistics.models import Shipment
from logistics.queries import CONTENT


def lock_shipment(pk: int) -> Shipment:
    """The shipment under its lock, with order, customer, lines, requirements and the sign-offs."""
    shipment = lock(Shipment, pk, "order__customer", "order__team", "order__owner", "team", "case", "carrier")
    prefetch_related_objects([shipment], *CONTENT)
    for line in shipment.lines.all():
        line.shipment = shipment
    return shipment
