"""Gates of the shipment's transitions, and the rules that verbs and pages ask by name."""

from logistics.gates.carriage import is_of_customer
from logistics.gates.shipment import (
    ASKED,
    CANCEL,
    DELIVER,
    DISPATCH,
    PACK,
    PICK,
    REFUSE,
    RELEASE,
    REQUEST,
    REQUEST_AGAIN,
)
from logistics.gates.signing import (
    cover_ends_today_or_later,
    covered_up_to,
    covering_step,
    exposure_is_covered,
    sign_offs,
)

__all__ = [
    "ASKED",
    "CANCEL",
    "DELIVER",
    "DISPATCH",
    "PACK",
    "PICK",
    "REFUSE",
    "RELEASE",
    "REQUEST",
    "REQUEST_AGAIN",
    "cover_ends_today_or_later",
    "covered_up_to",
    "covering_step",
    "exposure_is_covered",
    "is_of_customer",
    "sign_offs",
]
