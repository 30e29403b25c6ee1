"""Gates of the production order's transitions, and their rules."""

from django.utils.translation import gettext_lazy as _

from inventory.states import ProductionState
from core.rules import Gate

ACCEPT = Gate(
    transition="accept",
    number="R4.2",
    permission="inventory.accept_productionorder",
    states=(ProductionState.ISSUED,),
    roles=("production",),
    label=_("Accept"),
)
FINISH = Gate(
    transition="finish",
    number="R4.3",
    permission="inventory.report_productionorder",
    states=(ProductionState.ACCEPTED, ProductionState.MADE),
    roles=("production",),
    label=_("Report finished"),
)
PASS = Gate(
    transition="close",
    number="R4.4",
    permission="inventory.inspect_productionorder",
    states=(ProductionState.MADE,),
    roles=("quality",),
    label=_("Pass"),
)
SEND_BACK = Gate(
    transition="send_back",
    number="R4.4",
    permission="inventory.inspect_productionorder",
    states=(ProductionState.MADE,),
    roles=("quality",),
    label=_("Send back"),
)
